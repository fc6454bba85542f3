"""What a run and the Channel are compared by: some hundred summaries, each with the days that it is about.

Each is put on a scale on which a run's luck is nearly normal and as large for few people as for many: the logarithm
of counts (with an offset that keeps quiet winter months from counting most), the root of deaths, shares as they are.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from sim.domain.randomness import Floats
from sim.experiment.calibration.level import months_between

FIRST_DAY, LAST_DAY = date(2022, 1, 1), date(2024, 6, 30)
PEOPLE_OFFSET, BOATS_OFFSET = 100.0, 2.0  # added before the logarithm of a month: some two boatloads
LEVELS = {"median": 0.5, "p90": 0.9, "most": 1.0}
GROUPS = (
    "afghanistan", "iran", "syria", "eritrea", "sudan", "iraq", "vietnam", "turkey", "somalia", "yemen", "albania",
)  # fmt: skip
YEARS = ((date(2022, 1, 1), date(2022, 12, 31)), (date(2023, 1, 1), date(2023, 12, 31)), (date(2024, 1, 1), LAST_DAY))
WHOLE_YEARS = YEARS[:2]
PREVENTED = (*WHOLE_YEARS, (date(2024, 5, 6), LAST_DAY))  # the weekly series begins in May 2024
RED = (
    (date(2022, 1, 1), date(2022, 4, 30)),
    (date(2022, 5, 1), date(2023, 4, 30)),
    (date(2023, 5, 1), date(2024, 4, 30)),
)
MONTHS_A_QUARTER, MONTHS_A_HALF = 3, 6


@dataclass(frozen=True, slots=True)
class Summary:
    """One number: its kind, what it is of, the days [start, end] that it is about, its unit and scale."""

    kind: str
    of: str
    start: date
    end: date
    unit: str
    scale: str
    offset: float = 0.0

    @property
    def name(self) -> str:
        """As columns call it."""
        return f"{self.kind}{'.' + self.of if self.of else ''}.{self.start:%Y-%m}"

    @property
    def label(self) -> str:
        """As figures call it."""
        long = (self.end - self.start).days
        when = f"{self.start:%b %Y}" if long < 32 else f"{self.start:%b %Y} to {self.end:%b %Y}"
        return f"{(self.of or self.kind).replace('_', ' ')}, {when}"

    def scaled(self, value: Floats) -> Floats:
        """Values on the scale on which they are compared."""
        if self.scale == "log":
            return np.asarray(np.log(np.asarray(value) + self.offset))
        return np.asarray(np.sqrt(value) if self.scale == "root" else value, dtype=float)

    def natural(self, scaled: Floats) -> Floats:
        """Back from that scale."""
        if self.scale == "log":
            return np.asarray(np.exp(scaled) - self.offset)
        return np.asarray(np.square(scaled) if self.scale == "root" else scaled, dtype=float)


@dataclass(frozen=True, slots=True)
class Run:
    """What summaries are made of: counts a day from the first one on, each (days,), and arrivals by group.

    `daily` holds arrivals, boats, prevented, rescued, deaths and calm (whether the sea is that of a red day).
    """

    first: date
    daily: Mapping[str, Floats]
    groups: Mapping[str, Floats]

    def of(self, counted: Mapping[str, Floats], name: str, summary: Summary) -> Floats:
        """A series on the days of a summary."""
        return counted[name][(summary.start - self.first).days : (summary.end - self.first).days + 1]


def summaries() -> tuple[Summary, ...]:
    """All summaries, in their order."""
    return tuple(_all())


def _all() -> Iterator[Summary]:
    months, quarters = (list(_stretches(n)) for n in (1, MONTHS_A_QUARTER))
    halves = list(_stretches(MONTHS_A_HALF))
    yield from (Summary("arrivals", "", *days, "people", "log", PEOPLE_OFFSET) for days in months)
    yield from (Summary("boats", "", *days, "boats", "log", BOATS_OFFSET) for days in months)
    yield from (Summary("roughness", "", *days, "sd of log", "log", 0.1) for days in WHOLE_YEARS)
    yield from (Summary("crossing_days", "", *days, "share of days", "linear") for days in quarters)
    for days in YEARS:
        yield from (Summary("crossing_day_quantiles", level, *days, "people", "log", 1.0) for level in LEVELS)
        yield Summary("persistence", "", *days, "correlation", "linear")
    yield from (Summary("people_per_boat", "", *days, "people/boat", "log", 1.0) for days in halves)
    yield from (Summary("prevented", "", *days, "people", "log", PEOPLE_OFFSET) for days in PREVENTED)
    yield from (Summary("rescued", "", *days, "people", "log", PEOPLE_OFFSET) for days in WHOLE_YEARS)
    yield from (Summary("deaths", "", *days, "people", "root") for days in YEARS)
    for days in WHOLE_YEARS:
        yield from (Summary("group_shares", group, *days, "share of arrivals", "linear") for group in GROUPS)
    yield from (Summary("red_days", "", *days, "share of days", "linear") for days in RED)


def _stretches(months: int) -> Iterator[tuple[date, date]]:
    """The whole stretches of so many months from the first day to the last."""
    starts = [*months_between(FIRST_DAY, LAST_DAY), LAST_DAY + timedelta(days=1)]
    for first, after in zip(starts[:-months:months], starts[months::months], strict=True):
        yield first, after - timedelta(days=1)


def known_by(wanted: Sequence[Summary], until: date) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which summaries are about days up to `until` alone: what a forecast from then on may be fitted to."""
    return np.array([summary.end <= until for summary in wanted])


