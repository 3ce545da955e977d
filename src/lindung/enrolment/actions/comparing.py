"""This month's list against an earlier one of the same office: confirmed by a person, it becomes movements; undone as well."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl
from django.db.models import F
from django.utils import timezone

from lindung.base.refused import Refused
from lindung.enrolment import frames as enrolment_frames
from lindung.enrolment.actions.movements import decline_movements, propose_movements
from lindung.enrolment.changes import ENDING, NOTICES, Movement
from lindung.enrolment.mending import Comparison, ComparisonLine
from lindung.enrolment.models import Candidate, Roster
from lindung.enrolment.movement_lists import ROW
from lindung.enrolment.states import CANDIDATE, change
from lindung.intake.diff import Difference, compare
from lindung.registry import frames
from lindung.registry.access import actor_may
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import Scheme
from lindung.registry.queries import rules_of

LEAVING = tuple(kind for kind in ENDING if kind != "replaced")  # why somebody is in this month's list no more


def difference(
    roster: Roster, before: Roster, *, corrected: bool = False
) -> tuple[Difference, pl.DataFrame, pl.DataFrame]:
    """What differs between two lists, and the people of both (`enrolment.frames.LISTED`)."""
    old, new = enrolment_frames.listed(before.pk), enrolment_frames.listed(roster.pk)
    return compare(old, new, corrected=corrected), old, new


def confirm_comparison(
    roster: Roster,
    before: Roster,
    last_day: date,
    *,
    kinds: Mapping[int, str] | None = None,
    seen: tuple[int, int, int] | None = None,
    actor: Actor,
) -> Comparison:
    """Confirm who came, left and changed since `before`. The list is proposed; members who left and wages that changed are
    proposed as movements; who is a member already is not reviewed again.

    `last_day`: the last day of cover of who left. `kinds`: candidate of `before` → one of `LEAVING` ("left" when not told).
    `seen`: (joined, left, changed) as they were shown. Confirmed again it changes nothing. Raises Refused("comparison.there",
    "comparison.others", "record.changed", "movement.…").
    """
    actor_may(actor, "propose", roster.scheme)
    if before.scheme_id != roster.scheme_id or before.sender_id != roster.sender_id or before.pk == roster.pk:
        raise Refused("record.not_found")
    with recorded(actor, "confirm_comparison") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=roster.scheme_id)
        roster.refresh_from_db()
        there = Comparison.objects.filter(roster=roster, undone_at=None).first()
        if there:
            if there.before_id != before.pk:
                raise Refused("comparison.there", {"file": roster.file.name})
            return there
        found, old, _new = difference(roster, before)
        changed = found.pairs.filter("changed").height
        if seen is not None and seen != (found.joiners.len(), found.leavers.len(), changed):
            raise Refused("comparison.others")
        now = timezone.now()
        if roster.state != "proposed":
            change(roster, "propose", proposed_by=actor.user, proposed_at=now)
        pairs = found.pairs.join(old.select(a_row_id="row_id", nik="nik"), on="a_row_id", how="left")
        members = _members(roster.scheme, old["nik"].drop_nulls().to_list())
        pairs = pairs.join(members, on="nik", how="left", maintain_order="left", nulls_equal=False)
        left = old.filter(pl.col("row_id").is_in(found.leavers.implode())).select("row_id", "nik")
        left = left.join(members, on="nik", how="left", maintain_order="left", nulls_equal=False)
        moves = _movements(roster, pairs, left, found.changes, last_day, kinds or {})
        if not moves.is_empty():
            propose_movements(roster.scheme, moves, name=roster.file.name, actor=actor)
        stays = pairs.filter(pl.col("membership_id").is_not_null())["b_row_id"].to_list()
        sources, target = CANDIDATE["stay"]
        Candidate.objects.filter(pk__in=stays, review__in=sources).update(
            review=target, reviewed_at=now, reviewed_by=actor.user
        )
        made = Comparison.objects.create(
            roster=roster, before=before, last_day=last_day, joined=found.joiners.len(), left=found.leavers.len(),
            changed=changed, stayed=found.pairs.height - changed, made_at=now, made_by=actor.user,
        )  # fmt: skip
        _write_lines(made, found, pairs, left, moves)
        entry.about(roster, joined=made.joined, left=made.left, changed=made.changed, movements=moves.height)
    return made


def undo_comparison(made: Comparison, *, actor: Actor) -> Comparison:
    """Take back a comparison while none of its movements was confirmed. Raises Refused("comparison.confirmed", "comparison.reviewed")."""
    roster = made.roster
    actor_may(actor, "propose", roster.scheme)
    with recorded(actor, "undo_comparison") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=roster.scheme_id)
        made.refresh_from_db()
        if made.undone_at:
            return made
        moves = Movement.objects.filter(comparison_lines__comparison=made)
        if confirmed := moves.filter(state="confirmed").count():
            raise Refused("comparison.confirmed", {"count": confirmed})
        if roster.state == "proposed" and roster.proposed_at == made.made_at:
            reviewed = Candidate.objects.filter(
                roster=roster, review__in=["accepted", "rejected", "waiting", "returned"]
            )
            if count := reviewed.count():
                raise Refused("comparison.reviewed", {"count": count})
            change(roster, "reopen", proposed_by=None, proposed_at=None)
        decline_movements(roster.scheme, moves, "Perbandingan diurungkan", actor=actor)
        Candidate.objects.filter(roster=roster, review="member", reviewed_at=made.made_at).update(
            review="pending", reviewed_at=None, reviewed_by=None
        )
        made.undone_at, made.undone_by = timezone.now(), actor.user
        made.save(update_fields=["undone_at", "undone_by"])
        entry.about(roster, comparison=made.pk)
    return made


_MEMBER = {
    "nik": pl.String, "membership_id": pl.Int64, "starts_on": pl.Date, "segment": pl.String, "category": pl.String,
    "wage": pl.Int64, "registered": pl.Boolean, "open": pl.Boolean,
}  # fmt: skip


def _members(scheme: Scheme, niks: list[str]) -> pl.DataFrame:
    """The open memberships of a scheme by NIK, with whether something is proposed of them."""
    return frames.read(
        """select p.nik, m.id, m.starts_on, m.segment, m.category, m.wage, g.id is not null,
                  exists (select from enrolment_movement v where v.membership_id = m.id and v.state = 'proposed'
                          and not v.kind = any(%s))
           from enrolment_membership m join registry_person p on p.id = m.person_id
           left join enrolment_registration g on g.membership_id = m.id
           where m.scheme_id = %s and m.end_reason is null and p.nik = any(%s) order by m.starts_on desc""",
        [list(NOTICES), scheme.pk, niks],
        _MEMBER,
    ).unique("nik", keep="first")


def _movements(
    roster: Roster,
    pairs: pl.DataFrame,
    left: pl.DataFrame,
    changes: pl.DataFrame,
    last_day: date,
    kinds: Mapping[int, str],
) -> pl.DataFrame:
    """The rows (`movement_lists.ROW`) of members who left or earn another wage, as far as nothing is proposed of them yet."""
    basis = f"Daftar {roster.file.name}, {roster.on:%d-%m-%Y}"[:240]
    rows = []
    ready = pl.col("membership_id").is_not_null() & ~pl.col("open")
    for pk, nik in left.filter(ready & (pl.col("starts_on") <= last_day)).select("row_id", "nik").iter_rows():
        kind = kinds.get(pk, "left")
        rows.append({"nik": nik, "kind": kind if kind in LEAVING else "left", "happened_on": last_day})
    told = [c.id for c in rules_of(roster.version).categories if c.wage.from_roster]
    first = roster.on.replace(day=1)
    wages = changes.filter((pl.col("column") == "wage") & pl.col("new").is_not_null()).select(
        "b_row_id", new=pl.col("new").cast(pl.Int64)
    )
    earns = pairs.join(wages, on="b_row_id").filter(
        ready & (pl.col("segment") == "PU") & pl.col("registered") & (pl.col("starts_on") < first)
        & pl.col("category").is_in(told) & pl.col("wage").ne_missing(pl.col("new"))
    )  # fmt: skip
    for nik, wage in earns.select("nik", "new").iter_rows():
        rows.append({"nik": nik, "kind": "wage_changed", "happened_on": first, "wage": wage})
    whole = [{"row": n, "basis": basis, **row} for n, row in enumerate(rows, 1)]
    return pl.DataFrame(whole, schema=ROW)


def _write_lines(
    made: Comparison, found: Difference, pairs: pl.DataFrame, left: pl.DataFrame, moves: pl.DataFrame
) -> None:
    """One line a person; what is unchanged has none."""
    proposed = {
        (membership, kind == "wage_changed"): pk
        for pk, membership, kind in Movement.objects.filter(
            scheme=made.roster.scheme_id, state="proposed", proposed_at__gte=made.made_at
        ).values_list("pk", "membership", "kind")
    } if moves.height else {}  # fmt: skip
    told: dict[int, dict[str, list[str | None]]] = {}
    for candidate, column, old, new in found.changes.select("b_row_id", "column", "old", "new").iter_rows():
        told.setdefault(candidate, {})[column] = [old, new]
    of = dict(pairs.select("b_row_id", "membership_id").iter_rows())
    lines = [ComparisonLine(comparison=made, kind="joined", candidate_id=pk) for pk in found.joiners]
    lines += [
        ComparisonLine(
            comparison=made, kind="left", candidate_id=pk, membership_id=member, movement_id=proposed.get((member, False))
        )
        for pk, member in left.select("row_id", "membership_id").iter_rows()
    ]  # fmt: skip
    lines += [
        ComparisonLine(
            comparison=made, kind="changed", candidate_id=pk, membership_id=of.get(pk), changes=changes,
            movement_id=proposed.get((of.get(pk), True)),
        )
        for pk, changes in told.items()
    ]  # fmt: skip
    ComparisonLine.objects.bulk_create(lines, batch_size=1000)
    Roster.objects.filter(pk=made.roster_id).update(revision=F("revision") + 1)
