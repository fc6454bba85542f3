"""Who pays: what a policy changes in each line of the accounts of the UK and of France, in the measured window."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.experiment.intervals import mean_interval
from sim.figures.run import Shown, scenarios
from sim.report.effect import between, signed
from sim.report.text import amount, true_minus

if TYPE_CHECKING:
    from sim.experiment.results import Results

LEAST = 0.5  # GBP below which a difference is none
PAYERS = {"uk": "United Kingdom", "fr": "France"}
WORDS = {
    "registration": "Registration on arrival", "housing": "Housing of those who wait for a decision",
    "patrols": "Patrols in France, the UK's share", "detention": "Detention", "casework": "Casework of returns",
    "claims": "Claims and courts", "flights": "Charters", "admissions": "Checks, visas and travel of those admitted",
    "housing_admitted": "Housing of those admitted", "french_patrols": "Patrols, France's share",
    "french_replies": "Replies to requests", "french_reception": "Reception of those returned",
}  # fmt: skip


def payer_rows(results: Results) -> list[dict[str, Any]]:
    """A row an item of the accounts, and one for each payer's total; empty without a baseline.

    Each has `payer`, `item` in words, `baseline` (GBP, the mean) and under `cells` each policy's mean difference with
    its 95 % interval. Lines that no scenario has, as those of an exchange where there is none, are left out. What is
    not counted at all (enforcement inland, what people earn or pay gangs) is in `sim/records/costs.py`.
    """
    cast = scenarios(results)
    if not cast[0].baseline or len(cast) < 2 or not (results.folder / "costs.parquet").exists():
        return []
    costs = results.table("costs")
    costs = costs[costs["date"] >= cast[0].measure_from.strftime("%Y-%m-%d")]
    rows = []
    for payer, who in PAYERS.items():
        sums = _sums(costs[costs["payer"] == payer], cast)
        told = [item for item in WORDS if any(item in mine and mine[item].any() for mine in sums)]
        rows += [_row(who, WORDS[item], [mine[item] for mine in sums]) for item in told]
        if told:
            rows.append(_row(who, "All together", [mine.sum(axis=1) for mine in sums]) | {"total": True})
    return rows


def told(rows: list[dict[str, Any]], policies: list[str]) -> list[str]:
    """For each policy what the UK spends more, what it saves, and the net with its interval, in a sentence."""
    mine = [row for row in rows if row["payer"] == PAYERS["uk"]]
    lines, totals = [row for row in mine if not row["total"]], [row for row in mine if row["total"]]
    sentences = []
    for i, name in enumerate(policies if totals else []):
        parts = _parts([row["cells"][i]["mean"] for row in lines])
        spent = f"spends GBP {parts}; net {_net(totals[0]['cells'][i])}" if parts else "spends what it does without it"
        sentences.append(f"{name[:1].upper()}{name[1:]}: the UK {spent}.")
    return sentences


def _parts(changes: list[float]) -> str:
    """What some items cost more and others less; a half below LEAST is left out, and both leave nothing."""
    more, less = sum(c for c in changes if c > 0), -sum(c for c in changes if c < 0)
    halves = [(more, "more", "some items"), (less, "less", "others" if more >= LEAST else "some items")]
    return " and ".join(f"{amount(gbp)} {way} on {items}" for gbp, way, items in halves if gbp >= LEAST)


def _net(cell: dict[str, Any]) -> str:
    """The net difference with its interval, and whether that holds zero; one pair has no interval."""
    if isnan(cell["low"]):
        return str(cell["difference"])
    chance = "" if cell["sure"] else "; it cannot be told from chance"
    return f"{cell['difference']} (95 % interval {cell['interval']}{chance})"


def _sums(costs: pd.DataFrame, cast: list[Shown]) -> list[pd.DataFrame]:
    """GBP for each scenario: a row a replication, a column an item."""
    sums = costs.groupby(["scenario", "replication", "item"])["gbp"].sum().unstack("item", fill_value=0)
    return [pd.DataFrame(sums.xs(shown.name)) for shown in cast]


def _row(payer: str, item: str, runs: list[pd.Series]) -> dict[str, Any]:
    base, *policies = runs
    return {
        "payer": payer, "item": item, "total": False, "baseline": true_minus(amount(float(base.mean()))),
        "cells": [_cell(mine - base) for mine in policies],
    }  # fmt: skip


def _cell(change: pd.Series) -> dict[str, Any]:
    """A mean difference with its interval; one pair has none."""
    mean, low, high = mean_interval(change.to_numpy(float))  # a replication that one side lacks counts for nothing
    known = not isnan(low)
    return {
        "mean": mean, "low": low, "difference": signed(mean), "interval": between(low, high) if known else "–",
        "sure": known and low * high > 0,
    }  # fmt: skip
