"""The replay's data: what is drawn is what the tables say."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_up import SECTORS
from made_up_replay import DAYS, ONE_WAY, STAGES, recorded

from sim.experiment.results import Results
from sim.report import replay as making
from sim.report.pages import as_data, environment
from sim.report.replay import replay, representative
from sim.report.replay.ground import Frame, clipped, map_data
from sim.report.replay.runs import ENDS, MINUTES_PER_DAY

NEVER = ("prevented", "intercepted", "turned_back")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return recorded(tmp_path_factory.mktemp("replay"))


@pytest.fixture(scope="module")
def shown(results: Results) -> dict[str, Any]:
    found = replay(results)
    assert found is not None
    return found


def of_run(results: Results, shown: dict[str, Any], run: dict[str, Any], table: str) -> pd.DataFrame:
    """The rows of one table that a run of the replay was made from."""
    names = ["plain", "swap"]
    frame = results.table(table)
    number = shown["replications"][run["replication"]]["replication"]
    mine: pd.DataFrame = frame[(frame["scenario"] == names[run["scenario"]]) & (frame["replication"] == number)]
    return mine


def by_launch_day(run: dict[str, Any], people: np.ndarray, ends: tuple[str, ...]) -> np.ndarray:
    """People of boats with these ends by the day of their launch."""
    boats = run["boats"]
    day = np.cumsum(boats["launched"]) // MINUTES_PER_DAY
    wanted = np.isin(boats["end"], [ENDS.index(end) for end in ends])
    return np.bincount(day, weights=np.where(wanted, people, 0), minlength=DAYS)[:DAYS]


def dead(run: dict[str, Any]) -> np.ndarray:
    found = np.zeros(len(run["boats"]["people"]), dtype=int)
    for boat, people in run["boats"]["dead"]:
        found[boat] = people
    return found


def test_boats_carry_the_people_and_the_deaths_of_each_day(shown: dict[str, Any]) -> None:
    for run in shown["runs"]:
        people, lost = np.array(run["boats"]["people"]), dead(run)
        daily = {name: np.array(values) for name, values in run["daily"].items()}
        assert lost.sum() > 0
        assert (by_launch_day(run, people - lost, (ONE_WAY,)) == daily["arrivals"]).all()
        assert (by_launch_day(run, people - lost, ("turned_back",)) == daily["turned_back"]).all()
        assert (by_launch_day(run, people, ("prevented",)) == daily["people_prevented"]).all()
        assert (by_launch_day(run, lost, ENDS) == daily["deaths"]).all()


def test_boats_come_in_the_order_of_their_hour_and_take_as_long_as_recorded(
    results: Results, shown: dict[str, Any]
) -> None:
    for run in shown["runs"]:
        table = of_run(results, shown, run, "boats").sort_values(["launched", "gang"])
        minutes = np.cumsum(run["boats"]["launched"])
        assert min(run["boats"]["launched"]) >= 0
        assert np.abs(minutes - table["launched"] * MINUTES_PER_DAY).max() <= 0.5
        assert np.abs(np.array(run["boats"]["took"]) - (table["ended"] - table["launched"]) * 1440).max() <= 0.5
        assert [shown["sectors"][i] for i in run["boats"]["sector"]] == table["sector"].tolist()


def test_a_stopped_boat_never_reaches_a_landing(shown: dict[str, Any]) -> None:
    for run in shown["runs"]:
        landed: dict[str, set[int]] = {end: set() for end in ENDS}
        for end, landing in zip(run["boats"]["end"], run["boats"]["landing"], strict=True):
            landed[ENDS[end]].add(landing)
        assert all(landed[end] == {0} for end in NEVER)
        assert landed[ONE_WAY] == {1}
        assert shown["landings"][0] == "port"


def test_crowds_patrols_and_stocks_are_those_of_the_tables(results: Results, shown: dict[str, Any]) -> None:
    for run in shown["runs"]:
        camps = of_run(results, shown, run, "camps").set_index("date")["waiting"].sort_index()
        assert run["waiting"] == [camps.tolist()]
        units = of_run(results, shown, run, "sectors")
        for place, sector in enumerate(shown["sectors"]):
            mine = units[units["sector"] == sector].sort_values("date")
            assert run["units"][place] == mine["patrol_units"].astype(int).tolist()
        stocks = of_run(results, shown, run, "pipeline")
        for stage in STAGES:
            mine = stocks[stocks["stage"] == stage].sort_values("date")
            assert run["stocks"][stage] == mine["stock"].astype(int).tolist()


def test_days_and_flights_are_those_of_the_tables(results: Results, shown: dict[str, Any]) -> None:
    for run in shown["runs"]:
        daily = of_run(results, shown, run, "daily").sort_values("date")
        for name in ("returned", "admitted", "selected"):
            assert run["daily"][name] == daily[name].tolist()
        assert run["daily"]["waves_cm"] == np.rint(daily["wave_height_m"] * 100).astype(int).tolist()
        assert run["daily"]["price"] == daily["price_gbp"].tolist()
        policy = shown["scenarios"][run["scenario"]]["exchange"] is not None
        assert run["flights"] == ([[80, 20, 12, 9, 0], [82, 20, 5, 0, 1]] if policy else [])


def test_dates_count_from_the_first_day(shown: dict[str, Any]) -> None:
    assert (shown["start"], shown["days"]) == ("2025-01-01", DAYS)
    plain, swap = shown["scenarios"]
    assert (plain["baseline"], swap["baseline"]) == (True, False)
    assert plain["measured"] == swap["measured"] == [59, DAYS]
    assert (plain["exchange"], swap["exchange"]) == (None, [59, DAYS])  # in force from 1 March, past the last day


def test_beds_are_told_when_their_number_changes(results: Results, shown: dict[str, Any]) -> None:
    for run in shown["runs"]:
        weekly = of_run(results, shown, run, "ledger").sort_values("week")["beds"].astype(int).tolist()
        told = dict(run["beds"])
        now = [told.get(7 * week, -1) for week in range(len(weekly))]
        for week, beds in enumerate(weekly):
            assert (now[week] if now[week] >= 0 else weekly[week - 1]) == beds
        assert all(day % 7 == 0 for day in told)


def test_without_its_tables_there_is_no_replay(tmp_path: Path) -> None:
    results = recorded(tmp_path)
    for name in ("boats", "camps", "legs"):
        path = tmp_path / f"{name}.parquet"
        kept = path.read_bytes()
        path.unlink()
        assert replay(results) is None
        path.write_bytes(kept)
    assert replay(results) is not None


def test_results_in_which_nobody_moves_have_no_replay(tmp_path: Path) -> None:
    results = recorded(tmp_path)
    for name, nothing in (("boats", {}), ("camps", {"waiting": 0})):
        table = results.table(name)
        (table.iloc[:0] if name == "boats" else table.assign(**nothing)).to_parquet(tmp_path / f"{name}.parquet")
    assert replay(results) is None


def test_the_typical_replication_comes_first_then_the_fewest_and_the_most_arrivals() -> None:
    rows = [(name, r, n) for name in ("plain", "swap") for r, n in enumerate((50, 10, 90, 48, 70))]
    runs = pd.DataFrame(rows, columns=["scenario", "replication", "arrivals"]).assign(deaths=7)
    assert list(representative(runs, "plain")) == [0, 1, 2]
    only = runs[runs["replication"] == 3]
    assert list(representative(only, "plain")) == [3]
    assert "only" in representative(only, "plain")[3]


def test_the_replications_with_the_fewest_and_the_most_arrivals_are_called_so() -> None:
    rows = [("plain", r, n) for r, n in enumerate((50, 10, 90))]
    why = representative(pd.DataFrame(rows, columns=["scenario", "replication", "arrivals"]).assign(deaths=7), "plain")
    assert (why[1], why[2]) == ("fewest arrivals", "most arrivals")


def test_a_replication_with_far_more_dead_than_most_is_not_the_typical_one() -> None:
    arrivals, deaths = (50, 10, 90, 48, 70), (85, 20, 30, 26, 25)
    rows = [("plain", r, *both) for r, both in enumerate(zip(arrivals, deaths, strict=True))]
    runs = pd.DataFrame(rows, columns=["scenario", "replication", "arrivals", "deaths"])
    assert next(iter(representative(runs, "plain"))) == 3


def test_a_replication_that_a_scenario_lacks_is_not_shown() -> None:
    rows = [("plain", 0, 50), ("plain", 1, 60), ("plain", 2, 70), ("swap", 0, 5), ("swap", 2, 5)]
    runs = pd.DataFrame(rows, columns=["scenario", "replication", "arrivals"]).assign(deaths=7)
    assert set(representative(runs, "plain")) == {0, 2}


def test_a_large_replay_keeps_fewer_replications_then_fewer_scenarios(
    results: Results, shown: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    each = max(len(json.dumps(run, separators=(",", ":"))) for run in shown["runs"])
    assert len(shown["runs"]) == 2 * len(shown["replications"]) > 2
    monkeypatch.setattr(making, "BYTES_PER_SCENARIO", each + 10)
    fewer = replay(results)
    assert fewer is not None
    assert [len(fewer[key]) for key in ("runs", "replications", "scenarios", "left_out")] == [2, 1, 2, 0]
    assert fewer["replications"] == shown["replications"][:1]
    monkeypatch.setattr(making, "MOST_BYTES", each + 10)
    least = replay(results)
    assert least is not None
    assert [len(least[key]) for key in ("runs", "replications", "scenarios")] == [1, 1, 1]
    assert least["left_out"] == ["Swap"]


def test_without_a_baseline_each_scenario_stands_alone(tmp_path: Path) -> None:
    shown = replay(recorded(tmp_path, names=("swap",), baseline="", replications=1))
    assert shown is not None
    assert [one["baseline"] for one in shown["scenarios"]] == [False]
    assert [one["why"] for one in shown["replications"]] == ["the only one"]


def test_ways_over_the_sea_bend_towards_their_corridor(results: Results) -> None:
    data = map_data(results.table("places"), results.table("legs"))
    strait = Frame.around(results.table("places").query("kind == 'sector'")).at(1.6, 51.0)
    assert {(s, land, (x, y)) for s, land, x, y in data["routes"]} == {(s, "port", strait) for s in SECTORS}


def test_a_crossing_elsewhere_gets_a_frame_of_its_own(results: Results) -> None:
    places = results.table("places").assign(lat=lambda p: p["lat"] - 12, lon=lambda p: p["lon"] + 25)
    data = map_data(places, results.table("legs"))
    assert data["land"] == []
    assert "No coastline" in data["attribution"]
    crossing = [p for p in data["places"] if p["kind"] in ("camp", "sector", "landing")]
    assert all(0 < p["x"] < data["width"] and 0 < p["y"] < data["height"] for p in crossing)


def test_the_channel_is_drawn_with_its_coast_and_true_proportions(results: Results) -> None:
    data = map_data(results.table("places"), results.table("legs"))
    port, beach = (next(p for p in data["places"] if p["name"] == name) for name in ("port", "north_beach"))
    km = np.hypot(port["x"] - beach["x"], port["y"] - beach["y"]) / 10
    assert km == pytest.approx(65, abs=2)  # 51.1 N 1.33 E to 51.04 N 2.26 E
    assert len(data["land"]) > 2
    xs = [x for ring in data["land"] for x in ring[::2]]
    assert min(xs) < 0 < data["width"] < max(xs)  # land goes on beyond the frame, so that no edge shows


def test_a_ring_outside_the_box_is_clipped_away() -> None:
    assert clipped([(5.0, 5.0), (6.0, 5.0), (6.0, 6.0)], (0.0, 1.0, 0.0, 1.0)) == []


def test_names_with_markup_pass_through_as_text(tmp_path: Path) -> None:
    results = recorded(tmp_path)
    wicked = '</script><b title="x">&'
    places = results.table("places")
    places.assign(label=wicked).to_parquet(tmp_path / "places.parquet")
    shown = replay(results)
    assert shown is not None
    assert {place["label"] for place in shown["map"]["places"]} == {wicked}
    page = environment().get_template("replay.html").render(replay=shown)
    assert wicked not in page
    assert json.loads(str(as_data(shown))) == json.loads(json.dumps(shown))


def test_the_fragment_holds_the_data_and_every_control(shown: dict[str, Any]) -> None:
    page = environment().get_template("replay.html").render(replay=shown)
    for name in ("play", "speed", "date", "scenario", "replication", "data", "text"):
        assert page.count(f'id="replay-{name}"') == 1
    held = page.split('id="replay-data">')[1].split("</script>")[0]
    assert json.loads(held)["days"] == DAYS
    assert environment().get_template("replay.html").render(replay=None).strip() == ""


def test_no_script_puts_data_into_the_page_as_markup() -> None:
    scripts = list((Path(making.__file__).parents[1] / "static").glob("replay*.js"))
    assert len(scripts) > 5
    for script in scripts:
        text = script.read_text()
        assert "innerHTML" not in text
        assert "insertAdjacentHTML" not in text
        assert len(text.splitlines()) <= 300
