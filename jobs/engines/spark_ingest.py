"""Ingest on Spark: objects are read and files are written inside tasks, by the code that DuckDB's ingest uses."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from core.job_error import JobError
from core.quality import UnitOutcome, plain_number
from py4j.protocol import Py4JJavaError
from pyspark import StorageLevel
from pyspark.errors import PySparkException
from pyspark.sql import functions as sf

from engines.base import (
    QUARANTINE_ORDER,
    QUARANTINE_SCHEMA,
    IngestWork,
    accepted_order,
    outcome_files,
    read_object,
    write_accepted,
    write_quarantined,
)
from engines.csv_reader import raw_schema
from engines.overflow import overflow, overflow_named
from engines.parquet_writer import DataFile
from engines.spark_engine import own_session
from engines.spark_overflow import is_overflow
from engines.spark_tasks import in_tasks
from engines.storage import disk_full

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from core.ingest_program import ListedObject
    from pyspark.sql import DataFrame, SparkSession

    from engines.spark_tasks import ArrowFunction

    Write = Callable[[IngestWork, Iterable[pa.RecordBatch]], Iterator[tuple[str, str, DataFile]]]

_WRITTEN = "unit string, day string, key string, size bigint, rows bigint, sha256 string"
_SQL_TYPES = {pa.string(): "string", pa.int64(): "bigint"}


class SparkEngine:
    """The engine of AWS Glue, and the same on the laptop."""

    def ingest(self, works: Sequence[IngestWork]) -> Iterator[UnitOutcome]:
        """Ingests all units of a source in one pass, source after source in one session."""
        with _errors_named(), own_session() as spark:
            for work in works:
                with overflow_named(partial(_known_time, work)):
                    outcomes = list(_outcomes(spark, work))
                yield from outcomes


def _known_time(work: IngestWork, error: Exception) -> JobError | None:
    """Of the typed rows nothing but the known time is computed."""
    return overflow(f"the known time of {work.program.source}") if is_overflow(error) else None


def _outcomes(spark: SparkSession, work: IngestWork) -> Iterator[UnitOutcome]:
    program = work.program
    _raw(spark, work).createOrReplaceTempView("raw")
    typed = spark.sql(program.typed["spark"]).persist(StorageLevel.MEMORY_AND_DISK)
    try:
        typed.createOrReplaceTempView("typed")
        quarantined = spark.sql(program.quarantined["spark"])
        measures = _measures(typed, [check.measure["spark"] for check in program.checks], len(work.units))
        reasons = _reasons(quarantined)
        columns = ["_unit", "day", *program.curated_columns]
        accepted = spark.sql(program.accepted["spark"]).select(*map(_column, columns))
        files = _written(accepted, ["_unit", "day"], accepted_order(program), _writing(work, write_accepted))
        quarantined = quarantined.select("_unit", *QUARANTINE_SCHEMA.names)
        refused = _written(quarantined, ["_unit"], QUARANTINE_ORDER, _writing(work, write_quarantined))
    finally:
        typed.unpersist()
    for unit in work.units:
        rows, *values = measures[unit.unit if unit.unit in measures else None]
        yield UnitOutcome(
            source=unit.source,
            unit=unit.unit,
            rows=rows,
            reasons=reasons.get(unit.unit, {}),
            measures=tuple(plain_number(value) for value in values),
            files=outcome_files(files, unit.unit),
            quarantine_files=outcome_files(refused, unit.unit),
        )


def _raw(spark: SparkSession, work: IngestWork) -> DataFrame:
    """The view ``raw``: a task for a few objects, so that the greatest ones are read side by side."""
    listed = [(unit.unit, index) for unit in work.units for index in range(len(unit.objects))]
    objects = {(unit.unit, index): item for unit in work.units for index, item in enumerate(unit.objects)}
    tasks = max(1, min(len(listed), 4 * spark.sparkContext.defaultParallelism))
    frame = spark.createDataFrame(listed, "unit string, index int").repartition(tasks)
    schema = ", ".join(
        f"{_escaped(field.name)} {_SQL_TYPES[field.type]}" for field in raw_schema(work.program.column_names)
    )
    return in_tasks(frame, _reader(work, objects), schema)


def _reader(work: IngestWork, objects: dict[tuple[str, int], ListedObject]) -> ArrowFunction:
    def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for row in batch.to_pylist():
                yield from read_object(work, row["unit"], objects[row["unit"], row["index"]])

    return read


def _writing(work: IngestWork, write: Write) -> ArrowFunction:
    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for unit, day, file in write(work, batches):
            yield pa.RecordBatch.from_pylist([{"unit": unit, "day": day, **file.to_json()}])

    return run


def _written(
    rows: DataFrame,
    keys: Sequence[str],
    order: Sequence[str],
    write: ArrowFunction,
) -> list[tuple[str, str, DataFile]]:
    """Brings rows with equal keys together, in order, and writes them; a task that runs twice writes the same bytes."""
    placed = rows.repartition(*keys).sortWithinPartitions(*(_column(name).asc_nulls_first() for name in order))
    written = in_tasks(placed, write, _WRITTEN).collect()
    return [(row.unit, row.day, DataFile(row.key, row.size, row.rows, row.sha256)) for row in written]


def _measures(typed: DataFrame, measures: Sequence[str], units: int) -> dict[str | None, tuple[Any, ...]]:
    """By unit: the number of rows, then each check's measure; under None those of no rows, where a unit has none."""
    values = [sf.expr("count(*)"), *(sf.expr(measure) for measure in measures)]
    named = [value.alias(f"m{index}") for index, value in enumerate(values)]
    found = {row[0]: tuple(row)[1:] for row in typed.groupBy("_unit").agg(*named).collect()}
    if len(found) < units:
        found[None] = tuple(typed.where("false").agg(*named).collect()[0])
    return found


def _reasons(quarantined: DataFrame) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in quarantined.groupBy("_unit", "_reason").agg(sf.expr("count(*)").alias("rows")).collect():
        found.setdefault(row["_unit"], {})[row["_reason"]] = row["rows"]
    return found


def _column(name: str) -> Any:  # noqa: ANN401 - pyspark has two Column classes, classic and connect
    return sf.col(_escaped(name))


def _escaped(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


@contextmanager
def _errors_named() -> Iterator[None]:
    """Turns Spark's errors into job errors: one that a task raised is found again in the text around it."""
    try:
        yield
    except (PySparkException, Py4JJavaError) as error:
        text = str(error)
        if "No space left on device" in text:
            raise disk_full("Spark's temporary files") from error
        first_line = text.strip().partition("\n")[0]
        raise JobError.found_in(text) or JobError("ENGINE_FAILED", f"Spark: {first_line}", "report it") from error
