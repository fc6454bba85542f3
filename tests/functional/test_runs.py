"""Runs on a pool, in any order, killed and resumed: the same files, and no finished run is run again."""

import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from worlds import toy, with_exchange

from sim.experiment.runner import Execution, run_all, run_key
from sim.experiment.store import Store
from sim.experiment.worker import RunFailedError
from sim.scenario import Scenario

REPLICATIONS = range(6)
SCRIPT = """
import pickle, sys
from pathlib import Path
from sim.experiment.runner import Execution, run_all

if __name__ == "__main__":
    folder, executor, workers = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    scenario = pickle.loads((folder / "scenario.pickle").read_bytes())
    run_all([scenario], range(6), Execution(folder / "store", workers, executor))
"""


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return toy({**with_exchange(), "patrols.units": 6, "legal_route.other_applicants_per_week": 10})


def files(store: Path) -> dict[str, bytes]:
    """Every table of a store, byte for byte, and every run's metrics (its wall-clock time apart)."""
    found = {str(p.relative_to(store)): p for p in store.glob("runs/*/*/*/*.parquet")}
    facts = {name: pq.ParquetFile(p).read().to_pylist()[0] for name, p in found.items() if p.stem == "run"}
    tables = {name: p.read_bytes() for name, p in found.items() if p.stem != "run"}
    return tables | {name: repr({**fact, "wall_s": 0}).encode() for name, fact in facts.items()}


def finished(store: Path) -> dict[str, int]:
    """When each finished run was written."""
    return {str(p): p.stat().st_mtime_ns for p in store.glob("runs/*/*/*/manifest.json")}


@pytest.fixture(scope="module")
def serial(scenario, tmp_path_factory) -> Path:
    """All replications, one after another."""
    store = tmp_path_factory.mktemp("serial")
    run_all([scenario], REPLICATIONS, Execution(store, 1, "serial"))
    return store


def test_every_replication_is_finished(serial, scenario):
    assert all(Store(serial).has(run_key(scenario, replication)) for replication in REPLICATIONS)


def test_replications_differ(serial, scenario):
    first, second = (Store(serial).columns(run_key(scenario, n), "daily")["arrivals"].tolist() for n in (0, 1))
    assert first != second


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_make_the_same_files_as_one_after_another(workers, scenario, serial, tmp_path):
    run_all([scenario], REPLICATIONS, Execution(tmp_path, workers, "process"))
    assert files(tmp_path) == files(serial)


def test_the_order_of_the_runs_does_not_matter(scenario, serial, tmp_path):
    run_all([scenario], [4, 0, 5, 2, 1, 3], Execution(tmp_path, 1, "serial"))
    assert files(tmp_path) == files(serial)


def test_a_run_in_company_equals_the_run_alone(scenario, serial, tmp_path):
    other = toy({"patrols.units": 3})
    run_all([other, scenario], range(2), Execution(tmp_path, 1, "serial"))
    key = run_key(scenario, 1)
    prefix = str(key.folder(serial).relative_to(serial))
    mine, alone = ({n: d for n, d in files(store).items() if n.startswith(prefix)} for store in (tmp_path, serial))
    assert mine == alone != {}


def test_a_finished_run_is_never_run_again(scenario, tmp_path):
    how = Execution(tmp_path, 1, "serial")
    run_all([scenario], range(2), how)
    before = finished(tmp_path)
    run_all([scenario], range(3), how)
    after = finished(tmp_path)
    assert len(after) == 3
    assert {name: after[name] for name in before} == before


def test_recording_journeys_changes_no_other_table(scenario, serial, tmp_path):
    run_all([scenario], REPLICATIONS, Execution(tmp_path, 1, "serial", journeys=True))
    recorded = files(tmp_path)
    journeys = {name for name in recorded if name.endswith("journeys.parquet")}
    assert len(journeys) == 6
    assert {name: data for name, data in recorded.items() if name not in journeys} == files(serial)


def test_journeys_asked_for_later_are_recorded_later(scenario, serial, tmp_path):
    run_all([scenario], range(1), Execution(tmp_path, 1, "serial"))
    run_all([scenario], range(1), Execution(tmp_path, 1, "serial", journeys=True))
    key = run_key(scenario, 0)
    assert Store(tmp_path).has(key, {"journeys"})
    assert Store(tmp_path).arrow(key, "daily").equals(Store(serial).arrow(key, "daily"))


def begin(folder: Path, executor: str, workers: int) -> subprocess.Popen:
    """All replications in a process group of their own."""
    (folder / "script.py").write_text(SCRIPT)
    command = [sys.executable, str(folder / "script.py"), str(folder), executor, str(workers)]
    return subprocess.Popen(
        command, start_new_session=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )


@pytest.mark.parametrize(("executor", "workers"), [("serial", 1), ("process", 2)])
def test_a_study_killed_midway_and_resumed_ends_with_the_same_files(executor, workers, scenario, serial, tmp_path):
    (tmp_path / "scenario.pickle").write_bytes(pickle.dumps(scenario))
    store, process = tmp_path / "store", begin(tmp_path, executor, workers)
    patience = time.monotonic() + 60
    while not finished(store) and time.monotonic() < patience:
        time.sleep(0.002)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    before = finished(store)
    assert before
    run_all([scenario], REPLICATIONS, Execution(store, 1, "serial"))
    assert {name: finished(store)[name] for name in before} == before
    assert files(store) == files(serial)


def test_a_run_that_fails_names_its_replication_and_the_others_are_kept(scenario, tmp_path, monkeypatch):
    from sim.experiment import worker
    from sim.processes.world import simulate

    def breaks(scenario, replication):
        if replication == 1:
            raise ArithmeticError("one and one is three")
        return simulate(scenario, replication)

    monkeypatch.setattr(worker, "simulate", breaks)
    with pytest.raises(
        RunFailedError, match=r"replication 1 of scenario base \(seed \d+\) failed: .*one and one is three"
    ):
        run_all([scenario], range(3), Execution(tmp_path, 1, "serial"))
    assert [Store(tmp_path).has(run_key(scenario, n)) for n in range(3)] == [True, False, True]


def test_a_store_with_runs_of_other_code_is_told_of_and_its_runs_are_not_used(scenario, tmp_path):
    store = Store(tmp_path)
    run_all([scenario], [0], Execution(tmp_path, 1, "serial"))
    mine = run_key(scenario, 0).folder(tmp_path).parents[1]
    mine.rename(mine.with_name("code=0123456789abcdef"))
    said: list[str] = []
    run_all([scenario], [0], Execution(tmp_path, 1, "serial", warn=said.append))
    assert store.has(run_key(scenario, 0))
    assert len(said) == 1
    assert "holds runs of 1 other version of the model's code" in said[0]
    run_all([scenario], [0], Execution(tmp_path, 1, "serial", warn=said.append))
    assert len(said) == 1, "where nothing is to be done there is nothing to say"
