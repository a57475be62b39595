"""A split of a training set as it lies in a channel: Parquet files at any depth, read into one float32 matrix."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from core.job_error import JobError
from numpy.typing import NDArray

METADATA_KEY = b"hundredfold"
"""Schema metadata of every file: JSON `{"label": name, "features": [names in the model's order]}`."""

REBUILD = "rebuild the training set"


@dataclass(frozen=True)
class SplitFiles:
    """The files of one split, in the order of their paths, and what their footers say."""

    files: tuple[tuple[Path, int], ...]
    label: str
    features: tuple[str, ...]
    columns: frozenset[str]

    @property
    def rows(self) -> int:
        """Rows of all files."""
        return sum(rows for _, rows in self.files)


def find_split(folder: Path) -> SplitFiles:
    """Reads the footers of all Parquet files below a folder.

    Raises:
        JobError: DATA_MISSING, DATA_UNREADABLE, or DATA_INCONSISTENT where files name different columns.
    """
    paths = sorted(path for path in folder.rglob("*.parquet") if path.is_file())
    footers = [(path, _read_footer(path)) for path in paths]
    filled = [(path, footer) for path, footer in footers if footer.num_rows > 0]
    if not filled:
        raise JobError("DATA_MISSING", f"{folder} holds no rows", REBUILD)
    described = {_describe(path, footer) for path, footer in filled}
    if len(described) > 1:
        raise JobError("DATA_INCONSISTENT", f"files below {folder} name different labels or features", REBUILD)
    label, features = described.pop()
    columns = frozenset.intersection(*(frozenset(footer.schema.to_arrow_schema().names) for _, footer in filled))
    absent = [name for name in (label, *features) if name not in columns]
    if absent:
        raise JobError("DATA_INCONSISTENT", f"files below {folder} lack {', '.join(absent)}", REBUILD)
    return SplitFiles(tuple((path, footer.num_rows) for path, footer in filled), label, features, columns)


def read_features(split: SplitFiles, features: Sequence[str]) -> NDArray[np.float32]:
    """The features of all rows as a C-ordered float32 array of shape (n_rows, n_features); NULL becomes NaN.

    Filled file by file and column by column, so that no second copy of the split is ever held.

    Raises:
        JobError: FEATURE_TYPE where a feature is neither a number nor a boolean, DATA_UNREADABLE.
    """
    matrix = np.empty((split.rows, len(features)), dtype=np.float32)
    start = 0
    for path, rows in split.files:
        table = _read_columns(path, features)
        for position, name in enumerate(features):
            matrix[start : start + rows, position] = _as_floats(table.column(name), name)
        start += rows
    return matrix


def read_labels(split: SplitFiles) -> NDArray[np.float32]:
    """The label of all rows as float32 of shape (n_rows,), 0 or 1.

    Raises:
        JobError: LABEL_VALUES where a label is NULL or anything else, DATA_UNREADABLE.
    """
    parts = [_as_floats(_read_columns(path, [split.label]).column(0), split.label) for path, _ in split.files]
    labels = np.concatenate(parts)
    if not np.all((labels == 0) | (labels == 1)):
        raise JobError("LABEL_VALUES", f"label {split.label} holds values other than 0 and 1", REBUILD)
    return labels


def _read_footer(path: Path) -> pq.FileMetaData:
    try:
        return pq.read_metadata(path)
    except (OSError, pa.ArrowException) as error:
        raise JobError("DATA_UNREADABLE", f"{path}: {error}", REBUILD) from error


def _describe(path: Path, footer: pq.FileMetaData) -> tuple[str, tuple[str, ...]]:
    try:
        described = json.loads((footer.schema.to_arrow_schema().metadata or {})[METADATA_KEY])
        return str(described["label"]), tuple(map(str, described["features"]))
    except (KeyError, TypeError, ValueError) as error:
        raise JobError("DATA_INCONSISTENT", f"{path} does not say which column is the label", REBUILD) from error


def _read_columns(path: Path, columns: Sequence[str]) -> pa.Table:
    try:
        return pq.ParquetFile(path).read(columns=list(columns))
    except (OSError, pa.ArrowException) as error:
        raise JobError("DATA_UNREADABLE", f"{path}: {error}", REBUILD) from error


def _as_floats(column: pa.ChunkedArray, name: str) -> NDArray[np.float32]:
    kind = column.type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)):
        raise JobError("FEATURE_TYPE", f"column {name} is {kind}, expected a number or a boolean", REBUILD)
    floats = column.cast(pa.float32(), safe=False)
    return floats.fill_null(np.float32("nan")).to_numpy()
