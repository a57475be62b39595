"""The training-set job against SQL that shares nothing with it: range joins over the published files, on DuckDB."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pytest
from curated_lake import BUCKET, DAY, arguments, publish, read_rows
from every_feature_lake import HOUR, SLOT, SLOT_TIME, random_lake
from every_feature_program import program
from glue import build_training_set
from naive_set import SPLITS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from engines.file_storage import FileStorage

TRIPS = """
CREATE TABLE trips AS
SELECT zone, target, riders, fare, driver, CAST(paid AS INT) AS paid, CAST(fare * 100 AS BIGINT) AS cents,
  CASE WHEN riders >= 3 THEN riders END AS many, epoch_us(started) AS event, epoch_us(known_time) AS known,
  struct_pack(a := epoch_us(started), b := epoch_us(known_time), c := coalesce(riders, -1), d := coalesce(fare, -1e9),
    e := coalesce(CAST(paid AS INT), -1), f := driver IS NOT NULL, g := coalesce(driver, '')) AS place,
  coalesce(lead(epoch_us(known_time)) OVER (PARTITION BY trip ORDER BY known_time, riders NULLS FIRST,
    fare NULLS FIRST, paid NULLS FIRST, driver NULLS FIRST), {forever}) AS corrected, trip IS NOT NULL AS has_key
FROM read_parquet('{root}/curated/trips/data/**/*.parquet')
WHERE known_time IS NOT NULL AND epoch_us(known_time) <= {slot}
"""
AGGREGATES = {
    "trips": "count(e.event)",
    "crowded": "count(e.many)",
    "drivers": "count(DISTINCT e.driver)",
    "fares": "count(DISTINCT e.fare)",
    "riders": "coalesce(sum(e.riders), 0)",
    "fare": "sum(e.fare)",
    "mean_fare": "coalesce(avg(e.fare), -1.5)",
    "paid": "avg(e.paid)",
    "fare_variance": "var_samp(e.fare)",
    "min_fare": "min(e.fare)",
    "max_many": "max(e.many)",
    "first_riders": "arg_min(e.riders, e.place) FILTER (e.riders IS NOT NULL)",
    "last_fare": "arg_max(e.fare, e.place) FILTER (e.fare IS NOT NULL)",
    "median_fare": "quantile_cont(e.fare, 0.5)",
    "high_riders": "quantile_cont(CAST(e.riders AS DOUBLE), 0.9)",
    "recent_1": "(arg_max(e.riders, e.place, 3) FILTER (e.riders IS NOT NULL))[1]",
    "recent_2": "(arg_max(e.riders, e.place, 3) FILTER (e.riders IS NOT NULL))[2]",
    "recent_3": "(arg_max(e.riders, e.place, 3) FILTER (e.riders IS NOT NULL))[3]",
}
LATEST = {
    "newest_fare": "coalesce(arg_max(e.fare, e.place) FILTER (e.fare IS NOT NULL), 0.5)",
    "newest_many": "arg_max(e.many, e.place) FILTER (e.many IS NOT NULL)",
}
WINDOWS = {
    "6h": f"e.event > l.label_time - {6 * HOUR} AND e.event <= l.label_time",
    "36h_by_6h": f"e.event // {6 * HOUR} >= (l.label_time - {36 * HOUR}) // {6 * HOUR} AND e.event <= l.label_time",
    "1d_closed_open": f"e.event >= l.label_time - {DAY} AND e.event < l.label_time",
    "2d_open": f"e.event > l.label_time - {2 * DAY} AND e.event < l.label_time",
}
TTL = f"e.event > l.label_time - {3 * DAY} AND e.event <= l.label_time"
VIEWS = {
    "zone_trips": "e.zone = l.zone AND (NOT e.has_key OR l.label_time < e.corrected)",
    "target_trips": "e.zone = l.target AND (NOT e.has_key OR l.label_time < e.corrected)",
    "route_trips": "e.zone = l.zone AND e.target = l.target",
}


@pytest.fixture
def database(storage: FileStorage, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A set of thousands of rows as ``built``, in its order, and the trips that it was built from."""
    publish(storage, random_lake(20, 3_000), program(), SLOT)
    assert build_training_set.main(arguments("duckdb", "set/")) == 0
    rows = [row for split in SPLITS for row in read_rows(storage, "set/", split)]
    with duckdb.connect() as connection:
        connection.register("rows_of_set", pa.Table.from_pylist([{**row, "row": n} for n, row in enumerate(rows)]))
        connection.execute("CREATE TABLE built AS SELECT * FROM rows_of_set")
        root = tmp_path / "objects" / BUCKET
        connection.execute(TRIPS.format(root=root, slot=SLOT_TIME, forever=1 << 62))
        yield connection


def asked(view: str, span: str) -> dict[str, str]:
    """Columns of the set over a window, or of latest values, and the SQL of each."""
    features = set(program()["features"])
    if span == "ttl":
        named = {f"{view}__{name}": sql for name, sql in LATEST.items()}
    else:
        stems = {name: name.rsplit("_", 1) if name[-1].isdigit() else (name, None) for name in AGGREGATES}
        named = {
            f"{view}__{stem}_{span}{'' if place is None else f'_{place}'}": AGGREGATES[name]
            for name, (stem, place) in stems.items()
        }
    return {name: sql for name, sql in named.items() if name in features}


def test_equals_range_joins(database: duckdb.DuckDBPyConnection) -> None:
    compared = set()
    for view, joins in VIEWS.items():
        for span, within in {**WINDOWS, "ttl": TTL}.items():
            columns = asked(view, span)
            if not columns:
                continue
            joined = database.execute(
                f"SELECT {', '.join(columns.values())} FROM built l LEFT JOIN trips e "
                f"ON {joins} AND e.known <= l.label_time AND {within} GROUP BY l.row ORDER BY l.row"
            ).fetchall()
            quoted = ", ".join(f'"{name}"' for name in columns)
            found = database.execute(f"SELECT {quoted} FROM built ORDER BY row").fetchall()
            for name, by_sql, by_kernel in zip(
                columns, zip(*joined, strict=True), zip(*found, strict=True), strict=True
            ):
                differing = [pair for pair in zip(by_sql, by_kernel, strict=True) if not agree(*pair)]
                assert (name, differing) == (name, [])
            compared |= set(columns)

    views = [view for view in program()["views"] if view["name"] in VIEWS]
    assert compared == {column["name"] for view in views for each in view["aggregates"] for column in each["columns"]}


def agree(by_sql: float | None, by_kernel: float | None) -> bool:
    """Equal, or two doubles that differ by what SQL's sums of doubles may lose."""
    if by_sql is None or by_kernel is None:
        return by_sql is by_kernel
    return math.isclose(by_sql, by_kernel, rel_tol=1e-9, abs_tol=1e-9)
