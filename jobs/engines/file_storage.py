"""Objects as plain files: ``s3://bucket/key`` is the file ``<root>/bucket/key``."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from engines.storage import ObjectHead, bucket_and_key, changed, disk_errors_named, missing

if TYPE_CHECKING:
    from collections.abc import Iterator

# Below the root, so on its file system; no bucket can have this name.
INCOMPLETE = ".incomplete"
_CHUNK = 1 << 20


class FileStorage:
    """Storage for local runs; a file appears whole or not at all."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def head(self, uri: str) -> ObjectHead | None:
        """Size and MD5, None where there is no file."""
        try:
            with self._path(uri).open("rb") as stream:
                return ObjectHead(os.fstat(stream.fileno()).st_size, _md5(stream))
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None

    def read_bytes(self, uri: str) -> bytes:
        """The whole file."""
        with self.open_input(uri) as stream:
            return stream.read()

    @contextmanager
    def open_input(self, uri: str, etag: str | None = None) -> Iterator[IO[bytes]]:
        """The file as a stream; with ``etag``, its MD5 is checked before the first byte is given."""
        try:
            stream = self._path(uri).open("rb")
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
            raise missing(uri) from error
        with stream:
            if etag is not None:
                found = _md5(stream)
                if found != etag:
                    raise changed(uri, f"ETag {etag}", f"ETag {found}")
                stream.seek(0)
            yield stream

    @contextmanager
    def open_output(self, uri: str) -> Iterator[IO[bytes]]:
        """A temporary file that takes the object's place at the end; removed when anything fails."""
        target = self._path(uri)
        with disk_errors_named(uri), self._temporary() as (stream, temporary):
            yield stream
            _finish(stream)
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary.replace(target)

    def write_bytes(self, uri: str, content: bytes) -> None:
        """Writes or replaces the file."""
        with self.open_output(uri) as stream:
            stream.write(content)

    def create(self, uri: str, content: bytes) -> bool:
        """Writes the file unless it exists: the hard link is the one atomic step."""
        target = self._path(uri)
        with disk_errors_named(uri), self._temporary() as (stream, temporary):
            stream.write(content)
            _finish(stream)
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(temporary, target)
            except FileExistsError:
                return False
        return True

    def copy(self, uri: str, target: str) -> None:
        """A second name of the file: no file is ever written to again, only replaced."""
        source, place = self._path(uri), self._path(target)
        place.parent.mkdir(parents=True, exist_ok=True)
        with self._temporary() as (_, temporary):
            temporary.unlink()
            try:
                os.link(source, temporary)
            except FileNotFoundError as error:
                raise missing(uri) from error
            # A rename onto another name of the same file does nothing and leaves both.
            temporary.replace(place)

    def local_path(self, uri: str) -> str | None:
        """The path of the file."""
        return str(self._path(uri))

    def _path(self, uri: str) -> Path:
        bucket, key = bucket_and_key(uri)
        return self._root / bucket / key

    @contextmanager
    def _temporary(self) -> Iterator[tuple[IO[bytes], Path]]:
        folder = self._root / INCOMPLETE
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder)
        temporary = Path(name)
        stream = os.fdopen(handle, "wb")
        try:
            yield stream, temporary
        finally:
            with suppress(OSError):
                stream.close()
            temporary.unlink(missing_ok=True)


def _finish(stream: IO[bytes]) -> None:
    os.fchmod(stream.fileno(), 0o644)
    stream.close()


def _md5(stream: IO[bytes]) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
