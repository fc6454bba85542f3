"""Figures: drawn from tables alone, honest about units and sources, the same each time."""

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from ruamel.yaml import YAML

from sim.experiment.results import Results
from sim.figures import draw, draw_all, figure_names
from sim.figures import effects as effects_figure
from sim.figures.binding import OBSTACLES, USES, WAITS
from sim.figures.case_outcomes import GROUPS
from sim.figures.effects import OUTCOMES, PEOPLE
from sim.figures.exchange_costs import ITEMS, SIDES
from sim.figures.run import scenarios

POLICY = {"exchange": {"announced": "2025-02-01", "from": "2025-03-01", "until": "2025-07-10", "weekly_target": 50.0}}
OF_EXCHANGE = {"binding", "case_outcomes", "exchange_costs", "exchange_weekly", "pipeline"}
NAMED = {"binding", "effects", "exchange_costs", "map", "pipeline"}  # their rows are named, not measured
ANSWERS = {"breakeven", "tornado"}  # figures of other answers than a run of scenarios
SECTORS = ("north_beach", "south_beach")
STAGES = ("awaiting_reply", "awaiting_request", "seat", "bed", "reception", "applicant", "checks", "weekly_target")
LEDGER = ("weekly_target", "returned", "admitted", "ledger_gap", "promised", "beds", "returns_paused_days",
          "admissions_paused_days")  # fmt: skip
PASSED_OVER = [f"passed_over_{why}" for why in ("lot", *OBSTACLES)]
EXCHANGE = (
    "selected",
    *PASSED_OVER,
    *USES,
    *WAITS,
    "delivered_share",
    "returned_per_week",
    *(s.each for s in SIDES[:2]),
)
NODES = (
    ("old_camp", "camp", 51.0, 2.2), ("north_beach", "sector", 51.04, 2.26), ("south_beach", "sector", 50.5, 1.56),
    ("strait", "corridor", 51.0, 1.6), ("port", "landing", 51.1, 1.33), ("hall", "centre", 51.3, 1.34),
    ("far_away", "origin", 20.0, 30.0),
)  # fmt: skip
LEGS = (
    ("old_camp", "north_beach", "land", 8.0), ("old_camp", "south_beach", "land", 60.0),
    ("north_beach", "strait", "sea", 30.0), ("south_beach", "strait", "sea", 50.0), ("strait", "port", "sea", 20.0),
    ("port", "hall", "administrative", 30.0), ("far_away", "old_camp", "land", 5000.0),
)  # fmt: skip


