from __future__ import annotations

from datetime import date

import pytest

from lindung import schemes
from lindung.base.refused import Refused

FILE = """\
id: kota-2024
locality: "36.74"
document: {kind: perwal, number: 1, year: 2024, status: ditetapkan, title: {id: Judul, en: Title}}
track: decree
segment: BPU
programmes: [JKK, JKM]
wage: {amount: 1000000}
payer: {kind: APBD, unit: dinsos}
period: {from: 2024-01-01, until: 2024-12-31}
categories:
  - {id: fisher, label: {id: Nelayan, en: Fisher}, target: 10, aliases: [Pelaut]}
  - {id: guard, label: {id: Penjaga, en: Guard}, track: appointment, segment: PU, risk_class: II, wage: {from: roster}, payer: {unit: dishub}}
conditions:
  - {kind: age, from: 17, below: 65}
"""


def refused(old: str, new: str) -> Refused:
    assert old in FILE
    with pytest.raises(Refused) as problem:
        schemes.parse(FILE.replace(old, new), "kota.yaml")
    assert "kota.yaml" in problem.value.sentence("en")
    return problem.value


def test_defaults_reach_the_categories_and_can_be_overridden_one_by_one():
    scheme = schemes.parse(FILE, "kota.yaml")
    fisher, guard = scheme.categories
    assert (fisher.track, fisher.segment, fisher.payer.unit, fisher.wage.amount) == (
        "decree",
        "BPU",
        "dinsos",
        1_000_000,
    )
    assert (guard.track, guard.segment, guard.risk_class, guard.wage.from_roster) == (
        "appointment",
        "PU",
        "II",
        True,
    )
    assert (guard.payer.kind, guard.payer.unit) == ("APBD", "dishub")
    assert (fisher.target, guard.target) == (10, None)
    assert scheme.period == schemes.Period(date(2024, 1, 1), date(2024, 12, 31))
    assert schemes.parse(FILE, "other.yaml").sha256 == scheme.sha256


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("track: decree\n", "track: decree\ncolour: red\n", "scheme.unknown_key", 5),
        ("aliases: [Pelaut]", "alias: [Pelaut]", "scheme.unknown_key", 11),
        ("segment: BPU\n", "", "scheme.missing_key", 1),
        ("programmes: [JKK, JKM]", "programmes: [JKK, JKP]", "scheme.wrong_value", 6),
        ("programmes: [JKK, JKM]", "programmes: [JKK, JP]", "scheme.wrong_value", 6),
        ("programmes: [JKK, JKM]", "programmes: unknown", "scheme.unknown_needed", 6),
        ("from: 2024-01-01", "from: 2024-02-30", "yaml.unreadable", 9),
        ("until: 2024-12-31", "until: 2023-12-31", "scheme.wrong_value", 9),
        ("until: 2024-12-31", "until: December", "scheme.wrong_value", 9),
        ("kind: age", "kind: height", "scheme.wrong_value", 14),
        ("from: 17, below: 65", "from: unknown, below: 65", "scheme.unknown_needed", 14),
        ("from: 17, below: 65", "from: 65, below: 17", "scheme.wrong_value", 14),
        ("from: 17, below: 65", "below: 65", "scheme.missing_key", 14),
        ("below: 65}", "below: 65, above: 3}", "scheme.unknown_key", 14),
        ("label: {id: Nelayan, en: Fisher}", "label: {id: Nelayan}", "scheme.missing_key", 11),
        ("{id: guard", "{id: fisher", "scheme.twice", 12),
        ("aliases: [Pelaut]", "aliases: [Penjaga]", "scheme.twice", 12),
        ("risk_class: II, ", "", "scheme.risk_class_needed", 12),
        ("wage: {amount: 1000000}", "wage: {amount: 1000000, from: roster}", "scheme.wage_unclear", 7),
        ("wage: {amount: 1000000}", "wage: {amount: 1000000.5}", "yaml.float", 7),
        ("wage: {amount: 1000000}", "wage: {amount: -1}", "scheme.wrong_value", 7),
        ('locality: "36.74"', "locality: Tangsel", "scheme.wrong_value", 2),
        ("status: ditetapkan", "status: done", "scheme.wrong_value", 3),
        ("id: kota-2024\n", "id: kota-2024\nid: kota-2024\n", "yaml.duplicate_key", 2),
        ("target: 10", "target: true", "scheme.wrong_value", 11),
        ("document: {", "document: [", "yaml.unreadable", 3),
    ],
)
def test_what_is_unclear_is_refused_with_its_line(old, new, code, line):
    problem = refused(old, new)
    assert problem.code == code
    assert problem.values["line"] == line


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{kind: decile_at_most, value: 4, list: DTSEN}", "scheme.dtsen_too_early"),
        ("{kind: decile_at_most, value: 4, list: P3KE}", "scheme.wrong_value"),
        ("{kind: not_already_covered, scope: some}", "scheme.wrong_value"),
        ("{kind: resident_of, regions: [Tangsel]}", "scheme.wrong_value"),
        ("{kind: resident_of, regions: []}", "scheme.wrong_value"),
        ("{kind: alive, severity: fatal}", "scheme.wrong_value"),
        ("{kind: age, from: 18, below: 60}", "scheme.twice"),
        ("alive", "scheme.wrong_value"),
    ],
)
def test_conditions_are_a_closed_vocabulary(line, code):
    with pytest.raises(Refused) as problem:
        schemes.parse(FILE + f"  - {line}\n", "kota.yaml")
    assert (problem.value.code, problem.value.values["line"]) == (code, 15)


