"""What the report says of the shipped scorecard, the calibration and past forecasts, on tables made by hand."""

import re
from html.parser import HTMLParser

import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.experiment.patterns import shipped
from sim.experiment.patterns.scorecard import COLUMNS
from sim.experiment.results import Results
from sim.report.evidence import fitted as page
from sim.report.evidence.fitted import Calibrated, fitted, read_calibrated
from sim.report.evidence.scorecard import behaviour
from sim.report.pages import environment
from sim.scenario import ScenarioError

NAN = float("nan")
SCORECARD = pd.DataFrame(
    [
        ("P1", "calibrate-on", "empty_days", 0.59, 0.575, 0.606, 0.566, 0.637, "pass", "Share of empty days"),
        ("P3", "calibrate-on", "elasticity", 0.2666, 0.21, 0.3526, 0.05, 0.2, "fail", "Elasticity <of> the price"),
        ("P4", "validate-on", "near_take_more", 0.03, -0.18, 0.24, 0.0, NAN, "pass", "Gain of the nearest"),
        ("P7", "validate-on", "dip_after", -0.28, -0.35, -0.21, NAN, -0.01, "pass", "Dip after the opening"),
        ("P7", "validate-on", "one_run", 0.5, NAN, NAN, 0.0, 1.0, "pass", "Seen once"),
    ],
    columns=[*COLUMNS, "label"],
)


def parameter(name: str, narrowed: float, base: float = 0.5, carried: bool = True, **changes) -> dict:
    facts = {
        "unit": "share",
        "low": 0.0,
        "high": 1.0,
        "median": 0.6,
        "q05": 0.2,
        "q95": 0.8,
        "informed_by": "boats 40 %",
    }
    return {"parameter": name, "base": base, "narrowed": narrowed, "carried": carried, **facts, **changes}


PARAMETERS = pd.DataFrame(
    [
        parameter("level.first", 0.9, carried=False),
        parameter("coast.rest_days", 0.01),
        parameter("migrants.return_loss_gbp", 0.02, high=15000.0, median=9501.77, q05=1195.85, q95=14482.1),
        parameter("gangs.seats_per_boat.2023", 0.28, low=40.0, high=65.0, median=54.08, q05=45.0, q95=62.0),
        parameter("patrols.stop_beach", 0.6),
        parameter("beliefs.announced_weight", 0.05),
    ]
)
SUMMARIES = pd.DataFrame(
    {
        "label": ["arrivals, Jan 2022", "arrivals, Feb 2022", "boats, Jan 2022", "red days, 2024"],
        "kind": ["arrivals", "arrivals", "boats", "red_days"], "fitted": [True, True, True, False],
        "start": ["2022-01-01", "2022-02-01", "2022-01-01", "2024-01-01"],
        "end": ["2022-01-31", "2022-02-28", "2022-01-31", "2024-12-31"],
        "observed": [10.0, 99.0, 10.0, 99.0], "q05": [5.0] * 4, "q95": [20.0] * 4, "z": [0.1, -3.0, 0.2, 9.0],
    }
)  # fmt: skip
ROLLING = pd.DataFrame(
    [
        ("2023-07-01", "posterior_2023-07-01.parquet", "forecast", 12, 3000.0, 700.0, -50.0, 0.5, 0.75, 0.9, 0.9),
        ("2023-07-01", "", "seasonal_naive", 12, 3000.0, 780.0, 10.0, 0.4, 0.7, 0.8, 1.0),
        ("all", "", "forecast", 12, 3000.0, 700.0, -50.0, 0.5, 0.75, 0.83, 1.2),
    ],
    columns=["origin", "posterior", "model", "months", "observed", "crps", "bias", "coverage_50", "coverage_80",
             "coverage_90", "ratio"],
)  # fmt: skip
USED = {
    "patrols.stop_beach": 0.95, "gangs.seats_per_boat": {2023: 50, "2024": 60}, "beliefs.announced_weight": 0.3,
    "migrants.return_loss_gbp": 3000,
}  # fmt: skip


def told(**tables: pd.DataFrame) -> dict:
    return fitted(Calibrated(**tables), USED)


