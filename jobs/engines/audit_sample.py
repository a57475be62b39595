"""The label rows that an audit looks at: chosen by hashes of what they say, the same on every engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from core.audit import LabelRow
from core.job_error import JobError
from core.training_rows import LABEL, iso_time

from engines.audit_job import SET
from engines.audit_sql import ROW, SAMPLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.feature_program import EntityColumn

    from engines.audit_job import AuditEngine, AuditJob
    from engines.audit_sql import AuditSql

_SEPARATOR, _NULL = 31, 30
_KEY_TYPES = {"integer": "BIGINT", "text": "STRING"}
_PRIME, _BUCKETS = 2**31 - 1, 2**16
_BUCKETS_PER_ROW = 4
"""Rows are hashed by what they say only in so many buckets of label times: a sample still spans as many times."""


def _squared(number: str) -> str:
    """SQL that scatters whole numbers below the prime; no product leaves 64 bits."""
    return f"(({number} * {number} + 1) % {_PRIME})"


_TIME_BUCKET = f"({_squared(_squared(f'(((audit_time % {_PRIME}) + {_PRIME}) % {_PRIME})'))} % {_BUCKETS})"
"""SQL of the bucket of a label time: whole-number arithmetic, cheap, and the same on every engine."""


@dataclass(frozen=True)
class Sample:
    """Audited rows in order of label time and entity.

    Attributes:
        rows: ``audit_row``, ``label_time`` (int64 microseconds), entity columns, and the columns of the set
            that are compared, under the program's names.
        entity: entity columns.
        compared: features of the program that the set has.
        has_label: whether the set has the label.
        in_set: rows of the set.
        outside: of those, rows whose windows the sources do not cover.
    """

    rows: pa.Table
    entity: tuple[str, ...]
    compared: tuple[str, ...]
    has_label: bool
    in_set: int
    outside: int

    def label(self, row: int) -> LabelRow:
        """A row as findings name it."""
        return LabelRow(
            self.rows["label_time"][row].as_py(), {name: self.rows[name][row].as_py() for name in self.entity}
        )


def take_sample(engine: AuditEngine, job: AuditJob, sql: AuditSql) -> Sample:
    """Reads the set, checks its columns, chooses rows, and gives them to the engine as ``SAMPLE``.

    Raises:
        JobError: ``COLUMN_MISSING``, ``COLUMN_TYPE``, ``SET_EMPTY``, ``LABEL_TIME_NULL``, ``ROWS_OUTSIDE``.
    """
    schema = engine.read_set(job.audited)
    compared = _compared(job, schema)
    entity = job.program.entity_columns
    _require_columns(job, schema, (*job.program.entity_names, *compared))
    time = _microseconds(sql, schema.field(job.audited.label_time))
    in_set, inside = _counted(engine, job, time)
    label = job.audited.column(LABEL)
    has_label = label in schema.names
    values = [*compared, *([LABEL] if has_label else [])]
    _require_numbers(job, schema, values)
    rows = engine.fetch(_sample_query(engine, job, sql, _Selection(time, entity, tuple(values))))
    rows = rows.sort_by([(name, "ascending") for name in ("label_time", *job.program.entity_names)])
    rows = rows.add_column(0, ROW, pa.array(np.arange(rows.num_rows, dtype=np.int64)))
    engine.give(SAMPLE, _plain(rows))
    return Sample(rows, job.program.entity_names, compared, has_label, in_set, in_set - inside)


def _compared(job: AuditJob, schema: pa.Schema) -> tuple[str, ...]:
    """Features of the program that the set has; a set of ours has all of them.

    Raises:
        JobError: ``COLUMN_MISSING``.
    """
    absent = [f"{name}={column}" for name, column in job.audited.columns.items() if column not in schema.names]
    if absent:
        raise _missing(job, schema, absent)
    compared = tuple(name for name in job.program.features if job.audited.column(name) in schema.names)
    if not compared:
        raise _missing(job, schema, [f"any of the features {', '.join(job.program.features[:5])} ..."])
    return compared


def _require_columns(job: AuditJob, schema: pa.Schema, names: Sequence[str]) -> None:
    wanted = [job.audited.label_time, *(job.audited.column(name) for name in names)]
    absent = [name for name in dict.fromkeys(wanted) if name not in schema.names]
    if absent:
        raise _missing(job, schema, absent)


def _missing(job: AuditJob, schema: pa.Schema, absent: Sequence[str]) -> JobError:
    message = f"the set lacks {', '.join(absent)}; it has {', '.join(schema.names)}"
    known = ", ".join((*job.program.entity_names, LABEL, *job.program.features))
    fix = f"name its columns by --columns NAME=COLUMN and --label-time COLUMN; names are {known}"
    return JobError("COLUMN_MISSING", message, fix)


def _require_numbers(job: AuditJob, schema: pa.Schema, names: Sequence[str]) -> None:
    for name in names:
        kind = schema.field(job.audited.column(name)).type
        is_number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
        if not is_number and not pa.types.is_boolean(kind) and not pa.types.is_null(kind):
            message = f"column {job.audited.column(name)} is {kind}, expected numbers or booleans"
            raise JobError("COLUMN_TYPE", message, "map another column, or write numbers")


def _microseconds(sql: AuditSql, field: pa.Field) -> str:
    """SQL of a label time in UTC microseconds: of timestamps, dates, ISO texts, or microseconds as they are."""
    column, kind = sql.identifier(field.name), field.type
    if pa.types.is_integer(kind):
        return f"CAST({column} AS BIGINT)"
    is_time = pa.types.is_timestamp(kind) or pa.types.is_date(kind)
    if not is_time and not pa.types.is_string(kind) and not pa.types.is_large_string(kind):
        message = f"label time {field.name} is {kind}, expected timestamps, ISO 8601 texts or microseconds"
        raise JobError("COLUMN_TYPE", message, "name another column by --label-time")
    if sql.engine == "spark":
        return f"unix_micros(try_cast({column} AS TIMESTAMP))"
    return f"epoch_us(try_cast({column} AS {'TIMESTAMP' if is_time else 'TIMESTAMPTZ'}))"


def _counted(engine: AuditEngine, job: AuditJob, time: str) -> tuple[int, int]:
    first, before = job.reached
    inside = f"audit_time >= {first} AND audit_time < {before}"
    query = f"SELECT count(*) AS n, count(audit_time) AS timed, count(*) FILTER (WHERE {inside}) AS inside "
    query += f"FROM (SELECT {time} AS audit_time FROM {SET}) AS timed"
    [counted] = engine.fetch(query).to_pylist()
    if counted["n"] == 0:
        raise JobError("SET_EMPTY", "the set has no rows", "give the set that was meant")
    if counted["timed"] < counted["n"]:
        message = f"{counted['n'] - counted['timed']} of {counted['n']} rows have no label time"
        raise JobError("LABEL_TIME_NULL", message, "give every row a label time, or name another column")
    if counted["inside"] == 0:
        message = f"no label time lies in [{iso_time(first)}, {iso_time(before)}), which the published sources cover"
        raise JobError("ROWS_OUTSIDE", message, "run a slot that covers the set's label times")
    return counted["n"], counted["inside"]


@dataclass(frozen=True)
class _Selection:
    """What is read of the set: the SQL of its label time, its entity columns, and the columns that are compared."""

    time: str
    entity: tuple[EntityColumn, ...]
    values: tuple[str, ...]


def _sample_query(engine: AuditEngine, job: AuditJob, sql: AuditSql, selection: _Selection) -> str:
    """SELECT of the rows with the least hashes, of those at chosen label times; every row where no number is given."""

    def own(name: str) -> str:
        return sql.identifier(job.audited.column(name))

    keys = {each.name: f"try_cast({own(each.name)} AS {_KEY_TYPES[each.type]})" for each in selection.entity}
    selected = ["audit_time AS label_time", *(f"{key} AS {sql.identifier(name)}" for name, key in keys.items())]
    selected += [f"{own(name)} AS {sql.identifier(name)}" for name in selection.values]
    first, before = job.reached
    timed = f"(SELECT *, {selection.time} AS audit_time FROM {SET}) AS timed"
    inside = f"FROM {timed} WHERE audit_time >= {first} AND audit_time < {before}"
    query = f"SELECT {', '.join(selected)} {inside}"
    if job.rows is None:
        return query
    chosen = f"{_TIME_BUCKET} <= {_greatest_bucket(engine, inside, job.rows)}"
    order = [_row_hash([*keys.values()]), *(own(name) for name in selection.values)]
    return f"{query} AND {chosen} ORDER BY {', '.join(order)} LIMIT {job.rows}"


def _greatest_bucket(engine: AuditEngine, inside: str, rows: int) -> int:
    """Up to which bucket label times are chosen: several buckets, and so several rows, for each row of the sample."""
    buckets = f"SELECT DISTINCT {_TIME_BUCKET} AS bucket {inside} ORDER BY bucket LIMIT {_BUCKETS_PER_ROW * rows}"
    [chosen] = engine.fetch(f"SELECT max(bucket) AS greatest FROM ({buckets}) AS least").to_pylist()
    return chosen["greatest"]


def _row_hash(keys: Sequence[str]) -> str:
    """SQL of a hash of a row's label time and entity: text, evenly spread."""
    said = ["CAST(audit_time AS STRING)", *(f"coalesce(CAST({key} AS STRING), chr({_NULL}))" for key in keys)]
    return f"md5(concat_ws(chr({_SEPARATOR}), {', '.join(said)}))"


def _plain(rows: pa.Table) -> pa.Table:
    """Values as float64, which both engines compare alike; keys and times as they are."""
    keep = {pa.int64(), pa.string()}
    columns = [column if column.type in keep else _float64(column) for column in rows.columns]
    return pa.table(columns, names=rows.column_names)


def _float64(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_large_string(column.type) or pa.types.is_string_view(column.type):
        return column.cast(pa.string())
    return (column.cast(pa.int64()) if pa.types.is_boolean(column.type) else column).cast(pa.float64())
