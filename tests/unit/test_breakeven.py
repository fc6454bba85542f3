"""Break-even: where a curve meets a target, how sure that is, and what is said when it never does."""

from dataclasses import replace
from functools import partial
from math import inf, isnan, nan

import numpy as np
import pytest
from matplotlib.text import Text

from sim.cli.words import breakeven_text
from sim.experiment.breakeven import Curve, answer_table, asked_returns, curve_table, next_level
from sim.experiment.costs import break_even_deterrence
from sim.experiment.crossing import RESAMPLES, crossing, first_crossing, mean_over, saturation
from sim.experiment.question import Asked, Target, default_levels, read_levels, read_question, read_target
from sim.experiment.results import Results
from sim.experiment.variants import Setting, read_setting, varied
from sim.figures import draw, figure_names
from sim.scenario import ScenarioError, load_scenario

LEVELS = np.array([0.0, 10.0, 20.0])
LEVER = Setting("exchange.weekly_target", 50, "returns/week", 0.0, 1000.0, "press", whole=False)


def draws() -> np.random.Generator:
    return np.random.default_rng(1)


@pytest.fixture(scope="module")
def question():
    asked = Asked("exchange.weekly_target", "arrivals", "-10%", "0,10,20")
    return read_question(partial(load_scenario, "pilot"), asked)


def curve(differences, returned=None, baseline=(1000.0, 1000.0)) -> Curve:
    """A curve over LEVELS from paired differences, shape (levels, replications)."""
    base, gains = np.array(baseline), np.array(differences, dtype=float)
    returns = np.zeros(gains.shape) if returned is None else np.array(returned, dtype=float)
    return Curve(LEVELS, base + gains, returns, base)


MET = curve([[0, 0], [-80, -60], [-160, -120]], returned=[[0, 0], [50, 52], [50, 52]])
NOT_MET = curve([[0, 0], [-30, -50], [-20, -10]])


# Where the curve meets the target


@pytest.mark.parametrize(
    ("gaps", "where"),
    [
        ([4.0, 1.0, -3.0], 12.5),
        ([-4.0, 4.0, -4.0], 5.0),
        ([3.0, 2.0, 1.0], nan),
        ([3.0, 0.0, 3.0], 10.0),
        ([3.0, 2.0, 0.0], 20.0),
        ([4.0, nan, -4.0], 10.0),
        ([nan, nan, nan], nan),
    ],
)
def test_the_first_crossing_of_a_piecewise_linear_curve(gaps, where):
    assert first_crossing(LEVELS, np.array(gaps)) == pytest.approx(where, nan_ok=True)


@pytest.mark.parametrize(("gaps", "where"), [([0.0, 2.0, -2.0], 15.0), ([0.0, 2.0, 3.0], nan), ([0.0, 0.0, 0.0], nan)])
def test_a_curve_that_starts_on_the_target_has_to_leave_and_come_back(gaps, where):
    assert first_crossing(LEVELS, np.array(gaps)) == pytest.approx(where, nan_ok=True)


def test_means_leave_out_missing_replications():
    assert mean_over(np.array([[1.0, nan, 3.0], [nan, nan, nan]])).tolist() == pytest.approx([2.0, nan], nan_ok=True)


# The interval


def shifted(*shifts: float) -> np.ndarray:
    """Gaps that fall by one for each unit of the lever and are nil at 10 + shift, one column a replication."""
    return 10 + np.array(shifts) - LEVELS[:, None]


def test_two_replications_that_meet_the_target_at_9_and_11_have_that_interval():
    found = crossing(LEVELS, shifted(-1, 1), draws())
    assert (found.value, found.low, found.high, found.never_share) == pytest.approx((10, 9, 11, 0))


def test_the_interval_is_that_of_the_resampled_means():
    shifts = np.array([-3.0, -1.0, 0.5, 1.0, 2.5])
    found = crossing(LEVELS, shifted(*shifts), draws())
    places = 10 + np.sort(draws().multinomial(5, np.full(5, 0.2), size=RESAMPLES) @ shifts / 5)
    assert (found.low, found.high) == pytest.approx((places[49], places[1949]))


def test_replications_that_agree_leave_no_doubt():
    found = crossing(LEVELS, shifted(2, 2, 2), draws())
    assert (found.value, found.low, found.high) == pytest.approx((12, 12, 12))


