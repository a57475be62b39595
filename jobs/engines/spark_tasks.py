"""What runs in Spark's Python workers: functions from Arrow batches to Arrow batches, a task a partition."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from zipimport import zipimporter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pyarrow as pa
    from pyspark.sql import DataFrame

    Batches = Iterable[pa.RecordBatch]
    ArrowFunction = Callable[[Batches], Batches]


def in_tasks(frame: DataFrame, function: ArrowFunction, schema: str) -> DataFrame:
    """Calls a function with the batches of each partition; what it gives has the schema, in Spark's DDL."""

    def run(batches: Batches) -> Iterator[pa.RecordBatch]:
        yield from function(batches)
        forget_archives()

    return frame.mapInArrow(run, schema)


def forget_archives() -> None:
    """Lets the worker forget the archives that it has looked for modules in; it finds them again where it has to.

    Before each task Spark lets a worker invalidate what importing remembers, for which Python 3.11 reads the directory
    of every archive on its path again at once: a quarter of a second for Spark's own.
    """
    for path, finder in list(sys.path_importer_cache.items()):
        if isinstance(finder, zipimporter):
            del sys.path_importer_cache[path]
