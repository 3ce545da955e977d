import polars as pl
import pytest

from lindung.identity import names


def forms(name: str | None) -> dict[str, str | None]:
    frame = pl.DataFrame({"name": [name]}, schema={"name": pl.String})
    frame = frame.with_columns(normalised=names.normalised(pl.col("name")))
    frame = frame.with_columns(sound=names.sound(pl.col("normalised")))
    return frame.with_columns(core=names.core(pl.col("sound"))).row(0, named=True)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Hj. St. Khodijah, S.Pd.I", "SITI KHODIJAH"),
        ("KH. Drs. Moch. Ridwan S.Pd.I", "MUHAMMAD RIDWAN"),
        ("H.KUSNAN", "KUSNAN"),
        ("M. ALI", "MUHAMMAD ALI"),
        ("Drs. H. M. Zaki", "MUHAMMAD ZAKI"),
        ("Siti Juma’iyah", "SITI JUMAIYAH"),
        ("Uum  Suryani , A.Md", "UUM SURYANI"),
        ("Abd. Rahman", "ABDUL RAHMAN"),
        ("Nurmala Br. Sitorus", "NURMALA SITORUS"),
        ("Dr. Ir. H. Andi, M.Sc., Ph.D", "ANDI"),
        ("Tuti S.E.", "TUTI"),
        ("Ng Lily", "NG LILY"),
        ("Uus", "UUS"),
    ],
)
def test_titles_go_and_short_forms_become_whole(written, expected):
    assert forms(written)["normalised"] == expected


@pytest.mark.parametrize("nobody", [None, "", " ", "-", ".", "tidak ada", "Belum Ada", "XXX", "H.", "12345"])
def test_nobody_has_no_name(nobody):
    assert forms(nobody) == {"name": nobody, "normalised": None, "sound": None, "core": None}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Soekarno", "Sukarno"),
        ("Djoko Tjahjono", "Joko Cahyono"),
        ("Achmad Zaenal Arifin", "Ahmad Jainal Aripin"),
        ("Chotimah", "Khotimah"),
        ("Sity Khodijah", "Siti Hodijah"),
        ("Nur Jannah Kamilah", "Nurjanah Kamila"),
        ("Abdul Rahman", "Abdurrahman"),
        ("Abdul Hakim", "Abdulhakim"),
        ("Aziz", "Azis"),
        ("Novi", "Nofi"),
        ("Muhammad Ridwan", "M. Ridwan"),
        ("Muammad Ridwan", "Moh Ridwan"),
        ("MuhammadKusnan", "Muhammad Kusnan"),
        ("Siti Rohayati", "Rohayati"),
    ],
)
def test_what_sounds_the_same_is_the_same(one, other):
    assert forms(one)["core"] == forms(other)["core"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mahmud", "Muhammad"),
        ("Siti Aminah", "Siti Aisyah"),
        ("Nur Muhammad", "Nur"),
        ("Tini", "Titin"),
        ("Muhammad", "Ahmad"),
    ],
)
def test_other_names_stay_other_names(one, other):
    assert forms(one)["core"] != forms(other)["core"]


def test_muhammad_and_siti_alone_are_names():
    assert forms("Siti")["core"] == "SITI"
    assert forms("Muhammad")["core"] == "MUHAMAD"
