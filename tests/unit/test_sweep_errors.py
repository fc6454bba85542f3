"""Sweeps that cannot be: what is said, on which line, and that everything is told at once."""

import pandas as pd
import pytest

from sim.experiment.sweep import read_plan
from sim.scenario import ScenarioError


@pytest.fixture
def said(tmp_path):
    """What is wrong with a sweep, line by line."""

    def problems(text: str, *overrides: str) -> str:
        file = tmp_path / "trial.yaml"
        file.write_text(text)
        with pytest.raises(ScenarioError) as error:
            read_plan(str(file), overrides)
        return str(error.value).replace(str(file), "trial.yaml")

    return problems


OVER = "scenario: pilot\nover:\n  "
LATIN = "scenario: pilot\ndesign: lhs\nsamples: 8\nover:\n  "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # what is varied
        (f"{OVER}exchange.bed: [1]", "trial.yaml:3: over.exchange.bed: is no setting; did you mean 'exchange.beds'?"),
        (f"{OVER}bed: [1]", "trial.yaml:3: over.bed: is no setting"),
        (f"{OVER}french_funding.from: [2025-01-01]", "trial.yaml:3: over.french_funding.from: pilot has no lever"),
        (f"{OVER}exchange.beds: 50", "over.exchange.beds: is not varied; got 50; allowed: a list of values"),
        (f"{OVER}exchange.beds: []", "over.exchange.beds: lists no values"),
        (f"{OVER}exchange.beds: [50, 60, 50]", "lists a value twice; got 50; allowed: each value once"),
        (f"{OVER}exchange.beds: [50, -1]", "trial.yaml:3: over.exchange.beds.1: must be at least 0; got -1"),
        (f"{OVER}exchange.beds: [50, many]", "must be a whole number; got 'many'"),
        (f"{OVER}exchange.beds: [50.5]", "must be a whole number; got 50.5"),
        (f"{OVER}exchange.scale_up: [fixed, slow]", "trial.yaml:3: exchange.scale_up: "),
        (f"{OVER}legal_route.documents_rule: [passport]", "must be one of passport_or_identity_card, passport_only"),
        (f"{OVER}exchange.scale_up: range", "is no number but 'fixed': list the values to try"),
        (f"{OVER}legal_route.links_first: range", "is no number but true: list the values to try"),
        # ranges
        (f"{OVER}exchange.beds: {{low: 200, high: 50, steps: 3}}", "the range is reversed; got low 200, high 50"),
        (f"{OVER}exchange.beds: {{low: 50, high: 50, steps: 3}}", "the range is a single point"),
        (f"{OVER}exchange.void_days: range", "the range is a single point; got low 90, high 90"),
        (f"{OVER}exchange.beds: {{low: -5, steps: 3}}", "over.exchange.beds.low: must be at least 0; got -5"),
        (f"{OVER}exchange.beds: {{steps: 1}}", "over.exchange.beds.steps: must be a whole number of at least 2; got 1"),
        (f"{OVER}exchange.beds: {{low: 1, high: 3, steps: 9}}", "are more than there are values; got 9"),
        (f"{OVER}exchange.beds: {{low: few, steps: 3}}", "over.exchange.beds.low: must be a number; got 'few'"),
        (f"{OVER}exchange.beds: {{step: 3}}", "step: is unknown; did you mean 'steps'?"),
        (f"{OVER}exchange.beds: {{steps: 3, scale: logg}}", "is no scale; did you mean 'log'?"),
        (f"{LATIN}patrols.units: {{low: 0, scale: log}}", "a log scale needs a range above 0; got low 0"),
        (f"{OVER}exchange.beds: range", "a grid needs values or steps; got a range without steps"),
        (f"{LATIN}'patrol.*': range", "over.patrol.*: stands for nothing"),
        (f"{LATIN}'patrols.*': [1, 2]", "stands for many settings, each over its own range"),
        # designs
        ("scenario: pilot\ndesign: latin\nover: {exchange.beds: [1]}",
         "trial.yaml:2: design: is no design; got 'latin'"),
        ("scenario: pilot\ndesign: lhs\nover: {exchange.beds: range}",
         "samples: is missing: how many a lhs design has"),
        ("scenario: pilot\ndesign: lhs\nsamples: 1\nover: {exchange.beds: range}",
         "must be a whole number of at least 2"),
        ("scenario: pilot\ndesign: sobol\nsamples: 100\nover: {exchange.beds: range}",
         "trial.yaml:3: samples: must be a power of two: a sobol design is balanced only then; got 100; "
         "allowed: 64 or 128"),
        ("scenario: pilot\ndesign: saltelli\nsamples: 3\nover: {exchange.beds: range}", "allowed: 2 or 4"),
        (f"samples: 8\n{OVER}exchange.beds: [1]", "a grid design takes none: its values tell its rows"),
        ("scenario: pilot\ndesign: list\nover: {exchange.beds: [1]}", "over: must be rows of values"),
        (f"{OVER}- {{exchange.beds: 50}}\n  - {{exchange.beds: 50}}",
         "trial.yaml:4: over.exchange.beds: stands twice; got {exchange.beds: 50}"),
        (f"{OVER}- {{exchange.beds: -1}}", "trial.yaml:3: over.0.exchange.beds: must be at least 0"),
        (f"{OVER}- {{exchange.bed: 1}}", "is no setting; did you mean 'exchange.beds'?"),
        ("scenario: pilot\nover: {}", "over: varies nothing"),
        ("scenario: pilot", "over: is missing: the sweep varies nothing"),
        ("scenario: pilot\ndesign: morris\nsamples: 4\ninfeasible: skip\nover: {exchange.beds: range}",
         "a morris design is broken by rows left out; got 'skip'; allowed: only lhs, sobol, posterior"),
        (f"{LATIN}exchange.beds: range\ninfeasible: redraw", "is no way with rows that cannot be; got 'redraw'"),
        (f"{LATIN}exchange.beds: range\nexcept: exchange.beds", "except: must be a list of settings"),
        (f"{OVER}exchange.beds: [1]\ntable: rows.csv", "is read by a posterior design only, this is a grid"),
        ("scenario: pilot\nuncertainties: lhs\nover: {exchange.beds: [1]}", "uncertainties: must be a mapping"),
        (f"{OVER}patrols.units: [20]\nuncertainties: {{samples: 2, over: {{patrols.units: range}}}}",
         "trial.yaml:4: uncertainties.over.patrols.units: is varied twice"),
        # the rest
        (f"ove: 1\n{OVER}exchange.beds: [1]", "trial.yaml:1: ove: is unknown; did you mean 'over'?"),
        (f"{OVER}exchange.beds: [1]\nuncertainties: {{sample: 2}}", "sample: is unknown; did you mean 'samples'?"),
        ("over: {exchange.beds: [1]}", "scenario: is missing: which scenario is varied"),
        ("scenario: pilot\nscenarios: [pilot]\nover: {exchange.beds: [1]}", "stands beside scenarios: give one"),
        ("scenarios: pilot\nover: {exchange.beds: [1]}", "scenarios: must be a list of scenarios; got 'pilot'"),
        ("scenarios: [pilot, pilot]\nover: {exchange.beds: [1]}", "stands twice: each scenario needs a name"),
        ("scenario: pilo.yaml\nover: {exchange.beds: [1]}", "trial.yaml:1: scenario: no file 'pilo.yaml'"),
        ("scenarios: [pilot, pilo]\nover: {exchange.beds: [1]}", "trial.yaml:1: scenarios: no file 'pilo'"),
        (f"{OVER}exchange.beds: [1]\nbaseline: nothing.yaml", "trial.yaml:4: baseline: no file 'nothing.yaml'"),
        (f"{OVER}exchange.beds: [1]\nbaseline: base", "trial.yaml:4: baseline: base cannot be compared with pilot"),
        ("scenarios: [pilot, base]\nbaseline: none", "trial.yaml:1: scenarios: base cannot be compared with pilot"),
        (f"{OVER}exchange.beds: [1]\nreplications: 0", "replications: must be a whole number of at least 1; got 0"),
        (f"{OVER}exchange.beds: [1]\nseed: -1", "seed: must be a whole number of at least 0; got -1"),
        (f"{OVER}exchange.beds: [1]\nmetric: arrival", "metric: is no metric of a run; did you mean 'arrivals'?"),
        (f"{OVER}exchange.beds: [1]\nreplications: 4\nprecision: 0.05", "precision: cannot stand beside replications"),
        (f"{OVER}exchange.beds: [1]\nprecision: -1", "trial.yaml:4: precision: is no precision; got -1"),
        (f"{OVER}exchange.beds: [1]\nprecision: {{half: 1}}", "precision.half: is unknown"),
        (f"{OVER}exchange.beds: [1]\nprecision: {{half_width: 1, fewest: 1}}", "precision.fewest: must be a whole"),
        (f"{OVER}exchange.beds: [1]\naim: {{target: low}}", "trial.yaml:4: aim.target: is no target; got 'low'"),
        (f"{OVER}exchange.beds: [1]\naim: -10%", "aim: must say a metric and a target"),
        (f"{OVER}exchange.beds: [1]\nbaseline: none\naim: {{target: -10%}}", "aim: needs a baseline"),
        (f"{OVER}exchange.beds: [1]\nexchange.beds: [2]", "exchange.beds: is unknown"),
        ("- scenario: pilot", "must be a mapping of settings"),
        ("scenario: [pilot", "cannot be read as YAML"),
    ],
)  # fmt: skip
def test_a_sweep_that_cannot_be_is_told_with_its_line(said, text, expected):
    assert expected in said(text)


