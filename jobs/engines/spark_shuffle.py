"""A shuffle of Arrow tables: rows go to their partition as a piece of a table, not one by one.

Tasks cut their rows by the partition that a column names. A piece is one row of Spark's: the partition, the number of
the frame that it is of, and its rows as an Arrow stream. So one shuffle takes frames of different columns, and what
computes a partition hands its rows on as pieces too: they are rows of Spark's only where its SQL makes them.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from engines.row_pieces import row_pieces
from engines.spark_tasks import in_tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pyspark.sql import DataFrame, SparkSession

    from engines.spark_tasks import ArrowFunction, Batches

    Frames = dict[int, pa.Table]

PIECES = "partition int, frame int, piece binary"
MOST_PARTITIONS = 1 << 15
"""A place is told in 16 bits."""

CUT_BYTES = 32 << 20
"""What is cut at once: of more, pieces are larger and fewer; of less, a task needs less beside the rows that arrive."""

_COMPRESSED = pa.ipc.IpcWriteOptions(compression="lz4")
_BATCH_ROWS = 10_000
PIECE_BYTES = 128 << 10
"""A batch of so many pieces stays below the 2 GiB of a column of binaries, however many there are."""


def limit_batches(spark: SparkSession) -> None:
    """Sets how much a batch that comes to Python holds: a number of rows, for Spark measures bytes row by row."""
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(_BATCH_ROWS))
    spark.conf.set("spark.sql.execution.arrow.maxBytesPerBatch", str(2**31 - 1))


@dataclass(frozen=True)
class Cut:
    """What is sent of rows, and where to.

    Attributes:
        frame: number of the frame that they arrive as.
        columns: those that are sent.
        place: column (int16) that tells a row's partition, counted from ``first``.
        first: the partition of place 0.
    """

    frame: int
    columns: tuple[str, ...]
    place: str
    first: int = 0


@dataclass(frozen=True)
class Partitions:
    """The partitions from ``first`` on, up to those of the next, and what is done in each of them."""

    first: int
    run: ArrowFunction


def as_pieces(frame: DataFrame, cuts: Sequence[Cut]) -> DataFrame:
    """The rows of a frame as pieces, once for each cut."""

    def run(batches: Batches) -> Iterator[pa.RecordBatch]:
        for rows in _tables(batches):
            for each in cuts:
                yield from pieces(rows, each)

    return in_tasks(frame, run, PIECES)


def pieces(rows: pa.Table, cut: Cut) -> Iterator[pa.RecordBatch]:
    """Rows as pieces."""
    for some in _slices(rows, CUT_BYTES):
        whole = row_pieces(some.select(cut.columns), some[cut.place])
        small = [(cut.first + place, piece) for place, each in whole for piece in _slices(each, PIECE_BYTES)]
        yield _batch(
            pa.array([partition for partition, _ in small], pa.int32()),
            pa.repeat(pa.scalar(cut.frame, pa.int32()), len(small)),
            pa.array([_stream(piece) for _, piece in small], pa.binary()),
        )


def shuffled(frames: Sequence[DataFrame], partitions: int) -> DataFrame:
    """All pieces of a partition in one task."""
    together = reduce(lambda left, right: left.unionAll(right), frames)
    return together.repartitionById(partitions, "partition")


def with_tables(compute: Callable[[Frames], Batches]) -> ArrowFunction:
    """Calls a function with the rows of a partition by frame, those of a frame in no stated order."""

    def run(batches: Batches) -> Iterator[pa.RecordBatch]:
        found: dict[int, list[pa.Table]] = {}
        for batch in batches:
            for number, stream in zip(batch["frame"].to_pylist(), batch["piece"], strict=True):
                found.setdefault(number, []).append(pa.ipc.open_stream(stream.as_buffer()).read_all())
        yield from compute({number: pa.concat_tables(of_frame) for number, of_frame in found.items()})

    return run


def handed_on(first: int) -> ArrowFunction:
    """Hands pieces on as they are, to the partitions from 0 on that theirs are from ``first`` on."""

    def run(batches: Batches) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            partition = pc.call_function("subtract", [batch["partition"], pa.scalar(first, pa.int32())])
            yield _batch(partition, batch["frame"], batch["piece"])

    return run


def in_partitions(parts: Sequence[Partitions]) -> ArrowFunction:
    """Does in each partition what its range is for; ranges are given ascending."""

    def run(batches: Batches) -> Iterator[pa.RecordBatch]:
        remaining = iter(batches)
        for batch in remaining:
            if batch.num_rows:
                index = bisect_right(parts, batch["partition"][0].as_py(), key=lambda part: part.first) - 1
                yield from parts[index].run(chain([batch], remaining))

    return run


def _tables(batches: Batches) -> Iterator[pa.Table]:
    """Batches as tables that are worth a cut."""
    held: list[pa.RecordBatch] = []
    size = 0
    for batch in batches:
        held.append(batch)
        size += batch.nbytes
        if size >= CUT_BYTES:
            yield pa.Table.from_batches(held)
            held, size = [], 0
    if held:
        yield pa.Table.from_batches(held)


def _batch(partition: pa.Array, frame: pa.Array, piece: pa.Array) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([partition, frame, piece], names=["partition", "frame", "piece"])


def _slices(rows: pa.Table, most: int) -> Iterator[pa.Table]:
    """Rows in order, in slices of so many bytes at most, or of one row."""
    at_once = max(1, rows.num_rows * most // max(1, rows.nbytes))
    for first in range(0, rows.num_rows, at_once):
        yield rows.slice(first, at_once)


def _stream(rows: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema, options=_COMPRESSED) as writer:
        writer.write_table(rows)
    return sink.getvalue().to_pybytes()
