"""What every page knows: who looks, at which scheme, as of which day, and where they may go."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lindung.registry.access import MAY
from lindung.registry.models import Scheme, User
from lindung.registry.queries import current_version, rules_of, with_versions
from lindung.schemes import Scheme as Rules
from lindung.web.access import AREAS, own_roles, reachable_schemes
from lindung.workflows.jobs import news_for


class Entry(NamedTuple):
    area: str
    name: str
    text: Any
    icon: str


MENU = [
    Entry("home", "home", _("Home"), icon="home"),
    Entry("schemes", "scheme", _("Scheme"), icon="file-certificate"),
    Entry("rosters", "rosters", _("Proposal lists"), icon="file-spreadsheet"),
    Entry("reviews", "reviews", _("Verification"), icon="checklist"),
    Entry("checks", "checks", _("Checks"), icon="send"),
    Entry("people", "people", _("Participants"), icon="users"),
    Entry("movements", "movements", _("Movements"), icon="refresh"),
    Entry("determinations", "determinations", _("Determinations"), icon="file-text"),
    Entry("amendments", "amendments", _("Amendments"), icon="file-text"),
    Entry("documents", "documents", _("Documents"), icon="file-certificate"),
    Entry("batches", "batches", _("BPJS files"), icon="files"),
    Entry("rejections", "rejections", _("Rejections"), icon="alert-triangle"),
    Entry("cards", "cards", _("Cards"), icon="id-badge-2"),
    Entry("money", "bills", _("Contributions"), icon="receipt"),
    Entry("alarms", "alarm", _("Lapse alarm"), icon="bell"),
    Entry("coverage", "coverage", _("Coverage"), icon="chart-bar"),
    Entry("employers", "employers", _("Employers"), icon="building"),
    Entry("audit", "audit", _("Audit trail"), icon="clock"),
    Entry("accounts", "accounts", _("Accounts"), icon="user"),
]

OWN = ("audit", "accounts")  # pages that belong to no scheme


# area → the page of the guide and the name of its section
HELP = {
    "home": ("mulai", "beranda"), "schemes": ("mulai", "tanggal"), "rosters": ("pengusul", "kirim"), "reviews": ("kantor", "verifikasi"),
    "checks": ("kantor", "cek"), "determinations": ("penetapan", ""), "amendments": ("penetapan", "perubahan"),
    "documents": ("penetapan", "dokumen"), "rejections": ("kantor", "penolakan"), "batches": ("kantor", "berkas"), "cards": ("kantor", "berkas"),
    "people": ("kantor", "samar"), "movements": ("kantor", "mutasi"), "alarms": ("kantor", "peringatan"), "money": ("bendahara", ""),
    "coverage": ("kantor", "cakupan"), "employers": ("kantor", "cakupan"), "audit": ("audit", "jejak"), "accounts": ("akun", "admin"),
}  # fmt: skip

# pages that have a section of their own within their area, by the name of their address
OWN_HELP = {
    "doubles": ("kantor", "ganda"), "waits": ("kantor", "menunggu"), "quota": ("kantor", "kuota"), "rounds": ("kantor", "konfirmasi"),
    "round-unit": ("kantor", "konfirmasi"), "roster": ("pengusul", "catatan"), "own-account": ("akun", "perangkat"), "second-setup": ("akun", "faktor"),
    "work": ("mulai", "pekerjaan"),
}  # fmt: skip


def help_for(area: str, name: str = "") -> str:
    page, section = OWN_HELP.get(name) or HELP.get(area, ("mulai", ""))
    return reverse("guide-page", kwargs={"page": page}) + (f"#{section}" if section else "")


@dataclass(frozen=True)
class Item:
    url: str
    label: str
    icon: str
    current: bool
    apart: bool
    waiting: int = 0


def page(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    shown: dict[str, Any] = {"theme": theme(request), "today": timezone.localdate()}
    if not isinstance(user, User):
        return shown
    scheme = getattr(request, "looking_at", None) or current_scheme(request, user)
    roles = own_roles(user)
    within = {r.role for r in roles if not scheme or r.scheme_id in (None, scheme.pk)}
    named = labels(reachable_schemes(user))
    here = request.resolver_match
    shown |= {
        "scheme": scheme,
        "schemes": named,
        "scheme_label": next((words for one, words in named if scheme and one.pk == scheme.pk), ""),
        "names": {one.pk: words[0] for one, words in named},
        "opens": {area for area, who in AREAS.items() if within & who},
        "menu": menu(request, user, scheme, within),
        "work": news_for(user),
        "help": help_for(getattr(request, "area", ""), here.url_name or "" if here else ""),
        "roles": sorted({str(role.get_role_display()) for role in roles}),
        "on": looking_on(request, scheme) if scheme else shown["today"],
        "sample": bool(scheme and scheme.demo),
        "history": history_address(request, within),
    }
    return shown


HISTORIES = {
    "person": "people", "roster": "rosters", "determination": "determinations", "batch": "batches", "bill": "money", "scheme": "schemes",
}  # fmt: skip


def history_address(request: HttpRequest, roles: set[str]) -> str:
    """Where the history of the record on this page stands, for those who may see it."""
    at = request.resolver_match
    if not at or at.url_name not in HISTORIES or not roles & MAY["history"] & AREAS[HISTORIES[at.url_name]]:
        return ""
    return reverse(f"{at.url_name}-history", kwargs=at.kwargs)


def menu(request: HttpRequest, user: User, scheme: Scheme | None, roles: set[str]) -> list[Item]:
    from lindung.web.waiting import counts

    here = getattr(request, "area", "")
    waiting = counts(request, scheme, user) if scheme else {}
    items = []
    for entry in MENU:
        if entry.area == "home":
            url = reverse("home")
        elif entry.area in OWN:
            if not {role.role for role in own_roles(user)} & AREAS[entry.area]:
                continue
            url = reverse(entry.name)
        elif scheme and roles & AREAS[entry.area]:
            url = reverse(entry.name, kwargs={"slug": scheme.slug})
        else:
            continue
        number = waiting.get(entry.area, 0)
        items.append(
            Item(url, str(entry.text), entry.icon, entry.area == here, entry.area == "employers", number)
        )
    return items


def theme(request: HttpRequest) -> str:
    chosen = request.COOKIES.get("theme", "auto")
    return chosen if chosen in ("light", "dark") else "auto"


def current_scheme(request: HttpRequest, user: User) -> Scheme | None:
    """The scheme that was looked at last, else the first within reach."""
    reach = reachable_schemes(user)
    last = request.session.get("scheme", "")
    return next((scheme for scheme in reach if scheme.slug == last), reach[0] if reach else None)


def label(scheme: Scheme) -> tuple[str, str]:
    """("Tangerang Selatan 2019", "Perwal 25/2019"): the place and the document, in few words."""
    return labels([scheme])[0][1]


def labels(schemes: Sequence[Scheme]) -> list[tuple[Scheme, tuple[str, str]]]:
    """Each scheme with its label, in one query."""
    every = every_rules(schemes)
    made = []
    for scheme in schemes:
        rules = every[scheme.pk]
        place = scheme.locality.name.title().removeprefix("Kota ").removeprefix("Kabupaten ")
        made.append((scheme, (f"{place} {rules.period.from_.year}", rules.document.short)))
    return made


def every_rules(schemes: Sequence[Scheme]) -> dict[int, Rules]:
    """What the newest version of each scheme says, in one query or none."""
    bare = [scheme for scheme in schemes if "_newest" not in scheme.__dict__]
    if bare:
        with_versions(bare)
    return {scheme.pk: rules_of(current_version(scheme)) for scheme in schemes}


def looking_on(request: HttpRequest, scheme: Scheme) -> date:
    """The day whose state is shown: asked for with ?per=, kept for the session, else the scheme's own."""
    known = request.__dict__.setdefault("days", {})
    if scheme.pk not in known:
        known[scheme.pk] = _day(request, scheme)
    return known[scheme.pk]


def _day(request: HttpRequest, scheme: Scheme) -> date:
    kept = request.session.get("on", {})
    asked = request.GET.get("per")
    if asked is not None:
        kept.pop(scheme.slug, None)
        with contextlib.suppress(ValueError):
            day = date.fromisoformat(asked)
            if 2000 <= day.year <= 2100:
                kept[scheme.slug] = day.isoformat()
        request.session["on"] = kept
    return date.fromisoformat(kept[scheme.slug]) if scheme.slug in kept else own_day(scheme)


def own_day(scheme: Scheme) -> date:
    """Today; for a scheme that has ended the last day on which anything happened; for the demo the day of its article."""
    from lindung.samples.demo import ON
    from lindung.web.waiting import last_day

    if scheme.demo and scheme.slug in ON:
        return ON[scheme.slug]
    today = timezone.localdate()
    until = rules_of(current_version(scheme)).period.until
    return last_day(scheme) or today if until and until < today else today
