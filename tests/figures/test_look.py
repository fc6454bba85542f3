"""The look of the figures: a change of colours, lines or letters shows in pictures of made-up results.

Pictures that are meant to change are renewed by `make accept-figures`; look at them before you commit them.
"""

import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure
from PIL import Image

from sim.experiment.results import Results
from sim.figures import draw
from sim.figures.style import look

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))
from made_up import Fake

TOLERANCE = 0.8
"""Root mean square of the difference in grey levels, of 255."""
DPI = 50
LEVELS = 16
"""Shades of each primary colour: enough to tell colours apart, few enough for small files."""
FIGURES = ("attempts", "effects", "exchange_costs", "hazard", "map", "monthly", "waterfall")


@dataclass(frozen=True)
class Small:
    """A figure that is saved as a small and coarse PNG."""

    figure: Figure

    def savefig(self, path: str, **how: Any) -> None:
        drawn, step = BytesIO(), 255 // (LEVELS - 1)
        self.figure.savefig(drawn, dpi=DPI)
        coarse = Image.open(drawn).convert("RGB").point(lambda value: round(value / step) * step)
        coarse.quantize(256).save(path, optimize=True)


def picture(name: str) -> Any:
    """A test whose figure is compared with the picture of that name."""
    return pytest.mark.mpl_image_compare(
        baseline_dir="baseline", filename=f"{name}.png", tolerance=TOLERANCE, style="default",
    )  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return Results(Fake(tmp_path_factory.mktemp("look"), ("plain", "swap", "more")).folder)


@pytest.mark.parametrize("name", [pytest.param(name, marks=picture(name)) for name in FIGURES])
@look()
def test_the_figure_looks_as_it_did(results: Results, name: str) -> Small:
    return Small(draw(name, results))
