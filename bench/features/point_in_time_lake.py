"""Publishes a lake of events and labels whose every value is a function of its number: the same bytes everywhere.

Known time is event time and up to a day; both are whole seconds of 180 days. Files are one a UTC day, in the order and
with the writer that the ingest job has.
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
DAYS = 180
SECONDS = DAYS * 86_400
FIRST = "TIMESTAMPTZ '2024-01-01 00:00:00+00'"


def main(arguments: Sequence[str]) -> None:
    """Writes the lake below a folder and prints nothing."""
    parser = argparse.ArgumentParser(description="Publishes a lake of events and labels.")
    parser.add_argument("--root", type=Path, required=True, help="object root of the jobs")
    for name in ("events", "labels", "keys"):
        parser.add_argument(f"--{name}", type=int, required=True)
    given = parser.parse_args(arguments)
    storage = FileStorage(given.root)
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        publish(storage, "events", connection.execute(events_sql(given.events, given.keys)).to_arrow_table())
        publish(storage, "labels", connection.execute(labels_sql(given.labels, given.keys)).to_arrow_table())


def events_sql(count: int, keys: int) -> str:
    """SELECT of events, by day and in the order of a curated file."""
    happened = f"CAST(hash(i * 7) % {SECONDS} AS BIGINT)"
    return f"""
        SELECT {happened} // 86400 AS day, CAST(hash(i) % {keys} AS BIGINT) AS key,
            {FIRST} + to_seconds({happened}) AS happened,
            {FIRST} + to_seconds({happened} + CAST(hash(i * 13) % 86400 AS BIGINT)) AS reported,
            CAST(hash(i * 17) % 1000 AS BIGINT) AS value, reported AS known_time
        FROM range({count}) AS numbers(i)
        ORDER BY happened, known_time, key, value"""


def labels_sql(count: int, keys: int) -> str:
    """SELECT of labels, by day and in the order of a curated file; a label is known at once."""
    asked = f"CAST(hash(i * 11 + 5) % {SECONDS} AS BIGINT)"
    return f"""
        SELECT {asked} // 86400 AS day, CAST(hash(i * 3 + 1) % {keys} AS BIGINT) AS key,
            {FIRST} + to_seconds({asked}) AS asked, CAST(hash(i * 19) % 2 AS BIGINT) AS outcome, asked AS known_time
        FROM range({count}) AS numbers(i)
        ORDER BY asked, key, outcome"""


def publish(storage: FileStorage, source: str, rows: pa.Table) -> None:
    """Writes a file and a manifest a day, and ``<source>.json``: the units as a job's inputs list them."""
    days = rows["day"].to_numpy()
    data = rows.drop_columns(["day"]).cast(plain_schema(rows.drop_columns(["day"]).schema))
    first = date(2024, 1, 1).toordinal()
    units: list[dict[str, Any]] = []
    for day in range(DAYS):
        start, end = np.searchsorted(days, [day, day + 1])
        if start == end:
            continue
        unit = date.fromordinal(first + day).isoformat()
        key = f"curated/{source}/data/b/a/unit={unit}/day={unit}/part.parquet"
        file = write_table(storage, f"s3://{BUCKET}/{key}", data.slice(start, end - start)).to_json()
        manifest = f"curated/{source}/manifests/{unit}/u.json"
        document = {"version": 1, "source": source, "unit": unit, "files": [{**file, "day": unit}]}
        storage.write_bytes(f"s3://{BUCKET}/{manifest}", json.dumps(document).encode())
        units.append({"unit": unit, "manifest": manifest})
    storage.write_bytes(f"s3://{BUCKET}/{source}.json", json.dumps(units).encode())


if __name__ == "__main__":
    main(sys.argv[1:])
