"""Designs: which values go together, how samples fill the space, and that the same seed gives the same rows."""

from itertools import product

import numpy as np
import pytest

from sim.experiment.sweep.designs import (
    LHS,
    MORRIS,
    SALTELLI,
    SAMPLED,
    SOBOL,
    drawn_by_weight,
    grid,
    listed,
    nothing,
    one_at_a_time,
    sampled,
)
from sim.experiment.sweep.dimensions import Dimension


def ranged(name="a.share", low=0.0, high=1.0, whole=False, scale="linear") -> Dimension:
    """A numeric setting over a range."""
    return Dimension(name, "lever", "", low, high, None, scale, whole, "guess", None, low)


def valued(name, *values) -> Dimension:
    """A setting over listed values."""
    return Dimension(name, "lever", "", None, None, values, "linear", False, "guess", None, values[0])


def rows(design):
    return [tuple(design.changes(row).values()) for row in range(len(design))]


def draw(kind, samples=8, size=3, seed=1):
    return sampled(kind, samples, [ranged(f"a.{place}") for place in range(size)], np.random.default_rng(seed))


def test_a_grid_has_every_combination_and_its_last_setting_is_the_fastest():
    design = grid([valued("a.beds", 1, 2), valued("a.rule", "fixed", "grown", "none")])
    assert rows(design) == list(product((1, 2), ("fixed", "grown", "none")))


def test_a_design_that_varies_nothing_has_one_row_without_changes():
    assert (len(nothing()), nothing().changes(0)) == (1, {})


def test_there_is_no_row_beyond_the_last():
    with pytest.raises(IndexError, match="row 2 of a design of 2"):
        grid([valued("a.beds", 1, 2)]).changes(2)


def test_one_at_a_time_begins_with_the_scenario_itself_and_changes_one_setting_in_each_other_row():
    design = one_at_a_time([ranged("a.share", 0.2, 0.4), valued("a.rule", "fixed", "grown", "none")])
    assert [design.changes(row) for row in range(len(design))] == [
        {}, {"a.share": 0.2}, {"a.share": 0.4}, {"a.rule": "fixed"}, {"a.rule": "grown"}, {"a.rule": "none"},
    ]  # fmt: skip


def test_a_latin_hypercube_has_one_point_in_each_stratum_of_each_setting():
    strata = np.floor(draw(LHS, samples=50).units() * 50)
    assert np.array_equal(np.sort(strata, axis=0), np.tile(np.arange(50.0)[:, None], 3))


def test_a_sobol_sequence_has_one_point_in_each_stratum_of_each_setting():
    strata = np.floor(draw(SOBOL, samples=64).units() * 64)
    assert np.array_equal(np.sort(strata, axis=0), np.tile(np.arange(64.0)[:, None], 3))


def test_a_saltelli_design_changes_one_setting_between_its_two_base_samples():
    units = draw(SALTELLI, samples=8, size=3).units().reshape(8, 3 + 2, 3)
    first, second = units[:, 0], units[:, -1]
    for place in range(3):
        mixed = first.copy()
        mixed[:, place] = second[:, place]
        assert np.array_equal(units[:, place + 1], mixed)


def test_a_morris_trajectory_changes_every_setting_once_by_the_same_step():
    trajectories = draw(MORRIS, samples=5, size=3).units().reshape(5, 3 + 1, 3)
    steps = np.abs(np.diff(trajectories, axis=1))
    assert np.allclose(steps.sum(axis=1), 2 / 3)
    assert np.array_equal((steps > 0).sum(axis=2), np.ones((5, 3)))


@pytest.mark.parametrize("kind", SAMPLED)
def test_the_same_seed_samples_the_same_rows_and_another_seed_others(kind):
    assert np.array_equal(draw(kind).units(), draw(kind).units())
    assert not np.array_equal(draw(kind).units(), draw(kind, seed=2).units())


def test_a_range_is_covered_evenly_on_its_scale():
    assert ranged(low=10, high=30).at(0.25) == 15
    assert ranged(low=1, high=10_000, scale="log").at(0.25) == pytest.approx(10)


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_the_ends_of_a_range_are_reached(scale):
    for whole in (True, False):
        dimension = ranged(low=2, high=9, whole=whole, scale=scale)
        assert (dimension.at(0.0), dimension.at(1.0)) == (2, pytest.approx(9))
        assert isinstance(dimension.at(1.0), int) == whole


def test_whole_numbers_are_equally_likely():
    found = [ranged(low=1, high=4, whole=True).at(u) for u in (np.arange(400) + 0.5) / 400]
    assert [found.count(number) for number in range(6)] == [0, 100, 100, 100, 100, 0]


def test_listed_values_are_equally_likely_and_the_last_is_reached():
    rule = valued("a.rule", "fixed", "grown", "none")
    assert [rule.at(u) for u in (0.0, 0.33, 0.34, 0.66, 0.67, 1.0)] == [
        "fixed", "fixed", "grown", "grown", "none", "none",
    ]  # fmt: skip


def test_rows_left_out_of_a_sample_are_told_and_the_others_stay():
    design = draw(LHS, samples=4)
    left = design.without({1: "cannot be"})
    assert left.skipped == ((1, "cannot be"),)
    assert [left.changes(row) for row in range(len(left))] == [design.changes(row) for row in (0, 2, 3)]


def test_rows_of_a_list_are_kept_as_they_are():
    design = listed("list", [valued("a.beds", 1), valued("a.rule", "none")], [{"a.beds": 1}, {"a.rule": "none"}])
    assert [design.changes(row) for row in range(2)] == [{"a.beds": 1}, {"a.rule": "none"}]
    with pytest.raises(ValueError, match="a list design is no sample"):
        design.units()


def test_rows_are_drawn_as_often_as_their_weight_says_give_or_take_one():
    weights = np.array([0.0, 1.0, 2.5, 0.5, 0.0])
    for seed in range(20):
        drawn = drawn_by_weight(weights, 40, np.random.default_rng(seed))
        counts = np.bincount(drawn, minlength=5)
        assert np.all(np.abs(counts - 10 * weights) <= 1)
        assert counts[0] == counts[4] == 0
        assert drawn == sorted(drawn)


def test_equal_weights_draw_every_row_once():
    assert drawn_by_weight(np.ones(6), 6, np.random.default_rng(3)) == list(range(6))


@pytest.mark.parametrize("drawn", [0.0, 1 - 2**-53])
def test_a_row_without_weight_is_never_drawn_not_even_at_the_edge(drawn):
    class Edge:
        def random(self):
            return drawn

    rows = drawn_by_weight(np.array([0.0, 0.1, 0.7, 0.1, 0.0]), 10, Edge())
    assert (min(rows), max(rows)) == (1, 3)
