"""Figures of the exchange: what they count, what they say, and when there is nothing to draw."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from ruamel.yaml import YAML

from sim.domain.cases import CaseEnd
from sim.experiment.results import Results
from sim.figures import binding, case_outcomes, draw_all, exchange_costs, exchange_weekly, pipeline
from sim.figures.run import Shown
from sim.figures.style import policy_pen
from sim.metrics.binding import BINDS, binding_stage
from sim.records.costs import ITEMS

FIGURES = (binding, case_outcomes, exchange_costs, exchange_weekly, pipeline)
START, WEEKS = pd.Timestamp("2025-01-01"), 6
KEYS = {"scenario": "swap", "replication": 0}


def swap(name: str = "swap", index: int = 0) -> Shown:
    exchange = {"from": "2025-01-08", "until": "2025-02-05", "announced": None}
    return Shown(name, policy_pen(index), False, START, START, START + pd.Timedelta(weeks=WEEKS), exchange)


def metrics(**given: float) -> dict[str, float]:
    """A week's arrivals: 100 eligible, half of them chosen by lot, 20 selected, 30 without a bed."""
    people = {"selected": 20, "passed_over_lot": 50, "passed_over_beds": 30, "passed_over_target": 0}
    uses = {"passed_over_parity": 0, "bed_use": 0.9, "casework_use": 0.2, "seat_use": 0.5, "delivered_share": 0.4}
    waits = dict(zip(binding.WAITS, (0.1, 0.6, 0.1, 0.15, 0.05), strict=True))
    costs = {"cost_per_return_gbp": 20_000.0, "cost_per_admission_gbp": 15_000.0}
    return {**people, **uses, **waits, **costs, "returned_per_week": 20.0, "returned": 20.0, **given}


def folder(path: Path, names: tuple[str, ...] = ("swap",), left_out: str = "", **given: float) -> Results:
    """The tables of short runs, two replications a scenario: open for four of six weeks, with nine cases each."""
    runs = [{"scenario": name, "replication": r, **metrics(**given)} for name in names for r in (0, 1)]
    keys = pd.DataFrame(runs)[["scenario", "replication"]]
    ledger = {"week": week_names(), "open_days": [0, 7, 7, 7, 7, 0], "weekly_target": [0, 50, 50, 50, 50, 0]}
    ledger |= {name: [0, 0, 9, 8, 7, 0] for name in ("returned", "admitted", "ledger_gap", "promised")}
    ledger |= {"beds": 100, "returns_paused_days": [0, 0, 2, 0, 0, 0], "admissions_paused_days": 0}
    days = pd.date_range(START, periods=7 * WEEKS).strftime("%Y-%m-%d")
    tables = {
        "runs": pd.DataFrame(runs),
        "ledger": keys.merge(pd.DataFrame(ledger), how="cross"),
        "cases": keys.merge(cases([*case_outcomes.GROUPS]), how="cross"),
        "costs": keys.merge(costs(days[8]), how="cross"),
        "pipeline": keys.merge(pd.DataFrame({"date": days, "stage": "seat", "stock": 3.0}), how="cross"),
    }
    for name, table in tables.items():
        if name != left_out:
            table.to_parquet(path / f"{name}.parquet", index=False)
    levers = [{"exchange": {"from": "2025-01-08", "until": "2025-02-05", "weekly_target": 50.0}}]
    about = {"start": "2025-01-01", "measure_from": "2025-01-01", "until": "2025-02-12", "levers": levers}
    with (path / "scenario.yaml").open("w") as file:
        YAML(typ="safe").dump({"baseline": "none", "scenarios": dict.fromkeys(names, about)}, file)
    (path / "provenance.json").write_text(json.dumps({"baseline": None}))
    return Results(path)


def week_names() -> list[str]:
    return pd.date_range(START, periods=WEEKS, freq="7D").strftime("%Y-%m-%d").tolist()


