"""The engine that a training-set job was told to use; the other one need not be installed."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.job_error import JobError

    from engines.label_days import SurveyFiles
    from engines.storage import Storage
    from engines.training_set import TrainingSetEngine, TrainingSetJob


@dataclass(frozen=True)
class OpenEngine:
    """What a session of an engine offers: sets, on which days the labels of files lie, and what an error is named.

    ``overflow``: of a set and an error, the expression that overflowed; None where it is another error.
    """

    timeline: Callable[[TrainingSetJob], TrainingSetEngine]
    label_days: SurveyFiles
    overflow: Callable[[TrainingSetJob, Exception], JobError | None]


@contextmanager
def open_engine(name: Literal["spark", "duckdb"], storage: Storage) -> Iterator[OpenEngine]:
    """A session that ends with the context."""
    if name == "duckdb":
        from engines import duckdb_label_days, duckdb_overflow  # noqa: PLC0415
        from engines.duckdb_engine import connect  # noqa: PLC0415
        from engines.duckdb_timeline import DuckDbTimeline  # noqa: PLC0415

        with connect() as connection:
            yield OpenEngine(
                partial(DuckDbTimeline, connection, storage),
                partial(duckdb_label_days.label_days_of_files, connection, storage),
                partial(duckdb_overflow.named_overflow, connection, storage),
            )
    else:
        from engines import spark_overflow, spark_sources  # noqa: PLC0415
        from engines.spark_engine import own_session  # noqa: PLC0415
        from engines.spark_timeline import SparkTimeline  # noqa: PLC0415

        with own_session() as spark:
            yield OpenEngine(
                partial(SparkTimeline, spark, storage),
                partial(spark_sources.label_days_of_files, spark, storage),
                partial(spark_overflow.named_overflow, spark, storage),
            )
