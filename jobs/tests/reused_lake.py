"""A lake of flights by landing unit, and sets of several slots over it with and without reuse."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curated_lake import BUCKET, SourceRows, arguments, iso_day, publish, read_json, write_json, written_files
from glue import build_training_set
from random_lake import COLUMNS, DAY, FIRST_DAY, HOUR, Flight, program, random_flights, view

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engines.file_storage import FileStorage

NEAR = program(views=[view("origin", ["origin"])], labelsByRow=True)
"""Looks back two days; labels of a day lie in the files of the day and of the next one."""
ALL = program(labelsByRow=True)
"""Also with corrections, and with a view that looks back without end."""


def prompt_flights(seed: int) -> list[Flight]:
    """Flights that are known ten minutes after they departed, on the same day, and every day one at one o'clock."""
    flights = random_flights(seed)
    flights += [replace(flights[0], departure=(FIRST_DAY + day) * DAY + HOUR, delay=20) for day in range(15)]
    return [replace(each, known=each.departure + HOUR // 6, key=None) for each in flights]


def land(
    storage: FileStorage, flights: Iterable[Flight], document: dict[str, Any], late: Iterable[Flight] = ()
) -> None:
    """Publishes flights by their day, and late ones in a unit of their own that an early slot reads too."""
    rows = [{**_row(each), "_unit": iso_day(each.departure)} for each in flights]
    rows += [{**_row(each), "_unit": "2001-01-01"} for each in late]
    publish(storage, [SourceRows("flights", COLUMNS, "departure", rows)], document, "")


def _row(flight: Flight) -> dict[str, Any]:
    fields = vars(flight)
    return {**fields, "known_time": fields["known"]}


def build(
    storage: FileStorage, slot: str, prefix: str, engine: str = "duckdb", code: str | None = "code"
) -> dict[str, Any]:
    """Builds the set of a slot over the units that landed before its day; without code nothing is reused.

    Returns:
        The manifest.
    """
    inputs = read_json(storage, "inputs.json")
    landed = [each for each in inputs["units"] if each["unit"] < slot[:10] or each["source"] != "flights"]
    own = {**inputs, "slot": slot, "units": landed, **({} if code is None else {"code": code})}
    own = own if code is not None else {name: own[name] for name in own if name != "code"}
    write_json(storage, "inputs.json", own)
    assert build_training_set.main(arguments(engine, prefix)) == 0
    write_json(storage, "inputs.json", inputs)
    return read_json(storage, f"{prefix}manifest.json")


def assert_same_set(storage: FileStorage, prefix: str, other: str) -> None:
    """Both sets have the same files, distribution and summaries."""
    files = written_files(storage, f"{prefix}a/")
    assert len(files) > 3
    assert files == written_files(storage, f"{other}a/")
    assert _told(storage, prefix) == _told(storage, other)


def _told(storage: FileStorage, prefix: str) -> tuple[Any, Any]:
    manifest = read_json(storage, f"{prefix}manifest.json")
    listed = read_json(storage, manifest["files"]["key"])
    files = [{**each, "key": each["key"].removeprefix(prefix)} for each in listed]
    names = ("splits", "label", "features", "views", "slot", "bytesPresent")
    return {name: manifest[name] for name in names}, files


def kept_days(storage: FileStorage) -> list[Path]:
    """Folders of the days that are kept."""
    root = Path(str(storage.local_path(f"s3://{BUCKET}/feature-rows/p/x"))).parent
    return sorted(path.parent for path in root.glob("*/record.json"))


def size_between(storage: FileStorage, first: int, last: int) -> int:
    """Bytes of the curated files of days since the first of the lake, both ends inclusive."""
    days = {iso_day((FIRST_DAY + number) * DAY) for number in range(first, last + 1)}
    units = read_json(storage, "inputs.json")["units"]
    files = [file for unit in units for file in read_json(storage, unit["manifest"])["files"]]
    return sum(file["size"] for file in files if file["day"] in days)
