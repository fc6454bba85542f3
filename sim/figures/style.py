"""The shared look: a palette safe for colour-blind readers, light grids, direct labels, a source note on each page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, ContextDecorator
from dataclasses import dataclass
from datetime import date
from math import isnan
from textwrap import fill
from typing import Any, NamedTuple, cast

import matplotlib.dates
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.patheffects import AbstractPathEffect, withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator

INK, QUIET = "#222222", "#5F5F5F"
MISSING = "\N{EN DASH}"
LONGEST = 30
"""Letters of a scenario's name that have room beside a line."""
dates: Any = matplotlib.dates
OKABE_ITO = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
MARKERS = ("o", "s", "^", "D", "v", "P")
LINES: tuple[Any, ...] = (
    "-", (0, (7, 1.8)), (0, (5, 1.4, 1.2, 1.4)), (0, (9, 1.6, 3, 1.6)), (0, (5, 1.4, 1.2, 1.4, 1.2, 1.4)),
    (0, (2, 1.2)),
)  # fmt: skip
HATCHES = ("", "///", "..", "\\\\\\", "xxx", "---")
HALO: list[AbstractPathEffect] = [withStroke(linewidth=2.6, foreground="white")]
OBSERVED_NOTE = "Observed: Home Office HO_TS_20260821, to 30 June 2025."
FITTED_TO = "Observed: Home Office and the other series of sim/data/sources.csv."
LOOK: dict[str, Any] = {
    "font.family": "DejaVu Sans", "font.size": 9.5, "text.color": INK, "axes.labelcolor": INK,
    "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": "#9A9A9A", "axes.linewidth": 0.8,
    "axes.grid": True, "grid.color": "#E6E6E6", "grid.linewidth": 0.7, "axes.axisbelow": True,
    "axes.titlesize": 10.5, "axes.titlelocation": "left", "axes.titleweight": "bold", "axes.labelsize": 9.5,
    "xtick.labelsize": 9, "ytick.labelsize": 9, "xtick.color": QUIET, "ytick.color": QUIET,
    "lines.linewidth": 1.9, "figure.facecolor": "white", "savefig.facecolor": "white",
    "svg.hashsalt": "sim", "svg.fonttype": "path", "path.simplify": True, "text.parse_math": False,
}  # fmt: skip


class Look(ContextDecorator, AbstractContextManager[None]):
    """The look, for the length of a `with` or a decorated function; matplotlib's settings are restored after it."""

    def __enter__(self) -> None:
        self._context = rc_context(cast(Any, LOOK))
        self._context.__enter__()

    def __exit__(self, *error: Any) -> None:
        self._context.__exit__(*error)

    def _recreate_cm(self) -> Look:
        return Look()


look = Look


@dataclass(frozen=True, slots=True)
class Pen:
    """How a scenario is drawn: told apart by colour and, printed grey, by line, marker and hatch."""

    colour: str
    line: Any
    marker: str
    hatch: str = ""


BASELINE_PEN = Pen("#3C3C3C", (0, (3.5, 1.8)), "x")


def policy_pen(index: int) -> Pen:
    """The pen of the n-th policy; colours come round after six, with another line, marker and hatch."""
    turn, place = divmod(index, len(OKABE_ITO))
    other = (place + turn) % len(MARKERS)
    return Pen(OKABE_ITO[place], LINES[other], MARKERS[other], HATCHES[other])


def page(
    size: tuple[float, float], title: str, finding: str, note: str, source: str = "Source: simulated; nothing observed."
) -> Figure:
    """An empty page: the title and what it says on top, note and source at the bottom, room for axes between.

    The note says how many runs stand behind the figure and what its intervals mean; the source, where what is observed
    comes from, and by default that nothing is.
    """
    width, height = size
    figure = Figure(figsize=size, layout="constrained")
    title, head, foot = (
        wrapped(text, int(width * letters))
        for text, letters in ((title, 8.2), (finding, 12.2), (f"{note} {source}", 14.6))
    )
    title_room = 0.24 * (title.count("\n") + 1)
    above = 0.20 + title_room + 0.175 * (head.count("\n") + 1 if head else 0)
    below = 0.14 + 0.15 * (foot.count("\n") + 1)
    left, below_title = 0.1 / width, 1 - (0.15 + title_room) / height
    figure.text(left, 1 - 0.1 / height, title, size=14, weight="bold", va="top", gid="title")
    figure.text(left, below_title, head, size=10, color=QUIET, va="top", gid="finding")
    figure.text(left, 0.08 / height, foot, size=8, color=QUIET, va="bottom", gid="note")
    engine = cast(Any, figure.get_layout_engine())
    engine.set(rect=(0.005, below / height, 0.99, 1 - (above + below) / height), w_pad=0.08, h_pad=0.07)
    return figure


