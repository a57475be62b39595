"""Lands three million real flights as raw CSV, one folder a day, as an airline's nightly export would.

The input is `flights-3m.parquet` of the npm package vega-datasets: its clock times are those of the origin airport. The
export writes them with the airport's offset, so that nobody reads a time of Honolulu as a time of London.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

import duckdb
import pyarrow as pa
from airport_clocks import UnknownAirportError, airport_clocks

PROJECT = Path(__file__).resolve().parents[2]
PARQUET = PROJECT / "node_modules/vega-datasets/data/flights-3m.parquet"
LANDING = Path(".hundredfold/s3/flight-delays-data-000000000000-us-east-1/raw/flights")

COLUMNS = ("scheduled_departure", "local_hour", "delay", "distance", "origin", "destination")
FILE = "flights.csv"
EPOCH = date(1970, 1, 1)


class LandingError(Exception):
    """The flights cannot be landed; the text says what was wrong and what to do."""


@dataclass(frozen=True)
class Options:
    """What to land and where.

    Attributes:
        days: how many days at most, None for all.
        rows: how many rows of a day at most, evenly spaced over it, None for all.
        damage: how many rows of each day to damage.
    """

    parquet: Path
    to: Path
    from_day: date | None
    days: int | None
    rows: int | None
    damage: int


@dataclass(frozen=True)
class Landed:
    """What a landing did."""

    written: int
    unchanged: int
    rows: int


def main(arguments: Sequence[str]) -> int:
    """Lands the flights; prints one line. Returns the exit code."""
    try:
        options = read_options(arguments)
        landed = land(options)
    except LandingError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    kept = f", {landed.unchanged} were there already" if landed.unchanged else ""
    print(f"landed {landed.rows:,} flights, {landed.written} new days in {options.to}{kept}")
    return 0


def land(options: Options) -> Landed:
    """Writes one folder a day; a day appears whole or not at all, and is never overwritten.

    Raises:
        LandingError: no parquet file, an unknown airport, no such day, or a folder that cannot be written.
    """
    if not options.parquet.is_file():
        raise LandingError(f"{options.parquet} is missing; run `npm ci`, or name the file with --parquet")
    with duckdb.connect() as connection:
        load_flights(connection, options)
        try:
            options.to.mkdir(parents=True, exist_ok=True)
            drafts = Path(tempfile.mkdtemp(prefix=f".{options.to.name}-", dir=options.to.parent))
        except OSError as error:
            raise LandingError(
                f"cannot write below {options.to}: {error.strerror}; name another folder with --to"
            ) from error
        try:
            return land_days(connection, options, drafts)
        except OSError as error:
            raise LandingError(
                f"{error.filename or options.to}: {error.strerror}; days landed so far are whole"
            ) from error
        finally:
            shutil.rmtree(drafts, ignore_errors=True)


def land_days(connection: duckdb.DuckDBPyConnection, options: Options, drafts: Path) -> Landed:
    """Lands every chosen day in order."""
    written = unchanged = total = 0
    header = ",".join(COLUMNS).encode() + b"\n"
    for day, rows, lines in export_days(connection):
        total += rows
        if place(options.to / day.isoformat(), header + damage(lines, options.damage), drafts):
            written += 1
        else:
            unchanged += 1
    return Landed(written, unchanged, total)


def place(folder: Path, content: bytes, drafts: Path) -> bool:
    """Puts a day's file in its place by one rename; False where the same content is there already.

    Raises:
        LandingError: the day was landed with other content.
    """
    if (folder / FILE).exists():
        if (folder / FILE).read_bytes() == content:
            return False
        raise LandingError(f"{folder} holds other rows; landed days never change: remove it, or choose another --to")
    draft = drafts / folder.name
    draft.mkdir()
    (draft / FILE).write_bytes(content)
    draft.rename(folder)
    return True


def load_flights(connection: duckdb.DuckDBPyConnection, options: Options) -> None:
    """Makes the view `flights` (`number`, `day` and the columns) of the chosen days.

    A day's clock runs from 00:01 to 24:00, as in the source, whose last flights leave on June 30 at 24:00.
    """
    source = str(options.parquet).replace("'", "''")
    try:
        connection.execute(f"""
            CREATE VIEW every_flight AS
            SELECT file_row_number AS number, CAST(date - INTERVAL 1 MINUTE AS DATE) AS day, *
            FROM read_parquet('{source}', file_row_number = true)""")
        days = [day for (day,) in connection.execute("SELECT DISTINCT day FROM every_flight ORDER BY day").fetchall()]
        airports = [code for (code,) in connection.execute("SELECT DISTINCT origin FROM every_flight").fetchall()]
    except duckdb.Error as error:
        raise LandingError(f"{options.parquet} is not the flights file: {error}; name it with --parquet") from error
    chosen = choose_days(days, options)
    try:
        connection.register("clocks", airport_clocks(airports, days[0], days[-1] + timedelta(days=2)))
    except UnknownAirportError as error:
        raise LandingError(f"no time zone is known for {error}; update airportsdata") from error
    connection.execute(f"""
        CREATE VIEW flights AS
        SELECT * FROM every_flight
        WHERE day BETWEEN DATE '{chosen[0]}' AND DATE '{chosen[-1]}' {sampling(options.rows)}""")


def sampling(rows: int | None) -> str:
    """The clauses that keep so many rows of each day, evenly spaced over it."""
    if rows is None:
        return ""
    return f"""
        WINDOW earlier AS (PARTITION BY day ORDER BY number), whole AS (PARTITION BY day)
        QUALIFY row_number() OVER earlier * {rows} // count(*) OVER whole
            > (row_number() OVER earlier - 1) * {rows} // count(*) OVER whole"""