class Balanced(HTMLParser):
    """Every tag that is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "img", "br"):
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag


def rendered(section: str, **parts) -> str:
    """One section of the page with these parts alone."""
    text = "{% import 'parts.html' as parts %}{% include 'run/' ~ section ~ '.html' %}"
    return environment().from_string(text).render(section=section, fit=[], figures_of=lambda part: "", **parts)


def test_the_scorecard_is_summed_up_with_the_patterns_that_fail_in_words():
    first, *marks = behaviour(SCORECARD)["told"]
    assert first.startswith("4 of 5 quantities of 4 patterns lie in their target range (2 unsure); 1 does not. ")
    assert first.endswith("Patterns with quantities that fail: prices respond weakly to patrols (P3), 1 of 1.")
    assert marks[0].startswith("calibrate-on")
    assert marks[0].endswith("1 of 2 pass.")
    assert marks[1].endswith("3 of 3 pass (2 unsure).")


def test_a_failure_that_chance_leaves_open_is_said_to_be_unsure():
    wide = SCORECARD.assign(low=[0.59, 0.1, 0.01, -0.3, 0.4], high=[0.6, 0.4, 0.2, -0.2, 0.6])
    assert "in their target range; 1 does not (unsure). " in behaviour(wide)["told"][0]
    twice = pd.concat([wide, wide.query("pattern == 'P3'")])
    assert "2 do not (all unsure). " in behaviour(twice)["told"][0]
    assert behaviour(twice)["told"][0].endswith("(P3), 2 of 2 (all unsure).")


def test_every_shipped_pattern_stands_in_words_with_its_code():
    words = [row["words"][0] for row in behaviour(shipped.shipped_scorecard())["rows"]]
    assert words[4] == "Prices respond weakly to patrols (P3)"
    assert all(re.fullmatch(r"[A-Z].+ \(P\d+\)", each) for each in words)


def test_a_scorecard_without_failures_says_so():
    assert behaviour(SCORECARD.query("verdict == 'pass'"))["told"][0].endswith("none fails.")


def test_a_row_shows_value_interval_target_and_verdict():
    empty, price, near, dip, once = behaviour(SCORECARD)["rows"]
    assert empty["numbers"] == ["0.59", "0.575 to 0.606", "0.566 to 0.637"]
    assert (near["numbers"][2], dip["numbers"][2]) == ("at least 0", "at most -0.01")
    assert once["numbers"][1] == "–"
    assert [row["failed"] for row in (empty, price, near)] == [False, True, False]


def test_a_verdict_is_unsure_where_the_interval_reaches_across_an_end_of_the_target():
    verdicts = [row["verdict"] for row in behaviour(SCORECARD)["rows"]]
    assert verdicts == ["pass", "fail", "pass, unsure", "pass", "pass, unsure"]


def test_failures_stand_out_on_the_page_and_words_are_escaped():
    text = rendered("behaviour", behaviour=behaviour(SCORECARD))
    assert text.count('<tr class="fail">') == 1
    assert "Elasticity &lt;of&gt; the price" in text
    Balanced().feed(text)


def test_a_summary_counts_as_met_within_90_percent_and_those_not_fitted_do_not_count():
    first, missed = told(summaries=SUMMARIES)["told"]
    assert "3 summaries of the Channel from 2022-01-01 to 2022-02-28: 2 of them (67 %)" in first
    assert missed == "Missed by more than 2.5 standard deviations: arrivals, Feb 2022."


def dotted(row: list[str]) -> str:
    """The setting's name of a row of the calibration, which stands in brackets behind its words."""
    return re.findall(r"\(([^()]*\.[^()]*)\)", row[0])[0]


def test_a_calibrated_setting_is_told_in_words_with_its_name_and_unit():
    _, first, second = told(parameters=PARAMETERS)["learnt"]
    assert first[0] == "How many of the launches found are stopped (patrols.stop_beach), share"
    assert second[0] == "The seats in a boat (2023) (gangs.seats_per_boat.2023), share"


def test_settings_that_the_data_narrow_come_by_how_far_and_without_those_of_the_level():
    _, *rows = told(parameters=PARAMETERS)["learnt"]
    assert [dotted(row) for row in rows] == ["patrols.stop_beach", "gangs.seats_per_boat.2023"]
    assert rows[1][1:] == ["28 %", "boats 40\N{NO-BREAK SPACE}%", "50", "54.1 (45 to 62)", "40 to 65"]
    assert told(parameters=PARAMETERS)["counts"] == (2, 5)


