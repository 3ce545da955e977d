"""What a person does with the register of documents. A follow-up done and a tie made can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError

from lindung.base.month import plausible
from lindung.base.refused import Refused
from lindung.registry import scans
from lindung.registry.access import actor_may
from lindung.registry.audit import Actor, recorded
from lindung.registry.documents import KINDS, STAGES, DocumentFile, DocumentLink, DocumentStage, FollowUp
from lindung.registry.models import Document, Scheme


@dataclass(frozen=True)
class Facts:
    """What stands on a document. `number` is empty while it has none; `stage_on` is the day its stage was reached."""

    kind: str
    title: str
    status: str
    number: str = ""
    dated: date | None = None
    ends_on: date | None = None
    parties: str = ""
    stage_on: date | None = None


def keep_document(
    scheme: Scheme, facts: Facts, *, document: Document | None = None, actor: Actor
) -> Document:
    """Enter a document into the register, or change what is told of one.

    Raises Refused: `document.kind`, `document.ends_before`, `document.known` (kind, number and year once a scheme).
    """
    actor_may(actor, "keep_documents", scheme)
    if facts.kind not in KINDS or facts.status not in STAGES:
        raise Refused("document.kind")
    for day in (facts.dated, facts.ends_on, facts.stage_on):
        if day:
            plausible(day)
    if facts.dated and facts.ends_on and facts.ends_on < facts.dated:
        raise Refused("document.ends_before")
    told = {
        "kind": facts.kind, "number": facts.number.strip(), "year": facts.dated.year if facts.dated else None,
        "dated": facts.dated, "ends_on": facts.ends_on, "parties": facts.parties.strip(), "status": facts.status,
        "title_id": facts.title.strip(),
    }  # fmt: skip
    try:
        with recorded(actor, "keep_document") as entry:
            if document is None:
                document = Document.objects.create(scheme=scheme, **told)
            else:
                Document.objects.filter(pk=document.pk, scheme=scheme).update(**told)
                document.refresh_from_db()
            if reached := facts.stage_on or facts.dated:
                DocumentStage.objects.update_or_create(
                    document=document, status=facts.status, defaults={"on": reached}
                )
            entry.about(document)
    except IntegrityError:
        raise Refused("document.known", {"number": facts.number}) from None
    return document


def attach(document: Document, name: str, content: bytes, *, actor: Actor) -> DocumentFile:
    """Keep a scan with its document; the same file twice is one. Raises Refused("scan.…")."""
    actor_may(actor, "keep_documents", document.scheme)
    scans.check(name, content)
    with recorded(actor, "attach_scan") as entry:
        file = scans.keep(name, content)
        found, _ = DocumentFile.objects.get_or_create(
            document=document, file=file, defaults={"name": name[-240:], "added_by": actor.user}
        )
        entry.about(document, sha256=file.sha256)
    return found


def tie(document: Document, kind: str, other: Document, *, actor: Actor) -> DocumentLink:
    """Say what a document does to another of the same scheme. Raises Refused("document.tie")."""
    actor_may(actor, "keep_documents", document.scheme)
    if (
        kind not in dict(DocumentLink.KINDS)
        or other.pk == document.pk
        or other.scheme_id != document.scheme_id
    ):
        raise Refused("document.tie")
    with recorded(actor, "tie_document") as entry:
        found, _ = DocumentLink.objects.get_or_create(document=document, kind=kind, other=other)
        entry.about(document, other)
    return found


def untie(link: DocumentLink, *, actor: Actor) -> None:
    actor_may(actor, "keep_documents", link.document.scheme)
    with recorded(actor, "untie_document") as entry:
        entry.about(link.document, link.other)
        link.delete()


def follow_up(document: Document, text: str, due_on: date, *, actor: Actor) -> FollowUp:
    """Note what must be done because of a document."""
    actor_may(actor, "keep_documents", document.scheme)
    plausible(due_on)
    with recorded(actor, "plan_follow_up") as entry:
        made = FollowUp.objects.create(document=document, text=text.strip()[:240], due_on=due_on)
        entry.about(document)
    return made


def follow_up_done(one: FollowUp, on: date | None, *, actor: Actor) -> FollowUp:
    """Say that it was done, or (`on` None) that it was not."""
    actor_may(actor, "keep_documents", one.document.scheme)
    with recorded(actor, "finish_follow_up") as entry:
        one.done_on, one.done_by = on, actor.user if on else None
        one.save(update_fields=["done_on", "done_by"])
        entry.about(one.document)
    return one
