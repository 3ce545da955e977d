"""Lists mended on screen and sent again: what is judged anew equals a whole check of the corrected file."""

from __future__ import annotations

import json
from datetime import date

import pytest

from lindung.base.refused import Refused
from lindung.enrolment import actions
from lindung.enrolment.actions import mending
from lindung.enrolment.actions.comparing import confirm_comparison, difference, undo_comparison
from lindung.enrolment.actions.rosters import meanings
from lindung.enrolment.changes import Movement
from lindung.enrolment.frames import notes
from lindung.enrolment.mending import Comparison, Correction, HeaderMeaning
from lindung.enrolment.mending_queries import next_finding, proposals_of
from lindung.enrolment.models import Candidate, Finding, Membership, Roster
from lindung.enrolment.quality import quality_of
from lindung.intake.diff import notes_between
from lindung.registry.audit import problems

pytestmark = pytest.mark.django_db
ON = date(2019, 11, 20)
HEAD = "NIK,Nama,Tanggal Lahir,L/P,RT,RW,Kelurahan,Jabatan,Keterangan"


def row(n: int, **changed: str) -> str:
    born = date(1960 + n % 30, 1 + n % 12, 1 + n % 27)
    names = ("Rohmat", "Suparti", "Junaedi", "Wartini", "Kosasih", "Halimah", "Sobari", "Darsih")
    cells = {
        "nik": f"367403{born:%d%m%y}{n:04d}", "name": f"{names[n % 8]} {chr(65 + n % 26)}usmayanti", "born": f"{born:%d-%m-%Y}",
        "sex": "L", "rt": f"{n % 9 + 1:03d}", "rw": "001", "kel": "Pondok Jaya", "role": "Ketua RT", "note": "",
    }  # fmt: skip
    return ",".join({**cells, **changed}.values())


def text(*rows: str) -> bytes:
    return "\n".join([HEAD, *rows]).encode()


@pytest.fixture
def send(city):
    def send(
        content: bytes, name: str = "daftar.csv", *, replaces: Roster | None = None, on: date = ON
    ) -> Roster:
        roster = actions.receive(
            city.scheme,
            city.units["pondok-jaya"],
            name,
            content,
            on,
            replaces=replaces,
            actor=city.hands["operator"],
        )
        actions.check_rosters([roster], actor=city.hands["operator"])
        return roster

    return send


def told(roster: Roster) -> list[tuple]:
    rows = Finding.objects.filter(roster=roster).order_by("sheet", "row", "column", "code")
    return [(f.row, f.column, f.code, f.value, json.dumps(f.args, sort_keys=True), f.proposal) for f in rows]


def results(roster: Roster) -> list[tuple]:
    rows = Candidate.objects.filter(roster=roster).order_by("row")
    return list(rows.values_list("row", "nik", "name", "birth_date", "category", "result"))


BAD = (
    row(1), row(2, nik="3674060"), row(3, born="31-02-1963"), row(4), row(5, nik=row(4).split(",")[0]), row(6, role="Ketua Pemuda"),
)  # fmt: skip


def test_what_is_corrected_on_screen_is_judged_as_a_corrected_file_is(city, send):
    roster = send(text(*BAD))
    by_row = {c.row: c.pk for c in Candidate.objects.filter(roster=roster)}
    assert (roster.people, roster.clean, roster.first_clean) == (6, 2, 2)
    good = [
        (3, "nik", row(2).split(",")[0]),
        (6, "nik", row(5).split(",")[0]),
        (7, "category", "Kader kesehatan"),
    ]
    for at, column, new in good:
        assert mending.correct_cells(roster, [(by_row[at], column, new)], actor=city.hands["operator"]) == 1
    assert (
        mending.correct_cells(
            roster, [(by_row[7], "category", "Kader kesehatan")], actor=city.hands["operator"]
        )
        == 0
    )
    roster.refresh_from_db()
    assert (roster.clean, roster.first_clean, roster.revision) == (5, 2, 4)
    screen, judged = told(roster), results(roster)
    actions.withdraw_roster(roster, actor=city.hands["operator"])
    mended = [row(1), row(2), BAD[2], row(4), row(5), row(6, role="Kader kesehatan")]
    again = send(text(*mended), "benar.csv")
    assert screen == told(again)
    assert judged == results(again)
    assert not list(problems())


