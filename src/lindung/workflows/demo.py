"""Five city programmes with invented people, carried by the product's own actions from roster to coverage.

Nothing here computes a figure: files are made by `samples.demo`, answers of BPJS and of the checkers are invented
there, and everything between goes the way a city's own work goes, by three accounts.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from multiprocessing import get_context
from queue import Empty, Queue
from typing import Any

import django
import polars as pl
from django.core.management import call_command
from django.db import connection

from lindung import schemes as rules
from lindung.base.month import Month
from lindung.base.refused import Refused
from lindung.contributions import actions as money
from lindung.contributions.models import Bill, Calculation
from lindung.coverage.actions import import_targets
from lindung.coverage.queries import coverage
from lindung.enrolment import actions as enrol
from lindung.enrolment.actions.checks import ASKED
from lindung.enrolment.models import Batch, Candidate, Check, Membership, Roster
from lindung.identity.regions import regions
from lindung.local import data_folder
from lindung.registry import actions as register
from lindung.registry.audit import Actor, recorded
from lindung.registry.frames import load_regions
from lindung.registry.models import Employer, Marker, Scheme, Unit, User
from lindung.registry.queries import current_version, rules_of, units_by_code
from lindung.samples import demo as invented
from lindung.workflows import demo_open
from lindung.workflows.determinations import approve

SYSTEM = Actor(None, "administrator", "demo")
MARK = "demo"
ONE_RUN, CHAINS = 7_205_411_947, 7_205_411_948  # advisory locks
ACCOUNTS = [  # login, name (invented), role
    ("pengusul", "Ani Contoh", "operator"),
    ("kantor", "Budi Contoh", "office"),
    ("verifikasi", "Citra Contoh", "legal"),
    ("penyetuju", "Dewi Contoh", "approver"),
    ("bendahara", "Eko Contoh", "treasurer"),
    ("cabang", "Fitri Contoh", "branch"),
    ("auditor", "Gilang Contoh", "auditor"),
    ("admin", "Hana Contoh", "administrator"),
    ("kepala", "Indra Contoh", "head"),
    ("dukcapil", "Joko Contoh", "checker"),
    ("pptk", "Kartika Contoh", "pptk"),
    ("ppk", "Laras Contoh", "ppk"),
    ("pa", "Maman Contoh", "pa"),
    ("bpkad", "Nina Contoh", "bpkad"),
    ("loket", "Sari Contoh", "permit"),
    ("provinsi", "Tono Contoh", "province"),
]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Hands:
    """The accounts that act in the demo, none of whom approves their own work."""

    proposer: Actor
    office: Actor
    verifier: Actor
    approver: Actor
    treasurer: Actor


def state() -> str:
    """ "empty", "demo" (complete), "unfinished" (an interrupted demo), or "other" (somebody's own data)."""
    marker = Marker.objects.filter(key=MARK).first()
    if marker:
        return "demo" if marker.value.get("complete") else "unfinished"
    return "other" if User.objects.exists() or Scheme.objects.exists() or Unit.objects.exists() else "empty"


def reset() -> None:
    """Empty the demo's own database. Raises Refused("demo.not_ours") for any other."""
    if state() == "other":
        raise Refused("demo.not_ours")
    with connection.cursor() as cursor:
        cursor.execute("drop schema public cascade; create schema public")
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)


def run(progress: Progress, only: list[str] | None = None, *, fresh: bool = False) -> dict[str, Any]:
    """Make the demo unless it is there; returns the document of `lindung demo --json`. `fresh` starts over.

    One run at a time: a second one waits, and finds the work done. Raises Refused("demo.not_ours").
    """
    with _alone():
        found = state()
        if found == "other":
            raise Refused("demo.not_ours")
        if found == "unfinished" or fresh:
            reset()
        if found != "demo" or fresh:
            _mark(False)
            load_regions(regions())
            _accounts()
            _chains(only or list(rules.builtin()), progress)
            _rest(progress)
            _mark(True)
    return document(only)


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the database for one run, once the processes of a run that was killed have ended."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [ONE_RUN])
        cursor.execute("select pg_advisory_lock(%s), pg_advisory_unlock(%s)", [CHAINS, CHAINS])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [ONE_RUN])


def document(only: list[str] | None = None) -> dict[str, Any]:
    """What each article reports, what the system computes from its records, and the differences explained."""
    made = []
    order = list(rules.builtin())
    for scheme in sorted(Scheme.objects.filter(demo=True), key=lambda scheme: order.index(scheme.slug)):
        if only and scheme.slug not in only:
            continue
        text = rules_of(current_version(scheme))
        on = invented.ON[scheme.slug]
        made.append(
            {"id": scheme.slug, "on": on.isoformat(), **rules.differences(text, _computed(scheme, on))}
        )
    return {"schemes": made}


