"""`lindung roster check`: the JSON that programs rely on, exit statuses, sentences for people."""

from __future__ import annotations

import json
import subprocess
import sys

import openpyxl
import pytest
from click.testing import CliRunner

from lindung.cli import cli

HEAD = "No,Nama,NIK,Tgl Lahir,L/P,Jabatan,No HP\n"
PEOPLE = (
    "1,Asnawi Hasbi,3674031701785001,17-01-1978,L,Ketua RT,081300005001\n"
    "2,Siti Aisyah,3674035203825002,12-03-1982,P,Kader Posyandu,0812\n"
    "3,Asnawi Hasbi,3674031701785001,17-01-1978,L,Ketua RT,081300005001\n"
    '4,Budi Santoso,"3,60326E+15",27-08-1976,L,Marbot,\n'
)


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "daftar.csv"
    path.write_text(HEAD + PEOPLE)
    return path


def run(*args, lang=None):
    options = ["--lang", lang] if lang else []
    return CliRunner().invoke(cli, [*options, "roster", "check", *map(str, args)])


def test_json_of_one_file(roster):
    result = run(roster, "--scheme", "tangsel-2019", "--on", "2019-11-22", "--json", lang="en")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert list(told) == ["file", "scheme", "on", "mapping", "rows", "findings", "duplicates"]
    assert told["file"] == str(roster)
    assert (told["scheme"], told["on"]) == ("tangsel-2019", "2019-11-22")
    assert told["mapping"]["nik"] == "NIK"
    assert told["rows"] == {"people": 4, "clean": 2}
    by_code = {finding["code"]: finding for finding in told["findings"]}
    assert set(by_code) == {"phone.unreadable", "nik.duplicate", "nik.damaged_by_excel"}
    assert by_code["nik.duplicate"] | {"hint": ""} == {
        "sheet": None, "row": 4, "column": "nik", "code": "nik.duplicate", "severity": "error",
        "message": "The same NIK already stands in row 2.", "value": "3674031701785001", "hint": "",
        "first": {"sheet": None, "row": 2}, "proposal": None,
    }  # fmt: skip
    assert by_code["phone.unreadable"]["first"] is None
    assert by_code["phone.unreadable"]["severity"] == "warning"
    (pair,) = told["duplicates"]
    assert (pair["a"], pair["b"]) == ({"sheet": None, "row": 2}, {"sheet": None, "row": 4})
    assert 0.9 < pair["probability"] <= 1
    assert pair["why"]


def test_what_a_column_is_can_be_said(roster):
    told = ("--scheme", "tangsel-2019", "--on", "2019-11-22", "--json")
    found = json.loads(run(roster, *told, "--mapping", "No HP=", "--mapping", "L/P=occupation").stdout)
    assert "phone" not in found["mapping"]
    assert found["mapping"]["occupation"] == "L/P"
    assert run(roster, *told, "--mapping", "No HP=telepon").exit_code == 2


def test_several_files_are_one_array_and_the_broken_one_fails_alone(roster, tmp_path):
    other = tmp_path / "lain.csv"
    other.write_text(HEAD + PEOPLE.splitlines()[0] + "\n")
    picture = tmp_path / "foto.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
    result = run(other, picture, roster, "--scheme", "tangsel-2019", "--on", "2019-11-22", "--json")
    assert result.exit_code == 1
    one, two, three = json.loads(result.stdout)
    assert one["findings"] == []
    assert two == {
        "file": str(picture),
        "error": {"code": "file.unreadable", "message": two["error"]["message"]},
    }
    assert "foto.xlsx" in two["error"]["message"]
    assert "foto.xlsx" in result.stderr
    first = next(f for f in three["findings"] if f["code"] == "nik.duplicate")["first"]
    assert first == {"sheet": None, "row": 2, "file": str(other)}
    assert three["duplicates"][0]["a"] == first


def test_register_and_deaths(roster, tmp_path):
    register = tmp_path / "register.csv"
    register.write_text(
        "nik,name,birth_date,segment,payer,since,note\n3674031701785001,X,1978-01-17,PU,PT Maju,2018-01-01,extra\n"
    )
    deaths = tmp_path / "deaths.csv"
    deaths.write_text(
        "nik,name,birth_date,died_on,certificate\n3674035203825002,Y,1982-03-12,2019-05-01,3674-KM\n"
    )
    result = run(
        roster,
        "--scheme",
        "tangsel-2019",
        "--on",
        "2019-11-22",
        "--register",
        register,
        "--deaths",
        deaths,
        "--json",
    )
    told = json.loads(result.stdout)["findings"]
    assert [f["row"] for f in told if f["code"] == "eligibility.already_covered"] == [2, 4]
    assert [f["row"] for f in told if f["code"] == "eligibility.deceased"] == [3]
    assert "PT Maju" in next(f["message"] for f in told if f["code"] == "eligibility.already_covered")


def test_a_register_without_its_columns_is_refused(roster, tmp_path):
    wrong = tmp_path / "register.csv"
    wrong.write_text("nik,nama\n1,2\n")
    for path in (wrong, tmp_path / "tidak-ada.csv"):
        result = run(roster, "--scheme", "tangsel-2019", "--register", path)
        assert result.exit_code == 1
        assert path.name in str(result.exception)


