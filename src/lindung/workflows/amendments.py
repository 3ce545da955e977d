"""The papers of changes: a month's Berita Acara Perubahan Data, and the Perubahan that collect them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from lindung.base.money import rupiah
from lindung.enrolment import frames as enrolment_frames
from lindung.enrolment.changes import REASONS, Amendment
from lindung.papers import letters
from lindung.papers.decree import Decree, amendment
from lindung.papers.paper import Paper, Signatory, long_date
from lindung.papers.wording import filled, wording
from lindung.registry.models import User
from lindung.registry.queries import current_version, rules_of
from lindung.workflows.papers import Edition, city_of, document_title, letterhead, printed, series


def side_by_side(paper: Amendment) -> pl.DataFrame:
    """Old and new, a row a place: place, category, old_name, old_nik, new_name, new_nik, reason, since, basis.

    Who leaves and who comes in for them stand in one row when both are in this paper; who comes in later stands beside
    the person whose place it is.
    """
    labels = {c.id: c.label["id"] for c in rules_of(current_version(paper.scheme)).categories}
    rows = enrolment_frames.changed_people(paper.pk)
    coming = rows.filter(pl.col("replaces_id").is_not_null()).select(
        "new_name", "new_nik", "happened_on", "basis", "movement_id", leaves_id="replaces_id"
    )
    paired = rows.filter(pl.col("leaves_id").is_not_null()).join(
        coming, on="leaves_id", how="left", suffix="_in", maintain_order="left"
    )
    first = paired.with_columns(
        new_name=pl.col("new_name_in"),
        new_nik=pl.col("new_nik_in"),
        since=pl.coalesce("happened_on_in", "happened_on"),
        reason=pl.col("kind").replace_strict(REASONS),
    )
    there = first["movement_id_in"].drop_nulls().to_list()
    others = rows.filter(pl.col("leaves_id").is_null() & ~pl.col("movement_id").is_in(there)).with_columns(
        since=pl.col("happened_on"),
        reason=pl.when(pl.col("replaces_id").is_not_null())
        .then(pl.lit("Pengganti"))
        .when(pl.col("kind") == "wage_changed")
        .then(
            pl.concat_str(
                pl.lit("Upah "),
                _money("old_wage"),
                pl.lit(" menjadi "),
                _money("new_wage"),
                ignore_nulls=True,
            )
        )
        .otherwise(pl.col("kind").replace_strict(REASONS)),
    )
    shown = [
        "place",
        "category",
        "old_name",
        "old_nik",
        "new_name",
        "new_nik",
        "reason",
        "since",
        "basis",
        "movement_id",
    ]
    order = {key: at for at, key in enumerate(rows["movement_id"])}
    return (
        pl.concat([first.select(shown), others.select(shown)])
        .sort(pl.col("movement_id").replace_strict(order, return_dtype=pl.Int64))
        .with_columns(pl.col("category").replace_strict(labels, default=pl.col("category")))
        .drop("movement_id")
    )


def _money(column: str) -> pl.Expr:
    return pl.col(column).map_elements(rupiah, return_dtype=pl.String)


def members_after(paper: Amendment) -> pl.DataFrame:
    """Who is protected on the paper's day, with the categories' names: what its recap is counted from."""
    rules = rules_of(current_version(paper.scheme))
    labels = {c.id: c.label["id"] for c in rules.categories if c.track == "decree"}
    rows = enrolment_frames.members_on(paper.scheme, paper.as_of)
    return rows.filter(pl.col("category").is_in(list(labels))).with_columns(
        pl.col("category").replace_strict(labels)
    )


def minutes_paper(
    paper: Amendment, *, user: User | None, at: datetime, team: Sequence[Signatory] = (), edition: Edition = "full"
) -> Paper:  # fmt: skip
    """11. Berita Acara Perubahan Data of the month."""
    scheme, day = paper.scheme, paper.dated
    envelope = letters.Envelope(
        letterhead=letterhead(scheme, day or paper.through),
        signatory=_signer(paper),
        place=city_of(scheme).removeprefix("Kota "),
        number=paper.number,
        day=day,
        printed=printed(scheme, user, at),
    )
    return letters.changes_minutes(
        envelope,
        side_by_side(paper),
        team,
        decree=f"Keputusan {_head(paper)} {amended(paper)}",
        month=paper.through,
        edition=edition,
    )


def amendment_paper(paper: Amendment, *, user: User | None, at: datetime, edition: Edition = "full") -> Paper:
    """11. Perubahan Kesatu, Kedua … atas Keputusan, old and new side by side, and the recap after it."""
    scheme = paper.scheme
    rules = rules_of(current_version(scheme))
    members = members_after(paper)
    labels = [c.label["id"] for c in rules.categories if c.track == "decree"]
    facts = Decree(
        head=_head(paper),
        document=document_title(rules, scheme),
        category=series([label for label in labels if label in set(members["category"])]),
        programmes=rules.programmes,
        first=paper.determination.starts_on,
        until=rules.period.until or paper.as_of,
        source="",
        signatory=_signer(paper),
        place=city_of(scheme).removeprefix("Kota "),
        categories=tuple(labels),
        number=paper.number,
        day=paper.dated,
        minutes=minutes_of(paper),
        letterhead=letterhead(scheme, paper.dated or paper.through),
        printed=printed(scheme, user, at),
    )
    return amendment(
        facts, side_by_side(paper), members, amended=amended(paper), ordinal=paper.sequence, edition=edition
    )


def minutes_of(paper: Amendment) -> str:
    """The minutes an amendment collects: "Berita Acara Perubahan Data Nomor … tanggal …, dan …"."""
    named = [
        f"Nomor {each.number} tanggal {long_date(each.dated)}" for each in collected(paper) if each.dated
    ]
    return f"Berita Acara Perubahan Data {series(named)}" if named else "Berita Acara Perubahan Data"


def collected(paper: Amendment) -> list[Amendment]:
    """The signed minutes whose movements an amendment collects, in their order."""
    found = Amendment.objects.filter(
        kind="minutes", state="signed", lines__movement__lines__amendment=paper
    ).distinct()
    return list(found.order_by("sequence"))


def amended(paper: Amendment) -> str:
    """ "Nomor … Tahun … tentang …" of the decree that is changed."""
    decree = paper.determination
    year = decree.dated.year if decree.dated else decree.starts_on.year
    named = set(decree.lines.values_list("category", flat=True).distinct())
    labels = [c.label["id"] for c in rules_of(decree.version).categories if c.id in named]
    title = filled(wording("decree")["about"], {"category": series(labels)})
    return f"Nomor {decree.number} Tahun {year} tentang {title}"


def _head(paper: Amendment) -> str:
    return f"Wali {city_of(paper.scheme)}"


def _signer(paper: Amendment) -> Signatory:
    return Signatory(**paper.signer) if paper.signer else Signatory(name="…………………", title=_head(paper))
