"""Training sets over several sources: static tables, defaults, derived features, splits by entity, on both engines."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from curated_lake import source_schema
from engines.parquet_writer import write_table
from glue import build_training_set
from random_lake import (
    BUCKET,
    DAY,
    FIRST_DAY,
    HOUR,
    PREFIX,
    arguments,
    both,
    program,
    publish_lake,
    random_flights,
    view,
)
from test_build_training_set import SPLITS, files_below, read_json, read_split

if TYPE_CHECKING:
    from engines.file_storage import FileStorage
    from pyspark.sql import SparkSession

UTC = pa.timestamp("us", tz="UTC")
STORMS = [("A", 3, 0, 5), ("A", 6, -12, 7), ("C", 5, 30, 9), (None, 5, 0, 11)]
"""Origin, day since the first, hours until known, strength."""


def columns(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in pairs]


def aggregate(
    name: str, kind: str, value: str | None, default: float | None, windows: tuple[str, ...]
) -> dict[str, Any]:
    windowed = [{"name": f"{name}_{suffix}", "window": index, "position": None} for index, suffix in enumerate(windows)]
    latest = [{"name": name, "window": None, "position": None}]
    return {
        "name": name, "kind": kind, "value": value, "scale": 0, "quantile": None, "default": default,
        "columns": windowed if windows else latest,
    }  # fmt: skip


STORM_VIEW = {
    **view("storms", ["origin"], aggregates=[]),
    "source": "storms",
    "events": both("SELECT origin, MICROS(seen) AS event_time, MICROS(known_time) AS known_time, strength FROM storms"),
    "operands": [{"name": "strength", "type": "integer"}],
    "content": ["strength"],
    "windows": [{"suffix": "5d", "microseconds": 5 * DAY, "hop": None, "start": "open", "end": "closed"}],
    "aggregates": [
        aggregate("strongest", "max", "strength", -1, ("5d",)),
        aggregate("mean_strength", "mean", "strength", 0.5, ("5d",)),
        aggregate("last_strength", "latest", "strength", None, ()),
    ],
}
AIRPORT_VIEW = {
    **view("airports", ["origin"], aggregates=[]),
    "source": "airports",
    "entity": [{"event": "code", "label": "origin"}],
    "events": both("SELECT code, runways FROM airports"),
    "timeless": True,
    "operands": [{"name": "runways", "type": "integer"}],
    "content": [],
    "windows": [],
    "aggregates": [aggregate("runways", "latest", "runways", 1.5, ())],
}
RATIO = {
    "kind": "arithmetic",
    "operator": "divided-by",
    "left": {"kind": "column", "name": "strongest_5d", "type": "double"},
    "right": {"kind": "column", "name": "runways", "type": "double"},
}
FEATURES = ["strongest_5d", "mean_strength_5d", "last_strength", "runways", "ratio", "time_of_day"]


def described(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    flights = program()["sources"][0]
    storms = columns(("origin", "text"), ("seen", "timestamp"), ("strength", "integer"))
    return program(
        views=[STORM_VIEW, AIRPORT_VIEW],
        sources=[
            flights,
            source_schema("storms", "events", storms, [STORM_VIEW]),
            source_schema("airports", "static", columns(("code", "text"), ("runways", "integer")), []),
        ],
        derived=[{"name": "ratio", "expression": RATIO}],
        features=FEATURES,
        **changes,
    )


def publish(storage: FileStorage, document: dict[str, Any], airports: list[tuple[str | None, int | None]]) -> None:
    """The random lake, storms in one unit, and two units of airports of which the newest counts."""
    publish_lake(storage, random_flights(11, 400), document)
    inputs = read_json(storage, "inputs.json")
    for day in sorted({storm[1] for storm in STORMS}):
        rows = [storm for storm in STORMS if storm[1] == day]
        seen = [(FIRST_DAY + each[1]) * DAY for each in rows]
        table = pa.table(
            {
                "origin": pa.array([each[0] for each in rows], pa.string()),
                "seen": pa.array(seen, UTC),
                "strength": pa.array([each[3] for each in rows], pa.int64()),
                "known_time": pa.array([time + row[2] * HOUR for time, row in zip(seen, rows, strict=True)], UTC),
            }
        )
        inputs["units"].append(add_unit(storage, "storms", FIRST_DAY + day, table))
    for age, rows in enumerate([airports, [("A", 99), ("A", 98)]]):
        table = pa.table(
            {
                "code": pa.array([code for code, _ in rows], pa.string()),
                "runways": pa.array([runways for _, runways in rows], pa.int64()),
            }
        )
        inputs["units"].append(add_unit(storage, "airports", FIRST_DAY + 5 - age, table))
    storage.write_bytes(f"s3://{BUCKET}/inputs.json", json.dumps(inputs).encode())


def add_unit(storage: FileStorage, source: str, day: int, table: pa.Table) -> dict[str, str]:
    name = date.fromordinal(date(1970, 1, 1).toordinal() + day).isoformat()
    key = f"curated/{source}/data/b/a/unit={name}/day={name}/part.parquet"
    file = write_table(storage, f"s3://{BUCKET}/{key}", table).to_json()
    manifest = {"version": 1, "unit": name, "files": [{**file, "day": name}]}
    path = f"curated/{source}/manifests/{name}/x.json"
    storage.write_bytes(f"s3://{BUCKET}/{path}", json.dumps(manifest).encode())
    return {"source": source, "unit": name, "manifest": path}


AIRPORTS: list[tuple[str | None, int | None]] = [("A", 2), ("B", 0), ("é", None), (None, 4), ("Z", 5)]


def expected_features(row: dict[str, Any]) -> dict[str, Any]:
    """The features of a label by their definition."""
    known = [
        (time, time + late * HOUR, strength)
        for origin, day, late, strength in STORMS
        if origin is not None and origin == row["origin"]
        for time in [(FIRST_DAY + day) * DAY]
        if time <= row["label_time"] and time + late * HOUR <= row["label_time"]
    ]
    near = [strength for time, _, strength in known if time > row["label_time"] - 5 * DAY]
    strongest = max(near, default=-1)
    runways = dict(AIRPORTS).get(row["origin"]) if row["origin"] is not None else None
    runways = 1.5 if runways is None else runways
    return {
        "strongest_5d": strongest,
        "mean_strength_5d": sum(near) / len(near) if near else 0.5,
        "last_strength": max(known)[2] if known else None,
        "runways": runways,
        "ratio": strongest / runways if runways else None,
    }


def test_several_sources_defaults_and_derived_features_equal_the_definition(storage: FileStorage) -> None:
    publish(storage, described(), AIRPORTS)

    assert build_training_set.main(arguments("duckdb")) == 0

    rows = [row for split in SPLITS for row in read_split(storage, split)]
    assert {row["origin"] for row in rows} == {"A", "B", "AB", "é", None}
    for row in rows:
        assert {name: row[name] for name in FEATURES[:-1]} == expected_features(row)


def test_the_manifest_tells_defaults_expressions_bytes_and_views(storage: FileStorage) -> None:
    publish(storage, described(), AIRPORTS)

    assert build_training_set.main(arguments("duckdb")) == 0

    manifest = read_json(storage, f"{PREFIX}manifest.json")
    told = {each["name"]: (each["type"], each["default"], each.get("derived")) for each in manifest["features"]}
    assert told["strongest_5d"] == ("integer", -1, None)
    assert told["runways"] == ("double", 1.5, None)
    assert told["ratio"] == ("double", None, RATIO)
    read = {each["name"]: each for each in manifest["sources"]}
    assert 0 < read["airports"]["bytesRead"] < read["airports"]["bytesPresent"]
    assert manifest["bytesRead"] == sum(each["bytesRead"] for each in manifest["sources"])
    assert manifest["bytesPresent"] == sum(each["bytesPresent"] for each in manifest["sources"])
    recorded = read_json(storage, "feature-views/storms/storms-1.json")
    assert recorded["entity"] == ["origin"]
    assert {**recorded, "entity": None, "aggregates": None} == {**STORM_VIEW, "entity": None, "aggregates": None}
    assert [(each["name"], each["columns"]) for each in recorded["aggregates"]] == [
        ("strongest", [{"window": 0, "position": None}]),
        ("mean_strength", [{"window": 0, "position": None}]),
        ("last_strength", [{"window": None, "position": None}]),
    ]


def test_a_recorded_view_stays_as_it_is(storage: FileStorage) -> None:
    publish(storage, described(), AIRPORTS)
    storage.write_bytes(f"s3://{BUCKET}/feature-views/storms/storms-1.json", b'"first"')

    assert build_training_set.main(arguments("duckdb")) == 0

    assert read_json(storage, "feature-views/storms/storms-1.json") == "first"


BY_ENTITY = {"kind": "by-entity", "entity": ["origin", "destination"], "train": 0.4, "validation": 0.3, "test": 0.3}


def test_a_split_by_entity_parts_no_entity_and_purges_nothing(storage: FileStorage) -> None:
    publish(storage, described(split=BY_ENTITY), AIRPORTS)

    assert build_training_set.main(arguments("duckdb")) == 0

    parts = {split: read_split(storage, split) for split in SPLITS}
    entities = [{(row["origin"], row["destination"]) for row in rows} for rows in parts.values()]
    assert sum(len(each) for each in entities) == len(set.union(*entities))
    for rows in parts.values():
        assert [row["label_time"] for row in rows] == sorted(row["label_time"] for row in rows)
    summaries = read_json(storage, f"{PREFIX}manifest.json")["splits"]
    assert all(summary["purged"] == 0 for summary in summaries.values())


@pytest.mark.parametrize("split", [program()["split"], BY_ENTITY], ids=["by time", "by entity"])
def test_spark_gives_the_same_bytes(
    storage: FileStorage,
    spark: SparkSession,  # noqa: ARG001
    split: dict[str, Any],
) -> None:
    publish(storage, described(split=split), AIRPORTS)

    assert build_training_set.main(arguments("duckdb", "a", "sets/duckdb/")) == 0
    assert build_training_set.main(arguments("spark", "a", "sets/spark/")) == 0

    assert files_below(storage, "sets/spark/a/") == files_below(storage, "sets/duckdb/a/")


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_a_repeated_key_of_a_static_table_stops_the_run(
    storage: FileStorage,
    spark: SparkSession,  # noqa: ARG001
    capsys: pytest.CaptureFixture[str],
    engine: str,
) -> None:
    publish(storage, described(), [*AIRPORTS, ("Z", 6)])

    assert build_training_set.main(arguments(engine)) == 1

    told = capsys.readouterr().err.splitlines()[-1]
    assert told.startswith("ERROR STATIC_KEY_REPEATED: two rows of airports have the key code = 'Z'")
