"""The parameter files: what is refused, what holds on every day around every change, who vouches for it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest

from lindung import law
from lindung.base.refused import Refused
from lindung.law import store
from lindung.law.schema import BY

DAY = timedelta(days=1)
CURRENT = law.current()
PARAMETERS = list(CURRENT.parameters.values())

SOURCES = """
pp-1: {name: PP 1, title: {id: a, en: b}, promulgated: 2020-01-01, confidence: two_sources}
pp-2: {name: PP 2, title: {id: a, en: b}, promulgated: 2020-09-01, confidence: two_sources}
"""
GOOD = """
rate:
  label: {id: tarif, en: rate}
  unit: ratio
  checked_on: 2026-11-01
  values:
    - {from: 2020-01-01, value: "0.01", legal: {doc: pp-1, article: Pasal 1}, confidence: two_sources}
    - {from: 2022-01-01, value: "0.02", legal: {doc: pp-1, article: Pasal 1}, confidence: one_source}
    - {from: 2020-08-01, until: 2021-01-31, retroactive: true, value: "0.001", legal: {doc: pp-2, article: Pasal 9},
       confidence: two_sources}
"""


def loaded(tmp_path, text=GOOD, sources=SOURCES):
    (tmp_path / "topic").mkdir(exist_ok=True)
    (tmp_path / "topic" / "file.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "sources.yaml").write_text(sources, encoding="utf-8")
    return store.load(tmp_path, tmp_path / "sources.yaml")


def test_an_exception_lies_over_the_standing_value_and_ends_by_itself(tmp_path):
    rate = loaded(tmp_path)["topic.rate"]
    found = [(i.first, i.last, i.block.value) for i in rate.intervals]
    assert found == [
        (date(2020, 1, 1), date(2020, 7, 31), 10_000),
        (date(2020, 8, 1), date(2021, 1, 31), 1_000),
        (date(2021, 2, 1), date(2021, 12, 31), 10_000),
        (date(2022, 1, 1), None, 20_000),
    ]


def test_the_law_as_known_before_a_retroactive_relief_has_no_relief(tmp_path):
    rules = loaded(tmp_path)
    assert rules.known_on(date(2020, 8, 31)).value("topic.rate", date(2020, 8, 15)) == 10_000
    assert rules.known_on(date(2020, 9, 1)).value("topic.rate", date(2020, 8, 15)) == 1_000
    assert rules.known_on(date(2020, 8, 31)).version != rules.version


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ('value: "0.01"', "value: 0.01", "yaml.float", 7),
        ('value: "0.01"', 'value: "0.0000001"', "law.schema", 7),
        ('value: "0.01"', 'value: "-0.01"', "law.schema", 7),
        ('value: "0.01"', "value: 1", "law.schema", 7),
        ('value: "0.01"', 'value: "x"', "law.schema", 7),
        ("legal: {doc: pp-1, article: Pasal 1}, confidence: two_sources}", "confidence: two_sources}", "law.schema", 7),
        ("legal: {doc: pp-1, article: Pasal 1}, confidence: one", "legal: {doc: pp-1}, confidence: one", "law.schema", 8),
        ("doc: pp-2", "doc: pp-3", "law.unknown_instrument", 9),
        ("retroactive: true, ", "", "law.before_promulgation", 9),
        ("from: 2022-01-01", "from: 2020-01-01", "law.overlap", 8),
        ("until: 2021-01-31", "until: 2020-07-01", "law.overlap", 9),
        ("confidence: one_source", "confidence: perhaps", "law.schema", 8),
        ("unit: ratio", "unit: percent", "law.schema", 4),
        ("unit: ratio", "unit: ratio\n  by: weather", "law.schema", 5),
        ("unit: ratio", "unit: ratio\n  by: risk_class", "law.schema", 8),
        ("unit: ratio", "unit: ratio\n  colour: red", "law.schema", 5),
        ("unit: ratio", 'unit: ratio\n  renewed: "13-01"', "law.schema", 5),
        ("unit: ratio", "unit: ratio\n  unit: ratio", "yaml.duplicate_key", 5),
        ("  checked_on: 2026-11-01\n", "", "law.schema", 2),
        ('value: "0.01"', "value: null", "law.schema", 7),
        ("label: {id: tarif, en: rate}", "label: {id: tarif}", "law.schema", 3),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_its_line(tmp_path, old, new, code, line):
    assert old in GOOD
    with pytest.raises(Refused) as refused:
        loaded(tmp_path, GOOD.replace(old, new, 1))
    assert refused.value.code == code
    assert refused.value.values.get("line") == line
    assert refused.value.values["file"] == "topic/file.yaml"


def test_overlapping_exceptions_and_the_same_parameter_twice_are_refused(tmp_path):
    second = '    - {from: 2021-01-31, until: 2021-03-01, value: "0.1", legal: {doc: pp-2, article: P}, confidence: memory}\n'
    with pytest.raises(Refused, match="11"):
        loaded(tmp_path, GOOD + second)
    (tmp_path / "topic" / "other.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        loaded(tmp_path)
    assert refused.value.code == "law.duplicate"


def test_the_version_changes_with_every_value_and_with_nothing_else(tmp_path):
    version = loaded(tmp_path).version
    assert loaded(tmp_path, GOOD + "# a remark\n").version == version
    assert loaded(tmp_path, GOOD.replace('"0.02"', '"0.03"')).version != version
    assert loaded(tmp_path, sources=SOURCES.replace("PP 2", "PP 3")).version != version
    assert re.fullmatch(r"\d{4}-\d\d-\d\d\+[0-9a-f]{16}", law.version())


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda p: p.id)
def test_values_change_exactly_on_their_day(parameter):
    """The day before, the day, the day after each change."""
    intervals = parameter.intervals
    assert parameter.block(intervals[0].first - DAY) is None
    for before, here in zip([None, *intervals], intervals, strict=False):
        assert parameter.block(here.first) is here.block
        assert parameter.block(here.first - DAY) is (before.block if before else None)
        if here.last is None or here.last > here.first:
            assert parameter.block(here.first + DAY) is here.block
        if here.last:
            assert parameter.block(here.last) is here.block
    assert all(a.last + DAY == b.first for a, b in pairwise(intervals))
    assert intervals[-1].last is None


@pytest.mark.parametrize("parameter", [p for p in PARAMETERS if not p.optional], ids=lambda p: p.id)
def test_a_standing_parameter_is_complete_on_every_day_on_which_any_law_changes(parameter):
    """It has a value on each change date from its first on; one that is announced yearly ends with the announced."""
    first = parameter.intervals[0].first
    ends = parameter.intervals[-1].first if parameter.intervals[-1].block is None else date.max
    assert ends == date.max or parameter.renewed
    for day in {change[0] for change in CURRENT.changes()}:
        if first <= day < ends:
            found = parameter.value(day)
            assert found is not None
            if parameter.by:
                assert set(found) == set(BY[parameter.by])
    with pytest.raises(Refused) as refused:
        parameter.value(first - DAY)
    assert refused.value.code == "law.before_first_value"
    if parameter.renewed:
        with pytest.raises(Refused) as refused:
            parameter.value(ends)
        assert refused.value.code == "law.not_announced"


def test_every_instrument_is_cited_or_says_why_not():
    cited = {block.doc for parameter in PARAMETERS for block in parameter.blocks}
    for source in CURRENT.sources.values():
        assert (source.id in cited) != bool(source.no_parameter), source.id


def test_no_value_rests_on_an_instrument_of_a_later_year():
    for parameter in PARAMETERS:
        for block in parameter.blocks:
            year = re.search(r"/(\d{4})$", CURRENT.sources[block.doc].name)
            assert not year or block.from_.year >= int(year[1]), (parameter.id, block.from_)


def test_a_value_below_two_sources_is_named_and_our_own_choices_are_never_law():
    articles, unverified = CURRENT.grounds(
        ["contribution.rounding_unit", "contribution.jkm_pu"], date(2026, 1, 1)
    )
    assert articles == ["PP 44/2015 Pasal 18(1)"]
    assert unverified == ["contribution.rounding_unit"]
    for parameter in PARAMETERS:
        for block in parameter.blocks:
            if block.doc == store.OWN_CHOICE:
                assert block.confidence == "unknown"


def test_ceilings_follow_from_growth_as_published():
    """floor(previous × (1 + growth) / 100) × 100 gives every published ceiling."""
    growth = (479, 502, 507, 517, 502, -207, 369, 531, 505, 503, 511)
    values = [b.value for b in CURRENT["contribution.jp_ceiling"].blocks]
    for before, percent, after in zip(values, growth, values[1:], strict=False):
        assert before * (10_000 + percent) // 10_000 // 100 * 100 == after
    assert len(values) == len(growth) + 1


def test_pension_limits_follow_from_inflation_as_inferred():
    inflation = (335, 302, 361, 313, 272, 168, 187, 551, 261, 157, 292)
    values = [b.value for b in CURRENT["benefit.pension_limit"].blocks]
    for year, (before, percent, after) in enumerate(
        zip(values, inflation, values[1:], strict=False), start=2016
    ):
        step = 50 if year < 2020 else 100
        for limit in ("minimum", "maximum"):
            exact = before[limit] * (10_000 + percent)
            assert -(-exact // (10_000 * step)) * step == after[limit], (year, limit)


def test_what_nobody_has_checked_for_long_is_found():
    newest = max(p.checked_on for p in PARAMETERS)
    assert CURRENT.stale(newest, 180) == []
    late = CURRENT.stale(newest + 181 * DAY, 180)
    assert late
    assert late[0].checked_on == min(p.checked_on for p in PARAMETERS)


def test_the_law_in_a_frame_is_looked_up_on_each_row_s_own_day():
    import polars as pl

    frame = pl.DataFrame({"on": [date(2019, 12, 2), date(2019, 12, 1), date(2015, 6, 30), None]})
    found = CURRENT.at(frame, on="on", funeral="benefit.funeral", air=("benefit.transport_cap", "air"))
    assert found["funeral"].to_list() == [10_000_000, 3_000_000, None, None]
    assert found["air"].to_list() == [10_000_000, 2_500_000, None, None]
