"""What a confirmed movement does to memberships. Nothing is overwritten: a period ends, another begins."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.db import connection

from lindung.base.refused import Refused
from lindung.enrolment import frames as enrolment_frames
from lindung.enrolment import pricing
from lindung.enrolment.actions.determinations import refuse_after
from lindung.enrolment.changes import ENDING
from lindung.enrolment.models import Membership, Registration
from lindung.registry import frames
from lindung.registry.models import Scheme
from lindung.registry.queries import current_version, rules_of, units_by_code


def settle(scheme: Scheme, movements: list[int], on: date) -> None:
    """Carry out proposed movements and say where each of them ends. Inside the action that confirms them."""
    _keep_before(movements)
    _end(movements)
    _change_wages(movements)
    _let_in(scheme, movements, on)
    with connection.cursor() as cursor:
        cursor.execute(
            """update enrolment_movement v set outcome = case
                   when v.kind = 'died' then 'claim'
                   when v.kind = 'joined' then case when v.successor_id is null then 'determination' else 'registration' end
                   when not exists (select from enrolment_registration g where g.membership_id = v.membership_id) then 'none'
                   when v.kind = 'wage_changed' then case when m.segment = 'PU' then 'wages' else 'none' end
                   when v.kind = any(%s) then case when m.segment = 'PU' then 'deactivation' else 'leavers' end
                   else 'none' end
               from enrolment_movement w left join enrolment_membership m on m.id = w.membership_id
               where w.id = v.id and v.id = any(%s)""",
            [list(ENDING), movements],
        )


def _keep_before(movements: list[int]) -> None:
    """What stands before it changes, so that `undoing.undo_movements` can put it back."""
    with connection.cursor() as cursor:
        cursor.execute(
            """update enrolment_movement v set before = jsonb_build_object('ends_on', m.ends_on, 'review', c.review)
               from enrolment_movement w left join enrolment_membership m on m.id = w.membership_id
               left join enrolment_candidate c on c.id = w.candidate_id
               where w.id = v.id and v.id = any(%s)""",
            [movements],
        )


def _end(movements: list[int]) -> None:
    """A membership ends on the day, or earlier where its period was over. Who died is known to have died."""
    reasons = list(ENDING.items())
    with connection.cursor() as cursor:
        cursor.execute(
            """with reasons as (select * from unnest(%s::text[], %s::text[]) r(kind, reason)),
                    ending as (select v.membership_id, v.happened_on, r.reason from enrolment_movement v
                               join reasons r using (kind) where v.id = any(%s)),
                    ended as (update enrolment_membership m set end_reason = e.reason,
                                  ends_on = greatest(m.starts_on, least(e.happened_on, coalesce(m.ends_on, e.happened_on)))
                              from ending e where m.id = e.membership_id and m.end_reason is null returning m.id)
               select (select count(*) from ending), (select count(*) from ended)""",
            [[kind for kind, _ in reasons], [reason for _, reason in reasons], movements],
        )
        asked, done = cursor.fetchone()
        if asked != done:
            raise Refused("movement.ended_meanwhile", {"count": asked - done})
        cursor.execute(
            """update registry_person p set died_on = v.happened_on from enrolment_movement v
               join enrolment_membership m on m.id = v.membership_id
               where v.id = any(%s) and v.kind = 'died' and p.id = m.person_id and p.died_on is null""",
            [movements],
        )


_TERMS = {
    "movement_id": pl.Int64, "person_id": pl.Int64, "scheme_id": pl.Int64, "version_id": pl.Int64,
    "category": pl.String, "unit_id": pl.Int64, "kelurahan_id": pl.String, "payer": pl.String, "segment": pl.String,
    "programmes": pl.String, "wage": pl.Int64, "risk_class": pl.String, "sector": pl.String, "determined_on": pl.Date,
    "starts_on": pl.Date, "ends_on": pl.Date, "kpj": pl.String, "registered_on": pl.Date,
}  # fmt: skip


def _change_wages(movements: list[int]) -> None:
    """The old membership ends on the day before; one with the same number goes on at the new wage."""
    rows = frames.read(
        """select v.id, m.person_id, m.scheme_id, m.version_id, m.category, m.unit_id, m.kelurahan_id, m.payer, m.segment,
                  m.programmes, v.wage, m.risk_class, m.sector, m.determined_on, v.happened_on, m.ends_on, g.kpj,
                  g.registered_on
           from enrolment_movement v join enrolment_membership m on m.id = v.membership_id
           join enrolment_registration g on g.membership_id = m.id
           where v.id = any(%s) and v.kind = 'wage_changed' and m.end_reason is null order by v.id""",
        [movements],
        _TERMS,
    )
    if rows.is_empty():
        return
    wrong = rows.filter(pl.col("ends_on") < pl.col("starts_on"))
    if not wrong.is_empty():
        raise Refused("movement.ended_meanwhile", {"count": wrong.height})
    with connection.cursor() as cursor:
        cursor.execute(
            """update enrolment_membership m set end_reason = 'wage_changed', ends_on = greatest(m.starts_on, v.happened_on - 1)
               from enrolment_movement v where v.id = any(%s) and m.id = v.membership_id""",
            [rows["movement_id"].to_list()],
        )
    rows = frames.numbered(Membership, rows)
    frames.write(Membership, rows.drop("movement_id", "kpj", "registered_on"))
    frames.write(Registration, rows.select("kpj", "registered_on", membership_id="id"))
    _remember(rows)


_INCOMING = {
    "movement_id": pl.Int64, "candidate_id": pl.Int64, **enrolment_frames.PERSON, "category": pl.String,
    "candidate_wage": pl.Int64, "sender_id": pl.Int64, "starts_on": pl.Date,
}  # fmt: skip


def _let_in(scheme: Scheme, movements: list[int], on: date) -> None:
    """Candidates become members from their day on, within the period of their category; who stands in for somebody not determined yet is only accepted."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select count(*) from enrolment_movement v join enrolment_membership m on m.id = v.replaces_id
               where v.id = any(%s) and (m.end_reason is null or m.ends_on >= v.happened_on)""",
            [movements],
        )
        if taken := cursor.fetchone()[0]:
            raise Refused("movement.place_not_free", {"count": taken})
        cursor.execute(
            """select count(*) from enrolment_movement v join enrolment_candidate c on c.id = v.candidate_id
               where v.id = any(%s) and c.review not in ('accepted', 'waiting')""",
            [movements],
        )
        if gone := cursor.fetchone()[0]:
            raise Refused("movement.candidate_gone", {"count": gone})
        cursor.execute(
            """update enrolment_candidate c set review = 'accepted' from enrolment_movement v
               where v.id = any(%s) and v.candidate_id = c.id and c.review = 'waiting'""",
            [movements],
        )
    rows = frames.read(
        """select v.id, c.id, c.nik, c.name, c.birth_date, c.birth_place, c.sex, c.mother_name, c.address, c.rt, c.rw,
                  c.kelurahan_id, c.phone, c.kk_number, c.category, c.wage, r.sender_id, v.happened_on
           from enrolment_movement v join enrolment_candidate c on c.id = v.candidate_id
           join enrolment_roster r on r.id = c.roster_id
           where v.id = any(%s) and v.kind = 'joined' and v.instead_of_id is null order by v.id""",
        [movements],
        _INCOMING,
    )
    if rows.is_empty():
        return
    version = current_version(scheme)
    rules = rules_of(version)
    units = {code: unit.pk for code, unit in units_by_code(scheme).items()}
    rows = rows.join(pricing.terms(rules), on="category", how="left", maintain_order="left").with_columns(
        wage=pl.coalesce("scheme_wage", "candidate_wage"),
        sector=pl.lit("other"),
        unit_id=pl.coalesce(
            pl.col("payer_unit").replace_strict(units, default=None, return_dtype=pl.Int64), "sender_id"
        ),
        starts_on=pl.max_horizontal("starts_on", "first"),
    )
    refuse_after(rows, "starts_on")
    priced = pricing.monthly(rows, on.replace(day=1))
    unpriced = priced.filter(pl.col("error").is_not_null())
    if not unpriced.is_empty():
        raise Refused("determination.unpriced", {"count": unpriced.height, "why": unpriced["error"][0]})
    rows = frames.numbered(Membership, enrolment_frames.people(rows))
    frames.write(
        Membership,
        rows.select(
            "id", "person_id", "category", "unit_id", "kelurahan_id", "payer", "segment", "programmes", "wage",
            "risk_class", "sector", "starts_on",
            scheme_id=pl.lit(scheme.pk),
            version_id=pl.lit(version.pk),
            determined_on=pl.lit(on),
            ends_on="until",
        ),
    )  # fmt: skip
    _remember(rows)


def _remember(rows: pl.DataFrame) -> None:
    """Tie each movement to the membership that came out of it. `rows`: movement_id, id."""
    with connection.cursor() as cursor:
        cursor.execute(
            """update enrolment_movement v set successor_id = t.membership from unnest(%s::bigint[], %s::bigint[]) t(id, membership)
               where v.id = t.id""",
            [rows["movement_id"].to_list(), rows["id"].to_list()],
        )
