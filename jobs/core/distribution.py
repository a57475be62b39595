"""Reference distributions of features, from histograms that merge: any partitioning of the rows gives the same bytes.

A histogram counts values rounded up to 11 significant bits, so integers up to 2048 exactly and others to within
0.1 %. The edges are its deciles; because each counted value is the upper end of what it stands for, the shares
between edges are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

# Of the 53 significant bits of a double 11 are kept.
_DROPPED_BITS = 42
_DECILES = range(1, 10)
_EXACT_INTEGERS = 1 << 53


@dataclass(frozen=True)
class Histogram:
    """Counts of rounded values, ascending, and of NULLs: ``values`` float64, ``counts`` int64, both (n_distinct,)."""

    values: NDArray[np.float64]
    counts: NDArray[np.int64]
    nulls: int


def histogram(values: NDArray[Any], nulls: int) -> Histogram:
    """Counts the values of a column that are not NULL, (n_values,), and notes the number of NULLs."""
    ordered = _flipped(values.astype(np.float64).view(np.int64))
    # What is left fits into 32 bits, and sorts several times faster than doubles are counted.
    rounded = ((ordered + ((1 << _DROPPED_BITS) - 1)) >> _DROPPED_BITS).astype(np.int32)
    rounded.sort()
    ends = np.flatnonzero(np.concatenate((rounded[1:] != rounded[:-1], np.ones(min(1, len(rounded)), dtype=np.bool_))))
    counts = np.diff(ends, prepend=-1)
    return Histogram(_flipped(rounded[ends].astype(np.int64) << _DROPPED_BITS).view(np.float64), counts, nulls)


def merged(histograms: Iterable[Histogram]) -> Histogram:
    """The histogram of all the rows behind several."""
    parts = list(histograms)
    values = np.concatenate([np.empty(0), *(part.values for part in parts)])
    counts = np.concatenate([np.empty(0, dtype=np.int64), *(part.counts for part in parts)])
    distinct, position = np.unique(values, return_inverse=True)
    total = np.zeros(len(distinct), dtype=np.int64)
    np.add.at(total, position, counts)
    return Histogram(distinct, total, sum(part.nulls for part in parts))


def feature_distribution(name: str, counted: Histogram) -> dict[str, Any]:
    """Describes a feature as ``FeatureDistribution`` of ``lib/contracts/manifest.ts``.

    Edge i is the least counted value that at least i tenths of the values do not exceed; equal edges are one.
    ``shares[i]`` of the rows lie in ``(edges[i - 1], edges[i]]``, the outer bins open.
    """
    values = int(counted.counts.sum())
    rows = values + counted.nulls
    below = np.cumsum(counted.counts)
    ranks = [-(-decile * values // 10) for decile in _DECILES] if values else []
    positions = np.unique(np.searchsorted(below, ranks))
    in_bins = np.diff(np.concatenate(([0], below[positions], [values])))
    return {
        "name": name,
        "edges": [_number(value) for value in counted.values[positions]],
        "shares": [int(count) / rows if rows else 0.0 for count in in_bins],
        "nullShare": counted.nulls / rows if rows else 0.0,
    }


def _flipped(bits: NDArray[np.int64]) -> NDArray[np.int64]:
    """Maps the bits of doubles to integers in the same order, and back."""
    return np.where(bits < 0, np.iinfo(np.int64).min - bits, bits)


def _number(value: float) -> int | float:
    return int(value) if abs(value) < _EXACT_INTEGERS and float(value).is_integer() else float(value)
