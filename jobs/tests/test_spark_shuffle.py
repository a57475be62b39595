"""The shuffle of pieces: what arrives at a partition is what was sent there, whatever it was cut into."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from engines import spark_shuffle
from engines.spark_shuffle import (
    PIECES,
    Cut,
    Partitions,
    as_pieces,
    handed_on,
    in_partitions,
    limit_batches,
    pieces,
    shuffled,
    with_tables,
)
from engines.spark_tasks import in_tasks
from hypothesis import given
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engines.spark_shuffle import Frames
    from pyspark.sql import SparkSession

Row = tuple[int, "int | None", str]
ROWS = st.lists(st.tuples(st.integers(0, 5), st.none() | st.integers(-9, 9), st.text(max_size=3)), max_size=40)


def table(rows: list[Row]) -> pa.Table:
    places, numbers, texts = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table(
        {
            "place": pa.array(places, pa.int16()),
            "number": pa.array(numbers, pa.int64()),
            "text": pa.array(texts, pa.string()),
        }
    )


def arrived(batches: list[pa.RecordBatch]) -> Frames:
    """The frames that a partition sees."""
    seen: list[Frames] = []

    def look(frames: Frames) -> Iterator[pa.RecordBatch]:
        seen.append(frames)
        yield from ()

    list(with_tables(look)(batches))
    return seen[0]


@given(first=ROWS, second=ROWS, cut=st.sampled_from([1, 100, 1 << 20]), piece=st.sampled_from([1, 50, 1 << 20]))
def test_every_row_arrives_once_at_its_partition(first: list[Row], second: list[Row], cut: int, piece: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spark_shuffle, "CUT_BYTES", cut)
        patch.setattr(spark_shuffle, "PIECE_BYTES", piece)
        cuts = {0: Cut(0, ("number", "text"), "place", 0), 7: Cut(7, ("text",), "place", 3)}
        sent = [each for number, rows in ((0, first), (7, second)) for each in pieces(table(rows), cuts[number])]
    schema = pa.schema([("partition", pa.int32()), ("frame", pa.int32()), ("piece", pa.binary())])
    rows = pa.Table.from_batches(sent, schema).to_pylist()

    for partition in range(9):
        here = [row for row in rows if row["partition"] == partition]
        frames = arrived(pa.Table.from_pylist(here, schema).to_batches(max_chunksize=2))
        numbers = [(number, text) for place, number, text in first if place == partition]
        texts = [(text,) for place, _, text in second if place + 3 == partition]
        assert {number: [tuple(row.values()) for row in rows.to_pylist()] for number, rows in frames.items()} == {
            **({0: numbers} if numbers else {}),
            **({7: texts} if texts else {}),
        }


def test_pieces_go_through_partitions_that_do_different_things(spark: SparkSession) -> None:
    limit_batches(spark)
    numbers = spark.sql("SELECT id, CAST(id % 3 AS SMALLINT) AS place FROM range(100)")
    texts = spark.sql("SELECT CAST(id AS STRING) AS text, id, CAST(id % 3 AS SMALLINT) AS place FROM range(7)")

    def doubled(frames: Frames) -> Iterator[pa.RecordBatch]:
        rows = frames[0]
        ids = [2 * number for number in rows["id"].to_pylist()]
        places = pa.array([number % 3 for number in ids], pa.int16())
        yield from pieces(pa.table({"id": ids, "place": places}), Cut(5, ("id",), "place"))

    def seen(frames: Frames) -> Iterator[pa.RecordBatch]:
        ids = {number: sorted(rows["id"].to_pylist()) for number, rows in frames.items()}
        yield pa.RecordBatch.from_pylist([{"doubled": ids.get(5, []), "texts": ids.get(1, [])}])

    sent = [
        as_pieces(numbers, [Cut(0, ("id",), "place", 0)]),
        as_pieces(texts, [Cut(1, ("text", "id"), "place", 4)]),
    ]
    parts = [Partitions(0, with_tables(doubled)), Partitions(4, handed_on(4))]
    computed = in_tasks(shuffled(sent, 7), in_partitions(parts), PIECES)
    found = in_tasks(shuffled([computed], 3), with_tables(seen), "doubled array<bigint>, texts array<bigint>")

    by_place = sorted((row["doubled"], row["texts"]) for row in found.toArrow().to_pylist())
    assert by_place == [
        ([id_ for id_ in range(0, 200, 2) if id_ % 3 == place], list(range(place, 7, 3))) for place in (0, 2, 1)
    ]


def test_no_batch_of_pieces_is_too_great_for_arrow(spark: SparkSession) -> None:
    """A column of binaries in a batch ends at 2 GiB, and a partition may have more."""
    limit_batches(spark)
    sent = spark.sql("SELECT 0 AS partition, 0 AS frame, CAST('a' AS BINARY) AS piece FROM range(25000)")

    def sizes(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield pa.RecordBatch.from_pylist([{"rows": batch.num_rows}])

    found = shuffled([sent], 1).mapInArrow(sizes, "rows bigint").toArrow()["rows"].to_pylist()

    assert sum(found) == 25_000
    assert max(found) * spark_shuffle.PIECE_BYTES < 1 << 31


def test_a_piece_is_no_greater_than_its_limit() -> None:
    rows = pa.table({"place": pa.array([0] * 100_000, pa.int16()), "number": pa.array(range(100_000), pa.int64())})

    cut = [piece for batch in pieces(rows, Cut(0, ("number",), "place")) for piece in batch["piece"]]

    assert len(cut) > 1
    assert max(len(piece.as_buffer()) for piece in cut) < spark_shuffle.PIECE_BYTES + 1024
