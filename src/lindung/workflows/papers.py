"""Papers that need more than one room: a decree names people, their contribution, and the account codes that pay."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import polars as pl

from lindung.contributions.models import Budget
from lindung.enrolment.models import Determination, last_day
from lindung.enrolment.pricing import terms
from lindung.enrolment.queries import payers_of
from lindung.papers.decree import Decree, decree
from lindung.papers.paper import Letterhead, Paper, Printed, Signatory
from lindung.registry import audit, frames
from lindung.registry.models import CitySetting, Scheme, User
from lindung.registry.queries import rules_of

Edition = Literal["full", "masked"]
JAKARTA = ZoneInfo("Asia/Jakarta")

NAMED = {
    "nik": pl.String,
    "name": pl.String,
    "birth_place": pl.String,
    "birth_date": pl.Date,
    "sex": pl.String,
    "address": pl.String,
    "rt": pl.Int64,
    "rw": pl.Int64,
    "kelurahan": pl.String,
    "kecamatan": pl.String,
    "category": pl.String,
    "unit_id": pl.Int64,
    "unit": pl.String,
    "contribution": pl.Int64,
}


def city_of(scheme: Scheme) -> str:
    """ "Kota Tangerang Selatan", from the region's name as it stands in capitals in the table of regions."""
    return scheme.locality.name.title()


def letterhead(scheme: Scheme, on: date) -> Letterhead:
    """The city's own letterhead as set for that day, else its name alone."""
    setting = (
        CitySetting.objects.filter(locality=scheme.locality_id, key="letterhead", valid_from__lte=on)
        .order_by("-valid_from")
        .first()
    )
    told = setting.value if setting else {}
    return Letterhead(
        city=told.get("city", f"Pemerintah {city_of(scheme)}"),
        office=told.get("office", ""),
        address=told.get("address", ""),
        contact=told.get("contact", ""),
    )


def printed(scheme: Scheme, user: User | None, at: datetime) -> Printed:
    return Printed(
        at=at.astimezone(JAKARTA),
        by=user.name if user else "Lindung",
        city=city_of(scheme),
        mark=audit.head()[:16],
    )


def named_people(determination: Determination) -> pl.DataFrame:
    """The people of a determination in the order of its annex."""
    return frames.read(
        """select c.nik, c.name, coalesce(c.birth_place, ''), c.birth_date, coalesce(c.sex, ''), coalesce(c.address, ''),
                  c.rt, c.rw, coalesce(k.name, ''), coalesce(d.name, ''), l.category, l.unit_id, u.name, l.monthly
           from enrolment_determinationline l join enrolment_candidate c on c.id = l.candidate_id
           join registry_unit u on u.id = l.unit_id
           left join registry_region k on k.code = c.kelurahan_id
           left join registry_region d on d.code = left(c.kelurahan_id, 8)
           where l.determination_id = %s order by l.number""",
        [determination.pk],
        NAMED,
    )


def decree_paper(
    determination: Determination, *, user: User | None, at: datetime, edition: Edition = "full"
) -> Paper:
    """The Keputusan with Lampiran I (recap, funding) and Lampiran II (names). Raises Refused("papers.…")."""
    scheme, rules = determination.scheme, rules_of(determination.version)
    labels = {category.id: category.label["id"] for category in rules.categories}
    programmes = {category.id: ", ".join(category.programmes) for category in rules.categories}
    people = named_people(determination)
    until = last_day(determination.starts_on, determination.ends_on)
    periods = terms(rules).select("category", "first", until=pl.col("until").fill_null(until))
    members = people.join(periods, on="category", how="left", maintain_order="left").with_columns(
        programmes=pl.col("category").replace_strict(programmes),
        category=pl.col("category").replace_strict(labels),
    )
    signer = determination.signer or f"Wali {city_of(scheme)}"
    day = determination.dated
    facts = Decree(
        head=f"Wali {city_of(scheme)}",
        document=document_title(rules, scheme),
        category=series([labels[c] for c in labels if labels[c] in set(members["category"])]),
        programmes=rules.programmes,
        first=determination.starts_on,
        until=until,
        source=f"Anggaran Pendapatan dan Belanja Daerah {city_of(scheme)} Tahun Anggaran {determination.starts_on.year}",
        signatory=Signatory(name=signer, title=f"Wali {city_of(scheme)}"),
        place=city_of(scheme).removeprefix("Kota "),
        categories=tuple(labels.values()),
        number=determination.number,
        day=day,
        letterhead=letterhead(scheme, day or determination.starts_on),
        printed=printed(scheme, user, at),
    )
    return decree(facts, members, _funding(determination, people), edition=edition)


def document_title(rules, scheme: Scheme) -> str:
    document = rules.document
    kind = {"perwal": f"Peraturan Wali {city_of(scheme)}", "perbup": "Peraturan Bupati"}.get(
        document.kind, document.kind.upper()
    )
    number = f" Nomor {document.number} Tahun {document.year}" if document.number else ""
    return f"{kind}{number} tentang {document.title['id']}"


def series(items: list[str]) -> str:
    """ "a", "a dan b", "a, b, dan c"."""
    return f"{', '.join(items[:-1])}, dan {items[-1]}" if len(items) > 2 else " dan ".join(items)


def _funding(determination: Determination, people: pl.DataFrame) -> pl.DataFrame:
    """unit, account, programme, monthly, whole: who pays, from which code; a unit without a budget shows a dash."""
    year = determination.starts_on.year
    codes: dict[int, list[str]] = {}
    for unit, code in (
        Budget.objects.filter(scheme=determination.scheme, year=year)
        .order_by("account_code")
        .values_list("unit", "account_code")
    ):
        codes.setdefault(unit, []).append(code)
    whole = {unit: need for unit, _, _, _, need in payers_of(determination)}
    return (
        people.group_by("unit_id", "unit", maintain_order=True)
        .agg(monthly=pl.col("contribution").sum())
        .select(
            "unit",
            account=pl.col("unit_id").replace_strict(
                {k: ", ".join(v) for k, v in codes.items()}, default="–", return_dtype=pl.String
            ),
            programme=pl.lit(", ".join(rules_of(determination.version).programmes)),
            monthly="monthly",
            whole=pl.col("unit_id").replace_strict(whole, return_dtype=pl.Int64),
        )
    )
