"""Lists that offices send: upload, progress, findings, the annotated file, the proposal."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lindung.base.messages import hint, sentence
from lindung.base.refused import Refused
from lindung.enrolment import actions
from lindung.enrolment.actions.wages import minimum_wage
from lindung.enrolment.mending_queries import corrections_of, proposals_of
from lindung.enrolment.models import Finding, Roster
from lindung.enrolment.queries import finding_counts, findings_of, rosters_of
from lindung.intake.columns import CANONICAL
from lindung.registry import files
from lindung.registry.access import MAY, may, units_for
from lindung.registry.models import Scheme, Unit
from lindung.web import shown
from lindung.web.access import reads, signed_user, within_reach, writes
from lindung.web.downloads import attachment, kept
from lindung.web.forms import RosterForm, content
from lindung.web.kinds import column_name, kind
from lindung.web.pages import by_number
from lindung.web.views.common import done, given, one_of, shown_in, words_of, wrong
from lindung.web.views.mending import editing, told_corrections, within_upload
from lindung.web.views.work import asked, left
from lindung.workflows import jobs
from lindung.workflows.marked import AT_ONCE, marked, name_of, subject
from lindung.workflows.models import Job
from lindung.workflows.slips import FROM_THE_CARD, slips

LISTS = 50  # lists offered as the one that a file corrects


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


def _mended(request: HttpRequest, scheme: Scheme) -> dict[str, Roster]:
    """The lists that a corrected file may take the place of."""
    rows = within_upload(request, scheme).filter(state__in=["checked", "refused"])
    return {str(one.pk): one for one in rows[:LISTS]}


def _offer(form: RosterForm, units: list[Unit], mended: dict[str, Roster]) -> None:
    form.fields["sender"].choices = [(unit.code, unit.name) for unit in units]
    form.fields["replaces"].choices = [("", _("– a new list –"))] + [
        (pk, f"{one.file.name} · {one.sender.name} · {shown.moment(one.received_at)}")
        for pk, one in mended.items()
    ]


def upload_page(request: HttpRequest, scheme: Scheme, form: RosterForm | None = None) -> HttpResponse:
    units, mended = _units(request, scheme), _mended(request, scheme)
    if form is None:
        before = mended.get(request.GET.get("koreksi", ""))
        form = RosterForm(
            initial={
                "on": before.on if before else timezone.localdate(),
                "sender": before.sender.code if before else units[0].code if units else "",
                "replaces": str(before.pk) if before else "",
            }
        )
    _offer(form, units, mended)
    return render(request, "pages/roster_upload.html", {"form": form, "mended": mended})


@reads("rosters", who_may="upload")
def upload(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    return upload_page(request, scheme)


@writes("upload", area="rosters")
def receive(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """Keep the file and queue its check."""
    units = {unit.code: unit for unit in _units(request, scheme)}
    mended = _mended(request, scheme)
    form = RosterForm(request.POST, request.FILES)
    _offer(form, list(units.values()), mended)
    if form.is_valid():
        file = form.cleaned_data["file"]
        with shown_in(form):
            roster = actions.receive(
                scheme,
                units[form.cleaned_data["sender"]],
                file.name,
                content(file),
                form.cleaned_data["on"],
                replaces=mended.get(form.cleaned_data["replaces"]),
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
        "earlier": rosters_of(user, scheme)
        .filter(sender=record.sender, pk__lt=record.pk, state__in=["checked", "proposed"])
        .exists(),
        "replaced_by": record.corrected_by.exclude(state="refused").values_list("pk", flat=True).last(),
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
    mend = record.state == "checked" and within_upload(request, scheme).filter(pk=pk).exists()
    corrected = list(corrections_of(record, undone=False)[:1])
    page |= {
        "page": found,
        "may_mend": mend,
        "edit": editing(request, record, list(found.rows), mend),
        "kept_query": _without(request, "ubah"),
        "proposals": proposals_of(record, code).count() if mend and code else 0,
        "corrected": told_corrections(record, corrected),
        "corrections": corrections_of(record, undone=False).count() if corrected else 0,
        "rows": [(finding, *told(finding)) for finding in found.rows],
        "kinds": [(code_, kind(code_), n) for code_, _s, n in counts],
        "errors": sum(n for _c, s, n in counts if s == "error"),
        "warnings": sum(n for _c, s, n in counts if s == "warning"),
        "severity": severity,
        "code": code,
        "words": words,
        "bad": record.people - record.clean,
        "members": sum(n for code_, _s, n in counts if code_ == "eligibility.already_covered"),
        "slips": any(code_ in FROM_THE_CARD for code_, _s, _n in counts),
        "mapping": _mapping(record.mapping),
    }
    if "wage" in record.mapping and minimum_wage(scheme, record.on) is None:
        told_of = {"region": scheme.locality.name.title(), "on": shown.day(record.on)}
        page["no_minimum"] = sentence("minimum_wages.unknown", told_of)
    return render(request, "pages/roster.html", page)


def _without(request: HttpRequest, name: str) -> str:
    query = request.GET.copy()
    query.pop(name, None)
    return query.urlencode()


def _mapping(mapping: dict[str, str]) -> list[tuple[str, str]]:
    """(column, header) of every recognised column; the header is left out where it says the same."""
    told = [
        (column_name(column), " ".join(head.split()))
        for column, head in sorted(mapping.items(), key=lambda item: CANONICAL.index(item[0]))
    ]
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
    """The sender's own file with every note at its cell: to be mended and sent again. That of a long list is made in the
    background, once, and kept."""
    record = one_of(rosters_of(signed_user(request), scheme), pk)
    language = get_language() or "id"
    if record.people <= AT_ONCE:
        return attachment(request, name_of(record), marked(record, language), "export_findings")
    about = subject(record, language)
    made = Job.objects.filter(kind="mark_roster", subject=about, state="done", file__isnull=False).last()
    if made and made.file:
        return attachment(request, name_of(record), files.content(made.file), "export_findings")
    job = jobs.ask("mark_roster", about, scheme=scheme.pk, roster=pk, language=language, actor=request.actor)
    return asked(request, job)


@reads("rosters")
def slip(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    """A page for every RT with whose NIK has to be read again from the card, as PDF."""
    user = signed_user(request)
    record = one_of(rosters_of(user, scheme), pk)
    paper = slips(record, user=user, at=timezone.now())
    return attachment(request, f"lembar-perbaikan-{record.pk}.pdf", paper.pdf(), "export_slips")
