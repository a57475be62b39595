"""Rows cut by the place that each goes to."""

from __future__ import annotations

import numpy as np
import pyarrow as pa


def row_pieces(rows: pa.Table, place: pa.ChunkedArray) -> list[tuple[int, pa.Table]]:
    """The rows of each place, ascending by place; rows of one place stay in their order.

    Args:
        rows: what is cut.
        place: integers of up to 16 bits, (n_rows,).
    """
    places = place.to_numpy()
    order = np.argsort(places, kind="stable")
    ordered, places = rows.take(pa.array(order)), places[order]
    cuts = np.concatenate(([0], np.flatnonzero(np.diff(places)) + 1, [len(places)]))
    return [
        (int(places[first]), ordered.slice(first, last - first))
        for first, last in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True)
        if first < last
    ]
