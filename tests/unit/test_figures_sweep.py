"""Figures of sweeps: what they show is what the tables say, and no design is shown as what it is not."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import made_up_sweeps as made_up
import numpy as np
import pandas as pd
import pytest
from captioned import all_lacking
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from sim.experiment.results import Results
from sim.figures import draw, parallel, pareto, response
from sim.figures.run import label_of
from sim.figures.sweep import fails, outcomes, policy_name, read_sweep, together

FIGURES = ("discover", "heat", "information", "parallel", "pareto", "response", "sensitivity")
ANALYSED = ("discover", "information", "sensitivity")
FUTURES = 40


@cache
def drawn(folder: Path) -> dict[str, Figure]:
    """The figures of a folder whose tables stay as they are."""
    return now_drawn(folder)


def now_drawn(folder: Path, *names: str) -> dict[str, Figure]:
    found = {name: draw(name, Results(folder)) for name in names or FIGURES}
    return {name: figure for name, figure in found.items() if figure is not None}


def texts(figure: Figure) -> str:
    """All words on a figure, line breaks as spaces."""
    found = [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_visible()]
    return "\n".join(text.get_text().replace("\n", " ") for text in found)


@pytest.fixture(scope="module")
def one_lever(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_up.one_lever(tmp_path_factory.mktemp("one_lever"))


@pytest.fixture(scope="module")
def two_levers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_up.two_levers(tmp_path_factory.mktemp("two_levers"))


@pytest.fixture(scope="module")
def known_box(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three policies in 40 futures, with the tables of the analyses made up too."""
    folder = made_up.known_box(tmp_path_factory.mktemp("known_box"), futures=FUTURES)
    for name, table in {**discovered(folder), "sensitivity": indices(), "information": known()}.items():
        table.to_parquet(folder / f"{name}.parquet")
    return folder


@pytest.fixture(scope="module")
def crossed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lever's levels, each in 20 futures."""
    shares = np.linspace(0.05, 0.95, 20)
    belief = made_up.Varied("beliefs.announced_weight")
    target = made_up.Varied(made_up.EXCHANGE, 0, 1000, "lever", (50, 1000), "people/week", base=50)
    made = made_up.Made(
        (target, belief), [{made_up.EXCHANGE: 50.0}, {made_up.EXCHANGE: 1000.0}],
        [{belief.setting: float(share)} for share in shares], outcome=made_up.exchange, uncertainty_design="grid",
    )  # fmt: skip
    return made_up.write_sweep(tmp_path_factory.mktemp("crossed"), made)


def discovered(folder: Path) -> dict[str, pd.DataFrame]:
    """A box for `pilot`, none for the other policies."""
    rows = outcomes(Results(folder), "arrivals")
    failing = {source: int(fails(mine, "-10%").sum()) for source, mine in rows.groupby("source")}
    facts = {"box": 0, "mass": 0.14, "futures": FUTURES, "rule": "made up", "metric": "arrivals", "unit": "people",
             "target": "-10%", "fails": "above", "replications": 4, "noise_share": 0.01}  # fmt: skip
    boxes = pd.DataFrame([{"policy": policy, "failing": n, **facts} for policy, n in failing.items()])
    boxes["coverage"] = np.where(boxes["policy"] == "pilot", 0.9, np.nan)
    boxes["density"] = np.where(boxes["policy"] == "pilot", 0.8, np.nan)
    limits = pd.DataFrame([
        ("pilot", 0, "beliefs.x0", "share", 0.6, np.nan, 0.0, 1.0, "", 0.0001, 1.0, "ok"),
        ("pilot", 0, "beliefs.x1", "share", np.nan, 0.5, 0.0, 1.0, "", 0.02, 0.7, "guess"),
    ], columns=["policy", "box", "setting", "unit", "low", "high", "range_low", "range_high", "words", "qp",
                "reproduced", "confidence"])  # fmt: skip
    steps = pd.DataFrame({"policy": "pilot", "coverage": [1.0, 0.95, 0.5], "density": [0.14, 0.5, 0.9]})
    return {"discover": limits, "discover_boxes": boxes, "discover_trajectory": steps}


