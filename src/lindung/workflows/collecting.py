"""Papers before and around a list: the letter that asks for data, the form to fill in, what its sender answers for, the memo."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
from django.db.models import Count, Q

from lindung.base.money import number, rupiah
from lindung.contributions.queries import left_by_unit
from lindung.coverage.models import Target
from lindung.enrolment.models import Check, Determination, Roster
from lindung.enrolment.queries import payers_of
from lindung.papers import letters, lists, paper
from lindung.papers.tables import xlsx
from lindung.registry.models import Scheme, User
from lindung.registry.queries import current_version, rules_of
from lindung.workflows.papers import city_of, document_title, letterhead, printed, series

QUOTA = {"category": pl.String, "quota": pl.Int64}
PROPOSED = {"category": pl.String, "quota": pl.Int64, "proposed": pl.Int64, "complete": pl.Int64}
BLANK = "…………………"  # typed in by the office


def request_letter(scheme: Scheme, deadline: date, *, user: User | None, at: datetime) -> paper.Paper:
    """1. Surat permintaan data, with the target of each category as its quota; number and date stay open."""
    rules = rules_of(current_version(scheme))
    quotas = [(c.label["id"], c.target) for c in rules.categories if c.registrable]
    return letters.request_for_data(
        _envelope(
            scheme, "Kepala Dinas", user, at, to=("Para Lurah dan Kepala Perangkat Daerah", "di Tempat")
        ),
        pl.DataFrame(quotas, schema=QUOTA, orient="row"),
        document=document_title(rules, scheme),
        deadline=deadline,
    )


def roster_form(scheme: Scheme) -> bytes:
    """2. Format daftar usulan: an empty workbook with the categories of the scheme to choose from."""
    rules = rules_of(current_version(scheme))
    earners = any(c.segment == "PU" for c in rules.categories)
    labels = [c.label["id"] for c in rules.categories]
    return xlsx([lists.roster_form(labels, wage_earners=earners)])


def cover_letter(roster: Roster, *, user: User | None, at: datetime) -> paper.Paper:
    """3. Surat pengantar and SPTJM: how many people of each category a list proposes, and how many of them are complete.

    Complete is who has no error. The quota is what was told for the office and category; without it the place stays empty.
    """
    scheme = roster.scheme
    labels = {c.id: c.label["id"] for c in rules_of(roster.version).categories}
    told = Target.objects.filter(scheme=scheme, dimension="unit", group=roster.sender.code).order_by("as_of")
    quota = dict(told.exclude(category=None).values_list("category", "number"))
    counted = dict.fromkeys(labels, (0, 0))
    rows = roster.candidates.values("category").annotate(
        n=Count("pk", distinct=True),
        wrong=Count("pk", filter=Q(findings__severity="error"), distinct=True),
    )
    other = (0, 0)
    for row in rows:
        pair = (row["n"], row["n"] - row["wrong"])
        if row["category"] in labels:
            counted[row["category"]] = pair
        else:
            other = (other[0] + pair[0], other[1] + pair[1])
    shown = [(labels[key], quota.get(key), *pair) for key, pair in counted.items() if pair[0]]
    if other[0]:
        shown.append(("Kategori belum jelas", None, *other))
    head = {"kelurahan": "Lurah", "kecamatan": "Camat"}.get(
        roster.sender.kind, f"Kepala {roster.sender.name}"
    )
    return letters.cover_and_responsibility(
        _envelope(scheme, head, user, at, to=("Kepala Dinas", "di Tempat")),
        pl.DataFrame(shown, schema=PROPOSED, orient="row"),
        request="surat permintaan data",
    )


def memo(determination: Determination, *, user: User | None, at: datetime) -> paper.Paper:
    """9. Nota dinas to the mayor through the Sekda: basis, result of the checks, budget, advice."""
    scheme, rules = determination.scheme, rules_of(determination.version)
    left = left_by_unit(scheme, determination.starts_on.year)
    counts = determination.lines.values_list("category").annotate(n=Count("pk"))
    labels = {c.id: c.label["id"] for c in rules.categories}
    named = series([f"{number(n)} {labels.get(category, category)}" for category, n in counts.order_by("category")])  # fmt: skip
    answered = Check.objects.filter(scheme=scheme, answered_on__isnull=False).order_by("answered_on")
    result = [f"Sebanyak {number(determination.people)} orang memenuhi syarat: {named}."]
    result += [
        f"{each.get_checker_display()} menjawab pada {paper.long_date(each.answered_on)}."
        for each in answered
    ]
    budget = [
        f"{name}: {number(people)} orang, {rupiah(monthly)} per bulan, {rupiah(whole)} untuk seluruh masa; "
        + (f"sisa pagu {rupiah(left[unit])}." if unit in left else "pagu belum dicatat.")
        for unit, name, people, monthly, whole in payers_of(determination)
    ]
    short = [
        name for unit, name, _, _, whole in payers_of(determination)
        if determination.state != "signed" and whole > left.get(unit, 0)
    ]  # fmt: skip
    advice = (
        f"Pagu {series(short)} perlu ditambah sebelum penetapan."
        if short
        else "Penetapan dapat ditandatangani."
    )
    return letters.memo(
        _envelope(
            scheme, "Kepala Dinas", user, at, to=(f"Wali {city_of(scheme)}", "melalui Sekretaris Daerah")
        ),
        [[f"{document_title(rules, scheme)}."], result, budget, [advice]],
        sender="Kepala Dinas",
    )


def _envelope(
    scheme: Scheme, title: str, user: User | None, at: datetime, *, to: tuple[str, ...]
) -> letters.Envelope:
    return letters.Envelope(
        letterhead=letterhead(scheme, at.date()),
        signatory=paper.Signatory(name=BLANK, title=title),
        place=city_of(scheme).removeprefix("Kota "),
        to=to,
        printed=printed(scheme, user, at),
    )
