"""Lists in the ways people write them. What is expected stands in `rosters` terms: codes per row, mapping, people."""

from __future__ import annotations

import json
from datetime import date

import openpyxl
import polars as pl
import pytest

from lindung.base import messages
from lindung.intake.check import ROWS, check, recheck


def codes(result):
    return result.findings.select("row", "code").rows()


def test_a_flawless_list(write, checked, head, people):
    result = checked(write([head, *people]))
    assert (result.people, result.clean) == (6, 6)
    assert result.findings.is_empty()
    assert result.duplicates.is_empty()
    assert result.rows.columns == list(ROWS)
    assert result.rows["category"].to_list() == [
        "rt_head", "health_volunteer", "mosque_keeper", "quran_teacher", "funeral_carer", "rw_head"
    ]  # fmt: skip
    assert result.rows["result"].unique().to_list() == ["layak"]
    assert json.loads(result.rows["raw"][0])["birth_date"] == "17-01-1978"


def test_titles_numbers_blanks_totals_and_signatures_are_nobody(write, checked, head, people):
    rows = [
        ["DAFTAR KETUA RT DAN RW"],
        ["KELURAHAN PONDOK BETUNG KECAMATAN PONDOK AREN"],
        [],
        head,
        [str(n) for n in range(1, 9)],
        *people[:3],
        [],
        ["", "Jumlah RW 01", "", "", "", "", "", 3],
        head,
        *people[3:],
        [7],
        [8],
        ["", "JUMLAH TOTAL", "", "", "", "", "", 6],
        [],
        ["", "Mengetahui,", "", "", "", "", "Pondok Aren, 11 November 2019"],
        ["", "Ketua LPM", "", "", "", "", "LURAH PONDOK BETUNG"],
        ["", "TOHIR SAIDI", "", "", "", "", "MAMAN ROHIMAT, S.IP"],
        ["", "", "NIP. 19750721 199901 1 938", "", "", "", "NIP. 19750721 199901 1 938"],
        [],
        ["No", "Jabatan", "Jumlah"],
        [1, "Ketua RT", 3],
        [2, "Ketua RW", 3],
    ]
    result = checked(write(rows, "list.xlsx"))
    assert result.people == 6
    assert result.findings.is_empty()
    assert set(result.rows["kelurahan"]) == {"Pondok Betung"}
    assert set(result.rows["kelurahan_code"]) == {"36.74.03.1001"}
    assert set(result.rows["kecamatan"]) == {"Pondok Aren"}


def test_somebody_with_only_a_name_counts_inside_the_list(write, checked, head, people):
    people[2][2:] = [""] * 6
    result = checked(write([head, *people]))
    assert result.people == 6
    assert codes(result) == [(4, "nik.missing"), (4, "birth_date.missing"), (4, "category.unknown")]


def test_table_that_starts_elsewhere_with_its_columns_in_another_order(write, checked, head, people):
    order = [3, 6, 2, 0, 7, 1, 5, 4]
    rows = [[]] * 4 + [["", "", *(row[n] for n in order)] for row in [head, *people]]
    result = checked(write(rows, "list.xlsx"))
    assert result.people == 6
    assert result.findings.is_empty()
    assert result.mapping["category"] == "Jabatan"


@pytest.mark.parametrize(
    ("separator", "encoding"),
    [(";", "cp1252"), ("\t", "utf-16"), ("|", "utf-8"), (",", "utf-8-sig"), (";", "utf-16-le")],
)
def test_text_files_of_all_kinds(write, checked, head, people, separator, encoding):
    people[0][1] = "Asnawi Mu’minin"
    result = checked(write([head, *people], separator=separator, encoding=encoding))
    assert result.people == 6
    assert result.rows["name"][0] == "Asnawi Mu’minin"


