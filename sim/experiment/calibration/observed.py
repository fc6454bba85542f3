"""The same summaries of the real Channel, from the public series in sim/data."""

from collections.abc import Sequence
from datetime import date
from math import nan
from pathlib import Path

import numpy as np
import pandas as pd

from sim.domain.randomness import Floats
from sim.experiment.calibration.summaries import FIRST_DAY, LAST_DAY, Run, Summary, of_run

DATA = Path(__file__).resolve().parents[2] / "data"
SEA = "Drowning"  # the cause under which the IOM's project lists deaths in crossings


def observed_summaries(wanted: Sequence[Summary], data: Path = DATA) -> Floats:
    """The summaries of what happened, on their scales, (summaries,); missing where no series tells of it."""
    published = _published(data)
    run = _daily(data)
    found = []
    for summary in wanted:
        key = (summary.kind, summary.of, summary.start)
        if key in published:
            found.append(float(summary.scaled(np.array(published[key]))))
        elif summary.kind in ("prevented", "rescued", "deaths", "group_shares", "red_days"):
            found.append(nan)
        else:
            found.append(float(of_run([summary], run)[0]))
    return np.array(found)


def _daily(data: Path) -> Run:
    """The Home Office's daily series (HO_TS_20260821)."""
    daily = pd.read_csv(data / "arrivals_daily.csv", parse_dates=["date"])
    daily = daily[daily["date"].between(pd.Timestamp(FIRST_DAY), pd.Timestamp(LAST_DAY))]
    series = {"arrivals": daily["people"].to_numpy(float), "boats": daily["boats"].to_numpy(float)}
    return Run(FIRST_DAY, series, {})


def _published(data: Path) -> dict[tuple[str, str, date], float]:
    """Counts that are published for a period, by kind, of what, and the period's first day."""
    return {**_prevented(data), **_at_sea(data), **_deaths(data), **_shares(data), **_red_days(data)}


def _prevented(data: Path) -> dict[tuple[str, str, date], float]:
    """A year's people prevented (HOCL_CBP9681, UKFR_JLD_2023), and the whole weeks of May and June 2024."""
    yearly = pd.read_csv(data / "preventions_annual.csv")
    found = {
        ("prevented", "", date(int(row["year"]), 1, 1)): float(row["people_prevented"])
        for row in yearly.to_dict("records")
    }
    weekly = pd.read_csv(data / "preventions_weekly.csv", parse_dates=["week_ending"])
    spring = weekly["week_ending"].between("2024-05-12", pd.Timestamp(LAST_DAY))
    return {**found, ("prevented", "", date(2024, 5, 6)): float(weekly["people_prevented"][spring].sum())}


def _at_sea(data: Path) -> dict[tuple[str, str, date], float]:
    """People rescued and brought back to France (PREMAR_2024)."""
    yearly = pd.read_csv(data / "sea_operations_annual.csv")
    return {
        ("rescued", "", date(int(row["year"]), 1, 1)): float(row["people_rescued"]) for row in yearly.to_dict("records")
    }


def _deaths(data: Path) -> dict[tuple[str, str, date], float]:
    """Dead and missing in crossings (IOM_MMP_2026): whole years as counted there, 2024 to June from its incidents."""
    yearly = pd.read_csv(data / "deaths_annual.csv")
    found = {
        ("deaths", "", date(int(row["year"]), 1, 1)): float(row["iom_sea_crossing_dead_missing"])
        for row in yearly.to_dict("records")
    }
    incidents = pd.read_csv(data / "deaths_incidents.csv", parse_dates=["date"])
    at_sea = incidents["cause"].str.contains(SEA) & incidents["date"].between("2024-01-01", pd.Timestamp(LAST_DAY))
    return {**found, ("deaths", "", date(2024, 1, 1)): float(incidents["dead_or_missing"][at_sea].sum())}


def _shares(data: Path) -> dict[tuple[str, str, date], float]:
    """A year's arrivals by nationality (HO_IRR_D01_2023Q4)."""
    table = pd.read_csv(data / "nationality_quarterly.csv")
    table = table.assign(year=table["quarter"].str[:4].astype(int))
    totals = table.groupby("year")["people"].sum().to_dict()
    mine = table.groupby(["year", "nationality"], as_index=False)["people"].sum()
    found = {}
    for row in pd.DataFrame(mine).to_dict("records"):
        name, year = str(row["nationality"]), int(row["year"])
        found["group_shares", name.lower(), date(year, 1, 1)] = float(row["people"] / totals[year])
    return found


def _red_days(data: Path) -> dict[tuple[str, str, date], float]:
    """Days on which crossings were assessed likely (HO_COND_2025): years to April, and January to April 2022."""
    table = pd.read_csv(data / "red_days.csv")
    found = {}
    for row in table.to_dict("records"):
        words = str(row["period"]).split()
        start = date(int(words[-1]) - 1, 5, 1) if words[0] == "YE" else date(int(words[-1]), 1, 1)
        found["red_days", "", start] = float(row["red_days"] / row["days"])
    return found