def wrapped(text: str, width: int) -> str:
    """Text in lines; a number and its per cent stay on one line.

    >>> wrapped("An interval of 95 % here", 17)
    'An interval of\\n95 % here'
    """
    kept = fill(text.replace(" %", "\N{NO-BREAK SPACE}%"), width, break_on_hyphens=False)
    return kept.replace("\N{NO-BREAK SPACE}%", " %")


def on_day(when: Any) -> str:
    """A date as people write it; what is no date stays as it is.

    >>> on_day("2024-07-01"), on_day("all origins")
    ('1 July 2024', 'all origins')
    """
    try:
        day = date.fromisoformat(str(when)[:10])
    except ValueError:
        return str(when)
    return f"{day.day} {day:%B %Y}"


def simulation_note(replications: int, what: str = "line = median, bands = middle 50 % and 90 %") -> str:
    """How many runs stand behind a figure and what its marks mean."""
    if replications == 1:
        return "Simulation: 1 replication of each scenario, so no spread can be shown."
    return f"Simulation: {replications} replications of each scenario; {what} of the replications."


def true_minus(text: str) -> str:
    """Hyphens before numbers as real minus signs."""
    return text.replace("-", "\N{MINUS SIGN}")


def thousands(value: float, _: object = None) -> str:
    """A tick with thousands separators, no decimals above one.

    >>> thousands(12000.0), thousands(-0.25), thousands(0.0)
    ('12,000', '\N{MINUS SIGN}0.25', '0')
    """
    return true_minus(f"{value:,.0f}" if value == int(value) else f"{value:,.3g}")


def amount(value: float) -> str:
    """A count rounded to three figures, as people say it.

    >>> amount(12345.0), amount(999.6), amount(42.31), amount(-0.4)
    ('12,300', '1,000', '42', '0')
    """
    if isnan(value):
        return MISSING
    places = 0 if abs(value) < 1000 else 2 - len(str(int(abs(value)))) + 1
    text = f"{round(value, places):,.0f}"
    return "0" if text == "-0" else true_minus(text)


def count_axis(axis: Any, ticks: int = 5) -> None:
    """Few ticks, thousands separators."""
    axis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(thousands))


def share(part: float, whole: float) -> str:
    """A share in words.

    >>> share(5, 1280), share(1, 4), share(0, 10)
    ('<1 %', '25 %', '0 %')
    """
    if not whole or isnan(part) or isnan(whole):
        return MISSING
    return "<1 %" if 0 < part / whole < 0.005 else f"{100 * part / whole:.0f} %"