def test_a_file_of_old_macs_and_a_separator_line(tmp_path, checked, head, people):
    lines = [";".join(map(str, row)) for row in [head, *people]]
    path = tmp_path / "mac.csv"
    path.write_bytes("\r".join(lines).encode())
    assert checked(path).people == 6
    path.write_bytes(("sep=;\r\n" + "\r\n".join(lines)).encode())
    assert checked(path).rows["row"].to_list() == [3, 4, 5, 6, 7, 8]


def test_rows_are_the_lines_where_records_start(write, checked, head, people):
    people[0][5] = "Jl. Anggrek\nNo. 5"
    people[3][2] = "-"
    result = checked(write([head, *people]))
    assert result.rows["row"].to_list() == [2, 4, 5, 6, 7, 8]
    assert codes(result) == [(6, "nik.missing")]


def test_two_headers_over_one_another(write, checked, people):
    upper = ["NO", "NAMA", "NIK", "LAHIR", "", "L/P", "ALAMAT", "", "", "JABATAN"]
    lower = ["", "", "", "TEMPAT", "TANGGAL", "", "JALAN", "RT", "RW", ""]
    rows = [[p[0], p[1], p[2], "Tegal", p[3], p[4], p[5], "001", "002", p[6]] for p in people]
    result = checked(write([["DAFTAR"], upper, lower, *rows]))
    assert result.people == 6
    assert result.mapping == {
        "nik": "NIK", "name": "NAMA", "birth_date": "TANGGAL", "birth_place": "TEMPAT", "sex": "L/P", "address": "JALAN", "rt": "RT",
        "rw": "RW", "category": "JABATAN",
    }  # fmt: skip
    assert result.findings.is_empty()
    assert result.rows["rw"].unique().to_list() == [2]


def test_number_and_name_under_one_roof(write, checked, people):
    upper = ["NO", "NAMA", "", "NOMOR", "", "", "TANGGAL LAHIR", "UNSUR"]
    lower = ["", "LENGKAP", "IBU KANDUNG", "KTP", "KK", "HP", "", ""]
    rows = [[p[0], p[1], "Rohaya", p[2], "3674032401080001", p[7], p[3], p[6]] for p in people]
    result = checked(write([upper, lower, *rows]))
    assert result.mapping == {
        "nik": "KTP", "name": "LENGKAP", "birth_date": "TANGGAL LAHIR", "phone": "HP", "mother_name": "IBU KANDUNG", "category": "UNSUR",
        "kk_number": "KK",
    }  # fmt: skip
    assert result.findings.is_empty()


@pytest.mark.parametrize(
    "ditto",
    [
        "sda",
        "SDA",
        "s.d.a",
        "s.d.a.",
        "idem",
        "Idem",
        '"',
        '-"-',
        "''",
        "〃",
        "sama",
        '" "',
        "sda.",
        "ditto",
        "s/d/a",
        "sama dengan atas",
        "- sda -",
    ],
)
def test_same_as_above(write, checked, head, people, ditto):
    people[1][6] = people[2][6] = ditto
    people[1][5] = ditto
    result = checked(write([head, *people]))
    assert result.rows["category"].to_list()[:3] == ["rt_head"] * 3
    assert result.rows["address"][1] == "Jl. Anggrek No. 5"
    assert result.findings.is_empty()
    assert json.loads(result.rows["raw"][1])["category"] == ditto


def test_merged_cells_speak_for_all_their_rows(tmp_path, write, checked, head, people):
    rows = [[*head, "Kelurahan"], *([*p, None] for p in people)]
    path = write(rows, "list.xlsx")
    book = openpyxl.load_workbook(path)
    book.active["I2"], book.active["I5"] = "PD. BETUNG", "PARIGI"
    book.active.merge_cells("I2:I4")
    book.active.merge_cells("I5:I7")
    book.save(path)
    result = checked(path)
    assert result.rows["kelurahan"].to_list() == ["Pondok Betung"] * 3 + ["Parigi"] * 3


