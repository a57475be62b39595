"""On which days the labels of each file lie, asked of DuckDB."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engines.duckdb_sources import DuckDbSources
from engines.label_days import ANY_SLOT, IS_LABEL, LABEL_DAY
from engines.workers import workers

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from engines.label_days import KnownUntil
    from engines.storage import Storage
    from engines.training_set import CuratedFile, TrainingSetJob


def label_days_of_files(
    connection: duckdb.DuckDBPyConnection, storage: Storage, job: TrainingSetJob, files: Sequence[CuratedFile]
) -> list[KnownUntil]:
    """Scans the columns that labels need, file by file."""
    sources = DuckDbSources(connection, storage, replace(job, slot=ANY_SLOT))
    labels = f"SELECT * FROM ({job.program.labels['duckdb']}) AS made_labels WHERE {IS_LABEL}"
    query = f"SELECT {LABEL_DAY} AS day, max(known_time) AS known FROM ({labels}) GROUP BY 1"

    def survey(file: CuratedFile) -> KnownUntil:
        with connection.cursor() as cursor:
            sources.register(cursor, job.label_source, (file,))
            return dict(cursor.execute(query).fetchall())

    with workers() as pool:
        return list(pool.map(survey, files))
