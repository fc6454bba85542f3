"""One setting at a time: each at the low and at the high end of its plausible range, all else as in the scenario.

Every variant is paired with the scenario itself on common random numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pandas as pd

from sim.experiment.intervals import mean_interval
from sim.experiment.results import Results, write_answer
from sim.experiment.study import Options
from sim.experiment.variants import Setting, evaluated, is_number, read_metric, read_setting, read_together, varied
from sim.metrics import Metric
from sim.scenario import Problem, Scenario, ScenarioError
from sim.scenario.describe import meant
from sim.scenario.errors import shown

REPLICATIONS = 4
DEFINITION = "definition"  # the confidence of settings that are true by convention: nothing to vary
OVER_FORM = "sections or settings with commas between them, as exchange,legal_route,patrols.units"


@dataclass(frozen=True, slots=True)
class End:
    """A setting at one end of its range: the scenario with nothing else changed."""

    setting: Setting
    end: str
    value: float
    scenario: Scenario


@dataclass(frozen=True, slots=True)
class Survey:
    """What is varied: the ends of all settings, and why others had to be left out (setting, reason)."""

    scenario: Scenario
    metric: Metric
    ends: tuple[End, ...]
    skipped: tuple[tuple[str, str], ...]


def read_survey(load: Callable[[], Scenario], metric: str | None, over: str | None) -> Survey:
    """The settings to vary, checked; `load` gives the scenario.

    A setting of which one end does not go with the rest of the scenario is left out.

    Raises:
        ScenarioError: everything that is wrong with the scenario, the metric and the names; or no setting is left.
    """

    def about_scenario() -> tuple[Scenario, list[Setting]]:
        scenario = load()
        return scenario, settings_over(over, scenario)

    measured, (scenario, settings) = read_together(partial(read_metric, metric), about_scenario)
    ends: list[End] = []
    skipped: list[tuple[str, str]] = []
    for setting in settings:
        try:
            ends += _ends(setting, scenario)
        except ScenarioError as error:
            skipped.append((setting.name, "; ".join(map(str, error.problems))))
    if not ends:
        raise ScenarioError([Problem(name, f"cannot be varied: {reason}") for name, reason in skipped])
    return Survey(scenario, measured, tuple(ends), tuple(skipped))


def settings_over(over: str | None, scenario: Scenario) -> list[Setting]:
    """Settings that can be varied, of sections and of single names: numbers that have a range and are no definition.

    Raises:
        ScenarioError: a name is unknown, or nothing in it can be varied.
    """
    if not over:
        raise ScenarioError([Problem("--over", "is missing", "", OVER_FORM)])
    parts = [part.strip() for part in over.split(",")]
    found = read_together(*(partial(_settings_in, part, scenario) for part in parts))
    return list({setting.name: setting for settings in found for setting in settings}.values())


def tornado(survey: Survey, options: Options) -> Results:
    """Run the scenario and every end, and write `tornado` and `tornado_skipped`."""
    folder = options.folder(f"{survey.scenario.name}_tornado")
    folder.mkdir(parents=True, exist_ok=True)  # fails at once where one may not write
    first = options.first_replication
    numbers = range(first, first + (options.replications or REPLICATIONS))
    ran = [survey.scenario, *(end.scenario for end in survey.ends)]
    metrics = evaluated(ran, numbers, options.execution(folder))
    tables = {
        "tornado": tornado_table(survey, {name: table[survey.metric.name] for name, table in metrics.items()}),
        "tornado_skipped": pd.DataFrame(survey.skipped, columns=["setting", "reason"], dtype=str),
    }
    return write_answer(folder, tables, ran[:1], ran, survey.scenario, len(numbers), options.command)


def tornado_table(survey: Survey, values: dict[str, pd.Series]) -> pd.DataFrame:
    """`tornado.parquet`: two rows a setting, the widest swing first.

    `values` are the metric in every replication, by scenario. The swing is how far the mean moves over the range,
    from the lowest to the highest of: low end, high end, the scenario itself. Differences in the metric's unit.
    """
    base = values[survey.scenario.name]
    rows = [
        {
            "setting": end.setting.name, "unit": end.setting.unit, "end": end.end, "value": float(end.value),
            "metric": survey.metric.name, "metric_unit": survey.metric.unit,
            **dict(zip(("difference", "low", "high"), mean_interval((mine - base).to_numpy(float)), strict=True)),
            "replications": len(base), "base_value": float(end.setting.value), "base_mean": float(base.mean()),
            "confidence": end.setting.confidence,
        }
        for end in survey.ends
        for mine in [values[end.scenario.name]]
    ]  # fmt: skip
    return with_swing(pd.DataFrame(rows))


def with_swing(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a tornado with how far each setting moves the mean, the widest swing first."""
    by_setting = table.groupby("setting")["difference"]
    swing = by_setting.transform("max").clip(lower=0) - by_setting.transform("min").clip(upper=0)
    return table.assign(swing=swing).sort_values("swing", ascending=False, kind="stable", ignore_index=True)


def _settings_in(part: str, scenario: Scenario) -> list[Setting]:
    """The settings of a section that can be varied, or the one setting of that name."""
    sections = {name[:i] for name in scenario.catalogue for i, letter in enumerate(name) if letter == "."}
    if part in sections:
        inside = [name for name, meta in scenario.catalogue.items() if name.startswith(f"{part}.")]
        numbers = [name for name in inside if is_number(scenario.catalogue[name].value)]
        found = [setting for name in numbers if _can_vary(setting := read_setting(name, scenario, "--over"))]
    elif "." in part:
        found = [setting for setting in [read_setting(part, scenario, "--over")] if _can_vary(setting)]
    else:
        message = f"names no section{meant(part, sections)}"
        raise ScenarioError([Problem("--over", message, shown(part), ", ".join(sorted(sections)))])
    if not found:
        message = "holds nothing to vary: no number that has a plausible range and is no definition"
        raise ScenarioError([Problem("--over", message, shown(part), OVER_FORM)])
    return found


def _can_vary(setting: Setting) -> bool:
    ranged = setting.low is not None and setting.high is not None and setting.low < setting.high
    return ranged and setting.confidence != DEFINITION


def _ends(setting: Setting, scenario: Scenario) -> list[End]:
    """The scenario at both ends of a setting's range."""
    ends = [(end, setting.fitting(v)) for end, v in (("low", setting.low), ("high", setting.high)) if v is not None]
    scenarios = read_together(*(partial(varied, scenario, {setting.name: value}) for _, value in ends))
    return [End(setting, end, value, variant) for (end, value), variant in zip(ends, scenarios, strict=True)]
