"""Threads that compute slices and partitions side by side: numpy and Arrow release the interpreter."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

THREADS = os.cpu_count() or 1


@contextmanager
def workers() -> Iterator[ThreadPoolExecutor]:
    """A thread a core; where one fails, what did not begin does not begin."""
    pool = ThreadPoolExecutor(THREADS)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
