"""Windowed aggregates by DuckDB's SQL alone: a contender."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from duckdb_session import source_of, write_answer
from question import read_arguments
from window_statements import DUCKDB, asof_deltas, asof_prefixes, features, one_sort, range_frames, two_sorts

if TYPE_CHECKING:
    from collections.abc import Sequence

FORMS = {
    "one-sort": one_sort,
    "two-sorts": two_sorts,
    "asof": asof_deltas,
    "asof-prefixes": asof_prefixes,
    "range-frames": range_frames,
}


def main(arguments: Sequence[str]) -> None:
    """Answers view by view; each view's features are appended to the labels."""
    question, form, output = read_arguments(arguments, list(FORMS))
    with source_of(question) as connection:
        columns = list(question.label_columns)
        if form == "two-sorts":
            connection.execute("CREATE TEMP TABLE numbered AS SELECT row_number() OVER () AS id, * FROM labels")
            connection.execute("DROP VIEW labels")
            connection.execute("CREATE VIEW labels AS FROM numbered")
            columns = ["id", *columns]
        for view in question.views:
            statement = features(question, view, columns, FORMS[form](question, view, columns, DUCKDB))
            connection.execute(f"CREATE TEMP TABLE {view.name}_labels AS {statement}")
            connection.execute(f"CREATE OR REPLACE VIEW labels AS FROM {view.name}_labels")
            columns = [name for name, *_ in connection.execute("DESCRIBE labels").fetchall()]
        answer = ", ".join(name for name in columns if name != "id")
        write_answer(connection, question, f"SELECT {answer} FROM labels", output)


if __name__ == "__main__":
    main(sys.argv[1:])
