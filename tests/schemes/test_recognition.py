from __future__ import annotations

import json
import os
from pathlib import Path

import polars as pl
import pytest

from lindung import schemes
from lindung.schemes.words import plain, plain_text

SHARED = Path(os.environ.get("LINDUNG_SHARED", Path(__file__).parents[3] / "shared" / "rosters"))


def meant(scheme: str, *texts: str | None) -> list[str | None]:
    return schemes.recognise(
        schemes.builtin()[scheme], pl.Series("category", texts, dtype=pl.String)
    ).to_list()


def test_spellings_of_offices():
    assert meant("tangsel-2019", "Ketua RT 003/005", "Ket. RT 003", "KETUA  RW", "rw 05") == [
        "rt_head",
        "rt_head",
        "rw_head",
        "rw_head",
    ]
    assert meant("tangsel-2019", "Marbot Masjid Al Ikhlas", "MERBOT", "Pemandi Jenasah") == [
        "mosque_keeper",
        "mosque_keeper",
        "funeral_carer",
    ]
    assert meant("tangsel-2019", "Kadr Posyandu", "Guru Ngaji TPQ An Nur") == [
        "health_volunteer",
        "quran_teacher",
    ]
    assert meant("tangerang-2022", "pekerja rentan (BPU)", "Pek. Rentan") == ["vulnerable_worker"] * 2
    assert meant("pangkalpinang-2024", "Pasukan Kuning", "Non ASN") == ["cleaner", "non_asn_staff"]


def test_others_are_nobody_of_the_scheme():
    others = [
        "Sekretaris RT",
        "Bendahara RW",
        "Wakil Ketua RT",
        "Ketua Karang Taruna",
        "PNS",
        "Penggali kubur",
        "",
        "-",
        "3",
        None,
    ]
    assert meant("tangsel-2019", *others) == [None] * len(others)
    assert meant("serang-2019", "PNS", "CPNS", "PPPK", "Pensiunan") == [None] * 4


@pytest.mark.skipif(not SHARED.is_dir(), reason="the sample rosters are not there")
def test_every_spelling_of_the_sample_rosters():
    for scheme_id, told in json.loads((SHARED / "categories.json").read_text(encoding="utf-8")).items():
        scheme = schemes.builtin()[scheme_id]
        ids = {category.label["id"]: category.id for category in scheme.categories}
        for label, spellings in told["categories"].items():
            assert set(meant(scheme_id, *spellings)) == {ids[label]}
        assert set(meant(scheme_id, *told["not_in_scheme"])) == {None}


def test_one_text_and_a_column_become_the_same_words():
    texts = [
        "Ketua RT 003/005",
        "pekerja rentan (BPU)",
        "Guru Qur’an",
        "Penata_Muda",
        "ÉLÈVE №5",
        "",
        "  a--b  ",
    ]
    column = pl.DataFrame({"t": texts}).select(plain(pl.col("t"))).to_series().to_list()
    assert column == [plain_text(text) for text in texts]
