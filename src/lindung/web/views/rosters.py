"""Lists that offices send: upload, progress, findings, the annotated file, the proposal."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lindung.base.messages import hint, sentence
from lindung.base.refused import Refused
from lindung.enrolment import actions
from lindung.enrolment.actions.wages import minimum_wage
from lindung.enrolment.models import Finding, Roster
from lindung.enrolment.queries import finding_counts, findings_of, rosters_of
from lindung.intake.annotate import annotate
from lindung.intake.check import Checked, check
from lindung.registry import files
from lindung.registry.access import MAY, may, units_for
from lindung.registry.models import Scheme, Unit
from lindung.registry.queries import rules_of
from lindung.web import shown
from lindung.web.access import reads, signed_user, within_reach, writes
from lindung.web.downloads import attachment, kept
from lindung.web.forms import RosterForm, content
from lindung.web.kinds import kind
from lindung.web.pages import by_number
from lindung.web.views.common import done, given, one_of, shown_in, words_of, wrong
from lindung.web.views.work import left
from lindung.workflows import jobs
from lindung.workflows.models import Job
from lindung.workflows.slips import FROM_THE_CARD, slips


def _units(request: HttpRequest, scheme: Scheme) -> list[Unit]:
    return list(
        Unit.objects.filter(
            units_for(signed_user(request), scheme, MAY["upload"]), locality=scheme.locality_id
        ).order_by("kind", "name")
    )


def _acted_on(request: HttpRequest, scheme: Scheme, within: frozenset[str]) -> Any:
    """The lists within reach of the roles that may do something with them: who may look further may not act further."""
    user = signed_user(request)
    return within_reach(user, scheme, within, rosters_of(user, scheme), "sender")


@reads("rosters")
def rosters(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    user = signed_user(request)
    rows = rosters_of(user, scheme)
    state = given(request, "keadaan", dict(Roster.STATES))
    words = words_of(request)
    if state:
        rows = rows.filter(state=state)
    if words:
        rows = rows.filter(sender__name__icontains=words)
    page = {
        "page": by_number(request, rows),
        "states": Roster.STATES,
        "state": state,
        "words": words,
        "may_upload": may(user, "upload", scheme),
    }
    return render(request, "pages/rosters.html", page)


def upload_page(request: HttpRequest, scheme: Scheme, form: RosterForm | None = None) -> HttpResponse:
    units = _units(request, scheme)
    form = form or RosterForm(initial={"on": timezone.localdate(), "sender": units[0].code if units else ""})
    form.fields["sender"].choices = [(unit.code, unit.name) for unit in units]
    return render(request, "pages/roster_upload.html", {"form": form})


@reads("rosters", who_may="upload")
def upload(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    return upload_page(request, scheme)


@writes("upload", area="rosters")
def receive(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """Keep the file and queue its check."""
    units = {unit.code: unit for unit in _units(request, scheme)}
    form = RosterForm(request.POST, request.FILES)
    form.fields["sender"].choices = [(code, unit.name) for code, unit in units.items()]
    if form.is_valid():
        file = form.cleaned_data["file"]
        with shown_in(form):
            roster = actions.receive(
                scheme,
                units[form.cleaned_data["sender"]],
                file.name,
                content(file),
                form.cleaned_data["on"],
                actor=request.actor,
            )
            jobs.ask("check_roster", f"roster {roster.pk}", roster=roster.pk, actor=request.actor)
            return done(
                request,
                _("%(file)s was received and is being checked.") % {"file": file.name},
                _page(scheme, roster),
            )
    return wrong(upload_page, request, scheme, form)


def _page(scheme: Scheme, roster: Roster) -> str:
    return reverse("roster", kwargs={"slug": scheme.slug, "pk": roster.pk})


@reads("rosters")
def roster(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    """Progress while it is checked, then its findings with filter and search."""
    user = signed_user(request)
    record = one_of(rosters_of(user, scheme), pk)
    page: dict[str, Any] = {
        "roster": record,
        "may_propose": may(user, "propose", scheme),
        "may_upload": may(user, "upload", scheme),
    }
    if record.state in ("received", "checking"):
        page["job"] = (
            Job.objects.filter(kind="check_roster", subject=f"roster {record.pk}").order_by("-pk").first()
        )
        page["left"] = left(page["job"])
        return render(request, "pages/roster_wait.html", page)
    if record.refusal:
        page["refused"] = Refused(record.refusal["code"], record.refusal["args"])
    counts = finding_counts(record)
    severity = given(request, "berat", ("error", "warning"))
    code = given(request, "jenis", {code for code, _s, _n in counts})
    words = words_of(request)
    found = by_number(request, findings_of(record, severity=severity, code=code, words=words))
    page |= {
        "page": found,
        "rows": [(finding, *told(finding)) for finding in found.rows],
        "kinds": [(code_, kind(code_), n) for code_, _s, n in counts],
        "errors": sum(n for _c, s, n in counts if s == "error"),
        "warnings": sum(n for _c, s, n in counts if s == "warning"),
        "severity": severity,
        "code": code,
        "words": words,
        "bad": record.people - record.clean,
        "slips": any(code_ in FROM_THE_CARD for code_, _s, _n in counts),
        "mapping": _mapping(record.mapping),
    }
    if "wage" in record.mapping and minimum_wage(scheme, record.on) is None:
        told_of = {"region": scheme.locality.name.title(), "on": shown.day(record.on)}
        page["no_minimum"] = sentence("minimum_wages.unknown", told_of)
    return render(request, "pages/roster.html", page)


def _mapping(mapping: dict[str, str]) -> list[tuple[str, str]]:
    """(column, header) of every recognised column; the header is left out where it says the same."""
    names = {
        "nik": "NIK", "name": _("Name"), "birth_date": _("Date of birth"), "birth_place": _("Place of birth"), "sex": _("Sex"),
        "address": _("Address"), "rt": "RT", "rw": "RW", "kelurahan": _("Kelurahan"), "kecamatan": _("District"),
        "phone": _("Telephone"), "mother_name": _("Mother’s name"), "category": _("Category"), "occupation": _("Occupation"),
        "wage": _("Wage"), "employer": _("Employer’s name"), "start_date": _("Start date"), "kk_number": _("Family card number"),
        "bank_account": _("Bank account"),
    }  # fmt: skip
    told = [(names.get(column, column), " ".join(head.split())) for column, head in mapping.items()]
    return [(name, "" if head.casefold() == name.casefold() else head) for name, head in told]


def told(finding: Finding) -> tuple[str, str, str]:
    """What is wrong, what to do, and the cell's text (a NIK is masked)."""
    args = finding.args or {}
    value = finding.value or ""
    if finding.column == "nik" and sum(c.isdecimal() for c in value) >= 12:
        value = (
            shown.nik("".join(value.split())) if len("".join(value.split())) == 16 else f"{value[:4]} ••••"
        )
    masked = {
        k: shown.nik(v) if isinstance(v, str) and len(v) == 16 and v.isdecimal() else v
        for k, v in args.items()
    }
    return sentence(finding.code, masked), hint(finding.code, masked), value