def test_resamples_that_never_meet_the_target_count_as_beyond_the_levels():
    found = crossing(LEVELS, shifted(-5, 12), draws())
    assert found.value == pytest.approx(13.5)
    assert found.low == pytest.approx(5)
    assert found.high == inf
    assert found.never_share == pytest.approx(0.25, abs=0.04)


def test_resamples_wholly_past_the_target_count_as_below_the_levels():
    found = crossing(LEVELS, shifted(-12, 5), draws())
    assert found.low == -inf
    assert found.high == pytest.approx(15)


def test_a_mean_that_never_meets_the_target_has_neither_value_nor_interval():
    found = crossing(LEVELS, shifted(30, 40), draws())
    assert all(isnan(x) for x in (found.value, found.low, found.high))
    assert found.never_share == 1


def test_one_replication_has_a_value_and_no_interval():
    found = crossing(LEVELS, shifted(3), draws())
    assert found.value == pytest.approx(13)
    assert isnan(found.low)


# Saturation


def test_the_pipeline_saturates_at_the_smallest_level_with_95_per_cent_of_the_most():
    assert saturation(LEVELS, np.array([[0, 0], [94, 96], [100, 100]])) == 10


def test_just_short_of_95_per_cent_is_not_saturated_and_the_highest_level_tells_nothing():
    assert saturation(LEVELS, np.array([[0, 0], [94, 95], [100, 100]])) == inf


@pytest.mark.parametrize("returned", [[[5, 5], [5, 5], [5, 5]], [[50, 40], [0, 100], [0, 0]]])
def test_returns_that_do_not_rise_beyond_noise_saturate_nowhere(returned):
    assert isnan(saturation(LEVELS, np.array(returned, dtype=float)))


# What is asked


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("-10%", Target(-0.1, True)),
        (" 5 % ", Target(0.05, True)),
        ("-2000", Target(-2000, False)),
        (0, Target(0, False)),
    ],
)
def test_targets_are_differences_or_shares_of_the_baseline(text, target):
    assert read_target(text) == target


def test_a_share_is_taken_of_the_baseline_of_the_same_replication():
    gaps = MET.gaps(Target(-0.1, True))
    assert gaps.mean(axis=1).tolist() == [100, 30, -40]
    assert Target(-0.1, True).differences(np.array([1000.0, 500.0])).tolist() == [-100, -50]


@pytest.mark.parametrize("text", ["ten", "", "nan", "10%%", None])
def test_a_malformed_target_is_refused_with_the_forms_allowed(text):
    with pytest.raises(ScenarioError, match=r"--target.*allowed: .*-2000.*-10%"):
        read_target(text)


def test_levels_are_sorted_and_each_taken_once():
    assert read_levels("100, 0,50,50") == [0, 50, 100]


@pytest.mark.parametrize(("text", "said"), [("0,a,b", "'a', 'b'"), ("50", "too few"), ("0,inf", "'inf'")])
def test_malformed_levels_are_refused(text, said):
    with pytest.raises(ScenarioError, match=f"--levels.*{said}"):
        read_levels(text)


def test_a_wide_range_is_covered_on_a_log_like_scale_with_its_ends():
    assert default_levels(LEVER) == [0, 50, 100, 200, 500, 1000]
    assert default_levels(replace(LEVER, low=50.0, whole=True)) == [50, 100, 200, 500, 1000]


def test_a_narrow_range_is_covered_evenly_with_whole_numbers_where_needed():
    assert default_levels(replace(LEVER, low=20.0, high=40.0)) == [20, 24, 28, 32, 36, 40]
    assert default_levels(replace(LEVER, low=1.0, high=4.0, whole=True)) == [1, 2, 3, 4]


@pytest.mark.parametrize("ends", [(None, None), (14.0, 14.0)])
def test_without_a_range_levels_must_be_given(ends):
    with pytest.raises(ScenarioError, match="--levels: are needed: exchange.weekly_target has no plausible range"):
        default_levels(replace(LEVER, low=ends[0], high=ends[1]))


