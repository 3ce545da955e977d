select lindung_watch(name) from unnest(array[
    'enrolment_double', 'enrolment_doubledecision', 'enrolment_secondoffice', 'enrolment_comment', 'enrolment_approvallevels',
    'enrolment_approval', 'enrolment_round', 'enrolment_roundanswer', 'enrolment_roundreminder'
]) as name;
