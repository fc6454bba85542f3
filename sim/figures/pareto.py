"""What is gained at what price: arrivals avoided against extra cost and against deaths avoided."""

from __future__ import annotations

from textwrap import fill
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.run import Results
from sim.figures.style import BASELINE_PEN, HALO, INK, OKABE_ITO, QUIET, count_axis, look, page
from sim.figures.sweep import Swept, behind, named, nobody, outcomes, read_sweep, scaled, signed, together, words

SECTION = "key"
TABLES = ("points", "dimensions", "sweep")
GAIN, PRICE, LIVES = "arrivals", "cost_uk_gbp", "deaths"
ANALYSES = ("saltelli", "morris", "oat")  # designs whose points are steps of an analysis, not options
MOST_NAMED = 12  # points on the front that get a number and a line in the key
KEY_LINES = 26  # of text beside the panels
ROOM = 0.05  # of a panel: nearer points cannot both have a number
MANY = 40  # points: from here on their intervals are drawn on the front only
ALONE = " Deaths by lorry, which may rise where deaths at sea fall, are not in this figure."
Mask = npt.NDArray[np.bool_]
SHORT = 24  # letters of a name up to which the key is narrow
MOST_SAME = 2  # combinations at one point that are all named
PARTS = ("value", "low", "high")
AXES = (PRICE, LIVES)
FRONT, OTHERS = OKABE_ITO[0], "#A8A8A8"


