"""The latest value known at a time by DuckDB's SQL alone: a contender."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from duckdb_session import source_of, write_answer
from latest_statements import asof_staircase, staircase_in_order
from question import read_arguments

if TYPE_CHECKING:
    from collections.abc import Sequence

FORMS = {"asof": asof_staircase, "in-order": staircase_in_order}


def main(arguments: Sequence[str]) -> None:
    """Answers by one statement."""
    question, form, output = read_arguments(arguments, list(FORMS))
    with source_of(question) as connection:
        write_answer(connection, question, FORMS[form](question, "duckdb"), output)


if __name__ == "__main__":
    main(sys.argv[1:])
