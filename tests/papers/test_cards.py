from datetime import date

import polars as pl
import pypdfium2
import pytest
import zxingcpp

from lindung.base.refused import Refused
from lindung.papers import cards, qr

ISSUER = cards.Issuer(
    "Pemerintah Kota Contoh", "contoh-2019", "Perwal 25/2019", "https://lindung.contoh.go.id/"
)
KEY = bytes(range(32))
KEYS = {qr.key_id(qr.public_key(KEY)): qr.public_key(KEY)}


def people(n: int = 13) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "serial": [f"T{i:04d}" for i in range(n)],
            "name": ["SITI MAESAROH", "MUHAMMAD ABDURRAHMAN WAHYU KUSUMANINGRAT SASTRODIHARJO"] * (n // 2)
            + ["BUDI"] * (n % 2),
            "kpj": [f"25000{i:06d}" for i in range(n)],
            "category": ["Guru mengaji"] * n,
            "kelurahan": ["Setu", "Muncul"] * (n // 2) + ["Muncul"] * (n % 2),
            "rw": [str(n - i) for i in range(n)],
            "rt": ["003"] * n,
            "programmes": [["JKK", "JKM"]] * n,
            "first": [date(2019, 11, 1)] * n,
            "until": [date(2019, 12, 31)] * n,
        }
    )


def test_the_code_on_a_printed_card_is_read_back_and_verified():
    document = pypdfium2.PdfDocument(cards.pdf(people(), ISSUER, KEY))
    assert len(document) == 4
    found = []
    for page in (0, 2):
        image = document[page].render(scale=300 / 72).to_pil()
        found += [barcode.text for barcode in zxingcpp.read_barcodes(image)]
    assert len(found) == 13
    claims = {(claim := qr.verify(text, KEYS)).serial: claim for text in found}
    assert claims["T0000"] == qr.Claim(
        "T0000", "S.M.", "0000", "contoh-2019", date(2019, 11, 1), date(2019, 12, 31), ("JKK", "JKM")
    )
    assert claims["T0001"].initials == "M.A.W.K.S."
    assert all(text.startswith("https://lindung.contoh.go.id/k#v1.") for text in found)


def test_cards_go_by_kelurahan_rw_and_say_what_they_are_not():
    document = pypdfium2.PdfDocument(cards.pdf(people(), ISSUER, KEY))
    fronts = [" ".join(document[i].get_textpage().get_text_range().split()) for i in (0, 2)]
    assert "Muncul, RT 003/RW 001 – Setu, RT 003/RW 007 lembar 1 dari 2" in fronts[0]
    text = " ".join(fronts)
    assert text.count("Bukan pengganti Kartu Peserta BPJS Ketenagakerjaan") == 13
    assert text.count("Diterbitkan untuk 1 November 2019 – 31 Desember 2019") == 13
    assert "25 000 000 012" in text
    back = document[3].get_textpage().get_text_range()
    assert back.count("Meninggal dunia:") == 3
    assert all(abs(a - b) < 0.1 for a, b in zip(document[0].get_size(), (595.28, 841.89), strict=True))


def test_no_card_without_a_kpj():
    with pytest.raises(Refused) as refused:
        cards.pdf(people().with_columns(kpj=pl.lit(None, pl.String)), ISSUER, KEY)
    assert refused.value.code == "card.no_kpj"
    with pytest.raises(Refused) as refused:
        cards.pdf(people().clear(), ISSUER, KEY)
    assert refused.value.code == "papers.nobody"


def test_progress_is_told(monkeypatch):
    monkeypatch.setattr(cards, "BATCH", 10)
    told = []
    cards.pdf(people(), ISSUER, KEY, progress=lambda done, whole: told.append((done, whole)))
    assert told == [(10, 13), (13, 13)]


def test_two_processes_give_the_same_cards(monkeypatch):
    monkeypatch.setattr(cards, "BATCH", 10)
    alone = cards.pdf(people(), ISSUER, KEY)
    monkeypatch.setattr(cards, "MANY", 0)
    assert cards.pdf(people(), ISSUER, KEY, processes=2) == alone


CLAIM = qr.Claim("T1", "S.M.", "2345", "tangsel-2019", date(2019, 11, 1), None, ("JKK", "JKM"))


def test_a_code_says_no_more_than_the_card_and_cannot_be_changed():
    text = qr.sign(CLAIM, KEY, "https://x.go.id")
    assert qr.verify(text, KEYS) == CLAIM
    head, _, signature = text.rpartition(".")
    other = qr.sign(qr.Claim("T2", *list(vars(CLAIM).values())[1:]), KEY, "https://x.go.id")
    for forged in (f"{other.rpartition('.')[0]}.{signature}", f"{head}.{signature[:-4]}AAAA", f"{head}.!"):
        with pytest.raises(Refused) as refused:
            qr.verify(forged, KEYS)
        assert refused.value.code == "card.forged"
    with pytest.raises(Refused) as refused:
        qr.verify(qr.sign(CLAIM, qr.new_key(), "https://x.go.id"), KEYS)
    assert refused.value.code == "card.unknown_key"
    for nothing in ("", "https://x.go.id/k#v2.a.b.c", "3674030302701001"):
        with pytest.raises(Refused) as refused:
            qr.verify(nothing, KEYS)
        assert refused.value.code == "card.unreadable"


def test_browser_keys():
    [key] = qr.web_keys(KEYS)
    assert key["kid"] == next(iter(KEYS))
    assert (key["kty"], key["crv"]) == ("OKP", "Ed25519")
