"""The rows of a static table, which is known at every time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Int64s = NDArray[np.int64]
    Positions = NDArray[np.intp]

NO_ROW = -1
"""The row of an entity that has none."""


class RepeatedKeyError(ValueError):
    """Two rows have one key; ``row`` is the index of a later one."""

    def __init__(self, row: int) -> None:
        super().__init__(f"row {row} repeats the key of another")
        self.row = row


def static_rows(entity: Int64s, labels: Int64s) -> Positions:
    """Finds the row of each label's entity.

    Args:
        entity: codes of the rows, (n_rows,); negative: no label has that key.
        labels: codes of the labels, (n_labels,); negative: part of the key is NULL.

    Returns:
        Indices of the rows, (n_labels,); NO_ROW where there is none.

    Raises:
        RepeatedKeyError: two rows have one entity.
    """
    entities = int(max(entity.max(initial=-1), labels.max(initial=-1))) + 1
    rows = np.flatnonzero(entity >= 0)
    row_of = np.full(entities + 1, NO_ROW, dtype=np.intp)  # the last is nobody's: code -1
    row_of[entity[rows]] = rows
    repeated = rows[row_of[entity[rows]] != rows]
    if repeated.size:
        raise RepeatedKeyError(int(row_of[entity[repeated[0]]]))
    return row_of[labels]
