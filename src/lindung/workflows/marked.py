"""The sender's own file with every note at its cell and every correction in it: to be mended and sent again."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path

import polars as pl
from django.utils import translation

from lindung.base.messages import speaking
from lindung.enrolment.actions.rosters import meanings
from lindung.enrolment.mending_queries import corrections_of
from lindung.enrolment.models import Roster
from lindung.enrolment.queries import findings_of
from lindung.intake.annotate import Mended, annotate
from lindung.intake.check import Checked, check
from lindung.registry import files
from lindung.registry.queries import rules_of

AT_ONCE = 2_000  # people; the file of a longer list is made in the background and kept


def subject(roster: Roster, language: str) -> str:
    """What a marked file is kept under: new whenever the notes are."""
    return f"marked {roster.pk}.{roster.revision} {language}"


def name_of(roster: Roster) -> str:
    return f"{roster.file.name.rpartition('.')[0] or roster.file.name}-catatan.xlsx"


def marked(roster: Roster, language: str) -> bytes:
    """XLSX, see `intake.annotate`. Raises Refused("file.…")."""
    with tempfile.TemporaryDirectory() as folder, translation.override(language), speaking(language):
        path = Path(folder) / Path(roster.file.name).name
        path.symlink_to(files.path_of(roster.file))
        known = meanings(roster.sender)
        result = check([path], rules_of(roster.version), roster.on, fuzzy=False, mappings=known)[0]
        if result.error:
            raise result.error
        return annotate(path, replace(result, findings=_kept(roster, result)), _mended(roster, result))


def _kept(roster: Roster, result: Checked) -> pl.DataFrame:
    """The findings as they are kept: what the register says today is another matter."""
    columns = ("sheet", "row", "column", "code", "severity", "value", "args", "article", "proposal")
    kept = pl.DataFrame(
        [
            {
                **{name: getattr(finding, name) for name in columns},
                "args": json.dumps(finding.args) if finding.args else None,
            }
            for finding in findings_of(roster)
        ],
        schema={name: pl.Int64 if name == "row" else pl.String for name in columns},
    )
    rows = result.rows.select("row_id", "sheet", pl.col("row").cast(pl.Int64))
    return kept.join(rows, on=["sheet", "row"], how="left", nulls_equal=True, maintain_order="left")


def _mended(roster: Roster, result: Checked) -> Mended:
    """Sheet → (row, column from 0) → the text that was typed on screen; two values of one cell are joined again."""
    texts: dict[tuple[str | None, int], dict[str, str]] = {}
    for one in reversed(corrections_of(roster, undone=False)):
        texts.setdefault((one.sheet, one.row), {})[one.column] = one.new or ""
    if not texts:
        return {}
    shared = (("birth_place", "birth_date", ", "), ("rt", "rw", "/"))
    stood = {
        (sheet, row): json.loads(raw)
        for sheet, row, raw in result.rows.select("sheet", "row", "raw").iter_rows()
        if (sheet, row) in texts
    }
    told: Mended = {}
    for (sheet, row), cells in texts.items():
        spots, raw = result.places.get(sheet, {}), stood.get((sheet, row), {})
        for first, second, between in shared:
            if spots.get(first) == spots.get(second) is not None and (first in cells or second in cells):
                halves = str(raw.get("ttl" if first == "birth_place" else "rt_rw") or "").partition(
                    between.strip()
                )
                halves_told = (cells.pop(first, halves[0].strip()), cells.pop(second, halves[2].strip()))
                told.setdefault(sheet, {})[row, spots[first]] = between.join(halves_told)
        for column, text in cells.items():
            if column in spots:
                told.setdefault(sheet, {})[row, spots[column]] = text
    return told
