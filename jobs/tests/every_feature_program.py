"""A training-set program with every kind of aggregate, window, join and derived feature over the random lake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from curated_lake import DAY, source_schema
from every_feature_lake import HOUR, LEAD, READINGS, TRIPS, ZONE_TABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    Json = dict[str, Any]


def both(sql: str) -> dict[str, str]:
    """A statement in both dialects, which differ in MICROS."""
    return {"duckdb": sql.replace("MICROS(", "epoch_us("), "spark": sql.replace("MICROS(", "unix_micros(")}


def window(suffix: str, length: int, hop: int | None = None, start: str = "open", end: str = "closed") -> Json:
    return {"suffix": suffix, "microseconds": length, "hop": hop, "start": start, "end": end}


def aggregate(kind: str, name: str, value: str | None = None, **options: Any) -> Json:  # noqa: ANN401
    """An aggregate without its columns; ``over`` are indices of windows, ``count`` is the n of last n."""
    return {"kind": kind, "name": name, "value": value, "scale": 0, "quantile": None, "default": None, **options}


def view(name: str, source: str, entity: dict[str, str], aggregates: Sequence[Json], **given: Any) -> Json:  # noqa: ANN401
    """A view's program: ``given`` are statement, operands (name → type), windows, ttl and whether it corrects."""
    windows = given.pop("windows", [])
    operands = given.pop("operands")
    return {
        "name": name,
        "version": f"{name}-1",
        "source": source,
        "entity": [{"event": event, "label": label} for event, label in entity.items()],
        "timeless": False,
        "corrects": False,
        "operands": [{"name": each, "type": kind} for each, kind in operands.items()],
        "content": list(operands),
        "windows": windows,
        "ttl": None,
        "aggregates": [_with_columns(name, each, windows) for each in aggregates],
        **given,
    }


def _with_columns(view_name: str, each: Json, windows: Sequence[Json]) -> Json:
    each = dict(each)
    over, count = each.pop("over", range(len(windows))), each.pop("count", None)
    stem = f"{view_name}__{each['name']}"
    if each["kind"] == "latest":
        return {**each, "columns": [{"name": stem, "window": None, "position": None}]}
    columns = [
        {"name": f"{stem}_{windows[index]['suffix']}{suffix}", "window": index, "position": position}
        for index in over
        for position, suffix in ([(n, f"_{n}") for n in range(1, count + 1)] if count else [(None, "")])
    ]
    return {**each, "columns": columns}


WINDOWS = [
    window("6h", 6 * HOUR),
    window("36h_by_6h", 36 * HOUR, hop=6 * HOUR, start="closed"),
    window("1d_closed_open", DAY, start="closed", end="open"),
    window("2d_open", 2 * DAY, end="open"),
]
TRIP_OPERANDS = {
    "riders": "integer", "fare": "double", "paid": "integer",
    "driver": "text", "cents": "integer", "many": "integer",
}  # fmt: skip
TRIP_AGGREGATES = [
    aggregate("count", "trips"),
    aggregate("count", "crowded", "many"),
    aggregate("count-distinct", "drivers", "driver"),
    aggregate("count-distinct", "fares", "fare", over=[0, 1]),
    aggregate("sum", "riders", "riders", default=0),
    aggregate("sum", "fare", "cents", scale=2),
    aggregate("mean", "mean_fare", "cents", scale=2, default=-1.5),
    aggregate("share", "paid", "paid"),
    aggregate("variance", "fare_variance", "cents", scale=2),
    aggregate("min", "min_fare", "fare"),
    aggregate("max", "max_many", "many", over=[1, 3]),
    aggregate("first", "first_riders", "riders"),
    aggregate("last", "last_fare", "fare"),
    aggregate("last-n", "recent", "riders", count=3, over=[0, 3]),
    aggregate("quantile", "median_fare", "cents", scale=2, quantile="0.5"),
    aggregate("quantile", "high_riders", "riders", quantile="0.9", over=[3]),
]
LATEST = [aggregate("latest", "newest_fare", "fare", default=0.5), aggregate("latest", "newest_many", "many")]
READING_AGGREGATES = [
    aggregate("latest", "heat", "heat"),
    aggregate("min", "coldest", "heat"),
    aggregate("max", "hottest", "heat"),
    aggregate("quantile", "quartile", "heat", quantile="0.25"),
    aggregate("count-distinct", "skies", "sky"),
    aggregate("first", "first_heat", "heat"),
    aggregate("last-n", "heats", "heat", count=2),
]

TRIP_SQL = (
    "SELECT zone, target, line, MICROS(started) AS event_time, MICROS(known_time) AS known_time, trip AS row_key, "
    "riders, fare, CAST(paid AS INT) AS paid, driver, CAST(fare * 100 AS BIGINT) AS cents, "
    "CASE WHEN riders >= 3 THEN riders END AS many FROM trips"
)
READING_SQL = (
    "SELECT place, MICROS(taken) AS event_time, MICROS(known_time) AS known_time, reading AS row_key, heat, sky "
    "FROM readings"
)
LABEL_SQL = f"""
SELECT MICROS(started) + ({{after}}) AS label_time, MICROS(known_time) AS known_time, CAST(riders >= 3 AS INT) AS label,
  zone, target, line, CAST(MICROS(started) % {DAY} AS BIGINT) AS time_of_day, fare AS own_fare
FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY trip ORDER BY known_time DESC, riders DESC NULLS LAST,
  fare DESC NULLS LAST, paid DESC NULLS LAST, driver DESC NULLS LAST) AS newest FROM trips) AS versions
WHERE trip IS NULL OR newest = 1"""


