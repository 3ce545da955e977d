"""Enrolment's rows as frames, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from lindung.registry import frames
from lindung.registry.models import Person, Scheme

COVER = {
    "nik": pl.String,
    "name": pl.String,
    "birth_date": pl.Date,
    "segment": pl.String,
    "payer": pl.String,
    "since": pl.Date,
}


def cover_register(
    scheme: Scheme | None = None,
    on: date | None = None,
    *,
    niks: Sequence[str] | None = None,
    births: Sequence[date] = (),
) -> pl.DataFrame:
    """Who is covered on a day (today when left out): by others as told to us, and by memberships of any scheme here.

    `niks`, `births`: only people with one of these NIK, or born on one of these days.
    """
    return frames.read(
        """select * from (select nik, name, birth_date, segment, payer, since from registry_outsidecover
           union all
           select p.nik, p.name, p.birth_date, m.segment, u.name, m.starts_on
           from enrolment_membership m join registry_person p on p.id = m.person_id
           join registry_unit u on u.id = m.unit_id where (m.ends_on is null or m.ends_on >= coalesce(%s, current_date))
              and m.starts_on <= coalesce(%s, current_date)
              or m.scheme_id = coalesce(%s, -1) and m.end_reason is null) c
           where %s::text[] is null or c.nik = any(%s) or c.birth_date = any(%s)""",
        [on, on, scheme.pk if scheme else None, niks, niks, list(births)],
        COVER,
    )


PERSON = {
    "nik": pl.String,
    "name": pl.String,
    "birth_date": pl.Date,
    "birth_place": pl.String,
    "sex": pl.String,
    "mother_name": pl.String,
    "address": pl.String,
    "rt": pl.Int64,
    "rw": pl.Int64,
    "kelurahan_id": pl.String,
    "phone": pl.String,
    "kk_number": pl.String,
}
_REQUIRED_TEXT = ["birth_place", "sex", "mother_name", "address", "phone", "kk_number"]


def people(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` (the columns of PERSON, NIK unique) with `person_id`: known people by NIK, the others written now."""
    known = frames.read(
        "select p.nik, p.id from registry_person p where p.nik = any(%s)",
        [rows["nik"].to_list()],
        {"nik": pl.String, "person_id": pl.Int64},
    )
    fresh = rows.select(*PERSON).join(known, on="nik", how="anti", maintain_order="left")
    fresh = frames.numbered(Person, fresh)
    frames.write(
        Person,
        fresh.with_columns(
            *(pl.col(name).fill_null("") for name in _REQUIRED_TEXT if name != "kk_number"),
            kk_number=pl.col("kk_number").fill_null("").str.slice(0, 16),
        ),
    )
    ids = pl.concat([known, fresh.select("nik", person_id="id")])
    return rows.join(ids, on="nik", how="left", maintain_order="left")


LISTED = {
    "row_id": pl.Int64, "sheet": pl.String, "row": pl.Int64, "nik": pl.String, "name": pl.String, "birth_date": pl.Date,
    "birth_place": pl.String, "sex": pl.String, "mother_name": pl.String, "address": pl.String, "rt": pl.Int64, "rw": pl.Int64,
    "kelurahan": pl.String, "phone": pl.String, "kk_number": pl.String, "category": pl.String, "occupation": pl.String,
    "wage": pl.Int64, "start_date": pl.Date,
}  # fmt: skip


def listed(roster: int) -> pl.DataFrame:
    """The people of a list as `intake.diff.compare` takes them; `row_id` is the candidate."""
    return frames.read(
        """select c.id, c.sheet, c.row, c.nik, c.name, c.birth_date, c.birth_place, c.sex, c.mother_name, c.address, c.rt, c.rw,
                  k.name, c.phone, c.kk_number, c.category, c.occupation, c.wage, c.start_date
           from enrolment_candidate c left join registry_region k on k.code = c.kelurahan_id
           where c.roster_id = %s order by c.id""",
        [roster],
        LISTED,
    )


NOTES = {"id": pl.Int64, "row_id": pl.Int64, "column": pl.String, "code": pl.String}


def notes(roster: int) -> pl.DataFrame:
    """The notes on people of a list: id, row_id (the candidate), column, code."""
    return frames.read(
        """select id, candidate_id, "column", code from enrolment_finding
           where roster_id = %s and candidate_id is not null order by id""",
        [roster],
        NOTES,
    )


READY = {
    "candidate_id": pl.Int64,
    **PERSON,
    "category": pl.String,
    "occupation": pl.String,
    "candidate_wage": pl.Int64,
    "sender": pl.String,
    "sender_id": pl.Int64,
}


