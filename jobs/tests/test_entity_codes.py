"""Codes of entity keys: equal rows alike, different rows apart."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from core.feature_view import entity_codes


def test_codes_of_keys_never_run_together() -> None:
    table = pa.table({"left": ["1", "11", "1", None, "1"], "right": ["11", "1", "11", "1", None]})

    (codes,) = entity_codes([table])

    assert codes[0] == codes[2] != codes[1]
    assert codes[3:].tolist() == [-1, -1]


def test_codes_of_wide_keys_stay_apart() -> None:
    count = 50_000
    columns = {f"k{index}": pa.array(np.roll(np.arange(count), index)) for index in range(4)}

    (codes,) = entity_codes([pa.table(columns)])

    assert len(np.unique(codes)) == count