@writes("propose", area="rosters")
def propose(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    record = one_of(_acted_on(request, scheme, MAY["propose"]), pk)
    actions.propose_roster(record, actor=request.actor)
    text = ngettext("%(n)s person was proposed.", "%(n)s people were proposed.", record.people) % {
        "n": shown.number(record.people)
    }
    return done(request, text, _page(scheme, record))


@writes("upload", area="rosters")
def withdraw(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    record = one_of(_acted_on(request, scheme, MAY["upload"]), pk)
    actions.withdraw_roster(record, actor=request.actor)
    return done(
        request,
        _("The list was taken back; the corrected file can be sent."),
        reverse("rosters", kwargs={"slug": scheme.slug}),
    )


@reads("rosters")
def original(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    return kept(request, one_of(rosters_of(signed_user(request), scheme), pk).file, "export_roster")


@reads("rosters")
def annotated(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    """The sender's own file with every note at its cell: to be mended and sent again."""
    record = one_of(rosters_of(signed_user(request), scheme), pk)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(record.file.name).name
        path.symlink_to(files.path_of(record.file))
        result = check([path], rules_of(record.version), record.on, fuzzy=False)[0]
        if result.error:
            raise result.error
        content = annotate(path, replace(result, findings=_kept(record, result)))
    name = record.file.name.rpartition(".")[0] or record.file.name
    return attachment(request, f"{name}-catatan.xlsx", content, "export_findings")


@reads("rosters")
def slip(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    """A page for every RT with whose NIK has to be read again from the card, as PDF."""
    user = signed_user(request)
    record = one_of(rosters_of(user, scheme), pk)
    paper = slips(record, user=user, at=timezone.now())
    return attachment(request, f"lembar-perbaikan-{record.pk}.pdf", paper.pdf(), "export_slips")


def _kept(record: Roster, result: Checked) -> pl.DataFrame:
    """The findings as they were when the list was checked: what the register says today is another matter."""
    columns = ("sheet", "row", "column", "code", "severity", "value", "args", "article", "proposal")
    kept = pl.DataFrame(
        [
            {
                **{name: getattr(finding, name) for name in columns},
                "args": json.dumps(finding.args) if finding.args else None,
            }
            for finding in findings_of(record)
        ],
        schema={name: pl.Int64 if name == "row" else pl.String for name in columns},
    )
    rows = result.rows.select("row_id", "sheet", pl.col("row").cast(pl.Int64))
    return kept.join(rows, on=["sheet", "row"], how="left", nulls_equal=True, maintain_order="left")
