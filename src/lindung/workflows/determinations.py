"""A determination is approved only within what is left of each payer's budget."""

from __future__ import annotations

from lindung.contributions.queries import left_by_unit
from lindung.enrolment import actions
from lindung.enrolment.models import Determination
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import Scheme


def approve(determination: Determination, *, actor: Actor) -> Determination:
    """Approve in one transaction with the budgets read. Raises Refused("determination.over_budget", …)."""
    with recorded(actor, "approve_within_budget") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=determination.scheme_id)
        left = left_by_unit(determination.scheme, determination.starts_on.year)
        actions.approve_determination(determination, actor=actor, left=left)
        entry.about(determination)
    return determination
