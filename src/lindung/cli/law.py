"""The national law at the terminal: for people as tables and sentences, for programs as JSON lines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lindung.base import messages
from lindung.base.messages import N_
from lindung.base.refused import Refused
from lindung.cli.json_lines import stream
from lindung.cli.law_book import DAY, FILE, calendar, parameters, report, stale, today
from lindung.cli.law_duties import duties
from lindung.cli.law_tables import amounts, shown, table

if TYPE_CHECKING:
    from lindung.law import Law


class _Refusing(click.Group):
    """A refusal is a sentence on standard error and exit status 1, also when a command runs on its own."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refused as problem:
            click.echo(str(problem), err=True)
            ctx.exit(1)


@click.group("law", cls=_Refusing)
def law() -> None:
    """Contributions, benefits and parameters of the national law."""


for _command in (calendar, duties, parameters, report, stale):
    law.add_command(_command)


def _law(known_on: date | None) -> Law:
    from lindung.law import current

    return current().known_on(known_on) if known_on else current()


# contribution -------------------------------------------------------------------------------------------------------


@law.command()
@click.argument("file", type=FILE, required=False)
@click.option("--out", type=FILE, help="Where a whole FILE goes with its amounts: .csv, .parquet or .xlsx.")
@click.option("--jsonl", is_flag=True, help="One JSON object a line on standard input, one a line out.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")
@click.option("--segment", help="PU, BPU or JAKON.")
@click.option("--programmes", help="JKK,JKM,JHT,JP.")
@click.option("--month", help="YYYY-MM.")
@click.option("--wage", type=int, help="Monthly wage or income, whole rupiah.")
@click.option("--contract-value", type=int, help="JAKON: without VAT.")
@click.option("--risk-class", help="PU: I, II, III, IV or V.")
@click.option("--payer", help="employer, self, APBD, APBN, APBDes or donor.")
@click.option("--sector", help="BPU: transport or other.")
@click.option("--labour-intensive", is_flag=True, help="PU: meets all conditions of PP 7/2025.")
@click.option("--in-jkp", is_flag=True, help="Also say JKP's share of the bill.")
@click.option("--known-on", type=DAY, help="The law as it was published on that day.")
@click.pass_context
def contribution(
    ctx: click.Context, file: Path | None, out: Path | None, *, jsonl: bool, as_json: bool, in_jkp: bool,
    known_on: date | None, **fields: Any,
) -> None:  # fmt: skip
    """What a month of a person costs; of a whole FILE with --out; of JSON lines with --jsonl."""
    from lindung.law import lines

    rules = _law(known_on)
    if jsonl:
        stream(lambda batch: lines.contributions(batch, law=rules))
    elif file is not None:
        if out is None:
            raise click.UsageError("FILE needs --out FILE.", ctx)
        _whole_file(file, out, rules)
    else:
        if not any(fields.values()):
            raise click.UsageError(
                "Give --segment, --programmes, --month and --wage, or FILE, or --jsonl.", ctx
            )
        given: dict[str, Any] = {name: value for name, value in fields.items() if value is not None}
        if "programmes" in given:
            given["programmes"] = [name for name in re.split(r"[\s,;+]+", given["programmes"]) if name]
        _one_contribution(given, rules, as_json=as_json, in_jkp=in_jkp)


def _one_contribution(given: dict[str, Any], rules: Law, *, as_json: bool, in_jkp: bool) -> None:
    from lindung.law import explain, lines

    answer = json.loads(lines.contributions([json.dumps(given).encode()], law=rules)[0])
    _refuse(answer)
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    amounts({name: value for name, value in answer.items() if name not in ("law", "unverified")})
    row = lines.contribution_row(given)
    click.echo(str(explain.contribution(row, law=rules, in_jkp=in_jkp)))


def _refuse(answer: dict[str, Any]) -> None:
    if "error" in answer:
        click.echo(answer["error"]["message"], err=True)
        click.get_current_context().exit(1)


def _whole_file(file: Path, out: Path, rules: Law) -> None:
    from lindung.base.money import number, rupiah
    from lindung.law import bulk

    if out.suffix.lower() not in bulk.READS:
        raise Refused("bulk.kind", {"file": out.name})
    frame = bulk.compute(bulk.read(file), law=rules)
    if out.suffix.lower() == ".xlsx" and frame.height > bulk.SHEET_ROWS:
        raise Refused("bulk.too_many_rows", {"rows": number(frame.height), "limit": number(bulk.SHEET_ROWS)})
    scratch = out.with_name(f".{out.name}.part")  # an interrupted run leaves no half file under the name
    try:
        if out.suffix.lower() == ".parquet":
            frame.write_parquet(scratch)
        elif out.suffix.lower() == ".csv":
            bulk.harmless(frame).write_csv(scratch)
        else:
            scratch.write_bytes(_workbook(frame))
        scratch.replace(out)
    except OSError as problem:
        told = (problem.strerror or str(problem)).partition(" (os error")[0]
        raise Refused("bulk.unwritable", {"file": out.name, "problem": told}) from None
    finally:
        scratch.unlink(missing_ok=True)
    refused = frame.height - frame["error"].null_count()
    args = {
        "rows": number(frame.height),
        "refused": number(refused),
        "total": rupiah(int(frame["total"].sum() or 0)),
    }
    click.echo(messages.sentence("bulk.done", args), err=True)


