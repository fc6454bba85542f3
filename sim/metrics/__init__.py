"""Metrics: every public function of `outcomes` and `paired` is a metric over the tables of one run, or of a pair.

A metric's unit and meaning are its decorator and its docstring; adding a function adds a column to `runs.parquet`.
"""

from sim.metrics.registry import Metric, outcome_metrics, paired_metrics
from sim.metrics.run import RunTables

__all__ = ["Metric", "RunTables", "outcome_metrics", "paired_metrics"]
