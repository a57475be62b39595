"""The rows of a training set: their types, their order, and their parts by split and label day."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.content_order import content_order
from core.derived import with_derived
from core.distribution import Histogram, histogram
from core.feature_view import KNOWN_TIME, LABEL_TIME
from core.job_error import JobError
from core.split import (
    MICROSECONDS_PER_DAY,
    NEVER,
    SPLITS,
    Boundaries,
    Split,
    entity_codes,
    known_in_time,
    split_codes,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from core.feature_program import TrainingSetProgram

LABEL = "label"
METADATA_KEY = "hundredfold"

WHOLE = Boundaries(NEVER, NEVER)
"""No boundaries: days are not cut, and nothing is purged."""

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_TIMESTAMP = pa.timestamp("us", tz="UTC")
_ENTITY_TYPES = {"integer": pa.int64(), "text": pa.string()}


@dataclass(frozen=True)
class Part:
    """What one file holds: the ordered rows of a split on one UTC day of the label time, and how many were purged."""

    split: Split
    day: str
    rows: pa.Table
    purged: int


def label_columns(program: TrainingSetProgram) -> tuple[str, ...]:
    """Columns of the labels beside times and label: what identifies a row's content, in order."""
    return tuple(dict.fromkeys((*program.label_keys, *(program.split.entity or ()))))


def typed_labels(labels: pa.Table, program: TrainingSetProgram) -> pa.Table:
    """Casts what an engine's SQL gave to the types of the set: int64, float64, text; times stay microseconds.

    Raises:
        JobError: ``NOT_FINITE``: a double is NaN or infinite; the message names the feature.
    """
    columns = (LABEL_TIME, KNOWN_TIME, LABEL, *label_columns(program))
    typed = pa.table({name: _typed(labels[name]) for name in columns})
    for name in typed.column_names:
        _require_finite(name, typed[name])
    return typed


def label_order(labels: pa.Table, program: TrainingSetProgram) -> pa.Array:
    """Indices that sort labels by label time and then by everything that labels tell, (n_labels,)."""
    columns = (LABEL_TIME, *label_columns(program), KNOWN_TIME, LABEL)
    return pa.array(content_order([labels[name] for name in columns]))


def ordered_labels(labels: pa.Table, program: TrainingSetProgram) -> pa.Table:
    """Sorts labels, or rows that begin with their columns, as :func:`label_order` says."""
    return labels.take(label_order(labels, program))


def completed_rows(rows: pa.Table, program: TrainingSetProgram) -> pa.Table:
    """Puts the declared defaults in the place of NULL, then appends the derived features."""
    for name, default in defaults(program).items():
        column = rows[name]
        if pa.types.is_integer(column.type) and not float(default).is_integer():
            column = column.cast(pa.float64())
        filled = column.fill_null(pa.scalar(default).cast(column.type))
        rows = rows.set_column(rows.column_names.index(name), name, filled)
    return with_derived(rows, program.derived)


def defaults(program: TrainingSetProgram) -> dict[str, float]:
    """What stands for NULL, by feature, of those that have it declared."""
    aggregates = (each for view in program.views for each in view.aggregates)
    return {column.name: each.default for each in aggregates if each.default is not None for column in each.columns}


def output_schema(rows: pa.Schema, program: TrainingSetProgram) -> pa.Schema:
    """Schema of the set's files, given the types of label and feature columns."""
    fields = [pa.field(LABEL_TIME, _TIMESTAMP), pa.field(KNOWN_TIME, _TIMESTAMP), pa.field(LABEL, pa.int8())]
    fields += [pa.field(each.name, _ENTITY_TYPES[each.type]) for each in program.entity_columns]
    fields += [pa.field(name, rows.field(name).type) for name in program.features]
    about = {"label": LABEL, "features": list(program.features)}
    return pa.schema(fields, metadata={METADATA_KEY: json.dumps(about, separators=(",", ":"))})


