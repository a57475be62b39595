from __future__ import annotations

import datetime
import hashlib
import itertools
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from engines import parquet_writer
from engines.file_storage import FileStorage
from engines.parquet_writer import write_batches, write_table
from hypothesis import given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    import pytest

TABLE = pa.table(
    {
        "number": pa.array([*range(998), None, 7], pa.int64()),
        "place": pa.array([f"P{index % 13}" for index in range(999)] + [None]),
        "time": pa.array([index * 1_000_003 for index in range(1000)], pa.timestamp("us")),
    }
)


def test_a_file_reads_back_as_its_rows_with_times_in_utc(storage: FileStorage) -> None:
    file = write_table(storage, "s3://data/curated/a.parquet", TABLE)

    content = storage.read_bytes("s3://data/curated/a.parquet")
    read = pq.read_table(pa.BufferReader(content))
    assert read.schema.field("time").type == pa.timestamp("us", tz="UTC")
    assert read.column("time")[1].as_py() == datetime.datetime(1970, 1, 1, 0, 0, 1, 3, tzinfo=datetime.timezone.utc)
    assert read.select(["number", "place"]).equals(TABLE.select(["number", "place"]))
    assert (file.key, file.size, file.rows) == ("curated/a.parquet", len(content), 1000)
    assert file.sha256 == hashlib.sha256(content).hexdigest()


@settings(max_examples=25)
@given(st.lists(st.integers(0, 1000), max_size=8))
def test_bytes_do_not_depend_on_how_rows_arrive(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), 1000]
    batches = [
        batch for start, end in itertools.pairwise(edges) for batch in TABLE.slice(start, end - start).to_batches()
    ]
    with tempfile.TemporaryDirectory() as folder:
        storage = FileStorage(Path(folder))
        whole = write_table(storage, "s3://data/a", TABLE.combine_chunks())
        parts = write_batches(storage, "s3://data/a", TABLE.schema, batches)

    assert whole == parts


def test_text_types_and_metadata_of_an_engine_leave_no_trace(storage: FileStorage) -> None:
    other = TABLE.set_column(1, "place", TABLE.column("place").cast(pa.large_string())).replace_schema_metadata(
        {"a": "b"}
    )

    assert write_table(storage, "s3://data/a", other) == write_table(storage, "s3://data/a", TABLE)


def test_row_groups_have_a_fixed_size(storage: FileStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_writer, "ROW_GROUP_ROWS", 300)

    write_table(storage, "s3://data/a", TABLE)

    metadata = pq.ParquetFile(pa.BufferReader(storage.read_bytes("s3://data/a"))).metadata
    assert [metadata.row_group(index).num_rows for index in range(metadata.num_row_groups)] == [300, 300, 300, 100]


def test_a_table_without_rows_is_a_file_with_its_columns(storage: FileStorage) -> None:
    file = write_table(storage, "s3://data/a", TABLE.slice(0, 0))

    assert file.rows == 0
    assert pq.read_table(pa.BufferReader(storage.read_bytes("s3://data/a"))).column_names == ["number", "place", "time"]
