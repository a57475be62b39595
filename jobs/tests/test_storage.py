from __future__ import annotations

import errno
import hashlib
import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from core.job_error import JobError
from engines.file_storage import INCOMPLETE, FileStorage
from engines.s3_storage import S3Storage
from engines.storage import ObjectHead, bucket_and_key
from engines.storage_choice import OBJECT_ROOT, storage_from_environment

URI = "s3://data/raw/flights/a.csv"


def leftovers(storage: FileStorage) -> list[str]:
    folder = Path(str(storage.local_path("s3://bucket/key"))).parent.parent / INCOMPLETE
    return [entry.name for entry in folder.iterdir()] if folder.exists() else []


def test_an_object_has_its_size_and_the_md5_of_its_bytes_as_etag(storage: FileStorage) -> None:
    storage.write_bytes(URI, b"a,b\n")

    assert storage.head(URI) == ObjectHead(4, hashlib.md5(b"a,b\n", usedforsecurity=False).hexdigest())
    assert storage.read_bytes(URI) == b"a,b\n"


def test_create_writes_once_and_says_so(storage: FileStorage) -> None:
    assert storage.create(URI, b"first")
    assert not storage.create(URI, b"second")

    assert storage.read_bytes(URI) == b"first"
    assert leftovers(storage) == []


def test_reading_another_version_than_the_listed_one_is_refused(storage: FileStorage) -> None:
    storage.write_bytes(URI, b"a")
    listed = storage.head(URI)
    assert listed is not None
    storage.write_bytes(URI, b"b")

    with pytest.raises(JobError, match="OBJECT_CHANGED"), storage.open_input(URI, listed.etag):
        pass


def test_an_object_that_is_not_there_is_named(storage: FileStorage) -> None:
    assert storage.head(URI) is None
    with pytest.raises(JobError, match=f"OBJECT_MISSING: {URI} does not exist"):
        storage.read_bytes(URI)


def test_a_write_that_fails_leaves_neither_object_nor_temporary_file(storage: FileStorage) -> None:
    with pytest.raises(ValueError, match="half way"), storage.open_output(URI) as stream:
        stream.write(b"half")
        raise ValueError("half way")

    assert storage.head(URI) is None
    assert leftovers(storage) == []


def test_a_full_disk_is_an_error_with_a_fix(storage: FileStorage) -> None:
    with pytest.raises(JobError, match=r"DISK_FULL.*free disk space") as caught, storage.open_output(URI):
        raise OSError(errno.ENOSPC, "No space left on device")

    assert caught.value.code == "DISK_FULL"
    assert leftovers(storage) == []


@pytest.mark.parametrize("uri", ["data/a", "s3://", "s3://.incomplete/a", "s3://data/../other/a"])
def test_what_is_no_object_uri_is_refused(uri: str) -> None:
    with pytest.raises(JobError, match="URI_INVALID"):
        bucket_and_key(uri)


def test_the_environment_chooses_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OBJECT_ROOT, str(tmp_path))

    assert isinstance(storage_from_environment(), FileStorage)


def test_a_job_error_survives_being_wrapped_into_an_engines_text() -> None:
    error = JobError("HEADER_CHANGED", "two\nlines", "land it again")

    assert str(JobError.found_in(f"Task 3 failed:\n Traceback {error}\n\tat org")) == str(error)
    assert JobError.found_in("Task 3 failed") is None


class ClientError(Exception):
    """What boto3 raises for an answer that is no success."""

    def __init__(self, status: int) -> None:
        self.response = {"ResponseMetadata": {"HTTPStatusCode": status}}


class RecordedClient:
    """An S3 client in memory: the few calls that the storage makes, with S3's answers to conditions."""

    def __init__(self) -> None:
        self.exceptions = SimpleNamespace(ClientError=ClientError)
        self.objects: dict[tuple[str, str], bytes] = {}
        self.conflicts = 0

    def _etag(self, content: bytes) -> str:
        return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'

    def head_object(self, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        """404 where there is none."""
        if (Bucket, Key) not in self.objects:
            raise ClientError(404)
        content = self.objects[Bucket, Key]
        return {"ContentLength": len(content), "ETag": self._etag(content)}

    def get_object(self, Bucket: str, Key: str, IfMatch: str | None = None) -> dict[str, Any]:  # noqa: N803
        """404, or 412 where If-Match does not hold."""
        if (Bucket, Key) not in self.objects:
            raise ClientError(404)
        content = self.objects[Bucket, Key]
        if IfMatch is not None and IfMatch != self._etag(content):
            raise ClientError(412)
        return {"Body": io.BytesIO(content)}

    def put_object(self, Bucket: str, Key: str, Body: bytes, IfNoneMatch: str | None = None) -> None:  # noqa: N803
        """412 where If-None-Match does not hold, 409 as often as asked for."""
        if self.conflicts:
            self.conflicts -= 1
            raise ClientError(409)
        if IfNoneMatch == "*" and (Bucket, Key) in self.objects:
            raise ClientError(412)
        self.objects[Bucket, Key] = Body

    def copy(self, source: dict[str, str], bucket: str, key: str) -> None:
        """404 where there is none."""
        self.objects[bucket, key] = self.get_object(**source)["Body"].read()

    def upload_fileobj(self, stream: Any, bucket: str, key: str) -> None:  # noqa: ANN401
        """Reads the stream to its end."""
        self.objects[bucket, key] = stream.read()


def test_s3_gives_the_same_answers_as_files(storage: FileStorage) -> None:
    for place in (storage, S3Storage(RecordedClient())):
        assert place.head(URI) is None
        assert place.create(URI, b"one")
        assert not place.create(URI, b"two")
        assert place.head(URI) == ObjectHead(3, "f97c5d29941bfb1b2fdab0874906ab82")
        with place.open_output(URI) as stream:
            stream.write(b"three")
        assert place.read_bytes(URI) == b"three"
        with pytest.raises(JobError, match="OBJECT_CHANGED"), place.open_input(URI, "f97c5d29941bfb1b2fdab0874906ab82"):
            pass
        with pytest.raises(JobError, match="OBJECT_MISSING"):
            place.read_bytes(URI + "x")
        place.copy(URI, "s3://other/copy")
        with pytest.raises(JobError, match="OBJECT_MISSING"):
            place.copy(URI + "x", "s3://other/copy")
        place.write_bytes(URI, b"four")
        assert place.read_bytes("s3://other/copy") == b"three"


def test_a_copy_replaces_what_was_there_also_by_itself(storage: FileStorage) -> None:
    storage.write_bytes(URI, b"a")
    storage.write_bytes("s3://data/copy", b"b")

    storage.copy(URI, "s3://data/copy")
    storage.copy(URI, "s3://data/copy")

    assert storage.read_bytes("s3://data/copy") == storage.read_bytes(URI) == b"a"
    assert leftovers(storage) == []


def test_a_conflicting_conditional_write_on_s3_is_tried_again_while_nobody_won() -> None:
    client = RecordedClient()
    client.conflicts = 1

    assert S3Storage(client).create(URI, b"one")
    client.conflicts = 1
    assert not S3Storage(client).create(URI, b"two")
    assert client.objects["data", "raw/flights/a.csv"] == b"one"
