"""What a task of Spark's leaves behind in its worker."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile
from zipimport import zipimporter

from engines.spark_tasks import in_tasks

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


class OneTask:
    """A frame of one partition without rows."""

    def mapInArrow(self, function: Any, schema: str) -> list[Any]:  # noqa: N802, ARG002, ANN401 - as Spark's is
        """What the function gives."""
        return list(function([]))


def test_no_archive_is_left_to_be_read_again_before_the_next_task(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "modules.zip")
    with ZipFile(path, "w") as archive:
        archive.writestr("module_of_archive.py", "")
    monkeypatch.setitem(sys.path_importer_cache, path, zipimporter(path))
    monkeypatch.syspath_prepend(path)
    others = [name for name, finder in sys.path_importer_cache.items() if not isinstance(finder, zipimporter)]

    made: Any = in_tasks(OneTask(), list, "a int")  # type: ignore[arg-type]

    assert made == []
    assert path not in sys.path_importer_cache
    assert set(others) <= set(sys.path_importer_cache)
    import module_of_archive  # noqa: F401, PLC0415  # pyright: ignore[reportMissingImports] - is found again
