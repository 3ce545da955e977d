"""Reads of the register of documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Min, Q, QuerySet

from lindung.registry.documents import OVER, FollowUp
from lindung.registry.models import Document, Scheme

WARNED = 60  # days before a document ends
SOON = 14  # days before something must be done


@dataclass(frozen=True)
class Due:
    """Something that ends or must be done: its scheme, document, what, and the day."""

    scheme: int
    document: Document
    text: str
    on: date
    ends: bool


def documents_of(
    scheme: Scheme, on: date, *, kind: str = "", state: str = "", words: str = ""
) -> QuerySet[Document]:
    """The register of a scheme. `state`: "ending" (within sixty days), "over", "late" (a follow-up is), "unscanned"."""
    rows = Document.objects.filter(scheme=scheme).annotate(
        scans=Count("files", distinct=True),
        open_follow_ups=Count("follow_ups", filter=Q(follow_ups__done_on=None), distinct=True),
        next_due=Min("follow_ups__due_on", filter=Q(follow_ups__done_on=None)),
    )
    if kind:
        rows = rows.filter(kind=kind)
    for word in words.split():
        rows = rows.filter(
            Q(number__icontains=word) | Q(title_id__icontains=word) | Q(parties__icontains=word)
        )
    over = Q(status__in=OVER) | Q(ends_on__lt=on)
    states = {
        "ending": ~Q(status__in=OVER) & Q(ends_on__range=(on, on + timedelta(days=WARNED))), "over": over,
        "late": Q(next_due__lt=on), "unscanned": Q(scans=0),
    }  # fmt: skip
    return rows.filter(states[state]) if state else rows


def due(schemes: Iterable[int], on: date) -> list[Due]:
    """What ends within sixty days or must be done within fourteen (or is late), the soonest first. Two queries."""
    reach = list(schemes)
    ending = Document.objects.filter(
        scheme__in=reach, ends_on__range=(on, on + timedelta(days=WARNED))
    ).exclude(status__in=OVER)
    found = [Due(one.scheme_id or 0, one, one.title_id, one.ends_on, True) for one in ending if one.ends_on]
    later = FollowUp.objects.filter(
        document__scheme__in=reach, done_on=None, due_on__lte=on + timedelta(days=SOON)
    ).select_related("document")
    found += [Due(one.document.scheme_id or 0, one.document, one.text, one.due_on, False) for one in later]
    return sorted(found, key=lambda one: (one.on, one.document.pk))