def of_run(wanted: Sequence[Summary], run: Run) -> Floats:
    """The summaries of a run on their scales, (summaries,)."""
    return np.array([float(summary.scaled(np.array(_value(summary, run)))) for summary in wanted])


def _value(summary: Summary, run: Run) -> float:
    """One summary in its unit: a count of the days unless its kind is reckoned in another way."""
    own = RECKONED.get(summary.kind)
    return own(summary, run) if own else float(run.of(run.daily, summary.kind, summary).sum())


def _crossing(summary: Summary, run: Run) -> Floats:
    return (run.of(run.daily, "arrivals", summary) > 0).astype(float)


def _crossing_days(summary: Summary, run: Run) -> float:
    return float(_crossing(summary, run).mean())


def _red_days(summary: Summary, run: Run) -> float:
    return float(run.of(run.daily, "calm", summary).mean())


def _crossing_day(summary: Summary, run: Run) -> float:
    """A quantile of the arrivals of days with any; 0 if there are none."""
    arrivals = run.of(run.daily, "arrivals", summary)
    return float(np.quantile(arrivals[arrivals > 0], LEVELS[summary.of])) if arrivals.any() else 0.0


def _people_per_boat(summary: Summary, run: Run) -> float:
    boats = run.of(run.daily, "boats", summary).sum()
    return float(run.of(run.daily, "arrivals", summary).sum() / max(boats, 1))


def _group_share(summary: Summary, run: Run) -> float:
    total = sum(float(run.of(run.groups, group, summary).sum()) for group in run.groups)
    return float(run.of(run.groups, summary.of, summary).sum()) / total if total else 0.0


def _persistence(summary: Summary, run: Run) -> float:
    """Lag-1 autocorrelation of days with arrivals; 0 if there are none without, or none with any."""
    series = _crossing(summary, run)
    off = series - series.mean()
    spread = float(np.square(off).sum())
    return float((off[:-1] * off[1:]).sum() / spread) if spread else 0.0


def _roughness(summary: Summary, run: Run) -> float:
    """Standard deviation of the change from month to month of the log arrivals."""
    months = [(month - summary.start).days for month in months_between(summary.start, summary.end)]
    monthly = np.add.reduceat(run.of(run.daily, "arrivals", summary), months)
    return float(np.std(np.diff(np.log(monthly + PEOPLE_OFFSET))))


RECKONED: dict[str, Callable[[Summary, Run], float]] = {
    "crossing_days": _crossing_days,
    "red_days": _red_days,
    "crossing_day_quantiles": _crossing_day,
    "people_per_boat": _people_per_boat,
    "group_shares": _group_share,
    "persistence": _persistence,
    "roughness": _roughness,
}


def run_of_tables(first: date, daily: pa.Table, groups: pa.Table, calm_below_m: float) -> Run:
    """What summaries need of the tables of a simulated run that starts on `first`.

    A day counts as calm if the sea at the reference point stays below the wave height at which half of the gangs
    launch: the official index (red days: crossings likely) is not public, and holds recent trends besides.
    """
    columns = {
        "arrivals": "arrivals", "boats": "boats_arrived", "prevented": "people_prevented", "rescued": "turned_back",
        "deaths": "deaths",
    }  # fmt: skip
    counted = {mine: daily[column].to_numpy().astype(float) for mine, column in columns.items()}
    counted["calm"] = (daily["wave_height_m"].to_numpy() <= calm_below_m).astype(float)
    codes = groups["group"].combine_chunks()
    which, arrived = codes.indices.to_numpy(), groups["arrivals"].to_numpy().astype(float)
    names = codes.dictionary.to_pylist()
    return Run(first, counted, {name: arrived[which == code] for code, name in enumerate(names)})
