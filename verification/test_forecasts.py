"""Whether forecasts are as sure as they say, on a made-up coast that made the series they are told."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "unit"))  # for `toy_coast`

import toy_coast

from sim.experiment.forecasts import forecast as forecasting
from sim.experiment.forecasts import members
from sim.experiment.forecasts.asked import Asked, read_question
from sim.experiment.forecasts.quantiles import read_forecast
from sim.experiment.forecasts.settings import read_method
from sim.experiment.study import Options
from sim.scenario import load_scenario

HISTORIES, MEMBERS, LEVEL = 24, 40, 30_000


def history(seed: int) -> pd.DataFrame:
    """A series whose level walks from quarter to quarter as the method supposes."""
    method, draws = read_method(), np.random.default_rng(seed)
    step = method.walk_per_year * method.level_years**0.5
    starts = [f"{at:%Y-%m-%d}" for at in pd.date_range("2020-01-01", periods=20, freq="3MS")]
    off, levels = 0.0, {}
    for start in starts:
        off = method.level_kept * off + step * draws.standard_normal()
        levels[start] = LEVEL * float(np.exp(off))
    return toy_coast.series(levels, 40, 100 + seed, "2024-12-31")


def test_intervals_of_a_year_ahead_hold_what_they_say(tmp_path, monkeypatch):
    """Months of one history are not independent, so each history counts as one draw of a share."""
    monkeypatch.setattr(members, "POSTERIOR", Path("nowhere"))
    monkeypatch.setattr(forecasting, "run_members", toy_coast.run_members)
    held = {0.5: [], 0.9: []}
    for seed in range(HISTORIES):
        file = tmp_path / f"{seed}.csv"
        truth = history(seed)
        truth.to_csv(file, index_label="date")
        asked = Asked("2023-12-31", "2024-12-31", MEMBERS, series=file, metrics=["arrivals"])
        question = read_question(lambda: load_scenario("no_exchange"), asked)
        results = forecasting.forecast(question, Options(workers=1, executor="serial", out=tmp_path / str(seed)))
        outlook = next(o for o in read_forecast(str(results.folder)).outlooks if o.period == "month")
        seen = truth["people"].resample("MS").sum()[outlook.starts].to_numpy()
        for stated, (low, high) in {0.5: (3, 5), 0.9: (1, 7)}.items():
            inside = (outlook.quantiles[:, low] <= seen) & (seen <= outlook.quantiles[:, high])
            held[stated].append(inside.mean())
    for stated, shares in held.items():
        error = np.std(shares, ddof=1) / HISTORIES**0.5
        assert np.mean(shares) == pytest.approx(stated, abs=max(3 * error, 0.05)), stated
