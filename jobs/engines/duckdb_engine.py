"""The DuckDB engine of a job process."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

from engines.memory import memory

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def connect() -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory database in UTC that spills to a temporary folder and never downloads an extension.

    Rows have no order but that of an ORDER BY. Its memory is the database's share of :func:`engines.memory.memory`.
    """
    with tempfile.TemporaryDirectory(prefix="hundredfold-duckdb-") as folder:
        connection = duckdb.connect(":memory:", config=_settings(folder))
        try:
            connection.execute("SET TimeZone = 'UTC'")
            yield connection
        finally:
            connection.close()


def _settings(temporary_folder: str) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "threads": os.cpu_count() or 1,
        "temp_directory": temporary_folder,
        "preserve_insertion_order": False,
        # The system has files in its own cache.
        "enable_external_file_cache": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "memory_limit": f"{memory().database}B",
    }
