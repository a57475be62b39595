"""SageMaker's archives, read without ever extracting one: no member reaches the disk, so none can leave its folder."""

import gzip
import hashlib
import tarfile
import zlib
from pathlib import Path, PurePosixPath

from core.job_error import JobError

MODEL_BYTES = 4 * 2**30
METRICS_BYTES = 2**20
"""The most that a member may hold uncompressed."""

MEMBERS = 100
"""The most members that an archive may have; ours have one."""

RETRAIN = "do not use this archive; train the trial again"


def verify_digest(path: Path, sha256: str) -> None:
    """Compares a file's SHA-256 with the one that was recorded.

    Raises:
        JobError: ARCHIVE_MISSING, DIGEST_MISMATCH.
    """
    try:
        found = _sha256(path)
    except OSError as error:
        raise JobError("ARCHIVE_MISSING", f"{path}: {error}", "check the list of contenders") from error
    if found != sha256:
        raise JobError("DIGEST_MISMATCH", f"{path} has SHA-256 {found}, recorded is {sha256}", RETRAIN)


def read_member(archive: Path, name: str, limit: int) -> bytes:
    """The content of the one regular member of that name, at the top of a .tar.gz.

    Args:
        archive: path of the .tar.gz.
        name: the member's file name.
        limit: the most bytes that the archive's members may hold in all.

    Raises:
        JobError: ARCHIVE_UNSAFE where any member is a link or device, is named absolutely or through `..`, or is too
            big; ARCHIVE_UNREADABLE where it is no .tar.gz or lacks the member.
    """
    try:
        with tarfile.open(archive, mode="r|gz") as tar:
            content = _search(tar, archive, name, limit)
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, OSError) as error:
        raise JobError("ARCHIVE_UNREADABLE", f"{archive}: {error}", RETRAIN) from error
    if content is None:
        raise JobError("ARCHIVE_UNREADABLE", f"{archive} has no member {name}", RETRAIN)
    return content


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(2**20):
            digest.update(block)
    return digest.hexdigest()


def _search(tar: tarfile.TarFile, archive: Path, name: str, limit: int) -> bytes | None:
    content: bytes | None = None
    remaining = limit
    for count, member in enumerate(tar, start=1):
        remaining -= member.size
        _require_safe(archive, member, remaining, count)
        if member.isreg() and PurePosixPath(member.name) == PurePosixPath(name):
            if content is not None:
                raise JobError("ARCHIVE_UNSAFE", f"{archive} has {name} twice", RETRAIN)
            file = tar.extractfile(member)
            content = b"" if file is None else file.read()
    return content


def _require_safe(archive: Path, member: tarfile.TarInfo, remaining: int, count: int) -> None:
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts:
        raise JobError("ARCHIVE_UNSAFE", f"{archive} has a member named {member.name!r}", RETRAIN)
    if not (member.isreg() or member.isdir()):
        raise JobError("ARCHIVE_UNSAFE", f"{archive}: {member.name!r} is neither a file nor a folder", RETRAIN)
    if remaining < 0 or count > MEMBERS:
        raise JobError("ARCHIVE_UNSAFE", f"{archive} is larger or has more members than any model of ours", RETRAIN)
