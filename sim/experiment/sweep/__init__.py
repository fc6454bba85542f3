"""Sweeps: many variants of scenarios, by a design in YAML, on common random numbers."""

from sim.experiment.sweep.plan import Aim, Plan, Point, Precision
from sim.experiment.sweep.reading import read_plan

__all__ = ["Aim", "Plan", "Point", "Precision", "read_plan"]
