"""A free place is proposed to the next eligible person of the waiting list, of the same category and area."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import polars as pl

from lindung import schemes
from lindung.base.refused import Refused
from lindung.enrolment import frames as enrolment_frames
from lindung.enrolment import pricing
from lindung.enrolment.actions.movements import write_movements
from lindung.enrolment.frames import cover_register
from lindung.registry import frames
from lindung.registry.access import actor_may
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import Scheme
from lindung.registry.queries import current_version, rules_of

AREAS = ("kelurahan", "kecamatan", "sender")  # tried in this order, all places of one before any of the next


def propose_replacements(
    scheme: Scheme, joins_on: date, *, checkers: Sequence[str] = (), actor: Actor
) -> tuple[int, int]:
    """Propose somebody for every place that is free before `joins_on`. Returns (proposed, places that stay free).

    A place is free when a membership ended for any reason but another wage, or when an eligible candidate was rejected or
    failed a check. The next is who waits longest in the same category and kelurahan, else kecamatan, else sender, is
    still eligible on `joins_on`, and passed `checkers`. No place is free in a category whose period is over. Raises Refused("movement.after_period").
    """
    actor_may(actor, "propose", scheme)
    rules = rules_of(current_version(scheme))
    if rules.period.until and joins_on > rules.period.until:
        raise Refused("movement.after_period", {"count": 1, "until": f"{rules.period.until:%d-%m-%Y}"})
    with recorded(actor, "propose_replacements") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
        ended = pricing.terms(rules).filter(pl.col("until") < joins_on)["category"].implode()
        places = enrolment_frames.free_places(scheme, joins_on).filter(~pl.col("category").is_in(ended))
        waiting = _still_eligible(
            enrolment_frames.waiting_candidates(scheme, list(checkers)), rules, scheme, joins_on
        )
        chosen = _match(places, waiting)
        rows = chosen.select(
            "candidate_id",
            "replaces_id",
            "instead_of_id",
            kind=pl.lit("joined"),
            happened_on=pl.lit(joins_on),
            basis=pl.lit("Daftar tunggu"),
        )
        made = write_movements(scheme, rows, "waiting", actor)
        entry.about(scheme, proposed=made, free=places.height - made)
    return made, places.height - made


def _match(places: pl.DataFrame, waiting: pl.DataFrame) -> pl.DataFrame:
    """Each place with its candidate. `places` and `waiting` have category and the columns of `AREAS`, in their order."""
    people = list(waiting.iter_rows(named=True))
    taken: set[int] = set()
    given: dict[int, int] = {}
    for area in AREAS:
        queues: dict[tuple[str, object], list[int]] = defaultdict(list)
        for person in people:
            if person["candidate_id"] not in taken and person[area] is not None:
                queues[person["category"], person[area]].append(person["candidate_id"])
        for queue in queues.values():
            queue.reverse()
        for at, place in enumerate(places.iter_rows(named=True)):
            queue = queues.get((place["category"], place[area]), [])
            if at not in given and place[area] is not None and queue:
                given[at] = queue.pop()
                taken.add(given[at])
    return (
        places.with_row_index("at")
        .filter(pl.col("at").is_in(list(given)))
        .with_columns(candidate_id=pl.col("at").replace_strict(given, default=None, return_dtype=pl.Int64))
    )


def _still_eligible(waiting: pl.DataFrame, rules: schemes.Scheme, scheme: Scheme, on: date) -> pl.DataFrame:
    """Without those who meanwhile died, grew too old, or are covered by somebody."""
    cover = cover_register(scheme, on).group_by("nik").agg(covered=pl.struct("segment", "payer", "since"))
    deaths = frames.death_register().select("nik", "died_on").unique("nik")
    rows = waiting.join(cover, on="nik", how="left", maintain_order="left").join(
        deaths, on="nik", how="left", maintain_order="left"
    )
    failing = schemes.verify(
        rows.select("nik", "category", "birth_date", "covered", "died_on", row_id="candidate_id"), rules, on
    )
    wrong = failing.filter(severity="error")["row_id"].to_list()
    return waiting.filter(~pl.col("candidate_id").is_in(wrong))
