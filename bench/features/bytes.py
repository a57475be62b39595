"""Bytes that a reader of Parquet files must fetch, by their metadata: footers, and the columns it wants."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Sequence

TAIL = 8
"""Length of the footer and the magic number."""


def main(arguments: Sequence[str]) -> None:
    """Prints bytes per file, in the order given, as a JSON list."""
    parser = argparse.ArgumentParser(description="Counts bytes to read of Parquet files.")
    parser.add_argument("--columns", required=True, help="names, with commas between")
    parser.add_argument("--files", type=Path, required=True, help="a JSON list of paths")
    given = parser.parse_args(arguments)
    wanted = frozenset(given.columns.split(","))
    print(json.dumps([bytes_to_read(Path(file), wanted) for file in json.loads(given.files.read_text())]))


def bytes_to_read(file: Path, wanted: frozenset[str]) -> int:
    """Compressed bytes of the wanted columns' chunks, and the footer."""
    metadata = pq.read_metadata(file)
    groups = (metadata.row_group(index) for index in range(metadata.num_row_groups))
    chunks = (group.column(index) for group in groups for index in range(group.num_columns))
    columns = sum(chunk.total_compressed_size for chunk in chunks if chunk.path_in_schema in wanted)
    return metadata.serialized_size + TAIL + columns


if __name__ == "__main__":
    main(sys.argv[1:])