@look()
def draw(results: Results) -> Figure | None:
    """Which points give the fewest arrivals for their cost, and which save lives as well?"""
    swept = read_sweep(results)
    found = policies(results, swept)
    analysed = swept.facts["design"] in ANALYSES or swept.alone
    if analysed or not swept.compared or found is None or len(found) < 2:
        return None
    points = merged(found, swept)
    lives = bool(points[[f"{LIVES}_{part}" for part in PARTS]].fillna(0).to_numpy().any())
    cheap = front(points[f"{PRICE}_value"], points[f"{GAIN}_value"])
    safe = front(-points[f"{LIVES}_value"], points[f"{GAIN}_value"]) & lives
    longest = max(_wrapped("", name).count("\n") + 1 for name in points["name"].head(MANY))
    names = _numbers(points, min(KEY_LINES // longest, MOST_NAMED), cheap, safe)
    others = _others(points, names, cheap | safe, KEY_LINES // longest if len(points) <= MANY else 0)
    title = "What avoided arrivals cost" + ", and whether fewer die at sea" * lives
    text = finding(points, cheap, safe, names, swept) + (ALONE if lives else _no_lives(results))
    figure = page(
        (14.6 if lives else 10.6, 6.6), title, text, note(swept, points, names, cheap | safe) + nobody(points)
    )
    *panels, key = figure.subplots(
        1, 2 + lives, width_ratios=(*[1.0] * (1 + lives), 0.66 if points["name"].str.len().max() > SHORT else 0.36)
    )
    _panel(panels[0], points, PRICE, cheap, names | others)
    panels[0].set_title("Arrivals avoided at extra cost")
    for right in panels[1:]:
        _panel(right, points, LIVES, safe, names | others)
        right.set_title("Arrivals avoided and deaths at sea avoided")
    _key(key, points, names, others)
    return figure


def _no_lives(results: Results) -> str:
    """Why there is no front of deaths: nobody dies, in the baseline's runs either, or the same number in all."""
    rows = pd.read_parquet(results.folder / "summary.parquet", filters=[("metric", "==", LIVES)])
    some = bool((rows["mean"] != 0).any())
    return " As many deaths at sea as in the baseline, in all runs." if some else " No deaths at sea in these runs."


def merged(points: pd.DataFrame, swept: Swept) -> pd.DataFrame:
    """The points with their `name` in words and how many they stand for, `number`: equal ones are one."""
    names = [named(swept, row, swept.levers) for _, row in points.iterrows()]
    outcome = [f"{metric}_{part}" for metric in (GAIN, PRICE, LIVES) for part in PARTS]
    same = points.assign(name=names, number=1).groupby(outcome, sort=False, dropna=False)
    number = same["number"].transform("sum")
    name = same["name"].transform(lambda mine: _all(list(mine)))
    return points.assign(name=name, number=number)[same.cumcount() == 0].reset_index(drop=True)


def _all(names: list[str]) -> str:
    """All combinations that came out alike, or the first and how many more."""
    if len(names) <= MOST_SAME:
        return " = ".join(names)
    return f"{names[0]}, and {len(names) - 1} others the same"


def policies(results: Results, swept: Swept) -> pd.DataFrame | None:
    """A row a design point over all futures, with value, low and high of each outcome; avoided counts as gained."""
    by, found = ["source", *swept.levers], None
    for metric, sign in ((GAIN, -1), (PRICE, 1), (LIVES, -1)):
        rows = outcomes(results, metric)
        if rows.empty:
            return None
        table = together(rows, ["source", "row", *swept.levers]).set_index(["source", "row", *swept.levers])
        table = sign * table[["value", "low", "high"] if sign > 0 else ["value", "high", "low"]]
        table.columns = [f"{metric}_{part}" for part in PARTS]
        found = table if found is None else found.join(table, how="inner")
    return None if found is None else found.reset_index().loc[:, [*by, *found.columns]]


def front(price: pd.Series, gain: pd.Series) -> Mask:
    """Which points no other beats: none is at least as cheap and gains at least as much, and better in one.

    The baseline (0, 0) is among those that may beat a point; what equals it is on no front.
    """
    options = pd.DataFrame({"price": [*price, 0.0], "gain": [*gain, 0.0]})
    most = options.groupby("price")["gain"].max()  # by price, ascending
    cheaper = most.cummax().shift(fill_value=-np.inf)
    at = options["price"]
    beaten = (options["gain"] < at.map(most)) | (options["gain"] <= at.map(cheaper))
    return (~beaten & (options != 0).any(axis=1)).to_numpy(bool)[:-1]


def _numbers(points: pd.DataFrame, most: int, *fronts: Mask) -> dict[int, int]:
    """A number for each point on a front, rising with what it gains; none for those too near to one that has it.

    Those that the finding names come first.
    """
    gain = points[f"{GAIN}_value"]
    chosen: list[int] = []
    on_any: Mask = np.logical_or.reduce(fronts)
    told = [place for place in (gains_most(points, fronts[0]), cheapest(points, fronts[0])) if place is not None]
    for place in dict.fromkeys([*told, *gain[on_any].sort_values(ascending=False, kind="stable").index]):
        panels = [axis for axis, on in zip((PRICE, LIVES), fronts, strict=True) if on[place]]
        if len(chosen) < most and any(_apart(points, axis, int(place), chosen) for axis in panels):
            chosen.append(int(place))
    return {place: number for number, place in enumerate(sorted(chosen, key=lambda at: gain[at]), start=1)}


def _others(points: pd.DataFrame, names: dict[int, int], on: Mask, most: int) -> dict[int, int]:
    """Numbers for the points on no front that have room for one, after those of `names`.

    At most as many as the key holds.
    """
    off = [int(place) for place in points.index[~on]]
    off = [
        place
        for place in off
        if any(_apart(points, axis, place, [other for other in points.index if other != place]) for axis in AXES)
    ]
    order = (
        points.loc[off, f"{GAIN}_value"].sort_values(ascending=False, kind="stable").index[: max(most - len(names), 0)]
    )
    return {int(place): number for number, place in enumerate(order, start=len(names) + 1)}


def _apart(points: pd.DataFrame, axis: str, place: int, others: list[int]) -> bool:
    """Whether a point has room for a number beside those of the others, in the panel with this axis."""
    where = points[[f"{axis}_value", f"{GAIN}_value"]]
    where = where / (where.max().clip(lower=0) - where.min().clip(upper=0)).replace(0, 1)
    return bool(((where.loc[others] - where.loc[place]).abs().max(axis=1) >= ROOM).all())


def gains_most(points: pd.DataFrame, cheap: Mask) -> int | None:
    """The point of the cost front at which most is gained."""
    gain = points[f"{GAIN}_value"].where(cheap)
    return int(gain.argmax()) if cheap.any() else None


def cheapest(points: pd.DataFrame, cheap: Mask) -> int | None:
    """The one at which a pound gains most, of those that cost something and whose gain is no mere noise."""
    among = cheap & (points[f"{GAIN}_low"] > 0) & (points[f"{PRICE}_value"] > 0)
    each = (points[f"{PRICE}_value"] / points[f"{GAIN}_value"]).where(among)
    return int(each.argmin()) if among.any() else None


def finding(points: pd.DataFrame, cheap: Mask, safe: Mask, names: dict[int, int], swept: Swept) -> str:
    """The point of the cost front at which most is gained, and the one with a gain at which a pound gains most."""
    best, least = gains_most(points, cheap), cheapest(points, cheap)
    if best is None:
        return "No combination does better than the baseline: none avoids arrivals, judged on the means."
    number = points["number"]
    lives = f", {number[safe].sum()} on that of deaths" if safe.any() else ""
    on = int(number[cheap].sum())
    text = (
        f"{on} of {number.sum():,} combinations {'is' if on == 1 else 'are'} on the cost front{lives}. "
        f"Most arrivals avoided: {_what(points.iloc[best], swept)} ({_told(points, best, names)})"
    )
    if least is not None:
        row = points.iloc[least]
        gbp = signed(row[f"{PRICE}_value"] / row[f"{GAIN}_value"]).lstrip("+")
        where = "the same" if least == best else _told(points, least, names)
        text += f". Least paid for an arrival avoided: GBP {gbp}, the ratio of the two ({where})"
    return f"{text}."


def _told(points: pd.DataFrame, place: int, names: dict[int, int]) -> str:
    """A point's number in the key and its name."""
    return (f"number {names[place]}: " if place in names else "") + str(points.at[place, "name"])


def _what(row: pd.Series, swept: Swept) -> str:
    """What is gained and paid at a point, each with its interval."""
    kind = "90 % of futures" if swept.futures > 1 else "95 % interval"
    said = []
    for metric, factor in ((GAIN, 1.0), (PRICE, 1e6)):
        value, *ends = (signed(row[f"{metric}_{part}"] / factor).lstrip("+") for part in PARTS)
        spread = "" if np.isnan(row[f"{metric}_low"]) else f" ({kind} {' to '.join(ends)})"
        said.append((value, spread))
    (gained, about), (cost, around) = said
    return f"{gained}{about} for a net cost of GBP {cost} million{around}"


def note(swept: Swept, points: pd.DataFrame, names: dict[int, int], on: Mask) -> str:
    """What the marks mean, and what dominance is judged on."""
    if swept.futures > 1:
        marks = f"Points = medians of {swept.futures} futures, crosses = the middle 90 % of them"
    elif swept.most == 1:
        marks = "Points = single pairs, without intervals"
    else:
        marks = "Points = mean paired differences, crosses = 95 % t-intervals"
    marks += " (on the fronts only)" if len(points) > MANY else ""
    hidden = int(on.sum()) - len(names)
    more = "1 more point on the fronts has" if hidden == 1 else f"{hidden} more points on the fronts have"
    out = f" {more} no number, for want of room." if hidden > 0 else ""
    same = " Combinations of the same outcomes are one point." if (points["number"] > 1).any() else ""
    middle = "medians" if swept.futures > 1 else "means"
    return behind(
        swept,
        f"{marks}; \N{MULTIPLICATION SIGN} = the baseline. On the front (joined): no other point, nor the baseline, is "
        f"at least as good in both and better in one; judged on {middle}, so neighbours within each other's intervals "
        f"may be in either order. Costs: the UK's, over the measured window.{out}{same}",
    )


def _panel(axes: Axes, points: pd.DataFrame, metric: str, on: Mask, names: dict[int, int]) -> None:
    columns = [f"{metric}_{part}" for part in PARTS]
    factor, unit = scaled(points[columns[:1]], "GBP" if metric == PRICE else "people")
    x = points[columns] / factor
    y = points[[f"{GAIN}_{part}" for part in PARTS]]
    crossed = on if len(points) > MANY else np.ones(len(points), dtype=bool)
    colours = [FRONT if mine else OTHERS for mine in on[crossed]]
    axes.hlines(y.iloc[:, 0][crossed], x.iloc[:, 1][crossed], x.iloc[:, 2][crossed], colours, lw=0.8)
    axes.vlines(x.iloc[:, 0][crossed], y.iloc[:, 1][crossed], y.iloc[:, 2][crossed], colours, lw=0.8)
    axes.plot(x.iloc[:, 0][~on], y.iloc[:, 0][~on], "o", color=OTHERS, ms=5, mec="white", mew=0.6, zorder=3)
    order = np.argsort(y.iloc[:, 0][on].to_numpy())
    line = x.iloc[:, 0][on].to_numpy()[order], y.iloc[:, 0][on].to_numpy()[order]
    axes.plot(*line, "-D", color=FRONT, ms=6.5, mec="white", mew=0.7, lw=1.3, zorder=4)
    axes.plot([0], [0], BASELINE_PEN.marker, color=BASELINE_PEN.colour, ms=8, mew=2, zorder=5)
    axes.annotate("baseline", (0, 0), (6, -11), textcoords="offset points", size=8.5, path_effects=HALO, zorder=6)
    at = np.stack([x.iloc[:, 0], y.iloc[:, 0]], axis=1)
    for place, number in names.items():
        others = [other for other in points.index if other != place]
        if on[place] or (len(points) <= MANY and _apart(points, metric, place, others)):
            _tag(axes, float(at[place, 0]), float(at[place, 1]), number, bool(on[place]))
    axes.axhline(0, color=QUIET, lw=0.8, zorder=1)
    axes.axvline(0, color=QUIET, lw=0.8, zorder=1)
    label = f"Extra cost to the UK ({unit})" if metric == PRICE else f"{words(metric)} avoided (people)"
    axes.set(xlabel=label, ylabel="Arrivals avoided (people)")
    count_axis(axes.xaxis, 6)
    count_axis(axes.yaxis, 6)


def _tag(axes: Axes, x: float, y: float, number: int, on: bool) -> None:
    """The point's number, to the upper left of its mark; grey where it is not on the front."""
    axes.annotate(
        str(number), (x, y), (-5, 4), textcoords="offset points", ha="right", size=9, weight="bold" if on else "normal",
        color=FRONT if on else QUIET, path_effects=HALO, zorder=7,
    )  # fmt: skip


def _key(axes: Axes, points: pd.DataFrame, names: dict[int, int], others: dict[int, int]) -> None:
    """The settings of the numbered points, those that gain most on top, then those on no front."""
    axes.axis("off")
    lines = []
    for place, number in [*sorted(names.items(), key=lambda item: -item[1]), *others.items()]:
        lines += ["", "Not on a front (grey)"] if place in others and number == len(names) + 1 else []
        lines.append(_wrapped(f"{number:>2} ", str(points.at[place, "name"])))
    axes.text(0, 1, "Points on a front", transform=axes.transAxes, va="top", size=9.5, weight="bold", color=INK)
    text: Any = axes.text(0, 0.945, "\n".join(lines), transform=axes.transAxes, va="top", size=8.5, linespacing=1.45)
    text.set_in_layout(False)


def _wrapped(number: str, text: str, width: int = 46) -> str:
    """A line of the key, broken between settings only."""
    whole = ", ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in text.split(", "))
    whole = whole.replace("\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}", " =\N{NO-BREAK SPACE}")
    return fill(f"{number} {whole}", width, subsequent_indent="      ")
