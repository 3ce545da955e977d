"""The schemes within reach, and what one of them says beside what it has come to."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lindung import schemes as rules_room
from lindung.contributions.queries import budget_states
from lindung.enrolment.pricing import monthly, terms
from lindung.law import explain
from lindung.registry.access import may
from lindung.registry.models import Document, Scheme, Unit
from lindung.registry.queries import current_version, rules_of
from lindung.schemes.conditions import Condition
from lindung.schemes.model import DOCUMENTS
from lindung.web import shown
from lindung.web.access import can, reachable_schemes, reads, signed_user
from lindung.web.context import every_rules, labels, looking_on
from lindung.web.remember import coverage


@reads("schemes", of_scheme=False)
def schemes(request: HttpRequest) -> HttpResponse:
    rows = []
    reach = reachable_schemes(signed_user(request))
    every = every_rules(reach)
    for scheme, words in labels(reach):
        rules = every[scheme.pk]
        figures = coverage(scheme, looking_on(request, scheme), request=request)
        rows.append({"scheme": scheme, "label": words, "rules": rules, "figures": figures})
    return render(request, "pages/schemes.html", {"rows": rows})


@reads("schemes")
def scheme(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    on = looking_on(request, scheme)
    rules = rules_of(current_version(scheme))
    figures = coverage(scheme, on, request=request)
    units = dict(Unit.objects.filter(locality=scheme.locality_id).values_list("code", "name"))
    payers = {c.id: units.get(c.payer.unit or "", "") for c in rules.categories}
    told = {"total": figures.total.target, "covered": figures.total.enrolled}
    told |= {f"category.{row.group}": row.target for row in figures.rows}
    if told["total"] is not None:
        told["outside"] = figures.total.target - figures.total.enrolled  # type: ignore[operator]
    page: dict[str, Any] = {
        "rules": rules,
        "figures": figures,
        "rows": [(row, payers.get(row.group, "")) for row in figures.rows],
        "differences": rules_room.differences(rules, told)["differences"],
        "reported": rules.reported,
        "conditions": [(c, condition(c)) for c in rules.conditions],
        "documents": [
            (kind(one.kind), one, status(one.status)) for one in Document.objects.filter(scheme=scheme)
        ],
        "status": status(rules.document.status),
        "price": price(rules),
        "non_asn": non_asn(rules),
        "segments": sorted({category.segment for category in rules.categories}),
        "apart": figures.apart,
        "lang": get_language() or "id",
        "may_upload": may(signed_user(request), "upload", scheme),
    }
    if can(signed_user(request), "money", scheme):
        page["budgets"] = budget_states(scheme, on.year)
    return render(request, "pages/scheme.html", page)


def status(word: str) -> str:
    """The stage of a document in the page's language."""
    texts = {
        "rancangan": _("draft"), "harmonisasi": _("being harmonised"), "fasilitasi": _("with the province"),
        "ditetapkan": _("enacted"), "diundangkan": _("promulgated"), "diubah": _("amended"), "dicabut": _("repealed"),
    }  # fmt: skip
    return texts.get(word, word)


def kind(word: str) -> str:
    return DOCUMENTS.get(word, word.upper())


def price(rules: rules_room.Scheme) -> dict[str, int] | None:
    """What one person costs in the scheme's first month, where everybody costs the same."""
    rows = terms(rules).with_columns(wage="scheme_wage")
    if rows["wage"].null_count():
        return None
    from polars import lit

    rows = monthly(rows.with_columns(sector=lit("other")), rules.period.from_)
    kinds = rows.select("jkk", "jkm", "total").unique()
    return kinds.row(0, named=True) if kinds.height == 1 and kinds["total"][0] is not None else None


def non_asn(rules: rules_room.Scheme) -> explain.Explanation | None:
    """What the city's setting means for its non-ASN staff under today's law; None where it employs nobody here."""
    if not rules.state_employer and rules.non_asn_jht is None:
        return None
    return explain.non_asn(rules.non_asn_jht, timezone.localdate())


def condition(one: Condition) -> str:
    """A condition in one sentence."""
    values = asdict(one)
    texts = {
        "age": _("At least %(from_)s years old, and below %(below)s"),
        "resident_of": _("Lives in the area of the scheme"),
        "not_state_employee": _("No civil servant, soldier or policeman"),
        "not_already_covered": _("Nobody else pays for this person yet"),
        "alive": _("Not among the dead the civil registry told of"),
        "occupation_in": _("Works in one of %(count)s listed occupations"),
        "decile_at_most": _("Welfare decile at most %(value)s in %(list_)s"),
        "income_below": _("Income below %(income)s a month"),
        "document_present": _("Handed in: %(document)s"),
        "holds_office": _("Holds the office by %(document)s"),
        "not_other_category": _("In one category only; the first one listed pays"),
    }
    values["count"] = len(values.get("list_") or ())
    values["income"] = shown.rupiah(values.get("amount"))
    return texts[one.kind] % {**values, "list_": values.get("list_")}
