"""Papers around what goes out and comes back: they add up, and show what happened."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import polars as pl
import pypdfium2
import pytest
from city import PEOPLE, answer
from click.testing import CliRunner
from openpyxl import load_workbook

from lindung.base.month import Month
from lindung.base.refused import Refused
from lindung.cli import cli, database
from lindung.contributions import actions as money
from lindung.enrolment import actions as enrol
from lindung.enrolment.models import Candidate
from lindung.papers.tables import xlsx
from lindung.registry import actions as register
from lindung.registry.models import AuditEntry
from lindung.workflows import exchange
from lindung.workflows.ceremony import ceremony_pack, symbolic_recipients

pytestmark = pytest.mark.django_db
AT = datetime(2019, 11, 22, 3, tzinfo=UTC)
WRONG = [
    "3674031501505009,TUA CONTOH,15-01-1950,L,6,2,Pondok Jaya,Ketua RT",
    "123,PENDEK,01-01-1990,L,7,2,Pondok Jaya,RT",
    "3674031601855010,SALAH CONTOH,16-01-1985,L,8,2,Pondok Jaya,PNS",
]


def text_of(content: bytes) -> str:
    return " ".join(
        " ".join(p.get_textpage().get_text_range().split()) for p in pypdfium2.PdfDocument(content)
    )


def test_the_minutes_of_the_verification_add_up(city):
    roster = city.list_of(*PEOPLE, *WRONG)
    with pytest.raises(Refused) as problem:
        exchange.verification_counts(city.scheme)
    assert problem.value.code == "minutes.nobody"
    enrol.propose_roster(roster, actor=city.hands["operator"])
    with pytest.raises(Refused) as problem:
        exchange.verification_counts(city.scheme)
    assert problem.value.code == "minutes.pending"
    enrol.accept_eligible(
        city.scheme, quotas={(city.units["pondok-jaya"].pk, "rt_head"): 2}, actor=city.hands["office"]
    )
    check = enrol.send_check(city.scheme, "disdukcapil", segment="BPU", actor=city.hands["office"])
    lines = [
        f"DISDUKCAPIL-1-{row.line},{'TIDAK,PINDAH' if row.candidate.name == 'ANI CONTOH' else 'YA,HIDUP'}"
        for row in check.rows.select_related("candidate")
    ]
    said = "\n".join(["Ref,Sesuai,Hidup/Meninggal/Pindah", *lines]).encode()
    enrol.read_check_answer(
        check, "j.csv", said, officer="Contoh", answered_on=date(2019, 11, 3), actor=city.hands["office"]
    )
    (row,) = exchange.verification_counts(city.scheme).to_dicts()
    assert {key: value for key, value in row.items() if value} == {
        "place": "Pondok Jaya", "proposed": 8, "nik": 1, "age": 1, "category": 1, "elsewhere": 1, "accepted": 3, "waiting": 1,
    }  # fmt: skip
    shown = text_of(exchange.verification_minutes(city.scheme, user=None, at=AT).pdf())
    for words in ("BERITA ACARA VERIFIKASI", "3 November 2019 oleh Contoh", "3 (tiga) orang memenuhi syarat"):
        assert words in shown


def test_the_letter_to_bpjs_and_what_it_rejected(city):
    city.signed(*PEOPLE)
    batches = enrol.prepare_batches(city.scheme, actor=city.hands["office"])
    with pytest.raises(Refused) as problem:
        exchange.batch_letter(batches, user=None, at=AT)
    assert problem.value.code == "letter.one_payer"
    first = next(batch for batch in batches if batch.people == 3)
    assert "Bagian Pemerintahan" in text_of(exchange.batch_letter([first], user=None, at=AT).pdf())
    said = answer(first, {PEOPLE[1][:16]: "NIK tidak ditemukan"})
    enrol.read_batch_answer(first, "a.csv", said, date(2019, 11, 8), actor=city.hands["office"])
    rows = exchange.rejections(city.scheme, date(2019, 11, 15)).rows
    assert rows.select("name", "reason", "deadline").rows() == [
        ("BUDI CONTOH", "NIK tidak ditemukan", date(2019, 11, 15))
    ]
    assert "berkas 1, baris" in rows["sent"][0]
    (again,) = enrol.prepare_batches(city.scheme, actor=city.hands["office"])
    assert exchange.rejections(city.scheme, date(2019, 11, 15)).rows.is_empty()
    assert xlsx([exchange.rejections(city.scheme, date(2019, 11, 15))])
    assert again.people == 1


def paid(city) -> None:
    city.registered(*PEOPLE)
    for calculation in money.calculate(city.scheme, Month(2019, 11), actor=city.hands["office"]):
        on = date(2019, 11, 12)
        bill = money.record_bill(
            calculation, f"{calculation.pk:011d}", calculation.total, on, on, actor=city.hands["treasurer"]
        )
        for step in money.STEPS:
            money.pay(bill, step, "1", on, bill.amount, actor=city.hands["treasurer"])


def test_one_recipient_a_category_who_is_alive_and_active(city):
    paid(city)
    assert symbolic_recipients(city.scheme, date(2019, 11, 11)).is_empty()
    with pytest.raises(Refused) as problem:
        ceremony_pack(city.scheme, date(2019, 11, 11), "Balai Kota", user=None, at=AT)
    assert problem.value.code == "ceremony.nobody"
    on = date(2019, 11, 22)
    first = symbolic_recipients(city.scheme, on).filter(turn=1)
    assert first.select("category", "name").rows() == [("rt_head", "ANI CONTOH"), ("kader", "CITRA CONTOH")]
    told = pl.DataFrame(
        {
            "nik": [PEOPLE[0][:16]],
            "name": ["ANI CONTOH"],
            "birth_date": [None],
            "died_on": [date(2019, 11, 20)],
            "certificate": [None],
        },
        schema_overrides={"birth_date": pl.Date, "certificate": pl.String},
    )
    register.tell_deaths(told, actor=city.hands["office"])
    assert "ANI CONTOH" not in symbolic_recipients(city.scheme, on)["name"]
    pack = ceremony_pack(city.scheme, on, "Balai Kota", guests=7, user=None, at=AT)
    by_suffix = {name.rpartition(".")[2]: content for name, content in pack.files}
    shown = text_of(by_suffix["pdf"])
    for words in (
        "ANGKA UNTUK SAMBUTAN",
        "BERITA ACARA PENYERAHAN",
        "BUDI CONTOH",
        "22 November 2019",
        "2 (dua) orang",
    ):
        assert words in shown
    book = load_workbook(io.BytesIO(by_suffix["xlsx"]))
    assert book.sheetnames == ["Penerima simbolis", "Daftar hadir", "Tanda terima kartu"]
    assert by_suffix["docx"].startswith(b"PK")


def test_the_commands_write_the_papers(city, monkeypatch, tmp_path):
    monkeypatch.setattr(database, "open_database", lambda: None)
    paid(city)
    assert Candidate.objects.exists()
    batch = city.scheme.batches.first()
    office = ["--as", "office", "--out", str(tmp_path)]
    for words in (
        ["verification-minutes", "--scheme", "contoh-2019"],
        ["bpjs-letter", str(batch.pk), "--number", "1/2019", "--on", "2019-11-07"],
        ["rejections", "--scheme", "contoh-2019", "--deadline", "2019-11-15"],
        ["ceremony", "--scheme", "contoh-2019", "--on", "2019-11-22", "--place", "Balai Kota"],
        ["movement-report", "--scheme", "contoh-2019", "--month", "2019-11"],
    ):
        result = CliRunner().invoke(cli, ["enrol", *words, *office])
        assert result.exit_code == 0, (words, result.exception)
    assert len(list(tmp_path.iterdir())) == 3 + 3 + 1 + 3 + 1
    trail = set(AuditEntry.objects.values_list("action", flat=True))
    assert {
        "export_verification_minutes",
        "export_batch_letter",
        "export_rejections",
        "export_ceremony_pack",
    } <= trail
    words = ["enrol", "rejections", "--scheme", "contoh-2019", "--deadline", "2019-11-15", "--as", "auditor"]
    with pytest.raises(Refused) as problem:
        CliRunner().invoke(cli, words, catch_exceptions=False)
    assert problem.value.code == "role.missing"
