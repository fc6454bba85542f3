"""The data dictionary: nothing that a command writes is untold, and nothing is told that no command writes."""

import re
from pathlib import Path

import pandas as pd
import pytest
from described import faults
from typer.testing import CliRunner

from sim.cli import app
from sim.dictionary import FAMILIES, all_of, described, gaps
from sim.dictionary.declared import KINDS, Column, Table, count, labelled, said, words
from sim.dictionary.outcomes import METRICS
from sim.domain.population import Age
from sim.experiment import discover, information, sensitivity
from sim.experiment.patterns.scorecard import COLUMNS as SCORECARD
from sim.experiment.study import Options, study
from sim.experiment.sweep import execute, read_plan
from sim.metrics import outcome_metrics, paired_metrics
from sim.report.dictionary import dictionary_page
from sim.scenario import load_scenario

ROOT = Path(__file__).resolve().parents[2]
SMALL = {
    "theatre.inflow.people_per_year.2025": 900, "coast.people_at_start": 60, "until": "2025-08-25", "gangs.firms": 4,
    "gangs.firms_at_most": 5,
}  # fmt: skip
ONE_AT_A_TIME = """
question: Which of two settings moves arrivals more?
scenario: pilot.yaml
baseline: no_exchange.yaml
replications: 1
design: oat
over:
  exchange.weekly_target: [50, 60]
"""
WITH_PEOPLE = {"people", "journeys"}
TABLES = [table for _, table in all_of(FAMILIES)]
SERIAL = {"workers": 1, "executor": "serial"}


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    """A small pilot with everything recorded."""
    out = tmp_path_factory.mktemp("runs") / "pilot"
    loaded = [load_scenario(name, SMALL) for name in ("pilot", "no_exchange")]
    return study(loaded[:1], loaded[1], Options(replications=1, people=True, out=out, **SERIAL)).folder


@pytest.fixture(scope="module")
def swept(run) -> Path:
    """A sweep of one setting at a time, beside the runs, so that it finds those of its first points."""
    file = run.parent / "ends.yaml"
    file.write_text(ONE_AT_A_TIME)
    plan = read_plan(str(file), [f"{name}={value}" for name, value in SMALL.items()])
    return execute.sweep(plan, Options(out=run.parent / "ends", **SERIAL)).results.folder


def tables_in(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.parquet")}


def test_every_table_of_a_run_is_told_column_by_column(run):
    assert tables_in(run) > WITH_PEOPLE
    assert faults(run) == []


def test_every_table_of_a_sweep_is_told_column_by_column(swept):
    assert tables_in(swept) >= {"points", "dimensions", "sweep", "runs", "summary", "effects", "tornado"}
    assert faults(swept) == []


def test_no_table_of_a_run_is_told_that_is_not_written(run):
    families = [family for family in FAMILIES if family.name in ("Outcomes", "The coast", "The exchange", "People")]
    assert {table.name for family in families for table in family.tables} == tables_in(run)


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("sensitivity", sensitivity.COLUMNS), ("information", information.COLUMNS),
        ("discover_boxes", discover.BOX_COLUMNS), ("discover", discover.LIMIT_COLUMNS),
        ("discover_trajectory", discover.STEP_COLUMNS), ("patterns", SCORECARD),
    ],
)  # fmt: skip
def test_tables_with_fixed_columns_are_told_in_their_order(name, columns):
    assert gaps(name, columns) == []
    assert [column.name for column in described(name, columns)[1].columns] == list(columns)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("parameters", "posterior_parameters.csv"), ("summaries", "posterior_summaries.csv"),
        ("rolling", "rolling.csv"), ("patterns", "patterns.csv"),
    ],
)  # fmt: skip
def test_tables_that_ship_are_told(name, file):
    assert gaps(name, pd.read_csv(ROOT / "sim/data" / file).columns) == []


def test_a_column_without_a_meaning_is_named_with_the_file_to_declare_it_in():
    columns = [column.name for column in described("camps", ["camp"])[1].columns]
    (told,) = gaps("camps", [*columns, "tents"])
    assert "camps.tents" in told
    assert "declare it in sim/dictionary/coast.py" in told


def test_a_column_that_is_no_longer_written_is_named():
    columns = [column.name for column in described("camps", ["camp"])[1].columns]
    (told,) = gaps("camps", columns[:-1])
    assert columns[-1] in told
    assert "take it out of sim/dictionary/coast.py" in told


def test_a_table_without_a_meaning_is_named():
    (told,) = gaps("tents", ["scenario"])
    assert "table tents is not in the data dictionary" in told


def test_of_two_tables_of_one_name_the_one_with_these_columns_is_taken():
    assert described("effects", ["point", "scenario"])[0].name == "Sweeps"
    assert described("effects", ["scenario", "baseline"])[0].name == "Outcomes"


