"""When a version of a fact stops to hold: corrections end what they correct."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.lexicographic_order import lexicographic_order

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Int64s = NDArray[np.int64]
    Positions = NDArray[np.intp]


def corrected_at(
    fact: Int64s, known: Int64s, content: Callable[[Positions], Sequence[Int64s]]
) -> tuple[Positions, Int64s]:
    """Finds the rows that have a successor, and when each is superseded by it.

    Versions of a fact follow each other by (known, content): of those known at one time only the last ever holds, and
    no later version revives an earlier one.

    Args:
        fact: codes from 0, (n_rows,): rows with an equal code are versions of one fact; negative: of none.
        known: when each row became known, (n_rows,).
        content: gives keys, of rows by their indices, that order versions known at one time.

    Returns:
        Indices of the corrected rows and the known times of their successors, (n_corrected,) each.
    """
    has_versions = np.bincount(fact + 1, minlength=1) > 1
    has_versions[0] = False
    rows = np.flatnonzero(has_versions[fact + 1])
    order = rows[lexicographic_order([fact[rows], known[rows], *content(rows)])]
    corrected = fact[order[:-1]] == fact[order[1:]]
    return order[:-1][corrected], known[order[1:][corrected]]
