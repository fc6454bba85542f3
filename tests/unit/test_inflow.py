"""Who might set out: a Poisson process whose people stay the same under a longer horizon or a higher level."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sim.domain.inflow import calendar_days, daily_rate, poisson_times, potential_of_group, season
from sim.domain.population import GROUP_SHIFT
from sim.domain.randomness import Streams
from sim.domain.theatre import Group, Inflow

INFLOW = Inflow(people_per_year={2024: 36525.0, 2025: 73050.0}, season_amplitude=0.3, season_peak_day=255)
GROUP = Group("a", "A", "home", {2024: 0.5}, uk_links_share=0.5, documents_share=0.5, grant_share=0.5)
FLAT = replace(INFLOW, season_amplitude=0.0)


def gaps() -> np.random.Generator:
    return np.random.default_rng(1)


@pytest.fixture
def streams() -> Streams:
    return Streams(1, 0)


def test_calendar_days_may_begin_before_the_start():
    assert calendar_days(date(2025, 1, 1), -1, 2) == [date(2024, 12, 31), date(2025, 1, 1)]


def test_the_season_peaks_on_its_day():
    days = np.arange(1.0, 366.0)
    assert days[season(INFLOW, days).argmax()] == INFLOW.season_peak_day
    assert season(INFLOW, np.array([255.0]))[0] == pytest.approx(1.3)


def test_the_season_leaves_the_years_level_as_it_is():
    assert season(INFLOW, np.arange(0.0, 365.25, 0.25)).mean() == pytest.approx(1.0)


def test_the_rate_is_the_years_level_times_the_groups_share():
    assert daily_rate(FLAT, GROUP, [date(2024, 3, 1)], 1.0)[0] == pytest.approx(50.0)


def test_the_level_changes_with_the_year():
    rate = daily_rate(FLAT, GROUP, [date(2024, 12, 31), date(2025, 1, 1)], 1.0)
    assert rate[1] == pytest.approx(2 * rate[0])


def test_headroom_multiplies_the_rate():
    days = [date(2024, 3, 1), date(2025, 3, 1)]
    assert daily_rate(INFLOW, GROUP, days, 1.5) == pytest.approx(1.5 * daily_rate(INFLOW, GROUP, days, 1.0))


def test_times_are_the_unit_rate_times_stretched_by_the_rate():
    unit = np.cumsum(gaps().standard_exponential(4096))
    times = poisson_times(np.full(10, 4.0), 0.0, gaps())
    assert times == pytest.approx(unit[unit < 40] / 4)


def test_times_begin_at_the_first_day_and_end_before_the_last():
    times = poisson_times(np.full(20, 3.0), -5.0, gaps())
    assert times.min() >= -5
    assert times.max() < 15


def test_times_are_in_order():
    times = poisson_times(np.array([1.0, 0.0, 50.0, 2.0] * 10), 0.0, gaps())
    assert (np.diff(times) >= 0).all()


def test_a_day_without_a_rate_has_nobody():
    times = poisson_times(np.array([30.0, 0.0, 30.0]), 0.0, gaps())
    assert not ((times >= 1) & (times < 2)).any()
    assert (times >= 2).any()


def test_no_rate_means_nobody():
    assert len(poisson_times(np.zeros(5), 0.0, gaps())) == 0
    assert len(poisson_times(np.zeros(0), 0.0, gaps())) == 0


def test_a_longer_horizon_keeps_the_people_before():
    short = poisson_times(np.full(10, 700.0), 0.0, gaps())
    long = poisson_times(np.full(30, 700.0), 0.0, gaps())
    assert (long[: len(short)] == short).all()


def test_a_doubled_rate_brings_the_same_people_in_half_the_time():
    slow = poisson_times(np.full(20, 3.0), 0.0, gaps())
    fast = poisson_times(np.full(10, 6.0), 0.0, gaps())
    assert fast == pytest.approx(slow / 2)


def test_people_of_a_group_have_keys_in_order_of_birth(streams):
    people = potential_of_group(3, np.full(10, 5.0), 0.0, streams)
    assert (people.key == (np.uint64(3) << GROUP_SHIFT) + np.arange(len(people.key), dtype=np.uint64)).all()
    assert (people.group == 3).all()
    assert not people.applicant.any()


def test_applicants_from_elsewhere_are_other_people(streams):
    people = potential_of_group(3, np.full(10, 5.0), 0.0, streams)
    others = potential_of_group(3, np.full(10, 5.0), 0.0, streams, applicants=True)
    assert others.applicant.all()
    assert not np.intersect1d(people.key, others.key).size
    assert not np.intersect1d(people.set_out_day, others.set_out_day).size


def test_one_groups_people_do_not_depend_on_another_groups(streams):
    alone = potential_of_group(1, np.full(10, 5.0), 0.0, streams)
    potential_of_group(0, np.full(10, 500.0), 0.0, streams)
    assert (potential_of_group(1, np.full(10, 5.0), 0.0, streams).set_out_day == alone.set_out_day).all()
