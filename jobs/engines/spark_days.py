"""The partitions of days on Spark: labels and features become ordered rows and files; what was written comes back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from core.distribution import Histogram
from core.training_rows import label_order, typed_labels

from engines.spark_groups import LABELS, ROW
from engines.storage_choice import storage_from_environment
from engines.training_set import WrittenParts
from engines.written_days import write_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.split import Boundaries

    from engines.spark_shuffle import Frames
    from engines.storage import Storage
    from engines.training_set import TrainingSetJob

WRITTEN = "record string, feature int, vals array<double>, counts array<bigint>, nulls bigint"
_WRITTEN_SCHEMA = pa.schema(
    [
        ("record", pa.string()),
        ("feature", pa.int32()),
        ("vals", pa.list_(pa.float64())),
        ("counts", pa.list_(pa.int64())),
        ("nulls", pa.int64()),
    ]
)


def writer(
    job: TrainingSetJob, boundaries: Boundaries | None, files: Storage | None
) -> Callable[[Frames], Iterator[pa.RecordBatch]]:
    """Sorts and writes the parts of one partition; gives their records, and histograms of what was train."""

    def write(frames: Frames) -> Iterator[pa.RecordBatch]:
        if LABELS not in frames:
            return
        rows = _ordered_rows(frames, job)
        written = write_rows(files or storage_from_environment(), job, rows, boundaries)
        yield from _batches(written)

    return write


def _ordered_rows(frames: Frames, job: TrainingSetJob) -> pa.Table:
    """The labels in order, with the features of each, whose rows come in any order."""
    labels = typed_labels(frames[LABELS], job.program)
    order = label_order(labels, job.program)
    rows = labels.take(order)
    numbered = np.argsort(frames[LABELS][ROW].to_numpy())
    rank = np.empty(len(numbered), dtype=np.intp)
    rank[numbered] = np.arange(len(numbered))
    for number in sorted(frames.keys() - {LABELS}):
        features = frames[number]
        place = np.argsort(features[ROW].to_numpy())[rank[order.to_numpy()]]
        ordered = features.drop_columns([ROW]).take(pa.array(place))
        for name in ordered.column_names:
            rows = rows.append_column(name, ordered[name])
    return rows


def written_parts(rows: pa.Table) -> WrittenParts:
    """What all tasks wrote, from their rows of :data:`WRITTEN`, in which those of a task follow each other."""
    written = WrittenParts()
    histograms: list[Histogram] = []
    for index, feature in enumerate(rows["feature"].to_pylist()):
        if feature is None:
            written.records.append(json.loads(rows["record"][index].as_py()))
            continue
        if feature == 0:
            written.add(WrittenParts(histograms=histograms))
            histograms = []
        values, counts = (rows[name][index].values.to_numpy() for name in ("vals", "counts"))
        histograms.append(Histogram(values, counts, rows["nulls"][index].as_py()))
    written.add(WrittenParts(histograms=histograms))
    return written


def _batches(written: WrittenParts) -> Iterator[pa.RecordBatch]:
    """Rows of :data:`WRITTEN`: the records, then the histograms in the order of their features, each a batch."""
    records = [{"record": json.dumps(record)} for record in written.records]
    yield pa.RecordBatch.from_pylist(records, _WRITTEN_SCHEMA)
    for feature, each in enumerate(written.histograms):
        columns = [
            pa.nulls(1, pa.string()),
            pa.array([feature], pa.int32()),
            _as_list(pa.array(each.values, pa.float64())),
            _as_list(pa.array(each.counts, pa.int64())),
            pa.array([each.nulls], pa.int64()),
        ]
        yield pa.RecordBatch.from_arrays(columns, schema=_WRITTEN_SCHEMA)


def _as_list(values: pa.Array) -> pa.ListArray:
    """All values as the one value of a column."""
    return pa.ListArray.from_arrays(pa.array([0, len(values)], pa.int32()), values)
