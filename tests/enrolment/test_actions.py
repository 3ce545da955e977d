"""From a list to a KPJ: what each step does, refuses, and does not do twice."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pypdfium2
import pytest
from city import ON, PEOPLE, SCHEME, answer, csv
from django.db import IntegrityError
from python_calamine import CalamineWorkbook

from lindung.base.refused import Refused
from lindung.contributions.actions import set_budget
from lindung.contributions.queries import left_by_unit
from lindung.enrolment import actions as enrol
from lindung.enrolment import queries
from lindung.enrolment.models import (
    BatchRow,
    Candidate,
    Card,
    Determination,
    Finding,
    Membership,
    Registration,
    Roster,
)
from lindung.registry import audit, files
from lindung.registry.actions import load_scheme
from lindung.registry.models import Person
from lindung.workflows.papers import decree_paper

pytestmark = pytest.mark.django_db


def test_a_list_becomes_candidates_with_results_and_findings(city):
    roster = city.list_of(
        *PEOPLE,
        "3674031501505009,TUA CONTOH,15-01-1950,L,6,2,Pondok Jaya,Ketua RT",
        "123,PENDEK,01-01-1990,L,7,2,Pondok Jaya,RT",
    )
    assert (roster.state, roster.people, roster.clean) == ("checked", 7, 5)
    by_name = {c.name: c for c in Candidate.objects.filter(roster=roster)}
    assert by_name["TUA CONTOH"].result == "tidak_layak"
    assert by_name["PENDEK"].result == "perlu_klarifikasi"
    assert by_name["ANI CONTOH"].result == "layak"
    assert by_name["ANI CONTOH"].kelurahan_id == "36.74.03.1004"
    assert set(Finding.objects.filter(roster=roster, severity="error").values_list("code", flat=True)) == {
        "eligibility.too_old", "nik.not_16_digits",
    }  # fmt: skip


def test_the_same_file_is_not_received_twice(city):
    city.list_of(*PEOPLE)
    with pytest.raises(Refused) as problem:
        city.list_of(*PEOPLE, name="salinan.csv")
    assert problem.value.code == "roster.again"
    assert Roster.objects.count() == 1


def test_a_file_without_a_nik_column_is_refused_and_said_so(city):
    roster = enrol.receive(
        city.scheme,
        city.units["parigi"],
        "a.csv",
        b"Nama,Alamat\nANI,Jl. Contoh\nBUDI,Jl. Contoh\n",
        ON,
        actor=city.hands["operator"],
    )
    enrol.check_rosters([roster], actor=city.hands["operator"])
    assert roster.state == "refused"
    assert roster.refusal["code"] in ("file.no_nik_column", "file.no_header")
    assert Candidate.objects.count() == 0


def test_somebody_on_another_list_is_found(city):
    city.accepted(*PEOPLE)
    second = city.list_of(PEOPLE[0], name="kedua.csv", unit="parigi")
    assert Candidate.objects.get(roster=second).result == "tidak_layak"
    assert "nik.proposed_elsewhere" in Finding.objects.filter(roster=second).values_list("code", flat=True)


def test_nobody_reviews_their_own_list(city):
    roster = city.list_of(*PEOPLE)
    enrol.propose_roster(roster, actor=city.hands["office"])
    with pytest.raises(Refused) as problem:
        enrol.accept_eligible(city.scheme, actor=city.hands["office"])
    assert problem.value.code == "review.own_proposal"


def test_accepting_people_with_errors_is_refused_and_reviews_can_be_undone(city):
    roster = city.list_of(*PEOPLE, "123,PENDEK,01-01-1990,L,7,2,Pondok Jaya,RT")
    enrol.propose_roster(roster, actor=city.hands["operator"])
    everybody = Candidate.objects.filter(roster=roster)
    with pytest.raises(Refused) as problem:
        enrol.review(everybody, "accept", actor=city.hands["office"], scheme=city.scheme)
    assert problem.value.code == "review.not_eligible"
    assert (
        enrol.review(
            everybody.filter(result="layak"), "accept", actor=city.hands["office"], scheme=city.scheme
        )
        == 5
    )
    assert (
        enrol.review(
            everybody.filter(result="layak"), "accept", actor=city.hands["office"], scheme=city.scheme
        )
        == 0
    )
    assert (
        enrol.undo_review(everybody.filter(name="ANI CONTOH"), actor=city.hands["office"], scheme=city.scheme)
        == 1
    )
    assert Candidate.objects.get(name="ANI CONTOH").review == "pending"


def test_who_comes_after_the_quota_waits(city):
    roster = city.list_of(*PEOPLE)
    enrol.propose_roster(roster, actor=city.hands["operator"])
    quotas = {(city.units["pondok-jaya"].pk, "rt_head"): 2}
    assert enrol.accept_eligible(city.scheme, quotas=quotas, actor=city.hands["office"]) == (4, 1, 0)
    assert Candidate.objects.get(review="waiting").name == "EKO CONTOH"
    assert enrol.accept_eligible(city.scheme, quotas=quotas, actor=city.hands["office"]) == (0, 0, 0)


def test_a_check_goes_out_and_its_answer_comes_back_once(city):
    city.accepted(*PEOPLE)
    check = enrol.send_check(city.scheme, "disdukcapil", segment="BPU", actor=city.hands["office"])
    rows = [
        list(row)
        for row in CalamineWorkbook.from_filelike(io.BytesIO(files.content(check.file)))
        .get_sheet_by_index(0)
        .to_python()
    ]
    texts = "\n".join(" ".join(map(str, row)) for row in rows)
    assert "BUDI CONTOH" in texts
    assert "No. KK" not in texts
    lines = [
        f"DISDUKCAPIL-1-{k.line},{'TIDAK' if k.candidate.name == 'BUDI CONTOH' else 'YA'},{'PINDAH' if k.candidate.name == 'ANI CONTOH' else 'HIDUP'}"
        for k in check.rows.select_related("candidate")
    ]
    said = "\n".join(["Ref,Sesuai,Hidup/Meninggal/Pindah", *lines]).encode()
    told = {"officer": "Contoh", "answered_on": date(2019, 11, 3), "actor": city.hands["office"]}
    assert enrol.read_check_answer(check, "jawaban.csv", said, **told) == (3, 2)
    assert enrol.read_check_answer(check, "jawaban.csv", said, **told) == (3, 2)
    assert Candidate.objects.get(name="BUDI CONTOH").review == "returned"
    with pytest.raises(Refused) as problem:
        enrol.read_check_answer(check, "lain.csv", said.replace(b"DISDUKCAPIL-1-", b"DISDUKCAPIL-7-"), **told)
    assert problem.value.code == "check.unknown_rows"
    made = enrol.propose_determination(city.scheme, checkers=["disdukcapil"], actor=city.hands["office"])
    assert made.people == 3


def test_a_period_that_crosses_a_relief_is_totalled_month_by_month(city):
    text = SCHEME.replace("from: 2019-11-01, until: 2019-12-31", "from: 2020-07-01, until: 2020-12-31")
    city.scheme = load_scheme(text, "contoh.yaml", actor=city.hands["office"]).scheme
    city.accepted(*PEOPLE)
    made = enrol.propose_determination(city.scheme, actor=city.hands["office"])
    each = 16_800 + 5 * 168  # July 2020, then PP 49/2020: one hundredth
    assert (made.people, made.monthly, made.total, made.months) == (5, 5 * 16_800, 5 * each, 6)
    paying = {name: (n, whole) for _, name, n, _, whole in queries.payers_of(made)}
    assert paying == {"Bagian Pemerintahan": (3, 3 * each), "Dinkes": (2, 2 * each)}
    enrol.verify_determination(made, actor=city.hands["legal"])
    left = {city.units["dinkes"].pk: 2 * each - 1, city.units["bagian-pemerintahan"].pk: 3 * each}
    with pytest.raises(Refused) as problem:
        enrol.approve_determination(made, actor=city.hands["approver"], left=left)
    assert (problem.value.code, problem.value.values["short"]) == ("determination.over_budget", "Rp1")
    left[city.units["dinkes"].pk] += 1
    enrol.approve_determination(made, actor=city.hands["approver"], left=left)
    set_budget(city.scheme, city.units["dinkes"], 2020, "5.1.02", 100_000, actor=city.hands["treasurer"])
    assert left_by_unit(city.scheme, 2020) == {city.units["dinkes"].pk: 100_000 - 2 * each}
    told = decree_paper(made, user=None, at=datetime(2020, 7, 1, tzinfo=UTC)).pdf()
    words = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(told))
    assert f"Rp{5 * each:,}".replace(",", ".") in " ".join(words.split())
    assert "pada bulan pertama" in " ".join(words.split())


def test_three_pairs_of_hands_make_members(city):
    city.accepted(*PEOPLE)
    made = enrol.propose_determination(city.scheme, actor=city.hands["office"])
    assert (made.people, made.monthly, made.total) == (5, 5 * 16_800, 2 * 5 * 16_800)
    with pytest.raises(Refused):
        enrol.verify_determination(made, actor=city.hands["office"])
    with pytest.raises(Refused):
        enrol.approve_determination(made, actor=city.hands["office"])
    enrol.verify_determination(made, actor=city.hands["legal"])
    with pytest.raises(Refused) as problem:
        enrol.approve_determination(
            made,
            actor=city.hands["approver"],
            left={city.units["dinkes"].pk: 67_199, city.units["bagian-pemerintahan"].pk: 100_800},
        )
    assert problem.value.code == "determination.over_budget"
    assert "Rp1 " in str(problem.value) or "Rp1)" in str(problem.value)
    enrol.approve_determination(
        made,
        actor=city.hands["approver"],
        left={city.units["dinkes"].pk: 67_200, city.units["bagian-pemerintahan"].pk: 100_800},
    )
    assert enrol.sign_determination(made, "100", date(2019, 11, 4), "Contoh", actor=city.hands["office"]) == 5
    with pytest.raises(Refused) as problem:
        enrol.sign_determination(made, "100", date(2019, 11, 4), "Contoh", actor=city.hands["office"])
    assert problem.value.code == "record.changed"
    assert Membership.objects.count() == Person.objects.count() == 5
    assert Membership.objects.get(person__name="DEWI CONTOH").unit.code == "dinkes"
    assert list(audit.problems()) == []


def test_a_cancelled_determination_frees_its_people(city):
    city.accepted(*PEOPLE)
    made = enrol.propose_determination(city.scheme, actor=city.hands["office"])
    enrol.cancel_determination(made, actor=city.hands["office"])
    assert enrol.propose_determination(city.scheme, actor=city.hands["office"]).people == 5
    assert Determination.objects.filter(state="cancelled").count() == 1


def test_nobody_is_covered_twice_at_once(city):
    city.signed(*PEOPLE)
    twin = Membership.objects.first()
    twin.pk, twin.line = None, None
    with pytest.raises(IntegrityError, match="two memberships"), audit.recorded(city.hands["office"], "test"):
        twin.save(force_insert=True)


def test_batches_are_answered_with_kpj_and_rejections_are_sent_again(city):
    city.signed(*PEOPLE)
    batches = enrol.prepare_batches(city.scheme, actor=city.hands["office"])
    assert sorted(batch.people for batch in batches) == [2, 3]
    with pytest.raises(Refused) as problem:
        enrol.prepare_batches(city.scheme, actor=city.hands["office"])
    assert problem.value.code == "batch.nobody"
    first = next(batch for batch in batches if batch.people == 3)
    row = BatchRow.objects.filter(batch=first).order_by("line").first()
    assert (row.line, row.payload[0], row.payload[2]) == (
        2,
        row.nik,
        Person.objects.get(nik=row.nik).birth_date.strftime("%d-%m-%Y"),
    )
    said = answer(first, {"3674031602815002": "Tidak ditemukan di Adminduk"})
    assert enrol.read_batch_answer(first, "a.csv", said, date(2019, 11, 8), actor=city.hands["office"]) == (
        2,
        1,
    )
    assert enrol.read_batch_answer(first, "a.csv", said, date(2019, 11, 8), actor=city.hands["office"]) == (
        0,
        0,
    )
    assert Registration.objects.count() == 2
    person = Person.objects.get(nik="3674031602815002")
    enrol.correct_nik(person, "3674031602815012", actor=city.hands["office"])
    (again,) = enrol.prepare_batches(city.scheme, actor=city.hands["office"])
    assert list(again.rows.values_list("nik", flat=True)) == ["3674031602815012"]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("NIK,KPJ,STATUS\n3674039999999999,00000000001,VALID", "answer.unknown_people"),
        ("NIK,KPJ,STATUS\n{nik},123,VALID", "answer.bad_kpj"),
        ("Nama,Umur\nANI,30", "answer.no_person_column"),
    ],
)
def test_a_wrong_answer_changes_nothing(city, lines, code):
    city.signed(*PEOPLE)
    batch = enrol.prepare_batches(city.scheme, actor=city.hands["office"])[0]
    text = lines.replace("{nik}", batch.rows.first().nik).encode()
    with pytest.raises(Refused) as problem:
        enrol.read_batch_answer(batch, "a.csv", text, date(2019, 11, 8), actor=city.hands["office"])
    assert problem.value.code == code
    batch.refresh_from_db()
    assert (batch.state, Registration.objects.count()) == ("prepared", 0)


def test_an_answer_that_contradicts_is_refused(city):
    city.registered(*PEOPLE)
    batch = city.scheme.batches.first()
    with pytest.raises(Refused) as problem:
        enrol.read_batch_answer(
            batch, "b.csv", answer(batch, {batch.rows.first().nik: "x"}), ON, actor=city.hands["office"]
        )
    assert problem.value.code == "answer.contradicts"


def test_cards_are_printed_for_registered_people(city):
    city.signed(*PEOPLE)
    members = list(Membership.objects.values_list("pk", flat=True))
    with pytest.raises(Refused) as problem:
        enrol.print_cards(city.scheme, members, "Uji", actor=city.hands["office"])
    assert problem.value.code == "card.nobody"
    for batch in enrol.prepare_batches(city.scheme, actor=city.hands["office"]):
        enrol.read_batch_answer(batch, "a.csv", answer(batch), date(2019, 11, 8), actor=city.hands["office"])
    run = enrol.print_cards(city.scheme, members, "Uji", actor=city.hands["office"])
    assert run.cards == Card.objects.count() == 5
    assert files.content(run.file).startswith(b"%PDF")
    one = Card.objects.first()
    assert enrol.hand_over([one.pk], ON, "Keluarga", actor=city.hands["office"], scheme=city.scheme) == 1
    assert enrol.hand_over([one.pk], ON, "Orang lain", actor=city.hands["office"], scheme=city.scheme) == 0


def test_roles_are_needed_and_strangers_see_nothing(city):
    city.accepted(*PEOPLE)
    for action in (
        lambda: enrol.propose_determination(city.scheme, actor=city.hands["auditor"]),
        lambda: enrol.accept_eligible(city.scheme, actor=city.hands["operator"]),
        lambda: enrol.receive(
            city.scheme, city.units["parigi"], "x.csv", csv(PEOPLE[0]), ON, actor=city.hands["approver"]
        ),
    ):
        with pytest.raises(Refused) as problem:
            action()
        assert problem.value.code == "role.missing"
    from lindung.registry import actions as register
    from lindung.registry.audit import Actor

    lurah = register.open_account(
        "lurah", "Lurah Contoh", None, [("operator", city.scheme, city.units["parigi"])], actor=Actor(None)
    )
    assert queries.rosters_of(lurah, city.scheme).count() == 0
    assert queries.rosters_of(city.hands["office"].user, city.scheme).count() == 1
    with pytest.raises(Refused):
        queries.roster_for(lurah, Roster.objects.get().pk)