def test_everything_that_is_wrong_is_said_at_once():
    asked = Asked("exchange.weekly_targt", "arrivls", "ten", "0,a")
    with pytest.raises(ScenarioError) as caught:
        read_question(partial(load_scenario, "no_exchange"), asked)
    said = str(caught.value)
    assert "--lever: is no setting; did you mean 'exchange.weekly_target'?; got 'exchange.weekly_targt'" in said
    assert "--metric: is no metric of a run; did you mean 'arrivals'?; got 'arrivls'; allowed: " in said
    assert "--target: is no target; got 'ten'" in said
    assert "--levels: are not all numbers: 'a'" in said
    assert "--baseline: is needed: no_exchange has none" in said


def test_levels_that_a_setting_cannot_take_are_blamed_on_the_option():
    for lever, levels, said in (
        ("patrols.night_share", "0.5,2", "must be at most 1"),
        ("patrols.units", "0,1.5", "1.5"),
    ):
        with pytest.raises(ScenarioError, match=f"--levels.*{said}"):
            read_question(partial(load_scenario, "pilot"), Asked(lever, "arrivals", "0", levels))


@pytest.mark.parametrize("name", ["exchange.scale_up", "legal_route.links_first"])
def test_a_lever_that_is_no_number_is_refused(name):
    with pytest.raises(ScenarioError, match=f"--lever: is no number.*got '{name}'"):
        read_setting(name, load_scenario("pilot"), "--lever")


def test_the_lever_changes_the_scenario_and_not_its_baseline(question):
    targets = [scenario.levers[0].settings["weekly_target"] for scenario in question.variants.values()]
    assert targets == [0, 10, 20]
    assert question.baseline.scenario_hash == load_scenario("no_exchange").scenario_hash


# Settings and variants


def test_a_setting_has_the_value_that_the_lever_gives_it():
    scenario = load_scenario("pilot", ["exchange.weekly_target=70"])
    setting = read_setting("exchange.weekly_target", scenario, "--lever")
    assert (setting.value, setting.low, setting.high, setting.whole) == (70, 0, 1000, False)
    assert read_setting("levers.exchange.weekly_target", scenario, "--lever").value == 70


def test_settings_that_count_take_whole_numbers():
    assert read_setting("patrols.units", load_scenario("pilot"), "--lever").whole


def test_one_year_of_a_mapping_by_year_is_a_setting():
    setting = read_setting("theatre.inflow.people_per_year.2025", load_scenario("pilot"), "--lever")
    assert setting.value > 10_000
    assert setting.unit == "people/year"


@pytest.mark.parametrize("given", [["patrols.units=90"], {"patrols.units": 90}, "patrols.units=90"])
def test_a_variant_keeps_the_overrides_of_its_scenario(given):
    variant = varied(load_scenario("pilot", given), {"patrols.night_share": 0.5})
    assert (variant.rules.patrols.units, variant.rules.patrols.night_share) == (90, 0.5)
    assert variant.name == "pilot patrols.night_share=0.5"


def test_the_target_asks_for_its_weeks_in_the_measured_window():
    scenario = load_scenario("pilot")
    weeks = (scenario.until - scenario.measure_from).days / 7
    assert asked_returns(scenario) == pytest.approx(50 * weeks)
    assert asked_returns(load_scenario("no_exchange")) == 0
    assert isnan(asked_returns(load_scenario("pilot", ["exchange.scale_up=proof_of_concept"])))


# Refinement


def test_the_next_level_is_the_crossing_to_three_digits():
    assert next_level(LEVELS, np.array([3.0, 1.0, -2.0]), LEVER) == 13.3
    assert next_level(LEVELS, np.array([3.0, 1.0, -2.0]), replace(LEVER, whole=True)) == 13


def test_no_next_level_without_a_crossing_or_where_it_is_already_known():
    assert next_level(LEVELS, np.array([3.0, 2.0, 1.0]), LEVER) is None
    assert next_level(LEVELS, np.array([3.0, 0.0, -1.0]), LEVER) is None
    assert next_level(np.array([0.0, 1.0, 2.0]), np.array([3.0, 1.0, -9.0]), replace(LEVER, whole=True)) is None


def test_no_next_level_in_a_narrow_bracket():
    assert next_level(np.array([0.0, 10.0, 10.1, 20.0]), np.array([3.0, 1.0, -1.0, -2.0]), LEVER) is None


# Tables and words


