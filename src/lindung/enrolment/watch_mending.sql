select lindung_watch(name) from unnest(array[
    'enrolment_headermeaning', 'enrolment_correction', 'enrolment_comparison', 'enrolment_comparisonline'
]) as name;
