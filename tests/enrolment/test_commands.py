"""The commands of movements do what the pages do, and refuse bad input with a sentence."""

from __future__ import annotations

import json

import pytest
from city import PEOPLE
from click.testing import CliRunner

from lindung.base.refused import Refused
from lindung.cli import cli, database
from lindung.enrolment.changes import Movement
from lindung.enrolment.models import Membership

pytestmark = pytest.mark.django_db
ANI, BUDI = (row.split(",")[0] for row in PEOPLE[:2])


@pytest.fixture(autouse=True)
def _open(monkeypatch):
    monkeypatch.setattr(database, "open_database", lambda: None)


def run(*words: str, login: str = "office") -> str:
    result = CliRunner().invoke(cli, ["enrol", *words, "--scheme", "contoh-2019", "--as", login])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_a_list_is_moved_confirmed_and_sent(city, tmp_path):
    city.registered(*PEOPLE)
    path = tmp_path / "mutasi.csv"
    path.write_text(
        f"NIK,Sebab,Tanggal,Dasar\n{ANI},meninggal,18-11-2019,Akta 1\n{BUDI},pindah,18-11-2019,Surat 2\n"
    )
    assert "2 mutasi diusulkan" in run("move", str(path), login="operator")
    shown = [json.loads(line) for line in run("movements", "--json").splitlines()]
    assert {(one["kind"], one["nik"]) for one in shown} == {
        ("died", "3674 •••• •••• 5001"), ("moved", "3674 •••• •••• 5002"),
    }  # fmt: skip
    assert "ANI CONTOH" in run("movements")
    assert "2 mutasi disahkan" in run("confirm", "--all", "--on", "2019-11-20")
    assert "1 orang" in run("movement-files", "--out", str(tmp_path))
    assert len(list(tmp_path.glob("*/peserta-keluar-*.xlsx"))) == 1
    assert "Tidak ada yang baru" in run("find-movements", "--on", "2019-11-20")


def test_one_person_is_moved_and_declined(city):
    city.registered(*PEOPLE)
    words = ("move", "--nik", ANI, "--kind", "pindah", "--on", "2019-11-18", "--basis", "Surat 1")
    assert "1 mutasi diusulkan" in run(*words, login="operator")
    assert "1 mutasi ditolak" in run("decline", str(Movement.objects.get().pk), "--reason", "salah orang")
    assert Membership.objects.filter(end_reason__isnull=False).count() == 0
    with pytest.raises(Refused) as problem:
        run("move", "--nik", ANI, "--kind", "terbang", "--on", "2019-11-18", "--basis", "x", login="operator")
    assert "bukan jenis mutasi" in str(problem.value)


def test_commands_called_wrongly_say_how(city):
    assert "Berikan daftar" in run("move")
    assert "Sebut nomor mutasinya" in run("confirm", "--on", "2019-11-20")
