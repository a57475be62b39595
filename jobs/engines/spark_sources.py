"""The sources of a training set as Spark's views, and on which days the labels of each file lie."""

from __future__ import annotations

from collections import defaultdict
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from pyspark.sql import functions as F  # noqa: N812 - the library's own abbreviation
from pyspark.sql import types as T  # noqa: N812

from engines.label_days import ANY_SLOT, IS_LABEL, LABEL_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyspark.sql import DataFrame, SparkSession

    from engines.label_days import KnownUntil
    from engines.storage import Storage
    from engines.training_set import CuratedFile, SourceFiles, TrainingSetJob


def register(
    spark: SparkSession, storage: Storage, source: SourceFiles, files: Sequence[CuratedFile], slot: int
) -> None:
    """Makes the source's view one of these files: rows known at the slot, or of a static table all."""
    # Without a file in reach, any file gives the columns and no rows.
    rows = spark.read.parquet(*(_path(storage, file) for file in files or (source.sample,)))
    if source.static:
        seen = rows.select(*source.columns)
    else:
        known = F.unix_micros("known_time") <= slot if files else F.lit(False)
        seen = rows.select(*source.columns, "known_time").where(known)
    seen.createOrReplaceTempView(source.name)


def label_days_of_files(
    spark: SparkSession, storage: Storage, job: TrainingSetJob, files: Sequence[CuratedFile]
) -> list[KnownUntil]:
    """Scans files of the labels' source in one pass, which tells the file of each label: labels come from one row."""
    register(spark, storage, job.label_source, files, ANY_SLOT)
    labels = spark.sql(job.program.labels["spark"]).where(IS_LABEL)
    placed = labels.select(F.input_file_name().alias("file"), F.expr(LABEL_DAY).alias("day"), "known_time")
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for row in placed.groupBy("file", "day").agg(F.max("known_time").alias("known")).collect():
        found[_plain(row["file"])][row["day"]] = row["known"]
    places = [_plain(_path(storage, file)) for file in files]
    strange = sorted(found.keys() - set(places))
    if strange:
        message = f"Spark read {strange[0]}, which it was not told to"
        raise LookupError(message)
    return [found.get(place, {}) for place in places]


def typed(frame: DataFrame) -> DataFrame:
    """Integers as bigint and fractions as double, so that keys of labels and events have one type."""
    plain = {field.name: _plain_type(field.dataType) for field in frame.schema.fields}
    other = [field.name for field in frame.schema.fields if field.dataType != plain[field.name]]
    return frame.withColumns({name: F.col(name).cast(plain[name]) for name in other}) if other else frame


def with_entity(keys: Sequence[str], rows: DataFrame) -> DataFrame:
    """The rows that have an entity, whose columns are the keys."""
    return rows.where(reduce(lambda left, right: left & right, (F.col(name).isNotNull() for name in keys)))


def _plain_type(kind: T.DataType) -> T.DataType:
    if isinstance(kind, (T.FloatType, T.DecimalType)):
        return T.DoubleType()
    return T.LongType() if isinstance(kind, (T.IntegralType, T.BooleanType)) else kind


def _path(storage: Storage, file: CuratedFile) -> str:
    path = storage.local_path(file.uri)
    return file.uri if path is None else str(Path(path).absolute())


def _plain(place: str) -> str:
    """Path of a file, however its place is spelled: a path, or a URI of Hadoop's, which quotes.

    A path of this machine may have a percent sign of its own.
    """
    if place.startswith("/"):
        return place
    parts = urlsplit(place)
    return f"{parts.netloc}{unquote(parts.path)}" if parts.netloc else unquote(parts.path)