def test_everything_that_is_wrong_is_told_at_once(said):
    text = "scenario: pilot\nbaseline: nowhere\nmetric: noise\nreplications: x\n"
    text += "over:\n  exchange.bed: [1]\n  patrols.units: {low: 9, high: 1}\n"
    told = said(text)
    assert [line.split(":")[1] for line in told.splitlines()] == ["2", "3", "4", "6", "7"]


def test_values_that_do_not_go_together_are_told_on_their_line_with_the_row(said):
    told = said(
        "scenario: pilot\nover:\n  exchange.french_reply_days: [3, 28]\n  exchange.french_reply_limit_days: [14, 28]"
    )
    assert told == (
        "trial.yaml:3: exchange.french_reply_days: french_reply_days must not exceed french_reply_limit_days, "
        "in 1 of 4 combinations tried, as exchange.french_reply_days=28, exchange.french_reply_limit_days=14; "
        "got french_reply_days 28, french_reply_limit_days 14; allowed: french_reply_days <= french_reply_limit_days"
    )


def test_a_row_of_the_levers_that_does_not_go_with_a_future_is_told(said):
    told = said(
        "scenario: pilot\nover:\n  exchange.french_reply_days: [3, 28]\n"
        "uncertainties:\n  samples: 2\n  over:\n    exchange.french_reply_limit_days: {low: 14, high: 20}"
    )
    assert "french_reply_days must not exceed french_reply_limit_days" in told


