"""SageMaker's archives are read without extracting them: what is hostile or damaged is refused."""

import io
import tarfile
from pathlib import Path

import pytest
from core.job_error import JobError
from sagemaker.archives import METRICS_BYTES, read_member


def write_archive(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for member, content in members:
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


GOOD = (member("metrics.json"), b"{}")


@pytest.mark.parametrize(
    "bad",
    [
        (member("../metrics.json"), b"{}"),
        (member("/tmp/metrics.json"), b"{}"),  # noqa: S108 - a hostile name, never opened
        (member("link", tarfile.SYMTYPE, "/etc/passwd"), b""),
        (member("metrics.json", tarfile.SYMTYPE, "/etc/passwd"), b""),
        (member("hard", tarfile.LNKTYPE, "metrics.json"), b""),
        (member("pipe", tarfile.FIFOTYPE), b""),
        (member("metrics.json"), b"{}"),
        (member("bomb"), b"\0" * METRICS_BYTES),
    ],
    ids=["parent", "absolute", "symlink", "member-as-symlink", "hard-link", "pipe", "twice", "too-big"],
)
def test_a_hostile_archive_is_refused(tmp_path: Path, bad: tuple[tarfile.TarInfo, bytes]) -> None:
    archive = write_archive(tmp_path / "output.tar.gz", GOOD, bad)

    with pytest.raises(JobError, match="ARCHIVE_UNSAFE"):
        read_member(archive, "metrics.json", METRICS_BYTES)

    assert [path.name for path in tmp_path.iterdir()] == ["output.tar.gz"]


def test_an_archive_with_folders_and_other_files_is_read(tmp_path: Path) -> None:
    folder, other = (member("./", tarfile.DIRTYPE), b""), (member("./success"), b"")
    archive = write_archive(tmp_path / "output.tar.gz", folder, other, (member("./metrics.json"), b"{}"))

    assert read_member(archive, "metrics.json", METRICS_BYTES) == b"{}"


@pytest.mark.parametrize("content", [b"", b"no archive", b"\x1f\x8b\x08\x00damaged"])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    archive = tmp_path / "model.tar.gz"
    archive.write_bytes(content)

    with pytest.raises(JobError, match="ARCHIVE_UNREADABLE"):
        read_member(archive, "xgboost-model", 100)
