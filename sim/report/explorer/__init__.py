"""`report.html` of a sweep: its answer in words, and linked charts over its points that the reader can search."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.figures.charts.explorer import charts
from sim.figures.run import has
from sim.figures.sweep import SAMPLES, numeric, outcomes, read_sweep
from sim.report.drawn import drawn_figures
from sim.report.explorer.answers import discovered, sensitivity
from sim.report.explorer.lives import lives, lives_table
from sim.report.explorer.naming import first_up, in_words, scenario_words
from sim.report.explorer.points import SEA, TOGETHER, Explored, Outcome, read_explored, rounded
from sim.report.explorer.tables import (
    MOST_LEVELS,
    by_level,
    by_third,
    guessed,
    missing_thirds,
    no_third,
    strengths,
    varied,
)
from sim.report.explorer.words import answers, cautions, method, works_words
from sim.report.pages import write_page
from sim.report.uncertainty.at_ends import ends_of_sweep

if TYPE_CHECKING:
    from sim.experiment.results import Results

TABLES = ("sweep", "points", "dimensions", "runs", "summary")
MOST_DRAWN = 4_000  # points of a chart: more cannot be told apart, and would make brushing slow
MOST_DRAWN_LEVELS = 4  # of a setting that was drawn at random: with more it has bins
MOST_POLICIES = 60  # that have a row with an interval each
MOST_SHOWN = 12  # settings that have a card of their own from the start
SECTIONS = {
    "answer": "The answer", "works": "Where it works", "ends": "One setting at a time",
    "discover": "Where it fails", "explore": "Explore the points",
    "varied": "What was varied", "sensitivity": "What it depends on", "figures": "Figures",
    "assumptions": "Assumptions", "again": "Make it again",
}  # fmt: skip


def is_sweep(results: Results) -> bool:
    """Whether a folder holds the tables of a sweep, and at least one of its points has the headline outcome."""
    return has(results, *TABLES) and not outcomes(results, read_sweep(results).metric).empty


def write_explorer(results: Results) -> Path:
    """Write `report.html` into the folder of a sweep; returns its path."""
    return write_page("sweep.html", results.folder / "report.html", content(results))


def content(results: Results) -> dict[str, Any]:
    """Everything that the page shows."""
    found = read_explored(results)
    told, parts = found.told, _parts(found)
    ends = {part["key"]: part.pop("chart") for part in parts["ends"]}
    return {
        "title": str(found.swept.facts["question"] or found.swept.facts["name"]),
        "name": str(found.swept.facts["name"]),
        "sections": [{"id": key, "name": name} for key, name in SECTIONS.items() if parts[key]],
        **parts,
        "cautions": cautions(found),
        "method": method(found),
        "lives": lives_table(found),
        "asked": works_words(found),
        "undecided": [text for text in (no_third(found), *missing_thirds(found)) if text],
        "count": len(found.points),
        "drawn": min(len(found.points), MOST_DRAWN),
        "policies": len(found.points.drop_duplicates(["source", "row"])) <= MOST_POLICIES,
        "intervals": found.swept.most > 1,
        "scenarios": {scenario_words(name): about for name, about in told.get("scenarios", {}).items()},
        "overrides": told.get("overrides", []),
        "provenance": results.provenance,
        "charts": charts() | ends,
        "page": page_data(found),
    }


def _parts(found: Explored) -> dict[str, Any]:
    """What each section shows; those that have nothing are left out of the page."""
    thirds = by_third(found)
    answer, more = answers(found)
    alone = found.swept.compared and found.swept.alone and has(found.results, "ends")
    ends = ends_of_sweep(found.results) if alone else []
    return {
        "answer": [part["span"] for part in ends] or answer,
        "beside": lives(found) if ends else more,
        "ends": ends,
        "works": [] if ends else [*by_level(found), *([thirds] if thirds else [])],
        "explore": True,
        "varied": varied(found),
        "figures": drawn_figures(found.results.folder / "figures"),
        "sensitivity": sensitivity(found.results),
        "discover": discovered(found.results),
        "assumptions": guessed(found),
        "again": True,
    }


def page_data(found: Explored) -> dict[str, Any]:
    """The points as columns: one row a combination and future, settings by the row of a design where they repeat."""
    points, swept = found.points, found.swept
    source, row, future = (pd.factorize(points[name]) for name in ("source", "row", "future"))
    return {
        "count": len(points),
        "compared": swept.compared,
        "point": swept.point,
        "sources": [scenario_words(name) for name in source[1]],
        "source": source[0].tolist(),
        "row": row[0].tolist(),
        "future": future[0].tolist(),
        "futures": future[1].tolist(),
        "points": points["point"].tolist(),
        "replications": rounded(found.headline.values["replications"]),
        "settings": [_setting(found, name, row, future) for name in _ranked(found)],
        "shown": MOST_SHOWN,
        "outcomes": [_outcome(each) for each in found.outcomes],
        "headline": found.headline.name,
        "aim": _aim(found),
        "drawn": drawn(len(points)),
        "axes": _axes(found),
    }


def drawn(count: int) -> list[int] | None:
    """The points that charts show where there are too many: a sample, the same each time; None if they show all."""
    if count <= MOST_DRAWN:
        return None
    return sorted(np.random.default_rng(0).permutation(count)[:MOST_DRAWN].tolist())


def _setting(found: Explored, name: str, row: Any, future: Any) -> dict[str, Any]:
    """A varied setting, its values by row of the levers' design or by future."""
    by, codes = ("row", row) if name in found.swept.levers else ("future", future)
    first = pd.Series(codes[0]).drop_duplicates().index
    values = found.points[name].iloc[first]
    words = not numeric(found.points, name)
    kind = "design" if by == "row" else "uncertainty_design"
    few = found.points[name].nunique() <= (MOST_DRAWN_LEVELS if found.swept.facts[kind] in SAMPLES else MOST_LEVELS)
    about: dict[Any, Any] = found.swept.settings.loc[name].to_dict()
    others = [in_words(other) for other in found.swept.varied]
    title = in_words(name) if others.count(in_words(name)) == 1 else name
    return {
        "name": name, "title": title, "heading": first_up(title), "unit": found.swept.unit(name),
        "guess": found.swept.guessed(name), "by": by, "words": words, "few": few,
        "log": about["scale"] == "log", "values": [str(value) for value in values] if words else rounded(values),
    }  # fmt: skip


