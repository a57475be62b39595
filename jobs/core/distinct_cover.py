"""How many different values cover a position."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.lexicographic_order import lexicographic_order

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Int64s = NDArray[np.int64]
    Positions = NDArray[np.intp]


def disjoint_by_value(first: Positions, last: Positions, value: Int64s) -> tuple[Positions, Positions]:
    """Shortens ranges so that those of one value no longer overlap and cover the same positions.

    In order of (value, first) a range begins where all before it of its value have ended: at the running maximum of
    their ends.

    Args:
        first: first positions, (n_ranges,).
        last: positions behind the last ones, beyond ``first``, (n_ranges,).
        value: codes from 0, (n_ranges,).

    Returns:
        First positions and positions behind the last, (n_ranges,) each; some ranges are empty.
    """
    if first.size == 0:
        return first, last
    order = lexicographic_order([value, first])
    first, last = first[order], last[order]
    size = int(last.max()) + 1
    # Along one line for all values, each with a stretch of its own, the ends' running maximum never leaves its value.
    stretch = np.cumsum(np.diff(value[order], prepend=value[order[0]]) != 0) * size
    ended = np.maximum.accumulate(stretch + last)
    before = np.concatenate(([0], ended[:-1])) - stretch
    return np.maximum(first, before), ended - stretch
