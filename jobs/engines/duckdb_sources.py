"""The sources of a training set as DuckDB's views: of some files, with the rows known at the slot."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb
    import pyarrow as pa

    from engines.storage import Storage
    from engines.training_set import CuratedFile, SourceFiles, TrainingSetJob


class DuckDbSources:
    """Names the sources in connections; a view of a connection is its own."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, storage: Storage, job: TrainingSetJob) -> None:
        """Looks at one file of each source for the type of its times."""
        self._storage = storage
        self._job = job
        self._known = {source.name: self._known_at_slot(connection, source) for source in job.sources.values()}

    def register(
        self, connection: duckdb.DuckDBPyConnection, source: SourceFiles, files: Iterable[CuratedFile]
    ) -> None:
        """Makes the source's view one of these files."""
        connection.execute("SET TimeZone = 'UTC'")
        chosen = tuple(files)
        # Without a file in reach, any file gives the columns and no rows.
        rows = self._known[source.name] if chosen else "false"
        names = (*source.columns, *(() if source.static else ("known_time",)))
        columns = ", ".join(map(self._job.identifier, names))
        selected = f"SELECT {columns} FROM {self._scan(chosen or (source.sample,))} WHERE {rows}"
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {self._job.identifier(source.name)} AS {selected}")

    def register_all(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Makes every source's view one of all its files in reach."""
        for source in self._job.sources.values():
            self.register(connection, source, source.files)

    def _known_at_slot(self, connection: duckdb.DuckDBPyConnection, source: SourceFiles) -> str:
        """A condition on the column itself, for the scan to apply, in its own type of timestamp."""
        if source.static:
            return "true"
        described = connection.execute(f"DESCRIBE SELECT known_time FROM {self._scan((source.sample,))}").fetchall()
        zoned = described[0][1] == "TIMESTAMP WITH TIME ZONE"
        return f"known_time <= {'make_timestamptz' if zoned else 'make_timestamp'}({self._job.slot})"

    def _scan(self, files: Iterable[CuratedFile]) -> str:
        paths = [self._storage.local_path(file.uri) for file in files]
        return f"read_parquet([{', '.join(_text(path) for path in paths if path)}], hive_partitioning = false)"


def fetch(connection: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    """The rows of a query."""
    return connection.sql(query).to_arrow_table()


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
