"""Options that ask for replications until an interval is narrow enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from sim.scenario import Problem, ScenarioError

if TYPE_CHECKING:
    from sim.experiment.precision import Precision


@dataclass(frozen=True, slots=True)
class Precise:
    """How narrow the 95 % interval of the paired difference of a metric is to be."""

    precision: Annotated[
        str | None,
        typer.Option(metavar="0.05", help="Replicate until the half-width is this share of the baseline, or number."),
    ] = None
    precision_metric: Annotated[str | None, typer.Option(help="Of this metric; default: arrivals.")] = None
    fewest: Annotated[int | None, typer.Option(help="Replications to begin with; default: 8.")] = None
    most: Annotated[int | None, typer.Option(help="Replications to stop at; default: 128.")] = None

    def asked(self, replications: int | None) -> Precision | None:
        """The precision, if one is asked for.

        Raises:
            ScenarioError: what is wrong with it.
        """
        others = {"--precision-metric": self.precision_metric, "--fewest": self.fewest, "--most": self.most}
        if self.precision is None:
            wrong = [Problem(name, "says nothing without --precision", str(v)) for name, v in others.items() if v]
            if wrong:
                raise ScenarioError(wrong)
            return None
        if replications is not None:
            raise ScenarioError([Problem("--precision", "and --replications exclude each other", self.precision)])
        from sim.experiment.precision import read_precision

        return read_precision(self.precision, self.precision_metric, self.fewest, self.most)
