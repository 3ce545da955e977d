from __future__ import annotations

from lindung import schemes


def differences(scheme: str, computed: dict) -> dict:
    return schemes.differences(schemes.builtin()[scheme], computed)


def test_the_parts_of_tangsel_do_not_add_up_to_its_total():
    targets = {f"category.{c.id}": c.target for c in schemes.builtin()["tangsel-2019"].categories}
    told = differences(
        "tangsel-2019", {"total": 12_946, "covered": 12_946, "outside": 0, "units": 3, **targets}
    )
    assert told["reported"].keys() == told["computed"].keys()
    assert "units" not in told["reported"]
    [gap] = told["differences"]
    assert (gap["key"], gap["reported"], gap["computed"], gap["difference"]) == ("total", 12_928, 12_946, 18)
    assert "12.946" in gap["why"]


def test_cirebon_says_two_totals_in_one_speech():
    told = differences(
        "cirebon-2022", {"total": 3600, "covered": 1100, "outside": 2500, "category.non_asn_staff": 3600}
    )
    assert told["reported"]["total_about"] == told["computed"]["total_about"] == 3600
    [gap] = told["differences"]
    assert (gap["reported"], gap["computed"], gap["difference"]) == (3500, 3600, 100)
    assert "2.500" in gap["why"]


def test_pangkalpinang_counts_those_covered():
    told = differences("pangkalpinang-2024", {"total": 4606, "covered": 4120, "outside": 486})
    assert [(d["key"], d["difference"]) for d in told["differences"]] == [("total", 486)]
    assert "486" in told["differences"][0]["why"]


def test_serang_and_tangerang_agree_where_something_is_told():
    serang = differences(
        "serang-2019", {"total": 3860, "units": 6, "companies": 413, "company_workers": 10_900}
    )
    assert serang["differences"] == []
    assert serang["reported"]["total"] is None
    assert serang["computed"]["covered"] is None
    assert differences("tangerang-2022", {"total": 19_000})["differences"][0]["difference"] == -1000
