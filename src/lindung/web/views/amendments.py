"""Changes on paper: a month's Berita Acara Perubahan Data, and the Perubahan of the decree that collects them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lindung.base.month import Month, add_months
from lindung.base.refused import Refused
from lindung.enrolment import actions
from lindung.enrolment.changes import NOTICES, Amendment, Movement
from lindung.enrolment.models import Determination
from lindung.enrolment.states import can
from lindung.registry.access import may
from lindung.registry.models import Scheme
from lindung.registry.queries import current_version, rules_of
from lindung.schemes import Scheme as Rules
from lindung.web.access import reads, signed_user, writes
from lindung.web.context import looking_on
from lindung.web.downloads import attachment, kept
from lindung.web.forms import DayField, UploadField, content
from lindung.web.pages import by_number
from lindung.web.views.common import done, given, one_of, shown_in, wrong
from lindung.workflows import amendments as workflow

KINDS, STATES = dict(Amendment.KINDS), dict(Amendment.STATES)


class PrepareForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Paper"), choices=Amendment.KINDS)
    through = DayField(label=gettext_lazy("Collect up to"))


class SignChangesForm(forms.Form):
    """Number, date and who signed: the head, or somebody by delegation (a.n., u.b., Pj., Plt., Plh.)."""

    number = forms.CharField(label=gettext_lazy("Number"), max_length=80)
    dated = DayField(label=gettext_lazy("Date"))
    name = forms.CharField(label=gettext_lazy("Signed by"), max_length=160)
    title = forms.CharField(label=gettext_lazy("Office held"), max_length=160)
    nip = forms.CharField(label="NIP", max_length=30, required=False)
    rank = forms.CharField(label=gettext_lazy("Rank"), max_length=80, required=False)
    acting = forms.ChoiceField(label=gettext_lazy("Acting"), required=False, choices=[("", "–"), ("Pj.", "Pj."), ("Plt.", "Plt."), ("Plh.", "Plh.")])  # fmt: skip
    on_behalf_of = forms.CharField(label=gettext_lazy("In the name of (a.n.)"), max_length=160, required=False)  # fmt: skip
    through = forms.CharField(label=gettext_lazy("Through (u.b.)"), max_length=160, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="sign-%s", **kwargs)


class ScanForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=[("signed", gettext_lazy("Signed scan")), ("corrected", gettext_lazy("Corrected text"))])  # fmt: skip
    file = UploadField(label=gettext_lazy("File"), kinds=".pdf,.jpg,.jpeg,.png,.docx", help_text=gettext_lazy("PDF, JPEG, PNG or Word, up to 25 MB."))  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="scan-%s", **kwargs)


def _of(scheme: Scheme) -> Any:
    rows = Amendment.objects.filter(scheme=scheme).select_related("scheme", "determination__version", "prepared_by")  # fmt: skip
    return rows.order_by("-through", "-pk")


def waiting(scheme: Scheme) -> tuple[int, int]:
    """Confirmed movements in no minutes yet, and signed minutes in no amendment yet."""
    moved = Movement.objects.filter(scheme=scheme, state="confirmed").exclude(kind__in=NOTICES)
    told = moved.exclude(outcome="determination").exclude(lines__kind="minutes")
    tracks = [c.id for c in rules_of(current_version(scheme)).categories if c.track == "decree"]
    told = told.filter(Q(membership__category__in=tracks) | Q(membership=None, successor__category__in=tracks))  # fmt: skip
    minutes = Amendment.objects.filter(scheme=scheme, kind="minutes", state="signed")
    collected = Amendment.objects.filter(scheme=scheme, kind="amendment").exclude(state="cancelled")
    loose = minutes.exclude(lines__movement__lines__amendment__in=collected)
    return told.count(), loose.distinct().count()


def next_amendment(scheme: Scheme, rules: Rules) -> date | None:
    """When the scheme's interval has passed since the decree or its newest Perubahan; None: not said, or no decree."""
    newest = Amendment.objects.filter(scheme=scheme, kind="amendment", state="signed").order_by("-dated").first()  # fmt: skip
    decree = Determination.objects.filter(scheme=scheme, track="decree", state="signed").order_by("dated").first()  # fmt: skip
    since = newest.dated if newest else decree.dated if decree else None
    return add_months(since, rules.amend_every) if since and rules.amend_every else None


