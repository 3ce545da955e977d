"""Lists put together in ways of their own: ticks, dates in three columns, several tables on one sheet, headings between rows."""

from __future__ import annotations

from datetime import date


def test_sex_ticked_in_two_columns(write, checked, people):
    for tick in ("√", "v", "1", "X"):
        rows = [["NO", "NAMA", "NIK", "JENIS KELAMIN", None, "JABATAN"], [None, None, None, "L", "P", None]]
        rows += [
            [n, name, nik, tick if sex == "L" else None, tick if sex == "P" else "-", job]
            for n, name, nik, _, sex, _, job, _ in people
        ]
        result = checked(write(rows, "ticks.xlsx"))
        assert result.rows["sex"].to_list() == ["L", "P", "L", "P", "L", "L"], tick
        assert result.findings.is_empty()
        rows[4][3], rows[4][4] = None, tick  # Budi ticked as a woman
        assert checked(write(rows, "ticks.xlsx")).findings["code"].to_list() == ["nik.sex_differs"]


def test_birth_date_in_three_columns(write, checked, people):
    months = [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ]
    rows = [["No", "Nama", "NIK", "Tgl", "Bln", "Thn", "Jabatan"]]
    for n, (number, name, nik, born, _, _, job, _) in enumerate(people):
        day, month, year = born.split("-")
        rows.append(
            [number, name, nik, int(day), months[int(month) - 1] if n % 2 else int(month), int(year), job]
        )
    result = checked(write(rows, "three.xlsx"))
    assert result.mapping["birth_date"] == "Tgl"
    assert result.rows["birth_date"][0] == date(1978, 1, 17)
    assert result.findings.is_empty()
    rows[0][3:6] = ["Tgl mulai kerja", "Bln", "Thn"]
    assert "birth_date" not in checked(write(rows, "work.xlsx")).mapping


def test_two_tables_with_their_columns_in_another_order(write, checked, people):
    rows = [["A. LAKI-LAKI"], ["No", "Nama", "NIK", "Tgl Lahir", "Jabatan", "No HP"]]
    rows += [[n, name, nik, born, job, phone] for n, name, nik, born, _, _, job, phone in people[:3]]
    rows += [[], ["B. LAINNYA"], ["No", "NIK", "Nama", "Jabatan", "No HP", "Tgl Lahir"]]
    rows += [[n, nik, name, job, phone, born] for n, name, nik, born, _, _, job, phone in people[3:]]
    result = checked(write(rows, "two.xlsx"))
    assert result.rows["nik"].to_list() == [row[2] for row in people]
    assert result.rows["row"].to_list() == [3, 4, 5, 9, 10, 11]
    assert result.findings.is_empty()


def test_headings_between_the_rows_name_the_category(write, checked, people):
    rows = [["DAFTAR PESERTA"], ["No", "Nama", "NIK", "Tgl Lahir"], ["A. KETUA RT"]]
    rows += [row[:4] for row in people[:3]]
    rows += [[None, "Jumlah Ketua RT", 3], ["II. KETUA RW"], *(row[:4] for row in people[3:])]
    found = checked(write(rows, "bands.xlsx")).rows["category"].to_list()
    assert found == ["rt_head"] * 3 + ["rw_head"] * 3


def test_a_header_that_says_nothing_over_a_column_of_categories(write, checked, head, people):
    head[6] = "Uraian"
    result = checked(write([head, *people]))
    assert result.mapping["category"] == "Uraian"
    assert result.findings.is_empty()


def test_a_label_before_the_nik(write, checked, head, people):
    people[0][2] = "NIK. " + people[0][2]
    people[1][2] = "No. KTP: " + people[1][2]
    assert checked(write([head, *people])).findings.is_empty()
