"""Work on its way through an executor: pulled as workers become free, through failures, kills and Ctrl-C."""

import math
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from weakref import WeakSet

import pytest
from chores import Chore, do_chore, done

from sim.cli.terminal import progress
from sim.experiment import dispatch
from sim.experiment.dispatch import Dispatch, Tally
from sim.experiment.executors import AHEAD, SPARE, Serial
from sim.experiment.runner import Execution
from sim.experiment.store import StoreError
from sim.experiment.worker import OtherCodeError, RunFailedError, StoppedError

ROOT = Path(__file__).resolve().parents[2]
BOTH = pytest.mark.parametrize("executor", ["serial", "process"])


def spread(chores, total, executor="process", progress=None, work=do_chore) -> Tally:
    """Do chores with two workers."""
    how = Execution(Path("nowhere"), 2, executor, progress=progress)
    return Dispatch(work, total, how).do(iter(chores), lambda chore: chore.file.exists())


def mixed(folder: Path, count: int, **happens: str) -> list[Chore]:
    """Chores 0, 1, 2 …, some of which are special: `_3="kills"`."""
    return [Chore(number, folder, happens.get(f"_{number}", "")) for number in range(count)]


@BOTH
def test_every_task_is_done_and_counted_once(executor, tmp_path):
    chores = mixed(tmp_path, 20)
    chores[3].file.touch()  # done by somebody else, which the worker notices
    given = [*chores[:5], None, *chores[5:], None]
    assert spread(given, 22, executor) == Tally(computed=19, reused=3)
    assert done(tmp_path) == list(range(20))


@BOTH
def test_tasks_are_pulled_only_as_workers_become_free_and_not_kept(executor, tmp_path):
    ahead, alive, held = [], WeakSet(), []

    def pulled():
        for number in range(60):
            ahead.append(number - len(done(tmp_path)))
            held.append(len(alive))
            chore = Chore(number, tmp_path)
            alive.add(chore)
            yield chore
            del chore

    spread(pulled(), 60, executor)
    room = 1 if executor == "serial" else 2 * AHEAD + SPARE
    assert len(ahead) == 60
    assert max(ahead) < room
    assert max(held) <= room + 3  # the pool's own threads let go of a finished one a little later


@BOTH
def test_a_task_that_fails_is_named_and_the_others_go_on(executor, tmp_path):
    with pytest.raises(RunFailedError) as caught:
        spread(mixed(tmp_path, 8, _2="fails", _5="breaks"), 8, executor)
    first, second = str(caught.value).splitlines()
    assert first == "chore 2 failed"
    assert second.startswith("chore 5 failed: ArithmeticError: one and one is three")
    assert second.endswith("Repeat it with: do it again")
    assert done(tmp_path) == [0, 1, 3, 4, 6, 7]
    assert caught.value.tally == Tally(computed=6, reused=0)


def test_of_many_failures_the_first_ten_are_told_and_the_rest_counted(tmp_path):
    with pytest.raises(RunFailedError) as caught:
        spread([Chore(number, tmp_path, "fails") for number in range(25)], 25, "serial")
    lines = str(caught.value).splitlines()
    assert len(lines) == 11
    assert lines[-1] == "and 15 more failed"


def test_what_was_in_flight_when_a_worker_is_killed_is_done_again(tmp_path):
    assert spread(mixed(tmp_path, 12, _4="kills once"), 12) == Tally(12, 0)
    assert done(tmp_path) == list(range(12))


def test_a_task_that_kills_its_worker_is_found_and_the_others_go_on(tmp_path):
    with pytest.raises(RunFailedError) as caught:
        spread(mixed(tmp_path, 12, _4="kills"), 12)
    assert str(caught.value) == (
        "chore 4 failed: its worker was killed, perhaps out of memory. Repeat it with: do it again"
    )
    assert done(tmp_path) == [number for number in range(12) if number != 4]


def test_if_no_worker_lives_long_enough_nothing_more_is_tried(tmp_path):
    pulled = []
    with pytest.raises(StoppedError, match="no worker lives long enough"):
        spread((pulled.append(number) or Chore(number, tmp_path, "kills") for number in range(500)), 500)
    assert len(pulled) <= 2 * AHEAD + SPARE + 1


@BOTH
def test_a_full_disk_stops_everything_with_one_message(executor, tmp_path):
    pulled = []
    chores = (pulled.append(number) or Chore(number, tmp_path, "disk full" if number else "") for number in range(500))
    with pytest.raises(StoreError, match="^the disk is full$"):
        spread(chores, 500, executor)
    assert len(pulled) <= 2 * (2 * AHEAD + SPARE)


def test_a_worker_with_other_code_stops_everything(tmp_path):
    def refuse(chore):
        raise OtherCodeError("another version")

    pulled = []
    with pytest.raises(OtherCodeError, match="another version"):
        spread((pulled.append(n) or Chore(n, tmp_path) for n in range(9)), 9, "serial", work=refuse)
    assert pulled == [0]


def test_an_error_while_tasks_are_made_ends_the_workers(tmp_path):
    def wrong():
        yield Chore(0, tmp_path, "takes long")
        raise ValueError("a range is reversed")

    with pytest.raises(ValueError, match="a range is reversed"):
        spread(wrong(), 2)


def test_a_task_in_flight_or_failed_is_known(tmp_path):
    work = Dispatch(do_chore, 3, Execution(Path("nowhere"), 1, "serial"))
    chores = mixed(tmp_path, 2, _1="fails")

    def again():
        yield from chores
        yield None if work.knows(chores[1].identity) else chores[1]

    with pytest.raises(RunFailedError, match="^chore 1 failed$"):
        work.do(again(), lambda chore: True)
    assert not work.knows(chores[0].identity)


