"""The kernel against SQL that shares nothing with it: a range join per window on DuckDB, over thousands of rows."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from core.feature_program import OperandColumn, Window
from core.feature_view import evaluate_view
from feature_views import feature_view

WINDOWS = (Window("short", 40), Window("long", 700))
# Each aggregate in SQL, over the rows joined to a label. The quantile is one that doubles hold.
SQL = {
    "rows": "count(e.event_time)",
    "total": "sum(amount)",
    "mean": "sum(amount) / count(amount)",
    "flagged": "sum(flag) / count(flag)",
    "least": "min(amount)",
    "most": "max(amount)",
    "upper": "quantile_cont(amount, 0.375)",
    "sizes": "count(DISTINCT amount)",
    "texts": "count(DISTINCT place)",
    "spread": "var_samp(amount)",
    "oldest": "(min({'e': event_time, 'k': known_time, 'a': amount}) FILTER (amount IS NOT NULL)).a",
}
AGGREGATES = (
    ("rows", "count", None),
    ("total", "sum", "amount"),
    ("mean", "mean", "amount"),
    ("flagged", "share", "flag"),
    ("least", "min", "amount"),
    ("most", "max", "amount"),
    ("upper", "quantile", "amount"),
    ("sizes", "count-distinct", "amount"),
    ("texts", "count-distinct", "place"),
    ("spread", "variance", "amount"),
    ("oldest", "first", "amount"),
    ("last", "latest", "amount"),
)
OPERANDS = (OperandColumn("amount", "integer"), OperandColumn("flag", "integer"), OperandColumn("place", "text"))
TTL = 300


def random_source(seed: int, rows: int) -> tuple[pa.Table, pa.Table]:
    random = np.random.default_rng(seed)

    def some(low: int, high: int, size: int, null_share: float) -> pa.Array:
        return pa.array(random.integers(low, high, size), mask=random.random(size) < null_share)

    fact = random.integers(0, rows // 2, rows)
    event = random.integers(0, 2_000, rows // 2)[fact]
    entity = np.array([f"e{number}" for number in random.integers(0, 12, rows // 2)])[fact]
    known = event + random.choice([-30, 0, 0, 1, 15, 90, 900], rows)
    amount = some(-50, 50, rows, 0.2)
    events = pa.table(
        {
            "entity": pa.array(entity),
            "event_time": pa.array(event),
            "known_time": pa.array(known),
            "row_key": pa.array([f"f{number}" for number in fact], mask=random.random(rows) < 0.3),
            "amount": amount,
            "flag": some(0, 2, rows, 0.1),
            "place": pa.array([f"p{number % 17}" for number in fact], mask=fact % 5 == 0),
        }
    )
    labels = pa.table(
        {
            "entity": pa.array([f"e{number}" for number in random.integers(0, 14, rows)]),
            "label_time": pa.array(random.integers(-20, 2_900, rows)),
        }
    )
    return events, labels


IN_FORCE = """
CREATE OR REPLACE TABLE in_force AS
SELECT *, greatest(event_time, known_time) AS starts,
  CASE WHEN row_key IS NULL THEN NULL ELSE lead(known_time) OVER (
    PARTITION BY row_key ORDER BY known_time, amount NULLS FIRST, flag NULLS FIRST, place NULLS FIRST) END AS corrected
FROM (SELECT entity, event_time, known_time, {row_key} AS row_key, amount, flag, place FROM events)
"""
JOINED = """
FROM (SELECT row_number() OVER () AS label, * FROM labels) l LEFT JOIN in_force e
  ON e.entity = l.entity AND e.starts <= l.label_time AND l.label_time < coalesce(e.corrected, 1000000000)
  AND e.event_time > l.label_time - {window}
GROUP BY l.label ORDER BY l.label
"""


@pytest.mark.parametrize("corrects", [False, True])
@pytest.mark.parametrize("seed", [11, 12])
def test_equals_a_range_join(seed: int, corrects: bool) -> None:
    events, labels = random_source(seed, 4_000)
    view = feature_view(("entity",), AGGREGATES, WINDOWS, ttl=TTL, corrects=corrects, operands=OPERANDS)

    computed = evaluate_view(view, events, labels)

    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    connection.register("events", events)
    connection.register("labels", labels)
    connection.execute(IN_FORCE.format(row_key="row_key" if corrects else "NULL"))
    for window in WINDOWS:
        query = f"SELECT {', '.join(SQL.values())}" + JOINED.format(window=window.microseconds)
        joined = zip(*connection.execute(query).fetchall(), strict=True)
        for (name, expression), values in zip(SQL.items(), joined, strict=True):
            column = computed[f"v__{name}_{window.suffix}"].to_pylist()
            assert column == (pytest.approx(values, rel=1e-12) if name == "spread" else list(values)), expression
    order = "{'e': event_time, 'k': known_time, 'a': amount, 'f': coalesce(flag, -1)}"
    latest = connection.execute(
        f"SELECT (max({order}) FILTER (amount IS NOT NULL)).a" + JOINED.format(window=TTL)
    ).fetchall()
    assert [value for (value,) in latest] == computed["v__last"].to_pylist()
    connection.close()
