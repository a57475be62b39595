"""The leak audit against sets that are right, and against sets with a planted leak."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from glue import audit_training_set, build_training_set
from random_lake import (
    BUCKET,
    DAY,
    HOUR,
    PREFIX,
    SLOT_TIME,
    WINDOWS,
    Flight,
    arguments,
    program,
    publish_lake,
    random_flights,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engines.file_storage import FileStorage


def plant(storage: FileStorage, described: dict[str, Any], engine: str = "duckdb") -> None:
    """Builds the set by another program than the lake's, and leaves the lake's true one in its place."""
    true = storage.read_bytes(f"s3://{BUCKET}/program.json")
    storage.write_bytes(f"s3://{BUCKET}/program.json", json.dumps(described).encode())
    assert build_training_set.main(arguments(engine)) == 0
    storage.write_bytes(f"s3://{BUCKET}/program.json", true)


def audit(tmp_path: Path, engine: str = "duckdb", rows: str = "all", **changes: str) -> int:
    """The exit code of an audit of the published set."""
    given = {
        "program": f"s3://{BUCKET}/program.json",
        "inputs": f"s3://{BUCKET}/inputs.json",
        "training-set": f"s3://{BUCKET}/{PREFIX}manifest.json",
        "rows": rows,
        "engine": engine,
        "output": str(tmp_path / "report.json"),
        **changes,
    }
    return audit_training_set.main([part for name, value in given.items() for part in (f"--{name}", value)])


def audited(tmp_path: Path, engine: str = "duckdb", rows: str = "all", **changes: str) -> dict[str, Any]:
    """The report of an audit of the published set."""
    assert audit(tmp_path, engine, rows, **changes) == 0
    return json.loads((tmp_path / "report.json").read_text())


@pytest.mark.parametrize("seed", range(4))
def test_a_set_of_ours_has_no_leak(storage: FileStorage, tmp_path: Path, seed: int) -> None:
    described = program()
    publish_lake(storage, random_flights(seed), described)
    assert build_training_set.main(arguments("duckdb")) == 0

    report = audited(tmp_path)

    assert report["findings"] == []
    assert report["passed"]
    assert report["features"] == {"checked": described["features"], "unchecked": []}
    assert report["rows"]["audited"] == report["rows"]["inSet"] > 50


def test_spark_finds_no_leak(storage: FileStorage, tmp_path: Path, spark: object) -> None:  # noqa: ARG001
    publish_lake(storage, random_flights(4), program())
    assert build_training_set.main(arguments("duckdb")) == 0

    assert audited(tmp_path, "spark") == {**audited(tmp_path), "engine": "spark"}


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
@pytest.mark.usefixtures("spark")
def test_an_overflow_is_named_by_its_expression(
    storage: FileStorage, tmp_path: Path, capsys: pytest.CaptureFixture[str], engine: str
) -> None:
    large = "CAST(delay * 9007199254740991 * 9007199254740991 % 7 >= 0 AS INT) AS late FROM"
    overflowing = json.dumps(program()).replace("CAST(delay >= 15 AS INT) AS late FROM", large)
    publish_lake(storage, random_flights(4), json.loads(overflowing))
    plant(storage, program())

    assert audit(tmp_path, engine) == 1

    line = capsys.readouterr().err.splitlines()[-1]
    assert line.startswith(
        "ERROR EXPRESSION_OVERFLOW: the expression of late_share in the view origin overflows: a whole"
    )


def flights_of_one_entity() -> list[Flight]:
    """Twenty flights from A to C, every 6 hours, each known 8 hours after its departure; and a later one elsewhere."""
    first = SLOT_TIME - 8 * DAY
    later = first + 150 * HOUR
    other = Flight(departure=later, delay=3, level=None, origin="B", destination="D", key=None, known=later + HOUR)
    return [
        other,
        *(
            Flight(
                departure=first + 6 * HOUR * number,
                delay=number,
                level=float(number),
                origin="A",
                destination="C",
                key=f"k{number}",
                known=first + (6 * number + 8) * HOUR,
            )
            for number in range(20)
        ),
    ]


def corrected(flights: list[Flight]) -> list[Flight]:
    """Each flight's delay is corrected to 100 more a day after it was known."""
    later = [replace(each, delay=100 + (each.delay or 0), known=each.known + DAY) for each in flights]
    return [*flights, *later]


