"""A small published lake with every nuisance that the training-set job must stand, and a program over it.

Rows are late, duplicate, tied, NULL and corrected; SQL is written by hand in both engines' dialects.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from curated_lake import source_schema
from engines.parquet_writer import write_table
from naive_timeline import Row, aggregate, in_force

if TYPE_CHECKING:
    from engines.file_storage import FileStorage

HOUR = 3_600_000_000
DAY = 24 * HOUR
SLOT = "2001-01-20T06:00:00Z"
SLOT_TIME = (date(2001, 1, 20) - date(1970, 1, 1)).days * DAY + 6 * HOUR
FIRST_DAY = SLOT_TIME // DAY - 14
BUCKET = "data"
PREFIX = "training-sets/p/f/"
WINDOWS = (("6h", 6 * HOUR), ("2d", 2 * DAY))


@dataclass(frozen=True)
class Flight:
    """A row of the source; times in UTC microseconds."""

    departure: int
    delay: int | None
    level: float | None
    origin: str | None
    destination: str | None
    key: str | None
    known: int


def random_flights(seed: int, count: int = 300) -> list[Flight]:
    random = Random(seed)  # noqa: S311 - test data
    flights = []
    for number in range(count):
        departure = FIRST_DAY * DAY + random.randrange(0, 15 * 24 * 4) * HOUR // 4
        flight = Flight(
            departure=departure,
            delay=random.choice([None, *range(-5, 60, 5)]),
            level=random.choice([None, 0.5, -1.25, 3.0]),
            origin=random.choice(["A", "B", "AB", "é", None]),
            destination=random.choice(["A", "C", None]),
            key=random.choice([None, f"k{number}"]),
            known=departure + random.choice([-1, 0, 1, 5, 30, 60]) * HOUR,
        )
        flights.append(flight)
        while flight.key is not None and random.random() < 0.4:
            late = flight.known + random.choice([0, 1, 20]) * HOUR
            flight = Flight(**{**vars(flight), "known": late, "delay": random.choice([None, 0, 20, 45])})
            flights.append(flight)
        if random.random() < 0.1:
            flights.append(flights[-1])
    return flights


COLUMNS = [
    {"name": name, "type": kind}
    for name, kind in (
        ("departure", "timestamp"),
        ("delay", "integer"),
        ("level", "double"),
        ("origin", "text"),
        ("destination", "text"),
        ("key", "text"),
    )
]


def both(sql: str) -> dict[str, str]:
    return {"duckdb": sql.replace("MICROS(", "epoch_us("), "spark": sql.replace("MICROS(", "unix_micros(")}


TIMES = "MICROS(departure) AS event_time, MICROS(known_time) AS known_time"
WINDOWED = [
    {"name": "flights", "kind": "count", "value": None},
    {"name": "delay", "kind": "sum", "value": "delay"},
    {"name": "mean_delay", "kind": "mean", "value": "delay"},
    {"name": "late_share", "kind": "share", "value": "late"},
]
LATEST = [
    {"name": "last_delay", "kind": "latest", "value": "delay"},
    {"name": "last_level", "kind": "latest", "value": "level"},
]


def view(name: str, entity: list[str], **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    expressions = {"delay": "delay", "level": "level", "late": "CAST(delay >= 15 AS INT) AS late"}
    aggregates = changes.pop("aggregates", WINDOWED)
    used = list(dict.fromkeys(each["value"] for each in aggregates if each["value"] is not None))
    operands = ", ".join(expressions[each] for each in used)
    windows = changes.pop("windows", WINDOWS)
    events = f"SELECT {', '.join(entity)}, {TIMES}, key AS row_key, {operands} FROM flights"
    return {
        "name": name,
        "version": f"{name}-1",
        "source": "flights",
        "entity": [{"event": column, "label": column} for column in entity],
        "events": both(events),
        "timeless": False,
        "corrects": False,
        "operands": [{"name": each, "type": "double" if each == "level" else "integer"} for each in used],
        "content": used,
        "windows": [
            {"suffix": suffix, "microseconds": length, "hop": None, "start": "open", "end": "closed"}
            for suffix, length in windows
        ],
        "ttl": None,
        "aggregates": [aggregate_program(name, each, windows) for each in aggregates],
        **changes,
    }


def aggregate_program(view_name: str, each: dict[str, Any], windows: tuple[tuple[str, int], ...]) -> dict[str, Any]:
    stem = f"{view_name}__{each['name']}"
    windowed = [
        {"name": f"{stem}_{suffix}", "window": index, "position": None} for index, (suffix, _) in enumerate(windows)
    ]
    columns = [{"name": stem, "window": None, "position": None}] if each["kind"] == "latest" else windowed
    return {"scale": 0, "quantile": None, "default": None, **each, "columns": columns}


def program(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    views = [
        view("origin", ["origin"]),
        view("route", ["origin", "destination"], corrects=True, aggregates=[*WINDOWED, *LATEST], ttl=3 * DAY),
        view("destination", ["destination"], aggregates=LATEST, windows=()),
    ]
    views = changes.pop("views", views)
    return {
        "kind": "training-set",
        "version": 3,
        "pipeline": "p",
        "sources": [source_schema("flights", "events", COLUMNS, views)],
        "labels": both(
            f"SELECT MICROS(departure) - {2 * HOUR} AS label_time, MICROS(known_time) AS known_time, "
            "CAST(delay >= 15 AS INT) AS label, origin, destination, level AS own_level, "
            f"CAST(MICROS(departure) % {DAY} AS BIGINT) AS time_of_day FROM flights"
        ),
        "entityColumns": [{"name": "origin", "type": "text"}, {"name": "destination", "type": "text"}],
        "labelFeatures": ["own_level", "time_of_day"],
        "views": views,
        "derived": [],
        "features": ["time_of_day", *(column for each in views for column in columns_of(each)), "own_level"],
        "historyMicroseconds": 10 * DAY,
        "split": {"kind": "by-time", "train": 0.6, "validation": 0.2, "test": 0.2, "embargoMicroseconds": 0},
        **changes,
    }


def columns_of(each: dict[str, Any]) -> list[str]:
    return [column["name"] for one in each["aggregates"] for column in one["columns"]]


def publish_lake(storage: FileStorage, flights: list[Flight], program_json: dict[str, Any]) -> None:
    """Writes curated files by day of departure, their manifests, and the inputs and program of one job."""
    units = []
    for day in sorted({flight.departure // DAY for flight in flights}):
        rows = [flight for flight in flights if flight.departure // DAY == day]
        name = date.fromordinal(date(1970, 1, 1).toordinal() + day).isoformat()
        table = pa.table(
            {
                "_unit": pa.array([name] * len(rows)),
                "day": pa.array([name] * len(rows)),
                "departure": pa.array([row.departure for row in rows], pa.timestamp("us", tz="UTC")),
                "delay": pa.array([row.delay for row in rows], pa.int64()),
                "level": pa.array([row.level for row in rows], pa.float64()),
                "origin": pa.array([row.origin for row in rows], pa.string()),
                "destination": pa.array([row.destination for row in rows], pa.string()),
                "key": pa.array([row.key for row in rows], pa.string()),
                "known_time": pa.array([row.known for row in rows], pa.timestamp("us", tz="UTC")),
            }
        )
        key = f"curated/flights/data/b/a/unit={name}/day={name}/part.parquet"
        file = write_table(storage, f"s3://{BUCKET}/{key}", table).to_json()
        manifest = f"curated/flights/manifests/{name}/x.json"
        _write(storage, manifest, {"version": 1, "unit": name, "files": [{**file, "day": name}]})
        units.append({"source": "flights", "unit": name, "manifest": manifest})
    inputs = {"version": 2, "slot": SLOT, "fingerprint": "f", "units": units}
    _write(storage, "inputs.json", inputs)
    _write(storage, "program.json", program_json)


def arguments(engine: str, attempt: str = "a", prefix: str = PREFIX) -> list[str]:
    given = {
        "program": f"s3://{BUCKET}/program.json",
        "inputs": f"s3://{BUCKET}/inputs.json",
        "bucket": BUCKET,
        "prefix": prefix,
        "attempt": attempt,
        "engine": engine,
        "execution": "2001-01-20T06-00-00Z-0",
    }
    return [part for name, value in given.items() for part in (f"--{name}", value)]


def naive_training_set(flights: list[Flight], program_json: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The set by definition: row by row, in order, by split; and what was purged."""
    known = [flight for flight in flights if flight.known <= SLOT_TIME]
    rows = sorted(
        (
            {
                "label_time": flight.departure - 2 * HOUR,
                "known_time": flight.known,
                "label": int(flight.delay >= 15),
                "origin": flight.origin,
                "destination": flight.destination,
                "own_level": flight.level,
                "time_of_day": flight.departure % DAY,
            }
            for flight in known
            if flight.delay is not None
            and SLOT_TIME - program_json["historyMicroseconds"] <= flight.departure - 2 * HOUR < SLOT_TIME
        ),
        key=_content,
    )
    for row in rows:
        for each in program_json["views"]:
            row.update(_features(row, known, each))
    split = program_json["split"]
    first = rows[int(round(split["train"] * 10) * len(rows) // 10)]["label_time"]
    second = rows[int(round((split["train"] + split["validation"]) * 10) * len(rows) // 10)]["label_time"]
    embargo = split["embargoMicroseconds"]
    parts: dict[str, list[dict[str, Any]]] = {"train": [], "validation": [], "test": [], "purged": []}
    for row in rows:
        name = "train" if row["label_time"] < first else "validation" if row["label_time"] < second else "test"
        limit = {"train": first - embargo, "validation": second - embargo, "test": SLOT_TIME}[name]
        parts[name if row["known_time"] <= limit else "purged"].append(row)
    return parts


def entity_of(each: dict[str, Any]) -> list[str]:
    return [column["label"] for column in each["entity"]]


def _features(row: dict[str, Any], known: list[Flight], each: dict[str, Any]) -> dict[str, Any]:
    operands = ("delay", "level", "late")
    content = list(dict.fromkeys(one["value"] for one in each["aggregates"] if one["value"] is not None))
    events = []
    for flight in known:
        late = None if flight.delay is None else int(flight.delay >= 15)
        values = {"delay": flight.delay, "level": flight.level, "late": late}
        entity = tuple(getattr(flight, column) for column in entity_of(each))
        fact = flight.key if each["corrects"] else None
        events.append(Row(entity, flight.departure, flight.known, fact, tuple(values[name] for name in content)))
    assert set(content) <= set(operands)
    entity = tuple(row[column] for column in entity_of(each))
    result = {}
    for one in each["aggregates"]:
        windows = [("", each["ttl"])] if one["kind"] == "latest" else [(f"_{s}", w) for s, w in WINDOWS]
        operand = None if one["value"] is None else content.index(one["value"])
        for suffix, window in windows:
            counted = in_force(events, entity, row["label_time"], window)
            result[f"{each['name']}__{one['name']}{suffix}"] = aggregate(one["kind"], operand, counted)
    return result


def _content(row: dict[str, Any]) -> tuple[Any, ...]:
    values = (row["origin"], row["destination"], row["own_level"], row["time_of_day"])
    present = [(value is not None, value.encode() if isinstance(value, str) else value or 0) for value in values]
    return (row["label_time"], *present, row["known_time"], row["label"])


def _write(storage: FileStorage, key: str, value: object) -> None:
    storage.write_bytes(f"s3://{BUCKET}/{key}", json.dumps(value).encode())
