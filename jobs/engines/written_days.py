"""How rows become files of a set: cut by split and day, and whole settled days kept for the sets of later slots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from core.split import SPLITS, known_in_time, split_codes
from core.training_rows import (
    WHOLE,
    completed_rows,
    feature_histograms,
    part_summary,
    parts_by_day,
    with_microseconds,
)

from engines.kept_days import keep_day
from engines.parquet_writer import write_table
from engines.storage import bucket_and_key
from engines.training_set import WrittenParts, collected

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.split import Boundaries, Split
    from core.training_rows import Part

    from engines.kept_days import KeptDay
    from engines.storage import Storage
    from engines.training_set import TrainingSetJob


def write_rows(storage: Storage, job: TrainingSetJob, rows: pa.Table, boundaries: Boundaries | None) -> WrittenParts:
    """Completes and writes ordered rows, whole days, as one file a part; train rows are counted by feature."""
    completed = completed_rows(rows, job.program)
    if boundaries is None or not job.kept:
        return _write_parts(storage, job, parts_by_day(completed, job.program, boundaries))
    return collected(
        _write_day(storage, job, whole, boundaries) for whole in parts_by_day(completed, job.program, WHOLE)
    )


def place_day(storage: Storage, job: TrainingSetJob, day: KeptDay, boundaries: Boundaries) -> WrittenParts:
    """Makes a kept day a part of the set: its file as it is, or where splits cut it or purge from it, what is left."""
    split = _only_split(day, job, boundaries)
    if split is None:
        return _write_table(storage, job, day.table(storage), boundaries)
    uri = _uri(job, split, day.summary["day"])
    storage.copy(day.uri, uri)
    record = {**day.summary, "split": split, "file": {**day.file, "key": bucket_and_key(uri)[1]}}
    return WrittenParts([record], day.histograms(storage) if split == "train" else [])


def _write_day(storage: Storage, job: TrainingSetJob, whole: Part, boundaries: Boundaries) -> WrittenParts:
    prefix = job.kept.get(whole.day)
    if prefix is None:
        return _write_table(storage, job, whole.rows, boundaries)
    return place_day(storage, job, keep_day(storage, prefix, whole, job.program.features), boundaries)


def _only_split(day: KeptDay, job: TrainingSetJob, boundaries: Boundaries) -> Split | None:
    """The split that all rows of a day belong to and stay in, or None."""
    if day.since is not None:
        return None
    ends = np.array([day.summary["from"], day.summary["to"]])
    codes = split_codes(ends, boundaries)
    last_known = np.full(2, day.summary["knownUntil"])
    stay = known_in_time(codes, last_known, boundaries, job.program.split.embargo)
    return SPLITS[codes[0]] if codes[0] == codes[1] and stay.all() else None


def _write_table(storage: Storage, job: TrainingSetJob, rows: pa.Table, boundaries: Boundaries) -> WrittenParts:
    """Cuts rows that have the columns of a file, and writes what is left."""
    return _write_parts(storage, job, parts_by_day(with_microseconds(rows), job.program, boundaries))


def _write_parts(storage: Storage, job: TrainingSetJob, parts: Iterable[Part]) -> WrittenParts:
    written = WrittenParts()
    train: list[pa.Table] = []
    for part in parts:
        file = (
            write_table(storage, _uri(job, part.split, part.day), part.rows).to_json() if part.rows.num_rows else None
        )
        written.records.append({**part_summary(part), "file": file})
        if part.split == "train":
            train.append(part.rows)
    if train:
        written.histograms = feature_histograms(pa.concat_tables(train), job.program.features)
    return written


def _uri(job: TrainingSetJob, split: Split, day: str) -> str:
    return f"{job.output}{split}/day={day}/part.parquet"
