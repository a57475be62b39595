"""The example's landing: clock times of the airports, whole days, damage on request."""

import csv
import sys
from datetime import date, datetime, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import airportsdata
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

import land
from airport_clocks import airport_clocks

FLIGHTS = [
    ("2001-01-01T00:01:00", 33, 2176, "LAS", "PHL"),
    ("2001-01-01T05:30:00", -5, 100, "HNL", "OGG"),
    ("2001-01-02T00:00:00", 0, 733, "JFK", "ORD"),
    ("2001-01-02T00:01:00", 1, 733, "JFK", "ORD"),
    ("2001-03-31T23:59:00", 2, 733, "IND", "ORD"),
    ("2001-04-01T01:59:00", 2, 733, "LAX", "MEM"),
    ("2001-04-01T02:10:00", 48, 1619, "LAX", "MEM"),
    ("2001-04-01T03:00:00", 7, 1619, "LAX", "MEM"),
    ("2001-04-01T12:00:00", 7, 1619, "PHX", "LAX"),
    ("2001-10-28T01:30:00", 3, 733, "JFK", "ORD"),
    ("2001-10-28T02:00:00", 3, 733, "JFK", "ORD"),
]


def write_flights(path: Path, flights: list[tuple]) -> Path:
    dates, delays, distances, origins, destinations = zip(*flights, strict=True)
    columns = {
        "date": pa.array([datetime.fromisoformat(text) for text in dates], pa.timestamp("us")),
        "delay": delays,
        "distance": distances,
        "origin": origins,
        "destination": destinations,
    }
    pq.write_table(pa.table(columns), path)
    return path


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    return write_flights(tmp_path / "flights.parquet", FLIGHTS)


def run(parquet: Path, to: Path, *arguments: str) -> int:
    return land.main(["--parquet", str(parquet), "--to", str(to), *arguments])


def landed_rows(to: Path) -> list[dict[str, str]]:
    rows = []
    for path in sorted(to.glob("*/flights.csv")):
        with path.open(newline="") as file:
            rows.extend(csv.DictReader(file))
    return rows


def test_times_carry_the_offset_of_their_airport(parquet: Path, tmp_path: Path) -> None:
    assert run(parquet, tmp_path / "raw") == 0

    rows = landed_rows(tmp_path / "raw")
    zones = airportsdata.load("IATA")
    expected = [
        datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zones[origin]["tz"])).astimezone(timezone.utc)
        for text, _, _, origin, _ in FLIGHTS
    ]
    assert [datetime.fromisoformat(row["scheduled_departure"]).astimezone(timezone.utc) for row in rows] == expected
    assert [row["scheduled_departure"][:19] for row in rows] == [text for text, *_ in FLIGHTS]
    assert [int(row["local_hour"]) for row in rows] == [int(text[11:13]) for text, *_ in FLIGHTS]
    assert [(int(r["delay"]), int(r["distance"]), r["origin"], r["destination"]) for r in rows] == [
        flight[1:] for flight in FLIGHTS
    ]


def test_a_day_runs_from_one_past_midnight_to_midnight(parquet: Path, tmp_path: Path) -> None:
    run(parquet, tmp_path / "raw")

    assert sorted(path.name for path in (tmp_path / "raw").iterdir()) == [
        "2001-01-01",
        "2001-01-02",
        "2001-03-31",
        "2001-04-01",
        "2001-10-28",
    ]
    assert "2001-01-02T00:00:00-05:00" in (tmp_path / "raw/2001-01-01/flights.csv").read_text()


def test_days_are_chosen_by_number_and_first_day(parquet: Path, tmp_path: Path) -> None:
    assert run(parquet, tmp_path / "raw", "--from-day", "2001-01-02", "--days", "2") == 0

    assert sorted(path.name for path in (tmp_path / "raw").iterdir()) == ["2001-01-02", "2001-03-31"]


