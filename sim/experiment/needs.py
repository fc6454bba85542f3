"""What each scale of the exchange would need: the same scenario at several weekly targets, as it stands and supplied.

As it stands, the run shows what binds. Supplied with more than enough beds, staff, seats and applicants, it shows what
would be delivered then, and what of the supply was used: the need.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import ceil

import pandas as pd

from sim.domain.exchange import DAYS_PER_WEEK
from sim.domain.rules import Rules
from sim.experiment.compare import runs_table
from sim.experiment.intervals import mean_interval
from sim.experiment.results import Results, gather, write_table
from sim.experiment.runner import run_all
from sim.experiment.store import Store
from sim.experiment.study import Options, baseline_of
from sim.experiment.variants import Number, read_together, varied
from sim.metrics.binding import binding_stage
from sim.scenario import Problem, Scenario, ScenarioError
from sim.scenario.errors import shown

REPLICATIONS = 4
TARGETS = "50,200,500,1000"
SLACK = 2  # times the mean need: queues are short when half the capacity is idle
WEEKS_PER_YEAR = 365.25 / DAYS_PER_WEEK
TARGET = "exchange.weekly_target"


@dataclass(frozen=True, slots=True)
class Scale:
    """One weekly target: the scenario at it as it stands, and supplied."""

    target: float
    as_it_stands: Scenario
    supplied: Scenario


@dataclass(frozen=True, slots=True)
class Question:
    """A scenario with an exchange, its baseline, and the scales asked about."""

    scenario: Scenario
    baseline: Scenario
    scales: tuple[Scale, ...]


def read_needs(load: Callable[[], Scenario], targets: str | None, baseline: str | None) -> Question:
    """The scales of a scenario; `load` gives the scenario.

    Raises:
        ScenarioError: everything that is wrong with the scenario and the targets.
    """
    scenario, numbers = read_together(load, partial(read_targets, targets or TARGETS))
    rules, against = read_together(partial(rules_when_open, scenario), partial(_baseline, scenario, baseline))
    return Question(scenario, against, tuple(_scale(scenario, rules, target) for target in numbers))


def read_targets(text: str) -> list[float]:
    """Weekly targets from a list with commas.

    Raises:
        ScenarioError: it holds anything but positive numbers.
    """
    try:
        targets = sorted({float(part) for part in text.split(",")})
    except ValueError:
        targets = []
    if not targets or targets[0] <= 0:
        allowed = "returns a week above 0 with commas between them, as 50,200,500,1000"
        raise ScenarioError([Problem("--targets", "must be a list of weekly targets", shown(text), allowed)])
    return targets


def rules_when_open(scenario: Scenario) -> Rules:
    """The rules on the day on which the exchange opens.

    Raises:
        ScenarioError: it never does, or has no seats.
    """
    opened = [rules for _, rules in scenario.timeline() if rules.exchange.open]
    if not opened:
        raise ScenarioError([Problem(scenario.name, "never opens an exchange", "", "a scenario with that lever")])
    if not opened[0].exchange.seats_per_flight:
        raise ScenarioError([Problem("exchange.seats_per_flight", "must be above 0 to ask for needs", "0")])
    return opened[0]


def supply(rules: Rules, target: float) -> Mapping[str, Number]:
    """Settings with more of everything than a weekly target can use.

    Beds: no case is open longer than until it is void. Seats and applicants: `SLACK` times the mean need, after
    cancellations, missed seats and failed checks. Staff and appointments: a week's work in a day, for people come in
    waves.
    """
    exchange, legal = rules.exchange, rules.legal_route
    cases = target * exchange.over_selection
    kept = max((1 - exchange.seat_attrition_share) * (1 - exchange.flight_cancelled_share), 1 / exchange.void_days)
    admitted = max(legal.pass_share * (1 - legal.visa_refused_share), 1 / SLACK)
    return {
        "exchange.selection_share": 1.0,
        "exchange.beds": ceil(cases * exchange.void_days / DAYS_PER_WEEK),
        "exchange.caseworkers": max(ceil(cases * exchange.request_work_days), 1),
        "exchange.flights_per_week": float(ceil(SLACK * cases / kept / exchange.seats_per_flight)),
        "legal_route.awareness": 1.0,
        "legal_route.other_applicants_per_week": SLACK * target / admitted,
        "legal_route.biometrics_per_day": ceil(target),
    }


def needs(question: Question, options: Options) -> Results:
    """Run every scale both ways; write the tables of those as they stand, and `needs`."""
    folder = options.folder(f"{question.scenario.name}_needs")
    folder.mkdir(parents=True, exist_ok=True)  # fails at once where one may not write
    first = options.first_replication
    numbers = list(range(first, first + (options.replications or REPLICATIONS)))
    how = options.execution(folder)
    standing = [scale.as_it_stands for scale in question.scales]
    run_all([question.baseline, *standing, *(scale.supplied for scale in question.scales)], numbers, how)
    store = Store(how.store)
    together = [question.baseline, *standing]
    results = gather(folder, together, question.baseline, numbers, store, options.command, people=False)
    write_table(needs_table(question, numbers, store), folder / "needs.parquet")
    return results


def needs_table(question: Question, replications: Sequence[int], store: Store) -> pd.DataFrame:
    """`needs.parquet`: a row a weekly target. Deliveries in returns a week with 95 % intervals; money in GBP a year.

    `binds` is what holds the scenario back as it stands. Beds and caseworkers needed are those that nineteen evenings
    in twenty do not exceed when supplied; flights are of the scenario's own size.
    """
    rows = []
    for scale in question.scales:
        here, supplied = (runs_table([s], None, replications, store) for s in (scale.as_it_stands, scale.supplied))
        rules = rules_when_open(scale.as_it_stands)
        a_year = WEEKS_PER_YEAR / float(supplied["weeks_open"].mean())
        uk = supplied["cost_returns_gbp"] + supplied["cost_admissions_gbp"]
        seats = supplied["seats_planned_per_week"].mean()
        row = {"target": scale.target, "binds": _binds(here)}
        for name, runs in (("delivered", here), ("delivered_supplied", supplied)):
            between = mean_interval(runs["returned_per_week"].to_numpy(float))
            row |= dict(zip((name, f"{name}_low", f"{name}_high"), between, strict=True))
        row |= {
            "binds_supplied": _binds(supplied),
            "beds": supplied["beds_p95"].mean(),
            "caseworkers": supplied["caseworkers_p95"].mean(),
            "seats_per_week": seats,
            "flights_per_week": seats / rules.exchange.seats_per_flight,
            "applicants_per_week": supplied["admissions_begun_per_week"].mean(),
            "cost_uk_gbp_per_year": float(uk.mean()) * a_year,
            "cost_fr_gbp_per_year": float(supplied["cost_exchange_fr_gbp"].mean()) * a_year,
            "cost_per_return_gbp": supplied["cost_per_return_gbp"].mean(),
            "replications": len(replications),
        }
        rows.append(row)
    return pd.DataFrame(rows)


def _binds(runs: pd.DataFrame) -> str:
    return binding_stage({str(name): float(mean) for name, mean in runs.mean(numeric_only=True).items()})


def _baseline(scenario: Scenario, asked: str | None) -> Scenario:
    found = baseline_of(scenario, asked)
    if found is None:
        raise ScenarioError([Problem("--baseline", "is needed", "none", "a scenario without the exchange")])
    return found


def _scale(scenario: Scenario, rules: Rules, target: float) -> Scale:
    standing = varied(scenario, {TARGET: target})
    supplied = varied(scenario, {TARGET: target, **supply(rules, target)})
    name = f"{scenario.name} {target:g}"
    return Scale(target, replace(standing, name=name), replace(supplied, name=f"{name} supplied"))
