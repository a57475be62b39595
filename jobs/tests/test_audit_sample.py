"""The sample of a leak audit: the same rows on both engines, from many label times."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engines.audit_sample import take_sample
from engines.audit_sql import AuditSql
from engines.duckdb_audit import DuckDbAudit
from engines.duckdb_engine import connect
from engines.spark_audit import SparkAudit
from glue import audit_training_set, build_training_set
from random_lake import BUCKET, PREFIX, arguments, program, publish_lake, random_flights

if TYPE_CHECKING:
    from engines.audit_job import AuditJob
    from engines.file_storage import FileStorage
    from pyspark.sql import SparkSession

ROWS = 12


def job_over(storage: FileStorage, engine: str) -> AuditJob:
    """An audit of so many rows of the published set."""
    given = {
        "program": f"s3://{BUCKET}/program.json",
        "inputs": f"s3://{BUCKET}/inputs.json",
        "training-set": f"s3://{BUCKET}/{PREFIX}manifest.json",
        "rows": str(ROWS),
        "engine": engine,
        "output": "report.json",
    }
    parsed = audit_training_set.parse_arguments(
        [part for name, value in given.items() for part in (f"--{name}", value)]
    )
    return audit_training_set.read_job(parsed, storage)


def test_engines_choose_the_same_rows_whatever_the_order_of_files(storage: FileStorage, spark: SparkSession) -> None:
    publish_lake(storage, random_flights(5), program())
    assert build_training_set.main(arguments("duckdb")) == 0
    job = job_over(storage, "duckdb")
    backwards = replace(job, audited=replace(job.audited, files=job.audited.files[::-1]))

    with connect() as connection:
        engine = DuckDbAudit(connection, storage)
        chosen, again = (take_sample(engine, each, AuditSql("duckdb")) for each in (job, backwards))
    by_spark = take_sample(SparkAudit(spark, storage), job_over(storage, "spark"), AuditSql("spark"))

    assert chosen.rows.num_rows == ROWS < chosen.in_set
    assert again.rows.to_pylist() == chosen.rows.to_pylist()
    assert by_spark.rows.to_pylist() == chosen.rows.to_pylist()
    assert len(set(chosen.rows["label_time"].to_pylist())) > ROWS / 2
