"""The pattern scorecard: what the field knows to happen, each thing measured in runs and held against a target range.

`plan` reads which runs and targets (configs/patterns.yaml); `days`, `people`, `market`, `places` and `exchange` hold
the quantities; `scorecard` runs what the store lacks, measures and judges.
"""

from sim.experiment.patterns.plan import Plan, read_plan
from sim.experiment.patterns.scorecard import scorecard

__all__ = ["Plan", "read_plan", "scorecard"]
