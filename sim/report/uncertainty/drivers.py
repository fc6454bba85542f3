"""Which settings the effect of a shipped policy goes with, over draws of the shipped posterior."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.experiment.sweep.shipped import SIGNIFICANT, shipped_drivers
from sim.report.text import true_minus, without_sole
from sim.report.uncertainty.over_draws import METRICS, of_this, words_of
from sim.report.uncertainty.setting_words import setting_words

if TYPE_CHECKING:
    from sim.experiment.results import Results

HEAD = ["scenario", "outcome", "setting", "in words", "rank correlation", "95 % interval", "p"]
TOLD_OF = ("arrivals", "deaths")
MOST_TOLD = 4
GUESS = "guess"


def drivers(results: Results, scenario: str, metric: str) -> list[dict[str, Any]]:
    """The settings that an effect goes with, the strongest first, and whether each is `clear`.

    Rows of `sim.experiment.sweep.shipped.drivers_table`; empty unless it ships for this scenario and baseline.
    """
    mine = of_this(shipped_drivers(), results, scenario)
    return [dict(row) for row in mine[mine["metric"] == metric].to_dict("records")]  # type: ignore[arg-type]


def told_drivers(results: Results, scenario: str) -> list[str]:
    """What each effect rests on, in sentences; for deaths only if something stands out."""
    told = []
    for metric in TOLD_OF:
        rows = drivers(results, scenario, metric)
        clear = [row for row in rows if row["clear"]]
        if clear:
            parts = [_driver(row, metric) for row in clear[:MOST_TOLD]]
            more = f", then on {'; '.join(parts[1:])}" if parts[1:] else ""
            told.append(f"What {words_of(scenario)} does to {metric} rests above all on {parts[0]}{more}.")
        elif rows and metric == TOLD_OF[0]:
            told.append(
                f"What {words_of(scenario)} does to {metric} goes with no single setting so clearly that it stands out."
            )
    return told


def _driver(row: dict[str, Any], metric: str) -> str:
    guess = "a guess; " if row["confidence"] == GUESS else ""
    way = "fewer" if row["rho"] < 0 else "more"
    return f"{setting_words(row['setting'])} ({guess}the higher, the {way} {metric} against the baseline)"


def driver_rows(results: Results, scenarios: Sequence[str]) -> list[list[str]]:
    """The settings that stand out, as rows of text, the head first; guesses are marked."""
    rows = [HEAD]
    for scenario in scenarios:
        for metric in TOLD_OF:
            for row in (row for row in drivers(results, scenario, metric) if row["clear"]):
                guess = " (guess)" if row["confidence"] == GUESS else ""
                rho = [true_minus(f"{row['rho']:.2f}"), true_minus(f"{row['low']:.2f} to {row['high']:.2f}")]
                p = f"{row['p']:.2g}"
                words = f"{setting_words(row['setting'])}{guess}"
                rows.append([words_of(scenario), METRICS[metric], row["setting"], words, *rho, p])
    return without_sole(rows, "scenario")


def by_chance(results: Results, scenarios: Sequence[str]) -> str:
    """How many settings were looked at, how many would pass by chance, and what is asked of one to be named."""
    rows = [row for scenario in scenarios for row in drivers(results, scenario, TOLD_OF[0])]
    if not rows:
        return ""
    settings, draws = rows[0]["settings"], rows[0]["draws"]
    return (
        f"Rank correlations (Spearman) over {draws} draws. Of {settings} settings some {SIGNIFICANT * settings:.1f} "
        f"would pass a test at the 5 % level by chance: only those with p below 5 % divided by {settings} are named. "
        "Settings of the posterior are drawn together, so that one may stand for another that it goes with."
    )
