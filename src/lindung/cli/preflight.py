"""Before a file leaves for BPJS, at the command line: what would leave, and what would come back rejected."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from lindung.base.messages import N_, hint, sentence
from lindung.base.money import number
from lindung.cli.movements import say

if TYPE_CHECKING:
    from lindung.registry.audit import Actor


def show(scheme: str, template: tuple[str, bytes] | None, as_json: bool, actor: Actor) -> None:
    """Exit status 0 whether or not something would be refused; the NIK is masked."""
    import polars as pl

    from lindung.enrolment import actions
    from lindung.registry.access import actor_may
    from lindung.registry.models import Unit
    from lindung.registry.queries import scheme_called

    record = scheme_called(scheme)
    actor_may(actor, "send_batch", record)
    groups, found = actions.preflight_batches(record, template=template)
    units = Unit.objects.in_bulk(groups["unit_id"].to_list())
    files = [
        {"unit": units[row["unit_id"]].code, **{key: row[key] for key in ("branch", "segment", "version", "people", "files")}}
        for row in groups.iter_rows(named=True)
    ]  # fmt: skip
    notes = [
        {
            "name": row["name"], "nik": f"{row['nik'][:4]} •••• •••• {row['nik'][-4:]}" if row["nik"] else None,
            "column": row["column"], "code": row["code"], "severity": row["severity"],
            "message": sentence(row["code"], _args(row)), "hint": hint(row["code"], _args(row)),
        }
        for row in found.sort(pl.col("severity"), maintain_order=True).iter_rows(named=True)
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps({"files": files, "findings": notes}, ensure_ascii=False))
        return
    for one in files:
        say(
            N_("{unit}, {branch}: {people} people as {segment} ({version}), {files} files"),
            **{**one, "people": number(one["people"]), "files": number(one["files"])},
        )
    if not files:
        say(N_("Nobody waits to be sent to BPJS."))
    for note in notes[:50]:
        click.echo(f"  {note['name'] or '–'}  {note['nik'] or ''}  {note['message']} {note['hint']}")
    wrong = found.filter(pl.col("severity") == "error")["row_id"].n_unique()
    say(N_("BPJS would refuse {wrong} people; {notes} notes."), wrong=number(wrong), notes=number(len(notes)))


def _args(row: dict[str, str | None]) -> dict[str, str]:
    told: dict[str, str] = json.loads(row["args"] or "{}")
    if row["column"] in ("nik", "kpj") and told.get("value"):
        told["value"] = f"{told['value'][:4]} •••• {told['value'][-4:]}"
    return told
