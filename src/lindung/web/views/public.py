"""Pages without an account: calculator, law, what a scheme is, "am I registered?", the check of a card."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import polars as pl
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lindung import law
from lindung.base.month import Month
from lindung.base.refused import Refused
from lindung.enrolment.models import Card, CardRun, Registration
from lindung.law import explain
from lindung.law.contribution import HAS, RISK_CLASSES
from lindung.papers import qr
from lindung.registry.keys import public_keys
from lindung.registry.models import Scheme
from lindung.registry.queries import current_version, rules_of
from lindung.web.access import public
from lindung.web.context import label, own_day
from lindung.web.forms import CheckMeForm, MonthField, RupiahField
from lindung.web.limits import too_often
from lindung.web.remember import coverage

FEWEST = 5  # smaller groups are not shown to the public
LINES = ("jkk", "jkm", "jht_employer", "jht_worker", "jp_employer", "jp_worker")


@public
@require_GET
def calculator(request: HttpRequest) -> HttpResponse:
    """What one month costs by law. The whole question stands in the address."""
    asked, today = request.GET, timezone.localdate()
    segment = asked.get("segment") if asked.get("segment") in ("PU", "BPU") else "BPU"
    values = {
        "segment": segment,
        "programmes": [p for p in asked.getlist("programme") if p in HAS[segment]] or ["JKK", "JKM"],
        "month": asked.get("month") or str(Month.of(today)),
        "wage": asked.get("wage", ""),
        "risk_class": asked.get("risk_class") if asked.get("risk_class") in RISK_CLASSES else "I",
        "payer": asked.get("payer") if asked.get("payer") in ("APBD", "self", "donor") else "APBD",
        "sector": "transport" if asked.get("sector") == "transport" else "other",
    }
    shown_: dict[str, Any] = {"values": values, "risks": RISK_CLASSES, "possible": HAS[segment]}
    if asked.get("wage"):
        try:
            shown_ |= _computed(values)
        except Refused as problem:
            shown_["refused"] = problem
    return render(request, "pages/calculator.html", shown_)


def _computed(values: dict[str, Any]) -> dict[str, Any]:
    from django.core.exceptions import ValidationError

    try:
        wage = RupiahField().clean(values["wage"])
        month = MonthField().clean(values["month"])
    except ValidationError as problem:
        return {"wrong": " ".join(problem.messages)}
    asked = {
        "segment": values["segment"], "programmes": ",".join(values["programmes"]), "month": month.first, "wage": wage,
        "risk_class": values["risk_class"], "sector": values["sector"],
        "payer": "employer" if values["segment"] == "PU" else values["payer"],
    }  # fmt: skip
    explained = explain.contribution(asked)
    row = law.contribution.compute(pl.DataFrame([asked], schema_overrides={"month": pl.Date})).row(
        0, named=True
    )
    lines = [(name, row[name]) for name in LINES if row[name] is not None]
    return {
        "result": row,
        "lines": lines,
        "explained": explained,
        "month": month.first,
        "version": law.version(),
    }


@public
@require_GET
def law_list(request: HttpRequest) -> HttpResponse:
    """Every parameter with its value on a day, its article, and how well it is attested."""
    on = timezone.localdate()
    if asked := request.GET.get("per"):
        try:
            on = date.fromisoformat(asked)
        except ValueError:
            raise Refused("form.date_unreadable", {"value": asked[:20]}) from None
    lang = get_language() or "id"
    known = law.current()
    topics: dict[str, list[dict[str, Any]]] = {}
    for parameter in known.parameters.values():
        block = parameter.block(on)
        topics.setdefault(parameter.topic, []).append(
            {
                "label": parameter.label.get(lang, parameter.label["id"]),
                "value": explain.value_text(parameter, block) if block and block.value is not None else "",
                "article": known.cite(parameter.id, on),
                "since": block.from_ if block else None,
                "sure": bool(block and block.verified),
                "checked": parameter.checked_on,
                "note": block.note if block else None,
            }
        )
    return render(request, "pages/law.html", {"topics": topics, "day": on, "version": known.version})


@public
@require_GET
def about(request: HttpRequest, slug: str) -> HttpResponse:
    """What a scheme is, for whom, and how far it has come; groups of fewer than five are not shown."""
    scheme = Scheme.objects.filter(slug=slug).select_related("locality").first()
    if not scheme:
        raise Http404
    rules = rules_of(current_version(scheme))
    on = own_day(scheme)
    figures = coverage(scheme, on)
    rows = [row for row in figures.rows if row.enrolled == 0 or row.enrolled >= FEWEST]
    shown_ = {"of": scheme, "rules": rules, "name": label(scheme), "day": on, "figures": figures, "rows": rows,
              "hidden": len(figures.rows) - len(rows), "lang": get_language() or "id"}  # fmt: skip
    return render(request, "pages/about.html", shown_)


@public
@require_http_methods(["GET", "POST"])
def am_i(request: HttpRequest) -> HttpResponse:
    """Registered or not: yes or no, never a name or a digit; both answers look alike."""
    form = CheckMeForm(request.POST or None)
    answer = None
    if request.method == "POST" and form.is_valid():
        if too_often("am-i", request.META.get("REMOTE_ADDR", ""), 5, 3600):
            raise_shown = Refused("check.too_often")
            return render(request, "pages/am_i.html", {"form": form, "refused": raise_shown}, status=429)
        answer = _registered(form.cleaned_data["nik"], form.cleaned_data["tail"])
    return render(request, "pages/am_i.html", {"form": form, "answer": answer, "asked": answer is not None})


def _registered(nik: str, tail: str) -> bool:
    """A membership that BPJS took and that runs on the day its scheme speaks of."""
    found = Registration.objects.filter(
        Q(kpj__endswith=tail) | Q(membership__person__kk_number__endswith=tail), membership__person__nik=nik
    ).select_related("membership__scheme")
    for registration in found:
        membership = registration.membership
        day = own_day(membership.scheme)
        if registration.registered_on <= day and (membership.ends_on is None or membership.ends_on >= day):
            return True
    return False


@public
@require_GET
def card(request: HttpRequest) -> HttpResponse:
    """The page behind the code on a card: it verifies in the browser; what stands behind # never comes here."""
    return render(request, "pages/card.html")


