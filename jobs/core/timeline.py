"""The timeline kernel: what was known of an entity at a time, in whole-array operations.

A row takes part at label time ``t`` during one half-open interval::

    start = max(known, event)                      known, and happened
    end   = min(event + window, superseded)        still in (t - window, t], and not yet corrected

and never where ``end <= start``. Labels ordered by (entity, time) turn each interval into a contiguous range
``[first, last)`` of label positions. Then

- a count or a sum over a window is, at every position, the sum over the ranges that cover it:
  a difference array and its running sum;
- the latest value is the greatest rank, in order of (event, known, content), over the ranges that cover it.

All times are int64 UTC microseconds. Nothing here loops over rows or entities.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Int64s = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Numbers = NDArray[np.int64] | NDArray[np.float64]

FOREVER = np.iinfo(np.int64).max
_LARGEST_KEY = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Operand:
    """A column of the rows that aggregates read.

    Attributes:
        values: int64, or float64 where only ``latest`` reads it; (n_rows,). What stands under a NULL is arbitrary.
        valid: False where the value is NULL, (n_rows,); None where none is.
    """

    values: Numbers
    valid: Bools | None = None


@dataclass(frozen=True)
class Events:
    """Rows of one view.

    Attributes:
        entity: dense codes from 0, (n_rows,); negative: part of the key is NULL, so the row belongs to nobody.
        event: when it happened, (n_rows,).
        known: when it became available, (n_rows,).
        fact: codes of the row key, (n_rows,): rows with an equal code are versions of one fact; negative: no key.
            None where the source corrects nothing.
        content: columns that order rows with equal times, first the most significant.
    """

    entity: Int64s
    event: Int64s
    known: Int64s
    fact: Int64s | None = None
    content: Sequence[Operand] = ()


@dataclass(frozen=True)
class Labels:
    """Whom and when the features are for: ``entity`` codes as in :class:`Events` and ``time``, both (n_labels,)."""

    entity: Int64s
    time: Int64s


@dataclass(frozen=True)
class Ranges:
    """For each row of a timeline the label positions ``[first, last)`` at which it counts; empty where equal."""

    first: NDArray[np.intp]
    last: NDArray[np.intp]


class SumOverflowError(ArithmeticError):
    """A sum might not fit into int64: rows in a window times the greatest magnitude of a value exceed it."""


class Timeline:
    """The rows of one view laid out over its labels.

    Results come in the order of the labels that were given. The only sorts are one of the labels and one of the rows,
    shared by all windows and aggregates, and one more for the latest value.
    """

    def __init__(self, events: Events, labels: Labels) -> None:
        """Orders labels and rows.

        Args:
            events: rows of the view, in any order.
            labels: labels, in any order, repeated ones allowed.
        """
        entities = 1 + max(_greatest(events.entity), _greatest(labels.entity))
        self._labels = labels
        self._offset, span = _time_axis(labels.time, entities + 1)
        # A label without an entity lies in a segment of its own, where there are no rows.
        segment = np.where(labels.entity < 0, entities, labels.entity)
        keys = segment * span + self._offset(labels.time)
        self._label_order = np.argsort(keys)
        self._label_keys = keys[self._label_order]

        superseded = _superseded(events)
        start = np.maximum(events.known, events.event)
        start_keys = events.entity * span + self._offset(start)
        takes_part = np.flatnonzero((events.entity >= 0) & (start < superseded))
        self._rows = takes_part[np.argsort(start_keys[takes_part])]
        self._base = events.entity[self._rows] * span
        self._event = events.event[self._rows]
        self._superseded = superseded[self._rows]
        self._first = np.searchsorted(self._label_keys, start_keys[self._rows])
        self._events = events

    def within(self, window: int | None) -> Ranges:
        """Computes where each row counts in the window ``(t - window, t]``; None: a window without end.

        Args:
            window: length in microseconds, positive.
        """
        end = self._superseded if window is None else np.minimum(_later(self._event, window), self._superseded)
        last = np.searchsorted(self._label_keys, self._base + self._offset(end))
        return Ranges(self._first, np.maximum(self._first, last))

    def count(self, ranges: Ranges, operand: Operand | None = None) -> Int64s:
        """Counts the rows in each label's window, those alone whose operand is not NULL where one is given.

        Returns:
            int64, (n_labels,).
        """
        return self._in_label_order(self._covered(ranges, 1 if operand is None else self._valid(operand)))

    def total(self, ranges: Ranges, operand: Operand, count: Int64s) -> Int64s:
        """Sums an operand over each label's window, exactly.

        Args:
            ranges: where each row counts.
            operand: int64 values; NULLs add nothing.
            count: what :meth:`count` gives for the same operand, (n_labels,).

        Returns:
            int64, (n_labels,); 0 over an empty window.

        Raises:
            SumOverflowError: greatest count times greatest magnitude exceeds int64. Running sums may wrap on the way:
                their differences are right as long as the result fits.
        """
        values = operand.values[self._rows]
        if operand.valid is not None:
            values = np.where(operand.valid[self._rows], values, 0)
        magnitude = max(int(values.max()), -int(values.min())) if values.size else 0
        if _greatest(count) * magnitude > FOREVER:
            message = f"{_greatest(count)} rows in a window times the magnitude {magnitude} exceed a 64-bit integer"
            raise SumOverflowError(message)
        return self._in_label_order(self._covered(ranges, values.astype(np.int64, copy=False)))

    def latest(self, ranges: Ranges, operand: Operand) -> Operand:
        """Finds the value in force: of the rows that cover a label the greatest (event, known, content).

        Rows whose operand is NULL are passed over, after they have superseded what they correct. A window on ``ranges``
        is the time to live of the winner: what is older than the winner would have expired before it.

        Returns:
            values and validity, (n_labels,); not valid where no value is in force.
        """
        by_rank = self._by_rank()
        if operand.valid is not None:
            by_rank = by_rank[operand.valid[self._rows[by_rank]]]
        size = len(self._label_keys)
        winner = _greatest_cover(ranges.first[by_rank], ranges.last[by_rank], size)
        found = winner >= 0
        values = np.zeros(size, dtype=operand.values.dtype)
        values[found] = operand.values[self._rows[by_rank[winner[found]]]]
        return Operand(self._in_label_order(values), self._in_label_order(found))

    def _valid(self, operand: Operand) -> Int64s | int:
        return 1 if operand.valid is None else operand.valid[self._rows].astype(np.int64)

    def _covered(self, ranges: Ranges, amount: Int64s | int) -> Int64s:
        """At each label position the sum of the amounts of the rows that cover it."""
        change = np.zeros(len(self._label_keys) + 1, dtype=np.int64)
        np.add.at(change, ranges.first, amount)
        np.subtract.at(change, ranges.last, amount)
        return np.cumsum(change[:-1])

    def _by_rank(self) -> NDArray[np.intp]:
        """Indices into the timeline's rows in order of (event, known, content)."""
        events, rows = self._events, self._rows
        columns = [key for operand in reversed(events.content) for key in _content_keys(operand, rows)]
        return np.lexsort((*columns, events.known[rows], self._event))

    def _in_label_order(self, values: NDArray[Any]) -> NDArray[Any]:
        result = np.empty_like(values)
        result[self._label_order] = values
        return result