def test_a_sample_of_which_nothing_can_be_is_an_error_even_if_rows_may_be_skipped(said):
    told = said(
        "scenario: pilot\ndesign: lhs\nsamples: 4\ninfeasible: skip\n"
        "over:\n  exchange.french_reply_days: {low: 30, high: 40}"
    )
    assert "in 4 of 4 combinations tried" in told


def test_a_wrong_override_is_blamed_and_not_the_sweep(said):
    told = said("scenario: pilot\nover: {exchange.beds: [50]}", "patrols.unit=3")
    assert told.startswith("--set patrols.unit=3: patrols.unit: is unknown; did you mean 'units'?")


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"exchange.bed": [1.0]}, "table: is no setting; did you mean 'exchange.beds'?"),
        ({"weight": [1.0]}, "has no column beside the weight"),
        ({"exchange.beds": []}, "holds no rows"),
        ({"exchange.beds": [50.0, None]}, "lacks values in some rows"),
        ({"exchange.beds": [50.0, 50.5]}, "must be a whole number; got 50.5"),
        ({"exchange.beds": [50, -1]}, "must be at least 0; got -1"),
        ({"exchange.beds": [50, 60], "weight": [0, 0]}, "weights that are not numbers of at least 0"),
        ({"exchange.beds": [50, 60], "weight": [1, -1]}, "weights that are not numbers of at least 0"),
    ],
)
def test_a_table_that_cannot_be_a_posterior_is_told(said, tmp_path, columns, expected):
    pd.DataFrame(columns).to_csv(tmp_path / "rows.csv", index=False)
    told = said("scenario: pilot\ndesign: posterior\ntable: rows.csv")
    assert told.startswith("trial.yaml:3: table: " if "setting" not in expected else "trial.yaml:3: ")
    assert expected in told


