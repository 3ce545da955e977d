"""The lapse alarm: who loses cover when, what it would cost their families, and what a bridge would cost the city."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from lindung import law
from lindung.base.money import number, rupiah
from lindung.base.month import Month, add_months
from lindung.contributions.models import Budget, Calculation
from lindung.contributions.queries import BudgetState, budget_states
from lindung.enrolment import lapses, pricing
from lindung.papers.tables import Column, Table, pdf
from lindung.registry import frames
from lindung.registry.models import Scheme, User
from lindung.registry.queries import current_version, rules_of
from lindung.workflows.papers import letterhead, printed

AHEAD = 92  # days that an alarm looks ahead: a quarter, the time a budget change takes
BRIDGE = 3  # months: January to March, until the new budget is ready


@dataclass(frozen=True)
class Lapse:
    """People of one payer who lose cover on one day for one cause. Money is whole rupiah."""

    unit: str
    unit_name: str
    cause: str  # of `lapses.CAUSES`
    lapses_on: date  # the first day without cover
    pay_by: date  # the law's last day to pay the month before it
    people: int
    monthly: int  # the contribution of the first month after it
    bridge: int  # of `bridge_months` months after it, by the law of each
    full: int  # people past the three-month clock, who lose the whole death benefit
    scholarship: int  # people with 36 contribution months, whose children lose the scholarship


@dataclass(frozen=True)
class LapseAlarm:
    """What a home page shows of one scheme on one day; `lapses` holds what happens until `until`, earliest first."""

    scheme: str
    on: date
    until: date
    members: int  # everybody whose membership runs that day
    people: int  # of them, who lose cover until then
    first_on: date | None
    lapses: tuple[Lapse, ...]
    bridge_months: int
    bridge: int
    death: int  # what one family gets today for a death by another cause than work, and would not get then
    full: int
    scholarship: int
    highest_scholarship: int | None  # for the children of one family
    full_again_on: (
        date | None
    )  # BPU who come back after the bridge's months wait until then for the full benefit
    restart_unverified: bool  # whether the law leaves open that this clock starts anew


_MEMBERS = {
    "n": pl.Int64, "unit_id": pl.Int64, "unit": pl.String, "unit_name": pl.String, "category": pl.String, "segment": pl.String,
    "programmes": pl.String, "wage": pl.Int64, "risk_class": pl.String, "payer": pl.String, "sector": pl.String,
    "starts_on": pl.Date, "ends_on": pl.Date, "joined": pl.Date, "paid_until": pl.Date, "paid_months": pl.Int64,
    "leaves": pl.Boolean,
}  # fmt: skip


def lapse_alarm(
    scheme: Scheme,
    on: date,
    *,
    ahead: int = AHEAD,
    bridge_months: int = BRIDGE,
    budgets: list[BudgetState] | None = None,
) -> LapseAlarm:
    """Who loses cover within `ahead` days of `on` when nothing more is decided or paid than what is recorded that day.
    `budgets`: those of the year of `on`, where they are known already."""
    rows = lapsing(scheme, on, budgets)
    until = on + timedelta(days=ahead)
    members = int(rows["n"].sum())
    rows = rows.filter(pl.col("lapses_on") <= until)
    groups = _groups(lapses.family_loss(rows), bridge_months)
    day = rows["lapses_on"].min()
    first_on = day if isinstance(day, date) else None
    again, unverified = _full_again(rows, first_on, bridge_months)
    return LapseAlarm(
        scheme=scheme.slug, on=on, until=until, members=members, people=int(rows["n"].sum()), first_on=first_on,
        lapses=groups, bridge_months=bridge_months, bridge=sum(group.bridge for group in groups),
        death=_death_today(on), full=sum(group.full for group in groups),
        scholarship=sum(group.scholarship for group in groups), highest_scholarship=lapses.highest_scholarship(on),
        full_again_on=again, restart_unverified=unverified,
    )  # fmt: skip


def lapsing(scheme: Scheme, on: date, budgets: list[BudgetState] | None = None) -> pl.DataFrame:
    """The members of a day with `lapses_on` and `cause` (see `lapses.lapses`), `n` alike people in one row.

    Who leaves, moves or has died by a movement that was decided is no lapse: `lapses_on` is null.
    """
    rules = rules_of(current_version(scheme))
    members = frames.read(
        """with paid as (
               select distinct m.person_id, l.month from contributions_line l
               join contributions_calculation c on c.id = l.calculation_id
               join enrolment_membership m on m.id = l.membership_id
               where m.scheme_id = %s and c.paid_on <= %s),
           runs as (
               select person_id, month, month - make_interval(months => (row_number() over w)::int) run, count(*) over p total
               from paid window w as (partition by person_id order by month), p as (partition by person_id)),
           newest as (
               select distinct on (person_id) person_id, min(month) over (partition by person_id, run) joined,
                      month paid_until, total
               from runs order by person_id, month desc),
           alike as (
               select count(*) n, m.unit_id, m.category, m.segment, m.programmes, m.wage, m.risk_class, m.payer, m.sector, m.starts_on,
                      m.ends_on, greatest(n.joined, g.registered_on) joined, n.paid_until, coalesce(n.total, 0) total,
                      m.end_reason is not null leaves
               from enrolment_membership m left join enrolment_registration g on g.membership_id = m.id
               left join newest n on n.person_id = m.person_id
               where m.scheme_id = %s and m.starts_on <= %s and (m.ends_on is null or m.ends_on >= %s)
               group by 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
           select a.n, a.unit_id, u.code, u.name, a.category, a.segment, a.programmes, a.wage, a.risk_class, a.payer, a.sector,
                  a.starts_on, a.ends_on, a.joined, a.paid_until, a.total, a.leaves
           from alike a join registry_unit u on u.id = a.unit_id order by a.unit_id, a.starts_on, a.segment""",
        [scheme.pk, on, scheme.pk, on, on],
        _MEMBERS,
    )
    known = budget_states(scheme, on.year) if budgets is None else budgets
    money = _money(scheme, on, members["unit_id"].unique().to_list(), known)
    ends = pricing.terms(rules).select("category", period_until="until")
    rows = members.join(ends, on="category", how="left", maintain_order="left")
    rows = rows.join(money, on="unit_id", how="left", maintain_order="left").with_columns(
        joined=pl.when(pl.col("joined") > on).then(pl.lit(on)).otherwise("joined"),
    )
    decided = pl.when(~pl.col("leaves"))
    return lapses.lapses(rows, on).with_columns(
        lapses_on=decided.then("lapses_on"), cause=decided.then("cause")
    )


def _money(scheme: Scheme, on: date, units: list[int], budgets: list[BudgetState]) -> pl.DataFrame:
    """unit_id, budget_until, budget_cause: the last month each payer's budget pays for, as known now."""
    states = {state.unit.pk: state for state in budgets}
    next_year = set(Budget.objects.filter(scheme=scheme, year=on.year + 1).values_list("unit", flat=True))
    newest = dict(
        Calculation.objects.filter(scheme=scheme, month__year=on.year, month__lte=on)
        .order_by("month")
        .values_list("unit", "month")
    )
    told = []
    for unit in units:
        state, last = states.get(unit), Month(on.year, 12)
        until, cause = (None if unit in next_year else last), "next_budget"
        if state is None:
            until, cause = Month.of(on) + -1, "budget_end"
        elif state.months is not None and unit in newest and Month.of(newest[unit]) + state.months < last:
            until, cause = Month.of(newest[unit]) + state.months, "budget_end"
        told.append((unit, until.first if until else None, cause))
    return pl.DataFrame(
        told, schema={"unit_id": pl.Int64, "budget_until": pl.Date, "budget_cause": pl.String}, orient="row"
    )


def _groups(rows: pl.DataFrame, bridge_months: int) -> tuple[Lapse, ...]:
    found = []
    keys = ["lapses_on", "unit", "cause", "unit_name"]
    for (lapses_on, unit, cause, name), group in rows.sort("lapses_on", "unit", "cause").group_by(
        keys, maintain_order=True
    ):
        first = Month.of(lapses_on) if lapses_on.day == 1 else Month.of(lapses_on) + 1
        months = [_cost(group, first + n) for n in range(max(bridge_months, 1))]
        found.append(
            Lapse(
                unit=unit, unit_name=name, cause=cause, lapses_on=lapses_on,
                pay_by=lapses.last_payment_on(group["segment"][0], first + -1 if cause != "never_paid" else Month.of(lapses_on)),
                people=int(group["n"].sum()), monthly=months[0], bridge=sum(months[:bridge_months]),
                full=int(group.filter("full")["n"].sum()), scholarship=int(group.filter("scholarship")["n"].sum()),
            )
        )  # fmt: skip
    return tuple(found)


def _cost(rows: pl.DataFrame, month: Month) -> int:
    """What the city pays for these people in a month; who has no readable wage costs nothing yet."""
    priced = pricing.monthly(rows.drop("joined"), month.first)
    return int(priced.select((pricing.city_share() * pl.col("n")).sum()).item() or 0)


def _death_today(on: date) -> int:
    asked = pl.DataFrame(
        {"date": [on], "cause": ["other"], "segment": ["PU"], "joined": [on], "contribution_months": [0]}
    )
    return int(law.benefits.death(asked)["total"][0] or 0)


def _full_again(rows: pl.DataFrame, first_on: date | None, months: int) -> tuple[date | None, bool]:
    """When a BPU who comes back after the gap has the full death benefit again, and whether that reading is open."""
    if first_on is None or rows.filter(segment="BPU").is_empty():
        return None, False
    back = add_months(first_on.replace(day=1), months)
    asked = pl.DataFrame(
        {
            "on": [back],
            "segment": ["BPU"],
            "joined": [back],
            "birth_date": [None],
            "contribution_months": [0],
        },
        schema_overrides={"birth_date": pl.Date},
    )
    told = law.clocks.of_members(asked)
    block = law.current()["benefit.bpu_wait_restart"].block(back)
    return told["full_death_benefit_from"][0], block is not None and block.confidence == "unknown"


_CAUSES = {
    "never_paid": "Belum ada iuran yang dibayar", "unpaid": "Menunggak", "contract_end": "Kontrak berakhir",
    "period_end": "Masa skema berakhir", "budget_end": "Pagu habis", "next_budget": "Anggaran tahun berikutnya belum ada",
}  # fmt: skip
COLUMNS = (
    Column("lapses_on", "Tanpa perlindungan mulai", "date", 26),
    Column("unit_name", "Perangkat Daerah", width=50),
    Column("cause", "Sebab", width=46),
    Column("people", "Orang", "number", 18, total=True),
    Column("full", "Kehilangan santunan penuh", "number", 26, total=True),
    Column("scholarship", "Kehilangan hak beasiswa", "number", 26, total=True),
    Column("pay_by", "Bayar paling lambat", "date", 24),
    Column("monthly", "Iuran sebulan", "rupiah", 28, total=True),
    Column("bridge", "Jembatan", "rupiah", 30, total=True),
)


def alarm_table(found: LapseAlarm, city: str) -> Table:
    """The monthly print as a list, with what it means in its notes."""
    rows = pl.DataFrame(
        [
            {column.key: getattr(lapse, column.key) for column in COLUMNS} | {"cause": _CAUSES[lapse.cause]}
            for lapse in found.lapses
        ],
        schema={
            c.key: {"number": pl.Int64, "rupiah": pl.Int64, "date": pl.Date}.get(c.kind, pl.String)
            for c in COLUMNS
        },
    )
    return Table(
        COLUMNS,
        rows,
        "Perlindungan berakhir",
        (
            "PERINGATAN PERLINDUNGAN YANG AKAN BERAKHIR",
            f"{city}, keadaan {found.on:%d-%m-%Y}, sampai {found.until:%d-%m-%Y}",
        ),
        tuple(_notes(found)),
    )


def _notes(found: LapseAlarm) -> list[str]:
    notes = [
        f"{number(found.people)} dari {number(found.members)} peserta kehilangan perlindungan bila tidak ada keputusan baru.",
        f"Bila peserta meninggal sesudah itu, keluarganya tidak menerima {rupiah(found.death)} dari BPJS Ketenagakerjaan.",
    ]
    if found.highest_scholarship:
        notes.append(
            f"Beasiswa anak yang hilang paling banyak {rupiah(found.highest_scholarship)} setiap keluarga."
        )
    if found.full_again_on:
        doubt = (
            " (belum ada kepastian apakah hitungan tiga bulan dimulai lagi)"
            if found.restart_unverified
            else ""
        )
        notes.append(
            f"Bila didaftarkan lagi sesudah {found.bridge_months} bulan, santunan penuh baru berlaku mulai "
            f"{found.full_again_on:%d-%m-%Y}{doubt}."
        )
    notes.append(f"Jembatan {found.bridge_months} bulan untuk semuanya: {rupiah(found.bridge)}.")
    return notes


def alarm_pdf(scheme: Scheme, found: LapseAlarm, *, user: User | None, at: datetime) -> bytes:
    """The monthly print."""
    return pdf(
        alarm_table(found, scheme.locality.name.title()),
        letterhead=letterhead(scheme, found.on),
        printed=printed(scheme, user, at),
    )
