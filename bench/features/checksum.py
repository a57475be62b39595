"""Checks an answer: per column how many values there are and their exact sum, and a digest of all rows in order."""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


def main(arguments: Sequence[str]) -> None:
    """Prints the checksum of a file, or of the files below a folder one after the other, as JSON."""
    parser = argparse.ArgumentParser(description="Checks an answer.")
    parser.add_argument("answer", type=Path)
    parser.add_argument("--columns", required=True, help="names, with commas between")
    given = parser.parse_args(arguments)
    names = given.columns.split(",")
    rows = pa.concat_tables([pq.ParquetFile(file).read(names) for file in answer_files(given.answer)])
    print(json.dumps(checksum(rows.select(names))))


def answer_files(answer: Path) -> list[Path]:
    """The files of an answer in the order of its rows; a training set's parts by split and day."""
    if answer.is_file():
        return [answer]
    splits = ("train", "validation", "test")
    parts = [file for split in splits for file in sorted((answer / split).glob("day=*/part.parquet"))]
    return parts or sorted(answer.glob("*.parquet"))


def checksum(rows: pa.Table) -> dict[str, Any]:
    """Values and exact sum of each column (of a text its length), and the SHA-256 of all columns, row by row in order.

    Doubles are summed exactly and rounded once, and digested by their bits; minus zero, which no exact sum divided by
    a count can be unless a contender spells it so, is zero.
    """
    digest = hashlib.sha256()
    columns: dict[str, Any] = {}
    for name in rows.column_names:
        plain = plain_column(rows[name])
        digest.update(name.encode() + b"\0")
        digest_column(digest, plain)
        columns[name] = {"values": len(plain) - plain.null_count, "sum": exact_sum(plain)}
    return {"rows": rows.num_rows, "columns": columns, "digest": digest.hexdigest()}


def plain_column(column: pa.ChunkedArray) -> pa.Array:
    """int64, float64 or text in one piece, whatever width or unit it was written in."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.timestamp("us", tz=kind.tz)).cast(pa.int64())
    elif pa.types.is_floating(kind):
        column = pc.call_function("add", [column.cast(pa.float64()), 0.0])
    elif pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        column = column.cast(pa.int64())
    else:
        column = column.cast(pa.string())
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def exact_sum(column: pa.Array) -> str:
    """As decimal text; of a text column the sum of its lengths in bytes."""
    if pa.types.is_string(column.type):
        return str(int(text_lengths(column).sum()))
    values = column.drop_null().to_numpy()
    if pa.types.is_floating(column.type):
        return repr(math.fsum(values.tolist()))
    # Halves add up without overflow.
    return str((int((values >> 32).sum()) << 32) + int((values & 0xFFFFFFFF).sum()))


def text_lengths(column: pa.Array) -> NDArray[np.int64]:
    """Lengths in bytes, 0 of a NULL; int64, (n_rows,)."""
    lengths = pc.call_function("binary_length", [column.fill_null("")])
    return lengths.cast(pa.int64()).to_numpy()


def digest_column(digest: Any, column: pa.Array) -> None:  # noqa: ANN401 - hashlib gives its type no name
    """Feeds which rows are NULL, then the values, zero or empty where they are."""
    digest.update(pc.cast(column.is_valid(), pa.uint8()).to_numpy().tobytes())
    if pa.types.is_string(column.type):
        filled = column.fill_null("")
        digest.update(text_lengths(filled).tobytes())
        digest.update("".join(filled.to_pylist()).encode())
    else:
        digest.update(column.fill_null(0).to_numpy().tobytes())


if __name__ == "__main__":
    main(sys.argv[1:])
