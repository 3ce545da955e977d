"""A city loads its minimum wages; from then on the wages of its lists are compared with them."""

from __future__ import annotations

from datetime import date

import pytest
from click.testing import CliRunner

from lindung.base.refused import Refused
from lindung.cli import cli, database
from lindung.enrolment.actions.wages import minimum_wage
from lindung.registry import actions as register
from lindung.registry.audit import Actor
from lindung.registry.models import AuditEntry

pytestmark = pytest.mark.django_db
HEAD = "region_code,valid_from,amount,document\n"


def test_the_command_keeps_them_for_the_city_and_the_trail_says_so(city, monkeypatch, tmp_path):
    monkeypatch.setattr(database, "open_database", lambda: None)
    here = city.scheme.locality_id
    file = tmp_path / "umk.csv"
    words = ["roster", "minimum-wages", str(file), "--scheme", city.scheme.slug]
    file.write_text(f"{HEAD}{here},2019-01-01,3000000,Keputusan X\n11.01,2019-01-01,1,Y\n")
    register.open_account(
        "keeper", "Penjaga Contoh", None, [("administrator", None, None)], actor=Actor(None)
    )
    result = CliRunner().invoke(cli, [*words, "--as", "keeper"])
    assert (result.exit_code, result.output) == (0, "+1\n"), result.exception
    known = minimum_wage(city.scheme, date(2019, 11, 11))
    assert known is not None
    assert (known.amount, known.document) == (3_000_000, "Keputusan X")
    assert minimum_wage(city.scheme, date(2020, 1, 1)) is None
    file.write_text(f"{HEAD}{here},2019-01-01,3100000,Keputusan Z\n")
    assert CliRunner().invoke(cli, [*words, "--as", "keeper"]).output == "+0\n"
    changed = minimum_wage(city.scheme, date(2019, 11, 11))
    assert changed is not None
    assert changed.amount == 3_100_000
    assert AuditEntry.objects.filter(action="keep_minimum_wages").count() == 2
    with pytest.raises(Refused) as refused:
        CliRunner().invoke(cli, [*words, "--as", "operator"], catch_exceptions=False)
    assert refused.value.code == "role.missing"
