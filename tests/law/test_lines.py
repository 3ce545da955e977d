"""JSON lines: one object for each line, in order, whatever the line holds."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.base import messages
from lindung.law import lines, reading

GOOD = {"segment": "BPU", "programmes": ["JKK", "JKM"], "month": "2019-11", "wage": 1000000}


def one(line, read=lines.contributions):
    return json.loads(read([line if isinstance(line, bytes) else json.dumps(line).encode()])[0])


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"", "line.not_json"),
        (b"   ", "line.not_json"),
        (b"{", "line.not_json"),
        (b"nonsense", "line.not_json"),
        (b"\xff\xfe{}", "line.not_json"),
        (b'{"wage": NaN}', "line.not_json"),
        (b'{"wage": -Infinity}', "line.not_json"),
        (b"[" * 100_000, "line.not_json"),
        (b'{"a":' * 50_000, "line.not_json"),
        (b"[1, 2]", "line.not_object"),
        (b'"PU"', "line.not_object"),
        (b"null", "line.not_object"),
        (b'{"segment": "PU", "segment": "BPU"}', "line.duplicate_key"),
        (b'{"x": {"y": 1, "y": 2}}', "line.duplicate_key"),
        (b" " * 1_000_001, "line.too_long"),
        ({**GOOD, "segment": ["BPU"]}, "field.not_text"),
        ({**GOOD, "segment": 1}, "field.not_text"),
        ({**GOOD, "segment": "PÜ"}, "segment.unknown"),
        (b'{"segment": "\\ud800", "programmes": ["JKM"], "month": "2019-11"}', "segment.unknown"),
        ({**GOOD, "programmes": "JKK"}, "programme.not_a_list"),
        ({**GOOD, "programmes": [["JKK"]]}, "field.not_text"),
        ({**GOOD, "programmes": ["JKK,JKM"]}, "programme.unknown"),
        ({**GOOD, "programmes": [None]}, "programme.unknown"),
        ({**GOOD, "programmes": [""]}, "programme.unknown"),
        ({**GOOD, "wage": 1000000.0}, "field.not_whole"),
        ({**GOOD, "wage": "1000000"}, "field.not_whole"),
        ({**GOOD, "wage": True}, "field.not_whole"),
        ({**GOOD, "wage": {"a": [1] * 1000}}, "field.not_whole"),
        ({**GOOD, "wage": None}, "wage.missing"),
        ({**GOOD, "wage": 10**30}, "amount.too_large"),
        ({**GOOD, "wage": -(10**30)}, "amount.negative"),
        (json.dumps(GOOD).replace("1000000", "9" * 6000).encode(), "amount.too_large"),
        (json.dumps(GOOD).replace("1000000", "-" + "9" * 6000).encode(), "amount.negative"),
        (json.dumps(GOOD).replace("1000000", "1e999999999999999999").encode(), "field.not_whole"),
        ({**GOOD, "month": 201911}, "month.unreadable"),
        ({**GOOD, "month": "2019-11-01"}, "month.unreadable"),
        ({**GOOD, "month": "２019-11"}, "month.unreadable"),
        ({**GOOD, "month": "0000-01"}, "month.unreadable"),
        ({**GOOD, "month": "2019-1"}, "month.unreadable"),
        ({**GOOD, "segment": "PU", "risk_class": "I", "labour_intensive": 1}, "field.not_flag"),
        ({**GOOD, "segment": "PU", "risk_class": 1}, "field.not_text"),
        ({**GOOD, "segment": "PU", "risk_class": "i"}, "risk_class.unknown"),
    ],
    ids=lambda v: str(v)[:40],
)
def test_a_bad_line_is_told_why(line, code):
    found = one(line)
    assert found.keys() == {"error"}
    assert found["error"]["code"] == code
    assert len(found["error"]["message"]) > 10
    assert "…" not in found["error"]["message"].replace("…”", "").replace("… ", " ")


def test_fields_of_another_segment_may_hold_anything():
    found = one({**GOOD, "labour_intensive": "x", "risk_class": 4, "contract_value": "y", "extra": [1]})
    assert found["total"] == 16_800


def test_what_was_not_asked_is_left_out_and_bpu_saves_alone():
    assert set(one({**GOOD, "programmes": ["JHT"]})) == {"base", "JHT_worker", "total", "law", "unverified"}


def test_lines_keep_their_order_and_bad_ones_do_not_move_them():
    rng = random.Random(3)
    asked = [
        rng.choice([b"?", json.dumps({**GOOD, "wage": rng.randrange(10**8)}).encode()]) for _ in range(120)
    ]
    together = lines.contributions(asked)
    assert together == [lines.contributions([line])[0] for line in asked]


def test_messages_come_in_the_language_asked_for():
    with messages.speaking("en"):
        assert one({**GOOD, "segment": "X"})["error"]["message"].startswith("“X” is not a segment.")
    with messages.speaking("id"):
        assert one({**GOOD, "segment": "X"})["error"]["message"].startswith("“X” bukan segmen.")


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["PU", "BPU", "2026-01"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
fields = st.sampled_from(
    ["segment", "programmes", "month", "wage", "payer", "sector", "risk_class", "labour_intensive", "contract_value",
     "kind", "date", "cause", "children", "joined", "contribution_months", "months", "type", "table_percent",
     "function_loss_percent", "average_monthly_wage", "contribution", "paid_on", "employer", "first_joined"]
)  # fmt: skip
kinds_of = st.sampled_from(sorted(lines.kinds.KINDS))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.dictionaries(fields, json_values, max_size=8) | st.binary(max_size=30), max_size=5), kinds_of
)
def test_no_junk_ever_crashes(junk, kind):
    sent = [
        x.replace(b"\n", b"") if isinstance(x, bytes) else json.dumps({**x, "kind": kind}).encode()
        for x in junk
    ]
    for read in (lines.contributions, lines.benefits_of):
        answers = read(sent)
        assert len(answers) == len(sent)
        for answer in answers:
            assert b"\n" not in answer
            assert isinstance(json.loads(answer), dict)


def test_percentages_are_exact():
    assert reading.percent("p", reading.Decimal("12.5")) == 125_000
    with pytest.raises(reading.Refused):
        reading.percent("p", reading.Decimal("0.00001"))
    permanent = {"kind": "permanent_disability", "date": "2026-01-10", "wage": 1_000_000, "segment": "PU",
                 "type": "anatomical"}  # fmt: skip
    assert one({**permanent, "table_percent": 0.1}, lines.benefits_of)["total"] == 80_000
    assert one({**permanent, "table_percent": 100}, lines.benefits_of)["total"] == 80_000_000
    assert (
        one({**permanent, "table_percent": 100.0001}, lines.benefits_of)["error"]["code"] == "percent.outside"
    )
    assert (
        one({**permanent, "table_percent": -0.0001}, lines.benefits_of)["error"]["code"] == "percent.outside"
    )
    assert one({**permanent, "table_percent": "10"}, lines.benefits_of)["error"]["code"] == "field.not_whole"


def test_absurd_lengths_are_refused_before_they_fill_memory():
    disability = {"kind": "temporary_disability", "date": "2026-01-10", "wage": 1, "segment": "PU"}
    assert one({**disability, "months": 10**15}, lines.benefits_of)["error"]["code"] == "months.too_many"
    assert len(one({**disability, "months": 1200}, lines.benefits_of)["by_month"]) == 1200


def test_holidays_move_the_due_date():
    late = {
        "kind": "late_penalty",
        "segment": "PU",
        "month": "2026-07",
        "contribution": 100,
        "paid_on": "2026-08-18",
    }
    assert one(late, lines.benefits_of)["due_on"] == "2026-08-17"
    from datetime import date

    answer = lines.benefits_of([json.dumps(late).encode()], holidays=[date(2026, 8, 17)])[0]
    assert json.loads(answer) | {"law": [], "unverified": []} == {
        "months_late": 0, "penalty": 0, "due_on": "2026-08-18", "law": [], "unverified": []
    }  # fmt: skip
