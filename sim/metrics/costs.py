"""Metrics of money over the measured window, in GBP: who pays, for which stage, what one return or admission costs."""

import numpy as np

from sim.metrics.registry import metric
from sim.metrics.run import RunTables, ratio

RETURNS = ("detention", "casework", "claims", "flights")
ADMISSIONS = ("admissions", "housing_admitted")
FRANCE = ("french_replies", "french_reception")


@metric("GBP")
def cost_uk_gbp(run: RunTables) -> float:
    """Cost to the UK: housing of people who arrive in the run, detention, cases, flights, admissions, patrols."""
    return float(run.daily("cost_uk_gbp").sum())


@metric("GBP")
def cost_fr_gbp(run: RunTables) -> float:
    """Cost to France: reception of people returned, and its share of patrols."""
    return float(run.daily("cost_fr_gbp").sum())


@metric("GBP")
def cost_returns_gbp(run: RunTables) -> float:
    """Cost to the UK of the returns side: detention, casework, claims and flights, of cases that fail too."""
    return items(run, *RETURNS)


@metric("GBP")
def cost_admissions_gbp(run: RunTables) -> float:
    """Cost to the UK of the legal route: checks, visas and travel, and housing of those admitted in the run."""
    return items(run, *ADMISSIONS)


@metric("GBP")
def cost_exchange_fr_gbp(run: RunTables) -> float:
    """Cost to France of the exchange: answers to requests, reception and asylum of people returned."""
    return items(run, *FRANCE)


@metric("GBP/person")
def cost_per_return_gbp(run: RunTables) -> float:
    """Cost to the UK of the returns side for each person returned; missing if nobody was."""
    return ratio(items(run, *RETURNS), run.daily("returned").sum())


@metric("GBP/person")
def cost_per_admission_gbp(run: RunTables) -> float:
    """Cost to the UK of the legal route for each person admitted; missing if nobody was."""
    return ratio(items(run, *ADMISSIONS), run.daily("admitted").sum())


def items(run: RunTables, *names: str) -> float:
    """Cost of some items (GBP)."""
    costs = run.tables["costs"]
    days = costs["date"].codes
    inside = (days >= run.first_day) & (days < run.last_day) & costs["item"].where(*names)
    return float(np.asarray(costs["gbp"])[inside].sum())
