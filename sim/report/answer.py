"""The answer to a run's question: a sentence with its interval and its main assumption, and the numbers beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sim.report.text import amount, true_minus
from sim.report.uncertainty import main_assumption, under_posterior

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results import Results

DAYS_PER_WEEK = 7


class Effect(NamedTuple):
    """A paired difference with its 95 % interval, the relative change, and the means on both sides (NaN if none)."""

    difference: float
    low: float
    high: float
    relative: float
    before: float
    after: float

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low * self.high > 0

    @property
    def interval(self) -> str:
        """The interval in words; one pair has none."""
        return between(self.low, self.high) if self.low == self.low else ""


class Answer(NamedTuple):
    """What is found for one policy: the headline sentence, what goes with it, and the cards."""

    scenario: str
    headline: str
    beside: list[str]
    cards: list[dict[str, str]]


def answers(results: Results, policies: list[str]) -> list[Answer]:
    """The answer for each policy against the baseline."""
    return [answer(results, name) for name in policies]


def answer(results: Results, scenario: str) -> Answer:
    """The finding on arrivals, returns, deaths and cost in words, with intervals."""
    found = effects(results, scenario)
    label = scenario.replace("_", " ")
    label = label[:1].upper() + label[1:]
    arrivals, wider = found["arrivals"], under_posterior(results, scenario, "arrivals")
    n = int(results.provenance["replications"])
    headline = (
        f"{label}: {_change(arrivals)} by boat than without it"
        f" ({_relative(arrivals)}95 % interval {arrivals.interval or 'not known from one replication'})"
        f", {main_assumption(results, scenario)}."
    )
    beside = [
        _noise(arrivals, n),
        *([_wider(wider)] if wider else []),
        _exchange(results, scenario, found),
        _deaths(found),
    ]
    return Answer(scenario, headline, [text for text in beside if text], _cards(found, wider))


def effects(results: Results, scenario: str) -> dict[str, Effect]:
    """Every paired difference of one policy, by metric."""
    table, levels = results.effects, results.summary.set_index(["scenario", "metric"])["mean"]
    rows = table[table["scenario"] == scenario].to_dict("records")
    return {
        row["metric"]: Effect(
            row["difference"], row["low"], row["high"], row["relative"], _level(levels, row["baseline"], row["metric"]),
            _level(levels, scenario, row["metric"]),
        )
        for row in rows
    }  # fmt: skip


def _level(levels: pd.Series, scenario: Any, metric: Any) -> float:
    return float(levels.get((scenario, metric), float("nan")))


def between(low: float, high: float) -> str:
    """An interval in words, with signs.

    >>> between(-524.4, -219.2), between(-0.5, 12)
    ('−524 to −219', '−0.5 to +12')
    """
    return f"{signed(low)} to {signed(high)}"


def signed(value: float) -> str:
    """A change with its sign.

    >>> signed(-372.1), signed(4.1), signed(0.0)
    ('−372', '+4.1', '0')
    """
    return true_minus(("+" if value > 0 else "") + amount(value))


def _change(arrivals: Effect) -> str:
    """How many more or fewer; an interval that holds zero comes first."""
    if not arrivals.difference:
        return "no change in arrivals"
    size = f"{amount(abs(arrivals.difference))} {'fewer' if arrivals.difference < 0 else 'more'} arrivals"
    return size if arrivals.is_sure or not arrivals.interval else f"no clear change: {size}"


def _relative(effect: Effect) -> str:
    return "" if effect.relative != effect.relative else true_minus(f"{100 * effect.relative:+.1f} %; ")


def _noise(arrivals: Effect, n: int) -> str:
    """What the interval is of."""
    if n == 1:
        return "There is one replication, so that nothing can be said of chance."
    return f"The interval holds the chance between {n} replications of the same assumptions only."


def _wider(wider: dict[str, Any]) -> str:
    return (
        f"Over {wider['draws']} draws of all settings that agree with the data the median is "
        f"{signed(wider['median'])}, and nine in ten lie between {signed(wider['low'])} and {signed(wider['high'])}."
    )


def _exchange(results: Results, scenario: str, found: dict[str, Effect]) -> str:
    """Who is returned and admitted, and how that compares with the target; empty if there is no exchange."""
    returned, admitted = found["returned"].difference, found["admitted"].difference
    pace = pace_of_returns(results, scenario, returned)
    if not (returned or admitted or pace):
        return ""
    return f"{amount(returned)} people are returned{pace}, and {amount(admitted)} admitted."


def pace_of_returns(results: Results, scenario: str, returned: float) -> str:
    """Returns a week against the target while the exchange was open, in words; empty if it never opened."""
    stages = results.table("pipeline")
    open_days = stages[(stages["scenario"] == scenario) & (stages["stage"] == "weekly_target") & (stages["stock"] > 0)]
    if open_days.empty:
        return ""
    weeks = float(open_days.groupby("replication", observed=True).size().mean()) / DAYS_PER_WEEK
    return (
        f", {amount(returned / weeks)} a week against a target of {amount(float(open_days['stock'].mean()))} on average"
    )


def _deaths(found: dict[str, Effect]) -> str:
    """Deaths are in every answer: how many there are on both sides, and whether a difference can be told."""
    deaths = found["deaths"]
    told = f"{amount(deaths.after)} people die at sea, against {amount(deaths.before)} without the policy"
    if not deaths.interval or deaths.low == deaths.high:
        return f"{told}."
    sure = "" if deaths.is_sure else "; no difference can be told"
    return f"{told} (difference {signed(deaths.difference)}, 95 % interval {deaths.interval}{sure})."


def _cards(found: dict[str, Effect], wider: dict[str, Any] | None) -> list[dict[str, str]]:
    """The numbers that a reader looks for first."""
    cards = [_card("Arrivals by boat", found["arrivals"])]
    if wider:
        spread = f"9 in 10 of {wider['draws']} draws: {between(wider['low'], wider['high'])}"
        cards.append({"what": "… over settings that fit the data", "much": signed(wider["median"]), "range": spread})
    cards.append(_card("Deaths at sea", found["deaths"]))
    if found["returned"].difference or found["admitted"].difference:
        both = [amount(found[name].difference) for name in ("returned", "admitted")]
        cards.append(
            {"what": "Returned / admitted", "much": " / ".join(both), "range": "people in the measured window"}
        )
    cards.append(_card("Cost to the UK, GBP", found["cost_uk_gbp"]))
    return cards


def _card(what: str, effect: Effect) -> dict[str, str]:
    spread = f"95 % interval {effect.interval}" if effect.interval else "one replication: no interval"
    return {"what": what, "much": signed(effect.difference), "range": spread}
