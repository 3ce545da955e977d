"""Reads of the registry, named as sentences."""

from __future__ import annotations

from functools import lru_cache

from lindung import schemes
from lindung.base.refused import Refused
from lindung.registry.models import Employer, Scheme, SchemeVersion, Unit


def scheme_called(slug: str) -> Scheme:
    """Raises Refused("scheme.unknown")."""
    found = Scheme.objects.filter(slug=slug).select_related("locality").first()
    if not found:
        raise Refused("scheme.unknown", {"scheme": slug})
    return found


def current_version(scheme: Scheme) -> SchemeVersion:
    """The newest version; not asked again of a scheme that `with_versions` read for a page."""
    known: SchemeVersion | None = scheme.__dict__.get("_newest")
    return known or SchemeVersion.objects.filter(scheme=scheme).select_related("scheme").latest("pk")


def with_versions(schemes: list[Scheme]) -> list[Scheme]:
    """The same schemes, each with its newest version, in one query; for pages, which show the state they began in."""
    newest = SchemeVersion.objects.filter(scheme__in=schemes).order_by("scheme", "-pk").distinct("scheme")
    own = {scheme.pk: scheme for scheme in schemes}
    for version in newest:
        version.scheme = own[version.scheme_id]
        version.scheme.__dict__["_newest"] = version
    return schemes


@lru_cache(maxsize=64)
def _rules(version: int, text: str, slug: str) -> schemes.Scheme:
    return schemes.parse(text, f"{slug}.yaml")


def rules_of(version: SchemeVersion) -> schemes.Scheme:
    """What a version says, parsed; the same version is parsed once."""
    return _rules(version.pk, version.text, version.scheme.slug)


def unit_called(scheme: Scheme, code: str) -> Unit:
    """Raises Refused("unit.unknown")."""
    found = Unit.objects.filter(locality=scheme.locality_id, code=code).first()
    if not found:
        raise Refused("unit.unknown", {"unit": code})
    return found


def employer_called(scheme: Scheme, name: str) -> Employer:
    """An employer of the scheme's city by its name or NPP. Raises Refused("employer.not_in_city")."""
    here = Employer.objects.filter(locality=scheme.locality_id)
    found = here.filter(name__iexact=name).first() or here.filter(npp=name).first()
    if not found:
        raise Refused("employer.not_in_city", {"employer": name})
    return found


def units_by_code(scheme: Scheme) -> dict[str, Unit]:
    return {unit.code: unit for unit in Unit.objects.filter(locality=scheme.locality_id)}
