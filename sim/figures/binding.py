"""What binds the exchange at each scale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from math import isnan
from typing import NamedTuple

import matplotlib
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.figures.fan import half_width, of
from sim.figures.run import Results, Shown, by_target, dated, has, replications, scenarios, with_exchange
from sim.figures.style import INK, MISSING, QUIET, Swatch, amount, count_axis, key, look, page, share
from sim.metrics.binding import NEARLY_ALL, OBSTACLES, SEATS_FULL, binding_stage

SECTION = "pipeline"
BECAME = {
    "selected": Swatch("selected", "#0072B2"),
    "beds": Swatch("no free bed", "#D55E00", "///"),
    "target": Swatch("week's cases used up", "#E69F00", "..", INK),
    "parity": Swatch("paused for parity", "#8A4F7D", "xxx"),
    "lot": Swatch("not chosen by lot", "#DADADA", "", QUIET),
}  # fmt: skip
USES = {"bed_use": "beds", "casework_use": "caseworkers", "seat_use": "seats"}
WAITS = {
    "bed_days_request": Swatch("the request", "#56B4E9", "", INK),
    "bed_days_reply": Swatch("France's reply", "#00456B"),
    "bed_days_claims": Swatch("claims", "#CC79A7", "///", INK),
    "bed_days_seat": Swatch("a seat", "#E69F00", "..", INK),
    "bed_days_court": Swatch("a court", "#6E6E6E", "xxx"),
}
BINDS = {
    "beds": "Beds bind", "target": "The weekly limit on new cases binds", "parity": "Parity with admissions binds",
    "seats": "Seats bind", "arrivals": "Too few arrivals are chosen by lot", "none": "The target is met",
}  # fmt: skip
NUMBER_FROM, BAR = 6.0, 0.40
EXPLAINS = 0.25
"""Of the returns that are missing: people passed over for an obstacle who are fewer than that do not explain them."""
SHADES, UNKNOWN = "YlOrBr", "#F2F2F2"


class Scale(NamedTuple):
    """One scenario: its mean weekly target, returns a week of every replication, means of its other metrics."""

    shown: Shown
    target: float
    returned: tuple[float, ...]
    became: dict[str, float]
    uses: dict[str, float]
    waits: dict[str, float]
    binds: str


@look()
def draw(results: Results) -> Figure | None:
    """What holds the exchange back at each scale?"""
    cast = with_exchange(scenarios(results))
    if not cast or not has(results, "ledger"):
        return None
    found = scales(results, cast)
    if not found:
        return None
    n = replications(results)
    figure = page(
        (14.0, 2.9 + 0.95 * len(found)),
        "What holds the exchange back" + (" at each scale?" if len(found) > 1 else "?"),
        finding(found),
        f"Simulation: {n} replication{'s' if n > 1 else ''} of each scenario, measured window; all numbers are means"
        + (", line on the bar = 95 % t-interval." if n > 1 else "; one replication has no interval.")
        + " Eligible arrivals: people whom the agreement covers, registered while the exchange was open. Use of beds "
        "and caseworkers: of an evening, once a week; of seats: planned for someone, on charters that flew.",
    )
    panels = figure.subplots(1, 4, sharey=True, width_ratios=(2.3, 4.0, 2.2, 3.6))
    returns_panel(panels[0], found)
    stack_panel(panels[1], BECAME, [(scale.became, obstacle(scale)) for scale in found])
    panels[1].set_xlabel("Share of eligible arrivals (%)")
    panels[1].set_title("What became of eligible arrivals", pad=34)
    uses_panel(panels[2], found)
    stack_panel(panels[3], WAITS, [(scale.waits, longest_wait(scale)) for scale in found])
    panels[3].set_xlabel("Share of bed-days (%)")
    panels[3].set_title("What people in detention waited for", pad=34)
    return figure


def scales(results: Results, cast: Sequence[Shown]) -> list[Scale]:
    """The scenarios with an exchange, smallest weekly target first."""
    runs = results.table("runs")
    return [
        _scale(of(runs, shown), shown, target) for shown, target in by_target(dated(results, "ledger", "week"), cast)
    ]


def _scale(runs: pd.DataFrame, shown: Shown, target: float) -> Scale:
    mean = {str(name): float(value) for name, value in runs.mean(numeric_only=True).items()}
    became = {name: mean[name if name == "selected" else f"passed_over_{name}"] for name in BECAME}
    uses, waits = ({name: mean[name] for name in names} for names in (USES, WAITS))
    return Scale(shown, target, tuple(runs["returned_per_week"]), became, uses, waits, what_binds(mean))


def what_binds(mean: Mapping[str, float]) -> str:
    """What holds a scenario's exchange back, told only where it explains what is missing; `mean` are means of metrics.

    That of `binding_stage`, but for an obstacle at selection for which too few people were passed over to explain what
    is missing of the target: then it lies behind selection (full seats) or before it (too few people chosen). At 500 a
    week with beds for all, a few hundred meet a full house on busy days, while twelve thousand returns are missing.
    """
    stage, delivered = binding_stage(mean), mean["delivered_share"]
    if stage not in OBSTACLES or delivered <= 0:
        return stage
    missing = mean["returned"] * (1 / delivered - 1)
    if mean[f"passed_over_{stage}"] >= EXPLAINS * missing:
        return stage
    return "seats" if mean["seat_use"] >= SEATS_FULL else "arrivals"


def finding(found: Sequence[Scale]) -> str:
    """What binds where, in words: neighbouring scales that are bound alike share a sentence."""
    return " ".join(_sentence(list(group)) for _, group in groupby(found, lambda scale: scale.binds))


def _sentence(group: Sequence[Scale]) -> str:
    what = group[0].binds
    where = _between("at ", [scale.target for scale in group], "from ")
    returned = _between("", [sum(scale.returned) / len(scale.returned) for scale in group])
    words = f"{BINDS[what]} {where} a week: {returned} returned a week"
    if what == "beds":
        longest = max(WAITS, key=lambda wait: sum(scale.waits[wait] for scale in group))
        shares = _between("", [100 * scale.waits[longest] for scale in group])
        words += f", and {shares} % of bed-days wait for {WAITS[longest].words}"
    return words + "."


def _between(one: str, values: Sequence[float], several: str = "") -> str:
    low, high = amount(min(values)), amount(max(values))
    return one + low if low == high else f"{several}{low} to {high}"


def obstacle(scale: Scale) -> str:
    """What became of those chosen by lot, in words."""
    passed = {why: scale.became[why] for why in OBSTACLES}
    chosen = scale.became["selected"] + sum(passed.values())
    if not chosen:
        return "nobody was chosen by lot"
    why = max(passed, key=lambda name: passed[name])
    if scale.became["selected"] >= NEARLY_ALL * chosen:
        return f"{share(scale.became['selected'], chosen)} of those chosen by lot were selected"
    return f"{share(passed[why], chosen)} of those chosen by lot: {BECAME[why].words}"


def longest_wait(scale: Scale) -> str:
    """What most bed-days went into, in words."""
    wait = max(WAITS, key=lambda name: scale.waits[name])
    days = scale.waits[wait]
    return "no bed was used" if isnan(days) else f"{100 * days:.0f} % of bed-days: {WAITS[wait].words}"


def returns_panel(axes: Axes, found: Sequence[Scale]) -> None:
    """Returns a week in the outline of the target."""
    for y, scale in enumerate(found):
        mean, half = sum(scale.returned) / len(scale.returned), half_width(scale.returned)
        axes.barh(y, scale.target, height=BAR, color="none", edgecolor=INK, lw=1.0, zorder=3)
        axes.barh(y, mean, height=BAR, color=scale.shown.colour, zorder=2)
        if half:
            axes.plot([mean - half, mean + half], [y, y], color=INK, lw=1.6, zorder=4)
        _above(axes, y, f"{amount(mean)} of {amount(scale.target)} ({share(mean, scale.target)})")
    axes.set_yticks(range(len(found)), [f"{s.shown.label}\n{amount(s.target)} a week" for s in found])
    for tick, scale in zip(axes.get_yticklabels(), found, strict=True):
        tick.set(color=scale.shown.colour, weight="bold")
    axes.set_ylim(len(found) - 0.6, -0.62)
    axes.set_xlim(0, max(*(scale.target for scale in found), *(v for s in found for v in s.returned), 1) * 1.04)
    axes.set(xlabel="People a week (outline: target)")
    axes.set_title("Returned, of the target", pad=34)
    _quiet(axes)
    count_axis(axes.xaxis, 4)


def stack_panel(axes: Axes, parts: Mapping[str, Swatch], rows: Sequence[tuple[dict[str, float], str]]) -> None:
    """A bar of 100 % for each row, cut into parts, with the finding above it."""
    for y, (values, words) in enumerate(rows):
        for name, left, width in _pieces(values):
            swatch = parts[name]
            axes.barh(
                y, width, left=left, height=BAR, color=swatch.colour, hatch=swatch.hatch, edgecolor="white", lw=0.6
            )
            if width >= NUMBER_FROM:
                axes.text(
                    left + width / 2, y, f"{width:.0f}", size=8.5, ha="center", va="center",
                    color=INK if swatch.hatch else swatch.ink,
                    bbox={"boxstyle": "square,pad=0.15", "fc": "white", "ec": "none"} if swatch.hatch else None,
                )  # fmt: skip
        _above(axes, y, words)
    axes.set_xlim(0, 100)
    key(axes, [s for name, s in parts.items() if any(values[name] > 0 for values, _ in rows)], columns=3)
    _quiet(axes)
    count_axis(axes.xaxis, 4)


def _pieces(values: dict[str, float]) -> Iterator[tuple[str, float, float]]:
    """Name, beginning and length of each piece in per cent; nothing if the values are missing or zero."""
    total, left = sum(values.values()), 0.0
    for name, value in values.items() if total > 0 else ():
        yield name, left, 100 * value / total
        left += 100 * value / total


def uses_panel(axes: Axes, found: Sequence[Scale]) -> None:
    """How full each capacity was: the fuller the stronger."""
    shades = matplotlib.colormaps[SHADES]
    for y, scale in enumerate(found):
        for x, use in enumerate(scale.uses.values()):
            colour = UNKNOWN if isnan(use) else shades(0.85 * min(use, 1.0))
            words = MISSING if isnan(use) else f"{100 * use:.0f} %"
            axes.barh(y, 0.92, left=x - 0.46, height=BAR, color=colour)
            axes.text(x, y, words, size=8.5, ha="center", va="center", color="white" if use > 0.7 else INK)
    axes.set_xticks(range(len(USES)), list(USES.values()))
    axes.tick_params(axis="x", length=0, labelsize=8.5)
    axes.set_xlim(-0.5, len(USES) - 0.5)
    axes.set(xlabel="Share in use (%)")
    axes.set_title("How full", pad=34)
    _quiet(axes)
    axes.spines["bottom"].set_visible(False)


def _quiet(axes: Axes) -> None:
    axes.grid(visible=False)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _above(axes: Axes, y: int, words: str) -> None:
    axes.annotate(words, (0, y - BAR / 2), (0, 3), xycoords=("axes fraction", "data"), textcoords="offset points",
                  size=8.5, color=INK, va="bottom")  # fmt: skip
