"""Designs: which values of the varied settings go together, row by row.

* `grid`: every combination, the last setting fastest; `list`: rows as written; `oat`: one setting at a time;
* `lhs` (Latin hypercube) and `sobol` (scrambled Sobol' sequence): points that fill the space (scipy.stats.qmc);
* `saltelli` and `morris`: the samples that Sobol' indices and elementary effects are computed from (SALib);
* `posterior`: rows of a table of joint values, drawn by their weights.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np

from sim.domain.randomness import Floats
from sim.experiment.sweep.dimensions import Dimension

GRID, LIST, OAT, POSTERIOR = "grid", "list", "oat", "posterior"
LHS, SOBOL, SALTELLI, MORRIS = "lhs", "sobol", "saltelli", "morris"
KINDS = (GRID, LIST, LHS, SOBOL, SALTELLI, MORRIS, OAT, POSTERIOR)
SAMPLED = (LHS, SOBOL, SALTELLI, MORRIS)
POWERS_OF_TWO = (SOBOL, SALTELLI)
"""Designs that are balanced only at a power of two of samples."""
LEVELS = 4  # of a Morris design, as its authors and SALib have it
SEEDS = 2**31


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """Rows of values for the dimensions.

    A sampled design holds a `matrix` of shape (rows, dimensions) in [0, 1]; a grid needs its dimensions only; others
    list their `rows`. A design that varies nothing has one row without changes. `skipped` tells which rows of the
    sample were left out, and why.
    """

    kind: str
    samples: int
    dimensions: tuple[Dimension, ...]
    matrix: Floats | None = None
    rows: tuple[Mapping[str, Any], ...] | None = None
    skipped: tuple[tuple[int, str], ...] = ()

    def __len__(self) -> int:
        """How many rows there are."""
        if self.matrix is not None:
            return len(self.matrix)
        return len(self.rows) if self.rows is not None else prod(len(each.ends()) for each in self.dimensions)

    def changes(self, row: int) -> dict[str, Any]:
        """What a row changes: setting -> value.

        Raises:
            IndexError: there is no such row.
        """
        if not 0 <= row < len(self):
            raise IndexError(f"row {row} of a design of {len(self)}")
        if self.matrix is not None:
            at = zip(self.dimensions, self.matrix[row].tolist(), strict=True)
            return {dimension.setting: dimension.at(u) for dimension, u in at}
        return dict(self.rows[row]) if self.rows is not None else self._combination(row)

    def units(self) -> Floats:
        """The sample in [0, 1], a row a row of the design and a column a dimension.

        Raises:
            ValueError: the design is not sampled.
        """
        if self.matrix is None:
            raise ValueError(f"a {self.kind} design is no sample of the unit cube")
        return self.matrix

    def without(self, reasons: Mapping[int, str]) -> "Design":
        """The design without some rows, which are told with their reasons; the others keep their order."""
        kept = [row for row in range(len(self)) if row not in reasons]
        matrix = None if self.matrix is None else self.matrix[kept]
        rows = None if self.rows is None else tuple(self.rows[row] for row in kept)
        return replace(self, matrix=matrix, rows=rows, skipped=tuple(sorted(reasons.items())))

    def _combination(self, row: int) -> dict[str, Any]:
        """A row of a grid."""
        sizes = [len(each.ends()) for each in self.dimensions]
        places = np.unravel_index(row, sizes) if sizes else ()
        return {each.setting: each.ends()[place] for each, place in zip(self.dimensions, places, strict=True)}


def nothing() -> Design:
    """The design that varies nothing."""
    return Design(GRID, 0, ())


def grid(dimensions: Sequence[Dimension]) -> Design:
    """Every combination of the values; the last setting changes fastest."""
    return Design(GRID, 0, tuple(dimensions))


def listed(kind: str, dimensions: Sequence[Dimension], rows: Sequence[Mapping[str, Any]], samples: int = 0) -> Design:
    """Rows as they are."""
    return Design(kind, samples, tuple(dimensions), rows=tuple(rows))


def one_at_a_time(dimensions: Sequence[Dimension]) -> Design:
    """The scenario itself, then every value of each setting with all others as they are."""
    changed = ({each.setting: value} for each in dimensions for value in each.ends())
    return Design(OAT, 0, tuple(dimensions), rows=({}, *changed))


def sampled(kind: str, samples: int, dimensions: Sequence[Dimension], generator: np.random.Generator) -> Design:
    """A design that samples the space of the dimensions: LHS, SOBOL, SALTELLI or MORRIS.

    Of D dimensions: lhs and sobol have `samples` rows, saltelli samples x (D + 2), morris samples x (D + 1).
    """
    size = len(dimensions)
    drawn = {LHS: _latin, SOBOL: _sobol, SALTELLI: _saltelli, MORRIS: _morris}[kind](samples, size, generator)
    return Design(kind, samples, tuple(dimensions), matrix=np.asarray(drawn, dtype=float))


def unit_problem(size: int) -> dict[str, Any]:
    """A problem as SALib wants it: dimensions of the unit cube, named by their place."""
    return {"num_vars": size, "names": [str(place) for place in range(size)], "bounds": [[0.0, 1.0]] * size}


def drawn_by_weight(weights: Floats, samples: int, generator: np.random.Generator) -> list[int]:
    """Rows drawn in proportion to their weights by systematic resampling (Carpenter et al. 1999), in order.

    Each row is drawn its expected number of times, give or take one.
    """
    steps = (np.arange(samples) + 1.0 - generator.random()) / samples  # in (0, 1]: no row without weight is met
    reached = np.cumsum(weights)
    return [int(row) for row in np.searchsorted(reached / reached[-1], steps, side="left")]


def _latin(samples: int, size: int, generator: np.random.Generator) -> Any:
    from scipy.stats import qmc

    return qmc.LatinHypercube(size, rng=generator).random(samples)


def _sobol(samples: int, size: int, generator: np.random.Generator) -> Any:
    from scipy.stats import qmc

    return qmc.Sobol(size, scramble=True, rng=generator).random(samples)


def _saltelli(samples: int, size: int, generator: np.random.Generator) -> Any:
    from SALib.sample import sobol

    seed = int(generator.integers(SEEDS))
    return sobol.sample(unit_problem(size), samples, calc_second_order=False, scramble=True, seed=seed)


def _morris(samples: int, size: int, generator: np.random.Generator) -> Any:
    from SALib.sample import morris

    seed = int(generator.integers(SEEDS))
    return morris.sample(unit_problem(size), samples, num_levels=LEVELS, seed=seed)
