"""What ships of the calibration of the Channel: made by `sim calibrate channel --ship`, then committed."""

from pathlib import Path

import numpy as np
import pandas as pd

from sim.experiment.results import Results, write_table

DATA = Path(__file__).resolve().parents[2] / "data"
POSTERIOR = DATA / "posterior.parquet"
"""Draws of the settings that mean the same in other scenarios: a column a setting, a row a draw."""
PARAMETERS = DATA / "posterior_parameters.csv"
"""Prior, posterior and how far the data narrow it, a row a parameter."""
SUMMARIES = DATA / "posterior_summaries.csv"
"""What was observed of each summary, and what runs of the prior and of the posterior make of it."""
DESIGN = DATA / "calibration_design.parquet"
"""The runs of the first wave, over the whole prior: points and summaries."""
MOST_DRAWS = 500  # that ship; more would only make the file larger
DIGITS = 6


def ship(found: Results) -> list[Path]:
    """Put the tables that ship into the package's data, in the place of those there; returns the files."""
    draws = found.table("posterior")
    rows = np.linspace(0, len(draws) - 1, min(MOST_DRAWS, len(draws))).round().astype(int)
    write_table(draws.iloc[rows].map(_short).reset_index(drop=True), POSTERIOR)
    design = found.table("design")
    write_table(design[design["wave"] == 1].drop(columns="wave").astype(np.float32), DESIGN)
    for name, file in (("parameters", PARAMETERS), ("summaries", SUMMARIES)):
        found.table(name).to_csv(file, index=False, float_format=f"%.{DIGITS}g")
    return [POSTERIOR, PARAMETERS, SUMMARIES, DESIGN]


def shipped_parameters() -> pd.DataFrame:
    """The parameters of the shipped posterior; empty if none ships."""
    return pd.read_csv(PARAMETERS) if PARAMETERS.is_file() else pd.DataFrame()


def _short(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
