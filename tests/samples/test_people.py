from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from lindung.identity import nik
from lindung.samples.dice import Dice
from lindung.samples.people import kelurahan, people

ON = date(2022, 8, 31)


def made(count: int = 3000, seed: int = 5, locality: str = "36.71", **more) -> pl.DataFrame:
    return people(pl.DataFrame({"n": range(count)}), locality=locality, seed=seed, on=ON, **more)


def test_the_same_seed_gives_the_same_people_and_another_seed_others():
    assert made().equals(made())
    assert made()["nik"].to_list() != made(seed=6)["nik"].to_list()


@pytest.mark.parametrize("locality", ["36.74", "36.73", "32.74", "36.71", "19.71"])
def test_a_nik_says_what_the_person_is_and_belongs_to_nobody(locality):
    people_ = nik.facts(made(locality=locality), on=ON)
    assert people_["nik"].n_unique() == people_.height
    assert people_["nik_region_known"].all()
    assert not people_["nik_suspicious"].any()
    assert (people_["nik_birth_date"] == people_["birth_date"]).all()
    assert (people_["nik_sex"] == people_["sex"]).all()
    assert people_["nik"].str.slice(12).cast(pl.Int64).is_between(5001, 9999).all()
    assert people_["phone"].str.contains(r"^08\d\d00\d{6}$").all()
    assert set(people_["kelurahan_code"]) <= set(kelurahan(locality)["kelurahan_code"])


def test_ages_homes_and_serials_can_be_asked_for():
    homes = pl.DataFrame(
        {
            "kelurahan_code": ["36.71.01.1001"] * 400,
            "ages_from": [12] * 200 + [65] * 200,
            "ages_below": [17] * 200 + [80] * 200,
        }
    )
    found = people(homes, locality="36.71", seed=1, on=ON, serials=(7001, 983))
    years = found.select((pl.lit(ON) - pl.col("birth_date")).dt.total_days() / 365.2425).to_series()
    assert years.head(200).is_between(11.99, 17).all()
    assert years.tail(200).is_between(65, 80).all()
    assert set(found["kelurahan"]) == {"Sukarasa"}
    assert found["nik"].str.slice(12).cast(pl.Int64).is_between(7001, 7983).all()


def test_crowded_districts_still_have_no_two_equal_niks():
    homes = pl.DataFrame(
        {"kelurahan_code": ["36.71.01.1001"] * 3000, "ages_from": [30] * 3000, "ages_below": [31] * 3000}
    )
    assert people(homes, locality="36.71", seed=1, on=ON)["nik"].n_unique() == 3000


def test_names_have_one_two_or_three_words():
    words = made(20_000)["name"].str.split(" ").list.len()
    shares = {n: (words == n).sum() / words.len() for n in (1, 2, 3)}
    assert 0.1 < shares[1] < 0.2
    assert 0.5 < shares[2] < 0.8
    assert 0.1 < shares[3] < 0.3


def test_draws_are_even_and_independent():
    frame = pl.DataFrame({"index": range(60_000)}).select(
        a=Dice(1).below("a", 6), b=Dice(1).below("b", 6), c=Dice(2).below("a", 6)
    )
    for name in "abc":
        counts = frame[name].value_counts()["count"]
        assert counts.min() > 9_500
        assert counts.max() < 10_500
    assert abs(frame.select(pl.corr("a", "b")).item()) < 0.02
    assert abs(frame.select(pl.corr("a", "c")).item()) < 0.02
