"""A category with a period of its own: priced, promised, registered and billed for its own months only."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import polars as pl
import pytest
from city import PEOPLE, SCHEME, answer
from django.utils import timezone

from lindung import schemes
from lindung.base.month import Month
from lindung.base.refused import Refused
from lindung.contributions import actions as money
from lindung.contributions.queries import left_by_unit
from lindung.enrolment import actions as enrol
from lindung.enrolment import pricing
from lindung.enrolment.changes import Movement
from lindung.enrolment.models import DeterminationLine, Membership
from lindung.registry import actions as register
from lindung.registry import audit
from lindung.registry.audit import Actor
from lindung.workflows.alarms import lapsing
from lindung.workflows.papers import decree_paper

pytestmark = pytest.mark.django_db
# RT heads from January to December, cadres from September to November: 12 and 3 months of 16,800
TEXT = (
    SCHEME.replace("from: 2019-11-01", "from: 2019-01-01")
    .replace("diundangkan: 2019-10-01", "diundangkan: 2018-12-01")
    .replace("payer: {unit: dinkes}", "payer: {unit: dinkes}, period: {from: 2019-09-01, until: 2019-11-30}")
)
ENDS = date(2019, 11, 30)
NEW = "3674035206885009,GITA CONTOH,12-06-1988,P,1,2,Pondok Jaya,Kader kesehatan"


@pytest.fixture
def two(city):
    city.scheme = register.load_scheme(TEXT, "contoh.yaml", actor=Actor(None)).scheme
    return city


def approved(city, *rows: str):
    city.accepted(*(rows or PEOPLE))
    made = enrol.propose_determination(city.scheme, actor=city.hands["office"])
    enrol.verify_determination(made, actor=city.hands["legal"])
    return enrol.approve_determination(made, actor=city.hands["approver"])


def sign(city, made, dated: date = date(2019, 1, 7)) -> int:
    return enrol.sign_determination(made, "100/CONTOH", dated, "Contoh", actor=city.hands["office"])


def members(category: str) -> set[tuple[date, date | None]]:
    return set(Membership.objects.filter(category=category).values_list("starts_on", "ends_on"))


def test_each_row_is_priced_over_its_own_months_in_the_order_it_came():
    terms = pricing.terms(schemes.parse(TEXT, "contoh.yaml")).with_columns(
        wage="scheme_wage", sector=pl.lit("other")
    )
    rows = pricing.own_periods(pl.concat([terms, terms]))
    assert rows["category"].to_list() == ["rt_head", "kader"] * 2
    assert rows["whole"].to_list() == [12 * 16_800, 3 * 16_800] * 2
    assert rows["total"].to_list() == [16_800] * 4


def test_the_cleaners_of_pangkalpinang_cost_four_months():
    terms = pricing.terms(schemes.builtin()["pangkalpinang-2024"]).with_columns(
        wage="scheme_wage", sector=pl.lit("other")
    )
    (cleaner,) = pricing.own_periods(terms.filter(category="cleaner"))["whole"]
    assert cleaner * 486 == 32_659_200


def test_a_determination_promises_each_category_for_its_own_months(two):
    made = approved(two)
    assert (made.monthly, made.total) == (5 * 16_800, (3 * 12 + 2 * 3) * 16_800)
    assert (made.starts_on, made.ends_on) == (date(2019, 1, 1), date(2019, 12, 31))
    for _ in range(2):
        left = left_by_unit(two.scheme, 2019)
        assert left[two.units["bagian-pemerintahan"].pk] == 10_000_000 - 3 * 12 * 16_800
        assert left[two.units["dinkes"].pk] == 10_000_000 - 2 * 3 * 16_800
        with audit.recorded(Actor(None), "test"):
            DeterminationLine.objects.update(whole=None)  # records from before it was kept
    assert left_by_unit(two.scheme, 2020) == {}


def test_the_decree_tells_each_persons_own_period_and_adds_up(two):
    made = approved(two)
    text = decree_paper(made, user=None, at=timezone.now()).xlsx()
    sheets = pl.read_excel(BytesIO(text), sheet_id=0, has_header=False, raise_if_empty=False)
    cells = {str(cell) for sheet in sheets.values() for row in sheet.iter_rows() for cell in row}
    assert {"01-01-2019 – 31-12-2019", "01-09-2019 – 30-11-2019"} <= cells
    assert {str(3 * 12 * 16_800), str(2 * 3 * 16_800)} <= {cell.replace(".0", "") for cell in cells}


def test_who_is_named_alone_gives_the_act_their_own_period(two):
    made = approved(two, *PEOPLE[2:4])
    assert (made.starts_on, made.ends_on, made.months) == (date(2019, 9, 1), ENDS, 3)


def test_memberships_begin_and_end_with_the_category_and_so_do_the_bills(two):
    assert sign(two, approved(two)) == 5
    assert members("rt_head") == {(date(2019, 1, 1), date(2019, 12, 31))}
    assert members("kader") == {(date(2019, 9, 1), ENDS)}
    for batch in enrol.prepare_batches(two.scheme, actor=two.hands["office"]):
        enrol.read_batch_answer(batch, "a.csv", answer(batch), date(2019, 1, 9), actor=two.hands["office"])
    billed = [
        sum(c.people for c in money.calculate(two.scheme, Month(2019, n), actor=two.hands["office"]))
        for n in (8, 9, 11, 12)
    ]
    assert billed == [3, 5, 5, 3]
    ending = lapsing(two.scheme, date(2019, 11, 1)).filter(category="kader")
    assert ending["period_until"].to_list() == [ENDS]


@pytest.mark.parametrize(
    ("dated", "starts"), [(date(2019, 10, 14), date(2019, 10, 1)), (date(2019, 12, 2), None)]
)
def test_an_act_of_later_months_lets_nobody_in_before_it_nor_after_their_end(two, dated, starts):
    made = approved(two)
    if starts:
        sign(two, made, dated)
        assert members("kader") == {(starts, ENDS)}
        return
    with pytest.raises(Refused) as problem:
        sign(two, made, dated)
    assert problem.value.code == "movement.after_period"
    assert "30-11-2019" in problem.value.sentence()
    assert not Membership.objects.exists()


@pytest.mark.parametrize(
    ("joins", "starts"),
    [(date(2019, 8, 1), date(2019, 9, 1)), (date(2019, 10, 1), date(2019, 10, 1)), (date(2019, 12, 1), None)],
)
def test_who_comes_in_later_has_the_period_of_the_category(two, joins, starts):
    sign(two, approved(two, *PEOPLE[:2]))
    head = ("nik", "name", "birth_date", "sex", "rt", "rw", "kelurahan", "category")
    enrol.enter_person(
        two.scheme, two.units["pondok-jaya"], dict(zip(head, NEW.split(","), strict=True)), joins, "SK", actor=two.hands["operator"]
    )  # fmt: skip

    def confirm() -> int:
        return enrol.confirm_movements(
            two.scheme, Movement.objects.all(), date(2019, 7, 30), actor=two.hands["office"]
        )

    if starts:
        assert confirm() == 1
        assert members("kader") == {(starts, ENDS)}
        return
    with pytest.raises(Refused) as problem:
        confirm()
    assert problem.value.code == "movement.after_period"


def test_a_longer_period_of_one_category_carries_its_members_alone(two):
    sign(two, approved(two))
    longer = TEXT.replace("until: 2019-11-30", "until: 2019-12-31")
    register.load_scheme(longer, "contoh.yaml", actor=Actor(None))
    assert enrol.extend_memberships(two.scheme, "Perwal 2/2019", actor=two.hands["office"]) == 2
    assert members("kader") == {(date(2019, 9, 1), date(2019, 12, 31))}
    assert enrol.extend_memberships(two.scheme, "Perwal 2/2019", actor=two.hands["office"]) == 0