def test_called_wrongly(roster):
    assert run(roster).exit_code == 2
    assert run("--scheme", "tangsel-2019").exit_code == 2
    assert run(roster, "--scheme", "tangsel-2019", "--on", "kemarin").exit_code == 2


def test_unknown_scheme(roster):
    result = run(roster, "--scheme", "tidak-ada")
    assert result.exit_code == 1
    assert "tidak-ada" in str(result.exception)


def test_for_people_in_indonesian_with_masked_nik(roster):
    result = run(roster, "--scheme", "tangsel-2019", "--on", "2019-11-22")
    assert result.exit_code == 0
    flat = " ".join(result.stdout.split())
    assert "4 orang" in flat
    assert "NIK yang sama sudah ada di baris 2." in flat
    assert "3674031701785001" not in flat
    assert "people" in run(roster, "--scheme", "tangsel-2019", "--on", "2019-11-22", lang="en").stdout


def test_out_writes_the_annotated_list(roster, tmp_path):
    out = tmp_path / "hasil.xlsx"
    assert (
        run(roster, "--scheme", "tangsel-2019", "--on", "2019-11-22", "--out", out, "--json").exit_code == 0
    )
    sheet = openpyxl.load_workbook(out).worksheets[0]
    assert sheet["C4"].comment


def test_today_is_jakarta_when_no_date_is_given(roster):
    told = json.loads(run(roster, "--scheme", "tangsel-2019", "--json").stdout)
    assert told["on"] >= "2025-01-01"


def test_no_django_and_no_database_without_db(roster):
    code = (
        "import sys; from lindung.cli import cli\n"
        f"cli(['roster', 'check', {str(roster)!r}, '--scheme', 'tangsel-2019', '--json'], standalone_mode=False)\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('django', 'psycopg')], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_an_unknown_minimum_wage_is_told(tmp_path):
    staff = tmp_path / "honorer.csv"
    staff.write_text(
        "NIK,Nama,Tanggal Lahir,L/P,Jabatan,Honor\n3604011701785001,Budi Santoso,17-01-1978,L,Pegawai Non ASN,900000\n"
    )
    asked = (staff, "--scheme", "serang-2019", "--on", "2019-04-04", "--json")
    result = run(*asked)
    told = json.loads(result.stdout)
    assert [part["code"] for part in told["unknown"]] == ["minimum_wages.unknown"]
    assert told["unknown"][0]["message"] in result.stderr
    minimum = tmp_path / "umk.csv"
    minimum.write_text(
        "region_code,valid_from,amount,document\n36.04,2019-01-01,3827193,SK 1/2018\n36.73,2019-01-01,3366512,SK 1/2018\n"
    )
    known = json.loads(run(*asked, "--minimum-wages", minimum).stdout)
    assert "unknown" not in known
    assert "wage.below_minimum" in {finding["code"] for finding in known["findings"]}


def test_kinds_of_doubles_are_told_apart(tmp_path):
    """In the list, in another list, in the register and on the death list, each under the same NIK and under a mistyped one."""
    told = "NIK,Nama,Tanggal Lahir,L/P,Jabatan,Nama Ibu Kandung\n"
    rows = [
        "3674031701785001,Budi Santoso,17-01-1978,L,Ketua RT,Aminah",
        "3674031701785001,Budi Santoso,17-01-1978,L,Ketua RT,Aminah",
        "3674031701785601,Boedi Santosa,17-01-1978,L,Ketua RT,Aminah",
        "3674035203825002,Siti Rohayati,12-03-1982,P,Ketua RW,Iroh",
        "3674032104755003,Muhammad Soleh,21-04-1975,L,Ketua RW,Saanih",
    ]
    one, two = tmp_path / "satu.csv", tmp_path / "dua.csv"
    one.write_text(told + "\n".join(rows) + "\n")
    two.write_text(
        told
        + "3674031101695004,H. Ahmad Kosasih,11-01-1969,L,Ketua RT,Unah\n3674031701785001,Budi Santoso,17-01-1978,L,Ketua RT,Aminah\n"
    )
    register, deaths = tmp_path / "register.csv", tmp_path / "deaths.csv"
    register.write_text(
        "nik,name,birth_date,segment,payer,since\n3674035203825003,St. Rohayati,1982-03-12,PU,PT Maju,2018-01-01\n"
        "3674031101695004,Ahmad Kosasih,1969-01-11,BPU,Mandiri,2018-02-01\n"
    )
    deaths.write_text(
        "nik,name,birth_date,died_on,certificate\n3674032104755030,Moh. Sholeh,1975-04-21,2019-05-01,3674-KM\n"
    )
    result = run(
        one,
        two,
        "--scheme",
        "tangsel-2019",
        "--on",
        "2019-11-22",
        "--register",
        register,
        "--deaths",
        deaths,
        "--json",
    )
    first, second = ({(f["code"], f["row"]) for f in part["findings"]} for part in json.loads(result.stdout))
    assert {
        ("nik.duplicate", 3),
        ("person.possible_duplicate", 4),
        ("person.possibly_covered", 5),
        ("person.possibly_deceased", 6),
    } <= first
    assert {("eligibility.already_covered", 2), ("nik.duplicate", 3)} <= second
    assert not {code for code, _ in first} & {"eligibility.already_covered", "eligibility.deceased"}
