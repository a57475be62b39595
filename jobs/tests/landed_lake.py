"""The random lake as landed CSV, an ingest program for it written by hand, and the scripts that make a set of it."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from curated_lake import BUCKET, read_json, write_inputs, write_json
from glue import ingest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curated_lake import SourceRows
    from engines.file_storage import FileStorage

    Unit = tuple[str, str]
    Published = list[dict[str, str]]

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_OFFSETS = (0, 120, -300, 345, -30)
_CASTS = {
    "text": {"duckdb": "{}", "spark": "{}"},
    "integer": {"duckdb": "CAST({} AS BIGINT)", "spark": "CAST({} AS BIGINT)"},
    "double": {"duckdb": "CAST({} AS DOUBLE)", "spark": "CAST({} AS DOUBLE)"},
    "boolean": {"duckdb": "CAST({} AS BOOLEAN)", "spark": "CAST({} AS BOOLEAN)"},
    "timestamp": {
        "duckdb": "make_timestamp(epoch_us(CAST({} AS TIMESTAMPTZ)))",
        "spark": "CAST({} AS TIMESTAMP)",
    },
}
_DAYS = {"duckdb": "strftime({}, '%Y-%m-%d')", "spark": "date_format({}, 'yyyy-MM-dd')"}


def landable(lake: Sequence[SourceRows]) -> list[SourceRows]:
    """The lake without what CSV cannot say: an empty text is NULL there."""
    return [
        replace(
            source, rows=[{name: None if value == "" else value for name, value in row.items()} for row in source.rows]
        )
        for source in lake
    ]


def units_of(lake: Sequence[SourceRows]) -> list[Unit]:
    """Source and name of every landing unit."""
    return [(source.name, unit) for source in lake for unit in sorted({row["_unit"] for row in source.rows})]


def ingest_program(lake: Sequence[SourceRows]) -> dict[str, Any]:
    """An ``IngestProgram``: events have one more column, when they were known; rows without it are quarantined."""
    return {"kind": "ingest", "version": 2, "sources": [_source_program(source) for source in lake]}


def _source_program(source: SourceRows) -> dict[str, Any]:
    engines = ("duckdb", "spark")
    names = [column["name"] for column in _landed_columns(source)]
    known = "" if source.event is None else "known_time, "
    return {
        "source": source.name,
        "kind": "static" if source.event is None else "events",
        "format": {"kind": "csv", "delimiter": ",", "quote": '"'},
        "columns": _landed_columns(source),
        "statements": {
            "typed": {engine: _typed(source, engine) for engine in engines},
            "accepted": {
                engine: f"SELECT _unit, {_day(source, engine)} AS day, {known}{', '.join(names)} FROM typed "
                "WHERE _reason IS NULL"
                for engine in engines
            },
            "quarantined": dict.fromkeys(
                engines, "SELECT _unit, _object, _line, _reason, _record FROM typed WHERE _reason IS NOT NULL"
            ),
        },
        "orderBy": names,
        "checks": [],
    }


def _landed_columns(source: SourceRows) -> list[dict[str, str]]:
    known = [] if source.event is None else [{"name": "known_at", "type": "timestamp"}]
    return [*map(dict, source.columns), *known]


def _typed(source: SourceRows, engine: str) -> str:
    columns = {column["name"]: _CASTS[column["type"]][engine] for column in _landed_columns(source)}
    casts = [f"{cast.format(name)} AS {name}" for name, cast in columns.items()]
    missing = "" if source.event is None else " WHEN known_at IS NULL THEN 'known time: missing'"
    known = [] if source.event is None else [f"{columns['known_at'].format('known_at')} AS known_time"]
    reason = f"CASE WHEN _damage IS NOT NULL THEN _damage{missing or ' WHEN false THEN _damage'} END AS _reason"
    return f"SELECT _unit, _object, _line, _record, {', '.join([*casts, *known, reason])} FROM raw"


def _day(source: SourceRows, engine: str) -> str:
    return "_unit" if source.event is None else _DAYS[engine].format(source.event)


def land(storage: FileStorage, lake: Sequence[SourceRows]) -> dict[Unit, dict[str, Any]]:
    """Writes one CSV file a unit; gives each unit's entry in the inputs of an ingest job."""
    landed = {}
    for source in lake:
        for unit in sorted({row["_unit"] for row in source.rows}):
            content = _csv(source, [row for row in source.rows if row["_unit"] == unit])
            key = f"raw/{source.name}/{unit}/export.csv"
            storage.write_bytes(f"s3://{BUCKET}/{key}", content)
            etag = hashlib.md5(content, usedforsecurity=False).hexdigest()
            landed[source.name, unit] = {
                "source": source.name,
                "unit": unit,
                "fingerprint": hashlib.sha256(f"{source.name}/{unit}".encode()).hexdigest()[:32],
                "objects": [{"key": key, "size": len(content), "etag": etag}],
            }
    write_json(storage, "ingest-program.json", ingest_program(lake))
    return landed


def _csv(source: SourceRows, rows: Sequence[Mapping[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = _landed_columns(source)
    writer.writerow([column["name"] for column in columns])
    for number, row in enumerate(rows):
        given = {**row, "known_at": row.get("known_time")}
        writer.writerow([_text(given[column["name"]], column["type"], number) for column in columns])
    return text.getvalue().encode()


def _text(value: Any, kind: str, number: int) -> str:  # noqa: ANN401
    """A value as a file spells it: instants with the offsets of several places, in turns."""
    if value is None:
        return ""
    if kind == "timestamp":
        zone = timezone(timedelta(minutes=_OFFSETS[number % len(_OFFSETS)]))
        return (_EPOCH + timedelta(microseconds=value)).astimezone(zone).isoformat(timespec="microseconds")
    return str(value).lower() if kind == "boolean" else str(value)


def ingest_units(
    storage: FileStorage, units: Sequence[dict[str, Any]], engine: str, attempt: str
) -> list[dict[str, str]]:
    """Runs the ingest script over some units and publishes each; gives their entries in a training set's inputs."""
    names = [source["source"] for source in read_json(storage, "ingest-program.json")["sources"]]
    write_json(storage, "ingest-inputs.json", {"version": 2, "batch": "b", "units": units})
    below = f"data/b/{attempt}/"
    given = {
        "program": f"s3://{BUCKET}/ingest-program.json",
        "inputs": f"s3://{BUCKET}/ingest-inputs.json",
        "reports": f"s3://{BUCKET}/ingest/p/b/{attempt}/",
        "curated": ",".join(f"s3://{BUCKET}/curated/{name}/{below}" for name in names),
        "quarantine": ",".join(f"s3://{BUCKET}/quarantine/{name}/{below}" for name in names),
        "attempt": attempt,
        "engine": engine,
        "execution": "e-0",
    }
    assert ingest.main([part for name, value in given.items() for part in (f"--{name}", value)]) == 0
    published = []
    for report in read_json(storage, f"ingest/p/b/{attempt}/report.json")["units"]:
        manifest = f"curated/{report['source']}/manifests/{report['unit']}/{attempt}.json"
        write_json(storage, manifest, {"version": 1, **report})
        published.append({"source": report["source"], "unit": report["unit"], "manifest": manifest})
    return published


def publish_inputs(
    storage: FileStorage, units: Sequence[dict[str, str]], program: Mapping[str, Any], slot: str
) -> None:
    """Writes program and inputs of a training set over published units."""
    write_json(storage, "program.json", program)
    write_inputs(storage, units, slot)
