from __future__ import annotations

from core.ingest_program import Check, IngestInputs, IngestProgram, LandingUnit, SourceProgram
from core.quality import OTHER_REASONS, UnitOutcome, check_result, ingest_report, quality_report
from hypothesis import given
from hypothesis import strategies as st

CHECK = Check("rowCount in [2, 4]", {}, 2, 4)
PROGRAM = IngestProgram(
    (
        SourceProgram(
            source="s",
            timeless=False,
            delimiter=",",
            quote='"',
            columns=(),
            typed={},
            accepted={},
            quarantined={},
            order_by=(),
            checks=(CHECK,),
        ),
    )
)


def outcome(unit: str, reasons: dict[str, int], accepted: int = 5, measure: float | None = 3) -> UnitOutcome:
    quarantined = sum(reasons.values())
    files = ({"key": f"{unit}/a", "rows": accepted, "day": unit},)
    refused = ({"key": f"{unit}/q", "rows": quarantined},) if quarantined else ()
    return UnitOutcome("s", unit, accepted + quarantined, reasons, (measure,), files, refused)


def report_of(*outcomes: UnitOutcome) -> dict:
    units = tuple(LandingUnit("s", each.unit, "f", ()) for each in outcomes)
    return ingest_report(IngestInputs("b", units), "a", PROGRAM, outcomes)


def test_bounds_of_a_check_are_inclusive_and_null_fails() -> None:
    verdicts = {measure: check_result(CHECK, measure)["passed"] for measure in (1.99, 2, 3, 4, 4.01, None)}

    assert verdicts == {1.99: False, 2: True, 3: True, 4: True, 4.01: False, None: False}


def test_an_open_bound_does_not_bind() -> None:
    assert check_result(Check("c", {}, None, 4), -1e300)["passed"]
    assert check_result(Check("c", {}, 2, None), 1e300)["passed"]


def test_the_quality_report_adds_units_up_and_shows_ten_failures() -> None:
    quality = quality_report(report_of(*(outcome(f"u{i:02}", {"x": i, "y": 1}, measure=5.5) for i in range(12))))

    assert (quality["passed"], quality["units"], quality["failureCount"]) == (False, 12, 12)
    assert quality["failures"][0] == "s/u00: rowCount in [2, 4] was 5.5"
    assert len(quality["failures"]) == 10
    assert quality["reasons"] == [{"reason": "x", "rows": 66}, {"reason": "y", "rows": 12}]


def test_many_reasons_are_summed_up_so_that_reports_stay_small() -> None:
    report = report_of(outcome("u", {f"value {i:03}": 1 for i in range(80)} | {"often": 7}))

    reasons = report["units"][0]["reasons"]
    assert (len(reasons), reasons["often"], reasons[OTHER_REASONS]) == (51, 7, 31)
    assert len(quality_report(report)["reasons"]) == 10


@given(st.dictionaries(st.text(max_size=4), st.integers(1, 50), max_size=70), st.integers(0, 9))
def test_no_row_is_lost_in_a_report(reasons: dict[str, int], accepted: int) -> None:
    unit = report_of(outcome("u", reasons, accepted))["units"][0]

    assert unit["rows"] == unit["accepted"] + unit["quarantined"]
    assert unit["quarantined"] == sum(unit["reasons"].values())


def test_an_outcome_that_loses_a_row_is_not_conserved() -> None:
    whole = outcome("u", {"x": 1})

    assert whole.is_conserved
    assert not UnitOutcome("s", "u", 7, whole.reasons, (), whole.files, whole.quarantine_files).is_conserved
    assert not UnitOutcome("s", "u", 6, {"x": 2}, (), whole.files, whole.quarantine_files).is_conserved
