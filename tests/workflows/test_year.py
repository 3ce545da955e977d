"""A scripted year of the Tangsel scheme: who dies, moves, is replaced or becomes a civil servant, month after month.

Members, bills, movements, papers and coverage are counted from the records every month and must agree. All invented.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import polars as pl
import pytest
from city import answer
from django.db import connection

from lindung import schemes
from lindung.base.month import Month
from lindung.contributions import actions as money
from lindung.contributions.models import Calculation, Line
from lindung.contributions.queries import budget_states
from lindung.coverage.queries import coverage
from lindung.enrolment import actions as enrol
from lindung.enrolment import movement_lists, movement_queries
from lindung.enrolment.changes import Amendment, Movement
from lindung.enrolment.models import BatchAnswer, Candidate, Membership
from lindung.registry import actions as register
from lindung.registry import audit
from lindung.registry.audit import Actor
from lindung.registry.models import Scheme, User
from lindung.registry.queries import rules_of, units_by_code
from lindung.samples.people import people
from lindung.workflows import demo
from lindung.workflows.alarms import lapse_alarm
from lindung.workflows.amendments import members_after, side_by_side
from lindung.workflows.movements import LEFT, movements_of_month

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SLUG = "tangsel-2019"
PEOPLE = 12_946
YEAR = {"died": 65, "replaced": 549, "moved": 118, "became_asn": 31}
MONTHS = 11  # nobody leaves in December, so that everybody is replaced within the year
WORDS = {"replaced": "ganti", "moved": "pindah", "became_asn": "jadi ASN"}


def spread(total: int, month: int) -> int:
    """The share of one of eleven months; the sum of all is `total`."""
    base, more = divmod(total, MONTHS)
    return base + (month <= more) if month <= MONTHS else 0


class Tangsel:
    def __init__(self) -> None:
        demo.run(lambda *_: None, only=[SLUG])
        self.scheme = Scheme.objects.select_related("locality").get(slug=SLUG)
        who = {user.login: user for user in User.objects.all()}
        self.proposer, self.office, self.treasurer = (
            Actor(who[login], role)
            for login, role in (("pengusul", "operator"), ("kantor", "office"), ("bendahara", "treasurer"))
        )
        self.units = units_by_code(self.scheme)
        self.labels = {c.id: c.label["id"] for c in rules_of(self.scheme.versions.latest("pk")).categories}

    def pay(self, month: Month) -> list[Calculation]:
        """Reckon, bill and pay a month: all offices together."""
        made = money.calculate(self.scheme, month, actor=self.office)
        for each in made:
            bill = money.record_bill(
                each, f"{each.pk:011d}", each.total, month.first + timedelta(days=14), month.first + timedelta(days=6), actor=self.treasurer
            )  # fmt: skip
            for step in money.STEPS:
                money.pay(
                    bill, step, "1", month.first + timedelta(days=11), bill.amount, actor=self.treasurer
                )
        with connection.cursor() as cursor:  # within a test's transaction the planner is told of nothing
            cursor.execute(
                "analyze contributions_calculation, contributions_line, enrolment_membership, enrolment_registration"
            )
        return made

    def leavers(self, month: int) -> dict[str, list[Membership]]:
        """Who leaves this month: heads of RT and RW are replaced, the others may be anybody."""
        running = Membership.objects.filter(
            scheme=self.scheme, end_reason=None, starts_on__lt=date(2020, month, 1)
        ).select_related("person", "kelurahan")
        heads = list(running.filter(category__in=["rt_head", "rw_head"]).order_by("pk"))
        others = list(running.exclude(category__in=["rt_head", "rw_head"]).order_by("pk"))
        dice = Random(month)
        chosen = {"replaced": dice.sample(heads, spread(YEAR["replaced"], month))}
        rest = iter(dice.sample(others, sum(spread(YEAR[k], month) for k in ("died", "moved", "became_asn"))))
        for kind in ("died", "moved", "became_asn"):
            chosen[kind] = [next(rest) for _ in range(spread(YEAR[kind], month))]
        return chosen

    def newcomers(self, month: int, leaving: list[Membership]) -> list[str]:
        """One invented person for each place, of its kelurahan and category, on a list; they wait. Their NIK, in order."""
        homes = pl.DataFrame(
            {
                "kelurahan_code": [m.kelurahan_id for m in leaving],
                "category": [self.labels[m.category] for m in leaving],
            }
        )
        made = people(
            homes, locality="36.74", seed=1_000 + month, on=date(2020, month, 1), serials=(9001, 997)
        )
        rows = made.select(
            NIK="nik", Nama="name", Lahir=pl.col("birth_date").dt.strftime("%d-%m-%Y"), JK="sex", RT="rt", RW="rw",
            Kelurahan="kelurahan", Kecamatan="kecamatan", Kategori="category",
        ).rename({"Lahir": "Tgl Lahir"})  # fmt: skip
        sender = self.units["bagian-pemerintahan"]
        roster = enrol.receive(
            self.scheme, sender, f"pengganti-{month}.csv", rows.write_csv().encode(), date(2020, month, 5), actor=self.proposer
        )  # fmt: skip
        enrol.check_rosters([roster], actor=self.proposer)
        enrol.propose_roster(roster, actor=self.proposer)
        listed = Candidate.objects.filter(roster=roster)
        assert listed.filter(result="layak").count() == len(leaving), list(
            roster.findings.values_list("code", "severity", "value")
        )
        enrol.review(listed, "wait", actor=self.office, scheme=self.scheme)
        return made["nik"].to_list()

    def move(self, month: int) -> dict[str, int]:
        """A month's movements from the lists, the death list and the waiting list, confirmed; how many of each."""
        leaving = self.leavers(month)
        flat = [m for kind in ("replaced", "died", "moved", "became_asn") for m in leaving[kind]]
        if not flat:
            return dict.fromkeys(YEAR, 0)
        heads = self.newcomers(month, flat)[: len(leaving["replaced"])]
        day, first = date(2020, month, 15), (Month(2020, month) + 1).first
        rows = [
            f"{m.person.nik},{WORDS[kind]},{day:%d-%m-%Y},SK {month}/2020,{heads[at] if kind == 'replaced' else ''},"
            for kind in WORDS
            for at, m in enumerate(leaving[kind])
        ]
        text = "\n".join(["NIK,Sebab,Tanggal,Dasar,NIK pengganti,TMT pengganti", *rows])
        listed = movement_lists.read("mutasi.csv", text.encode())
        enrol.propose_movements(self.scheme, listed, actor=self.proposer)
        deaths = [
            (m.person.nik, m.person.name, m.person.birth_date, date(2020, month, 10), f"KM-{month}-{at}")
            for at, m in enumerate(leaving["died"])
        ]
        told = pl.DataFrame(
            deaths, schema=["nik", "name", "birth_date", "died_on", "certificate"], orient="row"
        )
        register.tell_deaths(told, actor=self.office)
        found = enrol.propose_from_records(self.scheme, date(2020, month, 20), actor=self.office)
        assert found.get("died") == len(deaths)
        on = date(2020, month, 25)
        wanted = Movement.objects.exclude(kind="turned_65")
        enrol.confirm_movements(self.scheme, wanted, on, actor=self.office)
        assert enrol.propose_replacements(self.scheme, first, actor=self.office) == (
            len(flat) - len(leaving["replaced"]), 0,
        )  # fmt: skip
        enrol.confirm_movements(self.scheme, wanted, on, actor=self.office)
        for batch in enrol.prepare_movement_files(self.scheme, actor=self.office):
            assert batch.format == "bpu_keluar"
        return {kind: len(members) for kind, members in leaving.items()}

    def register_newcomers(self, month: int) -> None:
        on = date(2020, month, 4)
        for batch in enrol.prepare_batches(self.scheme, actor=self.office):
            enrol.read_batch_answer(batch, "jawaban.csv", answer(batch), on, actor=self.office)

    def sign(self, paper: Amendment, number: str, on: date) -> None:
        signer = {
            "name": "Contoh",
            "title": "Sekretaris Daerah",
            "on_behalf_of": "WALI KOTA TANGERANG SELATAN",
        }
        enrol.sign_amendment(paper, number, on, signer, actor=self.office)


