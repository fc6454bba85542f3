"""Where a result comes from: code, versions, seed and the command that makes it again."""

import platform
import subprocess
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sim

MODEL = ("domain", "behaviours", "levers", "scenario", "processes", "records", "metrics")
LIBRARIES = (
    "simpy", "numpy", "networkx", "pandas", "pyarrow", "scipy", "seaborn", "matplotlib", "pydantic", "SALib",
    "ema_workbench", "statsmodels", "scikit-learn", "emcee", "iterative-ensemble-smoother",
)  # fmt: skip
PACKAGE = Path(sim.__file__).parent


@cache
def code_hash() -> str:
    """Fingerprint (16 hex digits) of the code that decides a run's tables; figures and commands do not count."""
    digest = sha256()
    for path in sorted(p for part in MODEL for p in (PACKAGE / part).rglob("*.py")):
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def commit() -> str:
    """The checkout's commit, marked if files were changed since; empty outside a checkout."""
    try:
        head, changed = _git("rev-parse", "HEAD"), _git("status", "--porcelain")
    except (OSError, subprocess.SubprocessError):
        return ""
    return f"{head} with changes" if changed else head


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=PACKAGE, capture_output=True, text=True, check=True, timeout=10)
    return done.stdout.strip()


def provenance(command: str, seed: int, replications: int, scenarios: dict[str, str]) -> dict[str, Any]:
    """What `provenance.json` holds. `scenarios` maps names to scenario hashes."""
    return {
        "command": command,
        "commit": commit(),
        "code_hash": code_hash(),
        "scenario_hashes": scenarios,
        "seed": seed,
        "replications": replications,
        "sim": version("sim"),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "data": "Observed series end on 30 June 2025; sources in sim/data/sources.csv.",
    }
