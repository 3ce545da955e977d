"""A month's minutes of changes, and the Perubahan Kesatu, Kedua … atas Keputusan that collect them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.db.models import Max
from django.utils import timezone

from lindung.base.month import Month
from lindung.base.refused import Refused
from lindung.enrolment import frames as enrolment_frames
from lindung.enrolment.changes import NOTICES, Amendment, AmendmentLine
from lindung.enrolment.models import Determination
from lindung.enrolment.states import change
from lindung.papers.paper import Signatory
from lindung.registry import audit, frames
from lindung.registry.access import actor_may
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import Scheme
from lindung.registry.queries import current_version, rules_of


def prepare_minutes(scheme: Scheme, through: date, *, as_of: date | None = None, actor: Actor) -> Amendment:
    """Berita Acara Perubahan Data: every confirmed movement up to a day that stands in no minutes yet.

    `as_of` is the day of the recap after the change: the first of the next month when left out, within the period.
    Raises Refused("amendment.no_decree", "amendment.nothing").
    """
    return _prepare(scheme, "minutes", through, as_of, actor)


def prepare_amendment(scheme: Scheme, through: date, *, as_of: date | None = None, actor: Actor) -> Amendment:
    """Perubahan Kesatu, Kedua …: every movement of minutes signed up to a day that stands in no amendment yet.

    Raises Refused("amendment.no_decree", "amendment.nothing").
    """
    return _prepare(scheme, "amendment", through, as_of, actor)


def _prepare(scheme: Scheme, kind: str, through: date, as_of: date | None, actor: Actor) -> Amendment:
    actor_may(actor, "determine", scheme)
    with recorded(actor, f"prepare_{kind}") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
        rules = rules_of(current_version(scheme))
        amended = (
            Determination.objects.filter(scheme=scheme, track="decree", state="signed")
            .order_by("sequence")
            .first()
        )
        if not amended:
            raise Refused("amendment.no_decree")
        rows = _movements(scheme, kind, through, [c.id for c in rules.categories if c.track == "decree"])
        if rows.is_empty():
            raise Refused("amendment.nothing", {"through": f"{through:%d-%m-%Y}"})
        day = as_of or Month.of(through).last + timedelta(days=1)
        if rules.period.until:
            day = min(day, rules.period.until)
        kept = Amendment.objects.filter(scheme=scheme, kind=kind).exclude(state="cancelled")
        made = Amendment.objects.create(
            scheme=scheme,
            kind=kind,
            sequence=(kept.aggregate(n=Max("sequence"))["n"] or 0) + 1,
            determination=amended,
            through=through,
            as_of=day,
            changes=rows.height
            - rows.filter(pl.col("replaces_id").is_in(rows["leaves_id"].drop_nulls().to_list())).height,
            left=rows["leaves_id"].count(),
            joined=rows.filter(kind="joined").height,
            people=enrolment_frames.members_on(scheme, day).height,
            prepared_by=actor.user,
        )
        frames.write(
            AmendmentLine, rows.select("movement_id", kind=pl.lit(kind), amendment_id=pl.lit(made.pk))
        )
        entry.about(made, changes=made.changes, people=made.people)
    return made


def _movements(scheme: Scheme, kind: str, through: date, categories: list[str]) -> pl.DataFrame:
    """movement_id, kind, leaves_id (the membership that ends), replaces_id of what goes into the paper."""
    source = (
        "v.confirmed_on <= %s"
        if kind == "minutes"
        else """exists (select from enrolment_amendmentline l join enrolment_amendment a on a.id = l.amendment_id
                        where l.movement_id = v.id and l.kind = 'minutes' and a.state = 'signed' and a.dated <= %s)"""
    )
    return frames.read(
        f"""select v.id, v.kind, case when v.kind <> 'wage_changed' then v.membership_id end, v.replaces_id
            from enrolment_movement v left join enrolment_membership m on m.id = coalesce(v.membership_id, v.successor_id)
            where v.scheme_id = %s and v.state = 'confirmed' and not v.kind = any(%s) and v.outcome <> 'determination'
              and m.category = any(%s) and {source}
              and not exists (select from enrolment_amendmentline l where l.movement_id = v.id and l.kind = %s)
            order by v.id""",  # noqa: S608 (one of two conditions above)
        [scheme.pk, list(NOTICES), categories, through, kind],
        {"movement_id": pl.Int64, "kind": pl.String, "leaves_id": pl.Int64, "replaces_id": pl.Int64},
    )


def sign_amendment(
    amendment: Amendment, number: str, dated: date, signer: Mapping[str, Any], *, actor: Actor
) -> Amendment:
    """Record number, date and who signed: the fields of `papers.paper.Signatory` (a.n. and u.b. included).

    Raises Refused("record.changed") when it is signed or cancelled already, ("amendment.signer").
    """
    actor_may(actor, "determine", amendment.scheme)
    try:
        Signatory(**signer)
    except TypeError:
        raise Refused("amendment.signer") from None
    with recorded(actor, "sign_amendment") as entry:
        change(
            amendment, "sign", number=number, dated=dated, signer=dict(signer), signed_by=actor.user,
            signed_at=timezone.now(), audit_head=audit.head(),
        )  # fmt: skip
        entry.about(amendment)
    return amendment


def cancel_amendment(amendment: Amendment, *, actor: Actor) -> Amendment:
    """Take back a paper that is not signed; its movements wait for the next one."""
    actor_may(actor, "determine", amendment.scheme)
    with recorded(actor, "cancel_amendment") as entry:
        change(amendment, "cancel")
        AmendmentLine.objects.filter(amendment=amendment).delete()
        entry.about(amendment)
    return amendment
