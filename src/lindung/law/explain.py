"""Any result in sentences, with its articles and with what two sources do not attest named as such."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from lindung.base import messages
from lindung.base.messages import N_, Text, declare
from lindung.base.money import PER_MILLION, rupiah
from lindung.base.refused import Refused
from lindung.law import contribution as contributions
from lindung.law import duties, kinds, store
from lindung.law import steps as arithmetic
from lindung.law.reading import shown


@dataclass(frozen=True)
class Explanation:
    """`steps`: the calculation in order; `law`: the articles; `doubts`: values not verified; `notice`: for benefits."""

    steps: tuple[str, ...]
    law: tuple[str, ...]
    doubts: tuple[str, ...]
    notice: str | None = None

    def __str__(self) -> str:
        return "\n".join((*self.steps, *self.doubts, *((self.notice,) if self.notice else ())))


def contribution(
    row: Mapping[str, Any], *, law: store.Law | None = None, in_jkp: bool = False, lang: str | None = None
) -> Explanation:
    """How the contribution of one row (as for `contribution.compute`) comes about. Raises Refused with its `error`.

    `in_jkp`: also say how much of the bill is JKP's own share; the bill does not change by it.
    """
    law = law or store.current()
    given = {name: [row[name]] for name in contributions.COLUMNS if name in row and row[name] is not None}
    if isinstance(given.get("programmes"), list) and isinstance(given["programmes"][0], list | tuple):
        given["programmes"] = [",".join(given["programmes"][0])]
    schema = {name: dtype for name, dtype in contributions.COLUMNS.items() if name in given}
    asked = pl.DataFrame(given, schema=schema) if given else pl.DataFrame({"segment": [None]})
    answer = contributions.compute(asked, law=law, details=True).row(0, named=True)
    if answer["error"]:
        raise Refused(answer["error"], {**row, "month": f"{row['month']:%Y-%m}" if row.get("month") else ""})
    say = _Speaker(lang)
    by_contract = answer["segment"] == "JAKON" and answer.get("wage") is None
    steps = [_base_step(say, answer, by_contract)]
    cites = {id_: law.cite(id_, answer["month"]) for id_ in (u.partition("#")[0] for u in answer["used"])}
    steps += list(_line_steps(say, answer, by_contract, cites))
    steps += list(_relief_steps(say, answer, cites))
    if "contribution.rounding_unit" in cites:
        steps.append(say("explain.rounded"))
    steps.append(say("explain.total", amount=rupiah(answer["total"])))
    if in_jkp and answer["segment"] == "PU":
        steps += list(_jkp_steps(say, answer, law))
    articles, unverified = law.grounds(answer["used"], answer["month"])
    return Explanation(
        tuple(steps), tuple(articles), tuple(doubts(unverified, answer["month"], law=law, lang=lang))
    )


def _base_step(say: _Speaker, answer: Mapping[str, Any], by_contract: bool) -> str:
    base = rupiah(answer["base"])
    if answer["segment"] == "BPU":
        return say("explain.base_bracket", income=rupiah(answer["wage"]), base=base)
    if by_contract:
        return say("explain.base_contract", base=base)
    return say("explain.base_wage", base=base)


_LINES = {
    "jkk": ("JKK", ("jkk_pu", "jkk_bpu", "jakon_wage")),
    "jkm": ("JKM", ("jkm_pu", "jkm_bpu", "jakon_wage")),
    "jht_employer": ("JHT", ("jht_pu_employer",)),
    "jht_worker": ("JHT", ("jht_pu_worker", "jht_bpu")),
    "jp_employer": ("JP", ("jp_employer",)),
    "jp_worker": ("JP", ("jp_worker",)),
}


def _line_steps(
    say: _Speaker, answer: Mapping[str, Any], by_contract: bool, cites: Mapping[str, str | None]
) -> Iterable[str]:
    for line, (programme, ids) in _LINES.items():
        amount = answer[line]
        if amount is None:
            continue
        article = next((cites[f"contribution.{i}"] for i in ids if f"contribution.{i}" in cites), None)
        who = (
            say("explain.worker")
            if line.endswith("worker")
            else say("explain.employer")
            if "_" in line
            else ""
        )
        name = f"{programme} {who}".strip()
        if line.startswith("jp_") and answer["base"] > answer["jp_ceiling"]:
            if line == "jp_employer":
                yield say(
                    "explain.ceiling",
                    ceiling=rupiah(answer["jp_ceiling"]),
                    law=cites["contribution.jp_ceiling"],
                )
            base = answer["jp_ceiling"]
        else:
            base = answer["base"]
        if by_contract:
            yield say(
                "explain.line_layers",
                programme=name,
                amount=rupiah(amount),
                law=cites["contribution.jakon_layer"],
            )
        elif line == "jkm" and answer["jkm_flat"] is not None:
            yield say("explain.line_flat", programme=name, amount=rupiah(amount), law=article)
        else:
            rate = say.percent(answer[f"{line}_rate"])
            yield say(
                "explain.line",
                programme=name,
                rate=rate,
                base=rupiah(base),
                amount=rupiah(amount),
                law=article,
            )


def _relief_steps(say: _Speaker, answer: Mapping[str, Any], cites: Mapping[str, str | None]) -> Iterable[str]:
    windows = [
        id_ for id_ in cites if id_.startswith("contribution.relief_") and not id_.endswith("from_state")
    ]
    for id_ in windows:
        relief = min(answer["relief_jkk"], answer["relief_jkm"])
        if relief == PER_MILLION:
            yield say("explain.no_relief", payer=answer.get("payer") or "", law=cites[id_])
        else:
            yield say("explain.relief", relief=say.percent(relief), law=cites[id_])


def _jkp_steps(say: _Speaker, answer: Mapping[str, Any], law: store.Law) -> Iterable[str]:
    block = law["contribution.jkp_recomposition"].block(answer["month"])
    if block is None:
        return
    asked = pl.DataFrame({"month": [answer["month"]], "wage": [answer["base"]]})
    found = contributions.recomposition(asked, law=law).row(0, named=True)
    base = min(answer["base"], law.value("benefit.job_loss_ceiling", answer["month"]))
    yield say(
        "explain.jkp",
        rate=say.percent(block.value["JKK"] + block.value["JKM"]),
        base=rupiah(base),
        amount=rupiah(found["jkp_from_jkk"] + found["jkp_from_jkm"]),
        law=law.cite("contribution.jkp_recomposition", answer["month"]),
    )


def benefit(
    kind: str, given: Mapping[str, Any], *, on: date, holidays: Iterable[date] = (), law: store.Law | None = None,
    lang: str | None = None,
) -> Explanation:  # fmt: skip
    """A benefit of `kinds.ALL`, from fields as in a JSON line. Raises Refused. `on` is the day of the notice."""
    law = law or store.current()
    row = kinds.frame(kind, [kinds.row(kind, dict(given))], holidays=holidays, law=law).row(0, named=True)
    if row["error"]:
        raise Refused(row["error"], {name: shown(value) for name, value in given.items()})
    return told(kind, row, on=on, law=law, lang=lang)


def told(
    kind: str, row: Mapping[str, Any], *, on: date, law: store.Law | None = None, lang: str | None = None
) -> Explanation:
    """The same for a row that is already computed."""
    law = law or store.current()
    say = _Speaker(lang)
    event = row[kinds.ALL[kind].on]
    steps = []
    if row.get("insured_wage") is not None and row.get("segment") == "BPU":
        steps.append(say("explain.insured", income=rupiah(row["wage"]), base=rupiah(row["insured_wage"])))
    for used in row["used"]:
        id_ = used.partition("#")[0]
        parameter, block = law[id_], law[id_].block(event)
        if block is not None and id_ != "contribution.bpu_bracket" and parameter.unit not in ("word", "text"):
            label = parameter.label[say.lang]
            steps.append(
                say("explain.value", label=label, value=say.value(parameter, block), law=law.cite(id_, event))
            )
    steps += arithmetic.of(kind, row, event, law, say)
    if kind == "death" and row["full_total"] is not None:
        steps.append(say("explain.restart", joined=f"{row['joined']:%d-%m-%Y}", first=f"{row['first_joined']:%d-%m-%Y}",
                         now=rupiah(row["total"]), full=rupiah(row["full_total"])))  # fmt: skip
    articles, unverified = law.grounds(row["used"], event)
    notice = say("explain.notice", on=f"{on:%d-%m-%Y}")
    return Explanation(
        tuple(steps), tuple(articles), tuple(doubts(unverified, event, law=law, lang=lang)), notice
    )


def duty(row: Mapping[str, Any], *, law: store.Law | None = None, lang: str | None = None) -> Explanation:
    """A row of `duties.programmes`: which programmes, by which article, and where the sources disagree."""
    law = law or store.current()
    say, on = _Speaker(lang), row["on"]
    articles, unverified = law.grounds(row["used"], on)
    named = {key: ", ".join(row[key]) or say("duty.none") for key in ("compulsory", "optional")}
    code = "duty.non_asn" if row["employer"] == "state" else "duty.programmes_told"
    step = say(code, on=f"{on:%d-%m-%Y}", articles="; ".join(articles), **named)
    disputed = (say("duty.jht_disputed"),) if row["disputed"] else ()
    return Explanation((step,), tuple(articles), (*disputed, *doubts(unverified, on, law=law, lang=lang)))


def non_asn(
    setting: str | None, on: date, *, law: store.Law | None = None, lang: str | None = None
) -> Explanation:
    """What a city's setting (`duties.NON_ASN_JHT`; None: not said) means for its non-ASN staff. Raises Refused("duty.not_yet")."""
    asked = pl.DataFrame({"on": [on], "employer": ["state"]})
    row = duties.programmes(asked, non_asn_jht=setting or "off", law=law).row(0, named=True)
    if row["error"]:
        raise Refused(row["error"], {"on": f"{on:%d-%m-%Y}"})
    found = duty(row, law=law, lang=lang)
    reading = messages.sentence(f"duty.jht_{setting or 'unsaid'}", {}, lang or messages.language())
    return replace(found, steps=(reading, *found.steps))


