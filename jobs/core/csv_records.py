"""Where the records of CSV bytes begin and end, and which of them are damaged: whole-array operations.

A record is a line; it goes on over the next lines only while a quoted field is open, at most ``MULTILINE_BYTES`` long
and only if it then has exactly the fields that it should have. So a stray quote damages its own line and no other.
Lines end in LF or CR LF; a line without a character is no record; the last line must end in a line break as well, for
without one nobody knows whether it was cut short. Quotes follow RFC 4180: a quoted field is quoted as a whole, a quote
inside is doubled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

MULTILINE_BYTES = 65_536
NOT_UTF8 = "not UTF-8"
CARRIAGE_RETURN = "carriage return without line feed"
BROKEN_QUOTES = "broken quoting"
TRUNCATED = "last line without line break"
_LF, _CR = 10, 13


@dataclass(frozen=True)
class CsvShape:
    """What a well-formed record looks like; ``delimiter`` and ``quote`` are single ASCII characters."""

    delimiter: str
    quote: str
    fields: int

    @cached_property
    def record(self) -> re.Pattern[bytes]:
        """Matches a record of exactly the right number of fields, up to its line break."""
        return re.compile(_record_pattern(self, f"{{{self.fields - 1}}}"))

    @cached_property
    def any_record(self) -> re.Pattern[bytes]:
        """Matches a record of any number of fields, up to its line break."""
        return re.compile(_record_pattern(self, "*"))

    @cached_property
    def quoted(self) -> re.Pattern[bytes]:
        """Matches a quoted stretch."""
        quote = re.escape(self.quote)
        return re.compile(f"{quote}[^{quote}]*{quote}".encode())


@dataclass(frozen=True)
class Records:
    """The records of a block, in order.

    Attributes:
        starts: Offset of each record's first byte, shape (n_records,), int64.
        ends: Offset behind each record's last byte, its line break excluded, int64.
        lines: Number of the line that each record begins on, from 0 at the block's beginning, int64.
        damage: Index of each damaged record, with what is wrong with it.
        consumed: Bytes of the block that are decided; the rest belongs in front of the next block.
        line_count: Lines that were consumed.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    lines: NDArray[np.int64]
    damage: dict[int, str]
    consumed: int
    line_count: int


def split_records(block: bytes, shape: CsvShape, *, final: bool) -> Records:
    """The records of a block that begins with a record; the result does not depend on where blocks end.

    Args:
        block: Bytes of the file, from the beginning of a record.
        shape: Delimiter, quote and number of fields.
        final: Whether the file ends with the block. If not, what begins in the last ``MULTILINE_BYTES`` is left.
    """
    truncated = final and not block.endswith(b"\n") and len(block) > 0
    padded = block + b"\n" if truncated else block
    limit = len(padded) if final else len(padded) - MULTILINE_BYTES
    marks = _Marks.of(padded, shape)
    records = (
        _split_plain(marks, shape, limit) if marks.quotes.size == 0 else _split_quoted(padded, marks, shape, limit)
    )
    if truncated and records.starts.size and records.ends[-1] >= len(block) - 1:
        records.damage[records.starts.size - 1] = TRUNCATED
    records.damage.update(_damaged_text(padded, records))
    return replace(records, consumed=min(records.consumed, len(block)))


