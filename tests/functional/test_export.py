"""`sim export` as a user meets it: what is in the files, what is refused, and what an interruption leaves."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.cli import main
from sim.experiment.results import Results
from sim.report import export as exporting
from sim.report.export import read_export, write_export
from sim.report.export.cells import guarded
from sim.scenario import ScenarioError

NASTY = ["=HYPERLINK(1)", "+1+1", "-2+3|cmd", "@SUM(A1)", "\t=1", " =1", "＝1", 'say "no", please', "line\nline"]
DAYS = ["2025-01-01", "2025-01-02", "2025-01-03"]
FACTS = {
    "command": "python -m sim run pilot.yaml", "commit": "0123abc", "code_hash": "feed", "seed": 7, "replications": 2,
    "sim": "0.1.0", "baseline": "calm", "data": "Observed series end on 30 June 2025.",
}  # fmt: skip


def day_table() -> pd.DataFrame:
    """Three days of two replications of a scenario, with a number that is noisy and one that is missing."""
    return pd.DataFrame({
        "scenario": "pilot", "replication": np.repeat([0, 1], 3), "date": DAYS * 2, "arrivals": [0, 5, 7, 1, 2, 3],
        "price_gbp": [0.1 + 0.2, np.nan, 2500.0, 1 / 3, 1e-9, np.inf],
        "wave_height_m": np.array([0.1, 0.7, 1.1, 2.3, np.nan, 0.9], dtype=np.float32),
    })  # fmt: skip


@pytest.fixture
def folder(tmp_path) -> Path:
    """A finished folder with a table of days, one of rows that rest on all replications, and one of text."""
    made = tmp_path / "pilot"
    made.mkdir()
    day_table().to_parquet(made / "daily.parquet", index=False)
    pd.DataFrame({"scenario": ["pilot"], "metric": ["arrivals"], "mean": [9.0]}).to_parquet(made / "summary.parquet")
    pd.DataFrame({"name": NASTY, "label": ["", None, "Étaples", "-10%", "-5", "+3.5e-7", "a", "b", "c"]}).to_parquet(
        made / "places.parquet", index=False
    )
    questions = "scenarios: {calm: {question: And without?}, pilot: {question: 'What\n\n  then?'}}\n"
    (made / "scenario.yaml").write_text(questions)
    (made / "provenance.json").write_text(json.dumps(FACTS))
    return made


@pytest.fixture
def sim(monkeypatch, capsys) -> Callable[..., tuple[int, str, str]]:
    """Give a command; its status, output and messages."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["sim", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return ended.value.code or 0, told.out, told.err

    return run


def exported(folder: Path, **asked) -> dict[str, str]:
    """The text of every file of an export."""
    return {path.name: path.read_text(encoding="utf-8") for path in write_export(read_export(Results(folder), **asked))}


def cells(text: str, column: int) -> list[str]:
    """One column as it is written; only for tables without commas in cells."""
    return [line.split(",")[column] for line in text.splitlines()[1:]]


def test_every_table_lands_in_a_folder_of_its_own_with_a_dictionary_and_a_note(sim, folder):
    status, out, err = sim("export", str(folder), "--format", "csv")
    assert status == 0, err
    names = {"daily.csv", "places.csv", "summary.csv", "dictionary.csv", "README.txt"}
    assert {path.name for path in (folder / "csv").iterdir()} == names
    assert {Path(line).name for line in out.splitlines()} == names


def test_what_is_read_back_is_what_was_in_the_table(folder):
    text = exported(folder, tables="daily")["daily.csv"]
    assert text.splitlines()[0] == '"scenario","replication","date","arrivals","price_gbp","wave_height_m"'
    back, table = pd.read_csv(folder / "csv" / "daily.csv"), day_table()
    assert back.drop(columns="wave_height_m").equals(table.drop(columns="wave_height_m").assign(
        price_gbp=[0.3, np.nan, 2500.0, 0.333333333333333, 1e-9, np.inf]))  # fmt: skip
    assert np.array_equal(back["wave_height_m"].astype(np.float32), table["wave_height_m"], equal_nan=True)


def test_numbers_have_no_noise_and_what_is_missing_is_an_empty_cell(folder):
    text = exported(folder, tables="daily")["daily.csv"]
    assert cells(text, 4) == ["0.3", "", "2500", "0.333333333333333", "1e-9", "inf"]
    assert cells(text, 5) == ["0.1", "0.7", "1.1", "2.3", "", "0.9"]


