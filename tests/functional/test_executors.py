"""Runs by any executor: the same bytes, what is finished is reused, and a failed run can be repeated by a command."""

import pickle
import shlex
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from worlds import toy, with_exchange

from sim.experiment import worker
from sim.experiment.compare import paired_row
from sim.experiment.executors import check_executor
from sim.experiment.pairs import PAIRED_TABLES, pair_of
from sim.experiment.runner import Execution, Tally, Wanted, pair_wanted, repeat_command, run_key, run_wanted
from sim.experiment.store import Store
from sim.experiment.worker import OtherCodeError, RunFailedError, Task, run_task, window
from sim.processes.world import simulate
from sim.scenario import Scenario, ScenarioError, load_scenario

SMALL = {"until": "2025-01-21", "patrols.units": 6}
SWEPT = frozenset({"run"})


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return toy(SMALL)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return toy({**SMALL, **with_exchange()})


def wanted(scenario: Scenario, baseline: Scenario, count: int = 3) -> list[Wanted]:
    """Each replication of the baseline, then the same one of the scenario, which is paired with it."""
    pairs = [(Wanted(baseline, n), Wanted(scenario, n, baseline.scenario_hash)) for n in range(count)]
    return [each for pair in pairs for each in pair]


def content(store: Path) -> dict[str, object]:
    """Every table and every pair of a store, byte for byte; of runs' facts all but the wall-clock time."""
    found = {
        str(path.relative_to(store)): path for kind in ("runs", "pairs") for path in (store / kind).rglob("*.parquet")
    }
    facts = {name: pq.ParquetFile(path).read().to_pylist()[0] for name, path in found.items() if path.stem == "run"}
    return {
        name: repr({**facts[name], "wall_s": 0}) if name in facts else path.read_bytes() for name, path in found.items()
    }


@pytest.fixture(scope="module")
def serial(scenario, baseline, tmp_path_factory) -> Path:
    """All runs and pairs, one after another."""
    store = tmp_path_factory.mktemp("serial")
    assert run_wanted(wanted(scenario, baseline), 6, Execution(store, 1, "serial"), SWEPT) == Tally(6, 0)
    return store


@pytest.mark.parametrize(("workers", "backwards"), [(2, False), (3, True), (1, True)])
def test_neither_workers_nor_order_change_a_byte(workers, backwards, scenario, baseline, serial, tmp_path):
    runs = wanted(scenario, baseline)[:: -1 if backwards else 1]
    how = Execution(tmp_path, workers)
    assert run_wanted(runs, 6, how, SWEPT) == Tally(6, 0)
    pair_wanted(runs, 6, how)
    assert content(tmp_path) == content(serial)


def test_a_second_start_computes_nothing(scenario, baseline, serial):
    how = Execution(serial, 2)
    assert run_wanted(wanted(scenario, baseline), 6, how, SWEPT) == Tally(0, 6)
    assert pair_wanted(wanted(scenario, baseline), 6, how) == 0


def test_a_longer_sweep_computes_only_what_is_new(scenario, baseline, tmp_path):
    how = Execution(tmp_path, 1, "serial")
    assert run_wanted(wanted(scenario, baseline, 1), 2, how) == Tally(2, 0)
    assert run_wanted(wanted(scenario, baseline, 2), 4, how) == Tally(2, 2)


def test_scenarios_that_the_model_cannot_tell_apart_are_run_once(baseline, tmp_path):
    twin = toy({**SMALL, "question": "Is this another one?"})
    runs = [Wanted(each, 0) for each in (baseline, twin, baseline)]
    assert run_wanted(runs, 3, Execution(tmp_path, 2)) == Tally(1, 2)


def test_a_damaged_run_is_told_of_and_done_again(baseline, tmp_path):
    said = []
    how = Execution(tmp_path, 1, "serial", warn=said.append)
    run_wanted([Wanted(baseline, 0)], 1, how)
    before, daily = content(tmp_path), run_key(baseline, 0).folder(tmp_path) / "daily.parquet"
    daily.write_bytes(daily.read_bytes()[::-1])
    assert run_wanted([Wanted(baseline, 0)], 1, how, SWEPT) == Tally(1, 0)
    assert content(tmp_path) == before
    assert len(said) == 1
    assert str(daily) in said[0]


def test_a_run_that_another_sweep_finished_in_the_meantime_is_reused(baseline, tmp_path):
    how = Execution(tmp_path, 1, "serial")
    key = run_key(baseline, 0)
    task = Task(baseline, 0, key, tmp_path)
    assert run_task(task)
    assert not run_task(task)
    assert run_wanted([Wanted(baseline, 0)], 1, how) == Tally(0, 1)


def test_pairs_that_the_workers_keep_are_those_of_the_tables(scenario, baseline, serial):
    store, key = Store(serial), run_key(scenario, 1)
    assert store.has_pair(key, baseline.scenario_hash)
    kept = paired_row(scenario, baseline, 1, store)
    (key.pair_file(serial, baseline.scenario_hash)).unlink()
    assert paired_row(scenario, baseline, 1, store) == pytest.approx(kept, nan_ok=True, rel=0, abs=0)
    assert pair_wanted(wanted(scenario, baseline), 6, Execution(serial, 1, "serial")) == 1
    assert store.has_pair(key, baseline.scenario_hash)


