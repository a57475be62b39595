"""The ingest program and its inputs as typed data: the readers of what ``lib/contracts`` describes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.job_error import JobError

if TYPE_CHECKING:
    from collections.abc import Mapping

KNOWN_TIME = "known_time"
COLUMN_TYPES = ("text", "integer", "double", "boolean", "timestamp")
_PATH_SEGMENT = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")


@dataclass(frozen=True)
class Column:
    """A declared column; ``type`` is one of ``COLUMN_TYPES``."""

    name: str
    type: str


@dataclass(frozen=True)
class Check:
    """A check over one unit's typed rows: ``minimum <= measure <= maximum``, None is no bound."""

    name: str
    measure: Mapping[str, str]
    minimum: float | None
    maximum: float | None


@dataclass(frozen=True)
class SourceProgram:
    """What the ingest job does with one source's raw files; statements and measures by engine.

    ``timeless`` is a static table: its rows have no ``known_time``.
    """

    source: str
    timeless: bool
    delimiter: str
    quote: str
    columns: tuple[Column, ...]
    typed: Mapping[str, str]
    accepted: Mapping[str, str]
    quarantined: Mapping[str, str]
    order_by: tuple[str, ...]
    checks: tuple[Check, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the declared columns, in the order of the file."""
        return tuple(column.name for column in self.columns)

    @property
    def curated_columns(self) -> tuple[str, ...]:
        """Columns of a curated file: the declared ones, then ``known_time`` where rows have one."""
        return self.column_names if self.timeless else (*self.column_names, KNOWN_TIME)

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> SourceProgram:
        """Reads a ``SourceIngest``.

        Raises:
            JobError: ``PROGRAM_INVALID``.
        """
        format_, statements = document["format"], document["statements"]
        columns = tuple(Column(column["name"], column["type"]) for column in document["columns"])
        _require_single_characters(format_["delimiter"], format_["quote"])
        _require_known_types(columns)
        return SourceProgram(
            source=document["source"],
            timeless=_is_timeless(document),
            delimiter=format_["delimiter"],
            quote=format_["quote"],
            columns=columns,
            typed=statements["typed"],
            accepted=statements["accepted"],
            quarantined=statements["quarantined"],
            order_by=tuple(document["orderBy"]),
            checks=tuple(
                Check(check["name"], check["measure"], check["min"], check["max"]) for check in document["checks"]
            ),
        )


@dataclass(frozen=True)
class IngestProgram:
    """What the ingest job does with the files of every source, in the order of the program."""

    sources: tuple[SourceProgram, ...]

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> IngestProgram:
        """Reads an ``IngestProgram`` document.

        Raises:
            JobError: ``PROGRAM_INVALID``.
        """
        if (document.get("kind"), document.get("version")) != ("ingest", 2):
            found = f"{document.get('kind')!r} version {document.get('version')!r}"
            raise JobError("PROGRAM_INVALID", f"the program is {found}", "give an ingest program of version 2")
        return IngestProgram(tuple(SourceProgram.from_json(source) for source in document["sources"]))


@dataclass(frozen=True)
class ListedObject:
    """An object as its listing saw it; ``key`` is relative to the data bucket, ``size`` in bytes."""

    key: str
    size: int
    etag: str


@dataclass(frozen=True)
class LandingUnit:
    """A folder under a source's raw prefix, and the fingerprint of ingesting exactly these objects."""

    source: str
    unit: str
    fingerprint: str
    objects: tuple[ListedObject, ...]

    @property
    def size(self) -> int:
        """Bytes of its objects together."""
        return sum(item.size for item in self.objects)


@dataclass(frozen=True)
class IngestInputs:
    """The landing units of one ingest job, ascending by source and name."""

    batch: str
    units: tuple[LandingUnit, ...]

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> IngestInputs:
        """Reads an ``IngestInputs`` document.

        Raises:
            JobError: ``INPUTS_INVALID``.
        """
        if document.get("version") != 2:
            raise JobError("INPUTS_INVALID", f"inputs of version {document.get('version')!r}", "give version 2")
        units = tuple(sorted((_unit(unit) for unit in document["units"]), key=lambda unit: (unit.source, unit.unit)))
        times = Counter((unit.source, unit.unit) for unit in units)
        for unit in units:
            if _PATH_SEGMENT.fullmatch(unit.unit) is None or times[unit.source, unit.unit] > 1:
                raise JobError(
                    "INPUTS_INVALID",
                    f"unit {unit.unit!r} of {unit.source} is no path segment or is given twice",
                    "name each unit once",
                )
        return IngestInputs(document["batch"], units)


def _unit(document: Mapping[str, Any]) -> LandingUnit:
    objects = (ListedObject(item["key"], item["size"], item["etag"]) for item in document["objects"])
    ordered = tuple(sorted(objects, key=lambda item: item.key))
    return LandingUnit(document["source"], document["unit"], document["fingerprint"], ordered)


def _is_timeless(document: Mapping[str, Any]) -> bool:
    if document["kind"] not in ("events", "static"):
        found = f"source {document['source']} is of kind {document['kind']!r}"
        raise JobError("PROGRAM_INVALID", found, "use events or static")
    return document["kind"] == "static"


def _require_single_characters(delimiter: str, quote: str) -> None:
    for name, character in (("delimiter", delimiter), ("quote", quote)):
        if len(character) != 1 or not character.isascii() or character in "\r\n":
            raise JobError("PROGRAM_INVALID", f"{name} is {character!r}", "use one ASCII character")
    if delimiter == quote:
        raise JobError("PROGRAM_INVALID", f"delimiter and quote are both {quote!r}", "use two characters")


def _require_known_types(columns: tuple[Column, ...]) -> None:
    for column in columns:
        if column.type not in COLUMN_TYPES:
            raise JobError(
                "PROGRAM_INVALID", f"column {column.name} is a {column.type!r}", f"use one of {', '.join(COLUMN_TYPES)}"
            )
