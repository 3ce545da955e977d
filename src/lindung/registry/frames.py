"""Between the database and Polars: whole tables and query results, by COPY."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl
from django.db import connection, models, transaction

from lindung.registry.models import Region

MANY = 5_000
Schema = Mapping[str, pl.DataType | type[pl.DataType]]


def read(sql: str, parameters: Sequence[Any] | Mapping[str, Any], schema: Schema) -> pl.DataFrame:
    """The rows of a query as a frame with exactly the columns and types of `schema`, in the query's order."""
    body = io.BytesIO()
    with connection.cursor() as cursor:
        text = cursor.mogrify(sql, parameters) if parameters else sql
        with cursor.copy(f"copy ({text}) to stdout (format csv)") as out:
            for block in out:
                body.write(block)
    if not body.tell():
        return pl.DataFrame(schema=schema)
    body.seek(0)
    text_like = {name: pl.String if kind in (pl.Date, pl.Boolean) else kind for name, kind in schema.items()}
    frame = pl.read_csv(body, has_header=False, schema=text_like)
    return frame.with_columns(
        *(pl.col(name).str.to_date("%Y-%m-%d") for name, kind in schema.items() if kind == pl.Date),
        *((pl.col(name) == "t").alias(name) for name, kind in schema.items() if kind == pl.Boolean),
    )


def write(model: type[models.Model], frame: pl.DataFrame) -> int:
    """Append `frame` to the table of `model` by COPY. Its columns are the table's; returns the number of rows."""
    if frame.is_empty():
        return 0
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(name) for name in frame.columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"copy {table} ({columns}) from stdin (format csv)") as sink,
    ):
        for block in frame.iter_slices(50_000):
            sink.write(block.write_csv(include_header=False).encode())
    if frame.height >= MANY:
        transaction.on_commit(lambda: _analyze(table))
    return frame.height


def _analyze(table: str) -> None:
    """Tell the planner at once that a table has grown; its own daemon comes by only every minute."""
    with connection.cursor() as cursor:
        cursor.execute(f"analyze {table}")


def numbered(model: type[models.Model], frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with an `id` column of fresh keys of the model's table."""
    return frame.with_columns(id=pl.Series("id", next_ids(model, frame.height), dtype=pl.Int64))


def next_ids(model: type[models.Model], count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [number for (number,) in cursor.fetchall()]


def load_regions(frame: pl.DataFrame) -> int:
    """Make the table of regions equal to `frame` (code, name, level, former). Returns how many codes are new."""
    known = set(Region.objects.values_list("code", flat=True))
    return write(
        Region, frame.filter(~pl.col("code").is_in(list(known))).select("code", "name", "level", "former")
    )


def cover_register(localities: Iterable[str] | None = None) -> pl.DataFrame:
    """Who is covered already, by anybody: nik, name, birth_date, segment, payer, since. For `roster check`."""
    return read(
        "select nik, name, birth_date, segment, payer, since from registry_outsidecover order by id",
        [],
        {
            "nik": pl.String,
            "name": pl.String,
            "birth_date": pl.Date,
            "segment": pl.String,
            "payer": pl.String,
            "since": pl.Date,
        },
    )


def death_register(*, niks: Sequence[str] | None = None, births: Sequence[date] = ()) -> pl.DataFrame:
    """Who has died: nik, name, birth_date, died_on, certificate. Of all, or of these NIK and days of birth."""
    return read(
        """select nik, name, birth_date, died_on, certificate from registry_death
           where %s::text[] is null or nik = any(%s) or birth_date = any(%s) order by id""",
        [niks, niks, list(births)],
        {
            "nik": pl.String,
            "name": pl.String,
            "birth_date": pl.Date,
            "died_on": pl.Date,
            "certificate": pl.String,
        },
    )