def doubts(
    ids: Iterable[str], on: date, *, law: store.Law | None = None, lang: str | None = None
) -> Iterable[str]:
    """One sentence for each parameter that two sources do not attest."""
    law = law or store.current()
    say = _Speaker(lang)
    for id_ in ids:
        block = law[id_].block(on)
        if block is not None:
            how = say(f"confidence.{block.confidence}")
            yield say("explain.doubt", label=law[id_].label[say.lang], confidence=how)


class _Speaker:
    """Sentences and numbers in one language."""

    def __init__(self, lang: str | None) -> None:
        self.lang = lang or messages.language()

    def __call__(self, code: str, **args: Any) -> str:
        return messages.sentence(code, args, self.lang)

    def percent(self, parts: int) -> str:
        text = f"{(Decimal(parts) / 10_000).normalize():f}"
        return (text.replace(".", ",") if self.lang == "id" else text) + " %"

    def value(self, parameter: store.Parameter, block: store.Block) -> str:
        """A value as people read it, with its unit."""
        if block.value is None:
            return block.note or "–"
        if parameter.unit == "text":
            return str(block.value[self.lang])
        if isinstance(block.value, Mapping):
            return "; ".join(
                f"{self._key(k)}: {self._one(parameter.unit, v)}" for k, v in block.value.items()
            )
        return self._one(parameter.unit, block.value)

    def _key(self, key: str) -> str:
        """A key in words; JKK, JKM and the classes of risk are words of their own."""
        return self(f"key.{key}") if f"key.{key}" in messages.declared() else key

    def _one(self, unit: str, value: Any) -> str:
        if value is None:
            return "–"
        if unit == "ratio":
            return self.percent(value)
        if unit == "rupiah":
            return rupiah(value)
        if unit == "programmes":
            return ", ".join(value) or "–"
        if unit in ("brackets", "layers", "steps", "parts"):
            return "; ".join(", ".join(self._cell(k, v) for k, v in row.items()) for row in value)
        return str(value) if unit in ("word", "count") else f"{value} {self(f'unit.{unit}')}"

    def _cell(self, key: str, value: Any) -> str:
        if isinstance(value, Mapping):
            return str(value[self.lang])
        if key in ("share", "JKK", "JKM"):
            return f"{key} {self.percent(value)}" if key != "share" else self.percent(value)
        if key == "confidence":
            return f"{self('column.confidence')} {self(f'confidence.{value}')}"
        if key in ("from", "base", "above"):
            return f"{self(f'column.{key}')} {rupiah(value)}"
        return f"{self(f'column.{key}')} {value}"


