"""Single changes to a membership: an end with its reason, a NIK read again from the card."""

from __future__ import annotations

from datetime import date, timedelta

from lindung import schemes
from lindung.base.month import plausible
from lindung.base.refused import Refused
from lindung.enrolment import pricing
from lindung.enrolment.models import Membership
from lindung.registry.access import actor_may
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import Person, Scheme, SchemeVersion
from lindung.registry.queries import current_version, rules_of

# why a membership ends; the words are shown, the keys are kept
END_REASONS = (
    "died",
    "moved",
    "became_asn",
    "left_office",
    "resigned",
    "double",
    "rejected_by_bpjs",
    "other_payer",
    "became_pppk",
    "contract_ended",
    "wage_changed",
)


def end_membership(membership: Membership, on: date, reason: str, *, actor: Actor) -> Membership:
    """End a membership on a day of it. Raises Refused("membership.not_ended", "membership.end_outside")."""
    actor_may(actor, "determine", membership.scheme)
    plausible(on)
    with recorded(actor, "end_membership") as entry:
        locked = Membership.objects.select_for_update().get(pk=membership.pk)
        if locked.end_reason:
            raise Refused(
                "membership.not_ended", {"on": locked.ends_on.strftime("%d-%m-%Y") if locked.ends_on else "…"}
            )
        if on < locked.starts_on or (locked.ends_on and on > locked.ends_on):
            until = f"{locked.ends_on:%d-%m-%Y}" if locked.ends_on else "…"
            raise Refused(
                "membership.end_outside",
                {"on": f"{on:%d-%m-%Y}", "from": f"{locked.starts_on:%d-%m-%Y}", "until": until},
            )
        locked.ends_on = on
        locked.end_reason = reason
        locked.save(update_fields=["ends_on", "end_reason"])
        entry.about(locked, reason=reason)
    return locked


def extend_memberships(scheme: Scheme, basis: str, *, actor: Actor) -> int:
    """Carry memberships that last to the end of an earlier period on to the end of the current one. Returns how many.

    The period is that of the category in the newest version of the scheme, where it goes on without a gap; the audit trail keeps the former end. Who left, or whose own
    contract ends earlier, stays as they are. Raises Refused("membership.no_longer_period") when no period is longer.
    """
    actor_may(actor, "determine", scheme)
    version = current_version(scheme)
    periods = _periods(rules_of(version))
    with recorded(actor, "extend_memberships") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
        extended, longer = 0, False
        for former in SchemeVersion.objects.filter(scheme=scheme).exclude(pk=version.pk).order_by("pk"):
            for category, (_, end) in _periods(rules_of(former)).items():
                first, until = periods.get(category, (None, None))
                if not end or not first or first > end + timedelta(days=1) or (until and until <= end):
                    continue
                longer = True
                extended += Membership.objects.filter(
                    scheme=scheme, version=former, category=category, ends_on=end, end_reason=None
                ).update(ends_on=until, version=version)
        if not longer:
            raise Refused("membership.no_longer_period")
        entry.about(scheme, members=extended, until=str(rules_of(version).period.until), basis=basis)
    return extended


def _periods(rules: schemes.Scheme) -> dict[str, tuple[date, date | None]]:
    """category → its first and its last day."""
    return {
        category: (first, until)
        for category, first, until in pricing.terms(rules).select("category", "first", "until").iter_rows()
    }


def correct_nik(person: Person, nik: str, *, actor: Actor) -> Person:
    """Replace a NIK that was read wrongly. Raises Refused("person.nik_form", "person.nik_taken")."""
    actor_may(actor, "review")
    if not (len(nik) == 16 and nik.isascii() and nik.isdigit()):
        raise Refused("person.nik_form", {"nik": nik[:40]})
    with recorded(actor, "correct_nik") as entry:
        if Person.objects.filter(nik=nik).exclude(pk=person.pk).exists():
            raise Refused("person.nik_taken", {"nik": nik[:4] + " •••• •••• " + nik[-4:]})
        Person.objects.filter(pk=person.pk).update(nik=nik)
        person.nik = nik
        entry.about(person)
    return person
