"""What was published beside what is computed: both stay, and the difference is explained in words."""

from __future__ import annotations

from collections.abc import Mapping

from lindung.base.messages import sentence
from lindung.base.money import number
from lindung.schemes.model import Scheme

ALWAYS = ("total", "covered", "outside")
TOLD_ONLY = ("total_about", "companies", "company_workers", "units")


def differences(scheme: Scheme, computed: Mapping[str, int | None]) -> dict[str, object]:
    """`{"reported", "computed", "differences"}`: the first two flat with the same keys, integer or None.

    Keys: total, covered, outside, category.<id>, and those of `TOLD_ONLY` that the sources tell. `computed` may hold
    more; what it lacks is None (total_about is compared with total). `differences` lists the pairs that are both
    known and unequal: key, reported, computed, difference (computed − reported), why (a sentence).
    """
    told = {item.key: item.value for item in scheme.reported}
    keys = [
        "total",
        *(key for key in TOLD_ONLY[:1] if key in told),
        *(f"category.{category.id}" for category in scheme.categories),
        *ALWAYS[1:],
        *(key for key in TOLD_ONLY[1:] if key in told),
    ]
    facts = dict(computed)
    facts.setdefault("total_about", facts.get("total"))
    left = {key: told.get(key) for key in keys}
    right = {key: facts.get(key) for key in keys}
    unequal = [
        {
            "key": key,
            "reported": left[key],
            "computed": right[key],
            "difference": right[key] - left[key],  # type: ignore[operator]
            "why": _why(scheme, key, left, right),
        }
        for key in keys
        if left[key] is not None and right[key] is not None and left[key] != right[key]
    ]
    return {"reported": left, "computed": right, "differences": unequal}


def _why(scheme: Scheme, key: str, told: Mapping[str, int | None], computed: Mapping[str, int | None]) -> str:
    """The first arithmetic that leads from one figure to the other; else a plain statement of both."""
    ours, theirs = computed[key] or 0, told[key] or 0
    shown = {"reported": number(theirs), "computed": number(ours)}
    if key == "total":
        parts = [told[f"category.{category.id}"] for category in scheme.categories]
        known = [part for part in parts if part is not None]
        covered, outside = told["covered"], told["outside"]
        if len(known) == len(parts) > 1 and sum(known) == ours:
            return sentence("reported.parts_add_up", {**shown, "parts": " + ".join(map(number, known))})
        if covered is not None and outside is not None and covered + outside == ours:
            return sentence(
                "reported.covered_and_outside",
                {**shown, "covered": number(covered), "outside": number(outside)},
            )
        if computed["covered"] == theirs:
            return sentence("reported.counts_covered", {**shown, "outside": number(ours - theirs)})
    about = next(item.about for item in scheme.reported if item.key == key)
    return sentence("reported.about" if about else "reported.counted_here", shown)