def test_a_result_that_this_machine_does_not_see_is_an_error_that_says_so(tmp_path, monkeypatch):
    class Elsewhere(Serial):
        """Workers whose folder is another one."""

    monkeypatch.setattr(dispatch, "SEEN_WITHIN_S", 0)
    monkeypatch.setattr(dispatch, "WAIT_S", 0)
    monkeypatch.setattr("sim.experiment.executors._open", lambda how: Elsewhere())
    with pytest.raises(StoreError, match="chore 0 was finished, but is not in .*nowhere as seen from here"):
        spread(mixed(tmp_path, 1), 1, "dask", work=lambda chore: True)


def test_time_left_goes_by_the_pace_of_what_was_computed(tmp_path, monkeypatch):
    clock = iter(range(0, 1000, 10))  # each look at the clock is 10 s later
    monkeypatch.setattr(dispatch, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    told = []
    spread([None, None, *mixed(tmp_path, 3)], 5, "serial", lambda *facts: told.append(facts))
    assert [done for done, _, _ in told] == [1, 2, 3, 4, 5]
    left = [seconds for _, _, seconds in told]
    assert all(math.isnan(seconds) for seconds in left[:2])
    assert left[2:] == [20.0, 10.0, 0.0]


def test_progress_renews_one_line_on_a_terminal_and_is_silent_in_a_pipe(capsys, monkeypatch):
    progress(3, 9, 42.0)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    for facts in [(1, 9, math.nan), (3, 9, 200.0), (9, 9, 0.0)]:
        progress(*facts)
    lines = capsys.readouterr().err.split("\r")
    assert [line.rstrip(" ") for line in lines] == [
        "",
        "1 of 9 finished",
        "3 of 9 finished, about 3 min left",
        lines[3],
    ]
    assert lines[3].split() == ["9", "of", "9", "finished"]
    assert lines[3].endswith("\n")


SCRIPT = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from chores import Chore, do_chore
from sim.experiment.dispatch import Dispatch, InterruptedRunError
from sim.experiment.runner import Execution

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    chores = (Chore(number, folder, "takes long" if number > 2 else "") for number in range(9))
    try:
        Dispatch(do_chore, 9, Execution(folder, 2)).do(chores, lambda chore: True)
    except InterruptedRunError as error:
        print(error, file=sys.stderr)
        sys.exit(130)
"""


def begin(folder: Path) -> subprocess.Popen:
    """Chores that never end, in a process group of their own; three are done."""
    (folder / "script.py").write_text(SCRIPT)
    command = [sys.executable, str(folder / "script.py"), str(folder), str(ROOT), str(Path(__file__).parent)]
    process = subprocess.Popen(
        command,
        start_new_session=True,
        preexec_fn=heed_ctrl_c,  # noqa: PLW1509
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until(lambda: len(done(folder)) == 3 or process.poll() is not None)
    return process


def heed_ctrl_c() -> None:
    """Tests that run in the background inherit from the shell that Ctrl-C is ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def wait_until(what, seconds: float = 60.0) -> bool:
    """Whether something happens before patience is at an end."""
    patience = time.monotonic() + seconds
    while not what() and time.monotonic() < patience:
        time.sleep(0.02)
    return what()


def is_empty(group: int) -> bool:
    """Whether no process of a group is left."""
    with suppress(ProcessLookupError):
        os.killpg(group, 0)
        return False
    return True


@pytest.mark.parametrize(("signals", "to_all"), [([signal.SIGINT], True), ([signal.SIGTERM], False)])
def test_a_request_to_end_ends_everything_with_one_sentence(signals, to_all, tmp_path):
    process = begin(tmp_path)
    for number in signals:
        (os.killpg if to_all else os.kill)(process.pid, number)
    _, said = process.communicate(timeout=60)
    assert re.fullmatch("interrupted: [0-3] of 9 runs are finished and kept; the same command goes on .*\n", said)
    assert process.returncode == 130
    assert wait_until(lambda: is_empty(process.pid))


def test_workers_end_with_a_parent_that_is_killed(tmp_path):
    process = begin(tmp_path)
    process.kill()
    process.communicate(timeout=60)
    assert wait_until(lambda: is_empty(process.pid))


def test_ctrl_c_ends_the_command_with_status_130_and_no_traceback(tmp_path):
    command = [sys.executable, "-m", "sim", "run", "pilot.yaml", "--replications", "64", "--out", str(tmp_path / "run")]
    small = ["--set", "theatre.inflow.people_per_year.2025=900", "--until", "2025-08-10", "--workers", "2"]
    process = subprocess.Popen(
        [*command, *small],
        cwd=ROOT,
        start_new_session=True,
        preexec_fn=heed_ctrl_c,  # noqa: PLW1509
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    started = wait_until(lambda: any(tmp_path.glob(".store/runs/*/*/*")) or process.poll() is not None)
    os.killpg(process.pid, signal.SIGINT)
    out, said = process.communicate(timeout=60)
    assert started
    assert process.returncode == 130, said
    lines = [line for line in said.splitlines() if not line.startswith("warning: ")]
    assert len(lines) == 1  # in a pipe there is no progress, and never a traceback
    assert lines[0].startswith("interrupted: ")
    assert out == ""
    assert wait_until(lambda: is_empty(process.pid))
