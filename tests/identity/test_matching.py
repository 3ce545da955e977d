import importlib
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lindung.base import messages
from lindung.identity import matching
from lindung.identity.matching_blocks import candidates
from lindung.identity.matching_compare import compare
from lindung.identity.matching_model import LEVELS

BUDI = {
    "nik": "3674061207805021", "name": "Budi Santoso", "birth_date": date(1980, 7, 12), "mother_name": "Siti Aminah", "sex": "L",
    "address": "Jl. Mawar No. 12", "rt": "003", "rw": "005", "kelurahan": "Pamulang Barat", "phone": "081200334455",
}  # fmt: skip
NIK_AND_NAME = ("nik", "name", "birth_date")


def roster(*people: dict) -> pl.DataFrame:
    columns = (
        {"row_id": pl.Int64, "kk_number": pl.String}
        | dict.fromkeys(BUDI, pl.String)
        | {"birth_date": pl.Date}
    )
    return pl.DataFrame([{"row_id": n, **person} for n, person in enumerate(people)], schema=columns)


def band(**again) -> str | None:
    pairs = matching.duplicates(roster(BUDI, BUDI | again))
    assert pairs.height <= 1
    return pairs["band"][0] if pairs.height else None


@pytest.mark.parametrize(
    "again",
    [
        {"nik": "3674061207805012"},
        {"nik": "3674061207805421"},
        {"nik": "367406120780502"},
        {"nik": "3603221207809417", "name": "H. BUDI SANTOSO, S.E."},
        {"nik": None, "name": "Boedi Santosa"},
        {"nik": None, "birth_date": date(1980, 12, 7)},
        {"nik": None, "birth_date": None, "name": "SANTOSO BUDI"},
        {"nik": "3674061207805021"[:15], "birth_date": None},
        {"nik": "3674061207815021", "birth_date": date(1981, 7, 12)},
        {"nik": "3674061207805921", "mother_name": None, "phone": None, "address": None},
        {"nik": None, "name": "BudiSantoso", "address": "JALAN MAWAR 12", "phone": "81200334455"},
    ],
)
def test_the_same_human_entered_again(again):
    assert band(**again) == "same"


@pytest.mark.parametrize(
    "again",
    [
        {"nik": "3674061207805022", "name": "Bayu Santoso"},  # a twin
        {"nik": "3674061207805022", "name": "Siti Rohayati", "sex": "P"},
        {"nik": "3674060103750188", "birth_date": date(1975, 3, 1), "mother_name": "Iroh", "phone": None, "address": "Gg. Damai 3", "rt": "1", "rw": "1"},
        {"nik": "3674061503835101", "name": "Agus Santoso", "birth_date": date(1983, 3, 15)},  # a brother
    ],
)  # fmt: skip
def test_people_who_only_look_alike(again):
    assert band(**again) is None


def test_twins_with_rhyming_names_are_for_a_person_to_decide():
    one, other = BUDI | {"name": "Rina Wati"}, BUDI | {"name": "Rini Wati", "nik": "3674061207805022"}
    assert matching.duplicates(roster(one, other))["band"].to_list() == ["review"]


def test_a_missing_name_is_never_the_same_by_itself():
    assert band(name=None, nik="3674061207805012") == "review"


@pytest.mark.parametrize(
    "nothing", [None, "", "-", "0000000000000000", "1111111111111111", "1234567890123456"]
)
def test_placeholders_match_nobody(nothing):
    strangers = [
        {"nik": nothing, "name": nothing, "mother_name": nothing, "phone": nothing, "address": nothing, "kk_number": nothing}
        for _ in range(3)
    ]  # fmt: skip
    assert matching.duplicates(roster(*strangers)).is_empty()
    people = [
        {"nik": nothing, "name": name, "birth_date": date(1980, 1, n + 1)}
        for n, name in enumerate(("Ani", "Budi", "Cecep"))
    ]
    assert matching.duplicates(roster(*people)).is_empty()


def test_an_office_telephone_joins_nobody():
    names = ("Ani Lestari", "Ani Kamilah", "Ani Mulyati", "Ani Rahayu", "Ani Basri", "Ani Hakim", "Ani Lubis")
    people = [{"name": name, "phone": "0215551234"} for name in names]
    assert matching.duplicates(roster(*people)).is_empty()