def test_days_are_iso_dates_however_they_are_kept(folder):
    weeks = pd.DataFrame({"assumption": "mixed", "week": pd.to_datetime(["2016-03-21"]), "quantile": 0.5, "value": 1.0})
    weeks.to_parquet(folder / "aegean.parquet", index=False)
    files = exported(folder)
    assert files["aegean.csv"].splitlines()[1] == '"mixed",2016-03-21,0.5,1'
    assert cells(files["daily.csv"], 2)[:3] == [f'"{day}"' for day in DAYS]


def test_text_from_users_cannot_become_a_formula(folder):
    exported(folder, tables="places")
    back = pd.read_csv(folder / "csv" / "places.csv", keep_default_na=False)
    assert back["name"].tolist() == [*(f"'{text}" for text in NASTY[:7]), *NASTY[7:]]


@pytest.mark.parametrize("text", ["\tx", "\rx", "\nx"])
def test_text_that_begins_with_a_tab_or_a_new_line_is_guarded_too(text):
    assert guarded(pa.array([text])).to_pylist() == [f"'{text}"]


def test_plain_numbers_in_text_stay_and_empty_text_is_an_empty_cell(folder):
    exported(folder, tables="places")
    back = pd.read_csv(folder / "csv" / "places.csv", dtype=str, keep_default_na=False)
    assert back["label"].tolist() == ["", "", "Étaples", "-10%", "-5", "+3.5e-7", "a", "b", "c"]
    assert '""' not in (folder / "csv" / "places.csv").read_text(encoding="utf-8").replace('""no""', "")


def test_the_head_of_a_column_cannot_become_a_formula_either(folder):
    pd.DataFrame({"=1+1": [1]}).to_parquet(folder / "legs.parquet", index=False)
    assert exported(folder, tables="legs")["legs.csv"].splitlines() == ['"\'=1+1"', "1"]


def test_tables_are_chosen_by_name(folder):
    assert set(exported(folder, tables="summary, daily")) == {
        "summary.csv", "daily.csv", "dictionary.csv", "README.txt"
    }  # fmt: skip


def test_one_replication_is_taken_of_tables_that_have_some(folder):
    files = exported(folder, replication=1)
    assert cells(files["daily.csv"], 1) == ["1"] * 3
    assert len(files["summary.csv"].splitlines()) == 2
    assert "only replication 1 is here" in " ".join(files["README.txt"].split())


def test_a_replication_that_lies_in_another_part_of_the_file_is_found(folder):
    rows = pa.table({"scenario": ["pilot"] * 6, "replication": [0, 0, 1, 1, 0, 1], "person": range(6)})
    pq.write_table(rows, folder / "people.parquet", row_group_size=2)
    text = exported(folder, tables="people", replication=1)["people.csv"]
    assert cells(text, 2) == ["2", "3", "5"]


def test_a_large_table_is_read_in_batches(folder, monkeypatch):
    monkeypatch.setattr(exporting, "BATCH_ROWS", 100)
    rows = pd.DataFrame(
        {"scenario": "pilot", "replication": 0, "day": np.arange(1000) + 0.5, "person": 1, "event": "tried"}
    )
    rows.to_parquet(folder / "journeys.parquet", index=False)
    seen: list[tuple[int, int]] = []
    paths = list(write_export(read_export(Results(folder), tables="daily,journeys"), lambda *rows: seen.append(rows)))
    assert seen == [(6, 1006), *((6 + done, 1006) for done in range(100, 1001, 100))]
    assert pd.read_csv(paths[1]).equals(rows)


def test_an_interrupted_export_leaves_whole_files_only(folder, monkeypatch):
    monkeypatch.setattr(exporting, "BATCH_ROWS", 2)
    done = []

    def interrupt(rows: int, total: int) -> None:
        if rows > 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        done += list(write_export(read_export(Results(folder), tables="daily,places"), interrupt))
    assert [path.name for path in (folder / "csv").iterdir()] == ["daily.csv"]
    assert len(pd.read_csv(folder / "csv" / "daily.csv")) == 6


