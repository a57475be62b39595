"""A column that aggregates read, as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from core.entity_index import distinct_codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Numbers = NDArray[Any]  # int64 or float64


@dataclass(frozen=True)
class Operand:
    """Values, some of them NULL.

    Attributes:
        values: int64 or float64, (n_rows,). What stands under a NULL is arbitrary.
        valid: False where the value is NULL, (n_rows,); None where none is.
    """

    values: Numbers
    valid: Bools | None = None

    def take(self, rows: NDArray[np.intp]) -> Operand:
        """The operand of some rows, by their indices."""
        return Operand(self.values[rows], None if self.valid is None else self.valid[rows])

    def at(self, rows: NDArray[np.intp]) -> Operand:
        """The operand of some rows, by their indices; NULL where that is negative."""
        found = rows >= 0
        values = np.zeros(len(rows), dtype=self.values.dtype)
        values[found] = self.values[rows[found]]
        if self.valid is not None:
            found[found] = self.valid[rows[found]]
        return Operand(values, found)

    def scaled(self, scale: int) -> Operand:
        """Units of ``10 ** -scale`` as doubles; without a scale the operand itself."""
        return Operand(self.values / 10**scale, self.valid) if scale else self


class NotFiniteError(ArithmeticError):
    """A double is NaN or infinite."""


def operand_of(column: pa.ChunkedArray) -> Operand:
    """Reads a column: integers and booleans as int64, texts as codes, doubles without minus zero.

    Raises:
        NotFiniteError: a double is neither finite nor NULL.
    """
    valid = None if column.null_count == 0 else column.is_valid().to_numpy()
    if _is_text(column.type):
        return Operand(distinct_codes(column), valid)
    numbers = column.cast(pa.float64() if pa.types.is_floating(column.type) else pa.int64())
    values = (numbers if valid is None else numbers.fill_null(0)).to_numpy()
    if not pa.types.is_floating(column.type):
        return Operand(values, valid)
    values = values + 0.0
    if not np.isfinite(values).all():
        message = f"{int(np.count_nonzero(~np.isfinite(values)))} of {len(values)} values are NaN or infinite"
        raise NotFiniteError(message)
    return Operand(values, valid)


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)
