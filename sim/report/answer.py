"""The answer to a run's question: a sentence with its intervals and its main assumption, and the numbers beside it."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.report.effect import TOLL, Effect, between, effects, signed
from sim.report.text import amount, true_minus
from sim.report.uncertainty import main_assumption, under_posterior

if TYPE_CHECKING:
    from sim.experiment.results import Results

DAYS_PER_WEEK = 7
NEARLY = 0.9  # of the target: below it, returns are held back by something


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
    found, label = effects(results, scenario), scenario.replace("_", " ")
    arrivals, wider = found["arrivals"], under_posterior(results, scenario, "arrivals")
    headline = (
        f"{label[:1].upper()}{label[1:]}: {_change(arrivals)} by boat than without it"
        f" ({_relative(arrivals)}95 % interval {arrivals.interval or 'not known from one replication'})"
        f", {main_assumption(results, scenario)}{_wider(wider)}."
    )
    beside = [_exchange(results, scenario, found), _deaths(found)]
    return Answer(scenario, headline, [text for text in beside if text], _cards(results, scenario, found))


def what_intervals_hold(results: Results, policies: list[str]) -> str:
    """What the intervals of the answer are of, in a sentence or two."""
    n = int(results.provenance["replications"])
    if n == 1:
        return "There is one replication, so that nothing can be said of chance."
    drawn = any(under_posterior(results, name, "arrivals") for name in policies)
    other = (
        " The draws vary the calibrated settings as far as the data leave them open; all others stay." if drawn else ""
    )
    return f"The 95 % interval holds the chance between {n} replications of the same assumptions only.{other}"


def _change(arrivals: Effect) -> str:
    """How many more or fewer; an interval that holds zero comes first."""
    if not arrivals.difference:
        return "no change in arrivals"
    size = f"{amount(abs(arrivals.difference))} {'fewer' if arrivals.difference < 0 else 'more'} arrivals"
    return size if arrivals.is_sure or not arrivals.interval else f"no clear change: {size}"


def _relative(effect: Effect) -> str:
    return "" if isnan(effect.relative) else true_minus(f"{100 * effect.relative:+.1f} %; ")


def _wider(wider: dict[str, Any] | None) -> str:
    """The effect over draws of the posterior, as the end of a sentence; empty if it ships for no such scenario."""
    if wider is None:
        return ""
    return (
        f"; over {wider['draws']} draws of the settings that the data leave open, {signed(wider['median'])} "
        f"(nine in ten: {between(wider['low'], wider['high'])})"
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
    pace, target = returned / weeks, float(open_days["stock"].mean())
    why = " (what holds it back: ‘The exchange at work’)" if pace < NEARLY * target else ""
    return f", {amount(pace)} a week against a target of {amount(target)} on average{why}"


def _deaths(found: dict[str, Effect]) -> str:
    """Deaths are in every answer, at sea and by lorry, and whether a difference can be told."""
    sea, together = found["deaths"], found.get(TOLL)
    told = f"{amount(sea.after)} people die at sea, against {amount(sea.before)} without the policy{_told(sea)}"
    if together is None or together.difference == sea.difference:
        return f"{told}."
    return (
        f"{told}; with those who die by lorry it is {amount(together.after)} against "
        f"{amount(together.before)}{_told(together)}."
    )


def _told(effect: Effect) -> str:
    """A difference with its interval in brackets; nothing where there is neither."""
    if not effect.interval or effect.low == effect.high:
        return ""
    sure = "" if effect.is_sure else "; it cannot be told from chance"
    return f" (difference {signed(effect.difference)}, 95 % interval {effect.interval}{sure})"


def _cards(results: Results, scenario: str, found: dict[str, Effect]) -> list[dict[str, str]]:
    """The numbers that a reader looks for first."""
    wider = {metric: under_posterior(results, scenario, metric) for metric in ("arrivals", "cost_uk_gbp")}
    cards = [_card("Arrivals by boat", found["arrivals"], wider["arrivals"]), _toll(found)]
    if found["returned"].difference or found["admitted"].difference:
        both = [amount(found[name].difference) for name in ("returned", "admitted")]
        cards.append(
            {"what": "Returned / admitted", "much": " / ".join(both), "range": "people in the measured window"}
        )
    cards.append(_card("Cost to the UK, GBP, net", found["cost_uk_gbp"], wider["cost_uk_gbp"]))
    return cards


def _card(what: str, effect: Effect, wider: dict[str, Any] | None) -> dict[str, str]:
    spread = f"95 % interval {effect.interval}" if effect.interval else "one replication: no interval"
    draws = f"; nine in ten draws: {between(wider['low'], wider['high'])}" if wider else ""
    return {"what": what, "much": signed(effect.difference), "range": spread + draws}


def _toll(found: dict[str, Effect]) -> dict[str, str]:
    """People who die, as people, not as a fraction of a difference."""
    effect = found.get(TOLL, found["deaths"])
    what = "Deaths at sea and by lorry" if TOLL in found else "Deaths at sea"
    change = f"; difference {signed(effect.difference)} ({effect.interval})" if effect.interval else ""
    return {"what": what, "much": amount(effect.after), "range": f"against {amount(effect.before)} without{change}"}
