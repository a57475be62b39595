"""Publishes tables as curated units of several sources, and runs and reads training sets over them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
from engines.parquet_writer import write_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engines.file_storage import FileStorage

BUCKET = "data"
DAY = 86_400_000_000
ARROW_TYPES = {
    "text": pa.string(),
    "integer": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "timestamp": pa.timestamp("us", tz="UTC"),
}
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class SourceRows:
    """Rows of a source as published: a dict a row with the declared columns, ``known_time`` and the unit it landed in.

    ``event`` names the event time, whose UTC day is the file's; None: a static table.
    """

    name: str
    columns: Sequence[Mapping[str, str]]
    event: str | None
    rows: Sequence[Mapping[str, Any]]


def source_schema(
    name: str, kind: str, columns: Sequence[Mapping[str, str]], views: Sequence[Mapping[str, Any]], after: int = 0
) -> dict[str, Any]:
    """A source as a program names it, read by views and by labels that are made so long ``after`` their events."""
    return {
        "name": name,
        "kind": kind,
        "columns": list(columns),
        "lookbackMicroseconds": lookback_of([view for view in views if view["source"] == name], after),
    }


def lookback_of(views: Sequence[Mapping[str, Any]], after: int) -> int | None:
    """How far before a label time views reach, or labels made ``after`` their events; None: from the beginning."""
    timed = [view for view in views if not view["timeless"]]
    ttls = [view["ttl"] for view in timed if any(each["kind"] == "latest" for each in view["aggregates"])]
    windows = [each["microseconds"] + (each["hop"] or 0) + 1 for view in timed for each in view["windows"]]
    return None if None in ttls else max([0, after, *windows, *ttls])


def iso_day(microseconds: int) -> str:
    return (_EPOCH.date() + timedelta(days=microseconds // DAY)).isoformat()


def microseconds(slot: str) -> int:
    return (datetime.strptime(slot, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc) - _EPOCH) // timedelta(
        microseconds=1
    )


def days_since_epoch(day: str) -> int:
    return date.fromisoformat(day).toordinal() - _EPOCH.date().toordinal()


def publish(storage: FileStorage, sources: Sequence[SourceRows], program: Mapping[str, Any], slot: str) -> None:
    """Writes units, their manifests, and the program and inputs of one job."""
    write_inputs(storage, [unit for source in sources for unit in _publish_units(storage, source)], slot)
    write_json(storage, "program.json", program)


def write_inputs(storage: FileStorage, units: Sequence[Mapping[str, str]], slot: str) -> None:
    """Writes which units a job reads, of all sources."""
    write_json(storage, "inputs.json", {"version": 2, "slot": slot, "fingerprint": "f", "units": units})


def write_json(storage: FileStorage, key: str, value: object) -> None:
    storage.write_bytes(f"s3://{BUCKET}/{key}", json.dumps(value).encode())


def read_json(storage: FileStorage, key: str) -> Any:  # noqa: ANN401
    return json.loads(storage.read_bytes(f"s3://{BUCKET}/{key}"))


def _publish_units(storage: FileStorage, source: SourceRows) -> list[dict[str, str]]:
    units = []
    for unit in sorted({row["_unit"] for row in source.rows}):
        landed = [row for row in source.rows if row["_unit"] == unit]
        files = []
        for day in sorted({_day(source, row) for row in landed}):
            table = _table(source, [row for row in landed if _day(source, row) == day], day)
            key = f"curated/{source.name}/data/b/a/unit={unit}/day={day}/part.parquet"
            files.append({**write_table(storage, f"s3://{BUCKET}/{key}", table).to_json(), "day": day})
        manifest = f"curated/{source.name}/manifests/{unit}/x.json"
        write_json(storage, manifest, {"version": 1, "source": source.name, "unit": unit, "files": files})
        units.append({"source": source.name, "unit": unit, "manifest": manifest})
    return units


def _day(source: SourceRows, row: Mapping[str, Any]) -> str:
    return row["_unit"] if source.event is None else iso_day(row[source.event])


def _table(source: SourceRows, rows: Sequence[Mapping[str, Any]], day: str) -> pa.Table:
    columns = {"_unit": pa.array([row["_unit"] for row in rows]), "day": pa.array([day] * len(rows))}
    for column in source.columns:
        values = [row[column["name"]] for row in rows]
        columns[column["name"]] = pa.array(values, ARROW_TYPES[column["type"]])
    if source.event is not None:
        columns["known_time"] = pa.array([row["known_time"] for row in rows], ARROW_TYPES["timestamp"])
    return pa.table(columns)


def arguments(engine: str, prefix: str, attempt: str = "a") -> list[str]:
    """Command line of the training-set job."""
    given = {
        "program": f"s3://{BUCKET}/program.json",
        "inputs": f"s3://{BUCKET}/inputs.json",
        "bucket": BUCKET,
        "prefix": prefix,
        "attempt": attempt,
        "engine": engine,
        "execution": "e-0",
    }
    return [part for name, value in given.items() for part in (f"--{name}", value)]


def read_rows(storage: FileStorage, prefix: str, split: str) -> list[dict[str, Any]]:
    """Rows of a split in the order of its files and of each file; times as microseconds."""
    manifest = read_json(storage, f"{prefix}manifest.json")
    rows: list[dict[str, Any]] = []
    for file in read_json(storage, manifest["files"]["key"]):
        if file["split"] == split:
            table = pq.read_table(pa.BufferReader(storage.read_bytes(f"s3://{BUCKET}/{file['key']}")))
            for name in ("label_time", "known_time"):
                table = table.set_column(table.column_names.index(name), name, table[name].cast(pa.int64()))
            rows += table.to_pylist()
    return rows


def written_files(storage: FileStorage, prefix: str) -> dict[str, bytes]:
    """Parquet files and distribution below an attempt, by relative name."""
    root = Path(str(storage.local_path(f"s3://{BUCKET}/{prefix}")))
    named = {str(path.relative_to(root)): path for path in sorted(root.rglob("*")) if path.is_file()}
    return {
        name: path.read_bytes() for name, path in named.items() if name.endswith(("part.parquet", "distribution.json"))
    }
