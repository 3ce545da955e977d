import io
from datetime import date
from decimal import Decimal

import openpyxl
import polars as pl
import pypdfium2
import pytest

from lindung.papers import lists, tables
from lindung.papers.paper import Paper

VALUES = {
    "text": "teks",
    "number": 2,
    "rupiah": 5,
    "percent": Decimal("1.0"),
    "date": date(2019, 11, 1),
    "month": date(2019, 11, 1),
}


def rows_for(kind: str, n: int = 3) -> pl.DataFrame:
    form = lists.KINDS[kind]
    used = {name for expr in form.computed.values() for name in expr.meta.root_names()} - form.computed.keys()
    columns = {
        c.key: [VALUES[c.kind]] * n for c in form.columns if c.kind != "blank" and c.key not in form.computed
    }
    return pl.DataFrame({**{name: [3] * n for name in used}, **columns})


@pytest.mark.parametrize("kind", lists.KINDS)
def test_every_list_can_be_printed_and_saved(kind):
    table = lists.table(kind, rows_for(kind), ("Kota Contoh",), notes=("Sumber: rekaan.",))
    text = " ".join(pypdfium2.PdfDocument(tables.pdf(table))[0].get_textpage().get_text_range().split())
    assert table.title[0] in text
    assert "Sumber: rekaan." in text
    for column in table.columns:
        assert column.label.split()[0].split("/")[0] in text
    sheet = openpyxl.load_workbook(io.BytesIO(tables.xlsx([table]))).active
    heads = {cell.value for row in sheet.iter_rows(max_row=5) for cell in row}
    assert {column.head for column in table.columns} <= heads
    assert tables.csv(table).count(b"\r\n") == 4


def test_a_person_pays_and_is_paid_for_in_lines_that_add_up():
    rows = rows_for("nominative", 2).with_columns(
        jkk=pl.Series([5_532, 10_000]), jkm=pl.Series([6_915, 6_800])
    )
    table = lists.table("nominative", rows)
    assert table.rows["total"].to_list() == [5_532 + 6_915 + 20, 16_800 + 20]
    totals = dict(zip([c.key for c in table.all_columns], table.totals, strict=True))
    assert totals["total"] == sum(
        totals[k] for k in ("jkk", "jkm", "jht_employer", "jht_worker", "jp_employer", "jp_worker")
    )


def test_the_pagu_that_is_left():
    rows = pl.DataFrame(
        {"account": ["5.1.02.02.02.0006", "kosong"], "pagu": [155_000_000, 0], "change": [0, 0], "before": [76_927_200, 0],
         "month": [76_927_200, 0], "committed": [0, 0], "lasts_until": [date(2019, 12, 1), None]}
    )  # fmt: skip
    table = lists.table("budget", rows)
    assert table.rows.select("left", "percent").rows() == [(1_145_600, Decimal("99.3")), (0, None)]
    assert "99,3%" in table.texts()[0]


def test_units_and_movements_follow_from_their_counts():
    rows = rows_for("units").with_columns(
        people=pl.Series([112, 1468, 342]), registered=pl.Series([112, 412, 0])
    )
    table = lists.table("units", rows)
    assert table.rows.select("missing", "percent", "state").rows() == [
        (0, Decimal("100.0"), "seluruhnya"),
        (1056, Decimal("28.1"), "sebagian"),
        (342, Decimal("0.0"), "belum"),
    ]
    rows = pl.DataFrame(
        {
            "place": ["Setu"],
            "start": [824],
            "joined": [12],
            "died": [4],
            "moved": [3],
            "became_asn": [1],
            "other_payer": [0],
            "replaced": [4],
        }
    )
    assert lists.table("movements", rows).rows["end"].to_list() == [824]


def test_the_roster_form_keeps_sixteen_digits():
    sheet = openpyxl.load_workbook(
        io.BytesIO(tables.xlsx([lists.roster_form(["Ketua RT", "Marbot"], wage_earners=True)]))
    ).active
    heads = [cell.value for cell in sheet[1]]
    assert heads[:4] == ["No.", "NIK", "No. KK", "Nama sesuai KTP"]
    assert "Akhir kontrak" in heads
    assert {d.number_format for d in sheet.column_dimensions.values()} == {"@"}
    offered = [rule.formula1 for rule in sheet.data_validations.dataValidation]
    assert sorted(offered) == ['"Ketua RT,Marbot"', '"L,P"', '"PKWT,PKWTT"']
    tables.xlsx(
        [lists.roster_form(["x" * 100] * 3)]
    )  # more words than Excel takes in a cell: no choice offered


def test_a_page_for_every_rt_with_masked_nik():
    rows = pl.DataFrame(
        {"kelurahan": ["Setu"] * 3, "rw": ["001"] * 3, "rt": ["001", "001", "002"], "place": ["Setu, 7"] * 3, "name": ["A", "B", "C"],
         "nik": ["3674012345675021"] * 3, "written": ["31-02-1970"] * 3, "note": ["Tidak mungkin."] * 3}
    )  # fmt: skip
    paper = lists.correction_sheets(rows)
    assert isinstance(paper, Paper)
    pages = [p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(paper.pdf())]
    assert len(pages) == 2
    assert "RT 002" in pages[1]
    assert "3674 •••• •••• 5021" in pages[0]
    assert "3674012345675021" not in "".join(pages)


def test_the_checklist_shows_what_is_there():
    table = lists.ls_checklist(("Dinkes",), ("Kuitansi",))
    assert [row[2] for row in table.texts()] == ["", "ada", "", "", "", "", "", ""]
