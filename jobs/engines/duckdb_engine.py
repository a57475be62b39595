"""The DuckDB engine of a job process."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY_LIMIT = "HUNDREDFOLD_MEMORY_LIMIT"


@contextmanager
def connect() -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory database in UTC that spills to a temporary folder and never downloads an extension.

    Rows have no order but that of an ORDER BY. ``HUNDREDFOLD_MEMORY_LIMIT``, for example ``4GB``, bounds its memory.
    """
    with tempfile.TemporaryDirectory(prefix="hundredfold-duckdb-") as folder:
        connection = duckdb.connect(":memory:", config=_settings(folder))
        try:
            connection.execute("SET TimeZone = 'UTC'")
            yield connection
        finally:
            connection.close()


def _settings(temporary_folder: str) -> dict[str, str | bool | int | float | list[str]]:
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": os.cpu_count() or 1,
        "temp_directory": temporary_folder,
        "preserve_insertion_order": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    limit = os.environ.get(MEMORY_LIMIT)
    if limit:
        settings["memory_limit"] = limit
    return settings