def _time_axis(times: Int64s, segments: int) -> tuple[Callable[[Int64s], Int64s], int]:
    """Maps times to integers that keep their order against the label times, so that (segment, time) is one int64.

    Args:
        times: label times, (n_labels,).
        segments: how many segments share one number line.

    Returns:
        A function of times to ``[0, span)``, and span. It is the distance from the first label time where that fits,
        else the rank among the distinct label times, which always does.
    """
    if times.size == 0:
        return np.zeros_like, 1
    first, beyond = int(times.min()), int(times.max()) + 1
    if segments * (beyond - first + 1) <= _LARGEST_KEY:
        return (lambda time: np.clip(time, first, beyond) - first), beyond - first + 1
    distinct = np.unique(times)
    return (lambda time: np.searchsorted(distinct, time).astype(np.int64)), len(distinct) + 1


def _superseded(events: Events) -> Int64s:
    """When each row is corrected: the known time of the next version of its fact, FOREVER where there is none.

    Versions are ordered by (known, content), so the last of those known at the same time is the one that holds.
    """
    superseded = np.full(len(events.entity), FOREVER, dtype=np.int64)
    if events.fact is None:
        return superseded
    rows = np.flatnonzero(events.fact >= 0)
    columns = [key for operand in reversed(events.content) for key in _content_keys(operand, rows)]
    order = rows[np.lexsort((*columns, events.known[rows], events.fact[rows]))]
    corrected = events.fact[order[:-1]] == events.fact[order[1:]]
    superseded[order[:-1][corrected]] = events.known[order[1:][corrected]]
    return superseded


def _content_keys(operand: Operand, rows: NDArray[np.intp]) -> tuple[NDArray[Any], ...]:
    """Sort keys of an operand, the least significant first: NULL before every value, equal values bit by bit."""
    values = operand.values[rows]
    if values.dtype == np.float64:
        bits = values.view(np.int64)
        values = bits ^ ((bits >> 63) & FOREVER)
    if operand.valid is None:
        return (values,)
    valid = operand.valid[rows]
    return np.where(valid, values, 0), valid


def _greatest_cover(first: NDArray[np.intp], last: NDArray[np.intp], size: int) -> NDArray[np.intp]:
    """At each of ``size`` positions the greatest index of a range ``[first, last)`` that covers it; -1: none does.

    A range of length n is covered by two, overlapping, of the greatest power of two within n. Going down the powers,
    what covers a block covers both of its halves: O((size + ranges) log size) whole-array operations.
    """
    index = np.flatnonzero(first < last)
    level = np.frexp((last - first)[index].astype(np.float64))[1] - 1
    winner = np.full(size, -1, dtype=np.intp)
    for power in range(int(level.max(initial=-1)), -1, -1):
        step = 1 << power
        winner[step:] = np.maximum(winner[step:], winner[:-step].copy())
        ranges = index[level == power]
        np.maximum.at(winner, first[ranges], ranges)
        np.maximum.at(winner, last[ranges] - step, ranges)
    return winner


def _later(time: Int64s, length: int) -> Int64s:
    """``time + length``, at most FOREVER."""
    return np.minimum(time, FOREVER - length) + length


def _greatest(values: Int64s) -> int:
    return int(values.max()) if values.size else -1
