"""Where does a policy fail its aim? Scenario discovery with PRIM (Friedman & Fisher 1999; Bryant & Lempert 2010).

PRIM peels the space of the uncertain settings in small steps towards a box in which most futures fail (ema_workbench).
Of the boxes on its way, the one is taken whose futures agree best with those that fail; limits that could be chance
are lifted. How far a limit can be trusted: its quasi-p-value, and how often it comes back in half of the futures.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.domain.randomness import Floats, Streams
from sim.experiment.boxes import ENDS, FEWEST_CASES, RULE, Box, Peeled, found_box, measured
from sim.experiment.question import Target, read_target
from sim.experiment.swept import UNWEIGHTED, Outcome, Sample, Swept, mean_over_replications, read_outcome, samples
from sim.scenario import Problem, ScenarioError
from sim.scenario.errors import shown

HALVES = 10  # half samples for the share of reproduction, as in Bryant & Lempert (2010)
FEWEST_FUTURES = 20
SIDES = ("above", "below")
BOX_COLUMNS = (
    "policy", "box", "coverage", "density", "mass", "futures", "failing", "rule", "metric", "unit", "target", "fails",
    "replications", "noise_share", "coverage_elsewhere", "density_elsewhere", "own_aim",
)  # fmt: skip
LIMIT_COLUMNS = (
    "policy", "box", "setting", "unit", "low", "high", "range_low", "range_high", "words", "qp", "qp_low", "qp_high",
    "reproduced", "confidence",
)  # fmt: skip
STEP_COLUMNS = ("policy", "step", "coverage", "density", "mass", "restricted", "chosen")


@dataclass(frozen=True, slots=True)
class Missed:
    """An aim, and on which `side` of its target an outcome misses it.

    `own_aim` is the sweep's aim in words (`-10% arrivals`) if another is asked about, else empty.
    """

    outcome: Outcome
    target: Target
    side: str
    own_aim: str = ""

    def fails(self, sample: Sample) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Whether the mean difference to the baseline of each future misses the target."""
        paired = np.isnan(sample.values) | np.isnan(sample.levels)
        means, levels = (mean_over_replications(np.where(paired, np.nan, v)) for v in (sample.values, sample.levels))
        beyond: Floats = means - self.target.differences(levels)
        return np.asarray(beyond > 0 if self.side == "above" else beyond < 0)


def read_missed(swept: Swept, metric: str | None, target: str | None, side: str | None) -> Missed:
    """The aim: as given, else that of the sweep. A reduction is missed above its target, an increase below it.

    Raises:
        ScenarioError: there is no aim, or no baseline from which a difference could be had.
    """
    if not swept.compared:
        message = "has no baseline: an aim is a difference to one"
        raise ScenarioError([Problem(str(swept.folder), message)])
    if side is not None and side not in SIDES:
        raise ScenarioError([Problem("--fails", "is unknown", shown(side), ", ".join(SIDES))])
    aim = str(swept.facts["aim_metric"] or "")
    outcome = read_outcome(swept, metric or aim or None)
    if target is None and (not aim or metric not in (None, aim)):
        about = f"is needed: the sweep aims at {aim}" if aim else "is needed: the sweep has no aim"
        raise ScenarioError([Problem("--target", about, "", "a difference as -2000, or a share as -10%")])
    wanted = read_target(target if target is not None else swept.facts["aim_target"])
    own = bool(aim) and (outcome.metric, wanted) == (aim, read_target(swept.facts["aim_target"]))
    other = f"{read_target(swept.facts['aim_target'])} {aim}" if aim and not own else ""
    return Missed(outcome, wanted, side or ("below" if wanted.size > 0 else "above"), other)