def _workbook(frame: Any) -> bytes:
    import polars as pl

    from lindung.papers import tables

    money = {
        "wage",
        "contract_value",
        "base",
        "jkk",
        "jkm",
        "jht_employer",
        "jht_worker",
        "jp_employer",
        "jp_worker",
        "total",
    }
    columns = []
    for name, dtype in frame.schema.items():
        kind: tables.Kind = (
            "number" if dtype.is_integer() and name in money else "date" if dtype == pl.Date else "text"
        )
        columns.append(tables.Column(name, name, kind))
    as_text = [c.key for c in columns if c.kind == "text" and frame.schema[c.key] != pl.String]
    rows = frame.with_columns(pl.col(as_text).cast(pl.String)) if as_text else frame
    return tables.xlsx([tables.Table(tuple(columns), rows, numbered=False)])


# benefit ------------------------------------------------------------------------------------------------------------

# every field of every kind: how it is typed, and what it is
_OPTIONS: dict[str, tuple[type, str]] = {
    "date": (str, N_("Day of the event, YYYY-MM-DD; pension: its first day.")),
    "cause": (str, N_("work_accident or other.")),
    "segment": (str, N_("PU, BPU or JAKON.")),
    "wage": (int, N_("Monthly wage or income, whole rupiah.")),
    "joined": (str, N_("First day of the unbroken cover; savings_claim: of participation.")),
    "first-joined": (str, N_("death: first day before an unpaid gap.")),
    "contribution-months": (int, N_("Months paid so far.")),
    "months": (int, N_("temporary_disability: whole months unable to work.")),
    "type": (str, N_("permanent_disability: anatomical, functional or total.")),
    "table-percent": (str, N_("permanent_disability: what the table says.")),
    "function-loss-percent": (str, N_("permanent_disability: share of the function that is lost.")),
    "average-monthly-wage": (int, N_("pension, survivors: average wage, already indexed.")),
    "heir": (str, N_("survivors: spouse, child or parent.")),
    "density-percent": (str, N_("survivors: share of the months that were paid.")),
    "month": (str, N_("late_penalty: the month, YYYY-MM.")),
    "contribution": (int, N_("late_penalty: what was due, whole rupiah.")),
    "paid-on": (str, N_("late_penalty: the day of payment.")),
    "employer": (str, N_("late_penalty: private or state.")),
    "months-of-24": (int, N_("job_loss: months paid in the last 24.")),
    "consecutive-months": (int, N_("job_loss: unbroken months before the dismissal.")),
    "cost": (int, N_("transport: what it cost, whole rupiah.")),
    "reason": (str, N_("savings_claim: retirement, resignation, dismissal, contract_end, bpu_stopped, left_country, "
                       "disability, death, partial_preparation or partial_housing.")),
    "balance": (int, N_("savings_claim: the balance, whole rupiah.")),
    "birth-date": (str, N_("savings_claim: birth date, for retirement.")),
}  # fmt: skip


def _fields(command: Callable[..., Any]) -> Callable[..., Any]:
    for name, (kind, text) in reversed(_OPTIONS.items()):
        command = click.option(f"--{name}", type=kind, help=text)(command)
    return command


@law.command()
@click.argument("kind", required=False)
@click.option("--jsonl", is_flag=True, help="One JSON object a line on standard input, one a line out.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")
@click.option("--holidays", type=FILE, help="Holidays, one date a line.")
@click.option("--returns", type=FILE, help="savings: yearly JHT returns, year,rate like 2016,0.0719.")
@click.option("--deposits", type=FILE, help="savings: month,amount a line.")
@click.option("--through", type=int, help="savings: the last year.")
@click.option("--child", "child", multiple=True, help="BIRTH_DATE:LEVEL:YEARS_LEFT, in order, repeated.")
@click.option("--mode", "modes", multiple=True, help="transport: land, sea or air, repeated.")
@click.option("--known-on", type=DAY, help="The law as it was published on that day.")
@_fields
@click.pass_context
def benefit(
    ctx: click.Context, kind: str | None, *, jsonl: bool, as_json: bool, holidays: Path | None, returns: Path | None,
    deposits: Path | None, through: int | None, child: tuple[str, ...], modes: tuple[str, ...], known_on: date | None,
    **fields: Any,
) -> None:  # fmt: skip
    """What is due: KIND is death, scholarship, temporary_disability, permanent_disability, pension, pension_age,
    late_penalty, job_loss, survivors, transport, savings_claim or savings."""
    from lindung.law import kinds, lines

    rules, free = _law(known_on), free_days(holidays)
    if jsonl:
        stream(lambda batch: lines.benefits_of(batch, holidays=free, law=rules))
        return
    if kind is None:
        raise click.UsageError("Give a KIND, or --jsonl.", ctx)
    if kind == "savings":
        _savings(ctx, deposits, returns, through, as_json=as_json)
        return
    if kind not in kinds.ALL:
        raise Refused("kind.unknown", {"value": kind})
    given: dict[str, Any] = {name: value for name, value in fields.items() if value is not None}
    given |= {name: _decimal(ctx, value) for name, value in given.items() if name.endswith("percent")}
    if kind == "scholarship":
        given["children"] = [_child(ctx, text) for text in child]
    if modes:
        given["modes"] = list(modes)
    _one_benefit(kind, given, free, rules, as_json=as_json)


