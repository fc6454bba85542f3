"""What the observations tell and what they do not: how much each parameter is narrowed, and by which summaries."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.figures.posterior import INFORMED, KEPT, LEARNT, in_order
from sim.figures.run import Results, has
from sim.figures.style import FITTED_TO, INK, QUIET, look, page

SECTION = "fit"
TABLES = ("parameters", "summaries")
MOST = 60  # parameters on the page; the table holds them all
APART = "\N{DAGGER}"


@look()
def draw(results: Results) -> Figure | None:
    """Which of the uncertain numbers can these observations tell?"""
    parameters = in_order(results.table("parameters"))
    if parameters.empty:
        return None
    shown = parameters.head(MOST)
    figure = page(
        (12.6, 2.4 + 0.245 * len(shown)),
        "Which of the uncertain numbers these observations can tell",
        finding(parameters),
        f"{posterior(results)}{note(parameters, results.table('summaries'))}",
        FITTED_TO,
    )
    _panel(figure.subplots(), shown)
    return figure


def finding(parameters: pd.DataFrame) -> str:
    """How many parameters are informed, and those that stay as they were."""
    learnt = parameters["narrowed"] >= INFORMED
    silent = parameters.loc[~learnt, "parameter"].tolist()
    told = f"{int(learnt.sum())} of {len(parameters)} parameters are informed"
    if not silent:
        return f"{told}."
    named = ", ".join(str(name) for name in silent[:6]) + (f" and {len(silent) - 6} more" if len(silent) > 6 else "")
    return f"{told}. As wide as before, so that what rests on them rests on their priors: {named}."


def posterior(results: Results) -> str:
    """How many draws the bars are made of, in words; empty where the folder does not hold them."""
    return f"Posterior: {len(results.table('draws')):,} draws. " if has(results, "draws") else ""


def note(parameters: pd.DataFrame, summaries: pd.DataFrame) -> str:
    """What the marks mean."""
    fitted = int(summaries["fitted"].sum())
    apart = f" {APART} Belongs to this fit, does not carry over to other scenarios." if _has_own(parameters) else ""
    out = f" {len(parameters) - MOST} more in parameters.parquet." if len(parameters) > MOST else ""
    return (
        f"Narrowed = 1 - posterior sd / prior sd, on the scale of the prior; {100 * INFORMED:.0f} % or more counts as "
        f"informed. Fitted: {fitted} of {len(summaries)} summaries. At the right, the kinds of summary that say most "
        "of a parameter and their shares of what all say (squared emulated slopes in units of noise, averaged over the "
        "posterior); a kind may say much and the parameter still be wide, where others do the same. "
        "Bars are single values, without an interval."
        f"{apart}{out}"
    )


def _has_own(parameters: pd.DataFrame) -> bool:
    return not parameters["carried"].astype(bool).all()


def _panel(axes: Axes, shown: pd.DataFrame) -> None:
    places = np.arange(len(shown))
    values = 100 * shown["narrowed"].to_numpy(float)
    learnt = shown["narrowed"].to_numpy(float) >= INFORMED
    axes.barh(places, values, height=0.66, color=np.where(learnt, LEARNT, KEPT), zorder=2)
    axes.axvline(100 * INFORMED, color=QUIET, lw=0.9, ls=(0, (3, 2)), zorder=3)
    axes.axvline(0, color=INK, lw=1.0, zorder=3)
    for place, row in zip(places, shown.to_dict("records"), strict=True):
        said = str(row["informed_by"] or "")
        axes.annotate(
            f"{max(100 * row['narrowed'], 0):.0f} %" + (f"   {said}" if said and learnt[place] else ""),
            (max(100 * row["narrowed"], 100 * INFORMED), place), (5, 0), textcoords="offset points", va="center",
            size=8, color=INK if learnt[place] else QUIET,
        )  # fmt: skip
    axes.set_yticks(places, [_name(row) for row in shown.to_dict("records")], size=8.5)
    axes.set(ylim=(len(shown) - 0.4, -0.6), xlim=(min(-2.0, 1.1 * float(values.min())), _room(shown)))
    axes.set_xticks(range(0, 101, 20))
    axes.set_xlabel("Narrower than its prior by (%)", loc="left")
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", length=0, labelcolor=INK)
    handles = [Patch(color=LEARNT, label="informed"), Patch(color=KEPT, label="stays at its prior")]
    axes.legend(handles=handles, loc="lower right", frameon=False, fontsize=9, labelcolor=QUIET)


def _room(shown: pd.DataFrame) -> float:
    """Where the axis ends so that the longest words have room, about 0.8 % of a bar a letter."""
    letters = shown["informed_by"].astype(str).str.len()
    return max(110.0, float((100 * shown["narrowed"].clip(lower=0.1) + 0.95 * letters).max()) + 8)


def _name(row: dict[Any, Any]) -> str:
    return f"{row['parameter']}{'' if row['carried'] else ' ' + APART}"