def test_the_year_reconciles_every_month():
    city = Tangsel()
    scheme = city.scheme
    assert BatchAnswer.objects.filter(accepted=False).count() == 135
    assert coverage(scheme, date(2019, 11, 22)).total.enrolled == PEOPLE
    assert sum(c.total for c in city.pay(Month(2019, 12))) == PEOPLE * 16_800

    # the end of the period is seen in time; the next year's regulation and budget are there before it
    alarm = lapse_alarm(scheme, date(2019, 12, 20))
    assert (alarm.people, alarm.first_on, alarm.bridge) == (PEOPLE, date(2020, 1, 1), 3 * PEOPLE * 16_800)
    text = schemes.builtin()[SLUG].text.replace("until: 2019-12-31", "until: 2020-12-31")
    register.load_scheme(text, f"{SLUG}.yaml", actor=city.office)
    assert enrol.extend_memberships(scheme, "Perwal 2020", actor=city.office) == PEOPLE
    planned = 0
    for unit, monthly in Calculation.objects.filter(scheme=scheme, month=date(2019, 12, 1)).values_list(
        "unit__code", "total"
    ):
        money.set_budget(scheme, city.units[unit], 2020, "5.1.02.02.02", 12 * monthly, actor=city.treasurer)
        planned += 12 * monthly
    assert planned == 2_609_913_600

    before, papers = 0, []
    told = dict.fromkeys(YEAR, 0)
    for number in range(1, 13):
        month = Month(2020, number)
        city.register_newcomers(number) if before else None
        bills = city.pay(month)
        rate = 16_800 if number < 8 else 168
        assert (sum(c.people for c in bills), sum(c.total for c in bills)) == (PEOPLE, PEOPLE * rate)
        on = month.first + timedelta(days=11)
        assert (coverage(scheme, on).total.enrolled, coverage(scheme, on).total.active) == (PEOPLE, PEOPLE)
        went = city.move(number)
        left = sum(went.values())
        for kind, count in went.items():
            told[kind] += count
        report = movements_of_month(scheme, month).select(pl.exclude("place").sum()).row(0, named=True)
        expired = PEOPLE if number == 12 else 0
        assert (report["start"], report["joined"], report["end"]) == (
            PEOPLE - before, before, PEOPLE - left - expired,
        )  # fmt: skip
        assert {key: report[key] for key in LEFT} == {
            **dict.fromkeys(LEFT, 0), **went, "expired": expired,
        }  # fmt: skip
        assert coverage(scheme, month.last).total.enrolled == PEOPLE - left
        by_kelurahan = coverage(scheme, month.last, "kelurahan")
        assert sum(row.enrolled for row in by_kelurahan.rows) == PEOPLE - left
        if left:
            minutes = enrol.prepare_minutes(scheme, month.last, actor=city.office)
            assert (minutes.changes, minutes.left, minutes.joined, minutes.people) == (
                left,
                left,
                left,
                PEOPLE,
            )
            rows = side_by_side(minutes)
            assert (rows.height, rows["new_name"].null_count(), rows["old_name"].null_count()) == (left, 0, 0)
            city.sign(minutes, f"BA/{number}/2020", month.last)
        if number in (3, 6, 9, 12):
            amendment = enrol.prepare_amendment(scheme, month.last, actor=city.office)
            assert members_after(amendment).height == amendment.people == PEOPLE
            city.sign(amendment, f"SK/{number}/2020", month.last)
            papers.append(amendment.changes)
        before = left

    assert told == YEAR
    assert sum(papers) == sum(YEAR.values())
    assert movement_queries.deaths_for_claims(scheme).count() == 65
    assert Movement.objects.filter(outcome="leavers", batch__isnull=False).count() == 549 + 118 + 31
    assert (
        Membership.objects.filter(scheme=scheme).exclude(end_reason="rejected_by_bpjs").count()
        == PEOPLE + 763
    )
    year = Line.objects.filter(month__year=2020)
    assert sum(year.values_list("total", flat=True)) == 1_533_324_240
    states = budget_states(scheme, 2020)
    assert (sum(s.amount for s in states), sum(s.paid for s in states)) == (2_609_913_600, 1_533_324_240)
    # the budget ends: everybody loses cover, and the alarm says so
    alarm = lapse_alarm(scheme, date(2020, 12, 20))
    assert {lapse.cause for lapse in alarm.lapses} == {"period_end"}
    assert (alarm.people, alarm.first_on, alarm.death) == (PEOPLE, date(2021, 1, 1), 42_000_000)
    assert coverage(scheme, date(2021, 1, 1)).total.enrolled == 0
    assert coverage(scheme, date(2019, 12, 31)).total.enrolled == PEOPLE
    assert list(audit.problems()) == []