def test_a_pair_without_tables_is_a_failure_that_names_the_run(scenario, baseline, tmp_path):
    how = Execution(tmp_path, 1, "serial")
    with pytest.raises(
        RunFailedError, match="pairing replication 0 of scenario base with its baseline failed: Damaged"
    ):
        pair_wanted([Wanted(scenario, 0, baseline.scenario_hash)], 1, how)


def test_a_run_without_the_tables_for_its_pair_is_done_again(scenario, baseline, tmp_path, monkeypatch):
    how = Execution(tmp_path, 1, "serial")
    only_run = Store.save
    monkeypatch.setattr(Store, "save", lambda self, key, tables, facts: only_run(self, key, {}, facts))
    assert run_wanted([Wanted(scenario, 0)], 1, how, SWEPT) == Tally(1, 0)
    assert run_wanted([Wanted(scenario, 0)], 1, how, SWEPT) == Tally(0, 1)
    monkeypatch.undo()
    assert run_wanted([Wanted(scenario, 0, baseline.scenario_hash)], 1, how, SWEPT) == Tally(1, 0)
    assert Store(tmp_path).has(run_key(scenario, 0), PAIRED_TABLES)


def test_what_is_sent_to_a_worker_leaves_out_the_catalogue(scenario, tmp_path, monkeypatch):
    sent = []
    monkeypatch.setattr("sim.experiment.runner.run_task", lambda task: sent.append(task) or True)
    run_wanted([Wanted(scenario, 0)], 1, Execution(tmp_path, 1, "serial"))
    assert len(pickle.dumps(sent[0])) < 20_000 < len(pickle.dumps(scenario))


def test_a_failed_run_is_named_with_the_command_that_repeats_it_and_the_others_go_on(
    scenario, baseline, tmp_path, monkeypatch
):
    def breaks(scenario, replication):
        if replication == 1:
            raise ArithmeticError("one and one is three")
        return simulate(scenario, replication)

    monkeypatch.setattr(worker, "simulate", breaks)
    with pytest.raises(RunFailedError) as caught:
        run_wanted(wanted(scenario, baseline), 6, Execution(tmp_path, 1, "serial"))
    lines = str(caught.value).splitlines()
    assert len(lines) == 2
    assert {line.partition(". Repeat it with: ")[0].rpartition(":")[0] for line in lines} == {
        f"replication 1 of scenario base (seed {scenario.seed}) failed: ArithmeticError: one and one is three "
        "(in breaks, test_executors.py"
    }
    assert {line.partition(". Repeat it with: ")[2] for line in lines} == {
        repeat_command(each, 1) for each in (scenario, baseline)
    }
    kept = [Store(tmp_path).has(run_key(each, n)) for each in (scenario, baseline) for n in range(3)]
    assert kept == [True, False, True] * 2


def repeated(command: str) -> Scenario:
    """The scenario that a command runs."""
    words = shlex.split(command)
    options = dict(zip(words[5::2], words[6::2], strict=True))
    changes = [word for flag, word in zip(words[5::2], words[6::2], strict=True) if flag == "--set"]
    assert options["--replications"] == "1"
    assert options["--baseline"] == "none"
    return load_scenario(words[4], [*changes, f"seed={options['--seed']}"])


@pytest.mark.parametrize(
    "overrides",
    [
        [],
        ["patrols.units=7", "until=2026-01-15", "seed=5"],
        {"exchange.weekly_target": 75.5, "until": "2026-01-15", "theatre.inflow.people_per_year": {2025: 30000.0}},
        {"gangs.seized_share": 1e-05, "seed": 7},
    ],
)
def test_the_command_that_repeats_a_run_runs_the_same_scenario(overrides):
    scenario = load_scenario("pilot.yaml", overrides)
    assert repeated(repeat_command(scenario, 3)).scenario_hash == scenario.scenario_hash


def test_a_whole_world_of_overrides_survives_the_command(scenario):
    assert repeated(repeat_command(scenario, 0)).scenario_hash == scenario.scenario_hash


def test_a_worker_of_another_code_version_refuses(baseline, tmp_path):
    key = run_key(baseline, 0)
    other = type(key)(key.scenario_hash, "0" * 16, 0)
    with pytest.raises(OtherCodeError, match="has another version of the model's code .*0000000000000000 is asked for"):
        run_task(Task(baseline, 0, other, tmp_path))


@pytest.mark.parametrize(
    ("executor", "scheduler", "message"),
    [
        ("cloud", None, "--executor: is unknown; got 'cloud'; allowed: process, serial, dask"),
        ("dask", None, "--scheduler: is missing; --executor dask needs one: start `dask scheduler`"),
        ("process", "tcp://a:1", "--scheduler: goes with --executor dask only"),
    ],
)
def test_an_executor_that_cannot_be_is_refused(executor, scheduler, message):
    with pytest.raises(ScenarioError) as caught:
        check_executor(executor, scheduler)
    assert str(caught.value).startswith(message)


def test_the_split_is_computed_once_a_pair(scenario, baseline, serial, monkeypatch):
    from sim.metrics import displacement

    calls, real = [], displacement._split
    monkeypatch.setattr(displacement, "_split", lambda run, base: calls.append(1) or real(run, base))
    key = run_key(scenario, 0)
    key.pair_file(serial, baseline.scenario_hash).unlink(missing_ok=True)
    pair_of(Store(serial), key, baseline.scenario_hash, window(scenario))
    assert len(calls) == 1
