"""How numbers and names are written on the page of a sweep, the same in tables of the server and of its script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import isnan
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from sim.figures.wording import plain
from sim.report.explorer.points import Explored, Outcome
from sim.report.text import true_minus
from sim.report.uncertainty.setting_words import WORDS, setting_words

UNITS = ("_gbp", "_m", "_km")  # that names of settings end in; labels have them in brackets
SURE, DIGITS = 12, 3  # digits that sums of a few numbers keep; digits that are told
DASH = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Rows:
    """A table: its caption, its rows of text (the head first) and which columns, from 1, hold numbers."""

    caption: str
    rows: list[list[str]]
    numbers: tuple[int, ...]


def short(setting: str) -> str:
    """A setting in words: without its section where the rest speaks for itself, without its unit.

    >>> short("exchange.weekly_target"), short("patrols.budget"), short("gangs.trail_width_m")
    ('weekly target', 'patrols budget', 'trail width')
    """
    last = setting.rpartition(".")[2]
    words = last if "_" in last else setting.replace(".", " ")
    for unit in UNITS:
        words = words.removesuffix(unit)
    return plain(words)


def in_words(setting: str) -> str:
    """A setting in plain words where there are any, else by its name.

    >>> in_words("gangs.seats_per_boat.2024"), in_words("exchange.weekly_target")
    ('seats in a boat (2024)', 'weekly target')
    """
    return within(setting).removeprefix("the ")


def within(setting: str) -> str:
    """The same within a sentence.

    >>> within("gangs.dispatched_per_day"), within("exchange.french_late_share")
    ('the supply of boats', 'French late share')
    """
    known = setting in WORDS or setting.rpartition(".")[0] in WORDS
    return setting_words(setting) if known else short(setting)


def first_up(words: str) -> str:
    """Words that begin with a capital; other letters stay as they are."""
    return words[:1].upper() + words[1:]


def coded(setting: str, guess: bool, unit: str = "") -> str:
    """A setting for a cell of a table: its words, its unit, and small behind them the name that commands take."""
    star, words = "*" if guess else "", in_words(setting)
    told = f"{first_up(words)}{star}{f' ({unit})' if unit else ''}"
    return Markup('{} <span class="coded">{}</span>').format(told, setting)


def scenario_words(name: Any) -> str:
    """A scenario's name as words.

    >>> scenario_words("returns_500")
    'Returns 500'
    """
    return first_up(str(name).replace("_", " "))


def figures(value: float) -> str:
    """A number to three digits, a half away from zero, as the page's script rounds it.

    >>> figures(1225.0), figures(-0.26650000000000001), figures(0.00001), figures(float("nan"))
    ('1,230', '−0.267', '0.00001', '–')
    """
    if isnan(value):
        return DASH
    near = Decimal(repr(float(f"{value:.{SURE}g}")))
    if near == 0:
        return "0"
    cut = near.quantize(Decimal(1).scaleb(near.adjusted() - DIGITS + 1), ROUND_HALF_UP)
    text = f"{cut:,f}"
    return true_minus(text.rstrip("0").rstrip(".") if "." in text else text)


def tenths(value: float) -> str:
    """A per cent to one decimal.

    >>> tenths(-1.25), tenths(4.0), tenths(-0.04)
    ('−1.3', '4.0', '0.0')
    """
    if isnan(value):
        return DASH
    near = Decimal(repr(float(f"{value:.{SURE}g}"))).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return true_minus(f"{near + 0:,.1f}")


def share(part: int, whole: int) -> str:
    """A share in per cent.

    >>> share(3, 63), share(0, 0)
    ('4.8 %', '–')
    """
    return f"{tenths(100 * part / whole)} %" if whole else DASH


def said(value: Any) -> str:
    """A setting's value in words.

    >>> said(1000.0), said(15.5), said("first_come"), said(float("nan"))
    ('1,000', '15.5', 'first come', '–')
    """
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        return figures(float(value))
    return str(value).replace("_", " ")


def quoted(value: Any) -> str:
    """A setting's value within a sentence: words in quotation marks."""
    text = said(value)
    return f"“{text}”" if isinstance(value, str) else text


def number(one: Outcome, value: float) -> str:
    """An outcome to three figures, a per cent to one decimal; a difference with its sign."""
    if pd.isna(value):
        return DASH
    text = tenths(value) if one.unit.startswith("%") else figures(value)
    return f"+{text}" if value > 0 and not one.own and text != "0.0" else text


def interval(one: Outcome, row: Any) -> str:
    """The interval of an outcome in brackets; nothing with one replication."""
    if pd.isna(row["low"]):
        return ""
    return f" (95 % interval {number(one, row['low'])} to {number(one, row['high'])})"


def cell(one: Outcome, point: int) -> str:
    """An outcome of a point with its interval: `−1,230 people (95 % interval −2,000 to −460)`."""
    row = one.values.iloc[point]
    return f"{number(one, row['value'])} {one.unit}{interval(one, row)}"


def combination(found: Explored, row: Any) -> str:
    """A policy in words: its scenario, where there are several, and its levers."""
    alone = len(found.swept.sources) < 2 and found.swept.levers
    parts = [] if alone else [scenario_words(row["source"])]
    return ", ".join([*parts, *(f"{in_words(lever)} {quoted(row[lever])}" for lever in found.swept.levers)])


def policies(found: Explored) -> Iterable[tuple[str, pd.DataFrame]]:
    """Each policy, a scenario with its levers, with its points, by name in words."""
    for _, rows in found.points.groupby(["source", "row"], sort=False):
        yield combination(found, rows.iloc[0]), rows
