"""The newest and the oldest rows that count at a label, in order of (event, known, content)."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from core.greatest_cover import LEAST_KEY, greatest_cover
from core.order_statistics import kth_cover
from core.running_totals import cover_count
from core.staircase import staircases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from core.timeline import Timeline
    from core.timeline_window import Ranges

    Int64s = NDArray[np.int64]
    Positions = NDArray[np.intp]

NOBODY = -1
"""The row where there is none."""


def newest_rows(timeline: Timeline, ranges: Ranges, how_many: int) -> list[Positions]:
    """Finds at each label position the newest row, the second newest, and so on.

    Where nothing is corrected rows leave in the order of their ranks. So of those that have started the greatest rank
    decides: if its row has left the window, all below it have.

    Args:
        timeline: the rows.
        ranges: where each counts; rows that take no part are left out.
        how_many: from 1.

    Returns:
        For each of them indices of the events, (n_labels,); NOBODY where fewer rows count.
    """
    rank = timeline.rank[ranges.rows]
    if timeline.corrects:
        winners = _of_corrected(ranges, rank, timeline.labels.size, how_many)
    else:
        greatest = islice(staircases(ranges.first, rank, timeline.labels.size), how_many)
        winners = (np.where(winner >= ranges.left, winner, NOBODY) for winner in greatest)
    return [_row_of_rank(timeline, winner) for winner in winners]


def oldest_row(timeline: Timeline, ranges: Ranges) -> Positions:
    """Finds at each label position the oldest row: an index of the events, (n_labels,); NOBODY where none counts."""
    reversed_rank = ~timeline.rank[ranges.rows]
    least = greatest_cover(ranges.first, ranges.last, reversed_rank, timeline.labels.size)
    return _row_of_rank(timeline, np.where(least == LEAST_KEY, NOBODY, ~least))


def _of_corrected(ranges: Ranges, rank: Int64s, size: int, how_many: int) -> Iterator[Int64s]:
    if how_many == 1:
        yield np.maximum(greatest_cover(ranges.first, ranges.last, rank, size), NOBODY)
        return
    count = cover_count(ranges.first, ranges.last, size)
    asked = [np.maximum(count - number, 0) for number in range(1, how_many + 1)]
    found = kth_cover(ranges.first, ranges.last, rank, asked, size)
    for number, winner in enumerate(found, start=1):
        yield np.where(count >= number, winner, NOBODY)


def _row_of_rank(timeline: Timeline, rank: Int64s) -> Positions:
    found = rank >= 0
    rows = np.full(len(rank), NOBODY, dtype=np.intp)
    rows[found] = timeline.row[timeline.by_rank[rank[found]]]
    return rows
