"""The closed vocabulary of conditions. Each kind is a small rule with its sentences (`texts.py`) and its article.

A condition reads what is known of people and returns who fails. A missing column and an empty cell are unknown:
nothing is said about them. A new kind is a class here, two sentences in `texts.py`, and a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import polars as pl

from lindung.base.month import add_months
from lindung.schemes.words import contains_phrase, plain

SEVERITIES = ("error", "warning")


@dataclass(frozen=True, kw_only=True)
class Condition:
    """`severity` of its findings; `article` where the scheme's document names one."""

    kind: ClassVar[str]
    law: ClassVar[str | None] = None  # the national article; without it the scheme's own document decides
    column: ClassVar[str | None] = None  # the canonical column a finding points at

    severity: str = "error"
    article: str | None = None

    def failing(self, rows: pl.DataFrame, on: date) -> list[pl.DataFrame]:
        """Frames of row_id, code, value and further columns, which become the arguments of the sentence."""
        raise NotImplementedError

    def _found(
        self,
        rows: pl.DataFrame,
        fails: pl.Expr,
        *,
        value: pl.Expr | None = None,
        code: str | None = None,
        **args: Any,
    ) -> pl.DataFrame:
        said = {name: arg if isinstance(arg, pl.Expr) else pl.lit(arg) for name, arg in args.items()}
        return rows.filter(fails).select(
            "row_id",
            code=pl.lit(code or f"eligibility.{self.kind}"),
            value=(pl.lit(None) if value is None else value).cast(pl.String),
            **said,
        )


@dataclass(frozen=True, kw_only=True)
class Age(Condition):
    """Full years on the reference date: at least `from_`, below `below`."""

    kind = "age"
    column = "birth_date"

    from_: int
    below: int

    def failing(self, rows: pl.DataFrame, on: date) -> list[pl.DataFrame]:
        if "birth_date" not in rows.columns:
            return []
        born = pl.col("birth_date")
        years = (
            on.year
            - born.dt.year()
            - ((born.dt.month() * 100 + born.dt.day()) > on.month * 100 + on.day).cast(pl.Int32)
        )
        shown = born.dt.strftime("%d-%m-%Y")
        facts: dict[str, Any] = {"value": shown, "age": years, "on": on.strftime("%d-%m-%Y")}
        return [
            self._found(
                rows,
                born > add_months(on, -12 * self.from_),
                code="eligibility.too_young",
                limit=self.from_,
                **facts,
            ),
            self._found(
                rows,
                born <= add_months(on, -12 * self.below),
                code="eligibility.too_old",
                limit=self.below,
                **facts,
            ),
        ]


@dataclass(frozen=True, kw_only=True)
class ResidentOf(Condition):
    """Lives in one of `regions` (codes): by `residence_code`, else by `kelurahan_code`. A NIK says nothing about it."""

    kind = "resident_of"
    column = "kelurahan"

    regions: tuple[str, ...]

    def failing(self, rows: pl.DataFrame, on: date) -> list[pl.DataFrame]:
        known = [name for name in ("residence_code", "kelurahan_code") if name in rows.columns]
        if not known:
            return []
        code = pl.coalesce(known)
        inside = pl.any_horizontal(
            [(code == region) | code.str.starts_with(f"{region}.") for region in self.regions]
        )
        return [self._found(rows, ~inside, value=code, code_of_region=code)]


@dataclass(frozen=True, kw_only=True)
class NotStateEmployee(Condition):
    """No PNS, PPPK, TNI or Polri: they are insured elsewhere. PPPK part-time follow `pppk_part_time`."""

    kind = "not_state_employee"
    law = "PP 49/2023"
    column = "occupation"

    pppk_part_time: str = "TASPEN"  # BPJSTK | TASPEN: practice differs from branch to branch

    def failing(self, rows: pl.DataFrame, on: date) -> list[pl.DataFrame]:
        if "occupation" not in rows.columns:
            return []
        said = plain(pl.col("occupation"))
        state = said.str.contains(r"\b(pns|cpns|asn|pppk|p3k|tni|polri|pegawai negeri|aparatur sipil)\b")
        former = said.str.contains(r"\b(non|bukan|pensiunan|mantan|purnawirawan|eks|istri|suami|anak)\b")
        part_time = said.str.contains(r"\b(pppk|p3k)\b") & said.str.contains(r"\bparuh\b")
        fails = state & ~former & ~(part_time & (self.pppk_part_time == "BPJSTK"))
        return [self._found(rows, fails, value=pl.col("occupation"))]


