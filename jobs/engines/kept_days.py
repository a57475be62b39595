"""Label days that were computed whole, before split and purge: kept so that sets of later slots need not compute them.

A kept day is ``part.parquet``, ``histograms.json`` and, written after them, ``record.json`` below a key that tells
everything the rows depend on. Whoever writes below a key writes the same bytes, so it does not matter who was last.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from core.distribution import Histogram
from core.feature_view import LABEL_TIME
from core.split import TimeCounts
from core.training_rows import feature_histograms, part_summary

from engines.parquet_writer import write_table

if TYPE_CHECKING:
    from core.training_rows import Part

    from engines.storage import Storage

_PART = "part.parquet"
_HISTOGRAMS = "histograms.json"
_RECORD = "record.json"


@dataclass(frozen=True)
class KeptDay:
    """A kept day.

    Attributes:
        prefix: URI below which it is kept, ends in ``/``.
        file: ``size``, ``rows`` and ``sha256`` of that file.
        summary: counts and ends, as :func:`core.training_rows.part_summary` gives them.
        since: first label time that the set takes of it, UTC microseconds, where that is not all.
        rows: how many the set takes of it, before split and purge.
        counted: histograms of every feature, over all rows, where the day was kept just now; else they stay where they
            are until they are asked for, for a set has many days.
    """

    prefix: str
    file: dict[str, Any]
    summary: dict[str, Any]
    rows: int
    since: int | None = None
    counted: list[Histogram] | None = None

    @property
    def uri(self) -> str:
        """Of its rows, as a file of a set has them."""
        return f"{self.prefix}{_PART}"

    def starting(self, storage: Storage, since: int) -> KeptDay:
        """The day without labels before a time."""
        cut = replace(self, since=since)
        return replace(cut, rows=cut.label_times(storage).total)

    def histograms(self, storage: Storage) -> list[Histogram]:
        """Histograms of every feature, over all rows."""
        if self.counted is not None:
            return self.counted
        return [_read(each) for each in json.loads(storage.read_bytes(f"{self.prefix}{_HISTOGRAMS}"))]

    def label_times(self, storage: Storage) -> TimeCounts:
        """Labels per label time."""
        times = self.table(storage, [LABEL_TIME])[LABEL_TIME].cast(pa.int64()).to_numpy()
        return TimeCounts(*np.unique(times, return_counts=True))

    def table(self, storage: Storage, columns: list[str] | None = None) -> pa.Table:
        """The rows that the set takes, in their order."""
        rows = pq.read_table(pa.BufferReader(storage.read_bytes(self.uri)), columns=columns)
        if self.since is None:
            return rows
        return rows.filter(pa.array(rows[LABEL_TIME].cast(pa.int64()).to_numpy() >= self.since))


def keep_day(storage: Storage, prefix: str, whole: Part, features: tuple[str, ...]) -> KeptDay:
    """Keeps a day below a prefix.

    Args:
        storage: where it goes.
        prefix: URI, ends in ``/``.
        whole: all rows of the day as one part, of which nothing was purged.
        features: names, in the order of the set.
    """
    file = write_table(storage, f"{prefix}{_PART}", whole.rows).to_json()
    counted = feature_histograms(whole.rows, features)
    histograms = _json([_written(each) for each in counted])
    storage.write_bytes(f"{prefix}{_HISTOGRAMS}", histograms)
    summary = part_summary(whole)
    record = {"version": 2, "file": file, "histogramBytes": len(histograms), "summary": summary}
    storage.write_bytes(f"{prefix}{_RECORD}", _json(record))
    return KeptDay(prefix, file, summary, file["rows"], counted=counted)


def find_day(storage: Storage, prefix: str) -> KeptDay | None:
    """The day that is kept below a prefix; None where there is none, or not all of it."""
    record = read_record(storage, f"{prefix}{_RECORD}")
    if record is None:
        return None
    sizes = {_PART: record["file"]["size"], _HISTOGRAMS: record["histogramBytes"]}
    for name, size in sizes.items():
        found = storage.head(f"{prefix}{name}")
        if found is None or found.size != size:
            return None
    return KeptDay(prefix, record["file"], record["summary"], record["file"]["rows"])


def read_record(storage: Storage, uri: str) -> dict[str, Any] | None:
    """A JSON object; None where there is none, or one that a crash cut short: it will be written again."""
    if storage.head(uri) is None:
        return None
    try:
        return json.loads(storage.read_bytes(uri))
    except ValueError:
        print(f"{uri} is cut short: it is made again", flush=True)
        return None


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _written(counted: Histogram) -> dict[str, Any]:
    """A histogram, its arrays as Base64 of little-endian numbers of 8 bytes."""
    return {
        "values": b64encode(counted.values.astype("<f8").tobytes()).decode(),
        "counts": b64encode(counted.counts.astype("<i8").tobytes()).decode(),
        "nulls": int(counted.nulls),
    }


def _read(record: dict[str, Any]) -> Histogram:
    values = np.frombuffer(b64decode(record["values"]), dtype="<f8")
    return Histogram(values, np.frombuffer(b64decode(record["counts"]), dtype="<i8"), record["nulls"])
