from __future__ import annotations

import csv
import io

import pyarrow as pa
import pytest
from core.csv_records import MULTILINE_BYTES, CsvShape, Records, split_records
from core.job_error import JobError
from engines.csv_reader import CsvObject, check_header, raw_schema, read_csv
from hypothesis import example, given, settings
from hypothesis import strategies as st

SOURCE = CsvObject("2001-01-05", "raw/s/2001-01-05/a.csv", ("a", "b", "c"), ",", '"')


def rows_of(content: bytes, source: CsvObject = SOURCE) -> list[dict[str, object]]:
    """The records in the order of their lines."""
    batches = list(read_csv(io.BytesIO(content), source))
    table = pa.Table.from_batches(batches, raw_schema(source.columns))
    return sorted(table.to_pylist(), key=lambda row: row["_line"])


def brief(content: bytes) -> list[tuple[object, ...]]:
    return [(row["_line"], row["a"], row["b"], row["c"], row["_damage"]) for row in rows_of(content)]


def test_a_record_has_its_fields_its_origin_its_line_and_its_text() -> None:
    assert rows_of(b'a,b,c\n1,"x, ""y""",\n') == [
        {
            "a": "1",
            "b": 'x, "y"',
            "c": None,
            "_unit": "2001-01-05",
            "_object": "raw/s/2001-01-05/a.csv",
            "_line": 2,
            "_damage": None,
            "_record": '1,"x, ""y""",',
        }
    ]


@pytest.mark.parametrize(
    ("content", "damage", "record"),
    [
        (b"1,2\n", "expected 3 fields, found 2", "1,2"),
        (b"1,2,3,4\r\n", "expected 3 fields, found 4", "1,2,3,4"),
        (b'1,"x,y"\n', "expected 3 fields, found 2", '1,"x,y"'),
        (b"1,\xff\xfe,3\n", "not UTF-8", "1,\\xff\\xfe,3"),
        (b'1,"\xc3",3\n', "not UTF-8", '1,"\\xc3",3'),
        (b'1,5" pipe,3\n', "broken quoting", '1,5" pipe,3'),
        (b'1,"open,3\n', "broken quoting", '1,"open,3'),
        (b'1,"x"y,3\n', "broken quoting", '1,"x"y,3'),
        (b"1,2\r3,4\n", "carriage return without line feed", "1,2\r3,4"),
        (b'1,"2",3\r4\n', "carriage return without line feed", '1,"2",3\r4'),
        (b"1,2,3\r\r\n", "carriage return without line feed", "1,2,3\r"),
    ],
)
def test_a_damaged_record_is_a_row_and_its_neighbours_stay_whole(content: bytes, damage: str, record: str) -> None:
    rows = rows_of(b"a,b,c\n0,y,z\n" + content + b'8,"q",r\n')

    assert [row["_damage"] for row in rows] == [None, damage, None]
    assert [row["_record"] for row in rows] == ["0,y,z", record, '8,"q",r']
    assert (rows[1]["a"], rows[1]["b"], rows[1]["c"]) == (None, None, None)
    assert [row["_line"] for row in rows] == [2, 3, 4]


@pytest.mark.parametrize("last", [b"4,5,6", b"4,5", b"4,5,6\r", b'4,"5\n5",6'])
def test_a_last_line_without_a_line_break_may_be_cut_and_is_damaged(last: bytes) -> None:
    rows = brief(b"a,b,c\n1,2,3\n" + last)

    assert rows == [(2, "1", "2", "3", None), (3, None, None, None, "last line without line break")]


def test_a_byte_order_mark_and_windows_line_ends_do_not_show() -> None:
    assert brief(b"\xef\xbb\xbfa,b,c\r\n1,2,3\r\n\r\n\n4,5,6\r\n") == [
        (2, "1", "2", "3", None),
        (5, "4", "5", "6", None),
    ]


def test_only_the_mark_at_the_beginning_of_an_object_is_none_of_its_text() -> None:
    assert brief("\ufeffa,b,c\n\ufeff1,2,3\n\ufeff,5,6\n".encode()) == [
        (2, "\ufeff1", "2", "3", None),
        (3, "\ufeff", "5", "6", None),
    ]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"a,b,c", b"a,b,c\n", b'"a","b",c\r\n\r\n\n'])
def test_an_object_without_records_has_none(content: bytes) -> None:
    assert brief(content) == []


