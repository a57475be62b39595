"""A small ingest program written by hand, and landed files with every kind of damage."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engines.file_storage import FileStorage

PROGRAM_URI = "s3://data/runs/ingest.json"
INPUTS_URI = "s3://data/runs/inputs.json"
HEADER = b"sold_at,amount,ratio,open,place\n"

_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})"
_INTEGER = "[+-]?[0-9]{1,18}"
_DOUBLE = "[+-]?[0-9]+([.][0-9]+)?"


def _typed(matches: str, instant: str, now_known: str) -> str:
    """``matches`` is a pattern test with places for a column and a regular expression."""

    def cast(column: str, pattern: str, value: str) -> str:
        return f"CASE WHEN {matches.format(column, pattern)} THEN {value} END AS {column}, {column} AS text_{column}"

    casts = ",\n".join(
        [
            cast("sold_at", _TIME, instant),
            cast("amount", _INTEGER, "CAST(amount AS BIGINT)"),
            cast("ratio", _DOUBLE, "CAST(ratio AS DOUBLE)"),
            cast("open", "true|false", "CAST(open AS BOOLEAN)"),
        ]
    )
    bad = "\n".join(
        f"WHEN text_{name} IS NOT NULL AND {name} IS NULL THEN '{name}: wrong type'"
        for name in ("sold_at", "amount", "ratio", "open")
    )
    return f"""SELECT _unit, _object, _line, _record, sold_at, amount, ratio, open, place, {now_known} AS known_time,
      CASE WHEN _damage IS NOT NULL THEN _damage {bad} WHEN sold_at IS NULL THEN 'sold_at: missing'
      WHEN amount < 0 THEN 'amount: negative' END AS _reason
      FROM (SELECT _unit, _object, _line, _record, _damage, place, {casts} FROM raw) AS casts"""


def _accepted(day: str) -> str:
    columns = "sold_at, amount, ratio, open, place, known_time"
    return f"SELECT _unit, {day} AS day, {columns} FROM typed WHERE _reason IS NULL"


def _both(text: str) -> dict[str, str]:
    return {"duckdb": text, "spark": text}


SALES: dict[str, Any] = {
    "source": "sales",
    "kind": "events",
    "format": {"kind": "csv", "delimiter": ",", "quote": '"'},
    "columns": [
        {"name": "sold_at", "type": "timestamp"},
        {"name": "amount", "type": "integer"},
        {"name": "ratio", "type": "double"},
        {"name": "open", "type": "boolean"},
        {"name": "place", "type": "text"},
    ],
    "statements": {
        "typed": {
            "duckdb": _typed(
                "regexp_full_match({}, '{}')",
                "make_timestamp(epoch_us(CAST(sold_at AS TIMESTAMPTZ)))",
                "sold_at + INTERVAL 90 MINUTE",
            ),
            "spark": _typed("{} RLIKE '^({})$'", "CAST(sold_at AS TIMESTAMP)", "sold_at + INTERVAL 90 MINUTE"),
        },
        "accepted": {
            "duckdb": _accepted("strftime(sold_at, '%Y-%m-%d')"),
            "spark": _accepted("date_format(sold_at, 'yyyy-MM-dd')"),
        },
        "quarantined": _both("SELECT _unit, _object, _line, _reason, _record FROM typed WHERE _reason IS NOT NULL"),
    },
    "orderBy": ["sold_at"],
    "checks": [
        {"name": "rowCount >= 2", "measure": _both("COUNT(*)"), "min": 2, "max": None},
        {
            "name": "quarantined <= 0.9",
            "measure": _both("CAST(COUNT(_reason) AS DOUBLE) / NULLIF(COUNT(*), 0)"),
            "min": None,
            "max": 0.9,
        },
        {"name": "mean amount in [1, 5]", "measure": _both("AVG(CAST(amount AS DOUBLE))"), "min": 1, "max": 5},
    ],
}

PROGRAM: dict[str, Any] = {"kind": "ingest", "version": 2, "sources": [SALES]}

# By unit and object: what an export may contain. Times with offset may fall on another UTC day than the unit.
DAMAGED: dict[str, dict[str, bytes]] = {
    "2001-01-05": {
        "a.csv": b"\xef\xbb\xbf"
        + HEADER.replace(b"\n", b"\r\n")
        + b"2001-01-05T10:00:00Z,1,0.5,true,JFK\r\n"
        + b'2001-01-05T23:30:00-05:00,2,-0.0,false,"New ""York"", NY"\r\n'
        + b'2001-01-05T10:00:00Z,3,,,"two\r\nlines"\r\n'
        + b"\r\n"
        + b"2001-01-05T10:00:00Z,4,1.5,true\r\n"
        + b"2001-01-05T10:00:00Z,5,1.5,true,JFK,more\r\n",
        "b.csv": HEADER
        + b"2001-01-05T10:00:00Z,1,0.5,true,JFK\n"
        + b"2001-01-05T10:00:00Z,1,0.0,true,\xc3\x85lesund\n"
        + b"2001-01-05T10:00:00Z,1,-0.0,true,Aachen\n"
        + b"2001-01-05T10:00:00Z,1,0.0,true,\n"
        + b"yesterday,1,0.5,true,JFK\n"
        + b"2001-01-05T10:00:00Z,one,0.5,true,JFK\n"
        + b"2001-01-05T10:00:00Z,1,half,true,JFK\n"
        + b"2001-01-05T10:00:00Z,1,0.5,maybe,JFK\n"
        + b",1,0.5,true,JFK\n"
        + b"2001-01-05T10:00:00Z,-1,0.5,true,JFK\n"
        + b"2001-01-05T10:00:00Z,1,0.5,true,J\xff\xfeK\n"
        + b'2001-01-05T10:00:00Z,1,0.5,true,5" pipe\n'
        + b'2001-01-05T10:00:00Z,1,0.5,true,"open\n'
        + b"2001-01-05T10:00:00Z,1,0.5,tr",
    },
    "2001-01-06": {"a.csv": HEADER, "b.csv": b""},
    "2001-01-07": {"a.csv": HEADER + b"2001-01-07T00:00:00+00:00,9,3.25,false,LAX\n"},
}


def land(storage: FileStorage, files: Mapping[str, Mapping[str, bytes]], program: Mapping[str, Any] = PROGRAM) -> None:
    """Writes the files, their listing and the program where the job's arguments say."""
    units = []
    for unit, objects in files.items():
        listed = []
        for name, content in objects.items():
            key = f"raw/sales/{unit}/{name}"
            storage.write_bytes(f"s3://data/{key}", content)
            etag = hashlib.md5(content, usedforsecurity=False).hexdigest()
            listed.append({"key": key, "size": len(content), "etag": etag})
        units.append(
            {
                "source": "sales",
                "unit": unit,
                "fingerprint": hashlib.sha256(unit.encode()).hexdigest()[:32],
                "objects": listed,
            }
        )
    inputs = {"version": 2, "batch": "b1", "units": units}
    storage.write_bytes(INPUTS_URI, json.dumps(inputs).encode())
    storage.write_bytes(PROGRAM_URI, json.dumps(program).encode())


def arguments(engine: str, attempt: str = "a1") -> list[str]:
    """The job's command line, with what Glue adds."""
    return [
        "--JOB_NAME", "ingest", "--job-language", "python",
        "--program", PROGRAM_URI,
        "--inputs", INPUTS_URI,
        "--reports", f"s3://data/ingest/shop/b1/{attempt}/",
        "--curated", f"s3://data/curated/sales/data/b1/{attempt}/",
        "--quarantine", f"s3://data/quarantine/sales/b1/{attempt}/",
        "--attempt", attempt,
        "--engine", engine,
        "--execution", "run-1",
    ]  # fmt: skip


def written(storage: FileStorage, attempt: str = "a1") -> dict[str, bytes]:
    """Every object below the attempt's prefixes, by key without the attempt."""
    found = {}
    for prefix in (
        f"ingest/shop/b1/{attempt}/",
        f"curated/sales/data/b1/{attempt}/",
        f"quarantine/sales/b1/{attempt}/",
    ):
        folder = Path(str(storage.local_path(f"s3://data/{prefix}")))
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                found[prefix.split("/")[0] + "/" + str(path.relative_to(folder))] = path.read_bytes()
    return found