def test_lines_between_the_rows_name_the_kelurahan(write, checked, head, people):
    rows = [head, ["KELURAHAN PARIGI"], *people[:3], ["Kelurahan Pondok Betung"], *people[3:]]
    result = checked(write(rows))
    assert result.people == 6
    assert result.rows["kelurahan"].to_list() == ["Parigi"] * 3 + ["Pondok Betung"] * 3


def test_hidden_sheets_are_nobody_but_hidden_rows_and_columns_count(write, checked, head, people):
    path = write(None, "list.xlsx", sheets={"A": [head, *people[:3]], "B": [head, *people[3:]], "Kosong": []})
    book = openpyxl.load_workbook(path)
    book["B"].sheet_state = "hidden"
    book["A"].row_dimensions[3].hidden = True
    book["A"].column_dimensions["C"].hidden = True
    book.save(path)
    result = checked(path)
    assert result.people == 3
    assert result.rows["nik"].null_count() == 0


def test_nik_as_numbers_and_scientific_text(write, checked, head, people):
    people[0][2] = 3674031701785001
    people[1][2] = "3,67404E+15"
    people[2][2] = "3.60326e15"
    people[3][2] = "3674 0665 0874 5004"
    result = checked(write([head, *people], "list.xlsx"))
    assert codes(result) == [
        (2, "nik.damaged_by_excel"),
        (3, "nik.damaged_by_excel"),
        (4, "nik.damaged_by_excel"),
    ]
    assert result.rows["result"].to_list()[:4] == ["perlu_klarifikasi"] * 3 + ["layak"]
    assert result.findings["value"].to_list() == ["3674031701785001", "3,67404E+15", "3.60326e15"]


def test_a_whole_column_that_ends_in_zero_went_through_a_number(write, checked, head, people):
    for person in people:
        person[2] = person[2][:-1] + "0"
    result = checked(write([head, *people]))
    assert {code for _, code in codes(result)} == {"nik.damaged_by_excel"}
    people[1][2] = people[1][2][:-1] + "1"
    people[2][2] = people[2][2][:-1] + "1"
    assert "nik.damaged_by_excel" not in {code for _, code in codes(checked(write([head, *people])))}


def test_nik_codes(write, checked, head, people):
    people[0][2] = "menyusul"
    people[1][2] = "367403520382500"
    people[2][2] = "3603263208765003"
    people[3][2] = "3674956508745004"
    people[4][2] = people[5][2]
    found = set(codes(checked(write([head, *people]))))
    assert {
        (2, "nik.missing"),
        (3, "nik.not_16_digits"),
        (4, "nik.impossible_date"),
        (5, "nik.unknown_region"),
        (7, "nik.duplicate"),
    } <= found
    assert not {(2, "birth_date.missing"), (6, "nik.duplicate")} & found


def test_facts_that_differ_warn(write, checked, head, people):
    people[0][3] = "17-01-1979"
    people[1][4] = "L"
    result = checked(write([head, *people]))
    assert result.findings.select("row", "code", "severity").rows() == [
        (2, "nik.birth_date_differs", "warning"),
        (3, "nik.sex_differs", "warning"),
    ]
    assert result.clean == 6


def test_a_safe_correction_is_proposed_and_never_applied(write, checked, head, people):
    people[0][3] = "31-02-1978"
    result = checked(write([head, *people]))
    assert result.findings.select("code", "proposal").rows() == [("birth_date.unreadable", "17-01-1978")]
    assert json.loads(result.rows["raw"][0])["birth_date"] == "31-02-1978"