def test_columns_named_by_settings_are_told_by_their_form():
    points = described("points", ["point"])[1]
    assert points.column("exchange.weekly_target").name == "<setting>"
    assert points.column("gangs.seats_per_boat.2023-01-01").name == "<setting>"
    assert points.column("weekly_target") is None


def test_a_declared_form_that_nothing_has_is_absent():
    table = Table("t", "a row", "", (count("wave", "Wave."), Column("u.<p>", "number", "", "Place.", like=r"u\..+")))
    assert table.absent(["wave"]) == ["u.<p>"]
    assert table.absent(["wave", "u.height"]) == []


def test_every_metric_has_the_unit_and_meaning_of_its_function():
    told = {column.name: column for column in METRICS}
    for metric in [*outcome_metrics(), *paired_metrics()]:
        assert told[metric.name].unit == metric.unit
        assert told[metric.name].meaning.startswith(metric.meaning)


def test_every_column_has_a_known_kind_and_a_meaning_that_ends_as_a_sentence():
    untold = [
        f"{table.name}.{column.name}" for table in TABLES for column in table.columns
        if column.kind not in KINDS or not re.search(r"\w.*\.$", column.meaning)
    ]  # fmt: skip
    assert untold == []


def test_every_table_says_what_a_row_is_and_where_it_is_declared():
    assert [table.name for table in TABLES if not re.match(r"(a|an|the) ", table.row)] == []
    places = {family.place: {table.name for table in family.tables} for family in FAMILIES}
    for place, names in places.items():
        source = (ROOT / place).read_text()
        assert [name for name in names if f'"{name}"' not in source] == []


def test_no_table_names_a_column_twice():
    names = {table.name: [column.name for column in table.columns] for table in TABLES}
    assert {name for name, columns in names.items() if len(set(columns)) < len(columns)} == set()


def test_a_new_member_of_an_enumeration_must_be_told():
    with pytest.raises(LookupError, match="UNACCOMPANIED_MINOR|2"):
        labelled(Age, {Age.ADULT: "18 or over", Age.ACCOMPANIED_MINOR: "under 18"})


def test_a_word_that_the_code_no_longer_has_must_go():
    with pytest.raises(LookupError, match="tunnel"):
        words(["boat"], {"boat": "by boat", "tunnel": "by tunnel"})


def test_a_sentence_is_taken_from_the_function_that_builds_the_table():
    def tents() -> None:
        """`tents.parquet`: one row a tent: its place
        and its people.

        Raises nothing.
        """

    assert said(tents) == "Its place and its people."


def test_the_page_in_docs_is_what_the_code_says():
    assert (ROOT / "docs/data_dictionary.md").read_text(encoding="utf-8") == dictionary_page()


def test_every_table_and_column_is_on_the_page():
    parts = re.split(r"^### ", dictionary_page(), flags=re.MULTILINE)[1:]
    assert [part.splitlines()[0] for part in parts] == [table.name for table in TABLES]
    for part, table in zip(parts, TABLES, strict=True):
        names = [c.name for c in table.columns if table.name != "runs" or c not in METRICS]
        assert [name for name in names if f"| `{name}` |" not in part] == []


def test_every_link_of_the_page_leads_to_a_heading():
    page, used, anchors = dictionary_page(), {}, set()
    for heading in re.findall(r"^#+ (.+)$", page, flags=re.MULTILINE):
        slug = re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        anchors.add(f"{slug}-{used[slug]}" if slug in used else slug)
        used[slug] = used.get(slug, 0) + 1
    links = re.findall(r"\]\(#([^)]+)\)", page)
    assert len(set(links)) == len(TABLES) + len(FAMILIES) + 1
    assert set(links) <= anchors


def test_a_bar_in_a_meaning_does_not_end_the_cell():
    rows = [line for line in dictionary_page().splitlines() if line.startswith("| `")]
    assert {len(re.split(r"(?<!\\)\|", row)) for row in rows} == {5, 6}  # metrics have three cells, columns four


def test_the_command_prints_the_page_or_writes_it(tmp_path):
    shown = CliRunner().invoke(app, ["dictionary"])
    assert shown.output == dictionary_page()
    written = CliRunner().invoke(app, ["dictionary", "--out", str(tmp_path / "new" / "page.md")])
    assert (written.exit_code, written.output) == (0, "")
    assert (tmp_path / "new" / "page.md").read_text(encoding="utf-8") == dictionary_page()


def test_words_of_a_coded_column_are_on_the_page():
    page = dictionary_page()
    for _, table in all_of(FAMILIES):
        for column in table.columns:
            assert [word for word in column.values if f"`{word}`" not in page] == []
