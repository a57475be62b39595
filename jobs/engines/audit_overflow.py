"""Expressions that overflow as an audit computes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engines.audit_job import files_of
from engines.overflow import find_overflow
from engines.training_set import TrainingSetJob

if TYPE_CHECKING:
    from core.job_error import JobError

    from engines.audit_job import AuditEngine, AuditJob


def named_overflow(engine: AuditEngine, job: AuditJob, error: Exception) -> JobError | None:
    """The expression behind an error; None where it is another error."""

    def overflows(query: str, slot: int) -> bool:
        for source in job.program.sources:
            engine.read_source(source, files_of(job, source), slot)
        try:
            engine.fetch(query)
        except Exception as failure:
            if engine.is_overflow(failure):
                return True
            raise
        return False

    as_it_is_built = TrainingSetJob(job.program, job.engine, job.slot, {}, "")
    return find_overflow(as_it_is_built, overflows) if engine.is_overflow(error) else None
