"""What happens to members after the determination: proposed, confirmed by somebody else, with the history kept."""

from __future__ import annotations

import io
from datetime import date

import polars as pl
import pytest
from city import PEOPLE, answer
from python_calamine import CalamineWorkbook

from lindung.base.month import Month
from lindung.base.refused import Refused
from lindung.contributions import actions as money
from lindung.contributions.models import Line
from lindung.coverage.queries import coverage
from lindung.enrolment import actions as enrol
from lindung.enrolment import movement_lists, movement_queries
from lindung.enrolment.changes import Movement
from lindung.enrolment.models import Batch, Candidate, Membership, Registration
from lindung.registry import actions as register
from lindung.registry import audit, files
from lindung.registry.audit import Actor
from lindung.registry.models import Person

pytestmark = pytest.mark.django_db
ANI, BUDI, CITRA, DEWI, EKO = (row.split(",")[0] for row in PEOPLE)
NEW = "3674031206885006,FAJAR CONTOH,12-06-1988,L,1,2,Pondok Jaya,Ketua RT"
FAJAR = NEW[:16]
HEAD = "NIK,Sebab,Tanggal,Dasar,Upah,NIK pengganti,TMT pengganti"
DAY = date(2019, 11, 20)


def propose(city, *rows: str, head: str = HEAD) -> int:
    read = movement_lists.read("mutasi.csv", "\n".join([head, *rows]).encode())
    return enrol.propose_movements(city.scheme, read, name="mutasi.csv", actor=city.hands["operator"])


def confirm(city, on: date = DAY) -> int:
    return enrol.confirm_movements(city.scheme, Movement.objects.all(), on, actor=city.hands["office"])


def candidate(city, *rows: str) -> None:
    """People on a checked list who are accepted but not determined."""
    city.accepted(*rows, name="baru.csv")


def test_a_list_is_proposed_once_and_ends_memberships_when_confirmed(city):
    city.registered(*PEOPLE)
    rows = (
        f"{ANI},Meninggal,18-11-2019,Akta 12",
        f"{CITRA},Pindah,2019-11-19,Surat pindah 3",
        f"{DEWI},jadi ASN,19/11/2019,SK 4",
    )
    assert propose(city, *rows) == 3
    assert propose(city, *rows) == 0
    assert Membership.objects.filter(end_reason__isnull=False).count() == 0
    with pytest.raises(Refused) as problem:
        enrol.confirm_movements(city.scheme, Movement.objects.all(), DAY, actor=city.hands["operator"])
    assert problem.value.code == "role.missing"
    assert confirm(city) == 3
    assert confirm(city) == 0
    assert propose(city, *rows) == 0
    assert {
        m.person.name: (m.ends_on, m.end_reason)
        for m in Membership.objects.exclude(end_reason=None).select_related("person")
    } == {
        "ANI CONTOH": (date(2019, 11, 18), "died"),
        "CITRA CONTOH": (date(2019, 11, 19), "moved"),
        "DEWI CONTOH": (date(2019, 11, 19), "became_asn"),
    }
    assert Person.objects.get(name="ANI CONTOH").died_on == date(2019, 11, 18)
    assert dict(Movement.objects.values_list("kind", "outcome")) == {
        "died": "claim", "moved": "leavers", "became_asn": "leavers",
    }  # fmt: skip
    assert [m.membership.person.name for m in movement_queries.deaths_for_claims(city.scheme)] == [
        "ANI CONTOH"
    ]
    assert [coverage(city.scheme, date(2019, 11, d)).total.enrolled for d in (17, 18, 19, 20)] == [5, 5, 4, 2]
    assert list(audit.problems()) == []


def test_who_leaves_stands_in_the_list_to_bpjs_but_the_dead_do_not(city):
    city.registered(*PEOPLE)
    propose(city, f"{ANI},Meninggal,18-11-2019,Akta 12", f"{BUDI},Pindah,19-11-2019,Surat 3")
    confirm(city)
    (batch,) = enrol.prepare_movement_files(city.scheme, actor=city.hands["office"])
    assert (batch.format, batch.people) == ("bpu_keluar", 1)
    cells = str(
        CalamineWorkbook.from_filelike(io.BytesIO(files.content(batch.file)))
        .get_sheet_by_index(0)
        .to_python()
    )
    assert BUDI in cells
    assert "Pindah" in cells
    assert ANI not in cells
    assert batch.rows.get().payload[4] == "Pindah"
    with pytest.raises(Refused) as problem:
        enrol.prepare_movement_files(city.scheme, actor=city.hands["office"])
    assert problem.value.code == "batch.no_movements"
    before = Registration.objects.count()
    said = answer(batch).replace(
        f"{batch.rows.get().pk:011d}".encode(), batch.rows.get().membership.registration.kpj.encode()
    )
    assert enrol.read_batch_answer(batch, "a.csv", said, DAY, actor=city.hands["office"]) == (1, 0)
    assert Registration.objects.count() == before