def test_register_and_deaths(write, checked, head, people):
    register = pl.DataFrame(
        {
            "nik": [people[0][2]],
            "name": ["X"],
            "birth_date": ["1978-01-17"],
            "segment": ["PU"],
            "payer": ["PT Maju"],
            "since": ["2018-01-01"],
        }
    )
    deaths = pl.DataFrame(
        {
            "nik": [people[1][2]],
            "name": ["Y"],
            "birth_date": ["1982-03-12"],
            "died_on": ["2019-05-01"],
            "certificate": ["3674-KM-1"],
        }
    )
    for kind in (pl.String, pl.Date):
        cover = (
            register
            if kind == pl.String
            else register.with_columns(pl.col("birth_date", "since").str.to_date())
        )
        dead = (
            deaths
            if kind == pl.String
            else deaths.with_columns(pl.col("birth_date", "died_on").str.to_date())
        )
        result = checked(write([head, *people]), register=cover, deaths=dead)
        assert codes(result) == [(2, "eligibility.already_covered"), (3, "eligibility.deceased")]
        assert result.rows["result"].to_list()[:2] == ["tidak_layak"] * 2
        assert "PT Maju" in result.findings["args"][0]


def test_files_are_checked_together(write, scheme, head, people):
    one = write([head, *people[:4]], "satu.csv")
    two = write([head, people[0], *people[4:]], "dua.csv")
    broken = write([["x"]], "tiga.csv")
    results = check([one, two, broken], scheme, date(2019, 11, 22))
    assert [result.file for result in results] == ["satu.csv", "dua.csv", "tiga.csv"]
    assert results[0].findings.is_empty()
    assert results[1].findings.select("row", "code", "first_file", "first_row").rows() == [
        (2, "nik.duplicate", "satu.csv", 2)
    ]
    assert results[1].duplicates.select("a_file", "a_row", "b_file", "b_row").rows() == [
        ("satu.csv", 2, "dua.csv", 2)
    ]
    assert results[2].error.code == "file.no_header"
    assert results[1].rows["row_id"].to_list() == [5, 6, 7]


def test_one_human_under_two_nik(write, checked, head, people):
    twice = list(people[0])
    twice[0], twice[2] = 7, "3674031701785010"
    result = checked(write([head, *people, twice]))
    assert result.findings.select("row", "code", "first_row").rows() == [(8, "person.possible_duplicate", 2)]
    assert result.duplicates.select("a_row", "b_row").rows() == [(2, 8)]
    assert checked(write([head, *people, twice]), fuzzy=False).duplicates.is_empty()


def test_a_list_without_a_column_of_categories(write, checked, head, people):
    rows = [row[:6] + row[7:] for row in [head, *people]]
    result = checked(write([["DATA KADER POSYANDU"], *rows]))
    assert set(result.rows["category"]) == {"health_volunteer"}
    unknown = checked(write([["DATA WARGA"], *rows]))
    assert unknown.findings["code"].to_list() == ["category.unknown"] * 6


def test_the_header_may_be_told(write, checked, head, people):
    head[2] = "Kolom A"
    with_content = checked(write([head, *people]))
    assert with_content.mapping["nik"] == "Kolom A"  # sixteen digits in every row
    head[7] = "Catatan"
    told = checked(write([head, *people]), mappings={"catatan": "phone", "Kolom A": "nik"})
    assert told.mapping["phone"] == "Catatan"


def test_place_and_date_share_a_column_and_rt_and_rw_too(write, checked, people):
    rows = [["NIK", "NAMA", "TTL", "RT/RW", "SEX", "KATEGORI"]]
    rows += [[p[2], p[1], f"Tegal, {p[3]}", "004/014", p[4], p[6]] for p in people]
    result = checked(write(rows))
    assert result.mapping["birth_place"] == result.mapping["birth_date"] == "TTL"
    assert result.mapping["rt"] == result.mapping["rw"] == "RT/RW"
    assert result.rows.select("birth_place", "rt", "rw").unique().rows() == [("Tegal", 4, 14)]
    assert result.findings.is_empty()


