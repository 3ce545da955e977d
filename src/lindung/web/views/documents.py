"""The register of documents: regulations with their stages, agreements, circulars, their scans and what follows from them."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import polars as pl
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lindung.base.refused import Refused
from lindung.enrolment.acts import ActFile
from lindung.papers.tables import Column, Table, csv, xlsx
from lindung.registry import document_actions as act
from lindung.registry.access import may
from lindung.registry.document_queries import documents_of
from lindung.registry.documents import KINDS, STAGES, DocumentLink, FollowUp
from lindung.registry.models import Document, Scheme
from lindung.web.access import reads, signed_user, writes
from lindung.web.context import label
from lindung.web.downloads import attachment, kept
from lindung.web.forms import DayField, UploadField, content
from lindung.web.pages import by_number
from lindung.web.views.common import done, given, one_of, shown_in, words_of, wrong

STATES = {
    "ending": gettext_lazy("Ends soon"), "late": gettext_lazy("Something is late"),
    "unscanned": gettext_lazy("No scan yet"), "over": gettext_lazy("No longer counts"),
}  # fmt: skip
SORTS = ("tanggal", "-tanggal", "berakhir", "-berakhir")


class DocumentForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=list(KINDS.items()))
    title = forms.CharField(label=gettext_lazy("About"), max_length=300)
    number = forms.CharField(label=gettext_lazy("Number"), max_length=60, required=False)
    dated = DayField(label=gettext_lazy("Date"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("Stage"), choices=list(STAGES.items()))
    stage_on = DayField(label=gettext_lazy("Stage reached on"), required=False, help_text=gettext_lazy("Empty: the date of the document."))  # fmt: skip
    ends_on = DayField(label=gettext_lazy("Counts until"), required=False, help_text=gettext_lazy("Home warns sixty days before."))  # fmt: skip
    parties = forms.CharField(label=gettext_lazy("Parties"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="doc-%s", **kwargs)

    def facts(self) -> act.Facts:
        return act.Facts(**self.cleaned_data)


class FollowForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("What must be done"), max_length=240)
    due_on = DayField(label=gettext_lazy("Until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="todo-%s", **kwargs)


class FileForm(forms.Form):
    file = UploadField(label=gettext_lazy("Scan"), kinds=".pdf,.jpg,.jpeg,.png,.docx", help_text=gettext_lazy("PDF, JPEG, PNG or Word, up to 25 MB."))  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="file-%s", **kwargs)


def _asked(request: HttpRequest) -> dict[str, Any]:
    return {"kind": given(request, "jenis", KINDS), "state": given(request, "keadaan", STATES), "words": words_of(request), "sort": given(request, "urut", SORTS)}  # fmt: skip


def _found(scheme: Scheme, asked: dict[str, Any]) -> Any:
    rows = documents_of(scheme, timezone.localdate(), kind=asked["kind"], state=asked["state"], words=asked["words"])  # fmt: skip
    field = {"tanggal": "dated", "berakhir": "ends_on"}.get(asked["sort"].lstrip("-"), "dated")
    return rows.order_by(f"-{field}" if asked["sort"][:1] in ("-", "") else field, "-pk")


def list_page(request: HttpRequest, scheme: Scheme, form: DocumentForm | None = None) -> HttpResponse:
    asked = _asked(request)
    rows = by_number(request, _found(scheme, asked))
    acts = ActFile.objects.filter(kind="signed", determination__scheme=scheme) | ActFile.objects.filter(kind="signed", amendment__scheme=scheme)  # fmt: skip
    page = {
        "page": rows, "rows": [(one, KINDS.get(one.kind, one.kind), STAGES.get(one.status, one.status)) for one in rows.rows],
        "asked": asked, "kinds": KINDS.items(), "states": STATES.items(), "form": form or DocumentForm(),
        "may_keep": may(signed_user(request), "keep_documents", scheme), "adding": form is not None,
        "acts": acts.select_related("file", "determination", "amendment").order_by("-pk")[:20],
    }  # fmt: skip
    return render(request, "pages/documents.html", page)


@reads("documents")
def documents(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    return list_page(request, scheme)


@reads("documents")
def list_file(request: HttpRequest, scheme: Scheme, kind: str) -> HttpResponse:
    """The register as it is filtered."""
    if kind not in ("xlsx", "csv"):
        raise Refused("record.not_found")
    told = [
        {"kind": KINDS.get(one.kind, one.kind), "number": one.number, "dated": one.dated, "title": one.title_id, "parties": one.parties,
         "status": str(STAGES.get(one.status, one.status)), "ends_on": one.ends_on, "scans": one.scans, "todo": one.open_follow_ups, "due": one.next_due}
        for one in _found(scheme, _asked(request))
    ]  # fmt: skip
    columns = (
        Column("kind", _("Kind"), width=34), Column("number", _("Number"), width=34), Column("dated", _("Date"), "date", 22),
        Column("title", _("About"), width=80), Column("parties", _("Parties"), width=50), Column("status", _("Stage"), width=26),
        Column("ends_on", _("Counts until"), "date", 22), Column("scans", _("Scans"), "number", 16), Column("todo", _("To be done"), "number", 16),
        Column("due", _("Next until"), "date", 22),
    )  # fmt: skip
    types = {"date": pl.Date, "number": pl.Int64}
    frame = pl.DataFrame(told, schema={c.key: types.get(c.kind, pl.String) for c in columns})
    title = (_("Documents of %(scheme)s") % {"scheme": " · ".join(label(scheme))},)
    table = Table(columns, frame, _("Documents"), title)
    return attachment(request, f"dokumen-{scheme.slug}.{kind}", xlsx([table]) if kind == "xlsx" else csv(table), "export_documents")  # fmt: skip


@writes("keep_documents", area="documents")
def add(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    form = DocumentForm(request.POST)
    if form.is_valid():
        with shown_in(form):
            made = act.keep_document(scheme, form.facts(), actor=request.actor)
            return done(request, _("In the register. Add its scan and what follows from it."), _place(scheme, made))  # fmt: skip
    return wrong(list_page, request, scheme, form)


def _place(scheme: Scheme, one: Document) -> str:
    return reverse("document", kwargs={"slug": scheme.slug, "pk": one.pk})


def page_of(request: HttpRequest, scheme: Scheme, pk: int, told: str = "", **forms_: forms.Form) -> HttpResponse:  # fmt: skip
    one = one_of(Document.objects.filter(scheme=scheme), pk)
    initial = {
        "kind": one.kind, "title": one.title_id, "number": one.number, "dated": one.dated, "status": one.status,
        "ends_on": one.ends_on, "parties": one.parties,
    }  # fmt: skip
    today = timezone.localdate()
    others = Document.objects.filter(scheme=scheme).exclude(pk=pk).order_by("-dated", "pk")[:200]
    page = {
        "one": one, "kind": KINDS.get(one.kind, one.kind), "stage": STAGES.get(one.status, one.status), "today": today,
        "ends": (one.ends_on - today).days if one.ends_on else None, "stages": one.stages.order_by("on", "pk"),
        "scans": one.files.select_related("file", "added_by").order_by("-pk"), "todo": one.follow_ups.select_related("done_by").order_by("done_on", "due_on"),
        "links": one.links.select_related("other"), "linked": one.linked_from.select_related("document"),
        "others": [(other.pk, f"{KINDS.get(other.kind, other.kind)} {other.number} {other.title_id}"[:120]) for other in others],
        "tie_kinds": DocumentLink.KINDS, "may_keep": may(signed_user(request), "keep_documents", scheme), "told": told,
        "form": forms_.get("form") or DocumentForm(initial=initial), "follow": forms_.get("follow") or FollowForm(),
        "file_form": forms_.get("file_form") or FileForm(), "editing": "form" in forms_,
    }  # fmt: skip
    return render(request, "pages/document.html", page)


@reads("documents")
def document(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    return page_of(request, scheme, pk)


def _one(scheme: Scheme, pk: int) -> Document:
    found: Document = one_of(Document.objects.filter(scheme=scheme).select_related("scheme"), pk)
    return found


@writes("keep_documents", area="documents")
def change(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    one, form = _one(scheme, pk), DocumentForm(request.POST)
    if form.is_valid():
        with shown_in(form):
            act.keep_document(scheme, form.facts(), document=one, actor=request.actor)
            return done(request, _("Changed; what stood before is in its history."), _place(scheme, one))
    return wrong(page_of, request, scheme, pk, form=form)


@writes("keep_documents", area="documents")
def attach(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    one, form = _one(scheme, pk), FileForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        with shown_in(form):
            act.attach(one, file.name, content(file), actor=request.actor)
            return done(request, _("Kept with its hash."), _place(scheme, one))
    return wrong(page_of, request, scheme, pk, file_form=form)


@reads("documents")
def scan(request: HttpRequest, scheme: Scheme, pk: int, file: int) -> HttpResponse:
    return kept(request, one_of(_one(scheme, pk).files, file).file, "export_document")


@writes("keep_documents", area="documents")
def compare(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    """Whether a file at hand is, byte for byte, one of those kept here."""
    one, form = _one(scheme, pk), FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return wrong(page_of, request, scheme, pk, file_form=form)
    digest = hashlib.sha256(content(form.cleaned_data["file"])).hexdigest()
    same = one.files.filter(file__sha256=digest).first()
    return page_of(request, scheme, pk, told=_("Same as %(file)s, byte for byte.") % {"file": same.name} if same else _("Not one of the files kept here; its hash is %(hash)s.") % {"hash": digest})  # fmt: skip


@writes("keep_documents", area="documents")
def tie(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    one, other = _one(scheme, pk), request.POST.get("other", "")
    target = _one(scheme, int(other) if other.isdecimal() and len(other) < 19 else 0)
    act.tie(one, request.POST.get("kind", ""), target, actor=request.actor)
    return done(request, _("Tied together."), _place(scheme, one))


@writes("keep_documents", area="documents")
def untie(request: HttpRequest, scheme: Scheme, pk: int, link: int) -> HttpResponse:
    one = _one(scheme, pk)
    act.untie(one_of(one.links.select_related("other"), link), actor=request.actor)
    return done(request, _("No longer tied together."), _place(scheme, one))


@writes("keep_documents", area="documents")
def follow_up(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    one, form = _one(scheme, pk), FollowForm(request.POST)
    if form.is_valid():
        with shown_in(form):
            act.follow_up(one, form.cleaned_data["text"], form.cleaned_data["due_on"], actor=request.actor)
            return done(request, _("Noted; home tells of it fourteen days before."), _place(scheme, one))
    return wrong(page_of, request, scheme, pk, follow=form)


@writes("keep_documents", area="documents")
def follow_up_done(request: HttpRequest, scheme: Scheme, pk: int, todo: int) -> HttpResponse:
    """Done today, or not done after all."""
    one = _one(scheme, pk)
    step: FollowUp = one_of(one.follow_ups.select_related("document__scheme"), todo)
    on: date | None = timezone.localdate() if request.POST.get("done") == "1" else None
    act.follow_up_done(step, on, actor=request.actor)
    return done(request, _("Done.") if on else _("Still to be done."), _place(scheme, one))