def indices(noise_share: float = 0.05, settings: int = 20) -> pd.DataFrame:
    rows = [
        {"policy": policy, "metric": "arrivals", "unit": "people", "setting": f"market.setting_{i:02d}",
         "kind": "uncertainty", "method": "Sobol indices (Saltelli 2010)", "index": index, "value": 0.5 / (i + 1),
         "low": 0.4 / (i + 1), "high": 0.6 / (i + 1), "noise_share": noise_share, "points": 1024, "replications": 4,
         "confidence": "guess" if i == 0 else "press"}
        for policy in ("pilot", "both") for i in range(settings) for index in ("S1", "ST")
    ]  # fmt: skip
    return pd.DataFrame(rows)


def known(gain: float = 118.0, noise: float = 20.0) -> pd.DataFrame:
    rows = [
        {"metric": "arrivals", "unit": "people", "best": "lowest", "setting": f"beliefs.x{i}", "kind": "uncertainty",
         "confidence": "guess", "probability": 0.43 / (i + 1), "probability_low": 0.2 / (i + 1),
         "probability_high": 0.6 / (i + 1), "probability_noise": 0.1, "evppi": gain / (i + 1) ** 2,
         "evppi_low": gain / 2 / (i + 1) ** 2, "evppi_high": 2 * gain / (i + 1) ** 2, "evppi_noise": noise,
         "above_noise": gain / (i + 1) ** 2 > noise, "evpi": 140.0, "policy_now": "both", "policy_else": "pilot",
         "policy_else_share": 0.24, "policies": 3, "futures": FUTURES, "replications": 4, "noise_share": 0.01}
        for i in range(5)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_each_design_draws_what_it_can_show(one_lever: Path, two_levers: Path, known_box: Path) -> None:
    assert set(drawn(one_lever)) == {"pareto", "response"}
    assert set(drawn(two_levers)) == {"heat", "pareto", "response"}
    assert set(drawn(known_box)) == {*ANALYSED, "pareto", "parallel"}


def test_every_figure_of_a_sweep_says_how_many_runs_what_intervals_mean_and_its_sources(
    one_lever: Path, two_levers: Path, known_box: Path
) -> None:
    assert [all_lacking(drawn(folder)) for folder in (one_lever, two_levers, known_box)] == [{}, {}, {}]


def test_the_steps_of_an_analysis_are_no_curve_no_heat_map_and_no_options(tmp_path: Path) -> None:
    folder = made_up.morris(tmp_path, trajectories=4)
    assert set(drawn(folder)) == {"parallel"}


def test_without_a_baseline_the_metric_itself_is_shown(tmp_path: Path) -> None:
    figures = drawn(made_up.one_lever(tmp_path, baseline=""))
    assert set(figures) == {"response"}
    assert "no baseline: the metric itself" in texts(figures["response"])


def test_every_axis_says_what_it_measures(two_levers: Path, known_box: Path) -> None:
    for name, figure in {**drawn(two_levers), **drawn(known_box)}.items():
        for axes in figure.axes:
            if axes.axison and axes.get_visible() and axes.get_xticks().size:
                assert axes.get_xlabel() or name in {"parallel", "heat"}, name
        words = texts(figure)
        assert "Simulation: " in words, name
        assert any(f"({unit})" in words for unit in ("people", "share", "million GBP")) or name == "sensitivity", name


def test_no_words_leave_the_page(two_levers: Path, known_box: Path) -> None:
    for name, figure in {**drawn(two_levers), **drawn(known_box)}.items():
        figure.set_dpi(60)
        FigureCanvasAgg(figure).draw()
        for part in (*figure.axes, *figure.texts):
            box = part.get_tightbbox()
            if box is not None and part.get_visible():
                ends = np.array([box.x0, box.y0, figure.bbox.x1 - box.x1, figure.bbox.y1 - box.y1])
                assert (ends >= -2).all(), (name, part)


def test_a_response_curve_runs_through_the_paired_differences(one_lever: Path) -> None:
    figure = drawn(one_lever)["response"]
    effects = pd.read_parquet(one_lever / "effects.parquet")
    mine = effects[effects["metric"] == "arrivals"]
    line = max(figure.axes[0].lines, key=lambda line: line.get_zorder())
    assert np.allclose(line.get_ydata(), mine["difference"])
    assert list(line.get_xdata()) == [0, 50, 100, 200, 500, 1000]
    assert [axes.get_title("left") for axes in figure.axes] == [
        "Arrivals by boat", "Deaths at sea", "Returned to France", "Cost to the UK",
    ]  # fmt: skip
    assert "million GBP" in texts(figure)
    assert "aim: \N{MINUS SIGN}10 %" in texts(figure)


def test_bands_over_futures_hold_the_middle_ninety_per_cent(crossed: Path) -> None:
    rows = outcomes(Results(crossed), "arrivals")
    found = together(rows, ["source", made_up.EXCHANGE]).set_index(made_up.EXCHANGE)
    mine = rows.loc[rows[made_up.EXCHANGE] == 1000, "value"]
    assert found.loc[1000.0, "value"] == pytest.approx(mine.median())
    assert found.loc[1000.0, "low"] == pytest.approx(np.quantile(mine, 0.05))
    assert found.loc[1000.0, "high"] == pytest.approx(np.quantile(mine, 0.95))
    assert "median of 20 futures" in texts(drawn(crossed)["response"])


def test_points_on_no_front_are_named_too_where_they_have_room(two_levers: Path) -> None:
    key = next(text for text in texts(drawn(two_levers)["pareto"]).split("\n") if "Not on a front (grey)" in text)
    front, rest = ([int(n) for n in re.findall(r" (\d+)  [A-Z]", f" {part}")] for part in key.split("Not on a front"))
    assert front
    assert rest[0] == max(front) + 1


def test_other_levers_are_held_at_the_scenarios_own_value_and_named(tmp_path: Path) -> None:
    figure = now_drawn(made_up.one_at_a_time(tmp_path), "response")["response"]
    assert "Held: announced weight at 0.5, French reply days at 14." in texts(figure)


def test_a_page_holds_at_most_six_lines_and_says_what_it_leaves_out(tmp_path: Path) -> None:
    levels = [0.0, 50.0, 1000.0]
    reply = made_up.Varied("exchange.french_reply_days", 3, 28, "lever", unit="days", base=14.0)
    target = made_up.Varied(made_up.EXCHANGE, 0, 1000, "lever", unit="people/week", base=50.0)
    rows = [{made_up.EXCHANGE: a, reply.setting: float(b)} for a in levels for b in range(3, 13)]
    made = made_up.Made((target, reply), rows, outcome=made_up.exchange)
    results = Results(made_up.write_sweep(tmp_path, made))
    swept = read_sweep(results)
    cut = response.cut_through(outcomes(results, "arrivals"), swept)
    assert cut is not None
    assert [line[1] for line in cut.lines] == [3, 5, 7, 8, 10, 12]
    assert cut.left_out == 4


def test_heat_map_cells_tell_the_difference_and_hatch_what_may_be_nothing(two_levers: Path) -> None:
    figure = drawn(two_levers)["heat"]
    effects = pd.read_parquet(two_levers / "effects.parquet").query("metric == 'arrivals'")
    unclear = int(((effects["low"] <= 0) & (effects["high"] >= 0)).sum())
    patches = [patch for axes in figure.axes for patch in axes.patches if isinstance(patch, Rectangle)]
    assert sum(bool(patch.get_hatch()) for patch in patches) == unclear > 0
    assert sum(not patch.get_hatch() for patch in patches) == len(effects) == 24
    assert f"In {unclear} of 24 cells" in texts(figure)
    lowest = effects["difference"].min()
    assert f"\N{MINUS SIGN}{round(-lowest, -1):,.0f}" in texts(figure)


def test_the_front_holds_what_no_other_point_nor_the_baseline_beats() -> None:
    price, gain = pd.Series([10.0, 20.0, 15.0, 5.0, 30.0]), pd.Series([100.0, 200.0, 90.0, -5.0, 200.0])
    assert pareto.front(price, gain).tolist() == [True, True, False, False, False]


def test_points_that_cost_more_for_less_are_off_the_front(two_levers: Path) -> None:
    results = Results(two_levers)
    swept = read_sweep(results)
    points = pareto.policies(results, swept)
    assert points is not None
    on = points[pareto.front(points["cost_uk_gbp_value"], points["arrivals_value"])]
    effects = pd.read_parquet(two_levers / "effects.parquet").query("metric == 'arrivals'")
    assert on["arrivals_value"].max() == pytest.approx(-effects["difference"].min())
    assert (on.sort_values("cost_uk_gbp_value")["arrivals_value"].diff().dropna() > 0).all()
    assert f"{len(on)} of 24 combinations are on the cost front" in texts(drawn(two_levers)["pareto"])


def alike(folder: Path, deaths: float = 60.0, words: tuple[str, ...] = ("lottery", "first_come")) -> Path:
    """A lever of numbers and one of words that changes nothing; all runs have as many `deaths`."""
    target = made_up.Varied(made_up.EXCHANGE, 0, 500, "lever", unit="people/week", base=50.0)
    lot = made_up.Varied("exchange.selection", values=words, kind="lever", unit="", base=words[0])
    rows = [{made_up.EXCHANGE: a, lot.setting: b} for a in (0.0, 100.0, 500.0) for b in words]

    def outcome(changes: made_up.Changes, source: str) -> dict[str, float]:
        avoided = changes.get(made_up.EXCHANGE, 0.0) if source else 0.0
        return {
            "arrivals": 30_000 - 4 * avoided,
            "deaths": deaths,
            "returned": avoided,
            "cost_uk_gbp": 4e9 + 1e6 * avoided,
        }

    made = made_up.Made((target, lot), rows, outcome=outcome, own=0.0, noise={} if deaths else {"arrivals": 150.0})
    return made_up.write_sweep(folder, made)


def test_combinations_of_the_same_outcomes_are_one_point_that_names_them_all(tmp_path: Path) -> None:
    words = texts(now_drawn(alike(tmp_path), "pareto")["pareto"])
    both = "weekly target 500, selection “lottery” = "
    assert both in words.replace(" ", " ")
    assert "Combinations of the same outcomes are one point." in words
    assert "4 of 6 combinations are on the cost front" in words
    assert "for want of room" not in words


def test_cells_of_the_same_number_are_counted_with_the_one_that_is_named(tmp_path: Path) -> None:
    words = texts(now_drawn(alike(tmp_path), "heat")["heat"])
    named = "weekly target 500, selection “first come”"
    assert f"{named} (and in 1 other cell)" in words


def test_of_many_combinations_of_the_same_outcomes_one_is_named_and_the_rest_counted(tmp_path: Path) -> None:
    words = texts(now_drawn(alike(tmp_path, words=("a", "b", "c", "d")), "pareto")["pareto"])
    assert ", and 3 others the same" in words.replace(" ", " ")


def test_the_point_that_the_finding_names_is_the_one_of_that_number_in_the_key(two_levers: Path) -> None:
    words = texts(drawn(two_levers)["pareto"]).replace(" ", " ")
    (number, name) = re.findall(
        r"Most arrivals avoided: .*? million \(95 % interval .*?\) \(number (\d+): (.*?)\)", words
    )[0]
    assert re.search(rf"\b{number} +{re.escape(name)}", re.sub(" +", " ", words))


def test_what_is_gained_and_paid_has_its_interval(two_levers: Path) -> None:
    effects = pd.read_parquet(two_levers / "effects.parquet").query("metric == 'arrivals'")
    best = effects.loc[effects["difference"].idxmin()]
    low, high = (pareto.signed(-best[end]).lstrip("+") for end in ("high", "low"))
    assert f"(95 % interval {low} to {high}) for a net cost of GBP" in texts(drawn(two_levers)["pareto"])


def test_where_nobody_dies_there_is_no_front_of_deaths(tmp_path: Path) -> None:
    figures = now_drawn(alike(tmp_path, deaths=0.0), "pareto", "response")
    assert "No deaths at sea in these runs." in texts(figures["pareto"])
    assert [axes.get_title("left") for axes in figures["pareto"].axes] == ["Arrivals avoided at extra cost", ""]
    (deaths,) = [axes for axes in figures["response"].axes if axes.get_title("left") == "Deaths at sea"]
    assert deaths.get_ylim() == (-1, 1)
    assert list(deaths.get_yticks()) == [-1, 0, 1]


def test_where_no_point_changes_deaths_that_is_said_and_no_front_drawn(tmp_path: Path) -> None:
    words = texts(now_drawn(alike(tmp_path), "pareto")["pareto"])
    assert "As many deaths at sea as in the baseline, in all runs." in words
    assert "on that of deaths" not in words


def test_what_equals_the_baseline_is_on_no_front() -> None:
    assert pareto.front(pd.Series([0.0, 5.0]), pd.Series([0.0, 10.0])).tolist() == [False, True]


def test_a_response_curve_that_hides_another_is_dashed_and_says_which_it_equals(tmp_path: Path) -> None:
    figure = now_drawn(alike(tmp_path), "response")["response"]
    curves = [line for line in figure.axes[0].lines if line.get_marker() not in {"None", ""}]
    assert [line.get_linestyle() for line in curves] == ["-", "--"]
    assert "lottery = first come" in texts(figure)


def test_curves_apart_are_whole_lines(tmp_path: Path, crossed: Path) -> None:
    levels = pd.Series([0.0, -400.0, -2000.0], index=[0.0, 100.0, 500.0])
    assert response._hides(levels, {"far": pd.DataFrame({"value": levels - 500})}, 2500) is False
    assert response._hides(levels, {"meets": pd.DataFrame({"value": levels * [1, 2, 2]})}, 2500) is False


def test_a_weekly_target_of_nil_is_told_to_be_an_exchange_all_the_same(
    one_lever: Path, two_levers: Path, crossed: Path
) -> None:
    nil = "0 a week: the exchange is announced and opens, and returns nobody."
    assert nil in texts(drawn(one_lever)["response"])
    assert nil in texts(drawn(one_lever)["pareto"])
    assert nil in texts(drawn(two_levers)["heat"])
    assert nil not in texts(drawn(crossed)["response"])


def test_points_are_combinations_futures_or_both(one_lever: Path, crossed: Path, known_box: Path) -> None:
    assert "4 replications of each combination, paired" in texts(drawn(one_lever)["response"])
    assert "4 replications of each combination and future, paired" in texts(drawn(crossed)["response"])
    alone = replace(read_sweep(Results(known_box)), sources=("pilot",))
    assert alone.point == "future"


def test_parallel_lines_count_who_meets_the_aim_in_each_policy(known_box: Path) -> None:
    figure = drawn(known_box)["parallel"]
    rows = outcomes(Results(known_box), "arrivals")
    for source, mine in rows.groupby("source"):
        meets = int((mine["relative"] <= -0.1).sum())
        assert f"{label_of(str(source))}: {meets} of {FUTURES} futures meet the aim" in texts(figure)
    words = texts(figure)
    assert f"3 combinations in {FUTURES} futures, and what came of arrivals by boat" in words
    assert "(rank correlation within each policy, lowest to highest)" in words


def test_parallel_axes_are_the_settings_that_rank_most_closely_with_the_outcome() -> None:
    draws = np.random.default_rng(5).random((200, 14))
    rows = pd.DataFrame(draws, columns=[f"s{i:02d}" for i in range(14)])
    rows["word"] = np.where(rows["s03"] > 0.5, "lottery", "first_come")
    rows["value"] = -3 * rows["s03"] ** 3 + rows["s07"]
    strength = parallel.strengths(rows, [*rows.columns[:-1]], [np.ones(200, dtype=bool)])
    assert sorted(strength, key=lambda name: -abs(strength[name][0]))[:3] == ["s03", "word", "s07"]
    assert abs(strength["s00"][0]) < 0.2


def test_a_rank_correlation_keeps_its_sign_in_each_policy() -> None:
    x = np.arange(40.0)
    rows = pd.DataFrame({"up": np.tile(x, 2), "turns": np.tile(x, 2), "value": [*x, *(50 + x)]})
    rows.loc[40:, "turns"] = -x
    halves = [np.repeat([True, False], 40), np.repeat([False, True], 40)]
    assert parallel.strengths(rows, ["up", "turns"], halves) == {
        "up": pytest.approx((1.0, 1.0)), "turns": pytest.approx((1.0, -1.0)),
    }  # fmt: skip


def test_the_rank_correlations_of_the_finding_have_signs(tmp_path: Path) -> None:
    words = texts(drawn(made_up.morris(tmp_path, trajectories=8))["parallel"])
    (x0,) = re.findall(r"x0 \((\S+)\)", words)
    (x1,) = re.findall(r"x1 \((\S+)\)", words)
    assert x0.startswith("+")
    assert x1.startswith("\N{MINUS SIGN}")
    assert "(rank correlation)" in words


def test_sensitivity_shows_the_strongest_settings_marks_guesses_and_warns_of_noise(tmp_path: Path) -> None:
    indices().to_parquet(tmp_path / "sensitivity.parquet")
    figure = now_drawn(tmp_path, "sensitivity")["sensitivity"]
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert names == ["Market: setting 00*", *(f"Market: setting {i:02d}" for i in range(1, 15))]
    assert "“Market: setting 00” matters most under every policy: ST 0.5 to 0.5" in texts(figure)
    assert "add replications" not in texts(figure)
    indices(noise_share=0.4).to_parquet(tmp_path / "sensitivity.parquet")
    assert "40 % of the variance between futures is replication noise: add replications" in texts(
        now_drawn(tmp_path, "sensitivity")["sensitivity"]
    )


def test_noise_that_single_runs_cannot_tell_is_not_said_to_be_nil(tmp_path: Path) -> None:
    indices(noise_share=float("nan")).to_parquet(tmp_path / "sensitivity.parquet")
    words = texts(now_drawn(tmp_path, "sensitivity")["sensitivity"])
    assert "Replication noise: it cannot be told how much, for there are no repeated runs." in words
    assert "0.0 %" not in words


def test_what_was_sampled_is_called_futures_or_combinations(tmp_path: Path) -> None:
    indices().to_parquet(tmp_path / "sensitivity.parquet")
    assert "1,024 futures of 4 replications each" in texts(now_drawn(tmp_path, "sensitivity")["sensitivity"])
    indices().assign(kind="lever").to_parquet(tmp_path / "sensitivity.parquet")
    assert "1,024 combinations of 4 replications each" in texts(now_drawn(tmp_path, "sensitivity")["sensitivity"])


def test_elementary_effects_are_in_the_metrics_unit(tmp_path: Path) -> None:
    table = indices(settings=3)
    table["index"] = table["index"].replace({"S1": "sigma", "ST": "mu_star"})
    table["value"] *= 1000
    table.to_parquet(tmp_path / "sensitivity.parquet")
    figure = now_drawn(tmp_path, "sensitivity")["sensitivity"]
    assert figure.axes[0].get_xlabel() == "Effect over the whole range of a setting (people)"
    assert "mu* 500" in texts(figure)


def test_information_names_the_setting_worth_knowing_and_not_what_noise_would_show(tmp_path: Path) -> None:
    known().to_parquet(tmp_path / "information.parquet")
    words = texts(now_drawn(tmp_path, "information")["information"])
    assert "Knowing the beliefs' x0 would most likely change that (43 %) and gain most (118 people on average)" in words
    assert "2 of 5 settings gain more than the best of them would by chance" in words
    assert "what the best of so many silent settings shows" in words
    assert "grey = what the best of 5 settings would not exceed 19 times in 20" in words
    known(gain=10.0).to_parquet(tmp_path / "information.parquet")
    assert "no more than the best of 5 would by chance" in texts(now_drawn(tmp_path, "information")["information"])


def test_what_chance_shows_is_not_in_the_legend_where_nothing_of_it_is_drawn(tmp_path: Path) -> None:
    known(noise=0.0).assign(probability_noise=0.0).to_parquet(tmp_path / "information.parquet")
    words = texts(now_drawn(tmp_path, "information")["information"])
    assert "silent settings" not in words
    assert "grey" not in words


def test_nothing_is_drawn_where_one_policy_is_best_whatever_is_known(tmp_path: Path) -> None:
    table = known(gain=0.0, noise=0.0)
    table["probability_high"] = 0.0
    table.to_parquet(tmp_path / "information.parquet")
    assert "information" not in now_drawn(tmp_path)


def test_the_box_is_drawn_at_its_limits_over_the_futures_that_miss_the_aim(known_box: Path) -> None:
    figure = drawn(known_box)["discover"]
    scatter = figure.axes[1]
    (box,) = [patch for patch in scatter.patches if isinstance(patch, Rectangle)]
    assert box.get_x() == 0.6
    assert box.get_y() + box.get_height() == 0.5
    rows = outcomes(Results(known_box), "arrivals").query("source == 'pilot'")
    missed = int((rows["relative"] > -0.1).sum())
    assert 0 < missed < FUTURES
    meets, misses = (len(np.asarray(marks.get_offsets())) for marks in scatter.collections)
    assert (meets, misses) == (FUTURES - missed, missed)
    words = texts(figure)
    assert "from 0.6" in words
    assert "to 0.5" in words
    assert "qp 0.02, halves 70 %" in words
    assert "not the sweep's own aim" not in words
    assert "90 % of them (coverage)" in words
    assert "No box for Both (0 of 40)" in words


def test_an_aim_that_is_not_the_sweeps_own_is_told_and_differences_are_called_so(
    known_box: Path, tmp_path: Path
) -> None:
    for table in known_box.glob("*.parquet"):
        pd.read_parquet(table).to_parquet(tmp_path / table.name)
    boxes = pd.read_parquet(tmp_path / "discover_boxes.parquet")
    boxes.assign(target="-12%").to_parquet(tmp_path / "discover_boxes.parquet")
    pd.read_parquet(tmp_path / "discover.parquet").head(1).to_parquet(tmp_path / "discover.parquet")
    figure = now_drawn(tmp_path, "discover")["discover"]
    assert "This is not the sweep's own aim of −10 % arrivals by boat." in texts(figure)
    assert figure.axes[1].get_ylabel().replace("\n", " ") == "Arrivals by boat: difference (people)"


def test_no_box_no_figure(known_box: Path, tmp_path: Path) -> None:
    for table in known_box.glob("*.parquet"):
        pd.read_parquet(table).to_parquet(tmp_path / table.name)
    boxes = pd.read_parquet(tmp_path / "discover_boxes.parquet")
    boxes.assign(coverage=np.nan).to_parquet(tmp_path / "discover_boxes.parquet")
    assert not now_drawn(tmp_path, "discover")


@pytest.mark.parametrize(
    ("target", "side", "missed"),
    [("-10%", "", [True, False]), ("-1000", "", [True, False]), ("+200", "", [False, True]),
     ("-10%", "below", [False, True])],
)  # fmt: skip
def test_an_aim_is_missed_on_its_own_side(target: str, side: str, missed: list[bool]) -> None:
    rows = pd.DataFrame({"value": [300.0, -4000.0], "relative": [0.01, -0.15]})
    assert fails(rows, target, side).tolist() == missed


def test_policies_have_the_names_that_the_analyses_give_them(crossed: Path, two_levers: Path) -> None:
    swept = read_sweep(Results(crossed))
    row: dict[Any, Any] = {"source": "pilot", made_up.EXCHANGE: 1000.0}
    assert policy_name(row, swept) == "pilot exchange.weekly_target=1000"
    assert policy_name({"source": "both"}, replace(swept, uncertainties=())) == "both"
    assert read_sweep(Results(two_levers)).sources == ("pilot", "patrols_doubled")


def test_futures_that_are_not_of_this_world_are_in_no_figure(tmp_path: Path) -> None:
    made_up.known_box(tmp_path, futures=60)
    points = pd.read_parquet(tmp_path / "points.parquet")
    points.assign(plausible=points["future"] < 40).to_parquet(tmp_path / "points.parquet", index=False)
    about = pd.read_parquet(tmp_path / "sweep.parquet").assign(plausible="arrivals 18,000 to 74,000")
    about.to_parquet(tmp_path / "sweep.parquet", index=False)
    figure = draw("parallel", Results(tmp_path))
    said = " ".join(text.get_text() for text in figure.texts)
    assert "40 futures" in said
    assert "arrivals 18,000 to 74,000 in the baseline" in " ".join(said.split())
    points.assign(plausible=False).to_parquet(tmp_path / "points.parquet", index=False)
    assert draw("parallel", Results(tmp_path)) is None
    assert draw("pareto", Results(tmp_path)) is None
