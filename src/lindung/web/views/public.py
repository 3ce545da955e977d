"""Pages without an account: the law, what a scheme is, "am I registered?", the check of a card."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lindung import law
from lindung.base import messages
from lindung.base.refused import Refused
from lindung.coverage.queries import Row
from lindung.enrolment.models import Card, CardRun, Registration
from lindung.law import explain, report
from lindung.papers import qr
from lindung.registry.keys import public_keys
from lindung.registry.models import Scheme
from lindung.registry.queries import current_version, rules_of
from lindung.web.access import public
from lindung.web.context import label, own_day
from lindung.web.forms import CheckMeForm, LawForm
from lindung.web.limits import network, too_often
from lindung.web.remember import coverage

FEWEST = 5  # smaller groups are not shown to the public


@public
@require_GET
def law_list(request: HttpRequest) -> HttpResponse:
    """Every parameter with its value on a day, its article and how well it is attested; then the instruments."""
    form = LawForm({"per": timezone.localdate().isoformat(), **request.GET.dict()})
    form.is_valid()
    on = form.cleaned_data.get("per") or timezone.localdate()
    lang = get_language() or "id"
    known = law.current()
    topic = form.cleaned_data.get("topik", "")
    unsure_only = form.cleaned_data.get("belum_pasti", False)
    topics: dict[str, list[dict[str, Any]]] = {}
    cited: dict[str, int] = {}
    for parameter in sorted(known.parameters.values(), key=lambda p: report.TOPICS.index(p.topic)):
        block = parameter.block(on)
        if block:
            cited[block.doc] = cited.get(block.doc, 0) + 1
        if (topic and parameter.topic != topic) or (unsure_only and (block is None or block.verified)):
            continue
        value = explain.value_text(parameter, block, lang) if block and block.value is not None else ""
        rows = value.split("; ") if parameter.unit in ("brackets", "layers", "parts") else []
        topics.setdefault(parameter.topic, []).append(
            {
                "id": parameter.id,
                "label": parameter.label.get(lang, parameter.label["id"]),
                "value": value,
                "rows": rows,
                "article": known.cite(parameter.id, on),
                "since": block.from_ if block else None,
                "sure": bool(block and block.verified),
                "confidence": messages.sentence(f"confidence.{block.confidence}", lang=lang) if block else "",
                "checked": parameter.checked_on,
                "note": block.note if block else None,
            }
        )
    sources = [
        {"source": source, "title": source.title.get(lang, source.title["id"]), "cited": cited.get(source.id, 0),
         "sure": source.confidence == "two_sources",
         "confidence": messages.sentence(f"confidence.{source.confidence}", lang=lang)}
        for source in known.sources.values()
    ]  # fmt: skip
    told = {"topics": topics, "day": on, "version": known.version, "form": form, "sources": sources}
    return render(request, "pages/law.html", told)


@public
@require_GET
def about(request: HttpRequest, slug: str) -> HttpResponse:
    """What a scheme is, for whom, and how far it has come; groups of fewer than five are not shown."""
    scheme = Scheme.objects.filter(slug=slug).select_related("locality").first()
    if not scheme:
        raise Http404
    rules = rules_of(current_version(scheme))
    on = own_day(scheme)
    figures = coverage(scheme, on, request=request)
    rows = not_small(figures.rows)
    shown_ = {"of": scheme, "rules": rules, "name": label(scheme), "day": on, "figures": figures, "rows": rows,
              "hidden": len(figures.rows) - len(rows), "lang": get_language() or "id"}  # fmt: skip
    return render(request, "pages/about.html", shown_)


def not_small(rows: Sequence[Row]) -> list[Row]:
    """The rows that may be published beside their total: none of 1 to 4 people, and none that the others give away.

    What is hidden is at least two rows and five people, or subtracting from the total would tell it.
    """
    hidden = [row for row in rows if 0 < row.enrolled < FEWEST]
    others = sorted((row for row in rows if row.enrolled >= FEWEST), key=lambda row: row.enrolled)
    while hidden and others and (len(hidden) < 2 or sum(row.enrolled for row in hidden) < FEWEST):
        hidden.append(others.pop(0))
    return [row for row in rows if row not in hidden]


@public
@require_http_methods(["GET", "POST"])
def am_i(request: HttpRequest) -> HttpResponse:
    """Registered or not: yes or no, never a name or a digit; both answers look alike."""
    form = CheckMeForm(request.POST or None)
    answer = None
    if request.method == "POST" and form.is_valid():
        # from one place, and about one NIK from wherever: six digits are not to be guessed
        asked = network(request.META.get("REMOTE_ADDR", "")), form.cleaned_data["nik"]
        if too_often("am-i", asked[0], 5, 3600) or too_often("am-i-nik", asked[1], 20, 86_400):
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
