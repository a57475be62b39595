"""The leak audit on DuckDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
from core.job_error import JobError

from engines.audit_job import SET, AuditedSet
from engines.duckdb_overflow import OVERFLOWS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from core.feature_program import Source

    from engines.storage import Storage
    from engines.training_set import CuratedFile


class DuckDbAudit:
    """An :class:`engines.audit_job.AuditEngine` over an open connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, storage: Storage) -> None:
        self._connection = connection
        self._storage = storage

    def read_set(self, audited: AuditedSet) -> pa.Schema:
        """Names the set's rows."""
        paths = ", ".join(_text(self._path(file)) for file in audited.files)
        reader = f"read_parquet([{paths}], union_by_name = true, hive_partitioning = false)"
        if audited.format == "csv":
            reader = f"read_csv([{paths}], union_by_name = true, header = true)"
        try:
            self._connection.execute(f"CREATE OR REPLACE TEMP VIEW {SET} AS SELECT * FROM {reader}")
        except duckdb.Error as error:
            raise JobError("SET_UNREADABLE", str(error), f"give {audited.format} files with one header") from error
        return self.fetch(f"SELECT * FROM {SET} LIMIT 0").schema

    def read_source(self, source: Source, files: Sequence[CuratedFile], known_until: int | None) -> None:
        """Names a source's rows."""
        paths = ", ".join(_text(self._path(file.uri)) for file in files)
        scan = f"read_parquet([{paths}], hive_partitioning = false)"
        kinds = self._connection.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()
        zoned = {name for name, kind, *_ in kinds if kind == "TIMESTAMP WITH TIME ZONE"}
        names = {name: _identifier(name) for name in _columns(source)}
        columns = [
            f"make_timestamp(epoch_us({quoted})) AS {quoted}" if name in zoned else quoted
            for name, quoted in names.items()
        ]
        known = "TRUE" if known_until is None else f"epoch_us(known_time) <= {known_until}"
        selected = f"SELECT {', '.join(columns)} FROM {scan} WHERE {known}"
        self._connection.execute(f"CREATE OR REPLACE TEMP VIEW {_identifier(source.name)} AS {selected}")

    def give(self, name: str, rows: pa.Table) -> None:
        """Names rows."""
        self._connection.register(f"{name}_given", rows)
        self.keep(name, f"SELECT * FROM {name}_given")
        self._connection.unregister(f"{name}_given")

    def keep(self, name: str, query: str) -> None:
        """Names the rows of a query."""
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")

    def fetch(self, query: str) -> pa.Table:
        """The rows of a query."""
        return self._connection.execute(query).to_arrow_table()

    def is_overflow(self, error: Exception) -> bool:
        """Whether an error says that a whole number left its 64 bits."""
        return isinstance(error, OVERFLOWS)

    def _path(self, file: str) -> str:
        return (self._storage.local_path(file) or file) if file.startswith("s3://") else file


def _columns(source: Source) -> Sequence[str]:
    return (*source.columns, *(["known_time"] if source.kind == "events" else []))


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