@dataclass(frozen=True)
class _Marks:
    """Offsets of the bytes that structure a block, each ascending, int64."""

    data: NDArray[np.uint8]
    breaks: NDArray[np.int64]
    delimiters: NDArray[np.int64]
    quotes: NDArray[np.int64]
    returns: NDArray[np.int64]

    @staticmethod
    def of(block: bytes, shape: CsvShape) -> _Marks:
        data = np.frombuffer(block, np.uint8)

        def offsets(byte: int) -> NDArray[np.int64]:
            return np.flatnonzero(data == byte) if byte in block else np.empty(0, np.int64)

        quote, delimiter = ord(shape.quote), ord(shape.delimiter)
        return _Marks(data, offsets(_LF), offsets(delimiter), offsets(quote), offsets(_CR))

    def outside(self, offsets: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those offsets with an even number of quotes before them."""
        return offsets[np.searchsorted(self.quotes, offsets) % 2 == 0]

    def byte_at(self, offsets: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The bytes there; a line feed before the beginning and behind the end."""
        inside = (offsets >= 0) & (offsets < self.data.size)
        return np.where(inside, self.data[np.clip(offsets, 0, self.data.size - 1)], np.uint8(_LF))


def _split_plain(marks: _Marks, shape: CsvShape, limit: int) -> Records:
    """Splits a block without quotes: every line is a record."""
    breaks = _breaks_below(marks.breaks, limit)
    records, delimiters = _records_between(marks, breaks, marks.delimiters)
    damage = {int(index): wrong_count(shape, int(delimiters[index]) + 1) for index in _wrong(delimiters, shape)}
    bare = marks.returns[marks.byte_at(marks.returns + 1) != _LF]
    for offset in bare[bare < records.consumed]:
        damage[int(np.searchsorted(records.starts, offset, side="right")) - 1] = CARRIAGE_RETURN
    return replace(records, damage=damage)


def _split_quoted(block: bytes, marks: _Marks, shape: CsvShape, limit: int) -> Records:
    """Splits a block with quotes: at once where every quote is in its place, line by line otherwise."""
    breaks = _breaks_below(marks.outside(marks.breaks), limit)
    if breaks.size == 0 or not _quotes_in_place(marks, shape, int(breaks[-1])):
        return _split_by_lines(block, shape, limit)
    records, delimiters = _records_between(marks, breaks, marks.outside(marks.delimiters))
    wrong = _wrong(delimiters, shape)
    many_lines = np.searchsorted(marks.breaks, records.ends) > records.lines
    bare = marks.outside(marks.returns)
    settled = (
        (records.consumed >= limit or records.consumed == len(block))
        and not np.any(many_lines[wrong])
        and not np.any((records.ends - records.starts)[many_lines] > MULTILINE_BYTES - 2)
        and np.all(marks.byte_at(bare[bare < records.consumed] + 1) == _LF)
    )
    if not settled:
        return _split_by_lines(block, shape, limit)
    return replace(records, damage={int(i): wrong_count(shape, int(delimiters[i]) + 1) for i in wrong})


def _breaks_below(breaks: NDArray[np.int64], limit: int) -> NDArray[np.int64]:
    """The line breaks of records that begin below the limit."""
    starts = np.concatenate(([0], breaks[:-1] + 1)) if breaks.size else breaks
    return breaks[starts < limit]


def _records_between(
    marks: _Marks, breaks: NDArray[np.int64], delimiters: NDArray[np.int64]
) -> tuple[Records, NDArray[np.int64]]:
    """The records that end at the given breaks, and how many delimiters each has."""
    consumed = int(breaks[-1]) + 1 if breaks.size else 0
    starts = np.concatenate((np.zeros(min(1, breaks.size), np.int64), breaks[:-1] + 1))
    ends = breaks - ((marks.byte_at(breaks - 1) == _CR) & (breaks > starts))
    counts = np.diff(np.searchsorted(delimiters, breaks), prepend=0)
    lines = np.searchsorted(marks.breaks, starts)
    kept = ends > starts
    line_count = int(np.searchsorted(marks.breaks, consumed))
    return Records(starts[kept], ends[kept], lines[kept], {}, consumed, line_count), counts[kept]


def _wrong(delimiters: NDArray[np.int64], shape: CsvShape) -> NDArray[np.int64]:
    return np.flatnonzero(delimiters != shape.fields - 1)


def _quotes_in_place(marks: _Marks, shape: CsvShape, end: int) -> bool:
    """Whether every field below ``end`` that has a quote is quoted as a whole, with its inner quotes doubled."""
    quotes = marks.quotes[marks.quotes < end]
    around = (ord(shape.delimiter), ord(shape.quote), _LF)
    before, after = marks.byte_at(quotes[0::2] - 1), marks.byte_at(quotes[1::2] + 1)
    line_end = (after == _CR) & (marks.byte_at(quotes[1::2] + 2) == _LF)
    return bool(np.all(np.isin(before, around)) and np.all(np.isin(after, around) | line_end))


class _Line(NamedTuple):
    start: int
    end: int
    line: int
    next_start: int
    next_line: int
    damage: str | None


def _split_by_lines(block: bytes, shape: CsvShape, limit: int) -> Records:
    """Splits a block in which quotes may be anywhere, record by record: the definition of what a record is."""
    found = list(_lines(block, shape, limit))
    consumed, line_count = (found[-1].next_start, found[-1].next_line) if found else (0, 0)
    kept = [entry for entry in found if entry.end > entry.start]
    columns = np.array([entry[:3] for entry in kept], np.int64).reshape(-1, 3).T
    damage = {index: entry.damage for index, entry in enumerate(kept) if entry.damage is not None}
    return Records(columns[0], columns[1], columns[2], damage, consumed, line_count)


def _lines(block: bytes, shape: CsvShape, limit: int) -> Iterator[_Line]:
    start, line = 0, 0
    while start < limit:
        line_break = block.find(b"\n", start)
        if line_break < 0:
            return
        match = shape.record.match(block, start, max(line_break + 1, start + MULTILINE_BYTES))
        if match is not None:
            end, damage = match.end(), None
            next_start = block.index(b"\n", end) + 1
        else:
            end = line_break - block[start:line_break].endswith(b"\r")
            next_start, damage = line_break + 1, _line_damage(block[start:end], shape)
        next_line = line + block.count(b"\n", start, next_start)
        yield _Line(start, end, line, next_start, next_line, damage)
        start, line = next_start, next_line


def _line_damage(line: bytes, shape: CsvShape) -> str:
    unquoted = shape.quoted.sub(b"", line)
    if b"\r" in unquoted:
        return CARRIAGE_RETURN
    match = shape.any_record.match(line + b"\n")
    if match is None or match.end() != len(line):
        return BROKEN_QUOTES
    return wrong_count(shape, unquoted.count(shape.delimiter.encode()) + 1)


def wrong_count(shape: CsvShape, found: int) -> str:
    """The damage of a record with another number of fields."""
    return f"expected {shape.fields} fields, found {found}"


def _damaged_text(block: bytes, records: Records) -> Iterator[tuple[int, str]]:
    """The records that are not UTF-8."""
    if block.isascii() or _is_utf8(block[: records.consumed]):
        return
    beyond_ascii = np.flatnonzero(np.frombuffer(block, np.uint8)[: records.consumed] >= 0x80)
    for index in np.unique(np.searchsorted(records.starts, beyond_ascii, side="right") - 1):
        if not _is_utf8(block[records.starts[index] : records.ends[index]]):
            yield int(index), NOT_UTF8


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _record_pattern(shape: CsvShape, more: str) -> bytes:
    quote, delimiter = re.escape(shape.quote), re.escape(shape.delimiter)
    field = rf"(?:{quote}[^{quote}]*(?:{quote}{quote}[^{quote}]*)*{quote}|[^{quote}{delimiter}\r\n]*)"
    return rf"{field}(?:{delimiter}{field}){more}(?=\r?\n)".encode()
