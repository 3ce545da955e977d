"""Rosters of the sample maker, with seeds nobody has looked at: every scheme, CSV and XLSX."""

from __future__ import annotations

from datetime import date

import pytest

from lindung.intake.check import check
from lindung.samples import roster
from lindung.schemes import builtin

SEEDS = [pytest.param(11), *(pytest.param(seed, marks=pytest.mark.slow) for seed in (12, 13))]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_findings_are_those_that_were_planted(tmp_path, seed, form):
    both = missed = wrong = 0
    for scheme in builtin().values():
        made = roster(scheme, 150, dirt=0.2, seed=seed, form=form)
        path = tmp_path / f"{scheme.id}.{form}"
        path.write_bytes(made.content)
        (result,) = check([path], scheme, date.fromisoformat(made.answers["on"]))
        assert result.people == made.answers["rows"]["people"]
        for column, header in result.mapping.items():
            assert header in (
                made.answers["mapping"][column],
                *made.answers.get("mapping_also", {}).get(column, []),
            )
        found = set(result.findings.select("sheet", "row", "code").iter_rows())
        wanted = {(f["sheet"], f["row"], f["code"]) for f in made.answers["findings"]}
        either = {(f["sheet"], f["row"], f["code"]) for f in made.answers["optional"]}
        both, missed, wrong = (
            both + len(found & wanted),
            missed + len(wanted - found),
            wrong + len(found - wanted - either),
        )
    assert both > 100
    assert 2 * both / (2 * both + missed + wrong) >= 0.99
