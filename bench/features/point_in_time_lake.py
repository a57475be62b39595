"""Publishes a lake of events and labels whose every value is a function of its number: the same bytes everywhere.

An event has a value, a label has an outcome. Times are whole seconds of 180 days; an event is known up to a day after
it happened, a label at once. Files are one a UTC day, in the order and by the writer that the ingest job has.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
from engines.file_storage import FileStorage
from engines.parquet_writer import plain_schema, write_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

BUCKET = "data"
SOURCE = "happenings"
DAYS = 180
FIRST_DAY = date(2024, 1, 1)


def main(arguments: Sequence[str]) -> None:
    """Writes the lake below a folder; prints its units as a job's inputs list them."""
    parser = argparse.ArgumentParser(description="Publishes a lake of events and labels.")
    parser.add_argument("--root", type=Path, required=True, help="object root of the jobs")
    for name in ("events", "labels", "keys"):
        parser.add_argument(f"--{name}", type=int, required=True)
    given = parser.parse_args(arguments)
    with duckdb.connect() as connection:
        rows = connection.execute(rows_sql(given.events, given.labels, given.keys)).to_arrow_table()
    print(json.dumps(publish(FileStorage(given.root), rows)))


def rows_sql(events: int, labels: int, keys: int) -> str:
    """SELECT of events and labels: ``day`` (days after the first), then the columns of a curated file, in its order."""
    return f"""
        SELECT second // 86400 AS day, key, happened, happened + to_seconds(delay) AS reported, value, outcome,
            reported AS known_time
        FROM (
            SELECT *, TIMESTAMPTZ '{FIRST_DAY.isoformat()} 00:00:00+00' + to_seconds(second) AS happened
            FROM (
                SELECT {_hash("i", keys)} AS key, {_hash("i * 7", DAYS * 86400)} AS second,
                    {_hash("i * 13", 86400)} AS delay, {_hash("i * 17", 1000)} AS value, NULL::BIGINT AS outcome
                FROM range({events}) AS events(i)
                UNION ALL
                SELECT {_hash("i * 3 + 1", keys)}, {_hash("i * 11 + 5", DAYS * 86400)}, 0, NULL, {_hash("i * 19", 2)}
                FROM range({labels}) AS labels(i)))
        ORDER BY happened, known_time, key, value, outcome"""


def _hash(number: str, below: int) -> str:
    return f"CAST(hash({number}) % {below} AS BIGINT)"


def publish(storage: FileStorage, rows: pa.Table) -> list[dict[str, Any]]:
    """Writes a file and a manifest a day; gives the units."""
    days = rows["day"].to_numpy()
    data = rows.drop_columns(["day"])
    data = data.cast(plain_schema(data.schema))
    units: list[dict[str, Any]] = []
    for day in range(DAYS):
        start, end = (int(row) for row in np.searchsorted(days, [day, day + 1]))
        unit = date.fromordinal(FIRST_DAY.toordinal() + day).isoformat()
        key = f"curated/{SOURCE}/data/b/a/unit={unit}/day={unit}/part.parquet"
        file = write_table(storage, f"s3://{BUCKET}/{key}", data.slice(start, end - start)).to_json()
        manifest = f"curated/{SOURCE}/manifests/{unit}/u.json"
        document = {"version": 1, "source": SOURCE, "unit": unit, "files": [{**file, "day": unit}]}
        storage.write_bytes(f"s3://{BUCKET}/{manifest}", json.dumps(document).encode())
        units.append({"source": SOURCE, "unit": unit, "manifest": manifest})
    return units


if __name__ == "__main__":
    main(sys.argv[1:])
