"""What a sweep found, and what it would take, in words and as tables for the terminal."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

from sim.cli.terminal import duration
from sim.report.text import amount, table_text

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results import Results
    from sim.experiment.sweep.estimate import Estimate

MANY = 60  # points of which a terminal shows each one
ENDS = 10  # else those with the largest and those with the smallest effects
SIZES = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


def sweep_text(found: Results) -> str:
    """How many runs were done, and the headline outcome at every point, or of every policy over the futures."""
    about: dict[Any, Any] = found.table("sweep").iloc[0].to_dict()
    points = found.table("points")
    head = (
        f"{about['name']}: {len(points):,} points, baselines included; {about['runs']:,} runs, "
        f"{about['computed']:,} computed now, {about['reused']:,} were in the store."
    )
    if not about["runs"] or (about["baseline"] and not (found.folder / "effects.parquet").exists()):
        return f"{head} No point has a finished run and that of its baseline."
    table = _outcomes(found, points, about)
    left = points.loc[~points["plausible"], "future"].nunique()
    if left:
        head += (
            f"\n{left} of {points['future'].nunique()} futures are left out of what follows: without a policy they are "
            f"not as asked ({about['plausible']})."
        )
    if table.empty:
        return head
    parts = [head, "", *(_by_policy(table, about) if table["future"].nunique() > 1 else _by_point(table, about))]
    return "\n".join(parts)


def estimate_text(name: str, found: Estimate) -> str:
    """Runs, time and disk that a sweep would take."""
    with_most = found.most > found.replications
    at_least, at_most = ("at least ", f", at most {found.most}") if with_most else ("", "")
    lines = [
        f"{name}: {found.points:,} points, baselines included, x {at_least}{found.replications} replications{at_most}: "
        f"{at_least}{found.runs:,} different runs, of which the store has {found.stored:,}"
    ]
    if found.left:
        lines += [
            f"left: {at_least}{found.left:,} runs, about {duration(found.seconds)} on {found.workers} workers "
            f"({found.seconds_a_run:.1f} s a run, from {found.measured})",
            f"disk: about {size(found.bytes)} more ({size(found.bytes_a_run)} a run), {size(found.free)} free"
            + ("" if found.fits else ": not enough"),
        ]
    else:
        lines.append("left: none" + (" for a start" if with_most else ""))
    if with_most:
        most = found.runs * found.most / found.replications - found.stored
        time = duration(most * found.seconds_a_run / found.workers)
        lines.append(f"if every point took the most: {most:,.0f} runs, about {time}")
    return "\n".join(lines)


def size(number: float) -> str:
    """Bytes in the unit that fits.

    >>> size(1_950_000), size(4e10), size(0)
    ('1.9 MB', '40.0 GB', '0 kB')
    """
    for unit, name in SIZES:
        if number >= unit:
            return f"{number / unit:.1f} {name}"
    return "0 kB"


def _outcomes(found: Results, points: pd.DataFrame, about: dict[Any, Any]) -> pd.DataFrame:
    """The headline outcome of every point but the baselines: `value`, `low`, `high`, `relative`, and its settings."""
    paired = bool(about["baseline"])
    table = found.table("effects" if paired else "summary").rename(columns={"difference": "value", "mean": "value"})
    mine = table[table["metric"] == about["metric"]].drop(columns=["scenario", "metric", "replications"])
    if not paired:
        mine = mine.assign(relative=float("nan"))
    return points[~points["baseline"] & points["plausible"]].merge(
        mine.drop(columns="baseline", errors="ignore"), on="point"
    )


def _by_point(table: pd.DataFrame, about: dict[Any, Any]) -> list[str]:
    varied = _varied(table)
    shown = varied if 1 <= len(varied) <= 4 else []
    some = table
    if len(table) > MANY:
        order = table.sort_values("value", kind="stable")
        some = table.loc[[*order.index[:ENDS], *order.index[-ENDS:]]]
    several = table["source"].nunique() > 1
    head = [*(["scenario"] if several else []), *(shown or ["point"]), *_heading(about), "replications"]
    rows = [
        [*([r["source"]] if several else []), *([_cell(r[name]) for name in shown] or [r["name"]]), *_numbers(r),
         str(r["replications"])]
        for r in some.to_dict("records")
    ]  # fmt: skip
    left = len(table) - len(some)
    more = [f"{left:,} points between the {ENDS} lowest and the {ENDS} highest are in effects.parquet."] if left else []
    return [table_text([head, *rows], len(head) - 5), *more, _note(about)]


def _by_policy(table: pd.DataFrame, about: dict[Any, Any]) -> list[str]:
    """Each policy over the futures: median and 5 to 95 %."""
    head = ["policy", "futures", "median", "5 %", "95 %", "lowest", "highest"]
    rows = []
    for (source, row), mine in table.groupby(["source", "row"], sort=False):
        spread = mine["value"].quantile([0.5, 0.05, 0.95])
        ends = [mine["value"].min(), mine["value"].max()]
        rows.append([_policy(mine, source, row), str(len(mine)), *(amount(v) for v in (*spread, *ends))])
    words = _said(about) + " over the futures, each a mean over its replications; no noise of replication is taken out."
    return [table_text([head, *rows], 1), words]


def _policy(mine: pd.DataFrame, source: Any, row: Any) -> str:
    name = str(mine["name"].iloc[0]).rsplit(" [", 1)[0] if row else str(source)
    return name if len(name) < 60 else f"{source} #{row}"


def _varied(table: pd.DataFrame) -> list[str]:
    """The settings that differ between the points."""
    columns = list(table.columns)
    settings = columns[columns.index("plausible") + 1 : columns.index("scenario_hash")]
    return [name for name in settings if table[name].nunique(dropna=False) > 1]


def _heading(about: dict[Any, Any]) -> list[str]:
    return ["difference" if about["baseline"] else about["metric"], "95 % low", "high", "%"]


def _numbers(row: dict[Any, Any]) -> list[str]:
    share = "–" if isnan(row["relative"]) else f"{100 * row['relative']:+.1f}"
    return [*(amount(row[name]) for name in ("value", "low", "high")), share]


def _cell(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _said(about: dict[Any, Any]) -> str:
    against = f" against {about['baseline']}, paired on common random numbers" if about["baseline"] else ""
    return f"{about['metric']} ({about['metric_unit']}){against}"


def _note(about: dict[Any, Any]) -> str:
    return f"{_said(about)}; 95 % t-intervals over replications."
