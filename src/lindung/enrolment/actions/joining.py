"""One person who comes in, entered on screen with the checks of a list; and a kelurahan's heads, replaced all at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date

import polars as pl

from lindung.base.messages import sentence
from lindung.base.refused import Refused
from lindung.enrolment.actions.movements import propose_movements
from lindung.enrolment.actions.rosters import check_rosters, propose_roster, receive
from lindung.enrolment.changes import Movement
from lindung.enrolment.models import Candidate, Membership
from lindung.enrolment.movement_lists import ROW
from lindung.enrolment.states import change
from lindung.registry.access import actor_may
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import Scheme, Unit
from lindung.registry.queries import current_version, rules_of

# what is known of a person → the head of its column, as a list of an office has it
HEADS = {
    "nik": "NIK", "name": "Nama", "birth_place": "Tempat Lahir", "birth_date": "Tgl Lahir", "sex": "L/P", "kk_number": "No KK",
    "mother_name": "Nama Ibu Kandung", "phone": "No HP", "address": "Alamat", "rt": "RT", "rw": "RW", "kelurahan": "Kelurahan",
    "kecamatan": "Kecamatan", "category": "Kategori", "occupation": "Pekerjaan", "wage": "Upah", "start_date": "TMT",
}  # fmt: skip


def enter_person(
    scheme: Scheme,
    sender: Unit,
    facts: Mapping[str, str],
    joins_on: date,
    basis: str,
    *,
    leaver: str | None = None,
    left_on: date | None = None,
    actor: Actor,
) -> Candidate:
    """Propose that somebody comes in on `joins_on`; `leaver` is the NIK of the member whose place they take.

    `facts` has the keys of `HEADS`, as typed. The person is checked as a list of one and waits for the confirmation.
    Raises Refused("person.not_eligible") with every reason, ("roster.again", "movement.…"); nothing is kept then.
    """
    actor_may(actor, "propose", scheme)
    with recorded(actor, "enter_person") as entry:
        roster = receive(scheme, sender, f"masuk-{joins_on}.csv", _file(scheme, facts), joins_on, actor=actor)
        check_rosters([roster], actor=actor)
        roster.refresh_from_db()
        candidates = list(roster.candidates.all())
        errors = roster.findings.filter(severity="error").values_list("code", "args", "value")
        why = [sentence(code, {"value": value or "", **(args or {})}) for code, args, value in errors]
        if why or len(candidates) != 1 or candidates[0].result == "tidak_layak":
            raise Refused("person.not_eligible", {"why": " ".join(dict.fromkeys(why))})
        (candidate,) = candidates
        others = Movement.objects.filter(
            scheme=scheme, kind="joined", state="proposed", candidate__nik=candidate.nik
        )
        if candidate.nik and others.exists():
            raise Refused(
                "movement.comes_already", {"nik": f"{candidate.nik[:4]} •••• •••• {candidate.nik[-4:]}"}
            )
        propose_roster(roster, actor=actor)
        change(candidate, "wait")
        row = {"row": 1, "nik": candidate.nik, "kind": "joined", "happened_on": joins_on, "basis": basis}
        if leaver:
            row |= {
                "nik": leaver, "kind": "replaced", "happened_on": left_on, "replacement": candidate.nik, "joins_on": joins_on,
            }  # fmt: skip
        propose_movements(scheme, pl.DataFrame([row], schema=ROW), source="person", actor=actor)
        entry.about(candidate)
    return candidate


def _file(scheme: Scheme, facts: Mapping[str, str]) -> bytes:
    labels = {one.id: one.label["id"] for one in rules_of(current_version(scheme)).categories}
    told = {key: " ".join(str(facts.get(key) or "").split()) for key in HEADS}
    told["category"] = labels.get(told["category"], told["category"])
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    given = [key for key in HEADS if told[key]]
    writer.writerow([HEADS[key] for key in given])
    writer.writerow([told[key] for key in given])
    return stream.getvalue().encode()


def replace_heads(
    scheme: Scheme, pairs: Mapping[int, int], last_day: date, joins_on: date, basis: str, *, actor: Actor
) -> int:
    """Propose the change of office holders in one act: membership who leaves → candidate who comes in.

    All or nothing. Returns how many movements are new. Raises Refused("movement.…").
    """
    members = Membership.objects.filter(scheme=scheme, pk__in=pairs).select_related("person").in_bulk()
    comers = Candidate.objects.filter(roster__scheme=scheme, pk__in=pairs.values()).in_bulk()
    if not pairs or len(members) != len(pairs) or len(comers) != len(set(pairs.values())):
        raise Refused("movement.nobody_chosen")
    rows = [
        {"row": at, "nik": members[member].person.nik, "kind": "replaced", "happened_on": last_day, "basis": basis,
         "replacement": comers[comer].nik, "joins_on": joins_on}
        for at, (member, comer) in enumerate(pairs.items(), 1)
    ]  # fmt: skip
    return propose_movements(scheme, pl.DataFrame(rows, schema=ROW), source="person", name=basis, actor=actor)
