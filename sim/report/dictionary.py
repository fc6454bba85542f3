"""The data dictionary on one page: every table of a results folder, and each column's type, unit and meaning."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from sim.dictionary import FAMILIES, Column, Family, Table
from sim.dictionary.outcomes import METRICS
from sim.report.markdown import table

MOST_IN_CELL = 6  # words of a column that are explained in its cell; more stand below the table
METRIC_NAMES = frozenset(metric.name for metric in METRICS)
LIST_OF_METRICS = "Metrics"

INTRODUCTION = """# Data dictionary

Every table that a command writes into a results folder, and each column's type, unit and meaning. Written from the code
by `make dictionary`; `make docs` checks that it is up to date. `sim export RUN` turns the tables of a run into CSV and
puts the part of this page that is about them into `dictionary.csv`.

- Everything is simulated unless a column says that it was observed. Observations end on 30 June 2025.
- People are counted as people: a metric of people is a number of simulated persons, one agent each.
- A *day since the start* is a number: 0.5 is noon of the scenario's first day, whose date is in `scenario.yaml`.
- Days, weeks and events of the warm-up are in the tables; metrics count the measured window alone.
- An *interval* of means over replications tells what is left of chance after so many runs. It does not hold what is
  uncertain in the settings; sweeps and forecasts do.
- An empty cell is a value that is missing: it does not apply, or it cannot be had. `inf` is an open end.
- Sectors are stretches of coast of tens of kilometres, patrol units are simulated: nothing here is a real schedule or
  position."""

ABOUT_METRICS = (
    "Columns of `runs`, and values of the column `metric` elsewhere. A metric of one run counts the measured window; "
    "the last ones compare a run with the baseline run of the same replication, person by person."
)


def dictionary_page() -> str:
    """The page, in Markdown."""
    link = _Links()
    parts = []
    for family in FAMILIES:
        link.to(family.name)
        for each in family.tables:
            link.to(each.name)
    metrics = link.to(LIST_OF_METRICS)
    for family in FAMILIES:
        parts += [f"## {family.name}", family.about]
        for each in family.tables:
            parts += _table(each, metrics)
    contents = [_contents(family, links) for family, links in zip(FAMILIES, link.by_family(), strict=True)]
    contents.append(f"- [{LIST_OF_METRICS}](#{metrics})")
    parts += [f"## {LIST_OF_METRICS}", ABOUT_METRICS, _metrics()]
    return "\n\n".join([INTRODUCTION, "\n".join(contents), *parts]) + "\n"


class _Links:
    """Anchors of the headings in their order, as renderers of Markdown make them: a name used again has a number."""

    def __init__(self) -> None:
        self._used: Counter[str] = Counter()
        self._made: list[str] = []

    def to(self, heading: str) -> str:
        """The anchor of the next heading."""
        slug = re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        number = self._used[slug]
        self._used[slug] += 1
        self._made.append(f"{slug}-{number}" if number else slug)
        return self._made[-1]

    def by_family(self) -> Iterator[list[str]]:
        """The anchors of each family: its own, then its tables'."""
        made = iter(self._made)
        for family in FAMILIES:
            yield [next(made) for _ in range(1 + len(family.tables))]


def _contents(family: Family, links: list[str]) -> str:
    tables = ", ".join(f"[{each.name}](#{to})" for each, to in zip(family.tables, links[1:], strict=True))
    return f"- [{family.name}](#{links[0]}): {tables}"


def _table(each: Table, metrics: str) -> list[str]:
    """The heading, the sentence, the columns, and the values of columns that have many."""
    rows, told = [], False
    for column in each.columns:
        if column.name in METRIC_NAMES and each.name == "runs":
            rows += [] if told else [["every metric", "number", "its own", f"[{LIST_OF_METRICS}](#{metrics})."]]
            told = True
        else:
            rows.append(_row(column))
    many = [column for column in each.columns if len(column.values) > MOST_IN_CELL]
    return [
        f"### {each.name}",
        f"A row is {each.row}. {each.about}",
        table(["column", "type", "unit", "meaning"], rows),
        *(
            f"Values of `{column.name}`:\n\n" + "\n".join(f"- {word}" for word in _told(column.values))
            for column in many
        ),
    ]


def _row(column: Column) -> list[str]:
    return [f"`{column.name}`", column.kind, column.unit or "–", f"{_cell(column.meaning)}{_words(column)}"]


def _cell(text: str) -> str:
    """Text in a cell: it is Markdown already, but a bar would end the cell."""
    return text.replace("|", r"\|")


def _words(column: Column) -> str:
    """The words that a column may hold, if they are few."""
    if not column.values:
        return ""
    if len(column.values) > MOST_IN_CELL:
        return " Values: below."
    return f" {'; '.join(_told(column.values))}."


def _told(values: Mapping[str, str]) -> list[str]:
    return [f"`{word}`: {meaning}" if meaning else f"`{word}`" for word, meaning in values.items()]


def _metrics() -> str:
    return table(["metric", "unit", "meaning"], [[f"`{m.name}`", m.unit, _cell(m.meaning)] for m in METRICS])
