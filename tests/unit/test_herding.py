"""Going where others go, in proportion: the rule `herding`."""

from dataclasses import replace

import numpy as np
import pytest

from sim.behaviours import find
from sim.domain.tactics import Outlook
from sim.scenario import load_scenario

RULES = replace(load_scenario("base").rules.gangs, imitation_voices=2, choice_temperature_gbp=1000)


def shares(profit=(0, 0), rivals=(0, 0), transport=(0, 0), voices=2.0) -> list[float]:
    columns = (np.array(values, dtype=float) for values in (profit, transport, (10, 10), rivals))
    return find("sector_choice", "herding")(replace(RULES, imitation_voices=voices), Outlook(*columns)).tolist()


def test_shares_are_in_proportion_to_launches_seen_and_own_voices():
    assert shares(rivals=(3, 1)) == pytest.approx([(3 + 1) / 6, (1 + 1) / 6])


def test_own_experience_moves_its_own_voices_only():
    assert shares(profit=(1e6, 0), rivals=(3, 1)) == pytest.approx([(3 + 2) / 6, 1 / 6])


def test_where_nothing_was_seen_a_gang_goes_by_its_own_experience():
    assert shares(profit=(1000, 0)) == pytest.approx([np.e / (1 + np.e), 1 / (1 + np.e)])


def test_a_place_that_cannot_be_reached_is_not_chosen_however_many_were_seen_there():
    assert shares(rivals=(1, 100), transport=(0, np.inf)) == [1, 0]


def test_an_urn_that_only_follows_others_ends_in_one_place_and_not_always_the_same():
    ends = set()
    for seed in range(40):
        draw, seen = np.random.default_rng(seed), np.array([2.0, 2.0])
        for _ in range(3000):
            place = int(draw.random() >= shares(rivals=tuple(seen), voices=1e-9)[0])
            seen = 0.8 * seen
            seen[place] += 1
        assert max(seen) > 0.99 * sum(seen)
        ends.add(int(seen.argmax()))
    assert ends == {0, 1}
