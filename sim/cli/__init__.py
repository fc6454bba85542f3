"""Commands: the only package that prints or exits. Results go to stdout, progress and problems to stderr.

Heavy libraries are imported where they are used, so that help and checks start at once.
"""

from sim.cli import (
    answers,
    calibrations,
    exports,
    forecasts,
    galleries,
    natural,
    runs,
    scenarios,
    sensitivities,
    stores,
    sweeps,
)
from sim.cli.terminal import app, main

__all__ = [
    "answers",
    "app",
    "calibrations",
    "exports",
    "forecasts",
    "galleries",
    "main",
    "natural",
    "runs",
    "scenarios",
    "sensitivities",
    "stores",
    "sweeps",
]