def test_of_settings_that_the_data_do_not_tell_those_that_policies_act_through_come_first():
    _, *rows = told(parameters=PARAMETERS)["silent"]
    assert [dotted(row) for row in rows] == ["beliefs.announced_weight", "migrants.return_loss_gbp", "coast.rest_days"]
    assert rows[0][2] == "whether an announcement deters, or only returns that happen"
    assert rows[1][3:5] == ["3,000", "9,500 (1,200 to 14,500)"]
    assert rows[2][3] == "–"


def test_a_run_with_a_setting_where_the_posterior_hardly_is_says_which():
    assert told(parameters=PARAMETERS)["elsewhere"] == ["how many of the launches found are stopped"]
    assert "range: how many of the launches found are stopped." in rendered("fit", fitted=told(parameters=PARAMETERS))


def test_the_page_says_what_carries_the_posterior_into_the_effect():
    text = rendered("fit", fitted=told(parameters=PARAMETERS))
    assert "What the calibration leaves open is carried" in text
    assert "sim sweep posterior" in text


def test_rolling_scores_come_pooled_first_and_worse_than_a_rival_is_said():
    found = told(rolling=ROLLING)
    assert [row[0] for row in found["rolling"][1:]] == ["all together", "2023-07-01", "2023-07-01"]
    assert found["rolling"][1][3:] == ["700", "1.2", "-50", "50 %", "75 %", "83 %"]
    assert "no better than the best of the rivals" in found["rolling_told"]
    assert "83 % of the months" in found["rolling_told"]


@pytest.mark.parametrize(
    "tables",
    [{"parameters": PARAMETERS}, {"summaries": SUMMARIES}, {"rolling": ROLLING},
     {"parameters": PARAMETERS, "summaries": SUMMARIES, "rolling": ROLLING}],
)  # fmt: skip
def test_the_page_holds_no_table_without_rows_whatever_ships(tables):
    text = rendered("fit", fitted=told(**tables))
    assert "What the data cannot tell" not in text
    assert text.count("<caption>") == 2 * ("parameters" in tables) + ("rolling" in tables)
    Balanced().feed(text)


def test_sections_whose_data_are_missing_are_left_out():
    assert behaviour(pd.DataFrame()) is None
    assert told() is None
    assert not rendered("fit", fitted=None).strip()


def test_what_does_not_ship_is_read_as_nothing(tmp_path, monkeypatch):
    for name in ("PARAMETERS", "SUMMARIES", "ROLLING"):
        monkeypatch.setattr(page, name, tmp_path / name)
    assert fitted(read_calibrated(), USED) is None
    assert shipped.shipped_scorecard(tmp_path / "none.csv").empty


def test_the_shipped_scorecard_has_the_columns_agreed_and_words_for_every_quantity():
    found = shipped.shipped_scorecard()
    assert list(found) == [*COLUMNS, "label"]
    assert found["pattern"].nunique() == 12
    assert not (found["label"] == found["quantity"].str.replace("_", " ")).any()


def test_shipping_writes_the_columns_agreed_and_reads_them_again(tmp_path):
    SCORECARD.to_parquet(tmp_path / "scorecard.parquet")
    file = shipped.ship(Results(tmp_path), tmp_path / "patterns.csv")
    again = shipped.shipped_scorecard(file)
    pd.testing.assert_frame_equal(again[COLUMNS], SCORECARD[COLUMNS])
    assert again["label"].tolist()[0] == "empty days"  # no quantity of the plan


def test_part_of_a_scorecard_or_that_of_other_settings_does_not_ship():
    with pytest.raises(ScenarioError) as error:
        shipped.check_shippable(True, "P1", ["patrols.units=3"])
    assert "--only" in str(error.value)
    assert "patrols.units=3" in str(error.value)
    shipped.check_shippable(False, "P1", ["patrols.units=3"])


def test_the_command_refuses_to_ship_a_part_before_it_runs_anything(tmp_path):
    out = tmp_path / "out"
    with pytest.raises(ScenarioError, match="does not go with --ship"):
        CliRunner().invoke(app, ["patterns", "--ship", "--only", "P1", "--out", str(out)], catch_exceptions=False)
    assert not out.exists()
