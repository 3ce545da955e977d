"""The arithmetic of every benefit in sentences: the numbers multiplied, the cap or floor, the result."""

from __future__ import annotations

from datetime import date

import pytest

from lindung.law import explain, kinds

DAY = "2026-03-01"
TOLD = [
    ("death", {"date": DAY, "cause": "work_accident", "segment": "BPU", "wage": 1_150_000},
     ["60 % × 80 × Rp1.200.000 = Rp57.600.000.", "Tidak kurang dari santunan kematian Rp20.000.000: Rp57.600.000.",
      "Rp57.600.000 + Rp12.000.000 + Rp10.000.000 = Rp79.600.000."]),
    ("death", {"date": DAY, "cause": "work_accident", "segment": "PU", "wage": 100_000},
     ["60 % × 80 × Rp100.000 = Rp4.800.000.", "Tidak kurang dari santunan kematian Rp20.000.000: Rp20.000.000."]),
    ("death", {"date": DAY, "cause": "other", "segment": "BPU", "joined": "2026-01-05", "contribution_months": 2},
     ["Terlindungi sejak 05-01-2026, belum 3 bulan: hanya biaya pemakaman yang dibayar."]),
    ("temporary_disability", {"date": DAY, "segment": "PU", "wage": 3_000_001, "months": 13},
     ["Bulan 1 sampai 12: masing-masing Rp3.000.001.", "Bulan 13 sampai 13: masing-masing Rp1.500.001.", "Jumlah: Rp37.500.013."]),
    ("permanent_disability", {"date": DAY, "segment": "PU", "wage": 3_000_000, "type": "total"},
     ["70 % × 80 × Rp3.000.000 = Rp168.000.000.", "Rp168.000.000 + Rp12.000.000 = Rp180.000.000."]),
    ("permanent_disability", {"date": DAY, "segment": "PU", "wage": 3_000_000, "type": "functional", "table_percent": 40,
                              "function_loss_percent": 50},
     ["50 % (fungsi yang hilang) × 40 % (tabel) × 80 × Rp3.000.000 = Rp48.000.000."]),
    ("pension", {"date": DAY, "contribution_months": 240, "average_monthly_wage": 1_000_000},
     ["1 % × 240 bulan / 12 × Rp1.000.000 = Rp200.000 sebulan.",
      "Tidak kurang dari Rp411.400 dan tidak lebih dari Rp4.932.300: Rp411.400 sebulan."]),
    ("pension", {"date": DAY, "contribution_months": 179, "average_monthly_wage": 1_000_000},
     ["179 dari 180 bulan yang diperlukan: iuran dan hasil pengembangannya dibayar sekaligus."]),
    ("survivors", {"date": DAY, "contribution_months": 24, "average_monthly_wage": 10_000_000, "heir": "parent", "density_percent": 80},
     ["1 % × 180 bulan / 12 × Rp10.000.000 = Rp1.500.000 sebulan.", "Ahli waris menerima 20 % dari itu: Rp300.000 sebulan."]),
    ("survivors", {"date": DAY, "contribution_months": 11, "average_monthly_wage": 1, "heir": "child", "density_percent": 100},
     ["Kurang dari 12 bulan, atau kurang dari 80 % bulannya dibayar: iuran dan hasil pengembangannya dibayar sekaligus."]),
    ("late_penalty", {"segment": "PU", "month": "2025-01", "contribution": 1_000_000, "paid_on": "2025-04-18"},
     ["Jatuh tempo 17-02-2025, dibayar 18-04-2025: terlambat 3 bulan.", "Dari Rp1.000.000, selama 3 bulan: Rp60.000."]),
    ("scholarship", {"date": DAY, "cause": "work_accident", "children": [
        {"birth_date": "2010-02-03", "level": "SMP", "years_left_in_level": 2}]},
     ["Anak 1, paling banyak yang masih dapat dibayar: Rp37.000.000."]),
    ("scholarship", {"date": DAY, "cause": "work_accident", "children": []}, ["Tidak ada anak yang berhak pada hari itu."]),
    ("job_loss", {"date": "2025-02-06", "wage": 9_000_000, "months_of_24": 12, "consecutive_months": 6},
     ["Dari upah Rp9.000.000, yang dihitung Rp5.000.000.", "Bulan 1 sampai 3: masing-masing Rp2.250.000.",
      "Bulan 4 sampai 6: masing-masing Rp1.250.000.", "Jumlah: Rp10.500.000."]),
    ("job_loss", {"date": DAY, "wage": 1, "months_of_24": 11},
     ["Masa iurnya kurang: 11 dari 12 bulan dalam 24 bulan terakhir, atau bulan-bulan sebelum PHK terputus."]),
    ("transport", {"date": DAY, "modes": ["land", "sea"], "cost": 9_000_000}, ["Dari Rp9.000.000, paling banyak Rp7.000.000: Rp7.000.000."]),
    ("savings_claim", {"date": DAY, "reason": "partial_housing", "balance": 10_000_000, "joined": "2016-03-01"},
     ["30 % dari Rp10.000.000 = Rp3.000.000."]),
    ("savings_claim", {"date": DAY, "reason": "resignation", "balance": 60_000_000},
     ["Pajak 5 % dari bagian di atas Rp50.000.000: Rp500.000; tersisa Rp59.500.000."]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "given", "said"), TOLD, ids=lambda v: v if isinstance(v, str) else "")
def test_the_arithmetic_is_told(kind, given, said):
    steps = explain.benefit(kind, given, on=date(2026, 11, 23), lang="id").steps
    assert [step for step in steps if step in said] == said
    in_english = explain.benefit(kind, given, on=date(2026, 11, 23), lang="en").steps
    assert len(in_english) == len(steps)
    assert not set(said) & set(in_english) or all("=" in s for s in set(said) & set(in_english))


def test_every_kind_with_money_tells_its_arithmetic():
    assert {kind for kind, _, _ in TOLD} == set(kinds.ALL) - {"pension_age"}


def test_words_of_the_law_speak_the_reader_s_language():
    from lindung import law

    for parameter in law.current().parameters.values():
        for block in parameter.blocks:
            if block.value is None or parameter.unit != "text":
                continue
            assert explain.value_text(parameter, block, "id") == block.value["id"]
            assert explain.value_text(parameter, block, "en") == block.value["en"]
