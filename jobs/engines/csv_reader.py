"""The one reader of CSV under both engines: bytes become text columns, and no record stops it.

What a record is, and when it is damaged, is said in ``core.csv_records``. Memory holds one block at a time.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from core.csv_records import MULTILINE_BYTES, CsvShape, Records, split_records
from core.job_error import JobError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BLOCK_BYTES = 8 << 20
_HEADER_BYTES = 1 << 20
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class CsvObject:
    """One landed object: its key and unit, and the columns that its header must have, in order."""

    unit: str
    key: str
    columns: tuple[str, ...]
    delimiter: str
    quote: str

    @property
    def shape(self) -> CsvShape:
        """What a well-formed record of the object looks like."""
        return CsvShape(self.delimiter, self.quote, len(self.columns))


def raw_schema(columns: Sequence[str]) -> pa.Schema:
    """The columns of the view ``raw``: the declared ones as text, then those that say where a record comes from."""
    return pa.schema(
        [
            *(pa.field(name, pa.string()) for name in columns),
            pa.field("_unit", pa.string()),
            pa.field("_object", pa.string()),
            pa.field("_line", pa.int64()),
            pa.field("_damage", pa.string()),
            pa.field("_record", pa.string()),
        ]
    )


def check_header(stream: IO[bytes], source: CsvObject) -> None:
    """Reads only the header line.

    Raises:
        JobError: ``HEADER_CHANGED``.
    """
    _Blocks(stream, BLOCK_BYTES).take_header(source)


def read_csv(stream: IO[bytes], source: CsvObject, block_bytes: int = BLOCK_BYTES) -> Iterator[pa.RecordBatch]:
    """The object's records as batches of ``raw_schema``, damaged ones behind the good ones of their block.

    An empty field is NULL, quoted or not. An object without a byte has no records.

    Raises:
        JobError: ``HEADER_CHANGED``.
    """
    blocks = _Blocks(stream, block_bytes)
    if not blocks.take_header(source):
        return
    line = 2
    while blocks.fill():
        records = split_records(blocks.content, source.shape, final=blocks.final)
        if records.starts.size:
            yield from _batches(blocks.content, records, source, line)
        line += records.line_count
        blocks.consume(records.consumed)


class _Blocks:
    """A stream, block by block: what was not consumed comes again, with more behind it."""

    def __init__(self, stream: IO[bytes], block_bytes: int) -> None:
        self._stream = stream
        self._block_bytes = max(block_bytes, 2 * MULTILINE_BYTES)
        self._wanted = self._block_bytes
        self.content = b""
        self.final = False

    def take_header(self, source: CsvObject) -> bool:
        """Checks and consumes the header line; False where there is not a byte."""
        while not self.final and b"\n" not in self.content and len(self.content) < _HEADER_BYTES:
            self._read(MULTILINE_BYTES)
        content = self.content.removeprefix(_BYTE_ORDER_MARK)
        header, _, self.content = content.partition(b"\n")
        if not content:
            return False
        _compare_header(header.removesuffix(b"\r"), source)
        return True

    def fill(self) -> bool:
        """Reads until the block is full or the stream ends; False where nothing is left."""
        while not self.final and len(self.content) < self._wanted:
            self._read(self._wanted - len(self.content))
        return len(self.content) > 0

    def consume(self, size: int) -> None:
        """Drops the block's first bytes; a block without a whole record is doubled."""
        self._wanted = self._block_bytes if size else 2 * self._wanted
        self.content = self.content[size:]

    def _read(self, size: int) -> None:
        more = self._stream.read(size)
        self.final = not more
        self.content = self.content + more if self.content else more


