"""The decree or the appointment: proposed, verified, approved and signed by different people, and its papers."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lindung.base.refused import Refused
from lindung.contributions.queries import left_by_unit
from lindung.enrolment import actions
from lindung.enrolment.models import Check, Determination, DeterminationLine
from lindung.enrolment.queries import determinations_of, payers_of
from lindung.enrolment.states import can
from lindung.registry.access import may
from lindung.registry.models import Scheme, Unit, User
from lindung.registry.queries import current_version, rules_of, unit_called
from lindung.web import shown
from lindung.web.access import AREAS, reads, signed_user, within_reach, writes
from lindung.web.downloads import attachment, kept
from lindung.web.forms import SignForm, content
from lindung.web.pages import by_number
from lindung.web.views.amendments import ScanForm
from lindung.web.views.common import done, one_of, shown_in, wrong
from lindung.web.views.work import MANY, asked
from lindung.workflows import determinations as workflow
from lindung.workflows import jobs
from lindung.workflows.papers import decree_paper


def _within(request: HttpRequest, scheme: Scheme) -> Any:
    """City-wide roles see every determination; a head of office those of its own office."""
    return within_reach(
        signed_user(request), scheme, AREAS["determinations"], determinations_of(scheme), "unit"
    )


@reads("determinations")
def determinations(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    user = signed_user(request)
    rules = rules_of(current_version(scheme))
    tracks = sorted({category.track for category in rules.categories}, reverse=True)
    page: dict[str, Any] = {
        "page": by_number(request, _within(request, scheme)),
        "may_propose": may(user, "determine", scheme),
    }
    if page["may_propose"]:
        page["ready"] = _ready(scheme, rules)
        named = dict(rules.checks)
        page["checkers"] = [(value, text, named.get(value)) for value, text in Check.CHECKERS]
        page["named"] = bool(named)
        page["tracks"] = tracks
    return render(request, "pages/determinations.html", page)


def _ready(scheme: Scheme, rules: Any) -> list[tuple[str, str, str, int]]:
    """(track, unit code, unit name, people) who were accepted and stand in no determination."""
    tracks = {category.id: category.track for category in rules.categories}
    from lindung.enrolment.models import Candidate

    rows = (
        Candidate.objects.filter(roster__scheme=scheme, review="accepted", line__isnull=True)
        .values_list("category", "roster__sender__code", "roster__sender__name")
        .annotate(n=Count("pk"))
    )
    found: dict[tuple[str, str, str], int] = {}
    for category, code, name, n in rows:
        track = tracks.get(category, rules.track)
        key = (track, code, name) if track == "appointment" else (track, "", "")
        found[key] = found.get(key, 0) + n
    return [(*key, n) for key, n in sorted(found.items())]


@writes("determine", area="determinations")
def propose(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    code = request.POST.get("unit", "")
    made = actions.propose_determination(
        scheme,
        track=request.POST.get("track") or None,
        unit=unit_called(scheme, code) if code else None,
        checkers=[c for c in request.POST.getlist("checker") if c in dict(Check.CHECKERS)],
        within=int(days) if (days := request.POST.get("within", "")).isdecimal() and len(days) < 5 else None,
        actor=request.actor,
    )
    text = ngettext(
        "%(n)s person was proposed for determination.",
        "%(n)s people were proposed for determination.",
        made.people,
    )
    return done(request, text % {"n": shown.number(made.people)}, _place(scheme, made))


def _place(scheme: Scheme, record: Determination) -> str:
    return reverse("determination", kwargs={"slug": scheme.slug, "pk": record.pk})


def page_of(
    request: HttpRequest, scheme: Scheme, pk: int, form: SignForm | None = None, scan: ScanForm | None = None
) -> HttpResponse:
    user = signed_user(request)
    record = one_of(_within(request, scheme), pk)
    lines = (
        DeterminationLine.objects.filter(determination=record)
        .select_related("candidate", "unit", "candidate__kelurahan")
        .order_by("number")
    )
    left = left_by_unit(scheme, record.starts_on.year)
    payers = [
        {"name": name, "people": n, "monthly": monthly, "need": need, "left": left.get(unit),
         "short": max(need - left[unit], 0) if unit in left else 0}
        for unit, name, n, monthly, need in payers_of(record)
    ]  # fmt: skip
    labels = {c.id: c.label[get_language() or "id"] for c in rules_of(record.version).categories}
    rows = by_number(request, lines)
    page = {
        "record": record, "page": rows, "rows": [(line, labels.get(line.category, line.category)) for line in rows.rows],
        "payers": payers, "months": record.months, "steps": _steps(record), "moves": _moves(user, record),
        "form": form or SignForm(initial={"dated": timezone.localdate(), "signer": ""}),
        "decree": record.track == "decree", "act_files": record.act_files.select_related("file", "added_by") if may(user, "history", scheme) else [],
        "scan": scan or ScanForm(), "may_attach": may(user, "determine", scheme),
    }  # fmt: skip
    return render(request, "pages/determination.html", page)


@reads("determinations")
def determination(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    return page_of(request, scheme, pk)


def _steps(record: Determination) -> list[tuple[str, User | None, Any, bool]]:
    """(step, by whom, when, done)"""
    signed = record.state == "signed"
    return [
        (_("Proposed"), record.proposed_by, record.proposed_at, True),
        (_("Verified"), record.verified_by, record.verified_at, bool(record.verified_by_id)),
        (_("Approved"), record.approved_by, record.approved_at, bool(record.approved_by_id)),
        (_("Signed"), None, record.dated if signed else None, signed),
    ]


def _moves(user: User, record: Determination) -> dict[str, str]:
    """Each step that is next: empty when the user may do it, else the reason why not."""
    found: dict[str, str] = {}
    scheme = record.scheme
    if can(record, "verify") and may(user, "verify", scheme):
        found["verify"] = (
            _("You proposed it; somebody else must verify it.") if user.pk == record.proposed_by_id else ""
        )
    if can(record, "approve") and may(user, "approve", scheme):
        own = user.pk in (record.proposed_by_id, record.verified_by_id)
        found["approve"] = _("You proposed or verified it; somebody else must approve it.") if own else ""
    if may(user, "determine", scheme):
        if can(record, "sign"):
            found["sign"] = ""
        if can(record, "cancel"):
            found["cancel"] = ""
    return found


@writes("verify", area="determinations")
def verify(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    record = actions.verify_determination(one_of(_within(request, scheme), pk), actor=request.actor)
    return done(request, _("Verified. It can be approved now."), _place(scheme, record))


@writes("approve", area="determinations")
def approve(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    record = workflow.approve(one_of(_within(request, scheme), pk), actor=request.actor)
    return done(request, _("Approved, within the budget of every payer."), _place(scheme, record))


@writes("determine", area="determinations")
def cancel(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    actions.cancel_determination(one_of(_within(request, scheme), pk), actor=request.actor)
    return done(
        request,
        _("Taken back; its people wait again."),
        reverse("determinations", kwargs={"slug": scheme.slug}),
    )


@writes("determine", area="determinations")
def sign(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    record = one_of(_within(request, scheme), pk)
    form = SignForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        with shown_in(form):
            made = actions.sign_determination(
                record, told["number"], told["dated"], told["signer"], actor=request.actor
            )
            text = ngettext("%(n)s person became a member.", "%(n)s people became members.", made) % {
                "n": shown.number(made)
            }
            return done(request, text, _place(scheme, record))
    return wrong(page_of, request, scheme, pk, form)


@writes("determine", area="determinations")
def attach(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    """The signed scan, or the text as the legal office corrected it."""
    record, form = one_of(_within(request, scheme), pk), ScanForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        with shown_in(form):
            actions.attach_act(
                record, form.cleaned_data["kind"], file.name, content(file), actor=request.actor
            )
            return done(request, _("Kept with its hash."), _place(scheme, record))
    return wrong(page_of, request, scheme, pk, None, form)


@reads("determinations", who_may="history")
def act_file(request: HttpRequest, scheme: Scheme, pk: int, file: int) -> HttpResponse:
    """A scan names people in full: for those who may see the history of the act."""
    return kept(request, one_of(one_of(_within(request, scheme), pk).act_files, file).file, "export_act")


@reads("determinations")
def paper(request: HttpRequest, scheme: Scheme, pk: int, kind: str) -> HttpResponse:
    """The decree with its annexes as DOCX, PDF or XLSX; `?edisi=tersamar` masks every NIK."""
    record = one_of(_within(request, scheme), pk)
    if kind not in ("docx", "pdf", "xlsx"):
        raise Refused("record.not_found")
    edition: Any = (
        "masked"
        if request.GET.get("edisi") == "tersamar" or not may(signed_user(request), "determine", scheme)
        else "full"
    )
    place = f"-{record.unit.code}" if record.unit_id and isinstance(record.unit, Unit) else ""
    masked = "-tersamar" if edition == "masked" else ""
    name = f"penetapan-{scheme.slug}{place}-{record.sequence}{masked}.{kind}"
    if record.people > MANY:
        told = {
            "scheme": scheme.pk,
            "determination": record.pk,
            "edition": edition,
            "form": kind,
            "name": name,
        }
        subject = f"decree {record.pk} {kind} {edition} {signed_user(request).pk}"
        return asked(request, jobs.ask("decree", subject, actor=request.actor, **told))
    made = decree_paper(record, user=signed_user(request), at=timezone.now(), edition=edition)
    return attachment(request, name, getattr(made, kind)(), "export_decree")
