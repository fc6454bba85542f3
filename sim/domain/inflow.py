"""Who might set out for the coast, and when: a non-homogeneous Poisson process per group (trend x season).

Unit-rate gaps are drawn once per group and replication and stretched by the inverse of the cumulative rate, so the
people are the same whatever the horizon, the policy or the level (Cinlar's time change).
"""

from datetime import date, timedelta

import numpy as np

from sim.domain.population import Potential, person_keys
from sim.domain.quantities import levels_on
from sim.domain.randomness import Floats, Streams
from sim.domain.theatre import Group, Inflow

DAYS_PER_YEAR = 365.25


def calendar_days(start: date, first_day: int, days: int) -> list[date]:
    """Consecutive dates, beginning `first_day` days after the scenario's start."""
    return [start + timedelta(days=first_day + d) for d in range(days)]


def season(inflow: Inflow, day_of_year: Floats) -> Floats:
    """Seasonal factor with mean 1 over a year; shape as given."""
    phase = 2 * np.pi * (day_of_year - inflow.season_peak_day) / DAYS_PER_YEAR
    return np.asarray(1 + inflow.season_amplitude * np.cos(phase))


def daily_rate(inflow: Inflow, group: Group, days: list[date], headroom: float) -> Floats:
    """Expected people of a group per day (people/day) for each date; `headroom` leaves room for thinning."""
    level = np.array(levels_on(inflow.people_per_year, days)) * levels_on(group.share, days)
    day_of_year = np.array([d.timetuple().tm_yday for d in days], dtype=float)
    return np.asarray(headroom * level / DAYS_PER_YEAR * season(inflow, day_of_year))


def poisson_times(rate: Floats, first_day: float, gaps: np.random.Generator) -> Floats:
    """Event times (days) of a Poisson process whose rate (events/day) is constant within each day.

    Gaps are drawn in blocks of a fixed size, so the first events do not depend on how many are needed.
    """
    cumulative = np.concatenate([[0.0], np.cumsum(rate)])
    total = cumulative[-1]
    blocks, reached = [], 0.0
    while reached < total:
        block = reached + np.cumsum(gaps.standard_exponential(4096))
        blocks.append(block)
        reached = float(block[-1])
    unit_times = np.concatenate(blocks) if blocks else np.empty(0)
    unit_times = unit_times[unit_times < total]
    day = np.clip(np.searchsorted(cumulative, unit_times, side="right") - 1, 0, len(rate) - 1)
    within = (unit_times - cumulative[day]) / np.where(rate[day] > 0, rate[day], 1.0)
    return np.asarray(first_day + day + within)


def potential_of_group(
    number: int, rate: Floats, first_day: float, streams: Streams, *, applicants: bool = False
) -> Potential:
    """The people of one group (or, apart, its applicants who never go to the coast)."""
    times = poisson_times(rate, first_day, streams.generator("applicants" if applicants else "inflow", number))
    offset = 128 if applicants else 0
    return Potential(
        key=person_keys(number + offset, len(times)),
        group=np.full(len(times), number, dtype=np.int8),
        set_out_day=times,
        applicant=np.full(len(times), applicants),
    )
