"""The papers of the work in the order of the work: what each is for, and where it is made."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lindung.base.refused import Refused
from lindung.enrolment.models import Roster
from lindung.enrolment.queries import batches_of, determinations_of
from lindung.papers.paper import Paper
from lindung.papers.tables import xlsx
from lindung.registry.access import SEES, may
from lindung.registry.models import Scheme
from lindung.web.access import can, reads, signed_user, within_reach
from lindung.web.context import looking_on
from lindung.web.downloads import attachment
from lindung.web.views.common import one_of
from lindung.workflows import collecting, recaps
from lindung.workflows.exchange import batch_letter

GIVEN = 14  # days that offices get to send their lists


def _list(scheme: Scheme, may_ask: bool) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    """(number, name, area, links) of every paper; links go to the file, or to the page that makes it."""
    at = {"slug": scheme.slug}

    def page(name: str) -> list[tuple[str, str]]:
        return [(_("Open the page"), reverse(name, kwargs=at))]

    def file(name: str, kinds: tuple[str, ...]) -> list[tuple[str, str]]:
        return [(kind.upper(), reverse(name, kwargs={**at, "kind": kind})) for kind in kinds]

    text = ("docx", "pdf")
    return [
        ("1", _("Letter that asks for data"), "rosters", file("paper-request", text) if may_ask else []),
        ("2", _("Form of the proposal list"), "rosters", [("XLSX", reverse("paper-form", kwargs=at))]),
        ("3", _("Covering letter and SPTJM of a list"), "rosters", page("rosters")),
        ("4", _("Slip per RT of what is to be mended"), "rosters", page("rosters")),
        ("5–7", _("Check files for Disdukcapil, Dinsos and BPJS"), "checks", page("checks")),
        ("8", _("Berita Acara Verifikasi"), "checks", page("checks")),
        ("9", _("Nota dinas of a determination"), "determinations", page("determinations")),
        ("10", _("Decree with annexes, full and masked"), "determinations", page("determinations")),
        ("11", _("Minutes of changes and amendments"), "amendments", page("amendments")),
        ("12", _("PKS and adendum, kept as signed"), "documents", page("documents")),
        ("13", _("Letter to BPJS with its files"), "batches", page("batches")),
        ("14", _("Recap of rejections"), "rejections", page("rejections")),
        ("22–23", _("Receipts and ceremony pack"), "cards", page("ceremony")),
        ("24", _("Recap per office"), "coverage", file("paper-recap-units", ("xlsx",)) if may_ask else []),
        ("25", _("Recap of kelurahan and category"), "coverage", file("paper-recap-places", ("xlsx",)) if may_ask else []),
        ("26", _("Report of movements"), "movements", page("movements")),
    ]  # fmt: skip


@reads("schemes")
def papers(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    user = signed_user(request)
    rows = [one for one in _list(scheme, may(user, "determine", scheme)) if can(user, one[2], scheme)]
    return render(request, "pages/papers.html", {"rows": rows})


def _paper(request: HttpRequest, made: Paper, name: str, kind: str, what: str) -> HttpResponse:
    if kind not in ("docx", "pdf", "xlsx"):
        raise Refused("record.not_found")
    return attachment(request, f"{name}.{kind}", getattr(made, kind)(), what)


@reads("rosters", who_may="determine")
def request_letter(request: HttpRequest, scheme: Scheme, kind: str) -> HttpResponse:
    """1. Surat permintaan data, due in two weeks."""
    until = timezone.localdate() + timedelta(days=GIVEN)
    made = collecting.request_letter(scheme, until, user=signed_user(request), at=timezone.now())
    return _paper(request, made, f"permintaan-data-{scheme.slug}", kind, "export_request")


@reads("rosters")
def form(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """2. Format daftar usulan."""
    return attachment(request, f"format-usulan-{scheme.slug}.xlsx", collecting.roster_form(scheme), "export_form")  # fmt: skip


@reads("rosters")
def cover(request: HttpRequest, scheme: Scheme, pk: int, kind: str) -> HttpResponse:
    """3. Surat pengantar and SPTJM of one list."""
    rows = Roster.objects.filter(scheme=scheme).select_related("scheme", "version", "sender")
    record = one_of(within_reach(signed_user(request), scheme, SEES["rosters"], rows, "sender"), pk)
    made = collecting.cover_letter(record, user=signed_user(request), at=timezone.now())
    return _paper(request, made, f"pengantar-{scheme.slug}-{pk}", kind, "export_cover")


@reads("determinations", who_may="determine")
def memo(request: HttpRequest, scheme: Scheme, pk: int, kind: str) -> HttpResponse:
    """9. Nota dinas of one determination."""
    record = one_of(determinations_of(scheme), pk)
    record.scheme = scheme  # read already, with its place
    made = collecting.memo(record, user=signed_user(request), at=timezone.now())
    return _paper(request, made, f"nota-dinas-{scheme.slug}-{pk}", kind, "export_memo")


@reads("batches", who_may="send_batch")
def letter(request: HttpRequest, scheme: Scheme, pk: int, kind: str) -> HttpResponse:
    """13. Surat pengantar of one file; after the answer it says how many rows were valid."""
    record = one_of(batches_of(scheme), pk)
    record.scheme = scheme
    made = batch_letter([record], user=signed_user(request), at=timezone.now())
    return _paper(request, made, f"pengantar-bpjs-{scheme.slug}-{pk}", kind, "export_batch_letter")


@reads("coverage", who_may="determine")
def units(request: HttpRequest, scheme: Scheme, kind: str) -> HttpResponse:
    """24. Rekap per PD."""
    made = recaps.units_recap(scheme, looking_on(request, scheme))
    return attachment(request, f"rekap-pd-{scheme.slug}.{_workbook(kind)}", xlsx([made]), "export_recap")


@reads("coverage", who_may="determine")
def places(request: HttpRequest, scheme: Scheme, kind: str) -> HttpResponse:
    """25. Rekap kelurahan × kategori."""
    made = recaps.places_recap(scheme, looking_on(request, scheme))
    return attachment(request, f"rekap-kelurahan-{scheme.slug}.{_workbook(kind)}", xlsx([made]), "export_recap")  # fmt: skip


def _workbook(kind: str) -> str:
    if kind != "xlsx":
        raise Refused("record.not_found")
    return kind
