"""Movements are proposed (typed in, from a list, by the death list and the clocks) and confirmed by another person."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.utils import timezone

from lindung import law
from lindung.base.messages import sentence
from lindung.base.refused import Refused
from lindung.enrolment import pricing
from lindung.enrolment.actions.settling import settle
from lindung.enrolment.changes import ENDING, NOTICES, Movement
from lindung.enrolment.models import Membership
from lindung.enrolment.movement_lists import ROW
from lindung.registry import frames
from lindung.registry.access import MAY, actor_may, reachable_units
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import Scheme
from lindung.registry.queries import current_version, rules_of

KINDS = frozenset(kind for kind, _ in Movement.KINDS)
SHOWN = 5  # so many wrong rows are named in a refusal


def propose_movement(
    membership: Membership,
    kind: str,
    happened_on: date,
    basis: str,
    *,
    wage: int | None = None,
    replacement: str | None = None,
    joins_on: date | None = None,
    actor: Actor,
) -> int:
    """Propose what happened to one member; `replacement` is the NIK of an accepted or waiting candidate.

    Returns how many movements are new (0: it was proposed before). Raises Refused("movement.…").
    """
    told = {
        "row": 1, "nik": membership.person.nik, "kind": kind, "happened_on": happened_on, "basis": basis, "wage": wage,
        "replacement": replacement, "joins_on": joins_on,
    }  # fmt: skip
    return propose_movements(
        membership.scheme, pl.DataFrame([told], schema=ROW), source="person", actor=actor
    )


def propose_movements(
    scheme: Scheme, rows: pl.DataFrame, *, source: str = "list", name: str = "", actor: Actor
) -> int:
    """Propose all movements of `rows` (the columns of `movement_lists.ROW`), or none. Returns how many are new.

    A row that was proposed or confirmed before adds nothing. Without `joins_on` a replacement begins on the first of
    the next month. Raises Refused: the row's own refusal for a single one, ("movement.rows") naming the rows otherwise.
    """
    actor_may(actor, "propose", scheme)
    with recorded(actor, "propose_movements") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
        fresh = _not_there_yet(scheme, rows)
        fresh = _with_people(scheme, fresh, actor)
        _refuse_wrong(fresh, name)
        made = _write(scheme, fresh, source, actor)
        entry.about(scheme, movements=made, source=source)
    return made


def _not_there_yet(scheme: Scheme, rows: pl.DataFrame) -> pl.DataFrame:
    there = frames.read(
        """select coalesce(p.nik, c.nik), v.kind, v.happened_on from enrolment_movement v
           left join enrolment_candidate c on c.id = v.candidate_id
           left join enrolment_membership m on m.id = v.membership_id left join registry_person p on p.id = m.person_id
           where v.scheme_id = %s and v.state in ('proposed', 'confirmed') and coalesce(p.nik, c.nik) = any(%s)""",
        [scheme.pk, rows["nik"].drop_nulls().to_list()],
        {"nik": pl.String, "kind": pl.String, "happened_on": pl.Date},
    )
    return rows.join(there, on=["nik", "kind", "happened_on"], how="anti", maintain_order="left")


def _with_people(scheme: Scheme, rows: pl.DataFrame, actor: Actor) -> pl.DataFrame:
    """`rows` with the open membership of the NIK and the candidate who comes in, as far as they are within reach."""
    reach = reachable_units(actor.user, scheme, MAY["propose"]) if actor.user else None
    members = frames.read(
        """select p.nik, m.id, m.starts_on, m.segment, g.id is not null,
                  exists (select from enrolment_movement v where v.membership_id = m.id and v.state = 'proposed'
                          and not v.kind = any(%s))
           from enrolment_membership m join registry_person p on p.id = m.person_id
           left join enrolment_registration g on g.membership_id = m.id
           left join enrolment_determinationline l on l.id = m.line_id
           left join enrolment_candidate c on c.id = l.candidate_id left join enrolment_roster r on r.id = c.roster_id
           where m.scheme_id = %s and m.end_reason is null and p.nik = any(%s)
             and (%s::bigint[] is null or m.unit_id = any(%s) or r.sender_id = any(%s))
           order by m.starts_on desc""",
        [list(NOTICES), scheme.pk, rows["nik"].drop_nulls().to_list(), reach, reach, reach],
        {
            "nik": pl.String, "membership_id": pl.Int64, "starts_on": pl.Date, "segment": pl.String,
            "registered": pl.Boolean, "open": pl.Boolean,
        },
    ).unique("nik", keep="first")  # fmt: skip
    rows = rows.with_columns(
        incoming=pl.when(pl.col("kind") == "joined").then("nik").otherwise("replacement")
    )
    candidates = frames.read(
        """select c.nik, c.id, exists (select from enrolment_movement v where v.candidate_id = c.id
                                        and v.state in ('proposed', 'confirmed'))
           from enrolment_candidate c join enrolment_roster r on r.id = c.roster_id
           where r.scheme_id = %s and c.nik = any(%s) and c.result <> 'tidak_layak' and c.review in ('accepted', 'waiting')
             and not exists (select from enrolment_determinationline l where l.candidate_id = c.id)
             and (%s::bigint[] is null or r.sender_id = any(%s))
           order by c.id desc""",
        [scheme.pk, rows["incoming"].drop_nulls().to_list(), reach, reach],
        {"incoming": pl.String, "candidate_id": pl.Int64, "comes_already": pl.Boolean},
    ).unique("incoming", keep="first")
    return rows.join(members, on="nik", how="left", maintain_order="left").join(
        candidates, on="incoming", how="left", maintain_order="left"
    )


def _refuse_wrong(rows: pl.DataFrame, name: str) -> None:
    kind, joined = pl.col("kind"), pl.col("kind") == "joined"
    wrong = rows.select(
        "row",
        "nik",
        "kind",
        "starts_on",
        code=pl.coalesce(
            pl.when(~kind.is_in(list(KINDS))).then(pl.lit("movement.unknown_kind")),
            pl.when(pl.col("happened_on").is_null()).then(pl.lit("movement.no_date")),
            pl.when(pl.col("basis").fill_null("") == "").then(pl.lit("movement.no_basis")),
            pl.when(pl.struct("nik", "kind").is_duplicated()).then(pl.lit("movement.twice")),
            pl.when(~joined & pl.col("membership_id").is_null()).then(pl.lit("movement.unknown_person")),
            pl.when(pl.col("incoming").is_not_null() & pl.col("candidate_id").is_null()).then(
                pl.lit("movement.unknown_candidate")
            ),
            pl.when(pl.col("comes_already")).then(pl.lit("movement.comes_already")),
            pl.when(pl.col("incoming").is_duplicated() & pl.col("incoming").is_not_null()).then(
                pl.lit("movement.twice")
            ),
            pl.when(pl.col("replacement").is_not_null() & ~kind.is_in(list(ENDING))).then(
                pl.lit("movement.nobody_leaves")
            ),
            pl.when(~joined & (pl.col("happened_on") < pl.col("starts_on"))).then(
                pl.lit("movement.before_start")
            ),
            pl.when((kind == "wage_changed") & (pl.col("happened_on") == pl.col("starts_on"))).then(
                pl.lit("movement.before_start")
            ),
            pl.when(pl.col("joins_on") <= pl.col("happened_on")).then(pl.lit("movement.joins_too_early")),
            pl.when((kind == "wage_changed") & pl.col("wage").is_null()).then(pl.lit("movement.no_wage")),
            pl.when((kind == "wage_changed") & ~pl.col("registered")).then(pl.lit("movement.not_registered")),
            pl.when((kind == "wage_changed") & (pl.col("happened_on").dt.day() != 1)).then(
                pl.lit("movement.first_of_month")
            ),
            pl.when(pl.col("open") & ~kind.is_in(NOTICES)).then(pl.lit("movement.open_already")),
        ),
    ).filter(pl.col("code").is_not_null())
    if wrong.is_empty():
        return
    told = []
    for number, nik, word, starts, code in wrong.head(SHOWN).iter_rows():
        args = {
            "nik": f"{(nik or '')[:4]} •••• •••• {(nik or '')[-4:]}",
            "kind": word,
            "starts": f"{starts:%d-%m-%Y}" if starts else "",
        }
        if rows.height == 1:
            raise Refused(code, args)
        told.append(f"{number}: {sentence(code, args)}")
    more = " …" if wrong.height > SHOWN else ""
    raise Refused(
        "movement.rows", {"file": name or "–", "count": wrong.height, "rows": " ".join(told) + more}
    )


_MOVEMENT = {
    "kind": pl.String, "membership_id": pl.Int64, "candidate_id": pl.Int64, "replaces_id": pl.Int64,
    "happened_on": pl.Date, "basis": pl.String, "wage": pl.Int64,
}  # fmt: skip


def _write(scheme: Scheme, rows: pl.DataFrame, source: str, actor: Actor) -> int:
    """One movement a row, and one more for who comes in place of somebody."""
    missing = {"candidate_id": pl.Int64, "replaces_id": pl.Int64, "wage": pl.Int64, "membership_id": pl.Int64}
    blank = [pl.lit(None, dtype=kind).alias(name) for name, kind in missing.items()]
    told = rows.filter(pl.col("kind") != "joined").select(
        "kind", "membership_id", "happened_on", "basis", "wage"
    )
    alone = rows.filter(pl.col("kind") == "joined").select("kind", "candidate_id", "happened_on", "basis")
    after = pl.col("happened_on").dt.month_end().dt.offset_by("1d")
    instead = rows.filter(pl.col("replacement").is_not_null()).select(
        "candidate_id",
        "basis",
        kind=pl.lit("joined"),
        replaces_id="membership_id",
        happened_on=pl.coalesce("joins_on", after),
    )
    parts = [
        part.with_columns(*(b for b in blank if b.meta.output_name() not in part.columns)).select(*_MOVEMENT)
        for part in (told, alone, instead)
    ]
    return write_movements(scheme, pl.concat(parts), source, actor)


def write_movements(scheme: Scheme, rows: pl.DataFrame, source: str, actor: Actor) -> int:
    """Append proposed movements; `rows` has columns of the table that are not the same for all."""
    system = source in ("deaths", "clock", "waiting")
    return frames.write(
        Movement,
        rows.with_columns(
            scheme_id=pl.lit(scheme.pk),
            source=pl.lit(source),
            state=pl.lit("proposed"),
            outcome=pl.lit(""),
            decline_reason=pl.lit(""),
            proposed_at=pl.lit(timezone.now().isoformat()),
            # what the records themselves say was proposed by nobody, so whoever reads it may confirm it
            proposed_by_id=pl.lit(None if system or not actor.user else actor.user.pk, dtype=pl.Int64),
        ),
    )


def propose_from_records(scheme: Scheme, on: date, *, actor: Actor) -> dict[str, int]:
    """What the death list and the clocks say on a day, proposed: deaths, ended contracts, 65th birthdays (a notice).

    Returns kind → how many are new. What was declined is not proposed again.
    """
    actor_may(actor, "propose", scheme)
    with recorded(actor, "propose_movements_from_records") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
        found = _told_by_records(scheme, on)
        for (source,), rows in found.group_by(["source"], maintain_order=True):
            write_movements(scheme, rows.drop("source"), source, actor)
        counts = dict(found.group_by("kind", maintain_order=True).len().iter_rows())
        entry.about(scheme, **counts)
    return counts


def _told_by_records(scheme: Scheme, on: date) -> pl.DataFrame:
    """kind, membership_id, happened_on, basis, source of what no movement says yet."""
    age = law.current().value("clock.registration_age_limit", on)
    # who lasts to the end of the category's period has no contract of their own that ends
    ends = pricing.terms(rules_of(current_version(scheme))).drop_nulls("until")
    return frames.read(
        """select distinct on (v.id, v.kind = 'turned_65') v.* from (
               select 'died' kind, m.id, greatest(d.died_on, m.starts_on) happened_on,
                      concat_ws(' ', 'Akta kematian', nullif(d.certificate, '')) basis, 'deaths' source
               from enrolment_membership m join registry_person p on p.id = m.person_id join registry_death d on d.nik = p.nik
               where m.scheme_id = %s and m.end_reason is null and d.died_on <= %s
                 and (m.ends_on is null or m.ends_on >= d.died_on)
               union all
               select 'contract_ended', m.id, m.ends_on, 'Masa kontrak', 'clock'
               from enrolment_membership m left join unnest(%s::text[], %s::date[]) e(category, until) using (category)
               where m.scheme_id = %s and m.end_reason is null and m.segment = 'PU'
                 and m.ends_on <= %s and (e.until is null or m.ends_on < e.until)
               union all
               select 'turned_65', m.id, (p.birth_date + make_interval(years => %s))::date, 'Tanggal lahir', 'clock'
               from enrolment_membership m join registry_person p on p.id = m.person_id
               where m.scheme_id = %s and m.end_reason is null and p.birth_date + make_interval(years => %s) <= %s
                 and p.birth_date + make_interval(years => %s) >= m.starts_on and (m.ends_on is null or m.ends_on >= %s)
           ) v
           where not exists (select from enrolment_movement w where w.membership_id = v.id and (w.kind = v.kind
                             or v.kind <> 'turned_65' and w.state = 'proposed' and not w.kind = any(%s)))
           -- who died when the contract ended is told once, as a death
           order by v.id, v.kind = 'turned_65', v.kind desc""",
        [scheme.pk, on, ends["category"].to_list(), ends["until"].to_list(), scheme.pk, on, age, scheme.pk, age, on, age, on,
         list(NOTICES)],
        {
            "kind": pl.String, "membership_id": pl.Int64, "happened_on": pl.Date, "basis": pl.String,
            "source": pl.String,
        },
    )  # fmt: skip


def confirm_movements(scheme: Scheme, movements: QuerySet[Movement], on: date, *, actor: Actor) -> int:
    """Confirm what is still proposed of `movements`: memberships end, begin, or go on at another wage.

    `on` is the day of the confirmation. Returns how many were confirmed. Raises Refused("movement.own") for the
    proposer, ("membership.overlap", "determination.unpriced", "record.changed"); nothing changes then.
    """
    actor_may(actor, "determine", scheme)
    try:
        with recorded(actor, "confirm_movements") as entry:
            Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
            chosen = movements.filter(scheme=scheme, state="proposed")
            ids = list(chosen.values_list("pk", flat=True))
            if actor.user and Movement.objects.filter(pk__in=ids, proposed_by=actor.user).exists():
                raise Refused("movement.own")
            settle(scheme, ids, on)
            done = Movement.objects.filter(pk__in=ids, state="proposed").update(
                state="confirmed", confirmed_on=on, decided_at=timezone.now(), decided_by=actor.user
            )
            entry.about(scheme, movements=done)
    except IntegrityError as problem:
        if "two memberships" in str(problem):
            raise Refused("membership.overlap") from None
        raise
    return done


def decline_movements(scheme: Scheme, movements: QuerySet[Movement], reason: str, *, actor: Actor) -> int:
    """Say that a proposed movement did not happen; a proposer may take back their own. Returns how many changed."""
    actor_may(actor, "propose", scheme)
    with recorded(actor, "decline_movements") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
        chosen = list(movements.filter(scheme=scheme, state="proposed").values_list("pk", "membership"))
        leaving = [membership for _, membership in chosen if membership]
        # who was to come in place of somebody who stays does not come
        done = Movement.objects.filter(
            Q(pk__in=[pk for pk, _ in chosen]) | Q(replaces__in=leaving), scheme=scheme, state="proposed"
        ).update(
            state="declined", decline_reason=reason[:240], decided_at=timezone.now(), decided_by=actor.user
        )
        entry.about(scheme, movements=done, reason=reason)
    return done