def of_view(name: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """The program with one of its views changed."""
    return program(views=[{**each, **(changes if each["name"] == name else {})} for each in program()["views"]])


def events_of(name: str, change: tuple[str, str]) -> dict[str, Any]:
    [each] = [each for each in program()["views"] if each["name"] == name]
    return of_view(name, events={engine: sql.replace(*change) for engine, sql in each["events"].items()})


def longer_by(microseconds: int) -> dict[str, Any]:
    """The view ``origin`` with longer windows under the same names."""
    [origin] = [each for each in program()["views"] if each["name"] == "origin"]
    windows = [{**window, "microseconds": window["microseconds"] + microseconds} for window in origin["windows"]]
    return of_view("origin", windows=windows)


KNOWN = {"duckdb": "epoch_us(known_time) AS known_time", "spark": "unix_micros(known_time) AS known_time"}
EVENT = {"duckdb": "epoch_us(departure)", "spark": "unix_micros(departure)"}


def known_time_ignored() -> dict[str, Any]:
    [each] = [each for each in program()["views"] if each["name"] == "origin"]
    events = {
        engine: sql.replace(KNOWN[engine], f"{EVENT[engine]} AS known_time") for engine, sql in each["events"].items()
    }
    return of_view("origin", events=events)


LAST = "ROW_NUMBER() OVER (PARTITION BY {} ORDER BY departure DESC, known_time DESC, delay DESC NULLS LAST) AS newest"


def as_of_now() -> dict[str, Any]:
    """The latest value of today, joined to every label."""
    rows = f"(SELECT *, {LAST.format('destination')} FROM flights) AS ranked WHERE newest = 1"
    times = "CAST(0 AS BIGINT) AS event_time, CAST(0 AS BIGINT) AS known_time"
    events = f"SELECT destination, {times}, key AS row_key, delay, level FROM {rows}"
    return of_view("destination", events={"duckdb": events, "spark": events})


def correction_early() -> dict[str, Any]:
    """Of each fact the last version alone, known when the first was."""
    first = {engine: KNOWN[engine].replace("known_time)", "first_known)") for engine in KNOWN}
    known = "MIN(known_time) OVER (PARTITION BY key) AS first_known"
    ranked = f"(SELECT *, {known}, {LAST.format('key')} FROM flights) AS ranked"
    rows = f"{ranked} WHERE newest = 1 OR key IS NULL"
    [each] = [each for each in program()["views"] if each["name"] == "route"]
    events = {
        engine: sql.replace(KNOWN[engine], first[engine]).replace("FROM flights", f"FROM {rows}")
        for engine, sql in each["events"].items()
    }
    return of_view("route", events=events)


def hours_after_first(text: str) -> float:
    """Hours of a time after the first departure of ``flights_of_one_entity``."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)
    return ((moment - epoch) // timedelta(microseconds=1) - (SLOT_TIME - 8 * DAY)) / HOUR


LEAKS = [
    pytest.param(
        known_time_ignored,
        flights_of_one_entity,
        "known-time-ignored",
        "not-known",
        "origin",
        0,
        8,
        id="known time ignored",
    ),
    pytest.param(as_of_now, flights_of_one_entity, "as-of-now", "not-known", "destination", 114, 122, id="as of now"),
    pytest.param(
        correction_early,
        lambda: corrected(flights_of_one_entity()),
        "correction-early",
        "not-known",
        "route",
        0,
        32,
        id="correction early",
    ),
    pytest.param(
        lambda: longer_by(DAY),
        flights_of_one_entity,
        "window-longer",
        "outside-window",
        "origin",
        0,
        8,
        id="a day longer",
    ),
]


@pytest.mark.parametrize(("leaky", "flights", "relaxation", "reason", "view_name", "event", "known"), LEAKS)
def test_a_planted_leak_is_found_with_its_row(
    storage: FileStorage,
    tmp_path: Path,
    leaky: Callable[[], dict[str, Any]],
    flights: Callable[[], list[Flight]],
    relaxation: str,
    reason: str,
    view_name: str,
    event: int,
    known: int,
) -> None:
    publish_lake(storage, flights(), program())
    plant(storage, leaky())

    report = audited(tmp_path)

    assert not report["passed"]
    assert {finding["view"] for finding in report["findings"]} == {view_name}
    assert {finding["explanation"] for finding in report["findings"]} == {relaxation}
    row = report["findings"][0]["offendingRow"]
    assert (row["reason"], hours_after_first(row["eventTime"]), hours_after_first(row["knownTime"])) == (
        reason,
        event,
        known,
    )


def flights_every_two_hours() -> list[Flight]:
    """Twenty-eight flights from A to C, known at departure: label times are 2, 4, 6 ... hours from events, or none."""
    first = SLOT_TIME - 8 * DAY
    return [
        Flight(
            departure=first + 2 * HOUR * number,
            delay=number,
            level=None,
            origin="A",
            destination="C",
            key=f"k{number}",
            known=first + 2 * HOUR * number,
        )
        for number in range(28)
    ]


def with_ends(**ends: str) -> dict[str, Any]:
    """The view ``origin`` with windows that are open or closed otherwise."""
    [origin] = [each for each in program()["views"] if each["name"] == "origin"]
    return of_view("origin", windows=[{**window, **ends} for window in origin["windows"]])


@pytest.mark.parametrize(
    ("declared", "built", "relaxation", "lengths"),
    [
        pytest.param({"start": "open"}, {"start": "closed"}, "window-closed", dict(WINDOWS), id="start"),
        pytest.param({"end": "open"}, {"end": "closed"}, "future-events", {"6h": 0, "2d": 0}, id="end"),
    ],
)
def test_a_window_that_is_off_by_one_is_found_with_its_row(
    storage: FileStorage,
    tmp_path: Path,
    declared: dict[str, str],
    built: dict[str, str],
    relaxation: str,
    lengths: dict[str, int],
) -> None:
    publish_lake(storage, flights_every_two_hours(), with_ends(**declared))
    plant(storage, with_ends(**built))

    report = audited(tmp_path)

    assert {finding["view"] for finding in report["findings"]} == {"origin"}
    assert {finding["feature"].rpartition("_")[2] for finding in report["findings"]} == {"6h", "2d"}
    for finding in report["findings"]:
        row, length = finding["offendingRow"], lengths[finding["feature"].rpartition("_")[2]]
        apart = hours_after_first(finding["label"]["time"]) - hours_after_first(row["eventTime"])
        assert (finding["explanation"], row["reason"]) == (relaxation, "outside-window")
        assert apart * HOUR == length
