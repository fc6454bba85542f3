"""Runs on a real Dask cluster on this machine: a worker is killed midway, and the files are those of a serial run."""

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from test_executors import content, wanted
from worlds import toy, with_exchange

from sim.experiment.runner import Execution, InterruptedRunError, Tally, Wanted, run_key, run_wanted
from sim.experiment.store import Store
from sim.experiment.worker import OtherCodeError, StoppedError
from sim.scenario import Scenario, ScenarioError

pytest.importorskip("distributed")
SMALL = {"until": "2025-01-21", "patrols.units": 6}
COUNT = 8
QUIET = ("--no-dashboard",)


def started(stack: ExitStack, log: Path, module: str, *options: str) -> subprocess.Popen:
    """A process of Dask, which is ended with the stack; what it says goes to a file."""
    command = [sys.executable, "-m", f"distributed.cli.{module}", *options]
    said = stack.enter_context(log.open("w"))
    process = subprocess.Popen(command, stdout=said, stderr=said)
    stack.callback(process.wait)
    stack.callback(process.kill)
    return process


def wait_for(what, process: subprocess.Popen, log: Path):
    """What comes, sooner or later, from a process."""
    patience = time.monotonic() + 60
    while not (found := what()):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < patience, log.read_text()
        time.sleep(0.05)
    return found


def worker(address: str, stack: ExitStack, folder: Path, name: str) -> subprocess.Popen:
    """A worker of one thread, without a nanny that would start another in its place."""
    options = ("--nthreads", "1", "--no-nanny", "--name", name, "--local-directory", str(folder / name))
    limits = ("--death-timeout", "30", "--memory-limit", "0")
    log = folder / f"{name}.log"
    return started(stack, log, "dask_worker", address, *options, *limits, *QUIET)


def started_cluster(stack: ExitStack, folder: Path) -> tuple[str, subprocess.Popen, subprocess.Popen]:
    """The address of a scheduler, its process, and one of its two workers."""
    note, log = folder / "scheduler.json", folder / "scheduler.log"
    options = ("--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(note))
    process = started(stack, log, "dask_scheduler", *options, *QUIET)
    wait_for(note.exists, process, log)
    address = json.loads(note.read_text())["address"]
    first, _ = (worker(address, stack, folder, name) for name in ("first", "second"))
    return address, process, first


def stored(runs: list[Wanted], folder: Path) -> list[Wanted]:
    """Those of the runs that the store in a folder has, finished."""
    return [run for run in runs if Store(folder).has(run_key(run.scenario, run.replication))]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, subprocess.Popen, subprocess.Popen]]:
    """A cluster for tests that leave the scheduler and one worker alive."""
    with ExitStack() as stack:
        yield started_cluster(stack, tmp_path_factory.mktemp("dask"))


@pytest.fixture(scope="module")
def scenarios() -> tuple[Scenario, Scenario]:
    return toy({**SMALL, **with_exchange()}), toy(SMALL)


@pytest.fixture(scope="module")
def serial(scenarios, tmp_path_factory) -> dict[str, object]:
    """What one process makes of the same runs, one after another."""
    store = tmp_path_factory.mktemp("serial")
    run_wanted(wanted(*scenarios, COUNT), 2 * COUNT, Execution(store, 1, "serial"))
    return content(store)


def test_a_cluster_that_loses_a_worker_makes_the_same_files(cluster, scenarios, serial, tmp_path, capfd):
    address, _, first = cluster
    kills: list[int] = []

    def kill_one(done: int, total: int, left: float) -> None:
        if done >= 3 and not kills:
            kills.append(done)
            os.kill(first.pid, signal.SIGKILL)

    said: list[str] = []
    how = Execution(tmp_path, 1, "dask", progress=kill_one, scheduler=address, warn=said.append)
    tally = run_wanted(wanted(*scenarios, COUNT), 2 * COUNT, how)
    assert kills
    assert kills[0] < 2 * COUNT
    assert first.wait() == -signal.SIGKILL
    assert tally.computed + tally.reused == 2 * COUNT
    assert {name: data for name, data in content(tmp_path).items() if name.startswith("runs")} == {
        name: data for name, data in serial.items() if name.startswith("runs")
    }
    assert set(said) <= {f"the scheduler at {address} has no workers yet; waiting for some"}
    assert capfd.readouterr().err == ""


