"""Observed arrivals, up to the cut-off of the evidence."""

from importlib.resources import files

import pandas as pd

CUT_OFF = pd.Timestamp("2025-06-30")


def arrivals_daily() -> pd.DataFrame:
    """People arriving by day: date, people; nothing after the cut-off."""
    with (files("sim") / "data" / "arrivals_daily.csv").open() as file:
        table = pd.read_csv(file, parse_dates=["date"])
    return table[table["date"] <= CUT_OFF]


def arrivals_monthly() -> pd.Series:
    """People arriving by month, indexed by the month's first day."""
    table = arrivals_daily()
    return table.groupby(table["date"].dt.to_period("M").dt.to_timestamp())["people"].sum()
