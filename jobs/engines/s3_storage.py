"""Objects on S3, through boto3."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from functools import cached_property
from typing import IO, TYPE_CHECKING, Any

from engines.storage import ObjectHead, bucket_and_key, changed, disk_errors_named, missing

if TYPE_CHECKING:
    from collections.abc import Iterator


class S3Storage:
    """Storage for jobs on AWS; a storage sent to another process makes a client of its own there."""

    def __init__(self, client: Any = None) -> None:  # noqa: ANN401 - boto3 clients have no static type
        self._given = client

    def __reduce__(self) -> tuple[type[S3Storage], tuple[()]]:
        return S3Storage, ()

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401
        if self._given is not None:
            return self._given
        import boto3  # noqa: PLC0415 - on AWS only

        return boto3.client("s3")

    def head(self, uri: str) -> ObjectHead | None:
        """Size and ETag, None where there is no object."""
        bucket, key = bucket_and_key(uri)
        try:
            answer = self._client.head_object(Bucket=bucket, Key=key)
        except self._client.exceptions.ClientError as error:
            if _status(error) == 404:
                return None
            raise
        return ObjectHead(answer["ContentLength"], answer["ETag"].strip('"'))

    def read_bytes(self, uri: str) -> bytes:
        """The whole object."""
        with self.open_input(uri) as stream:
            return stream.read()

    @contextmanager
    def open_input(self, uri: str, etag: str | None = None) -> Iterator[IO[bytes]]:
        """The object's body; with ``etag``, S3 itself refuses another version."""
        bucket, key = bucket_and_key(uri)
        condition = {} if etag is None else {"IfMatch": f'"{etag}"'}
        try:
            body = self._client.get_object(Bucket=bucket, Key=key, **condition)["Body"]
        except self._client.exceptions.ClientError as error:
            if _status(error) == 404:
                raise missing(uri) from error
            if _status(error) == 412:
                raise changed(uri, f"ETag {etag}", "another") from error
            raise
        try:
            yield body
        finally:
            body.close()

    @contextmanager
    def open_output(self, uri: str) -> Iterator[IO[bytes]]:
        """A local temporary file that is uploaded at the end."""
        bucket, key = bucket_and_key(uri)
        with disk_errors_named(uri), tempfile.TemporaryFile() as stream:
            yield stream
            stream.seek(0, os.SEEK_SET)
            self._client.upload_fileobj(stream, bucket, key)

    def write_bytes(self, uri: str, content: bytes) -> None:
        """Writes or replaces the object."""
        bucket, key = bucket_and_key(uri)
        self._client.put_object(Bucket=bucket, Key=key, Body=content)

    def create(self, uri: str, content: bytes) -> bool:
        """Writes the object unless it exists: a PUT with If-None-Match."""
        bucket, key = bucket_and_key(uri)
        try:
            self._client.put_object(Bucket=bucket, Key=key, Body=content, IfNoneMatch="*")
        except self._client.exceptions.ClientError as error:
            # 409: another conditional write of the key was under way; which of the two won is decided by asking.
            if _status(error) == 412:
                return False
            if _status(error) == 409:
                return self.head(uri) is None and self.create(uri, content)
            raise
        return True

    def copy(self, uri: str, target: str) -> None:
        """A copy that S3 makes."""
        bucket, key = bucket_and_key(uri)
        to_bucket, to_key = bucket_and_key(target)
        try:
            self._client.copy({"Bucket": bucket, "Key": key}, to_bucket, to_key)
        except self._client.exceptions.ClientError as error:
            if _status(error) == 404:
                raise missing(uri) from error
            raise

    def local_path(self, uri: str) -> str | None:  # noqa: ARG002
        """None: objects on S3 are no files."""
        return None


def _status(error: Any) -> int:  # noqa: ANN401
    return int(error.response["ResponseMetadata"]["HTTPStatusCode"])
