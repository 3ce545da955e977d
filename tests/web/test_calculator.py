"""The calculator and the law's page, without an account: right questions computed, wrong ones answered beside the field."""

from __future__ import annotations

import re

import pytest

CHILDREN = {
    "birth_1": "2016-05-01",
    "level_1": "TK_SD",
    "years_1": "3",
    "birth_2": "2011-02-01",
    "level_2": "SMP",
    "years_2": "1",
}


def month(client, **asked):
    return client.get("/hitung/", {"hitung": "1", **asked}).content.decode()


def family(client, **asked):
    return client.get("/hitung/keluarga/", {"hitung": "1", **asked}).content.decode()


def beside(page: str, field: str) -> str:
    """The words under a field, or nothing."""
    found = re.search(rf'id="id_{field}-error">.*?</svg>(.*?)</p>', page)
    return found[1] if found else ""


def test_a_month_of_each_segment(client, db):
    page = month(
        client,
        segment="PU",
        programme=["JKK", "JKM", "JHT", "JP"],
        month="2026-05",
        wage="12.000.000",
        risk_class="I",
    )
    assert "Rp1.081.389" in page
    assert "PP 45/2015" in page
    page = month(
        client, segment="JAKON", programme=["JKK", "JKM"], month="2026-05", contract_value="6000000000"
    )
    assert "Rp7.550.000" in page
    assert "Belum dipastikan" in page
    page = month(
        client,
        segment="BPU",
        programme=["JKK", "JKM"],
        month="2026-05",
        wage="1000000",
        payer="self",
        sector="other",
    )
    assert "Rp8.400" in page
    page = month(
        client,
        segment="PU",
        programme="JKK",
        month="2025-05",
        wage="5000000",
        risk_class="V",
        labour_intensive="1",
    )
    assert "Rp43.500" in page


def test_a_wrong_month_is_answered_beside_its_field(client, db):
    good = {"segment": "PU", "programme": "JKK", "month": "2026-05", "wage": "5000000", "risk_class": "I"}
    assert "rupiah utuh" in beside(month(client, **{**good, "wage": "banyak"}), "wage")
    assert "Upah" in beside(month(client, **{**good, "wage": ""}), "wage")
    assert "2015" in beside(month(client, **{**good, "month": "2001-01"}), "month")
    assert "2027-03" in beside(month(client, **{**good, "programme": "JP", "month": "2027-03"}), "month")
    assert beside(month(client, **{**good, "risk_class": "IX"}), "risk_class")
    assert "paling sedikit satu program" in month(client, **{**good, "programme": []})
    assert beside(month(client, segment="JAKON", programme="JKK", month="2026-05"), "contract_value")
    page = month(client, **{**good, "wage": "banyak", "programme": []})
    assert 'aria-invalid="true"' in page
    assert "Belum ada perhitungan" in page


def test_another_segment_asks_other_fields_and_drops_what_it_lacks(client, db):
    page = client.get(
        "/hitung/", {"segment": "BPU", "programme": ["JKK", "JP"], "risk_class": "IV", "month": "2026-05"}
    ).content.decode()
    assert 'name="payer"' in page
    assert 'name="risk_class"' not in page
    assert "JP" not in re.findall(r'name="programme" value="(\w+)"', page)
    assert "wrong" not in page


def test_what_a_family_gets(client, db):
    page = family(client, date="2026-03-01", cause="work_accident", segment="BPU", wage="1000000", **CHILDREN)
    assert "Rp70.000.000" in page
    assert "60 % × 80 × Rp1.000.000 = Rp48.000.000" in page
    assert "Perkiraan menurut aturan per" in page
    assert "yang menetapkan dan membayar adalah BPJS Ketenagakerjaan" in page
    # year by year: one bar a part, one row a year, the sum of the rows is the total
    assert page.count('<rect class="k-a" x=') == 14
    assert page.count('<rect class="k-b" x=') == 8
    rows = re.findall(r'<th scope="row">(20\d\d)</th>.*?<td class="num">Rp([\d.]+)</td></tr>', page)
    assert [int(year) for year, _ in rows] == list(range(2026, 2040))
    assert sum(int(amount.replace(".", "")) for _, amount in rows) == 138_500_000
    assert "Rp138.500.000" in page


def test_both_amounts_where_the_clock_may_have_started_again(client, db):
    asked = {
        "date": "2026-03-01",
        "cause": "other",
        "segment": "BPU",
        "joined": "2026-01-05",
        "contribution_months": "40",
    }
    page = family(client, **asked, first_joined="2022-01-01")
    assert "Rp10.000.000 atau Rp42.000.000" in page
    assert "bacaan kedua" in page
    page = family(client, **{**asked, "contribution_months": "3"}, first_joined="2022-01-01")
    assert "Rp10.000.000 atau Rp42.000.000" in page
    assert "bacaan kedua" not in page
    assert "atau Rp42.000.000" not in family(client, **asked)


