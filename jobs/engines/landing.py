"""What was landed must be what was listed: the checks of every object before and after it is read."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from core.job_error import JobError

from engines.csv_reader import CsvObject, check_header
from engines.storage import changed, missing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.ingest_program import LandingUnit, ListedObject

    from engines.base import IngestWork

_AT_ONCE = 16


def verify_headers(works: Sequence[IngestWork]) -> None:
    """Whether every object has the declared header.

    Raises:
        JobError: ``HEADER_CHANGED``.
    """
    _for_every_object(works, _verify_header)


def verify_versions(works: Sequence[IngestWork]) -> None:
    """Whether every object has the listed size and ETag.

    Raises:
        JobError: ``OBJECT_MISSING``, ``OBJECT_CHANGED``.
    """
    _for_every_object(works, _verify_version)


def _for_every_object(
    works: Sequence[IngestWork], verify: Callable[[IngestWork, LandingUnit, ListedObject], JobError | None]
) -> None:
    """Verifies objects side by side and raises what is wrong with them: the first in full, the others by number."""
    listed = [(work, unit, item) for work in works for unit in work.units for item in unit.objects]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        errors = [error for error in pool.map(lambda item: verify(*item), listed) if error is not None]
    if len(errors) > 1:
        more = f"{errors[0].message}; {len(errors) - 1} more of {len(listed)} objects are wrong as well"
        raise JobError(errors[0].code, more, errors[0].fix)
    if errors:
        raise errors[0]


def _verify_version(work: IngestWork, _: LandingUnit, listed: ListedObject) -> JobError | None:
    uri = f"s3://{work.bucket}/{listed.key}"
    head = work.storage.head(uri)
    if head is None:
        return missing(uri)
    if (head.size, head.etag) != (listed.size, listed.etag):
        return changed(uri, f"{listed.size} bytes, ETag {listed.etag}", f"{head.size} bytes, ETag {head.etag}")
    return None


def _verify_header(work: IngestWork, unit: LandingUnit, listed: ListedObject) -> JobError | None:
    program = work.program
    source = CsvObject(unit.unit, listed.key, program.column_names, program.delimiter, program.quote)
    try:
        with work.storage.open_input(f"s3://{work.bucket}/{listed.key}") as stream:
            check_header(stream, source)
    except JobError as error:
        return error
    return None