class Fake:
    """A results folder with made-up numbers."""

    def __init__(
        self, folder: Path, names: tuple[str, ...] = ("plain", "swap"), replications: int = 3, baseline: str = "plain",
        start: str = "2025-01-01", days: int = 190, people: float = 100.0,
    ) -> None:  # fmt: skip
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.names, self.replications, self.baseline = folder, names, replications, baseline
        self.dates = pd.date_range(start, periods=days).strftime("%Y-%m-%d")
        self.until = (pd.Timestamp(start) + pd.Timedelta(days=days)).strftime("%Y-%m-%d")
        self.start, self.people, self.random = start, people, np.random.default_rng(1)
        for table in ("daily", "sectors", "gangs", "pipeline", "ledger", "costs", "flows", "cases", "runs"):
            self.write(table, pd.concat([getattr(self, table)(n, r) for n in names for r in range(replications)]))
        self.write("places", pd.DataFrame([(n, k, n.replace("_", " "), lat, lon) for n, k, lat, lon in NODES],
                                          columns=["name", "kind", "label", "lat", "lon"]))  # fmt: skip
        self.write("legs", pd.DataFrame(LEGS, columns=["start", "end", "kind", "distance_km"]))
        if baseline:
            self.write("effects", self.effects())
        self.describe()

    def write(self, name: str, table: pd.DataFrame) -> None:
        table.to_parquet(self.folder / f"{name}.parquet", index=False)

    def describe(self) -> None:
        known = {
            name: {
                "start": self.start, "measure_from": "2025-03-01", "until": self.until, "question": "?",
                "levers": [POLICY] if self.exchanges(name) else [],
            }
            for name in self.names
        }  # fmt: skip
        settings = {"exchange.beds": {"value": 100}}
        document = {"baseline": self.baseline or "none", "scenarios": known, "settings": settings}
        with (self.folder / "scenario.yaml").open("w") as file:
            YAML(typ="safe").dump(document, file)
        (self.folder / "provenance.json").write_text(json.dumps({"baseline": self.baseline or None}))

    def exchanges(self, name: str) -> bool:
        return name != self.baseline and not name.startswith("no_")

    def column(self, size: int, scale: float = 1.0) -> npt.NDArray[np.float64]:
        return np.round(self.random.uniform(0, 1, size) * scale * self.people)

    def daily(self, name: str, replication: int) -> pd.DataFrame:
        columns = ("arrivals", "boats_launched", "returned", "admitted", "ledger_gap", "price_gbp", "gangs_active")
        values = {column: self.column(len(self.dates)) for column in columns}
        return pd.DataFrame({"scenario": name, "replication": replication, "date": self.dates, **values})

    def entries(self, name: str, replication: int, entry: str, labels: tuple[str, ...]) -> pd.DataFrame:
        size = len(self.dates) * len(labels)
        frame = pd.DataFrame({"scenario": name, "replication": replication, "date": np.repeat(self.dates, len(labels))})
        return frame.assign(**{entry: labels * len(self.dates)}, value=self.column(size), other=self.column(size))

    def sectors(self, name: str, replication: int) -> pd.DataFrame:
        table = self.entries(name, replication, "sector", SECTORS)
        return table.rename(columns={"value": "boats_launched", "other": "patrol_units"})

    def gangs(self, name: str, replication: int) -> pd.DataFrame:
        return self.entries(name, replication, "gang", ("a", "b")).rename(columns={"value": "profit_gbp"})

    def pipeline(self, name: str, replication: int) -> pd.DataFrame:
        return self.entries(name, replication, "stage", STAGES).rename(columns={"value": "stock", "other": "entered"})

    def flows(self, name: str, replication: int) -> pd.DataFrame:
        ways = [("old_camp", sector) for sector in SECTORS] + [(sector, "port") for sector in SECTORS]
        frame = pd.DataFrame(ways, columns=["start", "end"]).assign(people=self.column(len(ways), 50))
        return frame.assign(scenario=name, replication=replication)

    def cases(self, name: str, replication: int) -> pd.DataFrame:
        days = self.column(len(GROUPS), 0.3)
        frame = pd.DataFrame({"scenario": name, "replication": replication, "end": [*GROUPS], "arrived_day": days})
        return frame.assign(selected_day=70 + days, end_day=80 + 2 * days)

    def ledger(self, name: str, replication: int) -> pd.DataFrame:
        weeks = pd.date_range(self.start, periods=-(-len(self.dates) // 7), freq="7D")
        open_days = np.where((weeks >= "2025-03-01") & self.exchanges(name), 7, 0)
        values = {column: self.column(len(weeks)) for column in LEDGER}
        frame = pd.DataFrame({"scenario": name, "replication": replication, "week": weeks.strftime("%Y-%m-%d")})
        return frame.assign(open_days=open_days, **values)

    def costs(self, name: str, replication: int) -> pd.DataFrame:
        return (
            self.entries(name, replication, "item", tuple(ITEMS))
            .assign(of_exchange=True)
            .rename({"value": "gbp"}, axis=1)
        )

    def runs(self, name: str, replication: int) -> pd.DataFrame:
        values = {metric: self.column(1, 10) for metric in (*OUTCOMES, *PEOPLE, *EXCHANGE)}
        paired = ("deterred", "displaced_mode", "displaced_space", "displaced_time")
        missing = dict.fromkeys(paired, np.nan) if name == self.baseline else {}
        return pd.DataFrame({"scenario": name, "replication": replication, **values, **missing}, index=[0])

    def effects(self) -> pd.DataFrame:
        low = np.nan if self.replications == 1 else -50.0
        rows = [
            (name, self.baseline, metric, "people", -10.0, low, -low / 2, np.nan, self.replications)
            for name in self.names if name != self.baseline for metric in dict.fromkeys((*OUTCOMES, *PEOPLE))
        ]  # fmt: skip
        columns = ["scenario", "baseline", "metric", "unit", "difference", "low", "high", "relative", "replications"]
        return pd.DataFrame(rows, columns=columns)


def drawn(folder: Path) -> dict[str, Figure]:
    figures = {name: draw(name, Results(folder)) for name in figure_names()}
    return {name: figure for name, figure in figures.items() if figure is not None}


def texts(figure: Figure) -> str:
    """All words on a figure, line breaks as spaces; titles and labels are set when it is laid out."""
    found = [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_visible()]
    return "\n".join(text.get_text().replace("\n", " ") for text in found)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Fake(tmp_path_factory.mktemp("pair")).folder


@pytest.fixture(scope="module")
def figures(pair: Path) -> dict[str, Figure]:
    return drawn(pair)


@pytest.fixture(scope="module")
def words(figures: dict[str, Figure]) -> dict[str, str]:
    return {name: texts(figure) for name, figure in figures.items()}


def test_a_pair_with_an_exchange_draws_every_figure(figures: dict[str, Figure]) -> None:
    assert list(figures) == [name for name in figure_names() if name not in ANSWERS]
    assert len(figures) >= 8


def test_every_axis_says_what_it_measures(figures: dict[str, Figure]) -> None:
    for name, figure in figures.items():
        for axes in figure.axes:
            place = axes.get_subplotspec()
            if axes.axison and place is not None:
                named = bool(axes.get_yticklabels() and name in NAMED)
                assert axes.get_ylabel() or named or not place.is_first_col(), name
                assert axes.get_xlabel() or not place.is_last_row(), name


@pytest.mark.parametrize(
    ("figure", "unit"),
    [
        ("cumulative", "Arrivals since 1 January (people)"), ("monthly", "Arrivals (people a month)"),
        ("map", "Longitude (degrees east)"), ("map", "People in the measured window"),
        ("exchange_weekly", "(people a week)"), ("pipeline", "Cases a replication"), ("pipeline", "People"),
        ("binding", "People a week"), ("binding", "Share of eligible arrivals (%)"), ("binding", "of bed-days (%)"),
        ("case_outcomes", "(people a week)"), ("case_outcomes", "Days from arrival"), ("exchange_costs", "Million GBP"),
        ("effects", "Difference (% of the baseline's mean)"), ("market", "GBP a person"),
        ("market", "Thousand GBP a week"), ("sectors", "(%)"),
    ],
)  # fmt: skip
def test_axes_name_their_units(words: dict[str, str], figure: str, unit: str) -> None:
    assert unit in words[figure]


def test_every_figure_says_how_many_runs_stand_behind_it(words: dict[str, str]) -> None:
    for name, said in words.items():
        assert "Simulation: 3 " in said, name


def test_figures_name_the_sources_of_their_data(words: dict[str, str]) -> None:
    for name in ("cumulative", "monthly"):
        assert "Observed: Home Office HO_TS_20260821, to 30 June 2025." in words[name]
    assert "Made with Natural Earth" in words["map"]


def test_every_scenario_of_the_tables_appears(tmp_path: Path) -> None:
    names = ("plain", "no_tents", "swap", "swap_more", "swap_most")
    found = drawn(Fake(tmp_path, names, replications=2, days=100).folder)
    for name, figure in found.items():
        said = texts(figure)
        policies = names[2:] if name in OF_EXCHANGE else names
        assert all(policy.replace("_", " ").capitalize() in said for policy in policies), name


@pytest.fixture
def two_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Saving takes time: two figures stand for all."""
    monkeypatch.setattr("sim.figures.figure_names", lambda: ["effects", "monthly"])


@pytest.mark.usefixtures("two_figures")
def test_drawing_again_gives_the_same_svg(pair: Path) -> None:
    first = {path.name: path.read_bytes() for path in draw_all(Results(pair)) if path.suffix == ".svg"}
    again = {path.name: path.read_bytes() for path in draw_all(Results(pair)) if path.suffix == ".svg"}
    assert first == again
    assert not any(b"dc:date" in svg for svg in first.values())


@pytest.mark.usefixtures("two_figures")
def test_pictures_lie_in_the_results_folder_and_are_small(pair: Path) -> None:
    paths = draw_all(Results(pair))
    folder = pair / "figures"
    assert paths == [folder / name for name in ("effects.png", "effects.svg", "monthly.png", "monthly.svg")]
    assert all(path.stat().st_size < 400_000 for path in paths if path.suffix == ".png")


def test_a_run_without_exchange_draws_no_exchange_figure(tmp_path: Path) -> None:
    found = drawn(Fake(tmp_path, ("plain",), replications=1, baseline="plain", days=100).folder)
    assert not {*OF_EXCHANGE, "effects"} & set(found)
    assert {"cumulative", "monthly", "map", "market", "sectors"} <= set(found)


def test_without_baseline_there_is_no_effect_to_draw(tmp_path: Path) -> None:
    fake = Fake(tmp_path, ("swap",), baseline="", days=100)
    assert effects_figure.draw(Results(fake.folder)) is None


def test_one_replication_shows_no_bands_and_says_so(tmp_path: Path) -> None:
    found = drawn(Fake(tmp_path, replications=1, days=100).folder)
    assert "no spread can be shown" in texts(found["monthly"])
    assert "One pair has no interval" in texts(found["effects"])


def test_a_sea_that_nobody_crosses_still_draws(tmp_path: Path) -> None:
    found = drawn(Fake(tmp_path, people=0.0, days=100).folder)
    assert all(texts(figure) for figure in found.values())
    assert set(found) == set(figure_names()) - ANSWERS


def test_missing_prices_still_draw(tmp_path: Path) -> None:
    fake = Fake(tmp_path, replications=2, days=100)
    daily = Results(tmp_path).table("daily").assign(price_gbp=np.nan)
    fake.write("daily", daily)
    assert "Asking price of a seat" in texts(drawn(tmp_path)["market"])


def test_without_places_there_is_no_map(tmp_path: Path) -> None:
    (Fake(tmp_path, replications=1, days=60).folder / "places.parquet").unlink()
    assert "map" not in drawn(tmp_path)


def test_a_run_that_sees_no_first_of_january_has_no_cumulative_figure(tmp_path: Path) -> None:
    assert "cumulative" not in drawn(Fake(tmp_path, start="2025-02-01", replications=1, days=90).folder)


def test_scenarios_keep_their_pens_from_figure_to_figure(pair: Path) -> None:
    first, again = scenarios(Results(pair)), scenarios(Results(pair))
    assert [s.pen for s in first] == [s.pen for s in again]
    assert [s.name for s in first] == ["plain", "swap"]
    assert first[0].baseline
