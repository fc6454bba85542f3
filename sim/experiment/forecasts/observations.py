"""What happened: a daily series of people and boats from a CSV file, every problem of it at once."""

import csv
from collections.abc import Callable, Iterator
from datetime import date
from math import isfinite, nan
from pathlib import Path

import pandas as pd

from sim.scenario import Problem, ScenarioError

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "arrivals_daily.csv"
NEEDED, COUNTS = ("date", "people"), ("people", "boats")
COLUMNS = {"arrivals": "people", "boats": "boats", "boats_arrived": "boats"}  # the observed column of a metric
MOST_NAMED = 5  # lines named of one kind of problem


def read_daily(path: Path) -> pd.DataFrame:
    """Counts a day, indexed by date in order: `people`, and `boats` if the file has it. An empty cell is not observed.

    Raises:
        ScenarioError: the file cannot be read, has no such columns, or has wrong or doubled dates or negative counts.
    """
    lines = _lines(path)
    counts = [name for name in COUNTS if name in lines[0][1]]
    lacking = [name for name in NEEDED if name not in lines[0][1]]
    problems = [
        Problem(name, "this column is missing", ", ".join(lines[0][1]), "date, people, boats", str(path))
        for name in lacking
    ]
    rows = lines[1:]
    if not problems and not rows:
        problems.append(Problem("", "holds no day", file=str(path)))
    if "date" not in lacking:
        problems += _wrong(path, rows, "date", _is_date, "a date such as 2024-07-01") + _doubled(path, rows)
    for name in counts:
        problems += _wrong(path, rows, name, _is_count, "a count of 0 or more, or nothing where it is not known")
    if problems:
        raise ScenarioError(problems)
    index = pd.DatetimeIndex([row["date"] for _, row in rows], name="date")
    numbers = {name: [float(row[name] or nan) for _, row in rows] for name in counts}
    return pd.DataFrame(numbers, index=index).sort_index()


def reaching_back(daily: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """A series with the days before its first one taken from another."""
    together: pd.DataFrame = pd.concat([earlier[earlier.index < daily.index[0]], daily])
    return together


def _lines(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows with their lines in the file, the head (names to names) first.

    Raises:
        ScenarioError: there is no such file, or it is no text.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file)
            head = [cell.strip().lower() for cell in next(reader, [])]
            found = [(1, dict(zip(head, head, strict=True)))]
            for cells in reader:
                if any(cells):
                    padded = [*cells, *[""] * (len(head) - len(cells))]
                    row = {name: cell.strip() for name, cell in zip(head, padded, strict=False)}
                    found.append((reader.line_num, row))
            return found
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise ScenarioError([Problem("", f"cannot be read as CSV: {why}", file=str(path))]) from None


def _wrong(
    path: Path, rows: list[tuple[int, dict[str, str]]], name: str, right: Callable[[str], bool], allowed: str
) -> list[Problem]:
    lines = [(line, row[name]) for line, row in rows if not right(row[name])]
    named = [Problem(name, "wrong value", given or "nothing", allowed, str(path), line) for line, given in lines]
    return list(_some(named, name, path))


def _doubled(path: Path, rows: list[tuple[int, dict[str, str]]]) -> list[Problem]:
    first: dict[str, int] = {}
    named = []
    for line, row in rows:
        before = first.setdefault(row["date"], line)
        if before != line and _is_date(row["date"]):
            named.append(Problem("date", f"this day is on line {before} already", row["date"], "", str(path), line))
    return list(_some(named, "date", path))


def _some(problems: list[Problem], name: str, path: Path) -> Iterator[Problem]:
    yield from problems[:MOST_NAMED]
    if len(problems) > MOST_NAMED:
        yield Problem(name, f"and {len(problems) - MOST_NAMED} more lines like these", file=str(path))


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2024-07-01")


def _is_count(text: str) -> bool:
    try:
        return not text or (isfinite(float(text)) and float(text) >= 0)
    except ValueError:
        return False
