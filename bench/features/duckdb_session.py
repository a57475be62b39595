"""DuckDB as the contenders have it: the threads and settings of the jobs' engine, and an answer as one Parquet file."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb
from question import THREADS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from question import Question


@contextmanager
def source_of(question: Question) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with the views ``events`` and ``labels``."""
    with duckdb.connect(config={"threads": THREADS, "preserve_insertion_order": False}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        files = ", ".join(f"'{file}'" for file in question.files)
        connection.execute(f"CREATE VIEW source AS SELECT * FROM read_parquet([{files}], hive_partitioning = false)")
        connection.execute(f"CREATE VIEW events AS {question.events['duckdb']}")
        connection.execute(f"CREATE VIEW labels AS {question.labels['duckdb']}")
        yield connection


def write_answer(connection: duckdb.DuckDBPyConnection, question: Question, statement: str, output: Path) -> None:
    """Writes the statement's rows in the order of the labels; times become timestamps."""
    written = [f"make_timestamp({name}) AS {name}" for name in ("label_time", "known_time")]
    connection.execute(f"""
        COPY (
            FROM (SELECT * REPLACE ({", ".join(written)}) FROM ({statement})) ORDER BY {question.order()}
        ) TO '{output}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)""")
