"""Windowed aggregates by Spark's SQL alone: a contender."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from question import read_arguments
from spark_session import source_of, write_answer
from window_statements import SPARK, features, one_sort, range_frames

if TYPE_CHECKING:
    from collections.abc import Sequence

FORMS = {"one-sort": one_sort, "range-frames": range_frames}


def main(arguments: Sequence[str]) -> None:
    """Answers in one plan; each view's features are appended to the labels."""
    question, form, output = read_arguments(arguments, list(FORMS))
    with source_of(question) as spark:
        columns = list(question.label_columns)
        for view in question.views:
            statement = features(question, view, columns, FORMS[form](question, view, columns, SPARK))
            answered = spark.sql(statement)
            answered.createOrReplaceTempView("labels")
            columns = answered.columns
        write_answer(spark, question, "SELECT * FROM labels", output)


if __name__ == "__main__":
    main(sys.argv[1:])