def discover(swept: Swept, missed: Missed, seed: int) -> dict[str, pd.DataFrame]:
    """`discover_boxes`: a row a policy; `discover`: a row a limit of its box; `discover_trajectory`: PRIM's way there.

    A policy that fails in all futures, in none, or in too few or too many to tell has no box: its coverage is missing.

    Raises:
        ScenarioError: there are too few futures.
    """
    kind = "uncertainty" if swept.varied("uncertainty") else "lever"
    policies = [each.whole() for each in samples(swept, missed.outcome, kind)]
    count = min((len(each.inputs) for each in policies), default=0)
    if swept.design(kind) in UNWEIGHTED:
        message = "is no sample of what may be"
        raise ScenarioError(
            [Problem(f"design of {swept.folder}", message, swept.design(kind), "lhs, sobol, posterior")]
        )
    if count < FEWEST_FUTURES:
        what = "futures" if kind == "uncertainty" else "points"
        message = f"of {swept.folder} are too few to find where a policy fails"
        raise ScenarioError([Problem(what, message, str(count), f"{FEWEST_FUTURES} or more, as from an lhs")])
    boxes, limits, steps = [], [], []
    for sample in policies:
        fails = missed.fails(sample)
        head = (len(fails), int(fails.sum()), RULE)
        about = (missed.outcome.metric, missed.outcome.unit, str(missed.target), missed.side)
        noise = (sample.replications, sample.noise_share)
        box, elsewhere = None, (np.nan, np.nan)
        if FEWEST_CASES <= fails.sum() <= len(fails) - FEWEST_CASES:
            box, way = found_box(sample.inputs, fails)
            steps += _steps(sample.policy, way)
        if box and box.limits:
            reproduced, elsewhere = _halves(sample, fails, seed)
            limits += _limits(swept, sample, box, reproduced)
        shape = (box.coverage, box.density, box.mass) if box and box.limits else (np.nan,) * 3
        boxes.append((sample.policy, 0, *shape, *head, *about, *noise, *elsewhere, missed.own_aim))
    return {
        "discover_boxes": pd.DataFrame(boxes, columns=list(BOX_COLUMNS)),
        "discover": pd.DataFrame(limits, columns=list(LIMIT_COLUMNS)),
        "discover_trajectory": pd.DataFrame(steps, columns=list(STEP_COLUMNS)),
    }


def _halves(sample: Sample, fails: Any, seed: int) -> tuple[dict[str, float], tuple[float, float]]:
    """In which share of half samples the same rule limits each setting; coverage and density in the other halves.

    What a box found in one half holds of the other half is an honest measure: it was not fitted to it.
    """
    draw = Streams(seed, 0).generator(f"discover {sample.policy}")
    counts, shapes = dict.fromkeys(map(str, sample.inputs), 0), []
    for _ in range(HALVES):
        order = draw.permutation(len(fails))
        half, other = order[: len(order) // 2], order[len(order) // 2 :]
        if not 0 < fails[half].sum() < len(half):
            continue
        box, _ = found_box(sample.inputs.iloc[half], fails[half])
        for setting in box.limits:
            counts[setting] += 1
        there = measured(box.limits, sample.inputs.iloc[other], fails[other])
        shapes.append((there.coverage, there.density))
    coverage, density = np.mean(shapes, axis=0).tolist() if shapes else (np.nan, np.nan)
    return {setting: count / HALVES for setting, count in counts.items()}, (float(coverage), float(density))


def _limits(swept: Swept, sample: Sample, box: Box, reproduced: dict[str, float]) -> list[tuple[Any, ...]]:
    """The limits of a box, the least likely to be chance first; an end that is not limited is missing."""
    rows = []
    for setting, limit in sorted(box.limits.items(), key=lambda each: each[1].quasi_p):
        told = swept.settings.loc[setting]
        column = sample.inputs[setting]
        ends = (np.nan, np.nan) if limit.words else (float(column.min()), float(column.max()))
        chances = (limit.quasi_p, *(limit.chance.get(end, np.nan) for end in ENDS))
        rows.append(
            (
                sample.policy, 0, setting, told["unit"], limit.low, limit.high, *ends, " | ".join(limit.words),
                *chances, reproduced[setting], told["confidence"],
            )
        )  # fmt: skip
    return rows


def _steps(policy: str, way: Peeled) -> list[tuple[Any, ...]]:
    return [
        (policy, i, box.coverage, box.density, box.mass, len(box.limits), i == way.chosen)
        for i, box in enumerate(way.boxes)
    ]
