"""The one memory limit of a job process, and how its engine and its arrays share it."""

from __future__ import annotations

import ctypes
import os
import re
from dataclasses import dataclass

import pyarrow as pa
from core.job_error import JobError

MEMORY_LIMIT = "HUNDREDFOLD_MEMORY_LIMIT"

_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "KI": 1 << 10, "MI": 1 << 20, "GI": 1 << 30}
_ENOUGH_FOR_ARRAYS = 1 << 30


@dataclass(frozen=True)
class Memory:
    """Bytes for the database, for the arrays that are computed at a time, and for what is handed on between them."""

    database: int
    arrays: int
    handed_on: int


def memory() -> Memory:
    """Half of the limit for the database; of the other half most for the arrays, but no more than they gain by.

    ``HUNDREDFOLD_MEMORY_LIMIT`` is a size like ``1GB`` or ``512MiB``; without it the limit is half of the machine's.
    """
    given = os.environ.get(MEMORY_LIMIT)
    limit = read_size(given) if given else os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    return Memory(limit // 2, min(limit * 3 // 8, _ENOUGH_FOR_ARRAYS), limit // 8)


def give_back() -> None:
    """Gives the system the memory that arrays no longer use: else what slices and threads needed in turn adds up."""
    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def read_size(text: str) -> int:
    """Bytes of a size like ``1GB``, ``1.5g`` or ``512MiB``.

    Raises:
        JobError: ``MEMORY_LIMIT_INVALID``.
    """
    match = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([KMGT]I?|)B?\s*", text.upper())
    if match is None or match[2] not in _UNITS or float(match[1]) <= 0:
        message = f"{MEMORY_LIMIT} is {text!r}"
        raise JobError("MEMORY_LIMIT_INVALID", message, "give a size such as 1GB or 512MiB")
    return int(float(match[1]) * _UNITS[match[2]])