def _computed(scheme: Scheme, on: date) -> dict[str, int]:
    by_category = coverage(scheme, on)
    by_unit = coverage(scheme, on, "unit")
    total = by_category.total.target if by_category.total.target is not None else by_unit.total.target
    enrolled = by_category.total.enrolled
    employers = Employer.objects.filter(locality=scheme.locality_id).exclude(status="unregistered")
    facts = {
        "total": total if total is not None else enrolled,
        "covered": enrolled,
        "units": by_unit.statuses()["partly"] + by_unit.statuses()["wholly"],
        "companies": employers.count(),
        "company_workers": sum(employers.values_list("registered_workers", flat=True)),
    }
    facts["outside"] = facts["total"] - enrolled
    return facts | {
        f"category.{row.group}": row.target if row.target is not None else row.enrolled
        for row in by_category.rows
    }


def _mark(complete: bool) -> None:
    with recorded(SYSTEM, "mark_demo"):
        Marker.objects.update_or_create(key=MARK, defaults={"value": {"complete": complete}})


def password() -> str:
    """The one password of the demo accounts, random per data folder; they may sign in from this machine only."""
    path = data_folder() / "demo-password"
    if not path.is_file():
        path.touch(mode=0o600)
        path.write_text("-".join(secrets.token_hex(3) for _ in range(4)), encoding="ascii")
    return path.read_text(encoding="ascii")


def _accounts() -> None:
    for login, name, role in ACCOUNTS:
        register.open_account(login, name, password(), [(role, None, None)], actor=SYSTEM, demo=True)


def _rest(progress: Progress) -> None:
    """What is not finished on purpose, so that every role finds work."""
    hands = _hands()
    by = {
        "operator": hands.proposer, "office": hands.office, "legal": hands.verifier, "approver": hands.approver, "treasurer": hands.treasurer,
    }  # fmt: skip
    with _step(progress, demo_open.SLUG, "open"):
        demo_open.leave_open(by)
        demo_open.accounts(password(), actor=SYSTEM)


def shown_accounts() -> list[tuple[str, str, str]]:
    """login, name and roles of the demo's accounts, in the order in which they were opened."""
    users = User.objects.filter(demo=True).prefetch_related("roles").order_by("pk")
    return [(user.login, user.name, ", ".join(role.role for role in user.roles.all())) for user in users]


def _hands() -> Hands:
    users = User.objects.in_bulk([login for login, _, _ in ACCOUNTS], field_name="login")
    made = {login: Actor(users[login], role, "demo") for login, _, role in ACCOUNTS}
    return Hands(made["pengusul"], made["kantor"], made["verifikasi"], made["penyetuju"], made["bendahara"])


def _chains(slugs: list[str], progress: Progress) -> None:
    """The schemes, two at a time in processes of their own: cities do not wait for one another either."""
    if len(slugs) == 1:
        _chain(slugs[0], _hands(), progress)
        return
    context = get_context("spawn")
    with (
        context.Manager() as manager,
        ProcessPoolExecutor(2, mp_context=context, initializer=django.setup) as pool,
    ):
        told = manager.Queue()
        largest_first = sorted(slugs, key=lambda slug: -_people(slug))
        works = [pool.submit(_apart, slug, told) for slug in largest_first]
        while not all(work.done() for work in works) or not told.empty():
            try:
                progress(*told.get(timeout=0.2))
            except Empty:
                continue
        for work in works:
            work.result()


def _people(slug: str) -> int:
    return sum(category.target or 0 for category in rules.builtin()[slug].categories)