def ready_candidates(
    scheme: Scheme, checkers: Sequence[str], since: Mapping[str, date] | None = None
) -> pl.DataFrame:
    """Accepted people who are in no determination yet and whose newest answer of every asked checker says yes, in the
    order of the lists. `since`: checker → the oldest day of an answer that still counts."""
    asked = [(checker, (since or {}).get(checker)) for checker in checkers]
    return frames.read(
        """with told as (
               select distinct on (k.candidate_id, h.checker) k.candidate_id, h.checker, a.passed,
                      coalesce(a.answered_on, h.answered_on) answered_on
               from enrolment_checkrow k join enrolment_check h on h.id = k.check_id
               join enrolment_checkanswer a on a.row_id = k.id where h.scheme_id = %s and h.checker = any(%s)
               order by k.candidate_id, h.checker, coalesce(a.answered_on, h.answered_on) desc, a.id desc)
           select c.id, c.nik, c.name, c.birth_date, c.birth_place, c.sex, c.mother_name, c.address, c.rt, c.rw,
                  c.kelurahan_id, c.phone, c.kk_number, c.category, c.occupation, c.wage, u.code, u.id
           from enrolment_candidate c join enrolment_roster r on r.id = c.roster_id
           join registry_unit u on u.id = r.sender_id
           where r.scheme_id = %s and c.review = 'accepted'
             and not exists (select from enrolment_determinationline l where l.candidate_id = c.id)
             and not exists (select from enrolment_movement v where v.candidate_id = c.id
                             and v.instead_of_id is null and v.state in ('proposed', 'confirmed'))
             and (%s = 0 or c.id in (
                 select t.candidate_id from told t join unnest(%s::text[], %s::date[]) n(checker, since) using (checker)
                 where t.passed and (n.since is null or t.answered_on >= n.since)
                 group by 1 having count(*) = %s))
           order by c.id""",
        [
            scheme.pk, list(checkers), scheme.pk, len(asked), [checker for checker, _ in asked],
            [day for _, day in asked], len(asked),
        ],
        READY,
    )  # fmt: skip


TO_SEND = {
    "membership_id": pl.Int64,
    "unit_id": pl.Int64,
    "branch": pl.String,
    "npp": pl.String,
    "segment": pl.String,
    "category": pl.String,
    "nik": pl.String,
    "name": pl.String,
    "birth_date": pl.Date,
    "birth_place": pl.String,
    "sex": pl.String,
    "mother_name": pl.String,
    "address": pl.String,
    "phone": pl.String,
    "wage": pl.Int64,
    "occupation": pl.String,
    "start_date": pl.Date,
    "end_date": pl.Date,
    "contract_kind": pl.String,
    "kpj": pl.String,
    "work_region": pl.String,
}
# BPU belong to the branch of their kecamatan, wage earners to that of the NPP of who pays
_BRANCH = """coalesce((select nullif(b.branch, '') from registry_unit b where m.segment <> 'PU' and b.locality_id = u.locality_id
                                and b.kind = 'kecamatan' and b.region_id = left(m.kelurahan_id, 8)), nullif(u.branch, ''), 'Cabang')"""


def members_to_send(scheme: Scheme) -> pl.DataFrame:
    """Members whom BPJS has not taken and whose last line, if any, was rejected; by payer, kelurahan, RW, RT, name.

    `kpj` is the number that a wage earner has from an earlier membership; `end_date` the term of the SK or contract.
    """
    return frames.read(
        f"""select m.id, m.unit_id, {_BRANCH}, u.npp, m.segment, m.category, p.nik, p.name,
                  p.birth_date, nullif(p.birth_place, ''), nullif(p.sex, ''), nullif(p.mother_name, ''),
                  nullif(p.address, ''), nullif(p.phone, ''), m.wage, c.occupation, coalesce(c.start_date, m.starts_on),
                  case when m.segment = 'PU' then m.ends_on end,
                  case when m.segment = 'PU' and m.ends_on is not null then 'PKWT' end,
                  case when m.segment = 'PU' then (
                      select g.kpj from enrolment_registration g join enrolment_membership o on o.id = g.membership_id
                      where o.person_id = m.person_id order by g.id desc limit 1) end,
                  replace(s.locality_id, '.', '')
           from enrolment_membership m
           join registry_person p on p.id = m.person_id join registry_unit u on u.id = m.unit_id
           join registry_scheme s on s.id = m.scheme_id
           left join enrolment_determinationline l on l.id = m.line_id
           left join enrolment_movement v on v.successor_id = m.id
           left join enrolment_candidate c on c.id = coalesce(l.candidate_id, v.candidate_id)
           where m.scheme_id = %s and m.end_reason is null
             and not exists (select from enrolment_registration g where g.membership_id = m.id)
             and not exists (select from enrolment_batchrow b
                             left join enrolment_batchanswer a on a.row_id = b.id
                             where b.membership_id = m.id and (a.id is null or a.accepted))
           order by m.unit_id, p.kelurahan_id, p.rw, p.rt, p.name, m.id""",  # noqa: S608
        [scheme.pk],
        TO_SEND,
    )


