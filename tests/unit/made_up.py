"""A made-up results folder: every table that the figures of a run read, with random numbers."""

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from ruamel.yaml import YAML

from sim.experiment.compare import DISPLACEMENT
from sim.figures.binding import OBSTACLES, USES, WAITS
from sim.figures.case_outcomes import GROUPS
from sim.figures.effects import OUTCOMES, PEOPLE
from sim.figures.exchange_costs import ITEMS, SIDES
from sim.metrics.displacement import KINDS, MOVED

POLICY = {"exchange": {"announced": "2025-02-01", "from": "2025-03-01", "until": "2025-07-10", "weekly_target": 50.0}}
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
        for table in ("daily", "sectors", "gangs", "pipeline", "ledger", "costs", "flows", "cases", "runs", "groups",
                      "attempts", "hazard"):  # fmt: skip
            self.write(table, pd.concat([getattr(self, table)(n, r) for n in names for r in range(replications)]))
        self.write("places", pd.DataFrame([(n, k, n.replace("_", " "), lat, lon) for n, k, lat, lon in NODES],
                                          columns=["name", "kind", "label", "lat", "lon"]))  # fmt: skip
        self.write("legs", pd.DataFrame(LEGS, columns=["start", "end", "kind", "distance_km"]))
        if baseline:
            self.write("effects", self.effects())
            self.write("displacement", self.displacement())
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
        table = table.rename(columns={"value": "boats_launched", "other": "patrol_units"})
        return table.assign(boats_prevented=table["boats_launched"] // 3)

    def gangs(self, name: str, replication: int) -> pd.DataFrame:
        table = self.entries(name, replication, "gang", ("a", "b")).rename(columns={"value": "profit_gbp"})
        return table.assign(active=1, boats=self.column(len(table)), queue=self.column(len(table)))

    def groups(self, name: str, replication: int) -> pd.DataFrame:
        table = self.entries(name, replication, "group", ("near", "far")).drop(columns=["value", "other"])
        counts = {flow: self.column(len(table)) for flow in ("arrivals", "deaths", "returned", "arrivals_in_scope")}
        chances = {belief: self.random.uniform(0, 1, len(table)) for belief in ("believed_return", "believed_stopped")}
        return table.assign(attempts=counts["arrivals"] + counts["deaths"] + 5, **counts, **chances)

    def attempts(self, name: str, replication: int) -> pd.DataFrame:
        tries = np.arange(1, 7 if self.people else 1)
        counts = {end: self.column(len(tries), 10) for end in ("arrived", "gave_up", "waiting", "died")}
        return pd.DataFrame({"scenario": name, "replication": replication, "attempts": tries, **counts})

    def hazard(self, name: str, replication: int) -> pd.DataFrame:
        edges = {"load_from": (0.0, 50.0), "load_to": (50.0, np.inf)}
        waves = {"wave_from_m": (0.0, 0.3), "wave_to_m": (0.3, np.inf)}
        bands = pd.DataFrame(edges).merge(pd.DataFrame(waves), how="cross")
        names = ("launches", "left_beach", "people_at_sea", "incidents", "deaths")
        counts = {count: self.column(len(bands), 50) for count in names}
        bands = bands.assign(**counts, deaths_squared=2 * counts["deaths"])
        return bands.assign(scenario=name, replication=replication)

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

    def displacement(self) -> pd.DataFrame:
        kinds = [(kind, *about[::2], "", "") for kind, about in KINDS.items() if kind != MOVED]
        kinds.append((MOVED, *KINDS[MOVED][::2], *SECTORS))
        policies = [(n, self.baseline, r) for n in self.names if n != self.baseline for r in range(self.replications)]
        rows = [(*policy, *kind) for policy in policies for kind in kinds]
        frame = pd.DataFrame(rows, columns=list(DISPLACEMENT[:8]))
        lost, gained = self.column(len(frame)), self.column(len(frame))
        return frame.assign(people=lost - gained, lost=lost, gained=gained)
