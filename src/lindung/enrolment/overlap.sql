-- Nobody is covered twice by one scheme at the same time. Checked once per statement, with the scheme row locked,
-- because an exclusion constraint costs several times as much on a bulk load.
create function lindung_no_overlap() returns trigger language plpgsql as $$
declare
    twice bigint;
    many boolean := (select count(*) > 1000 from new_rows);
begin
    perform 1 from registry_scheme where id in (select distinct scheme_id from new_rows) order by id for no key update;
    -- a table that was empty a moment ago has no statistics: without this the planner loops over every pair of rows;
    -- and min() in place of "limit 1", for which it would merge on the scheme alone
    perform set_config('enable_nestloop', case when many then 'off' else 'on' end, true);
    execute
        'select min(n.person_id)
         from new_rows n join enrolment_membership m
           on m.person_id = n.person_id and m.scheme_id = n.scheme_id and m.id <> n.id
          and daterange(m.starts_on, m.ends_on, ''[]'') && daterange(n.starts_on, n.ends_on, ''[]'')' into twice;
    perform set_config('enable_nestloop', 'on', true);
    if twice is not null then
        raise exception 'person % has two memberships of one scheme at the same time', twice
            using errcode = '23P01', constraint = 'membership_no_overlap';
    end if;
    return null;
end $$;

create trigger no_overlap_insert after insert on enrolment_membership referencing new table as new_rows
    for each statement execute function lindung_no_overlap();
create trigger no_overlap_update after update on enrolment_membership referencing new table as new_rows
    for each statement execute function lindung_no_overlap();

select lindung_watch(name) from unnest(array[
    'enrolment_roster', 'enrolment_candidate', 'enrolment_finding', 'enrolment_check', 'enrolment_checkrow',
    'enrolment_checkanswer', 'enrolment_determination', 'enrolment_determinationline', 'enrolment_membership',
    'enrolment_batch', 'enrolment_batchrow', 'enrolment_batchanswer', 'enrolment_registration',
    'enrolment_cardrun', 'enrolment_card'
]) as name;
