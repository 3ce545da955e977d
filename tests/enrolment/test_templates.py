"""New members go into the office's own blank template by the real way of a batch, and nothing but their rows changes.

The templates are reconstructions made by code from the published headers, not files of BPJS Ketenagakerjaan.
"""

from __future__ import annotations

import io
import json
from datetime import date

import openpyxl
import pytest
from city import PEOPLE, answer
from click.testing import CliRunner

from lindung.base.refused import Refused
from lindung.cli import cli, database
from lindung.enrolment import actions as enrol
from lindung.enrolment import movement_lists
from lindung.enrolment.changes import Movement
from lindung.enrolment.models import Batch, Membership
from lindung.papers import bpjs
from lindung.registry import audit, files
from lindung.registry.audit import Actor
from lindung.registry.models import Unit

pytestmark = pytest.mark.django_db
NOTES = [["Rekonstruksi untuk pengujian"], ["Isi mulai baris 2"]]
PLACES = [["KODE", "NAMA"], ["3674", "Kota Tangerang Selatan"], ["3671", "Kota Tangerang"]]


def blank(version: str, name: str = "Template TK.xlsx") -> tuple[str, bytes]:
    form = bpjs.formats()[version]
    book = openpyxl.Workbook()
    for title, rows in (("Petunjuk Pengisian", NOTES), (form.sheet, [[f.name for f in form.fields]]), ("Lokasi Pekerjaan", PLACES)):  # fmt: skip
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    del book["Sheet"]
    stream = io.BytesIO()
    book.save(stream)
    return name, stream.getvalue()


