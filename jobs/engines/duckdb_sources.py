"""The sources of a training set as DuckDB's views: of some files, with times in UTC and rows known at the slot."""

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
        """Looks at one file of each source for the types of its columns."""
        self._storage = storage
        self._job = job
        self._columns = {source.name: self._selected(connection, source) for source in job.sources.values()}

    def register(
        self, connection: duckdb.DuckDBPyConnection, source: SourceFiles, files: Iterable[CuratedFile]
    ) -> None:
        """Makes the source's view one of these files."""
        connection.execute("SET TimeZone = 'UTC'")
        chosen = tuple(files)
        known = "true" if source.static else f"epoch_us(known_time) <= {self._job.slot}"
        # Without a file in reach, any file gives the columns and no rows.
        rows = known if chosen else "false"
        selected = f"SELECT {self._columns[source.name]} FROM {self._scan(chosen or (source.sample,))} WHERE {rows}"
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {self._job.identifier(source.name)} AS {selected}")

    def register_all(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Makes every source's view one of all its files in reach."""
        for source in self._job.sources.values():
            self.register(connection, source, source.files)

    def _selected(self, connection: duckdb.DuckDBPyConnection, source: SourceFiles) -> str:
        kinds = connection.execute(f"DESCRIBE SELECT * FROM {self._scan((source.sample,))}").fetchall()
        zoned = {name for name, kind, *_ in kinds if kind == "TIMESTAMP WITH TIME ZONE"}
        names = (*source.columns, *(() if source.static else ("known_time",)))
        quoted = {name: self._job.identifier(name) for name in names}
        return ", ".join(
            f"make_timestamp(epoch_us({quoted[name]})) AS {quoted[name]}" if name in zoned else quoted[name]
            for name in names
        )

    def _scan(self, files: Iterable[CuratedFile]) -> str:
        paths = [self._storage.local_path(file.uri) for file in files]
        return f"read_parquet([{', '.join(_text(path) for path in paths if path)}], hive_partitioning = false)"


def fetch(connection: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    """The rows of a query."""
    return connection.execute(query).to_arrow_table()


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
