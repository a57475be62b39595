"""Objects by ``s3://`` URI: on S3, or as plain files where ``HUNDREDFOLD_OBJECT_ROOT`` names their folder."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Protocol

from core.job_error import JobError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager


@dataclass(frozen=True)
class ObjectHead:
    """Size in bytes and ETag without its quotes: the MD5 of a single-part upload, opaque otherwise."""

    size: int
    etag: str


class Storage(Protocol):
    """What the jobs do with objects; every URI is ``s3://bucket/key``."""

    def head(self, uri: str) -> ObjectHead | None:
        """Size and ETag, None where there is no object."""
        ...

    def read_bytes(self, uri: str) -> bytes:
        """The whole object.

        Raises:
            JobError: ``OBJECT_MISSING``.
        """
        ...

    def open_input(self, uri: str, etag: str | None = None) -> AbstractContextManager[IO[bytes]]:
        """The object as a readable stream.

        With ``etag``, reading another version fails: at once on S3 (If-Match), at the latest when the stream is
        closed for files.

        Raises:
            JobError: ``OBJECT_MISSING``, ``OBJECT_CHANGED``.
        """
        ...

    def open_output(self, uri: str) -> AbstractContextManager[IO[bytes]]:
        """A stream whose content becomes the object, replacing any, when the context ends without an error.

        Raises:
            JobError: ``DISK_FULL``.
        """
        ...

    def write_bytes(self, uri: str, content: bytes) -> None:
        """Writes or replaces the object."""
        ...

    def create(self, uri: str, content: bytes) -> bool:
        """Writes the object unless it exists; False, and nothing changed, where it does."""
        ...

    def copy(self, uri: str, target: str) -> None:
        """Makes the target object the same as another one, replacing any; no content passes through the job.

        Raises:
            JobError: ``OBJECT_MISSING``.
        """
        ...

    def local_path(self, uri: str) -> str | None:
        """The path of the file that holds the object, None where objects are no files."""
        ...


def bucket_and_key(uri: str) -> tuple[str, str]:
    """The parts of an object URI.

    >>> bucket_and_key("s3://data/raw/a.csv")
    ('data', 'raw/a.csv')

    Raises:
        JobError: ``URI_INVALID``.
    """
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    if not uri.startswith("s3://") or not bucket or bucket.startswith(".") or ".." in key.split("/"):
        raise JobError("URI_INVALID", f"{uri!r} is no object URI", "give it as s3://bucket/key")
    return bucket, key


def missing(uri: str) -> JobError:
    """No object where one was listed or named."""
    return JobError("OBJECT_MISSING", f"{uri} does not exist", "land it again, or start the slot's next attempt")


def changed(uri: str, expected: str, found: str) -> JobError:
    """Another version of the object than the one that was listed."""
    return JobError(
        "OBJECT_CHANGED",
        f"{uri} is not the object that was listed: expected {expected}, found {found}",
        "landed objects must not change: restore it, or land the new content as a new object and run the next slot",
    )


@contextmanager
def disk_errors_named(place: str) -> Iterator[None]:
    """Turns a full disk into a ``JobError`` that says where; other errors pass."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise disk_full(place) from error


def disk_full(place: str) -> JobError:
    """The file system of ``place`` has no room left."""
    return JobError("DISK_FULL", f"no space left for {place}", "free disk space and run again; nothing was published")
