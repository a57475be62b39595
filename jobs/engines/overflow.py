"""Which expression of a program leaves the 64-bit integers: engines tell that one does, not which."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from core.job_error import JobError

from engines.label_days import ANY_SLOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.feature_program import FeatureView

    from engines.training_set import TrainingSetJob

    Overflows = Callable[[str, int], bool]
    """Whether a query overflows over the rows that are known at a slot, UTC microseconds."""


def overflow(expression: str) -> JobError:
    """The error of an expression, told by what it is of."""
    fix = "bound the columns that it reads by row rules, or compute with a double, such as delay.dividedBy(1)"
    return JobError("EXPRESSION_OVERFLOW", f"{expression} overflows: a whole number leaves 64 bits", fix)


@contextmanager
def overflow_named(name: Callable[[Exception], JobError | None]) -> Iterator[None]:
    """Raises what an error is named, if it has a name; any other error as it is."""
    try:
        yield
    except JobError:
        raise
    except Exception as error:
        named = name(error)
        if named is None:
            raise
        raise named from error


def find_overflow(job: TrainingSetJob, overflows: Overflows) -> JobError | None:
    """The first expression of the set's program that overflows; None where each can be computed by itself.

    Each is computed over the rows that the set reads of it, without the others.
    """
    for expression, query, slot in _expressions(job):
        if overflows(query, slot):
            return overflow(expression)
    return None


def _expressions(job: TrainingSetJob) -> Iterator[tuple[str, str, int]]:
    """What each expression is, a query that computes it, and the slot whose rows it reads."""
    program = job.program
    labels = _computed("max(label_time), max(label)", program.labels[job.engine])
    yield "the time or the value of the label (label.at, label.is)", labels, ANY_SLOT
    for name in program.label_features:
        feature = _computed(f"max({job.identifier(name)})", job.labels_sql())
        yield f"the feature {name} of the label's row", feature, job.slot
    for view in program.views:
        yield f"the filter of the view {view.name} (where)", _computed("count(*)", view.events[job.engine]), job.slot
        events = job.events_sql(view, job.labels_from, job.labels_before)
        for operand in view.operands:
            values = _computed(f"max({job.identifier(operand.name)})", events)
            yield _aggregates(view, operand.name), values, job.slot


def _aggregates(view: FeatureView, operand: str) -> str:
    names = [aggregate.name for aggregate in view.aggregates if aggregate.value == operand]
    return f"the expression of {', '.join(names)} in the view {view.name}"


def _computed(aggregates: str, query: str) -> str:
    return f"SELECT {aggregates} FROM ({query}) AS computed"
