"""The latest value known at a time by Spark's SQL alone: a contender."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from latest_statements import running_greatest, staircase_in_order
from question import read_arguments
from spark_session import source_of, write_answer

if TYPE_CHECKING:
    from collections.abc import Sequence

FORMS = {"running-greatest": running_greatest, "in-order": staircase_in_order}


def main(arguments: Sequence[str]) -> None:
    """Answers by one statement."""
    question, form, output = read_arguments(arguments, list(FORMS))
    with source_of(question) as spark:
        write_answer(spark, question, FORMS[form](question, "spark"), output)


if __name__ == "__main__":
    main(sys.argv[1:])