def test_the_same_sixteen_digits_are_judged_only_when_asked():
    rows = roster(
        BUDI,
        BUDI | {"name": "H. Budi Santoso"},
        BUDI | {"name": "Wati", "birth_date": date(1990, 1, 1), "mother_name": "Iroh", "phone": None},
    )
    assert matching.duplicates(rows).is_empty()
    pairs = pl.DataFrame({"a_row_id": [0, 0], "b_row_id": [1, 2]})
    judged = matching.judge(rows, pairs)
    assert judged.select("a_row_id", "b_row_id", "band").rows() == [(0, 1, "same"), (0, 2, None)]
    assert judged["probability"][0] > 0.99
    assert json.loads(judged["why"][0])["nik"] is None
    assert judged["probability"][1] < 0.5


def test_against_a_register_of_nik_name_and_birth_date():
    register = roster(
        {c: BUDI[c] for c in NIK_AND_NAME}, {"nik": None, "name": "Tini", "birth_date": date(1980, 7, 12)}
    )
    register = register.with_columns(pl.col("row_id") + 100)
    asked = roster(BUDI | {"nik": "3674061207805012"}, BUDI)
    for prepared in (register, matching.prepare(register)):
        pairs = matching.duplicates(asked, against=prepared)
        assert pairs.select("a_row_id", "b_row_id", "band").rows() == [(100, 0, "same")]


def test_a_name_and_a_birth_date_are_worth_less_among_many_namesakes():
    twice = [{"name": "Budi Santoso", "birth_date": date(1980, 7, 12)}] * 2
    others = [
        {"name": "Budi Santoso", "birth_date": date(1950 + n % 50, 1 + n % 12, 1 + n % 28)}
        for n in range(3000)
    ]
    few = matching.duplicates(roster(*twice))["probability"][0]
    many = matching.duplicates(roster(*twice, *others)).filter(pl.col("b_row_id") == 1)["probability"]
    assert few > 0.9
    assert many.is_empty() or many[0] < few - 0.3


def test_missing_columns_and_empty_rosters():
    assert matching.duplicates(roster()).columns == ["a_row_id", "b_row_id", "probability", "band", "why"]
    assert matching.duplicates(pl.DataFrame({"row_id": [1, 2], "name": ["Budi", "Ani"]})).is_empty()
    assert matching.duplicates(roster(BUDI), against=roster()).is_empty()
    same = pl.DataFrame({"row_id": [7, 9], "name": ["Uus Suryana"] * 2, "birth_date": [date(1970, 1, 2)] * 2})
    assert matching.duplicates(same).select("a_row_id", "b_row_id").rows() == [(7, 9)]


def test_the_order_of_rows_changes_nothing():
    rows = roster(BUDI, BUDI | {"nik": None}, {"name": "Ani"}, BUDI | {"nik": "3674061207805012"})
    pairs = matching.duplicates(rows)
    assert pairs.select("a_row_id", "b_row_id").rows() == [(0, 1), (0, 3), (1, 3)]
    turned = matching.duplicates(rows.reverse())
    assert {frozenset(p) for p in turned.select("a_row_id", "b_row_id").rows()} == {
        frozenset(p) for p in pairs.select("a_row_id", "b_row_id").rows()
    }
    assert turned["probability"].sort().to_list() == pairs["probability"].sort().to_list()


def test_first_of_group():
    pairs = pl.DataFrame({"a_row_id": [4, 2, 10], "b_row_id": [7, 4, 11]})
    assert matching.first_of_group(pairs).rows() == [(2, 4), (2, 7), (10, 11)]
    assert matching.first_of_group(pairs.clear()).is_empty()


def test_reasons_add_up_and_read_as_a_sentence():
    pairs = matching.duplicates(roster(BUDI, BUDI | {"nik": "3674061207805012", "phone": None}))
    why = json.loads(pairs["why"][0])
    assert why["nik"]["level"] == "serial_digits"
    assert why["phone"] is None
    sentence = matching.reasons(pairs["why"][0])
    assert sentence.split("; ")[:2] == ["nama sama", "tanggal lahir sama"]
    assert "nomor urut NIK berbeda satu-dua angka" in sentence
    assert matching.reasons(pairs["why"][0], "en").startswith("same name; same birth date")