def test_a_wrong_family_is_answered_beside_its_field(client, db):
    page = family(
        client, date="2026-13-01", cause="work_accident", segment="BPU", wage="x", birth_1="2016-05-01"
    )
    assert "2026-13-01" in beside(page, "date")
    assert beside(page, "wage")
    assert beside(page, "level_1")
    assert beside(page, "years_1")
    good = {
        "date": "2026-03-01",
        "cause": "other",
        "segment": "BPU",
        "joined": "2020-01-01",
        "contribution_months": "40",
    }
    assert "sesudah" in beside(family(client, **{**good, "joined": "2026-04-01"}), "joined")
    assert beside(family(client, **{**good, "contribution_months": ""}), "contribution_months")
    assert beside(family(client, **{**good, "contribution_months": "-1"}), "contribution_months")
    assert beside(family(client, **{**good, "cause": "bosan"}), "cause")
    assert beside(family(client, **{**good, "date": "2014-01-01", "joined": "2013-01-01"}), "date")
    assert "Rp42.000.000" in family(client, **good)


def test_both_calculators_in_english(client, db):
    client.post("/bahasa/", {"language": "en", "next": "/hitung/"})
    page = family(client, date="2026-03-01", cause="work_accident", segment="BPU", wage="1000000", **CHILDREN)
    assert "What a family gets" in page
    assert "BPJS Ketenagakerjaan is who determines and pays" in page
    assert "Senior high" in page
    assert "Contract value" in month(client, segment="JAKON", programme="JKK", month="2026-05")


def test_the_law_by_day_topic_and_doubt(client, db):
    page = client.get("/hukum/", {"per": "2019-11-01", "topik": "benefit"}).content.decode()
    assert "Rp16.200.000" in page  # the death grant before December 2019
    assert 'id="contribution.jkk_pu"' not in page
    page = client.get("/hukum/", {"per": "2026-05-01", "belum_pasti": "1"}).content.decode()
    assert 'id="contribution.jakon_layer"' in page
    assert 'id="contribution.jkk_pu"' not in page
    page = client.get("/hukum/", {"per": "2026-05-01"}).content.decode()
    assert "PP 50/2025" in page.split('id="peraturan"')[1]
    assert "2026-02-30" in beside(client.get("/hukum/", {"per": "2026-02-30"}).content.decode(), "per")


@pytest.mark.slow
def test_a_phone_computes_a_family_without_an_account(visit, db):
    page = visit(None, "/hitung/keluarga/", 390, 844)
    page.fill("input[name=date]", "2026-03-01")
    page.select_option("select[name=cause]", "work_accident")
    page.fill("input[name=wage]", "1000000")
    page.fill("input[name=birth_1]", "2016-05-01")
    page.select_option("select[name=level_1]", "TK_SD")
    page.fill("input[name=years_1]", "3")
    page.click("main form.box button")
    page.wait_for_selector("#beasiswa svg")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert "Rp70.000.000" in page.inner_text("#hasil")


def duties(client, **asked):
    return client.get("/hitung/kewajiban/", {"hitung": "1", "on": "2026-05-04", **asked}).content.decode()


def test_duties_by_size_and_where_sources_disagree(client, db):
    page = duties(client, employer="private", capital="1.000.000.000")
    assert "<b>JKK, JKM</b>" in page
    assert "<b>JKK, JKM, JHT</b>" in duties(client, employer="private", capital="1000000001")
    assert "<b>JKK, JKM, JHT, JP</b>" in duties(client, employer="private", yearly_sales="16000000000")
    page = duties(client, employer="state", non_asn_jht="off")
    assert "<b>JKK, JKM</b>" in page
    assert "Sumber berbeda pendapat tentang JHT" in page
    assert "5,7" in page
    assert "<b>JKK, JKM, JHT</b>" in duties(client, employer="state", non_asn_jht="compulsory")
    assert "berbeda pendapat" not in duties(client, employer="self")


def test_the_steps_of_a_sanction_have_their_days(client, db):
    page = duties(
        client, employer="private", scale="medium", warned_on="2026-05-04", contribution="10.000.000"
    )
    steps = page.split('id="sanksi"')[1]
    assert "Denda Rp10.000 sebulan" in steps
    assert [d for d in ("18 Mei 2026", "1 Jun 2026", "1 Jul 2026", "2 Jul 2026") if d not in steps] == []
    assert "izin mengikuti tender proyek" in page


def test_a_wrong_duty_is_answered_beside_its_field(client, db):
    assert beside(duties(client, employer="private"), "capital")
    assert beside(duties(client, employer="private", scale="huge"), "scale")
    assert beside(duties(client, employer="private", scale="micro", warned_on="2026-05-04"), "contribution")
    assert "2026-31-01" in beside(duties(client, employer="self", on="2026-31-01"), "on")
    assert beside(duties(client, employer="self", on="2016-01-01"), "on")
    assert "wrong" in duties(client, employer="king")