def parts_by_day(rows: pa.Table, program: TrainingSetProgram, boundaries: Boundaries | None) -> Iterator[Part]:
    """Cuts ordered rows into the parts that are written.

    Args:
        rows: label and feature columns, in order of label time.
        program: of the set.
        boundaries: of a split by time; None: by entity.

    Yields:
        Parts by day and split; a part may be left without rows by what was purged.
    """
    codes, kept = _assigned(rows, program, boundaries)
    days = rows[LABEL_TIME].to_numpy() // MICROSECONDS_PER_DAY
    schema = output_schema(rows.schema, program)
    output = pa.table([rows[field.name].cast(field.type) for field in schema], schema=schema)
    place = days * len(SPLITS) + codes
    if (np.diff(place) < 0).any():
        order = np.argsort(place, kind="stable")
        output, place, kept = output.take(pa.array(order)), place[order], kept[order]
    cuts = np.flatnonzero(np.diff(place)) + 1
    for first, last in zip([0, *cuts], [*cuts, len(place)], strict=True):
        if first == last:
            continue
        part, stays = output.slice(first, last - first), kept[first:last]
        purged = int(len(stays) - stays.sum())
        day, code = divmod(int(place[first]), len(SPLITS))
        yield Part(SPLITS[code], iso_day(day), part.filter(pa.array(stays)) if purged else part, purged)


def with_microseconds(rows: pa.Table) -> pa.Table:
    """Rows as the files of a set have them, with times as int64 UTC microseconds as :func:`parts_by_day` takes them."""
    for name in (LABEL_TIME, KNOWN_TIME):
        rows = rows.set_column(rows.column_names.index(name), name, rows[name].cast(pa.int64()))
    return rows


def _assigned(
    rows: pa.Table, program: TrainingSetProgram, boundaries: Boundaries | None
) -> tuple[NDArray[np.int8], NDArray[np.bool_]]:
    """Each row's index into SPLITS, and whether it stays, both (n_rows,)."""
    split = program.split
    if boundaries is None:
        return entity_codes(rows.select(split.entity or ()), split), np.ones(rows.num_rows, dtype=np.bool_)
    codes = split_codes(rows[LABEL_TIME].to_numpy(), boundaries)
    return codes, known_in_time(codes, rows[KNOWN_TIME].to_numpy(), boundaries, split.embargo)


def part_summary(part: Part) -> dict[str, Any]:
    """Counts of a part, mergeable: times are int64 UTC microseconds, None where there are no rows."""
    times, known = (part.rows[name].cast(pa.int64()).to_numpy() for name in (LABEL_TIME, KNOWN_TIME))
    filled = part.rows.num_rows > 0
    return {
        "split": part.split,
        "day": part.day,
        "rows": part.rows.num_rows,
        "positives": int(part.rows[LABEL].to_numpy().sum()),
        "from": int(times.min()) if filled else None,
        "to": int(times.max()) if filled else None,
        "knownUntil": int(known.max()) if filled else None,
        "purged": part.purged,
    }


def split_summary(parts: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Adds up the counts of a split's parts to a ``SplitSummary`` of ``lib/contracts/manifest.ts``."""
    filled = [part for part in parts if part["rows"]]
    return {
        "rows": sum(part["rows"] for part in parts),
        "positives": sum(part["positives"] for part in parts),
        "from": iso_time(min(part["from"] for part in filled)) if filled else None,
        "to": iso_time(max(part["to"] for part in filled)) if filled else None,
        "knownUntil": iso_time(max(part["knownUntil"] for part in filled)) if filled else None,
        "purged": sum(part["purged"] for part in parts),
    }


def feature_histograms(rows: pa.Table, features: tuple[str, ...]) -> list[Histogram]:
    """Counts the values of every feature, in their order."""
    return [histogram(rows[name].drop_null().to_numpy(), rows[name].null_count) for name in features]


def iso_day(day: int) -> str:
    """ISO day of a number of days since the epoch."""
    return (_EPOCH + timedelta(days=day)).date().isoformat()


def iso_time(microseconds: int) -> str:
    """ISO 8601 of UTC microseconds since the epoch, with six decimals."""
    return (_EPOCH + timedelta(microseconds=microseconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def slot_microseconds(slot: str) -> int:
    """UTC microseconds since the epoch of ``2001-07-01T08:00:00Z``."""
    moment = datetime.strptime(slot, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _require_finite(name: str, column: pa.ChunkedArray) -> None:
    if pa.types.is_floating(column.type):
        finite = pc.call_function(
            "all", [pc.call_function("is_finite", [column])], pc.ScalarAggregateOptions(min_count=0)
        )
        if not finite.as_py():
            message = f"{name} is NaN or infinite in some labels"
            raise JobError("NOT_FINITE", message, "let its expression give NULL there, or quarantine such rows")


def _typed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return column.cast(pa.string())
    return column.cast(pa.float64() if pa.types.is_floating(kind) or pa.types.is_decimal(kind) else pa.int64())