def _apart(slug: str, told: Queue[tuple[str, int, int]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock_shared(%s)", [CHAINS])
    try:
        _chain(slug, _hands(), lambda step, done, total: told.put((step, done, total)))
    finally:
        connection.close()


def _chain(slug: str, hands: Hands, progress: Progress) -> None:
    """One scheme from its regulation to its coverage."""
    text = rules.builtin()[slug]
    with _step(progress, slug, "scheme"):
        scheme = register.load_scheme(text.text, f"{slug}.yaml", actor=SYSTEM, demo=True).scheme
        on = invented.ON[slug]
        _facts(scheme, on, hands)
    days = _days(text, on)
    with _step(progress, slug, "rosters"):
        _collect(scheme, days["sent"], hands)
    with _step(progress, slug, "reviews"):
        enrol.accept_eligible(scheme, quotas=_quotas(scheme), actor=hands.office)
        _look_at_doubts(scheme, hands)
        checkers = _ask_checkers(scheme, text, days["checked"], hands)
    with _step(progress, slug, "determinations"):
        _determine(scheme, text, checkers, days["determined"], hands)
    with _step(progress, slug, "batches"):
        _register(scheme, text, checkers, days, hands)
    with _step(progress, slug, "bills"):
        for month in Month.of(text.period.from_).through(Month.of(on)):
            _bill(scheme, month, on, hands)
    if slug == invented.CEREMONY:
        with _step(progress, slug, "cards"):
            _cards(scheme, hands)


@contextmanager
def _step(progress: Progress, scheme: str, step: str) -> Iterator[None]:
    progress(f"{scheme} {step}", 0, 1)
    yield
    progress(f"{scheme} {step}", 1, 1)


def _days(text: rules.Scheme, on: date) -> dict[str, date]:
    """Dates of the steps: everything is done, and the newest month paid, by the day of the figures."""
    start = min(text.period.from_, on - timedelta(days=18))
    return {
        "sent": start,
        "checked": start + timedelta(days=3),
        "determined": start + timedelta(days=5),
        "answered": start + timedelta(days=8),
        "corrected": start + timedelta(days=11),
    }


def _facts(scheme: Scheme, on: date, hands: Hands) -> None:
    """What a city knows beforehand: units, targets, budgets, employers, who is covered or dead."""
    slug = scheme.slug
    register.register_units(scheme, invented.units(slug), actor=SYSTEM)
    units = units_by_code(scheme)
    import_targets(scheme, invented.targets(slug), invented.AS_OF[slug], invented=True, actor=SYSTEM)
    for unit, account, programmes, year, amount in (
        invented.budgets(slug).select("unit", "account_code", "programme", "year", "amount").iter_rows()
    ):
        money.set_budget(
            scheme,
            units[unit],
            year,
            account,
            amount,
            programmes=programmes,
            invented=True,
            actor=hands.treasurer,
        )
    register.tell_outside_cover(invented.register(slug), actor=SYSTEM)
    register.tell_deaths(invented.deaths(slug), actor=SYSTEM)
    if slug == invented.EMPLOYERS:
        register.register_employers(scheme.locality_id, invented.employers(), actor=SYSTEM, demo=True)


def _collect(scheme: Scheme, sent: date, hands: Hands) -> None:
    units = units_by_code(scheme)
    rosters = [
        enrol.receive(
            scheme, units[file.sender_unit_code], file.filename, file.content, file.on, actor=hands.proposer
        )
        for file in invented.rosters(scheme.slug)
    ]
    enrol.check_rosters(rosters, actor=hands.proposer)
    for roster in rosters:
        enrol.propose_roster(roster, actor=hands.proposer)


def _quotas(scheme: Scheme) -> dict[tuple[int, str], int]:
    """The demo's quotas per sender and category, where it tells any."""
    units = units_by_code(scheme)
    return {
        (units[unit].pk, category): number
        for unit, category, number in invented.quotas(scheme.slug).iter_rows()
    }


TAKEN = 2  # days that an invented checker takes


def _ask_checkers(scheme: Scheme, text: rules.Scheme, on: date, hands: Hands) -> list[str]:
    for checker in invented.CHECKERS[scheme.slug]:
        sent = enrol.send_check(
            scheme, checker, segment=text.segment, on=on - timedelta(days=TAKEN), actor=hands.office
        )
        answer = _all_pass(sent)
        enrol.read_check_answer(
            sent,
            "jawaban.csv",
            answer,
            officer="Petugas Contoh",
            answered_on=on,
            actor=hands.office,
        )
    return list(invented.CHECKERS[scheme.slug])


def _look_at_doubts(scheme: Scheme, hands: Hands) -> None:
    """Warnings are for a person to look at. Invented people are different people, so the office accepts them."""
    doubtful = Candidate.objects.filter(roster__scheme=scheme, review="pending", result="perlu_klarifikasi")
    enrol.review(doubtful, "accept", reason="Dilihat: orang yang berbeda", actor=hands.office, scheme=scheme)


def _all_pass(check: Check) -> bytes:
    """The checker's answer to every row: yes. (The demo's planted errors are found before this step.)"""
    column = ASKED[check.checker][1]
    refs = [
        f"{check.checker.upper()}-{check.number}-{line},YA"
        for line in check.rows.values_list("line", flat=True)
    ]
    return "\n".join([f"Ref,{column}", *refs]).encode()


def _determine(scheme: Scheme, text: rules.Scheme, checkers: list[str], on: date, hands: Hands) -> None:
    """One decree for the decree track; on the appointment track one list of each office that has people."""
    tracks = sorted({category.track for category in text.categories}, reverse=True)
    for track in tracks:
        senders: list[Unit | None] = [None]
        if track == "appointment":
            appointed = [c.id for c in text.categories if c.track == track]
            senders = list(
                Unit.objects.filter(rosters__scheme=scheme, rosters__candidates__category__in=appointed,
                                    rosters__candidates__review="accepted",
                                    rosters__candidates__line__isnull=True).distinct().order_by("code")
            )  # fmt: skip
        for unit in senders:
            made = enrol.propose_determination(
                scheme, track=track, unit=unit, checkers=checkers, on=on, actor=hands.office
            )
            enrol.verify_determination(made, actor=hands.verifier)
            approve(made, actor=hands.approver)
            number = invented.document_number(scheme.slug, unit.code if unit else None, made.sequence)
            enrol.sign_determination(made, number, on, invented.SIGNER[scheme.slug], actor=hands.office)


def _register(
    scheme: Scheme, text: rules.Scheme, checkers: list[str], days: dict[str, date], hands: Hands
) -> None:
    """Files to BPJS and its answers; who is rejected is corrected or replaced, and sent again."""
    _exchange(scheme, days["answered"], hands)
    rejected = Membership.objects.filter(
        scheme=scheme, registration__isnull=True, batch_rows__answer__accepted=False
    ).select_related("person", "scheme").order_by("pk")  # fmt: skip
    plan = invented.mend(scheme.slug, [(m.pk, m.person.nik) for m in rejected])
    by_id = {m.pk: m for m in rejected}
    for membership, nik in plan.corrected.items():
        enrol.correct_nik(by_id[membership].person, nik, actor=hands.office)
    for membership in plan.replaced:
        enrol.end_membership(by_id[membership], days["corrected"], "rejected_by_bpjs", actor=hands.office)
    if plan.rosters:
        units = units_by_code(scheme)
        late = [
            enrol.receive(
                scheme, units[f.sender_unit_code], f.filename, f.content, f.on, actor=hands.proposer
            )
            for f in plan.rosters
        ]
        enrol.check_rosters(late, actor=hands.proposer)
        for roster in late:
            enrol.propose_roster(roster, actor=hands.proposer)
        enrol.accept_eligible(scheme, actor=hands.office)
        _look_at_doubts(scheme, hands)
        _ask_checkers(scheme, text, days["corrected"], hands)
        _determine(scheme, text, checkers, days["corrected"], hands)
    if plan.corrected or plan.rosters:
        _exchange(scheme, days["corrected"], hands)


def _exchange(scheme: Scheme, on: date, hands: Hands) -> None:
    for batch in enrol.prepare_batches(scheme, actor=hands.office):
        enrol.mark_sent(batch, on, actor=hands.office)
        name, content = invented.bpjs_answer(scheme.slug, _sent_rows(batch))
        enrol.read_batch_answer(batch, name, content, on, actor=hands.office)


def _sent_rows(batch: Batch) -> pl.DataFrame:
    """nik, line and how often this person was sent before."""
    rows = batch.rows.order_by("line").values_list("nik", "line", "membership")
    again = set(
        batch.rows.filter(membership__batch_rows__answer__accepted=False).values_list("membership", flat=True)
    )
    return pl.DataFrame(
        [(nik, line, membership in again) for nik, line, membership in rows],
        schema={"nik": pl.String, "line": pl.Int64, "again": pl.Boolean},
        orient="row",
    )


def _bill(scheme: Scheme, month: Month, on: date, hands: Hands) -> None:
    """Reckon a month, take BPJS's bill, pay it: all by the day of the figures."""
    for calculation in money.calculate(scheme, month, actor=hands.office):
        received = min(month.first + timedelta(days=6), on)
        paid = min(month.first + timedelta(days=11), on)
        code = invented.payment_code(scheme.slug, calculation.unit.code, str(month), calculation.sequence)
        bill = money.record_bill(
            calculation,
            code,
            calculation.total,
            max(paid, month.first + timedelta(days=14)),
            received,
            actor=hands.treasurer,
        )
        _pay(bill, paid, hands)


def _pay(bill: Bill, on: date, hands: Hands) -> None:
    for step in money.STEPS:
        number = f"{bill.pk:05d}/{step}/CONTOH/{on.year}"
        money.pay(bill, step, number, on, bill.amount, actor=hands.treasurer)


def _cards(scheme: Scheme, hands: Hands) -> None:
    """The cards of the ceremony: 300 people of all categories, in the order of kelurahan, RW, RT."""
    chosen = invented.ceremony(
        list(
            Membership.objects.filter(scheme=scheme, registration__isnull=False)
            .order_by("kelurahan", "pk")
            .values_list("pk", "category")
        )
    )
    enrol.print_cards(scheme, chosen, "Penyerahan simbolis", actor=hands.office)


def figures() -> dict[str, int]:
    """How much the demo holds, for the last line of the command."""
    return {
        "members": Membership.objects.count(),
        "rosters": Roster.objects.count(),
        "calculations": Calculation.objects.count(),
        "employers": Employer.objects.count(),
    }