def cells(content: bytes) -> dict[str, list[tuple]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def wage_earners(**where) -> None:
    with audit.recorded(Actor(None), "test"):
        Membership.objects.filter(**where).update(segment="PU", risk_class="I", wage=2_500_000)


@pytest.mark.parametrize("version", ["tk_baru_v30", "tk_baru_v32"])
def test_wage_earners_fill_the_template_of_30_and_of_32_columns(city, version):
    city.signed(*PEOPLE)
    wage_earners()
    template = blank(version)
    made = enrol.prepare_batches(city.scheme, template=template, actor=city.hands["office"])
    assert {batch.format for batch in made} == {version}
    form, before = bpjs.formats()[version], cells(template[1])
    heads = [f.name for f in form.fields]
    told = {}
    for batch in made:
        assert batch.file.name == "Template TK.xlsx"
        after = cells(files.content(batch.file))
        assert {name: rows for name, rows in after.items() if name != form.sheet} == {
            name: rows for name, rows in before.items() if name != form.sheet
        }
        assert list(after[form.sheet][0]) == heads
        for line, row in zip(batch.rows.order_by("line"), after[form.sheet][1:], strict=True):
            assert [cell or "" for cell in row] == line.payload
            assert all(cell is None or isinstance(cell, str) for cell in row)
            told[line.nik] = dict(zip(heads, line.payload, strict=True))
    ani = told[PEOPLE[0][:16]]
    assert (ani["TANGGAL_LAHIR"], ani["UPAH"], ani["LOKASI_PEKERJAAN"]) == ("15-01-1980", "2500000", "3674")
    assert (ani["STATUS_PEGAWAI"], ani["TGL_AKHIR_KONTRAK"]) == ("PKWT", "31-12-2019")
    if version == "tk_baru_v32":
        assert (ani["NAMA_DEPAN"], ani["NAMA_TENGAH"], ani["NAMA_BELAKANG"]) == ("ANI", "", "CONTOH")
    else:
        assert ani["NAMA_LENGKAP"] == "ANI CONTOH"


def test_a_template_is_used_for_whom_it_is_and_the_others_get_a_plain_file(city):
    city.signed(*PEOPLE)
    wage_earners(category="kader")
    groups, _ = enrol.preflight_batches(city.scheme, template=blank("tk_baru_v32"))
    assert sorted(groups.select("version", "people", "own").iter_rows()) == [
        ("bpu_v11", 3, False), ("tk_baru_v32", 2, True),
    ]  # fmt: skip
    made = enrol.prepare_batches(city.scheme, template=blank("tk_baru_v32"), actor=city.hands["office"])
    assert sorted((batch.format, batch.people) for batch in made) == [("bpu_v11", 3), ("tk_baru_v32", 2)]


def test_who_has_a_kpj_already_goes_into_the_file_of_continuing_workers(city):
    city.registered(*PEOPLE)
    wage_earners(category="kader")
    citra = PEOPLE[2][:16]
    kpj = Membership.objects.get(person__nik=citra).registration.kpj
    rows = movement_lists.read("m.csv", f"NIK,Sebab,Tanggal,Dasar\n{citra},berhenti,20-11-2019,SK 1".encode())
    enrol.propose_movements(city.scheme, rows, actor=city.hands["operator"])
    enrol.confirm_movements(
        city.scheme, Movement.objects.all(), date(2019, 11, 21), actor=city.hands["office"]
    )
    enrol.enter_person(
        city.scheme, city.units["pondok-jaya"],
        {"nik": citra, "name": "CITRA CONTOH", "birth_date": "17-03-1982", "sex": "P", "kelurahan": "Pondok Jaya", "rt": "3",
         "rw": "2", "category": "kader"},
        date(2019, 12, 1), "SK 2", actor=city.hands["operator"],
    )  # fmt: skip
    enrol.confirm_movements(
        city.scheme, Movement.objects.all(), date(2019, 11, 30), actor=city.hands["office"]
    )
    wage_earners(category="kader", end_reason=None)
    (batch,) = enrol.prepare_batches(
        city.scheme, template=blank("tk_lanjutan_v18", "Lanjutan.xlsx"), actor=city.hands["office"]
    )
    assert (batch.format, batch.file.name, batch.people) == ("tk_lanjutan_v18", "Lanjutan.xlsx", 1)
    heads = [f.name for f in bpjs.formats()["tk_lanjutan_v18"].fields]
    row = dict(zip(heads, batch.rows.get().payload, strict=True))
    assert (row["NOMOR_IDENTITAS"], row["KPJ"], row["NAMA_TENAGA_KERJA"]) == (citra, kpj, "CITRA CONTOH")
    said = f"NIK,KPJ,STATUS\n{citra},{kpj},VALID".encode()
    assert enrol.read_batch_answer(batch, "j.csv", said, date(2019, 12, 2), actor=city.hands["office"]) == (
        1,
        0,
    )


def test_one_branch_a_file_and_the_kecamatan_decides_it_for_bpu(city):
    with audit.recorded(Actor(None), "test"):
        locality = city.scheme.locality
        for code, region, branch in (
            ("pondok-aren", "36.74.03", "Cabang Timur"),
            ("setu", "36.74.07", "Cabang Barat"),
        ):
            Unit.objects.create(
                locality=locality, code=code, name=code, kind="kecamatan", region_id=region, branch=branch
            )
    city.signed(*PEOPLE)
    made = enrol.prepare_batches(city.scheme, actor=city.hands["office"])
    assert {batch.branch for batch in made} == {"Cabang Timur"}
    assert all(batch.rows.count() == batch.people for batch in made)


def test_the_command_says_what_would_come_back_and_writes_nothing(city, monkeypatch, tmp_path):
    monkeypatch.setattr(database, "open_database", lambda: None)
    city.signed(*PEOPLE)
    wage_earners(category="kader")

    def run(*words: str):
        return CliRunner().invoke(cli, ["enrol", *words, "--as", "office"])

    shown = run("preflight", "--scheme", "contoh-2019")
    assert shown.exit_code == 0
    assert "BPJS akan menolak 0 orang" in shown.output
    assert PEOPLE[0][:16] not in shown.output
    told = json.loads(run("preflight", "--scheme", "contoh-2019", "--json").output)
    assert {(one["version"], one["people"]) for one in told["files"]} == {("bpu_v11", 3), ("tk_baru_v30", 2)}
    assert {"bpjs.missing", "bpjs.no_template", "bpjs.no_list"} == {one["code"] for one in told["findings"]}
    assert not Batch.objects.exists()
    old = tmp_path / "lama.xls"
    old.write_bytes(b"\xd0\xcf\x11\xe0 old")
    with pytest.raises(Refused) as problem:
        raise run("preflight", "--scheme", "contoh-2019", "--template", str(old)).exception
    assert problem.value.code == "bpjs.save_as_xlsx"
    (batch, *_rest) = enrol.prepare_batches(city.scheme, actor=city.hands["office"])
    assert "ditarik" in run("withdraw-batch", str(batch.pk)).output
    for each in _rest:
        enrol.read_batch_answer(each, "j.csv", answer(each), date(2019, 11, 8), actor=city.hands["office"])