def test_landing_again_changes_nothing(parquet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(parquet, tmp_path / "raw", "--days", "1")
    before = (tmp_path / "raw/2001-01-01/flights.csv").stat()

    assert run(parquet, tmp_path / "raw", "--days", "2") == 0

    after = (tmp_path / "raw/2001-01-01/flights.csv").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert "1 new days" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["flights.parquet", "raw"]


def test_a_landed_day_is_never_overwritten(parquet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(parquet, tmp_path / "raw", "--days", "1", "--rows", "1")
    before = (tmp_path / "raw/2001-01-01/flights.csv").read_bytes()

    assert run(parquet, tmp_path / "raw") == 1

    assert "landed days never change" in capsys.readouterr().err
    assert (tmp_path / "raw/2001-01-01/flights.csv").read_bytes() == before


def test_rows_are_taken_evenly_from_each_day(tmp_path: Path) -> None:
    flights = [(f"2001-01-0{day}T{hour:02d}:30:00", hour, 1, "JFK", "ORD") for day in (1, 2) for hour in range(24)]
    parquet = write_flights(tmp_path / "hours.parquet", flights)

    run(parquet, tmp_path / "raw", "--rows", "4")

    assert [int(row["delay"]) for row in landed_rows(tmp_path / "raw")] == [5, 11, 17, 23] * 2


def test_damage_is_of_every_kind_and_the_same_each_time(tmp_path: Path) -> None:
    flights = [(f"2001-01-01T{hour:02d}:30:00", hour, 100, "JFK", "ORD") for hour in range(24)]
    parquet = write_flights(tmp_path / "hours.parquet", flights)

    for name in ("raw", "again"):
        assert run(parquet, tmp_path / name, "--damage", "6") == 0

    content = (tmp_path / "raw/2001-01-01/flights.csv").read_bytes()
    lines = content.splitlines()
    assert content == (tmp_path / "again/2001-01-01/flights.csv").read_bytes()
    assert len(lines) == 25
    assert lines[1] == b"2001-01-01T00:30:00-05:00,0,late,100,JFK,ORD"
    assert lines[5] == b"2001-01-01T04:30:00-05:00,4,4,100,,ORD"
    assert lines[9].endswith(b",JFK,\xff\xfe\xfa")
    assert lines[13].startswith(b"2001-13-45T")
    assert lines[17].count(b",") == 4
    assert lines[21] == b"2001-01-01T20:30:00-05:00,20,,100,JFK,ORD"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--days", "0"], "0 is not above 0"),
        (["--days", "two"], "invalid positive value"),
        (["--from-day", "2001-13-01"], "--from-day"),
        (["--speed", "9"], "unrecognized arguments"),
        (["--from-day", "2002-01-01"], "no flights from 2002-01-01 on"),
        (["--parquet", "/nowhere/flights.parquet"], "is missing; run `npm ci`"),
        (["--parquet", __file__], "is not the flights file"),
        (["--to", "/dev/null/raw"], "name another folder with --to"),
    ],
)
def test_what_is_wrong_is_said_with_the_fix(
    parquet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    assert run(parquet, tmp_path / "raw", *arguments) == 1

    assert reason in capsys.readouterr().err


def test_an_airport_without_a_zone_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parquet = write_flights(tmp_path / "flights.parquet", [("2001-01-01T10:00:00", 1, 2, "QQQ1", "ORD")])

    assert run(parquet, tmp_path / "raw") == 1

    assert "no time zone is known for QQQ1" in capsys.readouterr().err


@pytest.mark.skipif(not land.PARQUET.exists(), reason="vega-datasets is not installed")
def test_every_airport_of_the_real_flights_has_a_zone() -> None:
    airports = [code for (code,) in duckdb.sql(f"SELECT DISTINCT origin FROM '{land.PARQUET}'").fetchall()]

    clocks = airport_clocks(airports, date(2001, 1, 1), date(2001, 7, 2))

    assert len(set(clocks["airport"].to_pylist())) == 229
