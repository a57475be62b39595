"""The Spark engine of a job process: the session that Glue made, or a local one of the same meaning."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pyspark.sql import SparkSession

from engines.storage_choice import OBJECT_ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

_MEANING = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.timestampType": "TIMESTAMP_LTZ",
}


_COMPILED_LATER = (
    "-XX:Tier4InvocationThreshold=50000",
    "-XX:Tier4MinInvocationThreshold=6000",
    "-XX:Tier4CompileThreshold=150000",
    "-XX:Tier4BackEdgeThreshold=400000",
)
"""Java's optimizing compiler waits for ten times as many calls: a local run ends before most of its work pays."""


def session() -> SparkSession:
    """The session of this process: UTC, ANSI SQL, Arrow. The caller does not stop it."""
    # What it logs is raised as well; the job tells it in one line.
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    builder = SparkSession.builder.appName("hundredfold")
    if os.environ.get(OBJECT_ROOT):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        for name, value in _local_settings().items():
            builder = builder.config(name, value)
    spark = builder.getOrCreate()
    for name, value in _MEANING.items():
        spark.conf.set(name, value)
    return spark


@contextmanager
def own_session() -> Iterator[SparkSession]:
    """A session that ends with the context, unless the process had one before."""
    existed = SparkSession.getActiveSession() is not None
    spark = session()
    try:
        yield spark
    finally:
        if not existed:
            spark.stop()


def _local_settings() -> dict[str, str]:
    cores = os.cpu_count() or 1
    return {
        "spark.master": f"local[{cores}]",
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": " ".join(_COMPILED_LATER),
        "spark.driver.memory": os.environ.get("HUNDREDFOLD_MEMORY_LIMIT", "2g").lower().removesuffix("b"),
        "spark.sql.shuffle.partitions": str(2 * cores),
        "spark.log.level": "ERROR",
        # Workers import the job code from where this process has it.
        "spark.executorEnv.PYTHONPATH": str(Path(__file__).resolve().parent.parent),
    }