def shortened(words: str, most: int = LONGEST) -> str:
    """Words of at most so many letters: the middle gives way, for names often differ at their ends.

    >>> shortened("Pilot"), shortened("Patrols doubled and returns of 100 a week", 24)
    ('Pilot', 'Patrols doubl\N{HORIZONTAL ELLIPSIS}100 a week')
    """
    tail = -(-most * 2 // 5)
    cut = f"{words[: most - tail - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}{words[-tail:].lstrip()}"
    return words if len(words) <= most else cut


class Swatch(NamedTuple):
    """How one part of a stack is filled: told apart by colour and, printed grey, by hatch."""

    words: str
    colour: str
    hatch: str = ""
    ink: str = "white"


def key(axes: Axes, swatches: Sequence[Swatch], columns: int) -> None:
    """What the fillings mean, above the axes; a title needs a pad to leave room for it."""
    patches = [Patch(facecolor=s.colour, hatch=s.hatch, edgecolor="white", lw=0, label=s.words) for s in swatches]
    legend = axes.legend(
        handles=patches, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=columns, frameon=False, fontsize=8.5,
        handlelength=1.1, handleheight=0.9, handletextpad=0.4, columnspacing=1.1, labelspacing=0.3, borderpad=0.1,
        borderaxespad=0.3,
    )  # fmt: skip
    legend.set_in_layout(False)  # wide as it may be, it does not narrow the axes


class Label(NamedTuple):
    """Words at the end of a line."""

    x: Any
    y: float
    text: str
    colour: str = QUIET
    weight: str = "normal"


def end_labels(axes: Axes, labels: Iterable[Label], size: float = 8.5, gap: float = 0.05, halo: bool = True) -> None:
    """Label lines at their ends; labels that would touch are moved apart up and down.

    Without a halo, which takes much of an SVG, labels need an empty background.
    """
    wanted = sorted((label for label in labels if label.y == label.y), key=lambda label: label.y)
    low, high = axes.get_ylim()
    heights = spread_out([label.y for label in wanted], gap * (high - low))
    for label, height in zip(wanted, heights, strict=True):
        text = axes.annotate(
            label.text, (label.x, label.y), (7, 0), textcoords="offset points", size=size, color=label.colour,
            weight=label.weight, va="center", annotation_clip=False,
        )  # fmt: skip
        if halo:
            text.set_path_effects(HALO)
        if height != label.y:
            text.xyann = (7, _points(axes, height - label.y))


def _points(axes: Axes, rise: float) -> float:
    """A difference in y as points on the page, roughly: the layout is not yet final."""
    figure = cast(Figure, axes.figure)
    rows = axes.get_subplotspec().get_gridspec().nrows if axes.get_subplotspec() else 1  # type: ignore[union-attr]
    low, high = axes.get_ylim()
    return rise / (high - low) * 72 * (figure.get_figheight() - 1.2) / rows * 0.86


def spread_out(values: Sequence[float], gap: float) -> list[float]:
    """Sorted values moved apart until neighbours are at least `gap` from each other, as little as possible.

    >>> spread_out([0.0, 0.0, 10.0], 2.0)
    [-1.0, 1.0, 10.0]
    """
    groups: list[list[float]] = []
    for value in values:
        groups.append([value, 1.0])
        while len(groups) > 1 and _reach(groups[-2], gap, 1) > _reach(groups[-1], gap, -1):
            (centre, size), (below, other) = groups.pop(), groups.pop()
            groups.append([(centre * size + below * other) / (size + other), size + other])
    return [centre + gap * (i - (size - 1) / 2) for centre, size in groups for i in range(int(size))]


def _reach(group: Sequence[float], gap: float, side: int) -> float:
    centre, size = group
    return centre + side * gap * size / 2


def mark_date(axes: Axes, when: Any, words: str, upright: bool = False) -> None:
    """A thin upright line at a date, with words beside it at the top."""
    axes.axvline(when, color=QUIET, lw=0.9, ls=(0, (2, 2)), zorder=1)
    axes.annotate(
        words, (when, 1.0), (-2 if upright else 2, -3), xycoords=("data", "axes fraction"), textcoords="offset points",
        size=8, color=QUIET, va="top", ha="right" if upright else "left", rotation=90 if upright else 0,
        path_effects=HALO,
    )  # fmt: skip


def date_axis(axes: Axes, ticks: int = 7) -> None:
    """The first of every month, or of every few, so that there are about `ticks` at most; January is among them."""
    first, last = axes.get_xlim()
    months = max((last - first) / 30.4, 1.0)
    every = next((n for n in (1, 2, 3, 4, 6) if months / n <= ticks), 12)
    _concise(axes, dates.MonthLocator(bymonth=range(1, 13, every)))


def month_axis(axes: Axes, every: int) -> None:
    """A tick in the middle of every n-th month, January always among them."""
    _concise(axes, dates.MonthLocator(bymonth=range(1, 13, min(every, 12)), bymonthday=15))


def _concise(axes: Axes, locator: Any) -> None:
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator, show_offset=False))