@public
@require_GET
def card_keys(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"keys": qr.web_keys(public_keys())})


@public
@require_GET
def card_worker(request: HttpRequest) -> HttpResponse:
    """The service worker that keeps the page and the keys for days without a network."""
    text = render_to_string("pages/card_worker.js", request=request)
    return HttpResponse(
        text,
        content_type="text/javascript",
        headers={"Service-Worker-Allowed": "/k", "Cache-Control": "no-cache"},
    )


@public
@csrf_exempt  # changes nothing, and reads no cookie
@require_POST
def card_today(request: HttpRequest) -> HttpResponse:
    """Does the cover of a genuine card run today? Yes, no, or not known."""
    if too_often("card", request.META.get("REMOTE_ADDR", ""), 60, 3600):
        return JsonResponse({"runs": None}, status=429)
    try:
        claim = qr.verify(json.loads(request.body[:2000])["card"], public_keys())
    except (Refused, ValueError, KeyError, TypeError, AttributeError):
        return JsonResponse({"genuine": False, "runs": None})
    return JsonResponse({"genuine": True, "runs": _runs(claim)})


def _runs(claim: qr.Claim) -> bool | None:
    """The card is found by its serial (scheme, printing, place in it) and must carry the KPJ it says."""
    run, _, place = claim.serial.partition("-")
    scheme = Scheme.objects.filter(slug=claim.scheme).first()
    if not scheme or not run.isdecimal() or not place.isdecimal() or len(run) < 4 or int(place) < 1:
        return None
    printing = (
        CardRun.objects.filter(scheme=scheme).order_by("pk")[int(run[-3:]) - 1 :].first()
        if int(run[-3:])
        else None
    )
    found = (
        Card.objects.filter(run=printing)
        .select_related("membership__registration")
        .order_by("pk")[int(place) - 1 :]
        .first()
        if printing
        else None
    )
    if not found or not found.membership.registration.kpj.endswith(claim.kpj_tail):
        return None
    membership, day = found.membership, own_day(scheme)
    return membership.starts_on <= day and (membership.ends_on is None or membership.ends_on >= day)
