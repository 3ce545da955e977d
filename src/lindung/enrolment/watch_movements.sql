select lindung_watch(name) from unnest(array[
    'enrolment_movement', 'enrolment_amendment', 'enrolment_amendmentline'
]) as name;