def value_text(parameter: store.Parameter, block: store.Block, lang: str | None = None) -> str:
    """A value with its unit, as tables and the law's own page show it."""
    return _Speaker(lang).value(parameter, block)


declare(
    {
        "explain.base_wage": Text(N_("The base is the monthly wage, {base}.")),
        "explain.base_bracket": Text(N_("An income of {income} lies in the bracket whose base is {base}.")),
        "explain.base_contract": Text(N_("The base is the contract value without VAT, {base}.")),
        "explain.worker": Text(N_("(worker)")),
        "explain.employer": Text(N_("(employer)")),
        "explain.line": Text(N_("{programme}: {rate} of {base} is {amount} ({law}).")),
        "explain.line_flat": Text(N_("{programme}: {amount} a month ({law}).")),
        "explain.line_layers": Text(
            N_("{programme}: each slice of the contract value at its own rate, {amount} ({law}).")
        ),
        "explain.ceiling": Text(N_("JP counts wages up to {ceiling} ({law}).")),
        "explain.relief": Text(
            N_("These rates hold the relief of {law}: {relief} of the usual contribution is due.")
        ),
        "explain.no_relief": Text(N_("The relief of {law} does not apply: {payer} pays.")),
        "explain.rounded": Text(
            N_("Each line is rounded to the nearest rupiah, half up; no official rule was found.")
        ),
        "explain.total": Text(N_("Together: {amount}.")),
        "explain.jkp": Text(
            N_("Of this, {rate} of {base}, {amount}, goes to JKP ({law}); the bill does not change.")
        ),
        "explain.insured": Text(N_("An income of {income} is insured as a wage of {base}.")),
        "explain.value": Text(N_("{label}: {value} ({law}).")),
        "explain.restart": Text(
            N_(
                "Counted from {joined}, the family gets {now}. Counted from {first}, before the unpaid gap, it would get "
                "{full}. The rule does not say which; BPJS decides."
            )
        ),
        "explain.doubt": Text(N_("Not verified: {label} ({confidence}).")),
        "explain.notice": Text(
            N_("Estimate by the rules as of {on}; BPJS Ketenagakerjaan is who determines and pays.")
        ),
        "confidence.two_sources": Text(N_("two sources")),
        "confidence.one_source": Text(N_("one source")),
        "confidence.memory": Text(N_("from memory")),
        "confidence.computed": Text(N_("computed")),
        "confidence.inferred": Text(N_("inferred")),
        "confidence.unknown": Text(N_("unknown")),
        "unit.months": Text(N_("months")),
        "unit.years": Text(N_("years")),
        "unit.days": Text(N_("days")),
        "unit.working_days": Text(N_("working days")),
        "unit.hours": Text(N_("hours")),
        "unit.times": Text(N_("times")),
        "unit.day_of_month": Text(N_("(day of the month)")),
        "column.from": Text(N_("from")),
        "column.base": Text(N_("base")),
        "column.above": Text(N_("above")),
        "column.from_month": Text(N_("from month")),
        "column.percent": Text(N_("per cent")),
        "column.confidence": Text(N_("attested by")),
    }
)
