"""What keeps a training set within its memory limit: sizes, slices, partitions, and what is spilled."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from core.job_error import JobError
from core.read_feature_program import read_training_set_program
from core.split import TimeCounts
from engines.arrow_spill import ArrowSpill
from engines.memory import MEMORY_LIMIT, memory, read_size
from engines.slices import LEAST_SLICE_BYTES, Sizes, cut_set, partition_count
from engines.training_set import CuratedFile, SourceFiles, TrainingSetJob
from engines.view_groups import view_groups
from random_lake import DAY, LATEST, program, view

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "size"), [("1GB", 10**9), ("512MiB", 1 << 29), ("1.5g", 1_500_000_000), (" 64 kb", 64_000), ("7", 7)]
)
def test_reads_sizes(text: str, size: int) -> None:
    assert read_size(text) == size


@pytest.mark.parametrize("text", ["", "much", "-1GB", "0", "1PB", "80%"])
def test_another_size_is_told(text: str) -> None:
    with pytest.raises(JobError, match="MEMORY_LIMIT_INVALID: HUNDREDFOLD_MEMORY_LIMIT is "):
        read_size(text)


@pytest.mark.parametrize("limit", ["100MB", "1GB", "64GB"])
def test_the_shares_keep_the_limit(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setenv(MEMORY_LIMIT, limit)

    shares = memory()

    assert shares.database + shares.arrays + shares.handed_on <= read_size(limit)


@pytest.mark.parametrize("limit", [0, 2_000, 1 << 30])
def test_spilled_tables_come_back_whole_and_once(tmp_path: Path, limit: int) -> None:
    spill = ArrowSpill(tmp_path, limit)
    numbers = list(range(1_000))
    random.Random(1).shuffle(numbers)  # noqa: S311 - test data

    def add(first: int) -> None:
        some = numbers[first : first + 50]
        for name in ("even", "odd"):
            own = [number for number in some if number % 2 == (name == "odd")]
            spill.add({name: pa.table({"number": own, "text": [str(number) for number in own]})})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(0, 1_000, 50)))

    for name, first in (("even", 0), ("odd", 1)):
        table = spill.take(name)
        assert table is not None
        assert sorted(table["number"].to_pylist()) == list(range(first, 1_000, 2))
        assert table["text"].to_pylist() == [str(number) for number in table["number"].to_pylist()]
        assert spill.take(name) is None
    assert list(tmp_path.iterdir()) == []


def job_of(views: list[dict[str, Any]], days: int, rows: int) -> TrainingSetJob:
    """A job over ``rows`` rows a day, whose labels lie on the same days."""
    read = read_training_set_program(program(views=views))
    files = tuple(CuratedFile(f"s3://b/{day}", day, 1, rows, f"{day}") for day in range(days))
    source = SourceFiles("flights", static=False, columns=(), files=files, sample=files[0], bytes_present=days)
    return TrainingSetJob(read, "duckdb", days * DAY, {"flights": source}, "s3://b/out/")


def days_of(days: int, rows: int) -> TimeCounts:
    return TimeCounts(np.arange(days), np.full(days, rows))


WINDOWED_VIEW = view("origin", ["origin"])
LATEST_VIEW = view("destination", ["destination"], aggregates=LATEST, windows=())


def test_every_label_day_is_in_one_slice_and_slices_stay_as_great_however_many_days() -> None:
    sizes = Sizes(LEAST_SLICE_BYTES, 1)
    lengths = []
    for days in (40, 400):
        slices = cut_set(job_of([WINDOWED_VIEW], days, 10_000), days_of(days, 10_000), sizes).slices
        covered = [day for each in slices for day in range(each.first_day, each.last_day + 1)]
        assert covered == list(range(days))
        lengths.append(max(each.last_day - each.first_day for each in slices))
    assert lengths[0] == lengths[1]


def test_a_view_goes_by_partitions_where_slices_would_read_its_past_again_and_again() -> None:
    sizes = Sizes(LEAST_SLICE_BYTES, 1)

    few = cut_set(job_of([WINDOWED_VIEW, LATEST_VIEW], 4, 1_000), days_of(4, 1_000), sizes)
    many = cut_set(job_of([WINDOWED_VIEW, LATEST_VIEW], 400, 10_000), days_of(400, 10_000), sizes)

    assert (len(few.sliced), len(few.partitioned)) == (2, 0)
    assert [group.views[0].name for group in many.sliced] == ["origin"]
    assert [group.views[0].name for group in many.partitioned] == ["destination"]


def test_partitions_grow_in_number_with_the_rows_and_not_in_size() -> None:
    sizes = Sizes(LEAST_SLICE_BYTES, 2)

    def count(days: int) -> int:
        job = job_of([LATEST_VIEW], days, 10_000)
        return partition_count(job, view_groups(job.program.views)[0], days * 10_000, sizes)

    assert count(1) == 2
    assert 9 * count(100) < count(1_000) < 11 * count(100)


def test_views_on_the_same_label_columns_are_one_group() -> None:
    origin = read_training_set_program(program()).views[0]
    again = replace(origin, name="again")
    route = read_training_set_program(program()).views[1]

    groups = view_groups([origin, route, again])

    assert [[each.name for each in group.views] for group in groups] == [["origin", "again"], ["route"]]
