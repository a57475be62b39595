"""The latest value known at a time by pandas: a contender.

``merge_asof`` finds the last row by one time. It answers the question over a staircase of known time, which pandas
makes by a running maximum; without it, it takes what became known last, however old.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from duckdb_session import source_of
from question import Question, read_arguments

if TYPE_CHECKING:
    from collections.abc import Sequence

FORMS = ("staircase",)


def main(arguments: Sequence[str]) -> None:
    """Answers by ``merge_asof``; DuckDB reads the files, which is faster than pandas does."""
    question, _, output = read_arguments(arguments, FORMS)
    with source_of(question) as connection:
        events = connection.execute("SELECT * FROM events").to_arrow_table().to_pandas()
        labels = connection.execute("SELECT * FROM labels").to_arrow_table().to_pandas()
    pq.write_table(answer(question, events, labels), output, compression="zstd", compression_level=1)


def answer(question: Question, events: pd.DataFrame, labels: pd.DataFrame) -> pa.Table:
    """The labels in their order with the value in force."""
    (view,), (feature,) = question.views, question.features
    key, operand, column = list(view.entity), str(feature.operand), f"{view.name}__{feature.name}"
    events = events.sort_values(["known", "event", operand], kind="stable")
    steps = events[events["event"] == events.groupby(key, sort=False)["event"].cummax()]
    steps = pd.DataFrame({**{name: steps[name] for name in key}, "known": steps["known"], column: steps[operand]})
    labels = labels.sort_values(question.order().split(", "), kind="stable")
    found = pd.merge_asof(labels, steps, left_on="label_time", right_on="known", by=key).drop(columns="known")
    found[column] = found[column].astype("Int64")
    table = pa.Table.from_pandas(found, preserve_index=False)
    for index, name in enumerate(table.column_names):
        if name in ("label_time", "known_time"):
            table = table.set_column(index, name, table[name].cast(pa.timestamp("us", tz="UTC")))
    return table


if __name__ == "__main__":
    main(sys.argv[1:])