def list_page(request: HttpRequest, scheme: Scheme, form: PrepareForm | None = None) -> HttpResponse:
    rules = rules_of(current_version(scheme))
    asked = {"kind": given(request, "jenis", KINDS), "state": given(request, "keadaan", STATES)}
    rows = _of(scheme)
    if asked["kind"]:
        rows = rows.filter(kind=asked["kind"])
    if asked["state"]:
        rows = rows.filter(state=asked["state"])
    moved, loose = waiting(scheme)
    last = Month.of(looking_on(request, scheme)).first - timedelta(days=1)
    page = {
        "page": by_number(request, rows), "asked": asked, "kinds": Amendment.KINDS, "states": Amendment.STATES,
        "moved": moved, "loose": loose, "every": rules.amend_every, "next_on": next_amendment(scheme, rules),
        "may_prepare": may(signed_user(request), "determine", scheme),
        "form": form or PrepareForm(initial={"kind": "minutes", "through": last}),
    }  # fmt: skip
    return render(request, "pages/amendments.html", page)


@reads("amendments")
def amendments(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    return list_page(request, scheme)


@writes("determine", area="amendments")
def prepare(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    form = PrepareForm(request.POST)
    if form.is_valid():
        with shown_in(form):
            minutes = form.cleaned_data["kind"] == "minutes"
            make = actions.prepare_minutes if minutes else actions.prepare_amendment
            made = make(scheme, form.cleaned_data["through"], actor=request.actor)
            return done(request, _("Prepared. Read it, print it, have it signed."), _place(scheme, made))
    return wrong(list_page, request, scheme, form)


def _place(scheme: Scheme, record: Amendment) -> str:
    return reverse("amendment", kwargs={"slug": scheme.slug, "pk": record.pk})


def page_of(
    request: HttpRequest, scheme: Scheme, pk: int, form: SignChangesForm | None = None, scan: ScanForm | None = None
) -> HttpResponse:  # fmt: skip
    user, record = signed_user(request), one_of(_of(scheme), pk)
    changes = workflow.side_by_side(record).to_dicts()
    members = workflow.members_after(record).group_by("category").len().sort("category")
    page = {
        "record": record, "page": by_number(request, changes), "recap": members.rows(),
        "total": int(members["len"].sum()), "minutes": workflow.collected(record) if record.kind == "amendment" else [],
        "decree": workflow.amended(record), "signer": record.signer, "act_files": record.act_files.select_related("file", "added_by"),
        "may_sign": may(user, "determine", scheme), "open": can(record, "sign"),
        "form": form or SignChangesForm(initial={"dated": timezone.localdate()}), "scan": scan or ScanForm(),
    }  # fmt: skip
    return render(request, "pages/amendment.html", page)


@reads("amendments")
def amendment(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    return page_of(request, scheme, pk)


@writes("determine", area="amendments")
def sign(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    record, form = one_of(_of(scheme), pk), SignChangesForm(request.POST)
    if form.is_valid():
        told = dict(form.cleaned_data)
        number, dated = told.pop("number"), told.pop("dated")
        with shown_in(form):
            actions.sign_amendment(record, number, dated, told, actor=request.actor)
            return done(request, _("Recorded as signed."), _place(scheme, record))
    return wrong(page_of, request, scheme, pk, form)


@writes("determine", area="amendments")
def cancel(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    actions.cancel_amendment(one_of(_of(scheme), pk), actor=request.actor)
    text = _("Taken back; its changes wait for the next paper.")
    return done(request, text, reverse("amendments", kwargs={"slug": scheme.slug}))


@writes("determine", area="amendments")
def attach(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    record, form = one_of(_of(scheme), pk), ScanForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        with shown_in(form):
            actions.attach_act(record, form.cleaned_data["kind"], file.name, content(file), actor=request.actor)  # fmt: skip
            return done(request, _("Kept with its hash."), _place(scheme, record))
    return wrong(page_of, request, scheme, pk, None, form)


@reads("amendments")
def act_file(request: HttpRequest, scheme: Scheme, pk: int, file: int) -> HttpResponse:
    return kept(request, one_of(one_of(_of(scheme), pk).act_files, file).file, "export_act")


@reads("amendments")
def paper(request: HttpRequest, scheme: Scheme, pk: int, kind: str) -> HttpResponse:
    """DOCX, PDF or XLSX; `?edisi=tersamar` masks every NIK, as it always is for who may not determine."""
    record, user = one_of(_of(scheme), pk), signed_user(request)
    if kind not in ("docx", "pdf", "xlsx"):
        raise Refused("record.not_found")
    masked = request.GET.get("edisi") == "tersamar" or not may(user, "determine", scheme)
    edition: workflow.Edition = "masked" if masked else "full"
    write = workflow.minutes_paper if record.kind == "minutes" else workflow.amendment_paper
    made = write(record, user=user, at=timezone.now(), edition=edition)
    word = "ba-perubahan" if record.kind == "minutes" else "perubahan"
    name = f"{word}-{scheme.slug}-{record.sequence}{'-tersamar' if masked else ''}.{kind}"
    return attachment(request, name, getattr(made, kind)(), "export_changes")