@dataclass(frozen=True, kw_only=True)
class NotAlreadyCovered(Condition):
    """Nobody else pays for this person yet. `scope`: any | bpu | government_payer."""

    kind = "not_already_covered"
    column = "nik"

    scope: str = "any"

    def failing(self, rows: pl.DataFrame, on: date) -> list[pl.DataFrame]:
        if "covered" not in rows.columns:
            return []
        each = (
            rows.select("row_id", *(["nik"] if "nik" in rows.columns else []), "covered")
            .explode("covered", empty_as_null=True, keep_nulls=True)
            .filter(pl.col("covered").is_not_null())
            .unnest("covered")
        )
        payer = plain(pl.col("payer"))
        counts = {
            "any": pl.lit(True),
            "bpu": pl.col("segment") == "BPU",
            "government_payer": payer.str.contains(
                r"\b(apbd|apbn|apbdes|dbhcht|blud|pemkot|pemkab|pemprov|pemerintah|provinsi|kementerian|dinas|bagian|badan|kecamatan|kelurahan|desa)\b"
            ),
        }[self.scope]
        first = each.filter(counts).unique("row_id", keep="first", maintain_order=True)
        return [
            self._found(
                first,
                pl.lit(True),
                code="eligibility.already_covered",
                value=pl.col("nik") if "nik" in first.columns else None,
                segment=pl.col("segment"),
                payer=pl.col("payer"),
                since=pl.col("since").dt.strftime("%d-%m-%Y"),
            )
        ]


@dataclass(frozen=True, kw_only=True)
class Alive(Condition):
    """Not among the dead that the civil registry has told us of."""

    kind = "alive"
    column = "nik"

    def failing(self, rows: pl.DataFrame, on: date) -> list[pl.DataFrame]:
        if "died_on" not in rows.columns:
            return []
        died = pl.col("died_on")
        return [
            self._found(
                rows,
                died.is_not_null(),
                code="eligibility.deceased",
                value=pl.col("nik") if "nik" in rows.columns else None,
                died_on=died.dt.strftime("%d-%m-%Y"),
            )
        ]


@dataclass(frozen=True, kw_only=True)
class OccupationIn(Condition):
    """The occupation is one of `list_`: words of the list, in order, stand somewhere in the cell."""

    kind = "occupation_in"
    column = "occupation"

    list_: tuple[str, ...]

    def failing(self, rows: pl.DataFrame, on: date) -> list[pl.DataFrame]:
        if "occupation" not in rows.columns:
            return []
        said = plain(pl.col("occupation"))
        return [
            self._found(
                rows,
                (said != "") & ~contains_phrase(said, self.list_),
                value=pl.col("occupation"),
                occupation=pl.col("occupation"),
            )
        ]


@dataclass(frozen=True, kw_only=True)
class DecileAtMost(Condition):
    """Welfare decile 1 to `value` in the list `list_` (DTKS or DTSEN) of `version`."""

    kind = "decile_at_most"
    column = None

    value: int
    list_: str
    version: str | None = None

    def failing(self, rows: pl.DataFrame, on: date) -> list[pl.DataFrame]:
        if "decile" not in rows.columns:
            return []
        decile = pl.col("decile")
        return [
            self._found(
                rows, decile > self.value, value=decile, decile=decile, limit=self.value, list=self.list_
            )
        ]


@dataclass(frozen=True, kw_only=True)
class IncomeBelow(Condition):
    """Monthly income (whole rupiah) below `amount`."""

    kind = "income_below"
    column = "wage"

    amount: int

    def failing(self, rows: pl.DataFrame, on: date) -> list[pl.DataFrame]:
        if "income" not in rows.columns:
            return []
        income = pl.col("income")
        return [self._found(rows, income >= self.amount, value=income, income=income, limit=self.amount)]


@dataclass(frozen=True, kw_only=True)
class DocumentPresent(Condition):
    """The paper named `document` was handed in."""

    kind = "document_present"

    document: str

    def failing(self, rows: pl.DataFrame, on: date) -> list[pl.DataFrame]:
        if "documents" not in rows.columns:
            return []
        return [self._found(rows, ~pl.col("documents").list.contains(self.document), document=self.document)]


@dataclass(frozen=True, kw_only=True)
class HoldsOffice(DocumentPresent):
    """Holds the office by the letter of appointment `document`."""

    kind = "holds_office"
    column = "category"


@dataclass(frozen=True, kw_only=True)
class NotOtherCategory(Condition):
    """One person in two categories (rangkap jabatan): the first category of the scheme pays, the others show it."""

    kind = "not_other_category"
    column = "category"

    order: tuple[str, ...] = ()  # category ids as the scheme lists them; filled by the loader

    def failing(self, rows: pl.DataFrame, on: date) -> list[pl.DataFrame]:
        if not {"nik", "category"} <= set(rows.columns):
            return []
        rank = {category: at for at, category in enumerate(self.order)}
        known = rows.filter(
            pl.col("nik").str.len_chars() == 16, pl.col("category").is_in(self.order)
        ).with_columns(_rank=pl.col("category").replace_strict(rank, return_dtype=pl.Int64))
        known = known.with_columns(_first=pl.col("_rank").min().over("nik"))
        through = pl.col("_first").replace_strict(dict(enumerate(self.order)), return_dtype=pl.String)
        return [
            self._found(known, pl.col("_rank") > pl.col("_first"), value=pl.col("category"), category=through)
        ]


KINDS: dict[str, type[Condition]] = {
    kind.kind: kind
    for kind in (
        Age, ResidentOf, NotStateEmployee, NotAlreadyCovered, Alive, OccupationIn, DecileAtMost, IncomeBelow,
        DocumentPresent, HoldsOffice, NotOtherCategory,
    )
}  # fmt: skip
