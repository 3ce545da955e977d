"""Contributions of a whole file: text columns become typed ones, bad cells become codes, rows keep their order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from lindung.base import messages
from lindung.base.refused import Refused
from lindung.law import contribution, reading, store

SHEET_ROWS = 1_048_575  # below the head of an XLSX sheet
READS = (".csv", ".parquet", ".xlsx")
_TRUE, _FALSE = ("true", "ya", "yes", "1"), ("false", "tidak", "no", "0")
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
AMOUNTS = contribution.AMOUNTS


def read(path: Path) -> pl.DataFrame:
    """The rows of a CSV (UTF-8, comma or semicolon), Parquet or XLSX file (first sheet). Raises Refused("bulk.…")."""
    if path.suffix.lower() not in READS:
        raise Refused("bulk.kind", {"file": path.name})
    try:
        if path.suffix.lower() == ".parquet":
            return pl.read_parquet(path)
        if path.suffix.lower() == ".xlsx":
            import fastexcel

            sheet = fastexcel.read_excel(path).load_sheet(0, dtypes="string")
            return sheet.to_polars()
        return pl.read_csv(path, infer_schema=False, separator=_separator(path))
    except FileNotFoundError:
        raise Refused("bulk.missing", {"file": path.name}) from None
    except pl.exceptions.NoDataError:
        raise Refused("bulk.empty", {"file": path.name}) from None
    except pl.exceptions.ComputeError as problem:
        if "more fields" in str(problem):
            raise Refused("bulk.ragged", {"file": path.name}) from None
        raise Refused(
            "bulk.unreadable", {"file": path.name, "problem": str(problem).splitlines()[0]}
        ) from None
    except Exception as problem:
        first = str(problem).strip().splitlines()
        raise Refused("bulk.unreadable", {"file": path.name, "problem": first[0] if first else "?"}) from None


def _separator(path: Path) -> str:
    """Excel in Indonesia writes semicolons: what the first line has more of counts."""
    with path.open("rb") as stream:
        head = stream.readline(100_000)
    return ";" if head.count(b";") > head.count(b",") else ","


def compute(frame: pl.DataFrame, *, law: store.Law | None = None) -> pl.DataFrame:
    """`frame` with the amounts of `contribution.compute`, `error` (code) and `message` (sentence).

    Columns as there, as text or typed; `month` as YYYY-MM, `programmes` separated by comma, plus, semicolon or space.
    Raises Refused("bulk.column") when segment, programmes or month is not a column at all.
    """
    for name in ("segment", "programmes", "month"):
        if name not in frame.columns:
            raise Refused("bulk.column", {"column": name})
    typed, wrong = _typed(frame)
    answer = contribution.compute(typed.with_columns(error=wrong), law=law)
    answer = answer.select(*AMOUNTS, "error", message=_messages(frame, typed, answer["error"]))
    return frame.drop([name for name in answer.columns if name in frame.columns]).hstack(answer)


def _typed(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    columns: list[pl.Expr] = []
    wrong: list[pl.Expr] = []
    segment = pl.col("segment").cast(pl.String).str.strip_chars()
    for name, dtype in contribution.COLUMNS.items():
        if name not in frame.columns:
            continue
        found = frame.schema[name]
        if name == "programmes" and isinstance(found, pl.List):
            columns.append(pl.col(name).list.join(",", ignore_nulls=False))
        elif (
            found == pl.Null
            or (found == dtype and dtype != pl.String)
            or (dtype == pl.Int64 and found.is_integer())
        ):
            columns.append(pl.col(name).cast(dtype))
        else:
            text = pl.col(name).cast(pl.String).str.strip_chars()
            text = pl.when(text != "").then(text)
            value, code = _read(name, dtype, text)
            columns.append(value.alias(name))
            # a cell of another segment's column is not looked at
            looked_at = segment == _OWNER[name] if name in _OWNER else pl.lit(True)
            if code:
                wrong.append(pl.when(looked_at & text.is_not_null() & value.is_null()).then(pl.lit(code)))
    errors = frame.select(error=pl.coalesce(*wrong, pl.lit(None, dtype=pl.String)))["error"]
    if errors.len() != frame.height:  # no expression looked at a column
        errors = errors.new_from_index(0, frame.height)
    return frame.select(columns), errors


_OWNER = {"labour_intensive": "PU", "contract_value": "JAKON"}


def _read(name: str, dtype: Any, text: pl.Expr) -> tuple[pl.Expr, str | None]:
    if name == "programmes":
        return text.str.replace_all(r"[\s+;|,]+", ",").str.strip_chars(","), None
    if name == "month":
        readable = text.str.contains(r"^\d{4}-(0[1-9]|1[0-2])$") & ~text.str.starts_with("0000")
        return pl.when(readable).then(text + "-01").str.to_date("%Y-%m-%d", strict=False), "month.unreadable"
    if dtype == pl.Int64:
        digits = pl.when(text.str.contains(r"^-?\d{1,18}$")).then(text).cast(pl.Int64, strict=False)
        huge = pl.when(text.str.contains(r"^\d{19,}$")).then(pl.lit(2**62, dtype=pl.Int64))
        return pl.coalesce(digits, huge), "field.not_whole"
    if dtype == pl.Boolean:
        low = text.str.to_lowercase()
        return pl.when(low.is_in(_TRUE)).then(pl.lit(True)).when(low.is_in(_FALSE)).then(
            pl.lit(False)
        ), "field.not_flag"
    return text, None


def _messages(frame: pl.DataFrame, typed: pl.DataFrame, errors: pl.Series) -> pl.Series:
    """A sentence for every row that is refused, from its own cells."""
    bad = errors.is_not_null()
    if not bad.any():
        return pl.Series("message", [None], dtype=pl.String).new_from_index(0, errors.len())
    names = [name for name in contribution.COLUMNS if name in frame.columns]
    rows = frame.filter(bad).select(
        pl.col(names).exclude("programmes").cast(pl.String, strict=False), "programmes"
    )
    sentences = []
    known: dict[tuple[object, ...], str] = {}
    for code, row in zip(errors.filter(bad), rows.select(names).iter_rows(), strict=True):
        key = (code, *(tuple(v) if isinstance(v, list) else v for v in row))
        if key not in known:
            args = {name: reading.shown(value) for name, value in zip(names, row, strict=True)}
            args |= _cell(code, args)
            known[key] = f"{messages.sentence(code, args)} {messages.hint(code, args)}".strip()
        sentences.append(known[key])
    numbers = bad.arg_true()
    return pl.Series("message", [None] * errors.len(), dtype=pl.String).scatter(numbers, sentences)


def _cell(code: str, args: dict[str, str]) -> dict[str, str]:
    """What `field` and `value` of a cell's own sentence are."""
    if code == "month.unreadable":
        return {"value": args["month"]}
    if code == "field.not_flag":
        return {"field": "labour_intensive", "value": args["labour_intensive"]}
    if code == "field.not_whole":
        whole: dict[str, str] = {name: args[name] for name in ("wage", "contract_value") if name in args}
        field = next((n for n, v in whole.items() if not v.lstrip("-").isdigit() and v != "null"), "wage")
        return {"field": field, "value": whole.get(field, "")}
    return {}


def harmless(frame: pl.DataFrame) -> pl.DataFrame:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it; a number stays one."""
    columns = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    pattern = "^[" + "".join("\\" + sign if sign in "=+-@" else sign for sign in RISKY) + "]"
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(pattern) & ~pl.col(name).str.contains(r"^[+-]\d+([.,]\d+)?$"))
        .then("'" + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in columns
    )
