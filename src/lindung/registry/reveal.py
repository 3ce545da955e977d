"""What is masked everywhere is shown to one person, once, for a reason that stays in the audit trail."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from lindung.base.messages import N_
from lindung.base.refused import Refused
from lindung.registry.access import actor_may
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import AuditEntry, Person, User

FIELDS = {
    "nik": N_("NIK"),
    "kk_number": N_("Family card (KK) number"),
    "mother_name": N_("Mother’s maiden name"),
    "phone": N_("Telephone number"),
}
REASONS = {
    "document": N_("Compare with a document that lies before me"),
    "bpjs": N_("Answer a question of BPJS or another office"),
    "asked": N_("The person asks about their own data"),
    "claim": N_("Prepare a claim"),
    "mistake": N_("Look for a mistake in the record"),
    "audit": N_("Audit or inspection"),
}
PER_HOUR = 30


def reveal(person: Person, field: str, reason: str, words: str, *, actor: Actor) -> str:
    """The whole value of a masked field. The caller has found `person` within the user's reach.

    Raises Refused("role.missing", "reveal.reason", "reveal.too_often"): at most `PER_HOUR` an hour for each user.
    """
    actor_may(actor, "reveal")
    words = words.strip()
    if field not in FIELDS or reason not in REASONS or len(words) < 5:
        raise Refused("reveal.reason")
    with recorded(actor, "reveal") as entry:
        if actor.user:
            User.objects.select_for_update().get(pk=actor.user.pk)  # two windows are counted as one
            since = timezone.now() - timedelta(hours=1)
            if (
                AuditEntry.objects.filter(actor=actor.user, action="reveal", at__gte=since).count()
                >= PER_HOUR
            ):
                raise Refused("reveal.too_often", {"limit": PER_HOUR})
        entry.about(person, field=field, reason=reason, words=words)
    return str(getattr(person, field))