def test_a_correction_is_kept_with_who_and_undone_in_order(city, send):
    roster = send(text(*BAD))
    before, judged = told(roster), results(roster)
    pk = Candidate.objects.get(roster=roster, row=6).pk
    mending.correct_cells(roster, [(pk, "nik", row(5).split(",")[0])], actor=city.hands["operator"])
    first = Correction.objects.get()
    assert (first.old, first.new, first.made_by) == (
        row(4).split(",")[0],
        row(5).split(",")[0],
        city.hands["operator"].user,
    )
    mending.correct_cells(roster, [(pk, "nik", "123")], actor=city.hands["operator"])
    with pytest.raises(Refused) as problem:
        mending.undo_corrections(roster, first.made_at, actor=city.hands["operator"])
    assert problem.value.code == "correction.later"
    for one in Correction.objects.order_by("-pk"):
        mending.undo_corrections(roster, one.made_at, actor=city.hands["operator"])
    assert (told(roster), results(roster)) == (before, judged)
    assert Correction.objects.filter(undone_at=None).count() == 0


def test_proposals_of_one_kind_are_taken_together_and_the_next_note_is_found(city, send):
    roster = send(text(*BAD, row(7, born="lupa")))
    rows = list(proposals_of(roster, "birth_date.unreadable"))
    assert [one.row for one in rows] == [4, 8]
    cells = [(one.candidate_id, one.column, one.proposal) for one in rows]
    assert mending.correct_cells(roster, cells, source="proposal", actor=city.hands["operator"]) == 2
    assert not proposals_of(roster, "birth_date.unreadable").exists()
    left = Finding.objects.filter(roster=roster)
    assert next_finding(left, rows[0])[0] == left.order_by("row").filter(row__gt=4).first().pk
    assert next_finding(left, rows[1])[1] == 0  # after the last one the first


def test_a_list_that_was_proposed_and_a_stranger_change_nothing(city, send):
    roster = send(text(*BAD))
    pk = Candidate.objects.filter(roster=roster).first().pk
    with pytest.raises(Refused) as problem:
        mending.correct_cells(roster, [(pk, "name", "X")], actor=city.hands["auditor"])
    assert problem.value.code == "role.missing"
    with pytest.raises(Refused) as problem:
        mending.correct_cells(roster, [(pk + 100_000, "name", "X")], actor=city.hands["operator"])
    assert problem.value.code == "record.not_found"
    actions.propose_roster(roster, actor=city.hands["operator"])
    with pytest.raises(Refused) as problem:
        mending.correct_cells(roster, [(pk, "name", "X")], actor=city.hands["operator"])
    assert problem.value.code == "record.changed"


def test_columns_are_confirmed_remembered_used_and_forgotten(city, send):
    odd = text(*(row(n, note="Kader kesehatan") for n in range(1, 6)))
    roster = send(odd)
    unread = {one["header"]: one["column"] for one in roster.columns}
    assert (unread["NIK"], unread["Keterangan"]) == ("nik", "")
    told_ = {**unread, "Keterangan": "category", "Jabatan": ""}
    with pytest.raises(Refused) as problem:
        mending.confirm_columns(roster, {**unread, "Keterangan": "nik"}, actor=city.hands["operator"])
    assert problem.value.code == "columns.twice"
    assert mending.confirm_columns(roster, told_, actor=city.hands["operator"]) is True
    roster.refresh_from_db()
    assert (roster.state, Candidate.objects.filter(roster=roster).count()) == ("received", 0)
    actions.check_rosters([roster], actor=city.hands["operator"])
    assert set(Candidate.objects.filter(roster=roster).values_list("category", flat=True)) == {"kader"}
    assert mending.confirm_columns(roster, told_, actor=city.hands["operator"]) is False
    later = send(odd + b"\n" + row(9, note="Kader kesehatan").encode(), "bulan-depan.csv")
    assert meanings(city.units["pondok-jaya"])["keterangan"] == "category"
    assert set(Candidate.objects.filter(roster=later).values_list("category", flat=True)) == {"kader"}
    mending.forget_columns(later, actor=city.hands["operator"])
    assert not HeaderMeaning.objects.exists()


