"""Boxes in the space of settings: what they hold, which one describes failure best, which of its limits are chance."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isnan
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import binom, chi2_contingency, ks_2samp

from sim.experiment.smoothing import is_number

Booleans = npt.NDArray[np.bool_]
MOST_CHANCE = 0.05  # quasi-p-value above which a limit is lifted
MOST_FALSE = 0.1  # of the settings that seem to tell failing futures from others
HALF = 0.5
PATIENCE, FEWEST_PEELED = 0.05, 3  # share of a box that PRIM peels in one step; of all futures, at least so many
ANY = 1e-9  # PRIM is to keep its last box however few of its futures fail: the rule looks at all of them
ENDS = ("low", "high")
SMALLEST = 0.05  # share of the futures that a box holds at least
FEWEST_CASES = 5  # failing, and not failing: with fewer there is nothing to tell apart
RULE = (
    "of PRIM's boxes with at least half of the failures the one that agrees best with failing (phi coefficient), with "
    "all settings or only those that tell failing futures from others by themselves; limits with a quasi-p-value "
    f"above {MOST_CHANCE:g} lifted"
)


@dataclass(frozen=True, slots=True)
class Limit:
    """What a box demands of a setting: at least `low`, at most `high` (missing where it does not), or some words.

    `chance`: for each end that is limited (`low`, `high`, `words`) how likely so dense a box would be, had that limit
    nothing to do with failing (quasi-p-value).
    """

    low: float
    high: float
    words: tuple[str, ...]
    chance: Mapping[str, float] = field(default_factory=dict)

    @property
    def ends(self) -> list[str]:
        """The ends that are limited."""
        return ["words"] if self.words else [end for end in ENDS if not isnan(getattr(self, end))]

    @property
    def quasi_p(self) -> float:
        """The quasi-p-value of its weakest end."""
        return max(self.chance.values(), default=float("nan"))

    def holds(self, values: pd.Series) -> Booleans:
        """Which values are within the limit."""
        if self.words:
            return values.astype(str).isin(self.words).to_numpy()
        numbers = values.to_numpy(float)
        return np.asarray(~(numbers < self.low) & ~(numbers > self.high))


@dataclass(frozen=True, slots=True)
class Box:
    """A box: the share of the failures that it holds, of its futures that fail, and of all futures that it holds."""

    limits: Mapping[str, Limit]
    coverage: float
    density: float
    mass: float
    phi: float


@dataclass(frozen=True, slots=True)
class Peeled:
    """The boxes that PRIM came by, the whole space first, and which of them the rule takes."""

    inputs: pd.DataFrame
    fails: Booleans
    boxes: list[Box]
    chosen: int


def peeled(inputs: pd.DataFrame, fails: Booleans) -> Peeled:
    """PRIM's way through the space: each box holds fewer futures than the one before, or is a pasted one at the end."""
    inputs = inputs.reset_index(drop=True)
    known = inputs.assign(**{str(n): inputs[n].astype(str) for n in inputs if not is_number(inputs[n])})
    lims = _prim(known, fails)
    boxes = [measured(_limits(each, lims[0]), inputs, fails) for each in lims]
    covering = [i for i, box in enumerate(boxes) if box.coverage >= HALF]
    return Peeled(inputs, fails, boxes, max(covering, key=lambda i: boxes[i].phi))


def found_box(inputs: pd.DataFrame, fails: Booleans) -> tuple[Box, Peeled]:
    """The box that the rule takes, and the way on which PRIM found it.

    Among many settings PRIM peels wherever chance has put a failure less. So it is run twice, on all settings and on
    those that tell failing futures from others by themselves; the box that agrees better with failing is taken.
    """
    ways = [peeled(inputs[names], fails) for names in (list(inputs.columns), telling(inputs, fails)) if names]
    boxes = [without_chance(way.boxes[way.chosen], way) for way in ways]
    better = max(range(len(ways)), key=lambda i: boxes[i].phi)
    return boxes[better], ways[better]


def telling(inputs: pd.DataFrame, fails: Booleans) -> list[str]:
    """The settings whose values differ between failing and other futures (Kolmogorov-Smirnov; words: chi square).

    At most one in ten of them by chance (false discovery rate, Benjamini & Hochberg 1995).
    """
    names = [str(name) for name in inputs if inputs[name].nunique() > 1]
    chances = np.array([_differs(inputs[name], fails) for name in names])
    order = np.argsort(chances)
    below = np.flatnonzero(chances[order] <= MOST_FALSE * np.arange(1, len(names) + 1) / max(len(names), 1))
    return [names[i] for i in sorted(order[: below[-1] + 1])] if len(below) else []