def trip_view(name: str, entity: dict[str, str], **given: Any) -> Json:  # noqa: ANN401
    given = {"windows": WINDOWS, "aggregates": TRIP_AGGREGATES, "operands": TRIP_OPERANDS, "ttl": 3 * DAY, **given}
    return view(name, "trips", entity, given.pop("aggregates"), events=both(TRIP_SQL), **given)


def reading_view(name: str, label: str, **given: Any) -> Json:  # noqa: ANN401
    given = {"operands": {"heat": "double", "sky": "text"}, "windows": [window("3d", 3 * DAY)], **given}
    return view(
        name, "readings", {"place": label}, READING_AGGREGATES, events=both(READING_SQL), corrects=True, **given
    )


def zone_view(name: str, label: str) -> Json:
    aggregates = [aggregate("latest", "area", "area"), aggregate("latest", "height", "height", default=-1)]
    events = both("SELECT zone, area, height FROM zones")
    operands = {"area": "integer", "height": "double"}
    return view(name, "zones", {"zone": label}, aggregates, events=events, operands=operands, timeless=True)


VIEWS = [
    trip_view("zone_trips", {"zone": "zone"}, corrects=True, aggregates=[*TRIP_AGGREGATES, *LATEST]),
    trip_view("target_trips", {"zone": "target"}, corrects=True, windows=WINDOWS[:2], aggregates=TRIP_AGGREGATES[:3]),
    trip_view("line_trips", {"line": "line"}, corrects=True, windows=WINDOWS[2:], aggregates=TRIP_AGGREGATES[:8]),
    trip_view("route_trips", {"zone": "zone", "target": "target"}, aggregates=[*TRIP_AGGREGATES[:10], *LATEST]),
    reading_view("zone_readings", "zone"),
    reading_view("target_readings", "target", ttl=2 * DAY),
    zone_view("zone_facts", "zone"),
    zone_view("target_facts", "target"),
]


def column(name: str) -> Json:
    return {"kind": "column", "name": name, "type": "double"}


def operation(kind: str, operator: str, left: Json, right: Json) -> Json:
    return {"kind": kind, "operator": operator, "left": left, "right": right}


DERIVED = [
    {
        "name": "fare_a_trip",
        "expression": operation(
            "arithmetic", "divided-by", column("zone_trips__fare_6h"), column("zone_trips__trips_36h_by_6h")
        ),
    },
    {
        "name": "fare_a_trip_of_its_mean",
        "expression": operation(
            "arithmetic", "divided-by", column("fare_a_trip"), column("zone_trips__mean_fare_2d_open")
        ),
    },
    {
        "name": "hotter_there",
        "expression": operation(
            "comparison", "more-than", column("target_readings__heat"), column("zone_readings__heat")
        ),
    },
    {
        "name": "beyond_doubles",
        "expression": operation(
            "arithmetic",
            "times",
            operation("arithmetic", "times", column("zone_readings__heat"), column("zone_readings__heat")),
            {"kind": "literal", "type": "double", "value": 1e290},
        ),
    },
]
ENTITIES = {"zone": "text", "target": "text", "line": "integer"}
BY_TIME = {"kind": "by-time", "train": 0.6, "validation": 0.2, "test": 0.2, "embargoMicroseconds": HOUR}
BY_ENTITY = {"kind": "by-entity", "entity": ["zone", "line"], "train": 0.5, "validation": 0.25, "test": 0.25}


def columns_of(each: Json) -> list[str]:
    """Output columns of a view, in order."""
    return [made["name"] for one in each["aggregates"] for made in one["columns"]]


def program(**changes: Any) -> Json:  # noqa: ANN401
    """The whole program, or with other views, derived features, split, history or labels ``after`` their trip."""
    views, after = changes.pop("views", VIEWS), changes.pop("after", -LEAD)
    derived = changes.pop("derived", DERIVED if views is VIEWS else [])
    sources = {"trips": ("events", TRIPS), "readings": ("events", READINGS), "zones": ("static", ZONE_TABLE)}
    used = dict.fromkeys(["trips", *(each["source"] for each in views)])
    return {
        "kind": "training-set",
        "version": 3,
        "pipeline": "p",
        "sources": [source_schema(name, *sources[name], views, after if name == "trips" else 0) for name in used],
        "labels": both(LABEL_SQL.format(after=after)),
        "entityColumns": [{"name": name, "type": kind} for name, kind in ENTITIES.items()],
        "labelFeatures": ["time_of_day", "own_fare"],
        "views": views,
        "derived": derived,
        "features": [
            "time_of_day",
            *(name for each in views for name in columns_of(each)),
            *(each["name"] for each in derived),
            "own_fare",
        ],
        "historyMicroseconds": 8 * DAY,
        "split": BY_TIME,
        **changes,
    }