LEAVING = {
    "movement_id": pl.Int64,
    "membership_id": pl.Int64,
    "unit_id": pl.Int64,
    "branch": pl.String,
    "outcome": pl.String,
    "kpj": pl.String,
    "nik": pl.String,
    "name": pl.String,
    "birth_date": pl.Date,
    "kind": pl.String,
    "ended_on": pl.Date,
    "note": pl.String,
    "wage": pl.Int64,
}


def movements_to_send(scheme: Scheme) -> pl.DataFrame:
    """Confirmed movements that end in a file to BPJS which was not made yet; by payer, kind of file, name."""
    return frames.read(
        f"""select v.id, v.membership_id, m.unit_id, {_BRANCH}, v.outcome, g.kpj, p.nik, p.name,
                  p.birth_date, v.kind, v.happened_on, v.basis, v.wage
           from enrolment_movement v join enrolment_membership m on m.id = v.membership_id
           join enrolment_registration g on g.membership_id = m.id
           join registry_person p on p.id = m.person_id join registry_unit u on u.id = m.unit_id
           where v.scheme_id = %s and v.state = 'confirmed' and v.batch_id is null
             and v.outcome in ('deactivation', 'leavers', 'wages')
           order by m.unit_id, v.outcome, p.name, v.id""",  # noqa: S608
        [scheme.pk],
        LEAVING,
    )


PLACES = {
    "replaces_id": pl.Int64,
    "instead_of_id": pl.Int64,
    "category": pl.String,
    "kelurahan": pl.String,
    "kecamatan": pl.String,
    "sender": pl.Int64,
    "freed_on": pl.Date,
}


def free_places(scheme: Scheme, before: date) -> pl.DataFrame:
    """Places nobody was proposed for: of ended memberships and of eligible candidates who fell out; longest free first."""
    return frames.read(
        """select * from (
               select m.id, null::bigint, m.category, m.kelurahan_id, left(m.kelurahan_id, 8), m.sender_id, m.ends_on
               from (select m.*, r.sender_id, l.determination_id, row_number() over (
                            partition by m.category, m.kelurahan_id order by m.ends_on, m.id) nth
                     from enrolment_membership m
                     left join enrolment_movement o on o.successor_id = m.id
                     left join enrolment_determinationline l on l.id = m.line_id
                     left join enrolment_candidate c on c.id = coalesce(l.candidate_id, o.candidate_id)
                     left join enrolment_roster r on r.id = c.roster_id
                     where m.scheme_id = %s and m.end_reason is not null and m.end_reason <> 'wage_changed' and m.ends_on < %s
                       and not exists (select from enrolment_movement v where v.replaces_id = m.id
                                       and v.state in ('proposed', 'confirmed'))) m
               -- a later determination of the same category and kelurahan fills free places, one for one
               where m.nth > (select count(*) from enrolment_membership n
                              join enrolment_determinationline k on k.id = n.line_id
                              join enrolment_determination d on d.id = k.determination_id
                              where n.scheme_id = m.scheme_id and n.category = m.category
                                and n.kelurahan_id is not distinct from m.kelurahan_id
                                and d.dated >= m.ends_on and d.id is distinct from m.determination_id)
               union all
               select null, c.id, c.category, c.kelurahan_id, left(c.kelurahan_id, 8), r.sender_id, r.on
               from enrolment_candidate c join enrolment_roster r on r.id = c.roster_id
               where r.scheme_id = %s and r.state = 'proposed' and c.result <> 'tidak_layak'
                 and (c.review = 'rejected' or c.review = 'returned' and exists (
                      select from enrolment_checkrow k join enrolment_checkanswer a on a.row_id = k.id
                      where k.candidate_id = c.id and not a.passed))
                 and not exists (select from enrolment_movement v where v.instead_of_id = c.id
                                 and v.state in ('proposed', 'confirmed'))
           ) places order by 7, 1, 2""",
        [scheme.pk, before, scheme.pk],
        PLACES,
    )