def test_a_new_head_of_the_rt_takes_the_place_of_the_old_one_the_next_month(city):
    city.registered(*PEOPLE)
    candidate(city, NEW)
    assert propose(city, f"{ANI},ganti,30-11-2019,SK Lurah 7/2019,,{FAJAR},") == 2
    with pytest.raises(Refused) as problem:
        enrol.review(
            Candidate.objects.filter(nik=FAJAR), "reject", actor=city.hands["office"], scheme=city.scheme
        )
    assert problem.value.code == "review.determined"
    with pytest.raises(Refused) as problem:
        enrol.propose_determination(city.scheme, actor=city.hands["office"])
    assert problem.value.code == "determination.nobody"
    newcomer = Movement.objects.filter(kind="joined")
    with pytest.raises(Refused) as problem:
        enrol.confirm_movements(city.scheme, newcomer, DAY, actor=city.hands["office"])
    assert problem.value.code == "movement.place_not_free"
    assert confirm(city) == 2
    new = Membership.objects.get(person__nik=FAJAR)
    assert (new.starts_on, new.ends_on, new.category, new.unit.code, new.wage) == (
        date(2019, 12, 1), date(2019, 12, 31), "rt_head", "bagian-pemerintahan", 1_000_000,
    )  # fmt: skip
    (batch,) = enrol.prepare_batches(city.scheme, actor=city.hands["office"])
    assert list(batch.rows.values_list("nik", flat=True)) == [FAJAR]
    enrol.read_batch_answer(batch, "a.csv", answer(batch), date(2019, 12, 4), actor=city.hands["office"])
    money.calculate(city.scheme, Month(2019, 11), actor=city.hands["office"])
    money.calculate(city.scheme, Month(2019, 12), actor=city.hands["office"])
    billed = Line.objects.values_list("month__month", "membership__person__nik")
    assert {nik for month, nik in billed if month == 11} == {ANI, BUDI, CITRA, DEWI, EKO}
    assert {nik for month, nik in billed if month == 12} == {FAJAR, BUDI, CITRA, DEWI, EKO}


def test_somebody_joins_a_place_that_was_never_filled(city):
    city.registered(*PEOPLE)
    candidate(city, NEW)
    row = f"{FAJAR},masuk,01-12-2019,SK 3"
    assert (propose(city, row), propose(city, row)) == (1, 0)
    assert confirm(city) == 1
    assert propose(city, row) == 0
    assert Membership.objects.get(person__nik=FAJAR).starts_on == date(2019, 12, 1)


def test_a_new_wage_begins_a_new_period_under_the_same_number(city):
    city.registered(*PEOPLE)
    assert propose(city, f"{DEWI},upah,01-12-2019,SK 9,2500000,,") == 1
    confirm(city)
    old, new = Membership.objects.filter(person__nik=DEWI).order_by("starts_on")
    assert (old.ends_on, old.end_reason, old.wage) == (date(2019, 11, 30), "wage_changed", 1_000_000)
    assert (new.starts_on, new.ends_on, new.end_reason, new.wage) == (
        date(2019, 12, 1),
        date(2019, 12, 31),
        None,
        2_500_000,
    )
    assert old.registration.kpj == new.registration.kpj
    for month in (11, 12):
        money.calculate(city.scheme, Month(2019, month), actor=city.hands["office"])
    bases = Line.objects.filter(membership__person__nik=DEWI).order_by("month").values_list("base", flat=True)
    first, second = bases
    assert first < second
    assert coverage(city.scheme, date(2019, 12, 5)).total.enrolled == 5
    with pytest.raises(Refused) as problem:
        enrol.prepare_batches(city.scheme, actor=city.hands["office"])
    assert problem.value.code == "batch.nobody"


def test_wage_earners_end_in_the_deactivation_and_wage_files(city):
    city.registered(*PEOPLE)
    with audit.recorded(Actor(None), "test"):
        Membership.objects.filter(category="kader").update(segment="PU", risk_class="I")
    propose(city, f"{CITRA},kontrak berakhir,30-11-2019,SPK 1", f"{DEWI},upah,01-12-2019,SK 9,2500000")
    confirm(city)
    made = enrol.prepare_movement_files(city.scheme, actor=city.hands["office"])
    assert sorted((batch.format, batch.people) for batch in made) == [("tk_na_v6", 1), ("tk_upah", 1)]
    by_format = {batch.format: batch.rows.get().payload for batch in made}
    assert by_format["tk_na_v6"][1:5] == ["CITRA CONTOH", "17-03-1982", "Kontrak berakhir", "30-11-2019"]
    assert by_format["tk_upah"][4] == "2500000"
    assert Batch.objects.filter(movements__isnull=False).count() == 2


