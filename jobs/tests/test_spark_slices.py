"""Time slices of a large key on Spark: they never show in the bytes of a set."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from core.feature_program import JoinKey, Window
from core.window_span import WindowSpan
from curated_lake import DAY, publish, written_files
from engines.slices import Sizes
from engines.view_groups import ViewGroup
from every_feature_lake import SLOT, random_lake
from every_feature_program import LATEST, TRIP_AGGREGATES, program, reading_view, trip_view, zone_view
from feature_views import feature_view
from test_same_bytes import job_of, write, write_by_duckdb

if TYPE_CHECKING:
    from core.feature_program import FeatureView
    from engines.file_storage import FileStorage
    from engines.spark_slices import TaskSizes, TimeSlices
    from pyspark.sql import SparkSession

# On one key: two lookbacks, corrections, late rows, hops, closed and open ends, and a static table.
VIEWS = [
    trip_view("zone_trips", {"zone": "zone"}, corrects=True, aggregates=[*TRIP_AGGREGATES, *LATEST]),
    reading_view("zone_readings", "zone", windows=[], ttl=2 * DAY),
    zone_view("zone_facts", "zone"),
]


@pytest.fixture
def a_few_rows() -> TaskSizes:
    """Sizes that make slices of a few hours, far less than the views look back to."""
    from engines.spark_slices import TaskSizes  # noqa: PLC0415 - needs the optional PySpark

    return TaskSizes(rows=30, least_lookbacks=0, sampled_rows=50)


def view(*windows: Window) -> FeatureView:
    return feature_view(["zone"], [("rows", "count", None)], windows, ttl=None, corrects=False, operands=[])


def test_bytes_stay_whatever_the_slices_are(
    storage: FileStorage, spark: SparkSession, a_few_rows: TaskSizes, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engines import spark_timeline  # noqa: PLC0415 - needs the optional PySpark

    cut: list[TimeSlices | None] = []
    find_slices = spark_timeline.find_slices

    def noted(*given: Any) -> TimeSlices | None:  # noqa: ANN401
        cut.append(find_slices(*given))
        return cut[-1]

    monkeypatch.setattr(spark_timeline, "find_slices", noted)

    publish(storage, random_lake(61), program(views=VIEWS), SLOT)
    write_by_duckdb(storage, "whole/", Sizes(1 << 40, 1, most_reads=10**9))

    job = replace(job_of(storage, "sliced/"), engine="spark")
    write(spark_timeline.SparkTimeline(spark, storage, job, 3, a_few_rows), job)

    (slices,) = cut
    assert slices is not None
    assert (slices.last - slices.first) // slices.width > 8
    assert len(written_files(storage, "whole/a/")) > 8
    assert written_files(storage, "sliced/a/") == written_files(storage, "whole/a/")


def test_time_is_cut_where_a_key_has_too_many_rows_and_lookbacks_end() -> None:
    from engines.spark_slices import TaskSizes, TimeSlices, find_slices, least_width  # noqa: PLC0415 - needs PySpark

    views = (view(Window("w", 9)), view(Window("w", 250)))

    def found(rows: int, sizes: TaskSizes, *views: FeatureView, history: int = DAY) -> TimeSlices | None:
        least = least_width(ViewGroup(("zone",), views), history, sizes)
        return find_slices(lambda: (5, 8004), rows, least, sizes) if least else None

    assert found(26, TaskSizes(26), *views) is None
    assert found(26, TaskSizes(20, least_lookbacks=0), *views) == TimeSlices(5, 8004, 7999 * 20 // (4 * 26))
    assert found(26, TaskSizes(1), *views) == TimeSlices(5, 8004, 4 * 250)
    assert found(26, TaskSizes(1, least_lookbacks=40), *views) is None
    assert found(26, TaskSizes(1), *views, history=1000) is None
    endless = feature_view(["zone"], [("last", "latest", "value")], [], ttl=None, corrects=False, operands=[])
    assert found(26, TaskSizes(1), views[0], endless) is None


def test_rows_are_counted_by_key_for_all_groups_at_once(spark: SparkSession) -> None:
    from engines.spark_samples import Sample, largest_keys  # noqa: PLC0415 - needs the optional PySpark

    labels = spark.sql("SELECT * FROM VALUES ('A', 1L), ('B', 1L), ('B', 2L), (NULL, 2L) AS labels(home, away)")
    events = spark.sql("SELECT IF(id < 12, 'A', NULL) AS zone FROM range(90)")
    views = [replace(view(Window("w", 9)), entity=(JoinKey("zone", "home"),))] * 2
    nobody = replace(view(Window("w", 9)), entity=(JoinKey("zone", "away"), JoinKey("zone", "home")))
    samples = [
        Sample(ViewGroup(("home",), tuple(views)), (labels, 5), ((events, 3), (events, 1))),
        Sample(ViewGroup(("away",), ()), (labels, 5), ()),
        Sample(ViewGroup(nobody.label_keys, (nobody,)), (labels.where("away > 2"), 5), ((events.where("id > 12"), 1),)),
    ]

    assert largest_keys(samples) == {("home",): 5 + 3 * 12 + 12, ("away",): 10}
    assert largest_keys([]) == {}


WINDOWS = [
    Window("open", 6),
    Window("closed_hop", 6, hop=4, start="closed"),
    Window("closed_open", 6, start="closed", end="open"),
]


@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: window.suffix)
def test_an_event_comes_once_to_every_slice_where_it_counts(spark: SparkSession, window: Window) -> None:
    from engines.spark_slices import TimeSlices  # noqa: PLC0415 - needs the optional PySpark

    slices = TimeSlices(-7, 25, 5)
    times = [(event, event + delay) for event, delay in product(range(-20, 30), (-9, 0, 1, 4, 11))]
    events = spark.createDataFrame(times, "event_time bigint, known_time bigint")
    placed = [tuple(row) for row in slices.of_events(view(window), events).collect()]

    span = WindowSpan(window.microseconds, window.hop or 1, window.start, window.end)
    label_times = np.arange(slices.first, slices.last + 1)
    earliest = span.earliest(label_times)
    needed = set()
    for event, known in times:
        since = max(known, int(span.entered(np.array([event]))[0]))
        counts = (label_times >= since) & (earliest <= event)
        needed |= {(event, known, int(time + 7) // 5) for time in label_times[counts]}
    assert len(set(placed)) == len(placed) < 2 * len(times)
    assert needed <= set(placed)
