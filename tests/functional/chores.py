"""Small work for the tests of executors, in a module that worker processes can import."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from sim.experiment.store import StoreError
from sim.experiment.worker import RunFailedError


@dataclass(frozen=True)
class Chore:
    """Leaves a file with its number, unless something else is told to happen."""

    number: int
    folder: Path
    happens: str = ""
    repeat: str = "do it again"

    @property
    def identity(self) -> int:
        return self.number

    @property
    def name(self) -> str:
        return f"chore {self.number}"

    @property
    def file(self) -> Path:
        return self.folder / f"{self.number:04d}"


def do_chore(chore: Chore) -> bool:
    """Whether there was something to do."""
    if chore.file.exists():
        return False
    match chore.happens:
        case "fails":
            raise RunFailedError(f"{chore.name} failed")
        case "breaks":
            raise ArithmeticError("one and one is three")
        case "disk full":
            raise StoreError("the disk is full")
        case "kills":
            os.kill(os.getpid(), signal.SIGKILL)
        case "kills once":
            begun = chore.folder / f"begun-{chore.number}"
            if not begun.exists():
                begun.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        case "takes long":
            time.sleep(600)
    chore.file.touch()
    return True


def done(folder: Path) -> list[int]:
    """Numbers of the finished chores."""
    return sorted(int(path.name) for path in folder.iterdir() if path.name.isdigit())