def test_an_interrupted_export_keeps_the_file_of_before(folder):
    before = exported(folder, tables="daily")["daily.csv"]
    asked = read_export(Results(folder), tables="daily", replication=0)
    with pytest.raises(ZeroDivisionError):
        list(write_export(asked, lambda rows, total: 1 // 0))
    assert (folder / "csv" / "daily.csv").read_text() == before


def test_a_second_export_writes_the_same_bytes(folder):
    assert exported(folder) == exported(folder)


def test_everything_wrong_is_told_at_once_with_what_is_allowed(sim, folder):
    wrong = ["--format", "xls", "--tables", "daily,dialy", "--replication", "9", "--out", str(folder / "scenario.yaml")]
    status, out, err = sim("export", str(folder), *wrong)
    assert (status, out) == (2, "")
    lines = err.splitlines()
    assert lines[0] == "--format: is unknown; got 'xls'; allowed: csv"
    assert lines[1].endswith("has no such table; got 'dialy'; allowed: daily, places, summary")
    assert lines[2].startswith("--out: is a file")
    assert lines[3] == "--replication: was not run; got 9; allowed: 0, 1"
    assert not (folder / "csv").exists()


def test_a_replication_of_tables_that_have_none_is_refused(folder):
    with pytest.raises(ScenarioError, match="none of these tables has rows of single replications.* --tables daily"):
        read_export(Results(folder), tables="summary,places", replication=0)


def test_a_folder_that_cannot_be_made_ends_with_status_1(sim, folder):
    status, _, err = sim("export", str(folder), "--out", str(folder / "scenario.yaml" / "csv"))
    assert status == 1
    assert "cannot write the tables" in err
    assert "Traceback" not in err


def test_quiet_says_nothing(sim, folder):
    assert sim("export", str(folder), "--quiet", "--out", str(folder / "elsewhere")) == (0, "", "")
    assert (folder / "elsewhere" / "daily.csv").exists()


def test_the_dictionary_beside_the_tables_tells_their_columns_alone(folder):
    exported(folder, tables="daily")
    told = pd.read_csv(folder / "csv" / "dictionary.csv", keep_default_na=False)
    assert told.columns.tolist() == ["table", "column", "type", "unit", "meaning"]
    assert told["table"].unique().tolist() == ["daily"]
    assert told["column"].tolist() == day_table().columns.tolist()
    arrivals = told.set_index("column").loc["arrivals"]
    assert (arrivals["type"], arrivals["unit"]) == ("whole number", "people")
    assert arrivals["meaning"] == "People who arrived in the UK by small boat."


def test_a_column_of_another_version_is_exported_and_said_to_be_unknown(folder):
    day_table().assign(tents=1).to_parquet(folder / "daily.parquet", index=False)
    assert exported(folder, tables="daily")["daily.csv"].splitlines()[0].endswith('"tents"')
    told = pd.read_csv(folder / "csv" / "dictionary.csv").set_index("column")
    assert "another version" in told.loc["tents", "meaning"]


def test_values_of_coded_columns_are_told(folder):
    pd.DataFrame({"scenario": ["pilot"], "replication": [0], "end": ["arrived"]}).to_parquet(folder / "boats.parquet")
    exported(folder, tables="boats")
    told = pd.read_csv(folder / "csv" / "dictionary.csv").set_index("column").loc["end", "meaning"]
    assert "turned_back: put to sea and was brought back to France" in told


def test_settings_of_a_sweep_have_the_unit_that_the_sweep_tells(folder):
    pd.DataFrame({"point": [0], "exchange.weekly_target": [50.0]}).to_parquet(folder / "points.parquet", index=False)
    settings = {"setting": ["exchange.weekly_target"], "unit": ["returns/week"]}
    pd.DataFrame(settings).to_parquet(folder / "dimensions.parquet", index=False)
    pd.DataFrame({"name": ["returns"], "question": ["How many?"]}).to_parquet(folder / "sweep.parquet", index=False)
    files = exported(folder, tables="points")
    told = pd.read_csv(folder / "csv" / "dictionary.csv").set_index("column")
    assert told.loc["exchange.weekly_target", ["type", "unit"]].tolist() == ["number", "returns/week"]
    assert "Question: How many?" in files["README.txt"]


def test_the_note_says_how_the_run_came_to_be_and_what_the_data_may_be_used_for(folder):
    note = exported(folder)["README.txt"]
    questions = ["Question of pilot: What then?", "Question of calm: And without?", "Baseline: calm"]
    assert [line for line in note.splitlines() if line in questions] == questions
    for words in ("Command: python -m sim run pilot.yaml", "Base seed: 7", "Commit: 0123abc", "Replications: 2"):
        assert words in note.splitlines()
    text = " ".join(note.split())
    for words in ("Open Government Licence v3.0", "An empty cell is a value that is missing", "30 June 2025", "daily"):
        assert words in text
    assert str(folder.parent) not in note


def test_an_empty_table_has_its_head(folder):
    day_table().iloc[:0].to_parquet(folder / "daily.parquet", index=False)
    assert len(exported(folder, tables="daily")["daily.csv"].splitlines()) == 1
