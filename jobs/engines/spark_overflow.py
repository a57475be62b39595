"""Expressions that overflow on Spark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException

from engines.overflow import find_overflow
from engines.spark_sources import register

if TYPE_CHECKING:
    from core.job_error import JobError
    from pyspark.sql import SparkSession

    from engines.storage import Storage
    from engines.training_set import TrainingSetJob

_CONDITIONS = ("[ARITHMETIC_OVERFLOW]", "[CAST_OVERFLOW]")


def is_overflow(error: Exception) -> bool:
    """Whether Spark raised it because arithmetic or a cast overflowed, also inside of a task."""
    return isinstance(error, (PySparkException, Py4JJavaError)) and any(each in str(error) for each in _CONDITIONS)


def named_overflow(spark: SparkSession, storage: Storage, job: TrainingSetJob, error: Exception) -> JobError | None:
    """The expression behind an error; None where it is another error."""

    def overflows(query: str, slot: int) -> bool:
        for source in job.sources.values():
            register(spark, storage, source, source.files, slot)
        try:
            spark.sql(query).collect()
        except (PySparkException, Py4JJavaError) as failure:
            if is_overflow(failure):
                return True
            raise
        return False

    return find_overflow(job, overflows) if is_overflow(error) else None
