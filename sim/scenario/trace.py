"""An observed series of wave heights in the place of drawn ones: a CSV file that `theatre.weather.trace` names."""

import csv
from datetime import date
from math import isfinite
from pathlib import Path as FilePath

from sim.scenario.errors import shown
from sim.scenario.source import Source

TRACE = ("theatre", "weather", "trace")
DATE, HEIGHT = "date", "wave_height_m"


def take_in_trace(source: Source) -> None:
    """Put the rows of the trace's file in the place of its name: metres by ISO date. Problems name the file's line."""
    name = source.get(TRACE)
    if not isinstance(name, str):
        return
    place = source.place(TRACE)
    near = FilePath.cwd() if place.line is None else FilePath(place.file).parent
    rows: dict[str, float] = {}
    try:
        with (near / name).open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if not {DATE, HEIGHT} <= set(reader.fieldnames or ()):
                source.blame(TRACE, f"needs the columns {DATE} and {HEIGHT}", ", ".join(reader.fieldnames or ()))
                return
            for row in reader:
                _take_row(source, reader.line_num, row, rows)
    except OSError as error:
        source.blame(
            TRACE, f"names a file that cannot be read ({error.strerror})", shown(name), f"a CSV file in {near}"
        )
    source.data["theatre"]["weather"]["trace"] = rows


def _take_row(source: Source, line: int, row: dict[str, str], rows: dict[str, float]) -> None:
    try:
        day, height = date.fromisoformat(row[DATE]), float(row[HEIGHT])
    except (TypeError, ValueError):
        source.blame(TRACE, f"has a line {line} that cannot be read", shown(row), "an ISO date and a height in metres")
        return
    if not (isfinite(height) and height > 0):
        source.blame(TRACE, f"has a wave height in line {line} that cannot be", shown(height), "metres above 0")
        return
    rows[day.isoformat()] = height
