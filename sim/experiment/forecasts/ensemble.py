"""Running an ensemble, a scenario and a replication a member, and what its days add up to."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.domain.randomness import Floats
from sim.experiment.forecasts.periods import totals
from sim.experiment.forecasts.scores import LEVELS
from sim.experiment.runner import Execution, Wanted, run_key, run_wanted
from sim.experiment.store import Store
from sim.scenario import Scenario

NEEDED = frozenset({"run", "daily"})


def run_members(members: Sequence[Scenario], metrics: Sequence[str], how: Execution) -> list[pd.DataFrame]:
    """The days of each member, a column a metric; member i runs replication i. Finished runs are taken from the store.

    Raises:
        InterruptedRunError, RunFailedError, StoppedError, StoreError: as `run_wanted`.
    """
    run_wanted((Wanted(member, i) for i, member in enumerate(members)), len(members), how, NEEDED)
    store = Store(how.store)
    return [_days(store, member, i, metrics) for i, member in enumerate(members)]


def _days(store: Store, member: Scenario, replication: int, metrics: Sequence[str]) -> pd.DataFrame:
    table: pd.DataFrame = store.arrow(run_key(member, replication), "daily").select(list(metrics)).to_pandas()
    table.index = pd.date_range(member.start, periods=len(table))
    return table.astype(float)


def sums(days: Sequence[pd.DataFrame], metric: str, starts: pd.DatetimeIndex, period: str) -> Floats:
    """Totals of each member in each week or month, (members, periods)."""
    return np.array([totals(each[metric], starts, period) for each in days])


def quantiles(values: Floats) -> Floats:
    """The nine quantiles over the members, (periods, levels); the i-th of n members stands for level (i - 0.5) / n."""
    return np.quantile(values, LEVELS, axis=0, method="hazen").T
