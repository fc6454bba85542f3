"""The pattern scorecard as checks: each quantity of configs/patterns.yaml, at its own number of replications.

All rows of `sim patterns`, so P1 to P12; marks, ranges and their reasons stand in the plan. What fails is expected to
fail, and says why: a change that mends it is noticed.
"""

from functools import cache

import pandas as pd
import pytest

from sim.experiment.patterns import read_plan, scorecard
from sim.experiment.study import Options

pytestmark = pytest.mark.slow

FAILING = {
    "price_elasticity": "tripled units raise the prevented share from 0.41 to 0.55; lost boats are borne by those who "
    "arrive (escrow) and firms leave (31 to 21): over two years prices rise by a third, more than in the study",
    "routes_stay": "under herding seeds differ by far, but with a memory of two weeks the routes drift on: those of "
    "the first year are not those of the second",
    "squeeze_fills_boats": "over a year boats take 7 to 9 % more people, arrivals fall by 10 %: the price rises and "
    "turns people away; in the first ten months boats fill by 12 % and arrivals fall by 6 %",
    "squeeze_kills": "narrowly: over a year deaths per 1,000 rise about as much as arrivals fall",
    "squeeze_kills_in_months": "boats fill, yet deaths per 1,000 do not rise by more than arrivals fall, within the "
    "noise of four replications: fuller boats are deadlier, yet people wait longer and arrivals fall as well",
}
"""Why the quantities that fail do so."""
CHECKS = [
    pytest.param(
        check.pattern, check.name, id=f"{check.pattern} {check.name} ({check.mark})",
        marks=[pytest.mark.xfail(strict=True, reason=FAILING[check.name])] if check.name in FAILING else [],
    )
    for check in read_plan("patterns").checks
]  # fmt: skip


@pytest.fixture(scope="module")
def scored(tmp_path_factory):
    """The rows of one pattern, by quantity; the patterns share one store."""
    folder = tmp_path_factory.mktemp("scorecard")

    @cache
    def rows(pattern: str) -> pd.DataFrame:
        found = scorecard(read_plan("patterns", only=pattern), Options(workers=1, out=folder / pattern))
        return found.table("scorecard").set_index("quantity")

    return rows


@pytest.mark.parametrize(("pattern", "quantity"), CHECKS)
def test_the_value_lies_in_its_target_range(scored, pattern, quantity):
    row = scored(pattern).loc[quantity]
    told = f"{row['label']}: {row['value']:.3g} ({row['low']:.3g} to {row['high']:.3g})"
    assert row["verdict"] == "pass", (
        f"{told}; target {row['target_low']:.3g} to {row['target_high']:.3g}; {row['note']}"
    )