def test_a_quoted_field_may_go_over_lines_and_a_stray_quote_harms_only_its_own_line() -> None:
    content = b'a,b,c\n1,"x\r\ny",3\n4,"stray,6\n7,8,9\n10,"11",12\n'

    assert brief(content) == [
        (2, "1", "x\r\ny", "3", None),
        (4, None, None, None, "broken quoting"),
        (5, "7", "8", "9", None),
        (6, "10", "11", "12", None),
    ]


def test_a_quoted_field_over_more_lines_than_allowed_is_damaged_line_by_line() -> None:
    inside = b"".join(b"%d\n" % number for number in range(MULTILINE_BYTES // 4))

    rows = brief(b'a,b,c\n1,"' + inside + b'",3\n4,5,6\n')

    assert rows[0][4] == "broken quoting"
    assert rows[-1][1:] == ("4", "5", "6", None)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (b"a,b\n", "missing c"),
        (b"a,b,c,d\n", "unknown d"),
        (b"a,x,c\n", "missing b; unknown x"),
        (b"b,a,c\n", "order or repetition differs, found b, a, c"),
        (b"a;b;c\n", "missing a, b, c; unknown a;b;c"),
        (b"1,2,3\n", "missing a, b, c; unknown 1, 2, 3"),
        (b"\xff\xfea\x00,\x00\n", r"unknown \\xff\\xfea"),
        (b"\n1,2,3\n", "missing a, b, c"),
    ],
)
def test_another_header_is_an_error_that_names_the_columns_and_the_fix(header: bytes, words: str) -> None:
    for read in (lambda stream: list(read_csv(stream, SOURCE)), lambda stream: check_header(stream, SOURCE)):
        with pytest.raises(JobError) as caught:
            read(io.BytesIO(header))

        assert caught.value.code == "HEADER_CHANGED"
        assert words in str(caught.value).replace("\\\\", "\\").replace("\\x", "\\\\x").replace("\x00", "")
        assert "header a,b,c" in caught.value.fix


def test_a_stream_may_give_less_than_was_asked_for() -> None:
    class Trickle(io.BytesIO):
        """Gives seven bytes at most."""

        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(7, size if size and size > 0 else 7))

    content = b"a,b,c\n" + b"".join(b"%d,x,y\n" % number for number in range(100))

    rows = [row for batch in read_csv(Trickle(content), SOURCE) for row in batch.to_pylist()]

    assert [row["a"] for row in rows] == [str(number) for number in range(100)]


field = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=6) | st.sampled_from(
    ["", '"', ",", "\n", "\r\n", '""', ' "x" ', "é", "日本"]
)
well_formed = st.lists(st.tuples(field, field, field), max_size=8)


def written(records: list[tuple[str, str, str]], *, quote_all: bool, line_end: str) -> str:
    """RFC 4180, in which a lone carriage return needs quotes as well: the csv module of some Pythons forgets them."""

    def text_of(value: str) -> str:
        doubled = value.replace('"', '""')
        return f'"{doubled}"' if quote_all or set(value) & set('",\r\n') else value

    return "".join(",".join(map(text_of, record)) + line_end for record in records)


@settings(max_examples=300)
@given(well_formed, st.booleans(), st.sampled_from(["\n", "\r\n"]))
@example([("\ufeff", "", "\r")], False, "\n")
def test_well_formed_files_read_as_the_csv_module_reads_them(
    records: list[tuple[str, str, str]], quote_all: bool, line_end: str
) -> None:
    text = written([("a", "b", "c"), *records], quote_all=quote_all, line_end=line_end)

    rows = rows_of(text.encode())

    expected = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert [[row["a"] or "", row["b"] or "", row["c"] or ""] for row in rows] == expected
    assert all(row["_damage"] is None for row in rows)
    assert [next(csv.reader(io.StringIO(row["_record"], newline=""))) for row in rows] == expected


@settings(max_examples=200)
@given(st.lists(st.sampled_from(["", "x", '"', "é"]), max_size=9))
def test_a_single_column_reads_as_the_csv_module_reads_it(records: list[str]) -> None:
    source = CsvObject("u", "k", ("a",), ",", '"')
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([("a",), *((record,) for record in records)])

    assert [row["a"] or "" for row in rows_of(text.getvalue().encode(), source)] == records