def _compare_header(header: bytes, source: CsvObject) -> None:
    text = header.decode(errors="backslashreplace")
    found = next(csv.reader([text], delimiter=source.delimiter, quotechar=source.quote), [])
    if tuple(found) == source.columns:
        return
    missing = [name for name in source.columns if name not in found]
    unknown = [name for name in found if name not in source.columns]
    parts = [
        f"missing {', '.join(missing)}" if missing else "",
        f"unknown {', '.join(unknown)}" if unknown else "",
        "" if missing or unknown else f"order or repetition differs, found {', '.join(found)}",
    ]
    raise JobError(
        "HEADER_CHANGED",
        f"the header of {source.key} differs from the declared columns: {'; '.join(part for part in parts if part)}",
        f"land the file with the header {source.delimiter.join(source.columns)}, or declare the columns that it has",
    )


def _batches(block: bytes, records: Records, source: CsvObject, first_line: int) -> Iterator[pa.RecordBatch]:
    lines = records.lines + first_line
    good = np.ones(records.starts.size, bool)
    good[list(records.damage)] = False
    if good.any():
        yield _good_batch(_kept(block, records, good), lines[good], source)
    if not good.all():
        yield _damaged_batch(block, records, lines, source)


@dataclass(frozen=True)
class _Kept:
    """The well-formed records alone: their bytes with line breaks, and each one's offset, closed by the length."""

    content: bytes
    offsets: np.ndarray


def _kept(block: bytes, records: Records, good: np.ndarray) -> _Kept:
    edges = np.append(records.starts, records.consumed)
    # The last line of a file may lack its line break; it is damaged then, and not kept.
    if good.all():
        return _Kept(block[: records.consumed], edges)
    turns = np.flatnonzero(np.diff(np.concatenate(([False], good, [False])).astype(np.int8)))
    content = b"".join(block[edges[start] : edges[end]] for start, end in turns.reshape(-1, 2))
    sizes = np.diff(edges)[good]
    return _Kept(content, np.concatenate(([0], np.cumsum(sizes))))


def _good_batch(kept: _Kept, lines: np.ndarray, source: CsvObject) -> pa.RecordBatch:
    # Arrow drops a byte order mark; one that a record begins with is a character of its first field.
    content = _BYTE_ORDER_MARK + kept.content if kept.content.startswith(_BYTE_ORDER_MARK) else kept.content
    table = pa_csv.read_csv(
        pa.BufferReader(content),
        pa_csv.ReadOptions(column_names=list(source.columns), block_size=len(content) + 1, use_threads=False),
        pa_csv.ParseOptions(delimiter=source.delimiter, quote_char=source.quote, newlines_in_values=True),
        pa_csv.ConvertOptions(
            column_types=dict.fromkeys(source.columns, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            check_utf8=False,
        ),
    ).combine_chunks()
    if table.num_rows != lines.size:
        raise RuntimeError(f"{source.key}: {lines.size} records were found, {table.num_rows} were read")
    offsets = pa.py_buffer(kept.offsets.astype(np.int32))
    texts = pa.StringArray.from_buffers(lines.size, offsets, pa.py_buffer(kept.content))
    columns = [column.chunk(0) for column in table.columns]
    damage = pa.nulls(lines.size, pa.string())
    return _batch(
        source,
        [*columns, *_origin(source, lines), damage, pc.call_function("ascii_rtrim", [texts], pc.TrimOptions("\r\n"))],
    )


def _damaged_batch(block: bytes, records: Records, lines: np.ndarray, source: CsvObject) -> pa.RecordBatch:
    indexes = sorted(records.damage)
    texts = [block[records.starts[i] : records.ends[i]].decode(errors="backslashreplace") for i in indexes]
    columns = [pa.nulls(len(indexes), pa.string())] * len(source.columns)
    damage = pa.array([records.damage[i] for i in indexes], pa.string())
    return _batch(source, [*columns, *_origin(source, lines[indexes]), damage, pa.array(texts, pa.string())])


def _origin(source: CsvObject, lines: np.ndarray) -> list[pa.Array]:
    numbers = pa.Array.from_buffers(pa.int64(), lines.size, [None, pa.py_buffer(np.ascontiguousarray(lines))])
    return [pa.repeat(source.unit, lines.size), pa.repeat(source.key, lines.size), numbers]


def _batch(source: CsvObject, arrays: list[pa.Array]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(arrays, schema=raw_schema(source.columns))