def choose_days(days: Sequence[date], options: Options) -> Sequence[date]:
    """The days to land, in order.

    Raises:
        LandingError: none of the file's days is chosen.
    """
    chosen = [day for day in days if options.from_day is None or day >= options.from_day][: options.days]
    if not chosen:
        raise LandingError(f"no flights from {options.from_day} on; the file has {days[0]} to {days[-1]}")
    return chosen


def export_days(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[date, int, bytes]]:
    """Day, number of rows and CSV lines of each day in turn; rows keep the order of the Parquet file."""
    reader = connection.execute("""
        SELECT CAST(day - DATE '1970-01-01' AS INTEGER) AS day,
            strftime(date, '%Y-%m-%dT%H:%M:%S') || utc_offset || ',' || hour(date) || ',' || delay || ',' || distance
            || ',' || origin || ',' || destination || chr(10) AS line
        FROM flights ASOF JOIN clocks ON origin = airport AND date >= valid_from
        ORDER BY day, number""").to_arrow_reader(1_000_000)
    current, rows, parts = None, 0, list[bytes]()
    for batch in reader:
        for day, lines in slice_days(batch):
            if current is not None and day != current:
                yield EPOCH + timedelta(days=current), rows, b"".join(parts)
                rows, parts = 0, []
            current, rows = day, rows + len(lines)
            parts.append(text_bytes(lines))
    if current is not None:
        yield EPOCH + timedelta(days=current), rows, b"".join(parts)


def slice_days(batch: pa.RecordBatch) -> Iterator[tuple[int, pa.StringArray]]:
    """The batch's lines, cut where the day changes."""
    days = batch.column("day").to_numpy()
    starts = [0, *(1 + (days[1:] != days[:-1]).nonzero()[0]).tolist(), len(days)]
    for start, end in pairwise(starts):
        yield int(days[start]), batch.column("line").slice(start, end - start)


def text_bytes(lines: pa.StringArray) -> bytes:
    """All lines, one after the other: an Arrow text array already holds them so."""
    offsets = lines.buffers()[1]
    ends = memoryview(offsets).cast("i")[lines.offset : lines.offset + len(lines) + 1]
    return bytes(memoryview(lines.buffers()[2])[ends[0] : ends[-1]])


def damage(content: bytes, count: int) -> bytes:
    """Damages rows, evenly spaced over the day and in turn by each kind of damage; the same rows every time."""
    if count == 0:
        return content
    lines = content.splitlines(keepends=True)
    count = min(count, len(lines))
    for number in range(count):
        position = number * len(lines) // count
        fields = lines[position].rstrip(b"\n").split(b",")
        lines[position] = b",".join(DAMAGES[number % len(DAMAGES)](fields)) + b"\n"
    return b"".join(lines)


DAMAGES = (
    lambda fields: [*fields[:2], b"late", *fields[3:]],
    lambda fields: [*fields[:4], b"", *fields[5:]],
    lambda fields: [*fields[:5], b"\xff\xfe\xfa"],
    lambda fields: [b"2001-13-45T99:00:00-05:00", *fields[1:]],
    lambda fields: fields[:-1],
    lambda fields: [*fields[:2], b"", *fields[3:]],
)
"""Wrong type, missing value, bytes that are not UTF-8, a moment that never was, a field too few, no label."""


class Parser(argparse.ArgumentParser):
    """Exits with 1, as everything here that a person can fix."""

    def error(self, message: str) -> NoReturn:
        """Raises what is wrong with the command line."""
        raise LandingError(f"{message}; --help lists the options")


def read_options(arguments: Sequence[str]) -> Options:
    """Reads the command line.

    Raises:
        LandingError: an option is unknown or impossible.
    """
    parser = Parser(prog="land.py", description="Land three million real flights as raw CSV, one folder a day.")
    parser.add_argument("--to", type=Path, default=LANDING, metavar="DIR", help="landing prefix (default: %(default)s)")
    parser.add_argument(
        "--from-day", type=date.fromisoformat, metavar="DAY", help="first day, YYYY-MM-DD (default: all)"
    )
    parser.add_argument("--days", type=positive, metavar="N", help="land N days at most (default: all 181)")
    parser.add_argument("--rows", type=positive, metavar="N", help="land N rows a day at most, evenly spaced")
    parser.add_argument("--damage", type=positive, default=0, metavar="N", help="damage N rows of each day")
    parser.add_argument(
        "--parquet", type=Path, default=PARQUET, metavar="FILE", help="flights-3m.parquet of vega-datasets"
    )
    return Options(**vars(parser.parse_args(arguments)))


def positive(text: str) -> int:
    """A whole number above 0."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