pieces = st.lists(
    st.sampled_from(
        [b"x", b"yz", b",", b",,", b'"', b'""', b"\n", b"\r\n", b"\r", b"1,2,3\n", b'4,"5",6\n', b"\xc3\xa9", b"\xff"]
    ),
    max_size=40,
)


@settings(max_examples=500)
@given(pieces)
@example([b'"', b"\n", b"1,2,3\n", b'"', b",", b","])
@example([b'1,"2', b"\n", b'",3', b"\n", b'4,"5",6\n', b"\n"])
def test_every_line_belongs_to_one_record_and_damage_is_decided_line_by_line(parts: list[bytes]) -> None:
    content = b"".join(parts)

    rows = rows_of(b"a,b,c\n" + content)

    assert [(row["_line"], row["_damage"]) for row in rows] == [*naive_records(content)]


def naive_records(content: bytes) -> list[tuple[int, str | None]]:
    """Line and damage of each record, by a character loop that knows nothing of blocks or arrays."""
    lines = content.split(b"\n")
    found: list[tuple[int, str | None]] = []
    at = 0
    while at < len(lines):
        is_last = at == len(lines) - 1
        taken = next((n for n in range(1, len(lines) - at + 1) if is_record(b"\n".join(lines[at : at + n]))), None)
        line = lines[at].removesuffix(b"\r")
        if taken is not None:
            text, closed = b"\n".join(lines[at : at + taken]), at + taken < len(lines)
            found.append((at + 2, verdict(text, None, closed)))
        elif line:
            found.append((at + 2, verdict(line, line_damage(line), not is_last)))
        at += taken or 1
    return found


def verdict(text: bytes, damage: str | None, closed: bool) -> str | None:
    try:
        text.decode()
    except UnicodeDecodeError:
        return "not UTF-8"
    return damage if closed else "last line without line break"


def is_record(text: bytes) -> bool:
    return fields_of(text.removesuffix(b"\r")) == 3


def fields_of(text: bytes) -> int | str:
    """Number of fields, or what is wrong."""
    count, at = 1, 0
    while True:
        if text[at : at + 1] == b'"':
            at += 1
            while at < len(text) and (text[at : at + 1] != b'"' or text[at : at + 2] == b'""'):
                at += 2 if text[at : at + 2] == b'""' else 1
            if at >= len(text):
                return "broken quoting"
            at += 1
        else:
            while at < len(text) and text[at : at + 1] not in (b",", b'"', b"\n", b"\r"):
                at += 1
        if at >= len(text):
            return count
        if text[at : at + 1] != b",":
            return "broken quoting"
        count, at = count + 1, at + 1


def line_damage(line: bytes) -> str:
    inside, bare = False, False
    quotes = [index for index, byte in enumerate(line) if byte == 0x22]
    for index, byte in enumerate(line):
        inside = sum(quote < index for quote in quotes) % 2 == 1
        closes = any(quote >= index for quote in quotes)
        bare = bare or (byte == 0x0D and not (inside and closes))
    if bare:
        return "carriage return without line feed"
    fields = fields_of(line)
    return fields if isinstance(fields, str) else f"expected 3 fields, found {fields}"


def collected(content: bytes, block_bytes: int) -> list[tuple[object, ...]]:
    """All records of the content, split in blocks of a size."""
    shape = CsvShape(",", '"', 3)
    found: list[tuple[object, ...]] = []
    at, line, size = 0, 0, block_bytes
    while at < len(content):
        block = content[at : at + size]
        records: Records = split_records(block, shape, final=at + size >= len(content))
        for index in range(records.starts.size):
            start, end = at + int(records.starts[index]), at + int(records.ends[index])
            found.append((start, end, line + int(records.lines[index]), records.damage.get(index)))
        at, line, size = at + records.consumed, line + records.line_count, block_bytes if records.consumed else 2 * size
    return found


@settings(max_examples=60)
@given(st.lists(pieces.map(b"".join), min_size=1, max_size=12), st.integers(1, 5000), st.sampled_from([1, 7, 700]))
def test_records_do_not_depend_on_where_blocks_end(parts: list[bytes], extra: int, repeats: int) -> None:
    content = b"\n".join(parts * repeats)
    with_limit = pytest.MonkeyPatch()
    with with_limit.context() as patch:
        patch.setattr("core.csv_records.MULTILINE_BYTES", 64)
        assert collected(content, 64 + extra) == collected(content, len(content) + 1)
