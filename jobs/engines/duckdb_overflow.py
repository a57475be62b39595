"""Expressions that overflow on DuckDB."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb

from engines.duckdb_sources import DuckDbSources
from engines.overflow import find_overflow

if TYPE_CHECKING:
    from core.job_error import JobError

    from engines.storage import Storage
    from engines.training_set import TrainingSetJob

OVERFLOWS = (duckdb.OutOfRangeException, duckdb.ConversionException)
"""What DuckDB raises where arithmetic or a cast overflows."""


def named_overflow(
    connection: duckdb.DuckDBPyConnection, storage: Storage, job: TrainingSetJob, error: Exception
) -> JobError | None:
    """The expression behind an error; None where it is another error."""

    def overflows(query: str, slot: int) -> bool:
        with connection.cursor() as cursor:
            DuckDbSources(cursor, storage, replace(job, slot=slot)).register_all(cursor)
            try:
                cursor.execute(query).fetchall()
            except OVERFLOWS:
                return True
        return False

    return find_overflow(job, overflows) if isinstance(error, OVERFLOWS) else None