def _differs(values: pd.Series, fails: Booleans) -> float:
    """How likely failing and other futures would differ so much in a setting by chance."""
    if is_number(values):
        numbers = values.to_numpy(float)
        with catch_warnings():
            simplefilter("ignore", RuntimeWarning)  # that it takes the asymptotic value where the exact one is too long
            return float(ks_2samp(numbers[fails], numbers[~fails]).pvalue)
    return float(chi2_contingency(pd.crosstab(values.to_numpy(), fails)).pvalue)


def without_chance(box: Box, way: Peeled) -> Box:
    """The box without the limits that could be chance, the weakest lifted first; the others say how likely that is."""
    while box.limits:
        chances = {(s, end): quasi_p(box, s, end, way) for s, limit in box.limits.items() for end in limit.ends}
        weakest = max(chances, key=lambda each: chances[each])
        if chances[weakest] <= MOST_CHANCE:
            told = {s: {end: chances[s, end] for end in limit.ends} for s, limit in box.limits.items()}
            return replace(box, limits={s: replace(limit, chance=told[s]) for s, limit in box.limits.items()})
        box = measured(lifted(box.limits, *weakest), way.inputs, way.fails)
    return box


def quasi_p(box: Box, setting: str, end: str, way: Peeled) -> float:
    """How likely the box would hold so many failures if this limit picked its futures blindly (Bryant & Lempert 2010).

    One-sided binomial test against the box without the limit.
    """
    inside = within(box.limits, way.inputs)
    wider = within(lifted(box.limits, setting, end), way.inputs)
    return float(binom.sf(int((inside & way.fails).sum()) - 1, int(inside.sum()), float(way.fails[wider].mean())))


def lifted(limits: Mapping[str, Limit], setting: str, end: str) -> dict[str, Limit]:
    """The limits without one end of one setting's."""
    nothing: Any = () if end == "words" else float("nan")
    freed = replace(limits[setting], **{end: nothing})
    return {s: freed if s == setting else limit for s, limit in limits.items() if s != setting or freed.ends}


def measured(limits: Mapping[str, Limit], inputs: pd.DataFrame, fails: Booleans) -> Box:
    """A box with what it holds."""
    inside = within(limits, inputs)
    held = int((inside & fails).sum())
    mass, base = float(inside.mean()), float(fails.mean())
    spread = np.sqrt(mass * (1 - mass) * base * (1 - base))
    phi = (held / len(fails) - mass * base) / spread if spread else 0.0
    return Box(limits, held / max(int(fails.sum()), 1), held / max(int(inside.sum()), 1), mass, float(phi))


def within(limits: Mapping[str, Limit], inputs: pd.DataFrame) -> Booleans:
    """Which points lie in a box."""
    inside = np.ones(len(inputs), dtype=bool)
    for setting, limit in limits.items():
        inside &= limit.holds(inputs[setting])
    return inside


def _limits(lims: pd.DataFrame, whole: pd.DataFrame) -> dict[str, Limit]:
    """The settings that a box of ema_workbench limits."""
    found = {}
    for name in lims.columns:
        low, high = lims[name].tolist()
        widest = whole[name].tolist()
        if isinstance(low, set):
            if low != widest[0]:
                found[str(name)] = Limit(float("nan"), float("nan"), tuple(sorted(low)))
        elif [low, high] != widest:
            ends = (float(low) if low > widest[0] else float("nan"), float(high) if high < widest[1] else float("nan"))
            found[str(name)] = Limit(*ends, ())
    return found


def _prim(inputs: pd.DataFrame, fails: Booleans) -> list[pd.DataFrame]:
    """The limits of every box on PRIM's way (ema_workbench, which takes seconds to load and is full of warnings).

    One future a step is as good as blind: PRIM ends at the first failure on either side. So few futures have longer
    steps; of 24 with one setting that matters (failing at 90 % and 25 %) the rule then finds 7 in 10, not 3.
    """
    step = max(PATIENCE, FEWEST_PEELED / len(fails))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ema_workbench.analysis import prim

        box = prim.Prim(inputs, fails.astype(int), threshold=ANY, mass_min=SMALLEST, peel_alpha=step).find_box()
    return list(box.box_lims)
