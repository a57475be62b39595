"""The one writer of Parquet under both engines: a file's bytes are a function of its schema and rows."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from engines.storage import Storage, bucket_and_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROW_GROUP_ROWS = 262_144
_BUFFER_BYTES = 1 << 20
_DELTAS = "DELTA_BINARY_PACKED"
"""How whole numbers and times are written: smaller and for less time than by dictionary (docs/decisions/0025)."""

KEPT_METADATA = b"hundredfold"
"""The one entry of a schema's metadata that is part of the file; engines add others of their own."""


@dataclass(frozen=True)
class DataFile:
    """A written file; ``key`` is relative to the bucket, ``size`` in bytes, ``sha256`` in hexadecimal."""

    key: str
    size: int
    rows: int
    sha256: str

    def to_json(self) -> dict[str, Any]:
        """As ``DataFile`` of lib/contracts/manifest.ts."""
        return asdict(self)


def write_table(storage: Storage, uri: str, table: pa.Table) -> DataFile:
    """Writes the table's rows in their order; how the table is chunked does not matter."""
    return write_batches(storage, uri, table.schema, table.to_batches())


def write_batches(storage: Storage, uri: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> DataFile:
    """Writes a stream of batches, holding at most one row group in memory.

    Args:
        storage: Where the object goes; it appears when it is complete.
        uri: The object.
        schema: Of the batches. Text is written as ``string``, times as ``timestamp[us, UTC]``, and of the metadata
            only ``KEPT_METADATA``.
        batches: The rows, in the order of the file.

    Returns:
        Key, size, rows and digest of the file.
    """
    plain = plain_schema(schema)
    texts = [field.name for field in plain if pa.types.is_string(field.type)]
    rows = 0
    with storage.open_output(uri) as stream:
        sink = _HashingStream(stream)
        with (
            pa.BufferedOutputStream(pa.PythonFile(sink, mode="w"), _BUFFER_BYTES) as buffered,
            pq.ParquetWriter(
                buffered,
                plain,
                version="2.6",
                compression="zstd",
                compression_level=1,
                use_dictionary=texts,  # pyright: ignore[reportArgumentType] - a list of columns too
                column_encoding={field.name: _DELTAS for field in plain if _has_deltas(field.type)},
                write_statistics=True,
                data_page_version="1.0",
                store_schema=True,
            ) as writer,
        ):
            for group in _row_groups(plain, batches):
                writer.write_table(group, row_group_size=ROW_GROUP_ROWS)
                rows += group.num_rows
    return DataFile(bucket_and_key(uri)[1], sink.size, rows, sink.digest.hexdigest())


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """The schema that files have, whichever engine produced the rows."""
    own = {key: value for key, value in (schema.metadata or {}).items() if key == KEPT_METADATA}
    return pa.schema([pa.field(field.name, _plain_type(field.type)) for field in schema], metadata=own or None)


def _has_deltas(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_timestamp(kind)


def _plain_type(given: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(given):
        return _plain_type(given.value_type)
    if pa.types.is_large_string(given) or pa.types.is_string_view(given):
        return pa.string()
    if pa.types.is_timestamp(given):
        return pa.timestamp("us", tz="UTC")
    return given


def _row_groups(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Tables of exactly ``ROW_GROUP_ROWS`` rows but for the last, each in one chunk: chunks would show in the pages."""
    pending: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        pending.append(batch)
        rows += batch.num_rows
        while rows >= ROW_GROUP_ROWS:
            table = _one_table(pending)
            yield _one_chunk(table.slice(0, ROW_GROUP_ROWS), schema)
            pending = table.slice(ROW_GROUP_ROWS).to_batches()
            rows -= ROW_GROUP_ROWS
    if rows > 0:
        yield _one_chunk(_one_table(pending), schema)


def _one_table(batches: list[pa.RecordBatch]) -> pa.Table:
    return pa.Table.from_batches(batches)


def _one_chunk(table: pa.Table, schema: pa.Schema) -> pa.Table:
    return table.replace_schema_metadata(None).cast(schema).combine_chunks()


class _HashingStream:
    """What ``pyarrow.PythonFile`` writes to: passes bytes on and digests them on their way."""

    closed = False

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, content: bytes) -> int:
        self.digest.update(content)
        self.size += len(content)
        return self._stream.write(content)

    def tell(self) -> int:
        return self.size

    def flush(self) -> None:
        self._stream.flush()

    def close(self) -> None:
        """Left to the storage, which decides whether the object is complete."""

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False
