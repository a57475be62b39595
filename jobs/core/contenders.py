"""Which rows can be the newest at some label at all: mostly few, so that only they need an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.number_line import NumberLine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from core.feature_program import FeatureView
    from core.label_line import LabelLine
    from core.timeline import Events

    Bools = NDArray[np.bool_]
    Positions = NDArray[np.intp]


def asks_newest_alone(view: FeatureView) -> bool:
    """Whether a view needs nothing but the newest row at each label, in windows that hold it once it is known.

    Where versions correct each other, an older row can be the newest again.
    """
    newest = all(each.kind in ("latest", "last") for each in view.aggregates)
    return newest and not view.corrects and all(window.end == "closed" for window in view.windows)


def contenders(events: Events, chosen: Iterable[Bools | None], labels: LabelLine) -> Positions:
    """Finds the rows that are not older than any that is known at the first label which knows them.

    A row that is beaten there, by one of its entity that happened later, is beaten at every later label too.

    Args:
        events: the rows, of which none is corrected.
        chosen: the rows that each column chooses from, (n_rows,); None: all.
        labels: the labels.

    Returns:
        Their indices, (n_contenders,), rising; every row that is the newest of a choice at some label is among them.
    """
    rows = np.flatnonzero((events.entity >= 0) & (events.entity < labels.entities))
    entity, event = events.entity[rows], events.event[rows]
    first = labels.first_at(labels.place(entity, np.maximum(events.known[rows], event)))
    key = NumberLine(event, labels.entities + 1).at(entity, event)
    contends = np.zeros(len(rows), dtype=np.bool_)
    for each in chosen:
        among = slice(None) if each is None else np.flatnonzero(each[rows])
        contends[among] |= _unbeaten(first[among], key[among], labels.size)
    return rows[contends]


def _unbeaten(first: Positions, key: NDArray[np.int64], size: int) -> Bools:
    """Whether each row's key is the greatest that has started at its own start, which is below ``size``; (n_rows,)."""
    greatest = np.full(size + 1, np.iinfo(np.int64).min)
    np.maximum.at(greatest, first, key)
    greatest = np.maximum.accumulate(greatest)
    return (greatest[first] == key) & (first < size)