def test_deaths_and_clocks_are_proposed_by_the_system_once(city):
    city.registered(*PEOPLE, "3674031001555007,HASAN CONTOH,10-01-1955,L,7,2,Pondok Jaya,Ketua RT")
    told = pl.DataFrame(
        {
            "nik": [ANI],
            "name": ["ANI CONTOH"],
            "birth_date": [date(1980, 1, 15)],
            "died_on": [date(2019, 11, 16)],
            "certificate": ["3674-KM-1"],
        }
    )
    register.tell_deaths(told, actor=city.hands["office"])
    with audit.recorded(Actor(None), "test"):
        Person.objects.filter(name="HASAN CONTOH").update(birth_date=date(1954, 11, 10))
        Membership.objects.filter(person__nik=CITRA).update(segment="PU", ends_on=date(2019, 11, 15))
    found = enrol.propose_from_records(city.scheme, DAY, actor=city.hands["office"])
    assert found == {"died": 1, "contract_ended": 1, "turned_65": 1}
    assert enrol.propose_from_records(city.scheme, DAY, actor=city.hands["office"]) == {}
    assert movement_queries.movements_waiting_for(city.hands["office"].user)[0].count == 3
    enrol.decline_movements(
        city.scheme,
        Movement.objects.filter(kind="contract_ended"),
        "diperpanjang",
        actor=city.hands["office"],
    )
    assert confirm(city) == 2
    assert enrol.propose_from_records(city.scheme, DAY, actor=city.hands["office"]) == {}
    hasan = Membership.objects.get(person__name="HASAN CONTOH")
    assert (hasan.end_reason, hasan.ends_on) == (None, date(2019, 12, 31))
    assert Membership.objects.get(person__nik=ANI).end_reason == "died"
    assert Movement.objects.get(kind="died").basis == "Akta kematian 3674-KM-1"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f"{ANI},terbang,18-11-2019,SK", "movement.unknown_kind"),
        (f"{ANI},pindah,31-11-2019,SK", "movement.no_date"),
        (f"{ANI},pindah,18-11-2019,", "movement.no_basis"),
        ("3674039999999999,pindah,18-11-2019,SK", "movement.unknown_person"),
        (f"{ANI},pindah,31-10-2019,SK", "movement.before_start"),
        (f"{ANI},ganti,18-11-2019,SK,,3674039999999999", "movement.unknown_candidate"),
        (f"{ANI},ganti,18-11-2019,SK,,{FAJAR},18-11-2019", "movement.joins_too_early"),
        (f"{ANI},upah,01-12-2019,SK", "movement.no_wage"),
        (f"{ANI},upah,02-12-2019,SK,2000000", "movement.first_of_month"),
        (f"{ANI},upah,01-12-2019,SK,2000000,{FAJAR}", "movement.nobody_leaves"),
    ],
)
def test_a_wrong_row_is_refused_with_its_reason_and_nothing_changes(city, row, code):
    city.registered(*PEOPLE)
    candidate(city, NEW)
    with pytest.raises(Refused) as problem:
        propose(city, row)
    assert problem.value.code == code
    assert "…" not in str(problem.value)
    with pytest.raises(Refused) as problem:
        propose(city, f"{BUDI},pindah,18-11-2019,SK", row)
    assert problem.value.code == "movement.rows"
    assert "3: " in str(problem.value)
    assert not Movement.objects.exists()


def test_one_open_movement_a_person_and_nobody_confirms_their_own(city):
    city.registered(*PEOPLE)
    ani = Membership.objects.get(person__nik=ANI)
    assert enrol.propose_movement(ani, "moved", DAY, "Surat 1", actor=city.hands["office"]) == 1
    with pytest.raises(Refused) as problem:
        enrol.propose_movement(ani, "left", DAY, "Surat 2", actor=city.hands["operator"])
    assert problem.value.code == "movement.open_already"
    with pytest.raises(Refused) as problem:
        confirm(city)
    assert problem.value.code == "movement.own"
    assert (
        enrol.decline_movements(city.scheme, Movement.objects.all(), "salah", actor=city.hands["office"]) == 1
    )
    assert enrol.propose_movement(ani, "left", DAY, "Surat 2", actor=city.hands["operator"]) == 1
    enrol.end_membership(ani, DAY, "double", actor=city.hands["office"])
    with pytest.raises(Refused) as problem:
        confirm(city)
    assert problem.value.code == "movement.ended_meanwhile"


def test_strangers_cannot_move_people_they_do_not_reach(city):
    city.registered(*PEOPLE)
    lurah = register.open_account(
        "lurah", "Lurah Contoh", None, [("operator", city.scheme, city.units["parigi"])], actor=Actor(None)
    )
    rows = movement_lists.read("a.csv", f"{HEAD}\n{ANI},pindah,18-11-2019,SK".encode())
    with pytest.raises(Refused) as problem:
        enrol.propose_movements(city.scheme, rows, actor=Actor(lurah, "operator"))
    assert problem.value.code == "movement.unknown_person"
    propose(city, f"{ANI},pindah,18-11-2019,SK")
    assert movement_queries.movements_of(lurah, city.scheme).count() == 0
    assert movement_queries.movements_of(city.hands["operator"].user, city.scheme).count() == 1


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"Nama,Alamat\nx,y", "movement.no_header"),
        ("a.csv", b"\xff\xfe\x00", "movement.unreadable"),
        ("a.xlsx", b"not a workbook", "movement.unreadable"),
    ],
)
def test_an_unreadable_list_is_refused(name, content, code):
    with pytest.raises(Refused) as problem:
        movement_lists.read(name, content)
    assert problem.value.code == code