def test_every_level_has_a_sentence_and_a_weight():
    model = matching.model()
    known = messages.declared()
    for field, levels in LEVELS.items():
        weights = [model.weights[field][level] for level in levels]
        assert weights == sorted(weights), f"{field}: a better level must not weigh less"
        assert weights[0] <= 0 <= weights[-1]
        assert all(f"matching.{field}.{level}" in known for level in levels)
    assert matching.model("2026-11.2").version == "2026-11.2"
    with pytest.raises(KeyError):
        matching.model("1999-01")


def test_blocks_too_large_for_the_budget_are_left_to_other_rules():
    crowd = [
        {
            "name": f"Uus {chr(65 + n % 26)}{chr(65 + n // 26 % 26)}a",
            "birth_date": date(1970, 1, 1),
            "address": "Kampung",
        }
        for n in range(3000)
    ]
    pairs = candidates(matching.prepare(roster(*crowd)))
    assert pairs.height < 2 * (8 * 3000 + 100_000)


@pytest.fixture
def train(monkeypatch):
    tools = Path(__file__).parents[2] / "tools"
    monkeypatch.syspath_prepend(str(tools))
    return importlib.import_module("train_matching")


@pytest.mark.parametrize("errors", ["unseen", "fresh"])
def test_errors_the_model_was_not_trained_on(train, errors):
    result = train.measure(train.roster(4_000, 77, errors=errors))
    assert result["precision"] >= 0.99
    assert result["recall with review"] >= 0.95


@pytest.mark.slow
@pytest.mark.parametrize("seed", [21, 22, 23])
@pytest.mark.parametrize("errors", ["seen", "unseen", "fresh"])
def test_precision_and_recall_on_several_seeds(train, seed, errors):
    result = train.measure(train.roster(20_000, seed, errors=errors))
    assert result["precision"] >= 0.99
    assert result["recall"] >= (0.95 if errors != "fresh" else 0.92)
    assert result["recall with review"] >= 0.95


def test_pairs_left_out_on_the_way_are_those_that_deserve_no_look(train):
    """Against the naive way: every pair compared in full, then judged."""
    frame = train.roster(1_500, 5, errors="fresh")
    prepared = matching.prepare(frame.drop("human"))
    model = matching.model()
    pairs = candidates(prepared)
    every = compare(prepared, pairs)
    worth = model.odds(frame.height) >= 0
    key = ["a", "b"]
    assert compare(prepared, pairs, worth=worth).sort(key).equals(every.filter(worth).sort(key))
    assert every.filter(worth).height > 50


def test_blocks_find_what_comparing_everybody_with_everybody_finds(train):
    frame = train.roster(500, 9, errors="unseen")
    prepared = matching.prepare(frame.drop("human"))
    everybody = pl.DataFrame({"a": range(500)}, schema={"a": pl.UInt32})
    everybody = everybody.join(everybody.rename({"a": "b"}), how="cross").filter(pl.col("a") < pl.col("b"))
    likely = compare(prepared, everybody, worth=matching.model().odds(frame.height) >= 3)
    assert likely.height >= 20
    assert likely.join(candidates(prepared), on=["a", "b"], how="anti").height == 0


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"name": "Santoso Budi", "nik": None}, "same"),
        ({"name": "Budi H. Sant0so", "nik": None}, "same"),
        ({"name": "Budi Santoso Muhammad", "nik": None}, "same"),
        (
            {
                "nik": "3674066107855021",
                "sex": "P",
                "name": "Wati",
                "birth_date": date(1985, 7, 21),
                "mother_name": "Iroh",
            },
            None,
        ),  # his wife
        (
            {"nik": "3674060309055021", "birth_date": date(2005, 9, 3), "mother_name": "Wati"},
            None,
        ),  # his son of the same name
    ],
)
def test_families(other, expected):
    assert band(**other) == expected