WAITING = {
    "candidate_id": pl.Int64,
    "nik": pl.String,
    "category": pl.String,
    "birth_date": pl.Date,
    "kelurahan": pl.String,
    "kecamatan": pl.String,
    "sender": pl.Int64,
}


def waiting_candidates(scheme: Scheme, checkers: list[str]) -> pl.DataFrame:
    """The waiting list: eligible people in the order in which they were proposed, named in no movement yet."""
    return frames.read(
        """select c.id, c.nik, c.category, c.birth_date, c.kelurahan_id, left(c.kelurahan_id, 8), r.sender_id
           from enrolment_candidate c join enrolment_roster r on r.id = c.roster_id
           where r.scheme_id = %s and r.state = 'proposed' and c.review = 'waiting' and c.result <> 'tidak_layak'
             and not exists (select from enrolment_determinationline l where l.candidate_id = c.id)
             and not exists (select from enrolment_movement v where v.candidate_id = c.id
                             and v.state in ('proposed', 'confirmed'))
             and (%s = 0 or c.id in (
                 select k.candidate_id from enrolment_checkrow k join enrolment_check h on h.id = k.check_id
                 join enrolment_checkanswer a on a.row_id = k.id
                 where h.scheme_id = %s and h.checker = any(%s) and a.passed
                 group by 1 having count(distinct h.checker) = %s))
           order by c.id""",
        [scheme.pk, len(checkers), scheme.pk, checkers, len(checkers)],
        WAITING,
    )


MEMBERS_ON = {
    "membership_id": pl.Int64,
    "person_id": pl.Int64,
    "nik": pl.String,
    "name": pl.String,
    "category": pl.String,
    "unit_id": pl.Int64,
    "kelurahan": pl.String,
    "kecamatan": pl.String,
}


def members_on(scheme: Scheme, on: date) -> pl.DataFrame:
    """Everybody whose membership runs on a day, by kelurahan, category, name; with or without a KPJ."""
    return frames.read(
        """select m.id, m.person_id, p.nik, p.name, m.category, m.unit_id, coalesce(k.name, u.name), coalesce(d.name, '')
           from enrolment_membership m join registry_person p on p.id = m.person_id join registry_unit u on u.id = m.unit_id
           left join registry_region k on k.code = m.kelurahan_id
           left join registry_region d on d.code = left(m.kelurahan_id, 8)
           where m.scheme_id = %s and m.starts_on <= %s and (m.ends_on is null or m.ends_on >= %s)
           order by m.kelurahan_id, m.category, p.name, m.id""",
        [scheme.pk, on, on],
        MEMBERS_ON,
    )


CHANGED = {
    "movement_id": pl.Int64,
    "kind": pl.String,
    "leaves_id": pl.Int64,
    "replaces_id": pl.Int64,
    "place": pl.String,
    "category": pl.String,
    "old_name": pl.String,
    "old_nik": pl.String,
    "new_name": pl.String,
    "new_nik": pl.String,
    "happened_on": pl.Date,
    "basis": pl.String,
    "old_wage": pl.Int64,
    "new_wage": pl.Int64,
}


def changed_people(amendment: int) -> pl.DataFrame:
    """The movements of one paper with the people before and after; by kelurahan, category, name."""
    return frames.read(
        """select v.id, v.kind, case when v.kind <> 'wage_changed' then v.membership_id end, v.replaces_id,
                  coalesce(k.name, u.name), m.category, po.name, po.nik, pn.name, pn.nik, v.happened_on, v.basis,
                  case when v.kind = 'wage_changed' then mo.wage end, case when v.kind = 'wage_changed' then v.wage end
           from enrolment_amendmentline l join enrolment_movement v on v.id = l.movement_id
           join enrolment_membership m on m.id = coalesce(v.membership_id, v.successor_id)
           join registry_unit u on u.id = m.unit_id left join registry_region k on k.code = m.kelurahan_id
           left join enrolment_membership mo on mo.id = coalesce(v.membership_id, v.replaces_id)
           left join registry_person po on po.id = mo.person_id
           left join enrolment_membership mn on mn.id = v.successor_id
           left join registry_person pn on pn.id = mn.person_id
           where l.amendment_id = %s order by m.kelurahan_id, m.category, coalesce(po.name, pn.name), v.id""",
        [amendment],
        CHANGED,
    )
