"""The question that all contenders answer, as ``question.json`` states it, and where each puts its answer."""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Engine = Literal["duckdb", "spark"]
THREADS = os.cpu_count() or 1
"""As the engines of the jobs have."""


@dataclass(frozen=True)
class View:
    """Events joined to labels by the columns of ``entity``, which both have."""

    name: str
    entity: tuple[str, ...]


@dataclass(frozen=True)
class Feature:
    """``count`` of events, ``sum`` or ``mean`` of an operand, over every window; or the ``latest`` operand."""

    name: str
    kind: Literal["count", "sum", "mean", "latest"]
    operand: str | None


@dataclass(frozen=True)
class Question:
    """What to compute from which files.

    Attributes:
        files: Parquet files that everyone reads.
        events: SELECT over ``source`` per engine: entity columns, ``event``, ``known`` (bigint UTC microseconds),
            operands, which are never NULL.
        labels: SELECT over ``source`` per engine: ``label_time``, ``known_time`` (bigint UTC microseconds), ``label``,
            then the columns that the answer carries.
        carried: entity columns and features of the label's row, in the order that breaks ties of label times.
        windows: suffix and length in microseconds, ascending: ``(t - length, t]``.
    """

    files: tuple[str, ...]
    events: Mapping[Engine, str]
    labels: Mapping[Engine, str]
    carried: tuple[str, ...]
    views: tuple[View, ...]
    features: tuple[Feature, ...]
    windows: tuple[tuple[str, int], ...]

    @property
    def operands(self) -> tuple[str, ...]:
        """Distinct operands in order of first use."""
        return tuple(dict.fromkeys(each.operand for each in self.features if each.operand is not None))

    @property
    def label_columns(self) -> tuple[str, ...]:
        """Columns of ``labels``."""
        return ("label_time", "known_time", "label", *self.carried)

    def order(self) -> str:
        """What an answer is sorted by: equal rows apart, a total order."""
        return ", ".join(("label_time", *self.carried, "known_time", "label"))


def read_question(path: Path) -> Question:
    """Reads ``question.json``."""
    stated: dict[str, Any] = json.loads(path.read_text())
    return Question(
        files=tuple(stated["files"]),
        events=stated["events"],
        labels=stated["labels"],
        carried=tuple(stated["carried"]),
        views=tuple(View(each["name"], tuple(each["entity"])) for each in stated["views"]),
        features=tuple(Feature(each["name"], each["kind"], each["operand"]) for each in stated["features"]),
        windows=tuple((each["suffix"], each["microseconds"]) for each in stated["windows"]),
    )


def read_arguments(arguments: Sequence[str], forms: Sequence[str]) -> tuple[Question, str, Path]:
    """Question, form of the statement and output file of a contender's command line."""
    parser = argparse.ArgumentParser(description="Answers a question of the benchmark.")
    parser.add_argument("--question", type=Path, required=True)
    parser.add_argument("--form", choices=forms, required=True)
    parser.add_argument("--output", type=Path, required=True)
    given = parser.parse_args(arguments)
    return read_question(given.question), given.form, given.output