def test_a_cluster_computes_nothing_that_is_in_the_store(cluster, scenarios, tmp_path):
    address, *_ = cluster
    runs = [Wanted(scenarios[1], number) for number in range(2)]
    run_wanted(runs, 2, Execution(tmp_path, 1, "serial"))
    how = Execution(tmp_path, 1, "dask", scheduler=address)
    assert run_wanted([*runs, Wanted(scenarios[1], 2)], 3, how) == Tally(computed=1, reused=2)


def test_ctrl_c_leaves_a_cluster_in_order(cluster, scenarios, tmp_path, capfd):
    def press(done: int, total: int, left: float) -> None:
        raise KeyboardInterrupt

    runs = [Wanted(scenarios[1], number) for number in range(30)]
    how = Execution(tmp_path, 1, "dask", progress=press, scheduler=cluster[0])
    with pytest.raises(InterruptedRunError, match="1 of 30 runs are finished"):
        run_wanted(runs, 30, how)
    assert capfd.readouterr().err == ""
    kept = stored(runs, tmp_path)
    assert kept  # two workers race: which run ends first is not known
    tally = run_wanted([*kept[:1], Wanted(scenarios[1], 30)], 2, Execution(tmp_path, 1, "dask", scheduler=cluster[0]))
    assert tally == Tally(computed=1, reused=1)


def test_a_cluster_with_other_code_is_refused(cluster, scenarios, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.experiment.runner.code_hash", lambda: "0" * 16)
    how = Execution(tmp_path, 1, "dask", scheduler=cluster[0])
    with pytest.raises(OtherCodeError, match="has another version of the model's code"):
        run_wanted([Wanted(scenarios[1], 0)], 1, how)
    assert not Store(tmp_path).has(run_key(scenarios[1], 0))


def test_a_scheduler_that_ends_midway_is_told_and_what_is_finished_is_kept(scenarios, tmp_path, capfd):
    with ExitStack() as stack:
        address, process, _ = started_cluster(stack, tmp_path)
        runs = [Wanted(scenarios[1], number) for number in range(60)]
        told: list[int] = []

        def kill_the_scheduler(done: int, total: int, left: float) -> None:
            told.append(done)
            process.kill()

        how = Execution(tmp_path, 1, "dask", progress=kill_the_scheduler, scheduler=address)
        with pytest.raises(StoppedError, match=f"the scheduler at {address} is gone; finished runs are kept"):
            run_wanted(runs, 60, how)
    assert len(stored(runs, tmp_path)) >= max(told)  # whichever ended first: two workers race
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("answers", ["refused", "silent", "no address"])
def test_a_scheduler_that_is_not_there_is_named(answers, scenarios, tmp_path, capfd, monkeypatch):
    monkeypatch.setattr("sim.experiment.executors.CONNECT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        address = {"silent": f"tcp://127.0.0.1:{port}", "refused": "tcp://127.0.0.1:9"}.get(answers, "nowhere")
        with pytest.raises(ScenarioError) as caught:
            run_wanted([Wanted(scenarios[1], 0)], 1, Execution(tmp_path, 1, "dask", scheduler=address))
    assert str(caught.value).startswith("--scheduler: no Dask scheduler answers there")
    assert str(caught.value).endswith(f"got {address}")
    gc.collect()  # a half-made client would complain when it is thrown away
    assert capfd.readouterr().err == ""


def test_without_the_package_the_extra_to_install_is_named(scenarios, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ScenarioError, match=r'pip install "sim\[dask\]"'):
        run_wanted([Wanted(scenarios[1], 0)], 1, Execution(tmp_path, 1, "dask", scheduler="tcp://127.0.0.1:9"))