def test_the_answer_names_value_interval_and_saturation(question):
    answer = answer_table(question, MET).iloc[0]
    assert answer["target_difference"] == -100
    assert answer["value"] == pytest.approx(10 + 10 * 30 / 70)
    assert answer["low"] == pytest.approx(12.5)
    assert answer["high"] == pytest.approx(10 + 10 * 40 / 60)
    assert (answer["saturates_at"], answer["never_share"]) == (10, 0)
    assert answer["returned_per_week"] == pytest.approx(51 / answer["weeks"])


def test_the_same_question_has_the_same_interval(question):
    assert answer_table(question, MET).equals(answer_table(question, MET))


def test_the_curve_table_has_a_row_a_level_with_intervals_and_shares(question):
    table = curve_table(question, MET, [0.0, 1.0, 2.0])
    assert table.columns.tolist() == [
        "lever", "level", "metric", "unit", "difference", "low", "high", "relative", "returned", "returned_low",
        "returned_high", "replications", "asked",
    ]  # fmt: skip
    assert table["difference"].tolist() == [0, -70, -140]
    assert table["relative"].tolist() == pytest.approx([0, -0.07, -0.14])
    assert (table["low"][1] < -70 < table["high"][1]) & (table["replications"] == 2).all()


def written(question, found: Curve, folder) -> Results:
    """The tables of an answer on disk."""
    curve_table(question, found, [0.0, 100.0, 200.0]).to_parquet(folder / "breakeven.parquet")
    answer_table(question, found).to_parquet(folder / "breakeven_answer.parquet")
    return Results(folder)


def test_a_target_that_is_met_is_told_with_its_interval(question, tmp_path):
    said = breakeven_text(written(question, MET, tmp_path))
    assert (
        "arrivals: the target of -10% of no_exchange (-100 people) is met at exchange.weekly_target = 14.29 "
        "returns/week (95 % interval 12.5 to 16.67)" in said
    )
    assert "The pipeline saturates at exchange.weekly_target = 10 returns/week" in said


def test_a_target_that_is_never_met_is_told_with_the_largest_effect(question, tmp_path):
    said = breakeven_text(written(question, NOT_MET, tmp_path))
    assert "is not met within exchange.weekly_target 0 to 20 returns/week" in said
    assert "the largest effect towards it is -40 people (95 % t-interval -167 to +87), at 10." in said
    assert "100.0 % of 2,000 resamples of the replications never meet it" in said
    assert "saturates" not in said


def test_a_target_exceeded_at_every_level_is_told_as_such(question, tmp_path):
    beyond = curve([[-200, -210], [-300, -310], [-400, -410]])
    assert "is exceeded at every level of" in breakeven_text(written(question, beyond, tmp_path))


def test_ends_beyond_the_levels_are_told_in_words(question, tmp_path):
    unsure = curve([[0, 0], [-90, -30], [-300, -60]])
    assert "to beyond all levels)" in breakeven_text(written(question, unsure, tmp_path))


# Figure


def texts(figure) -> str:
    return "\n".join(text.get_text().replace("\n", " ") for text in figure.findobj(Text))


@pytest.mark.parametrize("found", [MET, NOT_MET, curve([[0, 0], [-90, -30], [-300, -60]])])
def test_the_figure_names_units_replications_and_the_target(found, question, tmp_path):
    said = texts(draw("breakeven", written(question, found, tmp_path)))
    for words in ("Difference in arrivals by boat (people)", "(people a week)", "(returns/week)", "\N{MINUS SIGN}10",
                  "2 replications of each level", "95 % t-intervals", "asked"):  # fmt: skip
        assert words in said


def test_a_folder_with_an_answer_alone_draws_its_own_figure_and_no_other(question, tmp_path):
    results = written(question, MET, tmp_path)
    assert [name for name in figure_names() if draw(name, results) is not None] == ["breakeven"]


# Costs


@pytest.mark.parametrize(
    ("gross", "saved", "share"), [(169_000, 106_000, 0.373), (169_000, 165_000, 0.024), (100, 100, 0), (100, 200, 0)]
)
def test_the_break_even_deterrence_of_the_impact_assessment(gross, saved, share):
    assert break_even_deterrence(gross, saved) == pytest.approx(share, abs=0.0005)


@pytest.mark.parametrize(("gross", "saved"), [(0, 1), (-1, 1), (nan, 1), (1, -1), (1, inf)])
def test_amounts_that_cannot_be_are_refused(gross, saved):
    with pytest.raises(ScenarioError, match="gbp"):
        break_even_deterrence(gross, saved)
