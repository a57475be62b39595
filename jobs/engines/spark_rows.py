"""The rows of a training set's sources on Spark: all of them, or those of every so-many-th file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engines.spark_sources import register, typed

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from engines.storage import Storage
    from engines.training_set import TrainingSetJob
    from engines.view_groups import ViewGroup


@dataclass(frozen=True)
class SparkRows:
    """Labels and events of a job; both are of the files that are registered when they are asked for."""

    spark: SparkSession
    storage: Storage
    job: TrainingSetJob

    def register_all(self) -> None:
        """Makes the view of each source all of its files."""
        for source in self.job.sources.values():
            register(self.spark, self.storage, source, source.files, self.job.slot)

    def register_some(self, name: str, rows: int) -> int:
        """Makes a source's view about so many rows, of a static table all; gives how many each of them stands for."""
        source = self.job.sources[name]
        every = 1 if source.static else max(1, -(-self.count(name) // rows))
        register(self.spark, self.storage, source, source.files[::every], self.job.slot)
        return every

    def labels(self) -> DataFrame:
        """The labels that take part."""
        return typed(self.spark.sql(self.job.labels_sql()))

    def events(self, group: ViewGroup) -> list[DataFrame]:
        """The events of each view that can count."""
        reach = (self.job.labels_from, self.job.labels_before)
        return [typed(self.spark.sql(self.job.events_sql(view, *reach))) for view in group.views]

    def count_of(self, group: ViewGroup) -> int:
        """Rows of the files of the labels and of each view."""
        return self.count(self.job.label_source.name, *(view.source for view in group.views))

    def count(self, *sources: str) -> int:
        """Rows of the files of sources, as often as they are named."""
        return sum(file.rows for name in sources for file in self.job.sources[name].files)
