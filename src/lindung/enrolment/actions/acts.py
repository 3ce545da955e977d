"""Files of acts that come back, and the day until which offices mend what BPJS rejected."""

from __future__ import annotations

from datetime import date

from lindung.base.month import plausible
from lindung.base.refused import Refused
from lindung.enrolment.acts import ActFile
from lindung.enrolment.changes import Amendment
from lindung.enrolment.models import Batch, Determination
from lindung.registry import scans
from lindung.registry.access import actor_may
from lindung.registry.audit import Actor, recorded


def attach_act(
    act: Determination | Amendment, kind: str, name: str, content: bytes, *, actor: Actor
) -> ActFile:
    """Keep the signed scan of an act, or its text as it was corrected, with its hash; the same file twice is one.

    Raises Refused: `act.not_signed`, `scan.…`.
    """
    actor_may(actor, "determine", act.scheme)
    if kind not in dict(ActFile.KINDS) or (kind == "signed" and act.state != "signed"):
        raise Refused("act.not_signed")
    scans.check(name, content)
    of = {"determination": act} if isinstance(act, Determination) else {"amendment": act}
    with recorded(actor, "attach_act") as entry:
        file = scans.keep(name, content)
        found, _ = ActFile.objects.get_or_create(
            **of, file=file, defaults={"kind": kind, "name": name[-240:], "added_by": actor.user}
        )
        entry.about(act, sha256=file.sha256)
    return found


def set_deadline(batch: Batch, mend_by: date, *, actor: Actor) -> Batch:
    """Say until when the offices mend what BPJS rejected of a file. Raises Refused("rejection.deadline_before")."""
    actor_may(actor, "send_batch", batch.scheme)
    plausible(mend_by)
    if batch.answered_on is None or mend_by < batch.answered_on:
        answered = f"{batch.answered_on:%d-%m-%Y}" if batch.answered_on else "–"
        raise Refused("rejection.deadline_before", {"answered": answered})
    with recorded(actor, "set_deadline") as entry:
        Batch.objects.filter(pk=batch.pk).update(mend_by=mend_by)
        batch.mend_by = mend_by
        entry.about(batch, mend_by=mend_by.isoformat())
    return batch
