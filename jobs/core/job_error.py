"""The one error of a job that its caller can put right."""

from __future__ import annotations

import re

_ONE_LINE = re.compile(r"ERROR (?P<code>[A-Z_]+): (?P<message>[^\n]*) \(fix: (?P<fix>[^\n]*)\)")


class JobError(Exception):
    """What is wrong with a job's input or place, and the fix; its text is one line and survives a process boundary.

    Attributes:
        code: Stable name in capitals, for example ``HEADER_CHANGED``.
        message: What was wrong with the value that was given, lowercase, without full stop.
        fix: What to change so that it works.
    """

    def __init__(self, code: str, message: str, fix: str) -> None:
        self.code = code
        self.message = _single_line(message)
        self.fix = _single_line(fix)
        super().__init__(f"ERROR {code}: {self.message} (fix: {self.fix})")

    def __reduce__(self) -> tuple[type[JobError], tuple[str, str, str]]:
        return JobError, (self.code, self.message, self.fix)

    @staticmethod
    def found_in(text: str) -> JobError | None:
        """The job error that an engine wrapped into an error text of its own, or None.

        >>> JobError.found_in("Task failed: " + str(JobError("DISK_FULL", "no space", "free some"))).code
        'DISK_FULL'
        """
        match = _ONE_LINE.search(text)
        return None if match is None else JobError(match["code"], match["message"], match["fix"])


def _single_line(text: str) -> str:
    return text.replace("\r", "\\r").replace("\n", "\\n")
