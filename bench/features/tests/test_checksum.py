"""The benchmark's checksum sees what a wrong answer differs by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from checksum import answer_files, checksum

if TYPE_CHECKING:
    from pathlib import Path

GREAT = 2**62


def table(**changes: pa.Array) -> pa.Table:
    columns = {
        "label_time": pa.array([1, 2, 3], pa.timestamp("us", tz="UTC")),
        "key": pa.array(["a", "b", None]),
        "count": pa.array([0, GREAT, GREAT], pa.int64()),
        "mean": pa.array([None, 0.1, 0.3]),
    }
    return pa.table({**columns, **changes})


def test_sums_are_exact() -> None:
    columns = checksum(table(count=pa.array([-1, GREAT, GREAT * 2 - 1 + GREAT - GREAT])))["columns"]

    assert columns["count"] == {"values": 3, "sum": str(3 * GREAT - 2)}
    assert columns["key"] == {"values": 2, "sum": "2"}
    assert checksum(table(mean=pa.array([1e100, 1.0, -1e100])))["columns"]["mean"]["sum"] == "1.0"


def test_chunks_widths_and_time_zones_do_not_matter() -> None:
    small = table(count=pa.array([0, 1, 2], pa.int32()), label_time=pa.array([1, 2, 3], pa.timestamp("us")))
    whole = table(count=pa.array([0, 1, 2], pa.int64()))
    chunked = pa.concat_tables([whole.slice(0, 1), whole.slice(1)])

    assert checksum(small) == checksum(whole) == checksum(chunked)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("count", pa.array([0, GREAT, GREAT + 1])),
        ("count", pa.array([GREAT, 0, GREAT])),
        ("count", pa.array([None, GREAT, GREAT])),
        ("mean", pa.array([None, 0.1, 0.1 + 0.2])),
        ("mean", pa.array([0.0, 0.1, 0.3])),
        ("mean", pa.array([None, 0.3, 0.1])),
        ("key", pa.array(["a", "b", ""])),
        ("key", pa.array(["ab", "", None])),
        ("label_time", pa.array([1, 2, 4], pa.timestamp("us", tz="UTC"))),
    ],
)
def test_every_difference_is_seen(name: str, values: pa.Array) -> None:
    assert checksum(table(**{name: values}))["digest"] != checksum(table())["digest"]


def test_other_order_of_rows_is_seen() -> None:
    rows = table()

    assert checksum(rows.take([1, 0, 2]))["digest"] != checksum(rows)["digest"]


def test_parts_are_read_in_order_of_split_and_day(tmp_path: Path) -> None:
    for part in ("test/day=2001-01-01", "train/day=2001-01-02", "train/day=2001-01-01", "validation/day=2001-01-03"):
        (tmp_path / part).mkdir(parents=True)
        pq.write_table(table(), tmp_path / part / "part.parquet")

    found = [file.parent.relative_to(tmp_path).as_posix() for file in answer_files(tmp_path)]

    assert found == ["train/day=2001-01-01", "train/day=2001-01-02", "validation/day=2001-01-03", "test/day=2001-01-01"]
