import polars as pl
import pytest

from lindung.intake import clean, places


def phone(text):
    number, wrong = clean.phones(pl.Series([text], dtype=pl.String))
    return number[0], wrong[0]


@pytest.mark.parametrize(
    "text",
    [
        "081300005001", "81300005001", "6281300005001", "+6281300005001", "0813-0000-5001", "0813 0000 5001", "0813.0000.5001",
        "(0813) 00005001", "+62 813-0000-5001", "'081300005001", "HP 081300005001", "081300005001 / 085700001111", "081300005001\u00a0",
        "WA: 0813 0000 5001",
    ],
)  # fmt: skip
def test_phones(text):
    assert phone(text) == ("+6281300005001", False)


@pytest.mark.parametrize(
    "text",
    [None, "", "-", " - ", "tidak ada", "Tdk ada", "TIDAK PUNYA", "belum ada", "kosong", "tidak punya hp"],
)
def test_no_phone_is_no_fault(text):
    assert phone(text) == (None, False)


@pytest.mark.parametrize(
    "text",
    ["0812", "0812-00", "0812xxxx567", "0813-00??-4567", "8,13E+11", "08120012345678901", "menyusul", "0"],
)
def test_what_is_no_phone(text):
    assert phone(text) == (None, True)


def test_landline():
    assert phone("021-7412345") == ("+62217412345", False)


@pytest.mark.parametrize(
    ("text", "rupiah"),
    [
        ("2500000", 2_500_000), ("2.500.000", 2_500_000), ("2,500,000", 2_500_000), ("Rp 2.500.000,-", 2_500_000), ("Rp2.500.000,00", 2_500_000),
        ("Rp. 850.000", 850_000), ("2,5 jt", 2_500_000), ("2.5 juta", 2_500_000), ("0,95 jt", 950_000), ("1,7jt", 1_700_000), ("3 juta", 3_000_000),
        ("850 rb", 850_000), ("850 ribu", 850_000), ("2 jt 500 rb", 2_500_000), ("2500000.0", 2_500_000), ("Rp 1.500.000/bulan", 1_500_000),
        ("IDR 1.500.000", 1_500_000), ("dua juta lima ratus ribu", 2_500_000), ("Sejuta", 1_000_000), ("seratus lima puluh ribu rupiah", 150_000),
        ("satu setengah juta", 1_500_000), ("sembilan ratus sebelas ribu", 911_000), ("2.750.000,-", 2_750_000), ("1.250 juta", 1_250_000),
    ],
)  # fmt: skip
def test_money(text, rupiah):
    assert clean.money(text) == rupiah


@pytest.mark.parametrize(
    "text",
    ["Rp", "UMK", "harian", "sesuai SK", "??", "1,5 jt - 2 jt", "menyesuaikan", "12.34.56", "2.50.000"],
)
def test_what_is_no_money(text):
    assert clean.money(text) is None


def test_wages_blank_is_no_fault():
    amounts, wrong = clean.wages(pl.Series(["-", None, "1000000", "UMK", "tidak ada"]))
    assert amounts.to_list() == [None, None, 1_000_000, None, None]
    assert wrong.to_list() == [False, False, False, True, False]


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("L", "L"), ("l ", "L"), ("Laki-laki", "L"), ("Laki - Laki", "L"), ("LK", "L"), ("laki2", "L"), ("Pria", "L"), ("1", "L"), ("M", "L"),
        ("P", "P"), ("p", "P"), ("Perempuan", "P"), ("PR", "P"), ("Wanita", "P"), ("2", "P"), ("W", "P"), ("?", None), ("ada", None),
    ],
)  # fmt: skip
def test_sex(text, sex):
    assert clean.sexes(pl.Series([text]), pl.Series([None], dtype=pl.String))[0] == sex


def test_sex_in_figures_as_the_header_says():
    assert not clean.says_one_is_woman("JENIS KELAMIN (1=L, 2=P)")
    assert clean.says_one_is_woman("JK (1 = P, 2 = L)")
    assert clean.says_one_is_woman("Kelamin (P=1/L=2)")
    turned = clean.sexes(pl.Series(["1", "2", "L"]), pl.Series(["true"] * 3))
    assert turned.to_list() == ["P", "L", "L"]


def test_rt_and_rw():
    rt, rw = clean.rt_and_rw(
        pl.Series(["004/014", "RT 004 RW 014", "RT.4/RW.14", "RW 14/RT 4", "5", "RW 3", "-", None])
    )
    assert rt.to_list() == [4, 4, 4, 4, 5, None, None, None]
    assert rw.to_list() == [14, 14, 14, 14, None, 3, None, None]
    assert clean.small_numbers(pl.Series(["003", "RT 03", "-", "3", None])).to_list() == [3, 3, None, 3, None]


@pytest.mark.parametrize(
    ("typed", "official"),
    [
        ("PD. BETUNG", "Pondok Betung"), ("Kel. Pondok Betung", "Pondok Betung"), ("JR.MANGU BARAT", "Jurangmangu Barat"),
        ("Jurang Mangu Barat", "Jurangmangu Barat"), ("PARIGI", "Parigi"), ("Pondk Betung", "Pondok Betung"), ("Bandung", None), ("x", None),
    ],
)  # fmt: skip
def test_kelurahan_of_the_locality(typed, official):
    place = places.kelurahan("36.74", typed)
    assert (place.name if place else None) == official


def test_kelurahan_in_a_title():
    for title in (
        "KELURAHAN PONDOK BETUNG KECAMATAN PONDOK AREN",
        "Daftar RT Kel. Pd. Betung, Kec. Pondok Aren",
        "KELURAHAN : PONDOK BETUNG",
    ):
        assert places.in_title("36.74", title).code == "36.74.03.1001"
    assert places.in_title("36.74", "KECAMATAN PONDOK AREN") is None
    assert places.district_in_title("36.74", "UPT PUSKESMAS KECAMATAN CIPUTAT TIMUR").name == "Ciputat Timur"
