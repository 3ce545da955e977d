import io
from datetime import UTC, date, datetime

import docx
import polars as pl
import pypdfium2
import pytest

from lindung.base.refused import Refused
from lindung.papers import letters
from lindung.papers.paper import Letterhead, Printed, Signatory

ENVELOPE = letters.Envelope(
    Letterhead("Pemerintah Kota Contoh", "Dinas Ketenagakerjaan"),
    Signatory("Budi Contoh", "Kepala Dinas Ketenagakerjaan", "197001011990031001", acting="Plt."),
    "Contoh",
    ("Lurah se-Kota Contoh", "di Tempat"),
    "560/12",
    date(2019, 9, 3),
    copies=("Sekretaris Daerah",),
    printed=Printed(datetime(2019, 9, 3, tzinfo=UTC), "Rahmawati", "Kota Contoh"),
)
TEAM = [Signatory(f"Anggota {i}", "Disdukcapil", "1970") for i in range(3)]


def text_of(paper) -> str:
    pages = pypdfium2.PdfDocument(paper.pdf())
    assert paper.docx().startswith(b"PK")
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)


def has(text: str, *sentences: str) -> None:
    assert [s for s in sentences if s not in text] == []


def test_a_request_for_data_names_quotas_and_deadline():
    quotas = pl.DataFrame({"category": ["Ketua RT", "Marbot"], "quota": [3844, 450]})
    paper = letters.request_for_data(ENVELOPE, quotas, document="Perwal 25/2019", deadline=date(2019, 9, 30))
    has(text_of(paper), "Nomor : 560/12", "Yth. Lurah se-Kota Contoh", "3.844", "4.294", "paling lambat 30 September 2019",
        "Plt. Kepala Dinas Ketenagakerjaan,", "NIP 197001011990031001", "Tembusan", "1 dari 1")  # fmt: skip


def test_a_unit_answers_for_whom_it_proposes():
    rows = pl.DataFrame({"category": ["Ketua RT"], "quota": [10], "proposed": [9], "complete": [7]})
    text = text_of(letters.cover_and_responsibility(ENVELOPE, rows, request="surat Nomor 1"))
    has(
        text,
        "SURAT PERNYATAAN TANGGUNG JAWAB MUTLAK",
        "1. 9 (sembilan) orang yang kami usulkan benar ada",
        "Belum 1 Ketua RT 10 9 7 2",
    )


def verified(**other) -> pl.DataFrame:
    counts = {c.key: [1, 2] for c in letters.VERIFIED if c.key != "place"}
    return pl.DataFrame({"place": ["Setu", "Muncul"], **counts, "proposed": [9, 18], **other})


def test_minutes_of_the_verification_add_up_and_are_signed_by_the_team():
    paper = letters.verification_minutes(
        ENVELOPE, verified(), TEAM, document="Perwal 25/2019", checks=("Disdukcapil 1 Oktober 2019",)
    )
    has(text_of(paper), "Pada hari ini Selasa tanggal 3 September 2019", "27 (dua puluh tujuh) usulan", "3 (tiga) orang memenuhi syarat",
        "Disdukcapil 1 Oktober 2019", "Anggota 0", "Anggota 2")  # fmt: skip
    words = docx.Document(io.BytesIO(paper.docx()))
    assert any("Anggota 2" in cell.text for t in words.tables for row in t.rows for cell in row.cells)
    with pytest.raises(Refused) as refused:
        letters.verification_minutes(ENVELOPE, verified(proposed=[9, 17]), TEAM, document="x")
    assert refused.value.code == "papers.does_not_add_up"
    assert refused.value.sentence("en").startswith("Muncul:")


def test_minutes_of_changes():
    changes = pl.DataFrame(
        {"place": ["Setu"], "category": ["Ketua RT"], "old_name": ["A"], "old_nik": ["1"], "new_name": ["B"], "new_nik": ["2"],
         "reason": ["Meninggal"], "since": [date(2019, 12, 1)], "basis": ["Akta"]}
    )  # fmt: skip
    paper = letters.changes_minutes(
        ENVELOPE, changes, TEAM, decree="Keputusan Nomor 1", month=date(2019, 12, 1)
    )
    has(
        text_of(paper),
        "BULAN DESEMBER 2019",
        "1 (satu) perubahan data",
        "Keputusan Nomor 1",
        "Meninggal 01-12-2019 Akta",
    )


def test_a_memo_has_basis_result_budget_and_advice():
    paper = letters.memo(
        ENVELOPE, [["Perwal."], ["12 layak.", "3 kembali."], ["Rp1."], ["Tanda tangani."]], sender="Kadis"
    )
    has(
        text_of(paper),
        "NOTA DINAS",
        "Hasil verifikasi : 1. 12 layak. 2. 3 kembali.",
        "Saran : Tanda tangani.",
    )


@pytest.mark.parametrize(
    ("valid", "sums"), [([None, None], "Jumlah 12.946"), ([9900, 2911], "Jumlah 12.946 12.811 135")]
)
def test_the_letter_to_bpjs_counts_rows_and_answers(valid, sums):
    files = pl.DataFrame(
        {"file": ["BPU.xlsx, bagian 1", "BPU.xlsx, bagian 2"], "rows": [10_000, 2_946], "valid": valid,
         "rejected": [100, 35] if valid[0] else [None, None]},
        schema={"file": pl.String, "rows": pl.Int64, "valid": pl.Int64, "rejected": pl.Int64},
    )  # fmt: skip
    paper = letters.bpjs_cover(
        ENVELOPE,
        files,
        document="Keputusan 1",
        payer="Dinkes",
        period="November 2019",
        programmes=("JKK", "JKM"),
    )
    has(text_of(paper), sums, "penanggung iuran Dinkes untuk masa November 2019 pada program JKK, JKM")


def test_without_number_and_day_their_place_stays_open():
    envelope = letters.Envelope(Letterhead("Kota"), Signatory("A", "B"), "Contoh")
    text = text_of(
        letters.request_for_data(
            envelope, pl.DataFrame({"category": ["X"], "quota": [1]}), document="P", deadline=date(2019, 1, 1)
        )
    )
    has(text, "Nomor : …………………", "Contoh, …………………")