def test_a_table_that_is_not_there_or_of_another_kind_is_told(said, tmp_path):
    (tmp_path / "rows.txt").write_text("exchange.beds\n1\n")
    (tmp_path / "rows.parquet").write_text("no table")
    assert "table: names no file" in said("scenario: pilot\ndesign: posterior\ntable: [rows.csv]")
    assert "table: no such file; got 'rows.csv'" in said("scenario: pilot\ndesign: posterior\ntable: rows.csv")
    assert "a file of kind '.txt'" in said("scenario: pilot\ndesign: posterior\ntable: rows.txt")
    assert "table: cannot be read: " in said("scenario: pilot\ndesign: posterior\ntable: rows.parquet")
    assert "takes its settings from the columns" in said(
        "scenario: pilot\ndesign: posterior\ntable: rows.csv\nover: {exchange.beds: [1]}"
    )


def test_a_sweep_that_is_not_there_is_told_with_one_that_is_near():
    with pytest.raises(ScenarioError, match=r"no sweep 'return'; looked in .*did you mean 'returns'\?"):
        read_plan("return", [])


def test_an_unknown_design_does_not_hide_what_is_wrong_with_the_settings(tmp_path):
    file = tmp_path / "two.yaml"
    file.write_text("scenario: pilot.yaml\ndesign: gridd\nover: {exchange.weekly_targt: [0, 50]}\n")
    with pytest.raises(ScenarioError) as wrong:
        read_plan(str(file))
    said = str(wrong.value)
    assert "did you mean 'grid'?" in said
    assert "did you mean 'exchange.weekly_target'?" in said


def test_a_setting_that_is_varied_cannot_be_overridden_too(tmp_path):
    file = tmp_path / "units.yaml"
    file.write_text("scenario: pilot.yaml\nover: {patrols.units: [60, 120], exchange.beds: [100, 200]}\n")
    with pytest.raises(ScenarioError, match="--set: patrols.units: is varied by the sweep"):
        read_plan(str(file), ["patrols.units=77"])
    with pytest.raises(ScenarioError, match="is varied by the sweep"):
        read_plan(str(file), {"exchange.beds": 300})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("{arivals: [1, 2]}", "did you mean 'arrivals'"),
        ("{arrivals: [2, 1]}", "must be a range, low before high; got [2, 1]"),
        ("{arrivals: 5}", "must be a range"),
        ("[1, 2]", "must be a mapping of metrics to ranges"),
    ],
)
def test_what_is_plausible_is_a_range_of_a_metric(given, said, tmp_path):
    file = tmp_path / "worlds.yaml"
    file.write_text(f"scenario: pilot.yaml\nplausible: {given}\nover: {{patrols.units: [60, 120]}}\n")
    with pytest.raises(ScenarioError) as wrong:
        read_plan(str(file))
    assert said in str(wrong.value)
    assert "worlds.yaml:2" in str(wrong.value)


def test_a_design_that_needs_all_its_futures_takes_no_bounds_on_what_is_plausible(tmp_path):
    file = tmp_path / "morris.yaml"
    file.write_text(
        "scenario: pilot.yaml\nplausible: {arrivals: [1, 2]}\n"
        "uncertainties: {design: morris, samples: 2, over: {patrols.units: range}}\n"
    )
    with pytest.raises(ScenarioError, match="would tear gaps into a morris design"):
        read_plan(str(file))