def _outcome(one: Outcome) -> dict[str, Any]:
    """An outcome as columns; numbers to six significant digits."""
    ends = one.values[["low", "high"]].notna().any(axis=None)
    return {
        "name": one.name, "title": one.title, "unit": one.unit, "own": one.own, "value": rounded(one.values["value"]),
        "low": rounded(one.values["low"]) if ends else None, "high": rounded(one.values["high"]) if ends else None,
    }  # fmt: skip


def _aim(found: Explored) -> dict[str, Any] | None:
    if found.aim is None:
        return None
    meets = (found.aim.meets.astype(int) + found.aim.clear.astype(int)).tolist()  # 0 misses, 1 meets, 2 surely
    labels = ["misses", "meets, not surely", "meets surely"] if found.swept.most > 1 else ["misses", "meets"]
    return {"labels": labels, "meets": meets, "lines": found.aim.lines}


def _ranked(found: Explored) -> list[str]:
    """The settings on the page: levers first, then the uncertain numbers that the headline outcome goes with most."""
    numbers = [name for name in found.swept.uncertainties if numeric(found.points, name)]
    goes = strengths(found, numbers, np.arange(len(found.points)))
    rest = sorted(found.swept.uncertainties, key=lambda name: -abs(goes.get(name, 0.0)))
    return [*found.swept.levers, *rest]


def _axes(found: Explored) -> dict[str, str]:
    """What the charts show at first."""
    numbers = [name for name in _ranked(found) if numeric(found.points, name)]
    levers = [name for name in found.swept.levers if name in numbers]
    names, headline = found.names(), found.headline.name
    level = max(levers, key=lambda name: found.points[name].nunique()) if levers else ""
    x = level or next(iter(numbers), next(iter(_ranked(found)), next(iter(names - {headline}), headline)))
    other = next((name for name in found.swept.levers if name != x), "")
    colour = "scenario" if len(found.swept.sources) > 1 else other or ("aim" if found.aim else "")
    second = [name for name in (TOGETHER, SEA, "arrivals", "cost_uk_gbp", headline) if name in names]
    x2 = next((name for name in ("arrivals", headline) if name in names), headline)
    return {"x": x, "y": headline, "x2": x2, "y2": next((n for n in second if n != x2), headline), "colour": colour}