def cases(ends: list[str], arrived: float = 6.5, selected: float = 7.5, ended: float = 26.5) -> pd.DataFrame:
    return pd.DataFrame({"end": ends, "arrived_day": arrived, "selected_day": selected, "end_day": ended})


def costs(day: str) -> pd.DataFrame:
    """A million for each item on one day."""
    table = pd.DataFrame({"item": list(ITEMS), "of_exchange": [item.of_exchange for item in ITEMS.values()]})
    return table.assign(date=day, gbp=1e6)


def scale(name: str = "swap", target: float = 50.0, **given: float) -> binding.Scale:
    mean = metrics(**given)
    became = {part: mean[part if part == "selected" else f"passed_over_{part}"] for part in binding.BECAME}
    uses, waits = ({n: mean[n] for n in names} for names in (binding.USES, binding.WAITS))
    returned = (mean["returned_per_week"],)
    return binding.Scale(swap(name), target, returned, became, uses, waits, binding_stage(mean))


def texts(figure: Figure) -> str:
    found = [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_visible()]
    return "\n".join(text.get_text().replace("\n", " ") for text in found)


def test_everything_that_can_bind_has_words() -> None:
    assert set(binding.BINDS) == set(BINDS)
    assert set(binding.OBSTACLES) < set(binding.BECAME)


def test_scales_bound_alike_share_a_sentence() -> None:
    found = [scale(), scale("more", 200.0, returned_per_week=22.0), scale("most", 500.0, passed_over_parity=31)]
    assert binding.finding(found) == (
        "Beds bind from 50 to 200 a week: 20 to 22 returned a week, and 60 % of bed-days wait for France's reply. "
        "Parity with admissions binds at 500 a week: 20 returned a week."
    )


def test_the_obstacle_is_told_as_a_share_of_those_chosen_by_lot() -> None:
    assert binding.obstacle(scale()) == "60 % of those chosen by lot: no free bed"
    assert binding.obstacle(scale(selected=99, passed_over_beds=1)) == "99 % of those chosen by lot were selected"
    assert binding.obstacle(scale(selected=0, passed_over_beds=0)) == "nobody was chosen by lot"


def test_the_longest_wait_is_told_as_a_share_of_bed_days() -> None:
    assert binding.longest_wait(scale()) == "60 % of bed-days: France's reply"
    assert binding.longest_wait(scale(**dict.fromkeys(binding.WAITS, np.nan))) == "no bed was used"


def test_every_end_of_a_case_belongs_to_an_outcome() -> None:
    ends = {end.name.lower() for end in CaseEnd} | {""}
    assert set(case_outcomes.GROUPS) == ends == set(pipeline.ENDS)
    assert set(case_outcomes.GROUPS.values()) == set(case_outcomes.OUTCOMES)


def test_an_end_that_the_figure_does_not_know_is_an_error() -> None:
    with pytest.raises(KeyError, match="lost"):
        case_outcomes.dated_cases(cases(["lost"]), START)


def test_cases_are_counted_by_whole_weeks_of_selection_and_outcome() -> None:
    first, last = START + pd.Timedelta(days=7), START + pd.Timedelta(days=24)
    begun = pd.concat([cases(["returned", "returned", ""]), cases(["voided"], selected=14.0), cases([""], selected=23)])
    counted = case_outcomes.outcomes(case_outcomes.dated_cases(begun, START), first, last, 2)
    assert counted["returned"].tolist() == [1.0, 0.0]
    assert counted["void"].tolist() == [0.0, 0.5]
    assert counted["open"].tolist() == [0.5, 0.0]


def test_days_to_return_count_from_arrival_by_week_of_return() -> None:
    begun = pd.concat([cases(["returned", "voided"]), cases(["returned"], ended=40.0)]).assign(replication=0)
    days = case_outcomes.days_to_return(case_outcomes.dated_cases(begun, START), START)[0.5]
    assert days.index.tolist() == pd.date_range("2025-01-22", periods=3, freq="7D").tolist()
    assert days[0.5].dropna().tolist() == [20.0, 33.5]


