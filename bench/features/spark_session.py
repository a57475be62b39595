"""Spark as the contenders have it: as many threads as the jobs' engine, ample memory, an answer as one Parquet file."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pyspark.sql import SparkSession
from question import THREADS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from question import Question

SETTINGS = {
    "spark.master": f"local[{THREADS}]",
    "spark.driver.memory": "8g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.log.level": "ERROR",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": str(4 * THREADS),
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.io.compression.zstd.level": "1",
}


@contextmanager
def source_of(question: Question) -> Iterator[SparkSession]:
    """A session with the views ``events`` and ``labels``."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("contender")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    try:
        spark.read.parquet(*question.files).createOrReplaceTempView("source")
        spark.sql(question.events["spark"]).createOrReplaceTempView("events")
        spark.sql(question.labels["spark"]).createOrReplaceTempView("labels")
        yield spark
    finally:
        spark.stop()


def write_answer(spark: SparkSession, question: Question, statement: str, output: Path) -> None:
    """Writes the statement's rows in the order of the labels, as a folder of one file; times become timestamps."""
    answer = spark.sql(statement)
    written = {name: f"timestamp_micros({name}) AS {name}" for name in ("label_time", "known_time")}
    ordered = answer.selectExpr(*(written.get(name, name) for name in answer.columns)).orderBy(
        *question.order().split(", ")
    )
    ordered.coalesce(1).write.mode("overwrite").parquet(str(output))