def _one_benefit(
    kind: str, given: dict[str, Any], free: Sequence[date], rules: Law, *, as_json: bool
) -> None:
    from lindung.law import explain, kinds

    on = today()
    row = kinds.frame(kind, [kinds.row(kind, given)], holidays=free, law=rules).row(0, named=True)
    if row["error"]:
        raise Refused(row["error"], given)
    answer = kinds.answer(kind, row)
    told = explain.told(kind, row, on=on, law=rules)
    if as_json:
        articles, unverified = rules.grounds(row["used"], row[kinds.ALL[kind].on])
        document = {**answer, "law": articles, "unverified": unverified, "notice": told.notice}
        click.echo(json.dumps(document, ensure_ascii=False, default=str))
        return
    amounts(answer)
    click.echo(str(told))


def _savings(
    ctx: click.Context, deposits: Path | None, returns: Path | None, through: int | None, *, as_json: bool
) -> None:
    import polars as pl

    from lindung.base.money import parts_per_million
    from lindung.base.month import Month
    from lindung.law import savings

    if deposits is None or returns is None:
        raise click.UsageError("savings needs --deposits FILE and --returns FILE.", ctx)
    rates = dict(_pairs(returns, lambda year, rate: (int(year), parts_per_million(rate))))
    paid = list(_pairs(deposits, lambda month, amount: (Month.parse(month).first, int(amount))))
    frame = pl.DataFrame(
        {"person": [""] * len(paid), "month": [m for m, _ in paid], "amount": [a for _, a in paid]},
        schema={"person": pl.String, "month": pl.Date, "amount": pl.Int64},
    )
    found = savings.balances(frame, rates, through=through or max(rates, default=0)).drop("person")
    if as_json:
        click.echo(json.dumps(found.to_dicts()))
        return
    table(
        [f"amount.{name}" for name in found.columns],
        [[shown(n, v) for n, v in row.items()] for row in found.to_dicts()],
    )
    click.echo(messages.sentence("explain.notice", {"on": f"{today():%d-%m-%Y}"}))


def _pairs(file: Path, read: Callable[[str, str], Any]) -> Iterator[Any]:
    for number, line in enumerate(_lines(file), start=1):
        if not line:
            continue
        try:
            first, second = line.split(",")
            yield read(first.strip(), second.strip())
        except (ValueError, ArithmeticError, Refused):
            if number > 1:  # the first line may be a header
                raise Refused(
                    "file.line_unreadable", {"file": file.name, "line": number, "value": line[:40]}
                ) from None


def free_days(file: Path | None) -> tuple[date, ...]:
    days = []
    for number, line in enumerate(_lines(file) if file else (), start=1):
        text = line.split(",")[0].strip()
        if not text:
            continue
        try:
            days.append(date.fromisoformat(text))
        except ValueError:
            if number > 1:
                raise Refused(
                    "file.line_unreadable",
                    {"file": file.name if file else "", "line": number, "value": text[:40]},
                ) from None
    return tuple(days)


def _lines(file: Path) -> list[str]:
    try:
        return [line.partition("#")[0].strip() for line in file.read_text(encoding="utf-8-sig").splitlines()]
    except FileNotFoundError:
        raise Refused("bulk.missing", {"file": file.name}) from None
    except (OSError, UnicodeDecodeError) as problem:
        raise Refused("bulk.unreadable", {"file": file.name, "problem": str(problem)[:80]}) from None


def _child(ctx: click.Context, text: str) -> dict[str, Any]:
    parts = text.split(":")
    if len(parts) != 3 or not re.fullmatch(r"-?\d{1,9}", parts[2]):
        raise click.UsageError(
            f"--child {text!r}: BIRTH_DATE:LEVEL:YEARS_LEFT, like 2015-03-01:TK_SD:5.", ctx
        )
    return {"birth_date": parts[0], "level": parts[1], "years_left_in_level": int(parts[2])}


def _decimal(ctx: click.Context, text: str) -> Any:
    from decimal import Decimal, InvalidOperation

    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise click.UsageError(f"{text!r} is not a number.", ctx) from None
    if not number.is_finite():
        raise click.UsageError(f"{text!r} is not a number.", ctx)
    return number