def test_the_finding_on_cases_counts_a_replication() -> None:
    begun = case_outcomes.dated_cases(cases(["returned", "voided", "returned", ""]), START)
    said = "Swap: of 2 cases begun, 50 % returned, half within 20 days of arrival and nine in ten within 20."
    assert case_outcomes.finding(begun, swap(), 2) == said
    assert case_outcomes.finding(begun[1:2], swap(), 1) == "Swap: of 1 cases begun, 0 % returned."


def test_costs_are_summed_over_the_measured_window_and_the_exchange_only() -> None:
    table = pd.concat([costs("2024-12-31"), costs("2025-01-01"), costs("2025-02-11"), costs("2025-02-12")])
    total = exchange_costs.totals(table.assign(**KEYS), swap())
    assert total.to_numpy().tolist() == [[2.0] * len(exchange_costs.ITEMS)]


def test_every_cost_of_the_exchange_lies_on_one_side_of_the_accounts() -> None:
    sides = [item for side in exchange_costs.SIDES for item in side.items]
    assert sorted(sides) == sorted(exchange_costs.ITEMS) == sorted(n for n, item in ITEMS.items() if item.of_exchange)
    assert set(exchange_costs.SIDES[-1].items) == {n for n, i in ITEMS.items() if i.of_exchange and i.payer == "fr"}


def test_the_finding_on_costs_tells_each_person_s_share() -> None:
    total = exchange_costs.totals(costs("2025-01-01").assign(**KEYS), swap())
    runs = pd.DataFrame([metrics()])
    assert exchange_costs.finding(runs, total, swap()) == (
        "Swap: GBP 4.0 million for returns (20,000 each), 2.0 million for admissions (15,000 each), "
        "2.0 million for France."
    )


def test_a_week_counts_as_paused_in_the_share_of_replications_that_paused() -> None:
    weekly = pd.DataFrame({"week": [1, 1, 2, 2], "returns_paused_days": [0, 3, 0, 0]})
    assert exchange_weekly.paused(weekly, "returns_paused_days").to_dict() == {1: 0.5}


@pytest.mark.parametrize("names", [("swap",), ("swap", "more", "much_more", "most", "all")])
def test_one_scenario_and_many_are_drawn(tmp_path: Path, names: tuple[str, ...]) -> None:
    results = folder(tmp_path, names)
    for figure in (module.draw(results) for module in FIGURES):
        assert figure is not None
        said = texts(figure)
        assert "Simulation: 2 replications" in said
        assert all(name.replace("_", " ").capitalize() in said for name in names)


@pytest.mark.parametrize(
    ("module", "table"),
    [(module, "ledger") for module in FIGURES] + [(case_outcomes, "cases"), (exchange_costs, "costs")],
)
def test_without_its_tables_a_figure_is_not_drawn(tmp_path: Path, module: object, table: str) -> None:
    assert module.draw(folder(tmp_path, left_out=table)) is None  # type: ignore[attr-defined]


def test_an_exchange_that_never_opened_is_not_drawn(tmp_path: Path) -> None:
    results = folder(tmp_path)
    results.table("ledger").assign(open_days=0).to_parquet(tmp_path / "ledger.parquet")
    assert [module.draw(results) for module in FIGURES] == [None] * len(FIGURES)


def test_a_figure_that_the_tables_no_longer_allow_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.figures.figure_names", lambda: ["effects"])
    stale = tmp_path / "figures" / "effects.png"
    stale.parent.mkdir()
    stale.touch()
    draw_all(folder(tmp_path))
    assert not stale.exists()


def test_unknown_uses_and_waits_are_dashes(tmp_path: Path) -> None:
    unknown = dict.fromkeys((*binding.USES, *binding.WAITS), np.nan)
    figure = binding.draw(folder(tmp_path, **unknown))
    assert figure is not None
    assert "no bed was used" in texts(figure)
    assert "\N{EN DASH}" in texts(figure).splitlines()
