"""Small lists in all their kinds, written here so that every odd thing in them is on purpose."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from lindung.intake.check import Checked, check
from lindung.schemes import Scheme, builtin

ON = date(2019, 11, 22)


@pytest.fixture(scope="session")
def scheme() -> Scheme:
    return builtin()["tangsel-2019"]


@pytest.fixture
def write(tmp_path):
    """`write(rows, "list.csv", …)` or `.xlsx`: a file with these rows, its path."""

    def write(rows, name="list.csv", *, separator=",", encoding="utf-8", sheets=None) -> Path:
        path = tmp_path / name
        if path.suffix == ".xlsx":
            book = openpyxl.Workbook()
            book.remove(book.active)
            for title, cells in (sheets or {"Sheet1": rows}).items():
                sheet = book.create_sheet(title)
                for row in cells:
                    sheet.append(row)
            book.save(path)
        else:

            def quoted(value) -> str:
                text = "" if value is None else str(value)
                return (
                    '"' + text.replace('"', '""') + '"'
                    if any(c in text for c in (separator, '"', "\n"))
                    else text
                )

            path.write_bytes(
                "".join(separator.join(map(quoted, row)) + "\r\n" for row in rows).encode(encoding)
            )
        return path

    return write


@pytest.fixture
def checked(scheme):
    def checked(path: Path, **options) -> Checked:
        (result,) = check([path], options.pop("scheme", scheme), options.pop("on", ON), **options)
        if result.error:
            raise result.error
        return result

    return checked


HEAD = ["No", "Nama", "NIK", "Tgl Lahir", "L/P", "Alamat", "Jabatan", "No HP"]
PEOPLE = [
    [1, "Asnawi Hasbi", "3674031701785001", "17-01-1978", "L", "Jl. Anggrek No. 5", "Ketua RT", "081300005001"],
    [2, "Siti Aisyah", "3674035203825002", "12-03-1982", "P", "Gg. Damai No. 7", "Kader Posyandu", "081300005002"],
    [3, "Budi Santoso", "3603262708765003", "27-08-1976", "L", "Kp. Sawah No. 3", "Marbot", "081300005003"],
    [4, "Rohani", "3674066508745004", "25-08-1974", "P", "Jl. Ceger No. 11", "Guru Ngaji", "081300005004"],
    [5, "Yanto", "3519100902665005", "09-02-1966", "L", "Jl. Bakti No. 2", "Amil Jenazah", "081300005005"],
    [6, "Encep", "1210182710785006", "27-10-1978", "L", "Jl. Lele No. 40", "Ketua RW", "081300005006"],
]  # fmt: skip


@pytest.fixture
def people():
    """Six people without a flaw, as rows of cells under `HEAD`."""
    return [list(row) for row in PEOPLE]


@pytest.fixture
def head():
    return list(HEAD)