def test_optional_facts_may_be_unknown():
    scheme = schemes.parse(
        FILE.replace("number: 1, year: 2024", "number: unknown, year: unknown").replace(
            "target: 10", "target: unknown"
        ),
        "k",
    )
    assert (scheme.document.number, scheme.document.year, scheme.categories[0].target) == (None, None, None)
    assert scheme.document.short == "Perwal …/…"


def test_the_five_programmes():
    found = schemes.builtin()
    assert set(found) == {
        "tangsel-2019",
        "serang-2019",
        "cirebon-2022",
        "tangerang-2022",
        "pangkalpinang-2024",
    }
    tangsel = found["tangsel-2019"]
    assert sum(c.target for c in tangsel.categories) == 12_946
    assert {item.key: item.value for item in tangsel.reported}["total"] == 12_928
    assert found["serang-2019"].programmes == ("JKK", "JKM", "JHT", "JP")
    assert {c.track for c in found["pangkalpinang-2024"].categories} == {"decree", "appointment"}
    assert sum(c.target for c in found["pangkalpinang-2024"].categories) == 4_606
    for scheme in found.values():
        assert all(label["id"] and label["en"] for label in [scheme.document.title, *scheme.assumptions])


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("compulsory", "compulsory"),
        ("optional", "optional"),
        ("off", "off"),
        ('"off"', "off"),
        ("unknown", None),
    ],
)
def test_jht_of_non_asn_is_a_setting_of_the_city(written, kept):
    scheme = schemes.parse(
        FILE.replace("track: decree\n", f"track: decree\nnon_asn_jht: {written}\n"), "k.yaml"
    )
    assert scheme.non_asn_jht == kept
    assert scheme.state_employer


@pytest.mark.parametrize("written", ["perhaps", "on", "1", "[JHT]"])
def test_another_setting_is_refused_with_its_line(written):
    problem = refused("track: decree\n", f"track: decree\nnon_asn_jht: {written}\n")
    assert (problem.code, problem.values["line"]) == ("scheme.wrong_value", 5)


def test_the_schemes_that_come_along_do_not_guess_it():
    assert {scheme.non_asn_jht for scheme in schemes.builtin().values()} == {None}
    employers = [scheme.id for scheme in schemes.builtin().values() if scheme.state_employer]
    assert employers == ["serang-2019", "cirebon-2022", "pangkalpinang-2024"]


def test_the_checkers_a_scheme_names_and_the_days_for_which_they_count():
    written = "track: decree\nchecks: {dinsos: 90, bpjs: 30}\namend_every: 3\n"
    scheme = schemes.parse(FILE.replace("track: decree\n", written), "k.yaml")
    assert (scheme.checks, scheme.amend_every) == ((("bpjs", 30), ("dinsos", 90)), 3)
    assert refused("track: decree\n", "track: decree\nchecks: {rt: 3}\n").code == "scheme.unknown_key"
    for wrong in ("0", "1000", "true", "unknown"):
        assert refused("track: decree\n", f"track: decree\nchecks: {{bpjs: {wrong}}}\n").values["line"] == 5
    assert refused("track: decree\n", "track: decree\namend_every: 13\n").code == "scheme.wrong_value"
