"""What the page says of an effect where one setting alone is at an end of its plausible range."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_1samp
from test_uncertainty_section import EFFECT, Told, shown

from sim.experiment.intervals import mean_interval
from sim.report.uncertainty import at_ends, uncertainty
from sim.report.uncertainty.at_ends import effects_at_ends, judged

BASE = {
    **{name: EFFECT[name] for name in ("scenario", "scenario_hash", "baseline", "baseline_hash", "code_hash")},
    "metric": "arrivals", "metric_unit": "people", "replications": 8, "base_mean": -400.0,
    "base_low": -700.0, "base_high": -100.0, "confidence": "guess",
}  # fmt: skip
WEIGHT = {"setting": "beliefs.announced_weight", "unit": "weight", "base_value": 0.3, "swing": 1500.0}
WORDS = "how much an announced risk weighs"
SHARE = {"setting": "exchange.selection_share", "unit": "share", "base_value": 0.5, "swing": 90.0}


def end(which: str, value: float, effect: float, half: float = 100.0) -> dict:
    """One end at which the effect is known to within `half`, and how far it moved too."""
    moved = effect - BASE["base_mean"]
    return {
        "end": which, "value": value, "difference": moved, "low": moved - half, "high": moved + half,
        "effect": effect, "effect_low": effect - half, "effect_high": effect + half,
    }  # fmt: skip


ENDS = (
    BASE | WEIGHT | end("low", 0.0, -100.0), BASE | WEIGHT | end("high", 1.0, -1600.0),
    BASE | SHARE | end("low", 0.0, -450.0), BASE | SHARE | end("high", 1.0, -360.0),
)  # fmt: skip


@pytest.fixture
def run(tmp_path) -> Told:
    return Told(tmp_path / "run")


@pytest.fixture
def ships(monkeypatch):
    def put(*ends: dict) -> None:
        monkeypatch.setattr(at_ends, "shipped_ends", lambda: pd.DataFrame(list(ends)))

    put(*ENDS)
    return put


def told(run: Told) -> str:
    return " ".join(effects_at_ends(run.results, ["swap"])[0]["told"])


def test_it_is_told_which_setting_moves_the_effect_and_to_what(run, ships):
    text = told(run)
    assert "2 settings, each alone at both ends" in text
    assert "these pairs give −400 arrivals by boat (95 % interval −700 to −100)" in text
    assert "2 of 4 ends move that clearly" in text
    assert f"most of all {WORDS} (−1,600 at 1, 95 % interval −1,700 to −1,500; here 0.3, a guess)." in text
    assert "eligible" not in text, "what may be chance is not named"


def test_what_passes_a_test_of_its_own_but_not_one_for_all_that_were_looked_at_is_not_clear(run, ships):
    just = BASE | SHARE | end("low", 0.0, -510.0)  # the interval leaves zero out by a tenth of its half-width
    assert judged(pd.DataFrame([just]))[0]["clear"]
    both = judged(pd.DataFrame([just, *ENDS[2:] * 5]))
    assert 0.005 < both[0]["p"] < 0.05
    assert not both[0]["clear"]
    ships(just, *ENDS[2:] * 5)
    assert "No end moves that so far that chance can be ruled out (p below 5 % divided by the 11 ends" in told(run)
    assert "; 1 would pass a test of their own" in told(run)


def test_p_is_that_of_the_paired_t_test():
    pairs = np.array([3.0, -1.0, 4.0, 2.0, 6.0])
    mean, low, high = mean_interval(pairs)
    row = {"difference": mean, "low": low, "high": high, "replications": len(pairs)}
    row |= {"effect": mean, "effect_low": low, "effect_high": high}
    (found,) = judged(pd.DataFrame([row]))
    assert found["p"] == pytest.approx(ttest_1samp(pairs, 0.0).pvalue)


def test_it_is_told_whether_any_end_turns_the_effect_round(run, ships):
    assert "At none of them does the effect turn round." in told(run)
    ships(ENDS[0], BASE | WEIGHT | end("high", 1.0, +300.0))
    assert f"At 1 of them the effect has the other sign, clearly with {WORDS} at 1." in told(run)
    ships(ENDS[0], BASE | WEIGHT | end("high", 1.0, +50.0))
    assert "At 1 of them the effect has the other sign, at none by more than chance could." in told(run)
    ships(*ENDS[2:] * 5, BASE | WEIGHT | end("high", 1.0, +110.0))
    assert "at none by more than chance could" in told(run), "an interval just clear of zero is not, after 11 looks"


def test_an_effect_that_rises_turns_round_where_it_falls(run, ships):
    ships(*(row | {"base_mean": 400.0} for row in ENDS[:2]))
    assert f"At 2 of them the effect has the other sign, clearly with {WORDS} at 1." in told(run)


def test_the_span_is_what_one_setting_clearly_makes_of_it_not_the_most_extreme_of_chance(run, ships):
    far = BASE | SHARE | end("low", 0.0, -5000.0, half=9000.0)
    (part,) = effects_at_ends(run.results, ["swap"])
    assert f"as low as −1,600 ({WORDS}: 1) or as high as −100 ({WORDS}: 0)" in part["span"]
    ships(*ENDS[:2], far)
    assert effects_at_ends(run.results, ["swap"])[0]["span"] == part["span"]
    ships(far)
    assert "not one of them alone at an end of its range clearly" in effects_at_ends(run.results, ["swap"])[0]["span"]


def test_an_end_that_is_not_the_channel_of_today_is_left_out_and_counted(run, ships):
    missing = dict.fromkeys(("difference", "low", "high", "effect", "effect_low", "effect_high"), np.nan)
    ships(ENDS[0], ENDS[1] | missing, *ENDS[2:])
    assert "1 end is left out" in told(run)
    (part,) = effects_at_ends(run.results, ["swap"])
    assert part["rows"][1][4:6] == ["not the Channel of today at 1", "–"]
    json.dumps(part["chart"], allow_nan=False)


def test_bars_begin_at_the_effect_with_all_settings_as_they_are(run, ships):
    (part,) = effects_at_ends(run.results, ["swap"])
    text = json.dumps(part["chart"])
    assert '"x2": {"datum": -400.0}' in text
    assert '"difference": -1600.0' in text
    assert part["rows"][1][2:] == ["−100 at 0", "+300 (+200 to +400)", "−1,600 at 1", "−1,200 (−1,300 to −1,100)",
                                   "low and high"]  # fmt: skip


def test_it_holds_for_this_scenario_and_baseline_only_and_says_when_the_code_is_another(run, ships):
    ships(*(row | {"scenario_hash": "other"} for row in ENDS))
    assert effects_at_ends(run.results, ["swap"]) == []
    assert "make tornado CONFIG=swap.yaml" in shown(uncertainty(run.results))
    ships(*(row | {"code_hash": "older"} for row in ENDS))
    text = shown(uncertainty(run.results))
    assert "another version of the model" in text.partition("One setting at a time")[2]
    assert "make tornado" not in text


def test_the_page_has_a_place_for_its_chart(run, ships):
    found = uncertainty(run.results)
    assert "ends_0" in found["charts"]
    assert 'data-chart="ends_0"' in shown(found)