def test_a_refused_file_is_read_when_somebody_says_which_column_is_the_nik(city, send):
    nameless = text(*(row(n) for n in range(1, 3))).replace(b"NIK,", b"Angka,")
    roster = send(nameless)
    if roster.state == "refused":
        told_ = {one["header"]: one["column"] for one in roster.columns} | {"Angka": "nik"}
        assert mending.confirm_columns(roster, told_, actor=city.hands["operator"])
        roster.refresh_from_db()
        actions.check_rosters([roster], actor=city.hands["operator"])
    roster.refresh_from_db()
    assert (roster.state, roster.people, roster.refusal) == ("checked", 2, None)


def test_a_corrected_file_takes_the_place_and_tells_what_it_mended(city, send):
    first = send(text(*BAD))
    pk = Candidate.objects.get(roster=first, row=7).pk
    mending.correct_cells(first, [(pk, "category", "Kader kesehatan")], actor=city.hands["operator"])
    again = send(text(row(1), row(2), *BAD[2:]), "benar.csv", replaces=first)
    first.refresh_from_db()
    assert (first.state, again.state, again.people, again.clean) == ("withdrawn", "checked", 6, 4)
    assert not Finding.objects.filter(roster=again, code="nik.proposed_elsewhere").exists()
    # what was corrected on screen came along, as its cell still says what it said
    assert Correction.objects.get(roster=again).new == "Kader kesehatan"
    assert Candidate.objects.get(roster=again, row=7).category == "kader"
    found, _old, _new = difference(again, first, corrected=True)
    between = notes_between(found.pairs, notes(first.pk), notes(again.pk))
    counts = dict(between.group_by("state").len().iter_rows())
    assert counts == {"mended": 1, "open": 3}
    assert found.changes.select("column", "new").rows() == [("nik", row(2).split(",")[0])]
    score = quality_of(city.hands["office"].user, city.scheme)[0].whole
    assert (score.lists, score.again, score.people, score.clean, score.clean_now) == (1, 1, 6, 2, 4)


def test_this_month_against_last_month_becomes_movements_once_and_is_undone(city, send):
    before = send(text(*(row(n) for n in range(1, 6))), "oktober.csv", on=date(2019, 10, 20))
    actions.propose_roster(before, actor=city.hands["operator"])
    actions.accept_eligible(city.scheme, actor=city.hands["office"])
    act = actions.propose_determination(city.scheme, actor=city.hands["office"])
    actions.verify_determination(act, actor=city.hands["legal"])
    actions.approve_determination(act, actor=city.hands["approver"])
    actions.sign_determination(act, "1/CONTOH", date(2019, 10, 30), "Contoh", actor=city.hands["office"])
    assert Membership.objects.count() == 5
    now = send(text(*(row(n) for n in range(2, 6)), row(8)), "november.csv", on=date(2019, 11, 20))
    codes = set(Finding.objects.filter(roster=now).values_list("code", flat=True))
    assert "eligibility.already_covered" in codes
    assert "nik.proposed_elsewhere" not in codes
    made = confirm_comparison(now, before, date(2019, 11, 19), seen=(1, 1, 0), actor=city.hands["operator"])
    assert (made.joined, made.left, made.changed, made.stayed) == (1, 1, 0, 4)
    move = Movement.objects.get()
    assert (move.kind, move.state, move.happened_on, move.membership.person.nik) == ("left", "proposed", date(2019, 11, 19), row(1).split(",")[0])  # fmt: skip
    reviews = dict(Candidate.objects.filter(roster=now).values_list("row", "review"))
    assert [reviews[n] for n in range(2, 7)] == ["member"] * 4 + ["pending"]
    assert confirm_comparison(now, before, date(2019, 11, 19), actor=city.hands["operator"]) == made
    assert Movement.objects.count() == 1
    undo_comparison(made, actor=city.hands["operator"])
    now.refresh_from_db()
    move.refresh_from_db()
    assert (now.state, move.state) == ("checked", "declined")
    assert set(Candidate.objects.filter(roster=now).values_list("review", flat=True)) == {"pending"}
    with pytest.raises(Refused) as problem:
        confirm_comparison(now, before, date(2019, 11, 19), seen=(9, 9, 9), actor=city.hands["operator"])
    assert problem.value.code == "comparison.others"
    assert confirm_comparison(now, before, date(2019, 11, 19), actor=city.hands["operator"]).pk != made.pk
    assert Comparison.objects.count() == 2
    assert not list(problems())
