"""The leak audit on Spark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.job_error import JobError
from pyspark import StorageLevel
from pyspark.errors import PySparkException
from pyspark.sql import functions as F  # noqa: N812 - the library's own abbreviation

from engines.audit_job import SET, AuditedSet
from engines.spark_overflow import is_overflow

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from core.feature_program import Source
    from pyspark.sql import SparkSession

    from engines.storage import Storage
    from engines.training_set import CuratedFile


class SparkAudit:
    """An :class:`engines.audit_job.AuditEngine` over a Spark session."""

    def __init__(self, spark: SparkSession, storage: Storage) -> None:
        self._spark = spark
        self._storage = storage

    def read_set(self, audited: AuditedSet) -> pa.Schema:
        """Names the set's rows."""
        paths = [self._path(file) for file in audited.files]
        reader = self._spark.read.option("recursiveFileLookup", "true")
        try:
            rows = (
                reader.csv(paths, header=True, inferSchema=True) if audited.format == "csv" else reader.parquet(*paths)
            )
        except PySparkException as error:
            raise JobError("SET_UNREADABLE", str(error), f"give {audited.format} files with one header") from error
        rows.createOrReplaceTempView(SET)
        return rows.limit(0).toArrow().schema

    def read_source(self, source: Source, files: Sequence[CuratedFile], known_until: int | None) -> None:
        """Names a source's rows."""
        times = ["known_time"] if source.kind == "events" else []
        rows = self._spark.read.parquet(*(self._path(file.uri) for file in files)).select(*source.columns, *times)
        if known_until is not None:
            rows = rows.where(F.unix_micros("known_time") <= known_until)
        rows.createOrReplaceTempView(source.name)

    def give(self, name: str, rows: pa.Table) -> None:
        """Names rows."""
        self._spark.createDataFrame(rows).createOrReplaceTempView(name)

    def keep(self, name: str, query: str) -> None:
        """Names the rows of a query."""
        self._spark.sql(query).persist(StorageLevel.MEMORY_AND_DISK).createOrReplaceTempView(name)

    def fetch(self, query: str) -> pa.Table:
        """The rows of a query."""
        return self._spark.sql(query).toArrow()

    def is_overflow(self, error: Exception) -> bool:
        """Whether an error says that a whole number left its 64 bits."""
        return is_overflow(error)

    def _path(self, file: str) -> str:
        return (self._storage.local_path(file) or file) if file.startswith("s3://") else file
