"""The timeline: the rows of one view laid out over its labels, as ranges of label positions.

A row takes part at label time ``t`` during one half-open interval::

    start = max(known, event)                      known, and happened
    end   = min(event + window, superseded)        still in the window (t - window, t], and not yet corrected

and never where ``end <= start``; other windows have other ends (:mod:`core.window_span`). Labels ordered by (entity,
time) turn each interval into a contiguous range ``[first, last)`` of label positions. Every aggregate is a question
about the ranges that cover a position:

- a count or a sum: what has started less what has left (:mod:`core.timeline_window`);
- the newest alone: of the few rows that can be it (:mod:`core.contenders`);
- the newest: the greatest rank, in order of (event, known, content), that has started (:mod:`core.staircase`);
- where rows are corrected, and of values: the greatest key that covers (:mod:`core.greatest_cover`);
- the k-th smallest (:mod:`core.order_statistics`) and the number of different ones (:mod:`core.distinct_cover`).

All times are int64 UTC microseconds. Nothing here loops over rows or entities.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from core.accumulation import Starts
from core.corrections import corrected_at
from core.lexicographic_order import lexicographic_order, tied_neighbours
from core.number_line import NumberLine
from core.timeline_window import TimelineWindow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from core.label_line import LabelLine
    from core.window_span import WindowEnd, WindowSpan

    Int64s = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Positions = NDArray[np.intp]
    ContentKeys = Callable[[Positions], Sequence[Int64s]]

FOREVER = np.iinfo(np.int64).max


def no_content(_: Positions) -> Sequence[Int64s]:
    """The content keys of rows that have none: rows of equal times are interchangeable."""
    return ()


@dataclass(frozen=True)
class Events:
    """Rows of one view.

    Attributes:
        entity: codes as of the labels, (n_rows,); negative: nobody's row, or that of an entity without labels.
        event: when it happened, (n_rows,).
        known: when it became available, (n_rows,).
        fact: codes of the row key, (n_rows,): rows with an equal code are versions of one fact; negative: no key.
            None where the source corrects nothing.
        content: gives, for rows by their indices, keys that order those of equal times, the most significant first.
    """

    entity: Int64s
    event: Int64s
    known: Int64s
    fact: Int64s | None = None
    content: ContentKeys = no_content

    def take(self, rows: Positions) -> Events:
        """Some of the rows, by their indices."""
        fact = None if self.fact is None else self.fact[rows]
        return Events(
            self.entity[rows], self.event[rows], self.known[rows], fact, lambda some: self.content(rows[some])
        )


class Timeline:
    """Rows in places ordered by (entity, event time).

    Two sorts of integers, of the labels and of the rows, are shared by all windows and aggregates.

    Attributes:
        labels: the labels that rows are laid out over.
        row: the row at each place, (n_places,): its index in the events.
        corrects: whether some row is superseded by another; else rows leave a window in the order of their places.
    """

    def __init__(self, events: Events, labels: LabelLine) -> None:
        """Orders the rows that take part, given in any order."""
        self.labels = labels
        self._events = events
        corrected, superseded = _corrected(events)
        takes_part = (events.entity >= 0) & (events.entity < labels.entities)
        takes_part[corrected] &= np.maximum(events.known[corrected], events.event[corrected]) < superseded
        rows = None if takes_part.all() else np.flatnonzero(takes_part)
        entity, event = _of(events.entity, rows), _of(events.event, rows)
        self._line = NumberLine(event, labels.entities + 1)
        self._keys = self._line.at(entity, event)
        order = lexicographic_order([self._keys])
        self._keys.sort()
        self.row = order if rows is None else rows[order]
        self.corrects = bool(takes_part[corrected].any())
        self._superseded = self._corrected_from(corrected, superseded) if self.corrects else None
        self._first: dict[WindowEnd, Starts] = {}

    def within(self, window: WindowSpan) -> TimelineWindow:
        """Computes where each row comes and leaves in a window."""
        left = np.searchsorted(self._keys, self._line.at(self.labels.segment, window.earliest(self.labels.time)))
        return TimelineWindow(self._starts(window), left, self._superseded)

    @cached_property
    def by_rank(self) -> Positions:
        """Places in order of (entity, event, known, content), (n_places,): ``row`` with its ties in order."""
        places = np.arange(len(self.row))
        tied, group = tied_neighbours(self._keys)
        if tied.size:
            rows = self.row[tied]
            keys = [group, self._events.known[rows], *self._events.content(rows)]
            places[tied] = tied[lexicographic_order(keys)]
        return places

    @cached_property
    def rank(self) -> Int64s:
        """The rank of each place in that order, (n_places,)."""
        rank = np.empty(len(self.row), dtype=np.int64)
        rank[self.by_rank] = np.arange(len(rank))
        return rank

    def _starts(self, window: WindowSpan) -> Starts:
        """Where each row is known and has entered the window."""
        if window.end not in self._first:
            events = self._events
            entered = window.entered(events.event)
            place = self.labels.place(events.entity, np.maximum(events.known, entered))
            first = self.labels.first_at(place[self.row])
            self._first[window.end] = Starts(window.end, first, self.labels.size)
        return self._first[window.end]

    def _corrected_from(self, corrected: Positions, superseded: Int64s) -> Positions:
        """The first label position of each place at which its row is superseded; behind all where it never is."""
        stop = np.full(len(self._events.entity), self.labels.size, dtype=np.intp)
        stop[corrected] = self.labels.first_at(self.labels.place(self._events.entity[corrected], superseded))
        return stop[self.row]


def _corrected(events: Events) -> tuple[Positions, Int64s]:
    if events.fact is None:
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.int64)
    return corrected_at(events.fact, events.known, events.content)


def _of(values: Int64s, rows: Positions | None) -> Int64s:
    return values if rows is None else values[rows]
