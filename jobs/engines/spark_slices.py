"""Time slices on Spark: where one key has too many rows for a task, its labels go by slices of time to several.

The number of a slice is one more column of the key. A label is of the slice of its time; an event is repeated into the
slices from when it has happened and is known to the end of its view's lookback. Of the versions of a fact, which all
leave at one time, a slice has the first ones: each that is known at some time of the slice, so all that end another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.feature_program import JoinKey
from core.feature_view import LABEL_TIME, ROW_KEY
from pyspark.sql import functions as F  # noqa: N812 - the library's own abbreviation

from engines.view_groups import ViewGroup

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.feature_program import FeatureView
    from pyspark.sql import DataFrame

SLICES_A_TASK = 4
"""Slices that a task has room for: hashes do not spread few of them evenly."""


@dataclass(frozen=True)
class TaskSizes:
    """What a task aims at; it never shows in the rows of the set.

    Attributes:
        rows: of events and labels; a task holds them in memory.
        least_lookbacks: how many times the longest lookback of its views a slice spans at least, so that few events
            are repeated.
        sampled_rows: about how many rows are read to find the largest key.
    """

    rows: int = 1_000_000
    least_lookbacks: int = 4
    sampled_rows: int = 250_000


@dataclass(frozen=True)
class TimeSlices:
    """Slices of label times from ``first`` to ``last``, each ``width`` long, UTC microseconds; numbered from 0.

    ``column``: what has the number, of labels and events.
    """

    first: int
    last: int
    width: int
    column: str = "_slice"

    def of_group(self, group: ViewGroup) -> ViewGroup:
        """The group with the slice as the last column of its key."""
        key = JoinKey(self.column, self.column)
        views = tuple(replace(view, entity=(*view.entity, key)) for view in group.views)
        return ViewGroup((*group.label_keys, self.column), views)

    def of_labels(self, labels: DataFrame) -> DataFrame:
        """The labels with their slices."""
        return labels.withColumn(self.column, F.expr(self._number(LABEL_TIME)))

    def of_events(self, view: FeatureView, events: DataFrame) -> DataFrame:
        """The events once for each slice in which they can count, facts told apart by slice; a static table in all."""
        since, until = str(self.first), str(self.last)
        if not view.timeless:
            since = f"greatest(event_time, known_time, {self.first})"
            until = f"least(event_time + {view.lookback}, {self.last})"
        numbers = f"explode(sequence({self._number(since)}, {self._number(until)}))"
        repeated = events.where(f"{since} <= {until}").withColumn(self.column, F.expr(numbers))
        if not view.corrects:
            return repeated
        return repeated.withColumn(ROW_KEY, F.expr(f"concat({ROW_KEY}, ' ', {self.column})"))

    def _number(self, time: str) -> str:
        return f"({time} - {self.first}) DIV {self.width}"


def find_slices(span: Callable[[], tuple[int, int]], rows: int, least: int, sizes: TaskSizes) -> TimeSlices | None:
    """Cuts the time where one key has more rows than a task aims at.

    Args:
        span: gives the first and the last label time of all, UTC microseconds; asked only where a key has too many.
        rows: of the key that has most, labels and events.
        least: width of the narrowest slices, microseconds, as :func:`least_width` gives it.
        sizes: of tasks.

    Returns:
        None where all rows of a key go to one task: the key has few enough, or all labels lie in one slice.
    """
    if rows <= sizes.rows:
        return None
    first, last = span()
    width = max(least, (last - first) * sizes.rows // (SLICES_A_TASK * rows))
    return TimeSlices(first, last, width) if width <= last - first else None


def least_width(group: ViewGroup, history: int, sizes: TaskSizes) -> int | None:
    """Width of the narrowest slices in which few events are repeated, microseconds.

    None where a view looks back without end, or so far that one slice spans the history: how far apart label times can
    be, microseconds.
    """
    lookbacks = [0 if view.timeless else view.lookback for view in group.views]
    bounded = [each for each in lookbacks if each is not None]
    width = max(1, sizes.least_lookbacks * max(bounded, default=0))
    return width if bounded == lookbacks and width < history else None
