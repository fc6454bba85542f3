"""Recovery: runs at known settings, and whether the calibration's intervals hold those settings as often as they say.

The runs are new, by the code at hand; the emulator is made of the shipped runs of the first wave. So this also fails
when the model has changed so much that the shipped posterior is no longer its own.
"""

import numpy as np
import pandas as pd
import pytest

from sim.experiment.calibration.design import NEEDED, wanted_runs
from sim.experiment.calibration.emulator import Emulator
from sim.experiment.calibration.reading import read_calibration
from sim.experiment.calibration.recovery import ALL, coverage
from sim.experiment.calibration.shipped import DESIGN
from sim.experiment.calibration.waves import matter_of, summaries_of
from sim.experiment.calibration.widening import widening
from sim.experiment.runner import Execution, run_wanted

pytestmark = pytest.mark.slow

CASES = 60
FIRST_RUN = 50_000  # replications that no wave uses: people and weather are new
LEVELS = (0.5, 0.8, 0.9)
LENGTHS = 10  # of each chain: the share of draws below the truth needs no more


def shipped_runs() -> tuple[np.ndarray, np.ndarray]:
    """Points and summaries of the shipped runs."""
    shipped = pd.read_parquet(DESIGN).astype(float)
    return shipped.filter(regex=r"^u\.").to_numpy(), shipped.filter(regex=r"^s\.").to_numpy()


@pytest.fixture(scope="module")
def recovered(tmp_path_factory) -> pd.DataFrame:
    """Coverage over all settings, by level: the truths are drawn from the prior."""
    calibration = read_calibration("channel")
    matter = matter_of(calibration)
    runs = shipped_runs()
    emulator = Emulator.fit(*runs)
    factor = widening(*runs, matter.discrepancy, matter.used, calibration.seed)
    truths = np.random.default_rng(7).random((CASES, len(calibration.parameters)))
    how = Execution(tmp_path_factory.mktemp("recovery") / ".store", 2)
    run_wanted(wanted_runs(calibration, truths, FIRST_RUN), CASES, how, NEEDED)
    outputs = np.array(list(summaries_of(calibration, matter, truths, FIRST_RUN, how)))
    names = [parameter.name for parameter in calibration.parameters]
    return coverage(
        emulator, truths, outputs, matter.used, LEVELS, names, widening=factor, discrepancy=matter.discrepancy,
        lengths=LENGTHS,
    )  # fmt: skip


MISSED = {
    0.5: "the 50 % intervals hold 52.5 +- 1.2 % of the truths, more than they say: one factor widens all levels, "
    "and what is right at 80 and 90 % is a little too wide at 50 %; a likelihood with heavier tails would mend it",
}
"""Levels at which recovery is known to miss, and why."""


@pytest.mark.parametrize(
    "level",
    [
        pytest.param(at, marks=[pytest.mark.xfail(strict=True, reason=MISSED[at])] if at in MISSED else [])
        for at in LEVELS
    ],
)
def test_intervals_hold_the_known_settings_as_often_as_they_say(recovered, level):
    """Within two standard errors of nominal, the 34 settings of one case counting as one draw."""
    row = recovered[(recovered["parameter"] == ALL) & (recovered["level"] == level)].iloc[0]
    assert row["cases"] >= 50
    assert abs(row["covered"] - level) <= 2 * row["standard_error"], row.to_dict()


def test_truths_lie_no_more_often_above_than_below(recovered):
    """The mean rank of the truth among the draws, over all settings, is a half within chance."""
    assert recovered[recovered["parameter"] == ALL]["rank_p"].min() > 0.01


def test_settings_that_act_are_found(recovered):
    """A setting on which a summary bears is ranked by its data: intervals are not just the prior's."""
    assert np.median(Emulator.fit(*shipped_runs()).skill) > 0.4