def test_corrected_cells_are_judged_again(write, checked, head, people, scheme):
    people[1][2] = 3674035203825002
    people[2][3] = "lupa"
    first = checked(write([head, *people], "list.xlsx"))
    assert first.clean == 4
    rows = first.rows
    assert (
        recheck(rows, scheme, date(2019, 11, 22)).findings["code"].to_list()
        == first.findings["code"].to_list()
    )
    raw = [json.loads(cell) for cell in rows["raw"]]
    raw[1]["nik"], raw[1]["nik_type"] = "3674035203825002", None
    raw[2]["birth_date"] = "27-08-1976"
    again = recheck(
        rows.with_columns(raw=pl.Series([json.dumps(cells) for cells in raw])), scheme, date(2019, 11, 22)
    )
    assert again.findings.is_empty()
    assert again.rows["result"].unique().to_list() == ["layak"]
    assert again.rows["row_id"].to_list() == rows["row_id"].to_list()


def test_progress_is_told(write, scheme, head, people):
    steps = []
    check(
        [write([head, *people])],
        scheme,
        date(2019, 11, 22),
        progress=lambda done, of: steps.append((done, of)),
    )
    assert steps == [(1, 3), (2, 3)]


def test_a_header_over_nobody(write, checked, head, people):
    empty, full = checked(write([head])), checked(write([head, *people]))
    assert (empty.people, empty.mapping) == (0, full.mapping)
    assert empty.rows.schema == full.rows.schema
    assert empty.findings.schema == full.findings.schema
    assert empty.duplicates.schema == full.duplicates.schema


@pytest.mark.parametrize("long", [False, True])
def test_somebody_of_a_list_under_another_nik(write, checked, head, people, monkeypatch, long):
    if long:
        monkeypatch.setattr("lindung.intake.findings.LONG", 1)
    someone = {"nik": "3674031701785013", "name": "ASNAWI HASBI", "birth_date": "1978-01-17"}
    other = {"nik": "3674031701785099", "name": "Tohir", "birth_date": "1980-01-17"}
    register = pl.DataFrame(
        [{**who, "segment": "PU", "payer": "PT Maju", "since": "2018-01-01"} for who in (someone, other)]
    )
    deaths = pl.DataFrame(
        [{**who, "died_on": "2019-05-01", "certificate": "3674-KM-1"} for who in (someone, other)]
    )
    result = checked(write([head, *people]), register=register, deaths=deaths)
    assert codes(result) == [(2, "person.possibly_covered"), (2, "person.possibly_deceased")]
    assert set(result.findings["severity"]) == {"warning"}
    assert "PT Maju" in result.findings["args"][0]
    assert result.rows["result"][0] == "perlu_klarifikasi"
    assert checked(write([head, *people]), register=register, deaths=deaths, fuzzy=False).findings.is_empty()


def test_a_row_with_a_birth_date_and_a_category_is_somebody(write, checked, head, people):
    day, office = head.index("Tgl Lahir"), head.index("Jabatan")
    alone = [None] * len(head)
    alone[day], alone[office] = "17-08-1975", "Ketua RT"
    signed = [None] * len(head)
    signed[day], signed[office] = "Pondok Aren, 22 November 2019", "Lurah Pondok Betung"
    result = checked(write([head, *people[:3], alone, *people[3:], [], signed]))
    assert result.people == 7
    assert set(result.findings.filter(row=5)["code"]) >= {"nik.missing", "name.missing"}


def test_an_unknown_day_of_cover_is_no_word_of_the_program(write, checked, head, people):
    register = pl.DataFrame(
        {"nik": [people[0][2]], "name": ["Asnawi"], "birth_date": ["1978-01-17"], "segment": ["PU"], "payer": ["PT X"], "since": [None]},
        schema_overrides={"since": pl.String},
    )  # fmt: skip
    found = checked(write([head, *people]), register=register).findings
    said = messages.column(found.filter(code="eligibility.already_covered"))[0]
    assert said.startswith("Sudah terlindungi")
    assert "None" not in said
