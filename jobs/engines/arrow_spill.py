"""Arrow tables by name, in memory as long as they fit, else in files of a temporary folder."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import pyarrow as pa

from engines.storage import disk_errors_named

if TYPE_CHECKING:
    from pathlib import Path


class ArrowSpill:
    """Collects pieces of tables from several threads; each table is taken once, its pieces in no stated order."""

    def __init__(self, folder: Path, limit: int) -> None:
        """Keeps ``limit`` bytes in memory at most, the rest below the folder."""
        self._folder = folder
        self._limit = limit
        self._pieces: dict[str, list[pa.Table]] = {}
        self._held = 0
        self._lock = Lock()

    def add(self, pieces: dict[str, pa.Table]) -> None:
        """Appends a piece to each of the named tables."""
        with self._lock:
            for name, piece in pieces.items():
                self._pieces.setdefault(name, []).append(piece)
                self._held += piece.nbytes
            if self._held > self._limit:
                self._write()

    def take(self, name: str) -> pa.Table | None:
        """Gives a table and forgets it; None where no piece was added."""
        path = self._path(name)
        with self._lock:
            pieces = self._pieces.pop(name, [])
            self._held -= sum(piece.nbytes for piece in pieces)
        if path.exists():
            pieces += _read(path)
            path.unlink()
        return pa.concat_tables(pieces).combine_chunks() if pieces else None

    def _write(self) -> None:
        for name, pieces in self._pieces.items():
            table = pa.concat_tables(pieces).combine_chunks()
            with (
                disk_errors_named(str(self._folder)),
                self._path(name).open("ab") as file,
                pa.ipc.new_stream(file, table.schema) as writer,
            ):
                writer.write_table(table)
        self._pieces = {}
        self._held = 0

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.arrows"


def _read(path: Path) -> list[pa.Table]:
    """The streams of a file, one after the other."""
    pieces = []
    size = path.stat().st_size
    with pa.OSFile(str(path)) as file:
        while file.tell() < size:
            pieces.append(pa.ipc.open_stream(file).read_all())
    return pieces
