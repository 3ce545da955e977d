"""The slip per RT: everybody whose NIK must be read again, and nobody's whole NIK."""

from __future__ import annotations

from datetime import UTC, datetime

import pypdfium2
import pytest
from city import PEOPLE
from click.testing import CliRunner

from lindung.base.refused import Refused
from lindung.cli import cli, database
from lindung.registry.models import AuditEntry
from lindung.workflows.slips import slips

pytestmark = pytest.mark.django_db
AT = datetime(2019, 11, 22, 3, tzinfo=UTC)
WRONG = (
    "123,PENDEK CONTOH,01-01-1990,L,7,2,Pondok Jaya,RT",
    "367403150199500,HILANG CONTOH,15-01-1990,L,6,2,Pondok Jaya,Ketua RT",
    "3674031501505009,TUA CONTOH,15-01-1950,L,6,2,Pondok Jaya,Ketua RT",
)


def pages(content: bytes) -> list[str]:
    return [" ".join(p.get_textpage().get_text_range().split()) for p in pypdfium2.PdfDocument(content)]


def test_a_page_for_every_rt_with_who_has_to_show_the_card(city):
    made = pages(slips(city.list_of(*PEOPLE, *WRONG), user=None, at=AT).pdf())
    assert ["RT 006" in page for page in made] == [True, False]
    assert "HILANG CONTOH" in made[0]
    assert "15 angka" in made[0]
    assert "3674 ••••" in made[0]
    assert "PENDEK CONTOH" in made[1]
    assert "367403150199500" not in "".join(made)
    assert "TUA CONTOH" not in "".join(made)  # too old is nothing that a card tells


def test_a_list_without_such_a_note_has_no_slip(city):
    with pytest.raises(Refused) as refused:
        slips(city.list_of(*PEOPLE), user=None, at=AT)
    assert refused.value.code == "slip.nothing"


def test_the_command_writes_it_and_the_trail_says_so(city, monkeypatch, tmp_path):
    monkeypatch.setattr(database, "open_database", lambda: None)
    roster = city.list_of(*WRONG)
    result = CliRunner().invoke(
        cli, ["enrol", "slips", str(roster.pk), "--as", "operator", "--out", str(tmp_path)]
    )
    assert result.exit_code == 0, result.exception
    assert len(pages((tmp_path / f"lembar-perbaikan-{roster.pk}.pdf").read_bytes())) == 2
    assert AuditEntry.objects.filter(action="export_slips").count() == 1
    with pytest.raises(Refused) as refused:
        CliRunner().invoke(cli, ["enrol", "slips", str(roster.pk), "--as", "auditor"], catch_exceptions=False)
    assert refused.value.code == "role.missing"
