"""Streams: a draw depends on seed, replication, purpose, person and ordinal, and on nothing else."""

from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.domain.randomness import Luck, Streams, in_blocks, mix

KEYS = np.arange(20, dtype=np.uint64)
WORDS = st.integers(0, 2**64 - 1)


@pytest.fixture
def streams() -> Streams:
    return Streams(1, 0)


def test_a_draw_is_the_same_in_another_life(streams):
    assert (streams.uniform("patience", KEYS) == Streams(1, 0).uniform("patience", KEYS)).all()


def test_a_draw_ignores_what_was_drawn_before(streams):
    streams.uniform("age", KEYS)
    streams.generator("weather").standard_normal(99)
    assert streams.one("patience", 7) == Streams(1, 0).one("patience", 7)


def test_a_draw_ignores_the_order_of_the_people(streams):
    assert (streams.uniform("patience", KEYS[::-1])[::-1] == streams.uniform("patience", KEYS)).all()


def test_a_draw_ignores_who_else_draws(streams):
    assert streams.uniform("patience", KEYS[3:4])[0] == streams.uniform("patience", KEYS)[3]


def test_a_later_ordinal_does_not_need_the_earlier_ones(streams):
    later = streams.one("rest", 3, 5)
    for ordinal in range(5):
        streams.one("rest", 3, ordinal)
    assert streams.one("rest", 3, 5) == later


@given(key=WORDS, ordinal=st.integers(0, 2**40), seed=st.integers(0, 2**32 - 1), replication=st.integers(0, 1000))
def test_the_scalar_draw_equals_the_vectorised_draw(key, ordinal, seed, replication):
    streams = Streams(seed, replication)
    vector = streams.uniform("choice", np.array([key], dtype=np.uint64), np.array([ordinal]))
    assert streams.one("choice", key, ordinal) == vector[0]


def test_the_mixer_is_splitmix64():
    assert int(mix(np.array([0x9E3779B97F4A7C15], dtype=np.uint64))[0]) == 0xE220A8397B1DCDAF


@pytest.mark.parametrize("count", [0, 1, 16_384, 40_000])
def test_draws_in_blocks_are_those_of_one_call(streams, count):
    keys = np.arange(count, dtype=np.uint64)
    blocks = in_blocks(lambda part: streams.normal("patience", part), keys)
    assert blocks.tobytes() == streams.normal("patience", keys).tobytes()


@given(key=WORDS, ordinal=st.integers(0, 1000))
def test_a_uniform_lies_strictly_between_zero_and_one(key, ordinal):
    assert 0 < Streams(1, 0).one("age", key, ordinal) < 1


@pytest.mark.parametrize("other", [Streams(2, 0), Streams(1, 1)], ids=["seed", "replication"])
def test_another_seed_or_replication_gives_other_draws(streams, other):
    assert not np.intersect1d(streams.uniform("age", KEYS), other.uniform("age", KEYS)).size


def test_another_purpose_gives_other_draws(streams):
    assert not np.intersect1d(streams.uniform("age", KEYS), streams.uniform("links", KEYS)).size


def test_another_ordinal_gives_other_draws(streams):
    assert not np.intersect1d(streams.uniform("age", KEYS, 0), streams.uniform("age", KEYS, 1)).size


def test_ordinals_may_differ_between_people(streams):
    ordinals = np.arange(20)
    each = [streams.one("rest", int(key), int(n)) for key, n in zip(KEYS, ordinals, strict=True)]
    assert streams.uniform("rest", KEYS, ordinals).tolist() == each


def test_people_and_ordinals_combine_into_a_table(streams):
    table = streams.uniform("choice", KEYS[:, None], np.arange(3))
    assert table.shape == (20, 3)
    assert table[4, 2] == streams.one("choice", 4, 2)


def test_neighbouring_seeds_and_replications_do_not_collide():
    assert Streams(1, 2).one("age", 0) != Streams(2, 1).one("age", 0)


def test_a_generator_is_its_own(streams):
    first = streams.generator("inflow", 1).random(3)
    streams.generator("inflow", 2).random(50)
    assert (streams.generator("inflow", 1).random(3) == first).all()


def test_generators_of_different_groups_differ(streams):
    assert streams.generator("inflow", 1).random() != streams.generator("inflow", 2).random()


def test_the_first_draws_of_a_block_do_not_depend_on_its_length(streams):
    assert (
        streams.generator("weather").standard_normal(10) == Streams(1, 0).generator("weather").standard_normal(99)[:10]
    ).all()


def test_normals_are_keyed_like_uniforms(streams):
    assert streams.normal("pace", KEYS[5:6])[0] == streams.normal("pace", KEYS)[5]


def test_gumbel_noise_is_the_double_log_of_the_uniform(streams):
    assert streams.gumbel("choice", KEYS[:1])[0] == pytest.approx(-log(-log(streams.one("choice", 0))))


def test_an_erlang_time_of_shape_zero_is_exactly_one(streams):
    assert (streams.erlang("registration", KEYS, 0) == 1).all()


def test_an_erlang_time_of_shape_one_is_exponential(streams):
    assert streams.erlang("registration", KEYS[:1], 1)[0] == pytest.approx(-log(streams.one("registration", 0)))


def test_an_erlang_time_is_the_mean_of_its_stages(streams):
    stages = [-log(streams.one("decision", 3, n)) for n in range(4)]
    assert streams.erlang("decision", KEYS, 4)[3] == pytest.approx(sum(stages) / 4)


def test_a_question_of_luck_always_has_the_same_answer(streams):
    luck = Luck(streams, 7, 2)
    answer = luck.uniform("claim")
    luck.uniform("appeal")
    assert luck.uniform("claim") == answer == streams.one("claim", 7, 2)


def test_luck_differs_by_question_person_and_case(streams):
    answers = {Luck(streams, *who).uniform(q) for who in ((7, 0), (7, 1), (8, 0)) for q in ("claim", "appeal")}
    assert len(answers) == 6


def test_durations_by_luck_are_log_normal_around_their_median(streams):
    luck = Luck(streams, 7, 1)
    assert luck.days("claim", 10, 0.6) == pytest.approx(10 * exp(0.6 * streams.one_normal("claim", 7, 1)))
    assert luck.days("claim", 20, 0.6) == pytest.approx(2 * luck.days("claim", 10, 0.6))


def test_without_spread_a_duration_is_its_median(streams):
    assert Luck(streams, 7).days("claim", 10, 0) == 10


def test_half_of_all_durations_are_below_their_median(streams):
    """Exactly those whose normal is negative."""
    days = np.array([Luck(streams, int(key)).days("claim", 10, 0.6) for key in KEYS])
    assert (days < 10).tolist() == (streams.normal("claim", KEYS) < 0).tolist()


def test_one_normal_is_the_vectorised_normal(streams):
    assert streams.one_normal("pace", 5, 3) == pytest.approx(streams.normal("pace", KEYS[5:6], 3)[0])
