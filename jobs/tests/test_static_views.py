"""Static tables: their rows are known at every time."""

from __future__ import annotations

import pyarrow as pa
import pytest
from core.feature_program import Aggregate, FeatureColumn, FeatureView, JoinKey, OperandColumn
from core.feature_view import evaluate_view
from core.job_error import JobError

VIEW = FeatureView(
    name="airports",
    version="1",
    source="airport_table",
    entity=(JoinKey("code", "origin"),),
    events={},
    timeless=True,
    corrects=False,
    operands=(OperandColumn("elevation", "integer"), OperandColumn("latitude", "double")),
    content=(),
    windows=(),
    ttl=None,
    aggregates=(
        Aggregate("elevation", "latest", "elevation", (FeatureColumn("airports__elevation", None),)),
        Aggregate("tens", "latest", "elevation", (FeatureColumn("airports__tens", None),), scale=1),
        Aggregate("latitude", "latest", "latitude", (FeatureColumn("airports__latitude", None),)),
    ),
)


def table(codes: list[str | None]) -> pa.Table:
    return pa.table(
        {
            "code": pa.array(codes, pa.string()),
            "event_time": pa.array([0] * len(codes), pa.int64()),
            "known_time": pa.array([0] * len(codes), pa.int64()),
            "elevation": pa.array([11, None, 33, 44][: len(codes)], pa.int64()),
            "latitude": pa.array([1.5, 2.5, None, -0.0][: len(codes)], pa.float64()),
        }
    )


def labels(origins: list[str | None]) -> pa.Table:
    times = [-(1 << 62), -5, 0, 5, 1 << 62, 7]
    return pa.table({"origin": pa.array(origins, pa.string()), "label_time": pa.array(times[: len(origins)])})


def test_a_row_stands_at_every_time_for_its_key_alone() -> None:
    computed = evaluate_view(
        VIEW, table(["JFK", "LAX", "SFO", None]), labels(["SFO", "JFK", "JFK", "LAX", "ORD", None])
    )

    assert {name: values.to_pylist() for name, values in computed.items()} == {
        "airports__elevation": [33, 11, 11, None, None, None],
        "airports__tens": [3.3, 1.1, 1.1, None, None, None],
        "airports__latitude": [None, 1.5, 1.5, 2.5, None, None],
    }


def test_an_empty_table_knows_nothing() -> None:
    computed = evaluate_view(VIEW, table([]), labels(["SFO", None]))

    assert [values.to_pylist() for values in computed.values()] == [[None, None]] * 3


def test_two_rows_of_a_key_are_an_error_with_its_name() -> None:
    with pytest.raises(JobError, match=r"airports: two rows of airport_table have the key \{'code': 'SFO'\}"):
        evaluate_view(VIEW, table(["JFK", "SFO", "SFO"]), labels(["SFO"]))
