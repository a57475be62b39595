"""How a job's process ends: its exit code, and one line on stderr where its caller can put right what is wrong."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from core.job_error import JobError

if TYPE_CHECKING:
    from collections.abc import Callable


def exit_code_of(work: Callable[[], None]) -> int:
    """Does the work of a job.

    Returns:
        0 where it was done; 1 where a :class:`JobError` ended it, also one that an engine wrapped, told in one line.
    """
    try:
        work()
    except JobError as error:
        print(error, file=sys.stderr)
        return 1
    except Exception as error:
        told = JobError.found_in(str(error))
        if told is None:
            raise
        print(told, file=sys.stderr)
        return 1
    return 0
