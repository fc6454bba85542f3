"""Quantities of people: how often they try (pattern P2)."""

from sim.domain.randomness import Floats
from sim.experiment.patterns.quantity import Run, quantity


@quantity("ratio of shares")
def repeaters_over_geometric(run: Run, *, tries: int) -> float:
    """People with at least so many `tries`, over what a geometric law with the same mean gives.

    Counted are people who are done trying. Left out: those done before the measured window, and people once returned,
    whose tries are of several journeys.
    """
    people = run.tables.tables["people"]
    waiting = people["outcome"].where("at_coast") | people["outcome"].where("in_lorry")
    measured = people["outcome_date"].codes >= run.tables.first_day
    done = (people["attempts"] > 0) & measured & ~waiting & (people["times_returned"] == 0)
    return repeaters_ratio(people["attempts"][done].astype(float), tries)


def repeaters_ratio(counts: Floats, tries: int) -> float:
    """Share of counts that reach `tries`, over (1 - 1/mean)^(tries - 1): that of a geometric law from one on."""
    geometric = (1 - 1 / counts.mean()) ** (tries - 1) if len(counts) else 0.0
    return float((counts >= tries).mean() / geometric) if geometric else float("nan")
