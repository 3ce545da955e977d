"""`lindung law`: tables for people, JSON lines for programs, whole files."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import polars as pl
import pytest
from click.testing import CliRunner

from lindung.cli import json_lines
from lindung.cli.law import law
from lindung.cli.schemes import schemes
from lindung.schemes import builtin

BPU = {"segment": "BPU", "programmes": ["JKK", "JKM"], "month": "2019-11", "wage": 1000000}


def run(*arguments, stdin=None):
    return CliRunner().invoke(law, list(arguments), input=stdin)


def test_a_month_of_one_person_with_its_reasons():
    done = run("contribution", "--segment", "PU", "--programmes", "JKK,JKM", "--month", "2026-05", "--wage", "4300000",
               "--risk-class", "I")  # fmt: skip
    assert done.exit_code == 0
    assert "Rp23.220" in done.stdout
    assert "PP 44/2015 Pasal 16(1)" in done.stdout


def test_the_same_as_one_document():
    done = run("contribution", "--segment", "BPU", "--programmes", "JKK JKM", "--month", "2026-05", "--wage", "0",
               "--payer", "APBD", "--json")  # fmt: skip
    assert json.loads(done.stdout)["total"] == 16_800


def test_a_refusal_is_a_sentence_on_standard_error():
    done = run("contribution", "--segment", "PU", "--programmes", "JKK", "--month", "2026-05", "--wage", "1")
    assert done.exit_code == 1
    assert "Tingkat risiko" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [("contribution",), ("benefit",), ("contribution", "x.csv"), ("stale", "--older-than", "soon"), ("nothing",),
     ("parameters", "--on", "2026-02-30"), ("benefit", "scholarship", "--child", "x"),
     ("benefit", "permanent_disability", "--table-percent", "many"), ("benefit", "savings")],
)  # fmt: skip
def test_a_wrong_call_is_two(arguments):
    assert run(*arguments).exit_code == 2


def test_lines_go_through_in_order_without_a_crash():
    sent = json.dumps(BPU) + "\n\n{\n" + json.dumps({**BPU, "wage": 5_000_000}) + "\n" + '{"wage": NaN}'
    done = run("contribution", "--jsonl", stdin=sent)
    assert done.exit_code == 0
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [f.get("total", f.get("error", {}).get("code")) for f in found] == [
        16_800, "line.not_json", "line.not_json", 56_300, "line.not_json",
    ]  # fmt: skip


def test_a_last_line_without_an_end_counts_and_a_newline_at_the_end_adds_none():
    assert len(run("contribution", "--jsonl", stdin="{}\n{}").stdout.splitlines()) == 2
    assert len(run("contribution", "--jsonl", stdin="{}\n{}\n").stdout.splitlines()) == 2
    assert run("contribution", "--jsonl", stdin="").stdout == ""


def test_batches_join_lines_that_arrive_in_pieces():
    class Pieces(io.RawIOBase):
        def __init__(self, pieces):
            self.pieces = list(pieces)

        def read1(self, size):
            return self.pieces.pop(0) if self.pieces else b""

    assert list(json_lines.batches(Pieces([b"a\nb", b"c\n", b"\nd", b"e"]))) == [
        [b"a"],
        [b"bc"],
        [b""],
        [b"de"],
    ]
    long = list(json_lines.batches(Pieces([b"x" * 900_000] * 4 + [b"\n1\n"])))
    assert [len(line) for batch in long for line in batch] == [1_000_001, 1]


def test_a_program_that_waits_for_each_answer_gets_it():
    """One line written, one line read, on the same pipe."""
    code = "from lindung.cli.law import law; law()"
    program = subprocess.Popen(
        [sys.executable, "-c", code, "benefit", "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env={**os.environ}, text=True,
    )  # fmt: skip
    try:
        for day, age in (("2018-12-31", 56), ("2019-01-01", 57)):
            program.stdin.write(json.dumps({"kind": "pension_age", "date": day}) + "\n")
            program.stdin.flush()
            assert json.loads(program.stdout.readline())["age"] == age
        program.stdin.close()
        assert program.wait(30) == 0
    finally:
        program.kill()
        program.stdout.close()
        program.wait()


def test_benefits_say_that_bpjs_decides():
    done = run("benefit", "death", "--date", "2026-01-10", "--cause", "other", "--segment", "BPU", "--joined", "2025-12-01",
               "--first-joined", "2024-01-01", "--contribution-months", "20")  # fmt: skip
    assert done.exit_code == 0
    assert "Rp10.000.000" in done.stdout
    assert "Rp42.000.000" in done.stdout
    assert "yang menetapkan dan membayar adalah BPJS Ketenagakerjaan" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (("scholarship", "--date", "2026-01-10", "--cause", "work_accident", "--child", "2010-02-03:SMP:2"), {"total": 49_000_000}),
        (("temporary_disability", "--date", "2026-01-10", "--wage", "3000000", "--segment", "PU", "--months", "2"), {"total": 6_000_000}),
        (("permanent_disability", "--date", "2026-01-10", "--wage", "3000000", "--segment", "PU", "--type", "anatomical",
          "--table-percent", "12,5"), {"grant": 30_000_000}),
        (("pension", "--date", "2026-03-01", "--contribution-months", "180", "--average-monthly-wage", "6000000"), {"monthly": 900_000}),
        (("late_penalty", "--segment", "PU", "--month", "2025-01", "--contribution", "1000000", "--paid-on", "2025-02-18"),
         {"penalty": 20_000, "due_on": "2025-02-17"}),
        (("job_loss", "--date", "2026-01-10", "--wage", "9000000", "--months-of-24", "12"), {"total": 18_000_000}),
        (("survivors", "--date", "2026-03-01", "--contribution-months", "24", "--average-monthly-wage", "10000000", "--heir",
          "spouse", "--density-percent", "80"), {"monthly": 750_000}),
        (("transport", "--date", "2026-01-10", "--mode", "land", "--mode", "air", "--cost", "20000000"), {"paid": 15_000_000}),
        (("savings_claim", "--date", "2026-01-10", "--reason", "resignation", "--balance", "60000000"), {"net": 59_500_000}),
    ],
    ids=lambda v: v[0] if isinstance(v, tuple) else "",
)  # fmt: skip
def test_every_kind_has_its_options(arguments, answer):
    done = run("benefit", *arguments, "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert answer.items() <= found.items()
    assert found["law"]
    assert run("benefit", *arguments).exit_code == 0


def test_holidays_and_returns_come_from_files(tmp_path):
    (tmp_path / "holidays.csv").write_text("date,name\n2025-02-17,libur\n# a remark\n", encoding="utf-8")
    late = ("benefit", "late_penalty", "--segment", "PU", "--month", "2025-01", "--contribution", "1000000", "--paid-on",
            "2025-02-18", "--json", "--holidays")  # fmt: skip
    assert json.loads(run(*late, str(tmp_path / "holidays.csv")).stdout)["penalty"] == 0
    (tmp_path / "broken.csv").write_text("2025-02-17\nTuesday\n", encoding="utf-8")
    done = run(*late, str(tmp_path / "broken.csv"))
    assert done.exit_code == 1
    assert "broken.csv, baris 2" in done.stderr
    assert run(*late, str(tmp_path / "none.csv")).exit_code == 1
    (tmp_path / "returns.csv").write_text("year,rate\n2016,0.0719\n", encoding="utf-8")
    (tmp_path / "paid.csv").write_text("month,amount\n2016-01,1200000\n", encoding="utf-8")
    files = ("--returns", str(tmp_path / "returns.csv"), "--deposits", str(tmp_path / "paid.csv"))
    assert json.loads(run("benefit", "savings", *files, "--json").stdout)[0]["closing"] == 1_279_090
    assert "Rp1.279.090" in run("benefit", "savings", *files).stdout
    done = run("benefit", "savings", *files, "--through", "2017")
    assert done.exit_code == 1
    assert "2017" in done.stderr


def test_a_whole_file_in_three_forms(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text(
        "segment,programmes,month,wage,name\nBPU,JKK+JKM,2019-11,1000000,=cmd()\nX,JKK,2019-11,1,\n",
        encoding="utf-8",
    )
    for suffix in ("csv", "parquet", "xlsx"):
        out = tmp_path / f"out.{suffix}"
        done = run("contribution", str(source), "--out", str(out))
        assert done.exit_code == 0, done.output
        assert "2 baris, 1 ditolak, jumlah Rp16.800." in done.stderr
        assert out.stat().st_size
    assert pl.read_parquet(tmp_path / "out.parquet")["total"].to_list() == [16_800, None]
    assert "'=cmd()" in (tmp_path / "out.csv").read_text(encoding="utf-8")
    import openpyxl

    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert cells["=cmd()" if "=cmd()" in cells else "'=cmd()"] == "s"
    assert cells[16800] == "n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.csv", "out.csv", "out.parquet", "out.xlsx"]


def test_a_file_that_cannot_be_used_is_refused(tmp_path):
    for name in ("none.csv", "a.txt"):
        done = run("contribution", str(tmp_path / name), "--out", str(tmp_path / "out.csv"))
        assert done.exit_code == 1
        assert name in done.stderr


def test_a_sheet_that_would_lose_rows_is_not_written(tmp_path, monkeypatch):
    monkeypatch.setattr("lindung.law.bulk.SHEET_ROWS", 1)
    source = tmp_path / "in.csv"
    source.write_text("segment,programmes,month,wage\n" + "BPU,JKM,2019-11,1\n" * 2, encoding="utf-8")
    done = run("contribution", str(source), "--out", str(tmp_path / "out.xlsx"))
    assert done.exit_code == 1
    assert "XLSX" in done.stderr
    assert not (tmp_path / "out.xlsx").exists()


def test_the_law_can_be_read_by_day_and_topic():
    found = {p["id"]: p for p in json.loads(run("parameters", "--on", "2020-09-01", "--json").stdout)}
    assert found["contribution.relief_2020"]["value"] == {"JKK": 10_000, "JKM": 10_000}
    assert found["contribution.jp_ceiling"]["value"] == 8_939_700
    assert "contribution.relief_bpu_other" not in found
    topics = {
        p["id"].partition(".")[0] for p in json.loads(run("parameters", "--topic", "clock", "--json").stdout)
    }
    assert topics == {"clock"}
    assert "Pasal 16(1)" in run("parameters", "--topic", "contribution", "--on", "2026-05-01").stdout


def test_what_changes_when():
    found = json.loads(run("calendar", "--from", "2026-11-23", "--until", "2027-04-01", "--json").stdout)
    assert {"on": "2027-03-01", "id": "contribution.jp_ceiling", "value": None, "law": None} in found
    assert [f["on"] for f in found] == sorted(f["on"] for f in found)
    assert "berakhir" in run("calendar", "--from", "2026-11-23", "--until", "2027-04-01").stdout


def test_what_nobody_checked():
    assert json.loads(run("stale", "--on", "2026-11-24", "--json").stdout) == []
    late = json.loads(run("stale", "--on", "2027-11-24", "--older-than", "180d", "--json").stdout)
    assert len(late) > 100
    assert "contribution.jkk_pu" in run("stale", "--on", "2027-11-24").stdout
    assert "180" in run("stale", "--on", "2026-11-24").stdout


def test_the_report_goes_to_a_file_or_to_the_screen(tmp_path):
    assert run("report", "--out", str(tmp_path / "law.md")).exit_code == 0
    assert (tmp_path / "law.md").read_text(encoding="utf-8") == run("report").stdout


def test_the_law_as_it_was_known():
    person = ("contribution", "--segment", "BPU", "--programmes", "JKK,JKM", "--month", "2020-08", "--wage", "1",
              "--payer", "APBD", "--json")  # fmt: skip
    assert json.loads(run(*person).stdout)["total"] == 168
    assert json.loads(run(*person, "--known-on", "2020-08-15").stdout)["total"] == 16_800


def test_the_duties_of_a_company_with_the_days_of_a_sanction():
    asked = (
        "duties",
        "--capital",
        "3000000000",
        "--on",
        "2026-08-10",
        "--warned-on",
        "2026-08-10",
        "--contribution",
    )
    done = run(*asked, "10000000")
    assert done.exit_code == 0
    assert "wajib: JKK, JKM, JHT; pilihan: JP" in done.stdout
    assert "07-09-2026" in done.stdout
    found = json.loads(run(*asked, "10000000", "--json").stdout)
    assert (found["scale"], found["compulsory"]) == ("small", ["JKK", "JKM", "JHT"])
    assert found["sanctions"]["fine_per_month"] == 10_000
    assert found["sanctions"]["public_services_from"] == "2026-10-08"
    assert found["law"]


def test_the_duties_of_a_state_office_name_what_nobody_verified(tmp_path, monkeypatch):
    assert "Belum terverifikasi: sumber berbeda pendapat" in run("duties", "--employer", "state").stdout
    monkeypatch.setenv("LINDUNG_DATA", str(tmp_path))
    (tmp_path / "schemes").mkdir()
    text = builtin()["serang-2019"].text.replace("id: serang-2019", "id: kota-2026\nnon_asn_jht: compulsory")
    (tmp_path / "schemes" / "kota.yaml").write_text(text)
    found = json.loads(run("duties", "--employer", "state", "--scheme", "kota-2026", "--json").stdout)
    assert (found["non_asn_jht"], found["compulsory"]) == ("compulsory", ["JKK", "JKM", "JHT"])
    assert found["disputed"]
    shown = CliRunner().invoke(schemes, ["show", "kota-2026"]).stdout
    assert "Aturan kota: JHT juga wajib." in shown
    checked = CliRunner().invoke(schemes, ["check", str(tmp_path / "schemes" / "kota.yaml")]).stdout
    assert "Belum terverifikasi" in checked


@pytest.mark.parametrize(
    "arguments",
    [(), ("--employer", "nobody"), ("--scale", "huge"), ("--employer", "state", "--on", "2020-01-01"), ("--capital", "-1"),
     ("--employer", "state", "--scheme", "nix"), ("--employer", "state", "--warned-on", "2026-08-10"),
     ("--scale", "small", "--warned-on", "2026-08-10")],
)  # fmt: skip
def test_duties_refuse_with_a_sentence(arguments):
    done = run("duties", *arguments)
    assert done.exit_code == 1
    assert not done.stdout
    assert len(done.stderr) > 20
