"""The page of assumptions: every setting once, guesses marked and counted, the posterior where there is one."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.report.assumptions import RESULTS, RUN, assumptions_page
from sim.report.posterior import Informed, read_informed
from sim.scenario import Meta, guesses, load_scenario
from sim.scenario.shape import SECTIONS

BASE = load_scenario("base")
PAGE = assumptions_page(BASE)
BUDGET = "migrants.budget_gbp"


def part(page: str, heading: str) -> str:
    """What stands under a heading."""
    return page.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def row_of(page: str, name: str) -> list[str]:
    """The cells of a setting's row, by its full name; the first without its note."""
    section, dot, inner = name.partition(".")
    rows = part(page, section if dot else RUN).splitlines()
    row = next(row for row in rows if re.match(rf"\| `{re.escape(inner or name)}`(<br>| \|)", row))
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]


def with_setting(name: str, meta: Meta):
    """The base scenario with another entry in its catalogue."""
    return replace(BASE, catalogue={**BASE.catalogue, name: meta})


@pytest.mark.parametrize("name", BASE.catalogue)
def test_every_setting_has_a_row_with_its_range_confidence_and_source(name):
    meta = BASE.catalogue[name]
    _, value, plausible, confidence, source = row_of(PAGE, name)
    assert value
    assert (plausible == "–") == (meta.low is None)
    assert confidence.strip("*") == (meta.confidence or "–")
    assert source.strip("[]") == (meta.source or "–")


def test_a_row_gives_value_with_unit_range_confidence_and_note():
    cells = row_of(PAGE, "coast.people_at_start")
    assert cells == [
        "`people_at_start`<br>associations' counts",
        "1,500 people",
        "1,000 to 2,500",
        "press",
        "[BOUM_2021]",
    ]


def test_settings_stand_in_the_order_of_the_configuration():
    headings = re.findall(r"^## (\w+)$", PAGE, flags=re.MULTILINE)
    assert [name for name in headings if name in SECTIONS] == list(SECTIONS)
    listed = re.findall(r"^\| `(\w+)`", part(PAGE, "beliefs"), flags=re.MULTILINE)
    assert listed == [name.removeprefix("beliefs.") for name in BASE.catalogue if name.startswith("beliefs.")]


def test_guesses_alone_are_set_in_bold():
    assert row_of(PAGE, BUDGET)[3] == "**guess**"
    assert row_of(PAGE, "money.detention_gbp_per_day")[3] == "official"


def test_guesses_are_counted_in_all_and_by_section():
    assert f"{len(BASE.catalogue)} settings" in part(PAGE, "In short")
    assert f"**{len(guesses(BASE))} are guesses**" in part(PAGE, "In short")
    rescue = next(row for row in part(PAGE, "Guesses by section").splitlines() if "`rescue`" in row)
    assert rescue == "| [`rescue`](#rescue) | 3 | 3 | 3 | **100 %** | 3 |"


def test_a_number_that_is_no_guess_any_more_is_counted_no_more():
    name = "rescue.vessels"
    sure = with_setting(name, replace(BASE.catalogue[name], confidence="official"))
    assert f"**{len(guesses(BASE)) - 1} are guesses**" in assumptions_page(sure)
    assert "| [`rescue`](#rescue) | 3 | 3 | 2 | 67 % | 2 |" in assumptions_page(sure)


def test_every_section_but_those_of_the_clock_bears_on_some_result():
    bearing = {section for sections in RESULTS.values() for section in sections}
    assert bearing == {*SECTIONS, "theatre"} - {"rhythm"}


def test_a_mapping_is_written_out_and_a_column_by_its_span():
    assert row_of(PAGE, "gangs.seats_per_boat")[1].startswith("2022: 43, 2023: ")
    assert row_of(PAGE, "theatre.sectors.length_km")[1] == "25 to 70 km in 6 rows"


def test_a_rule_says_what_it_does():
    assert "People go by what they hear" in row_of(PAGE, "beliefs.expectation")[0]


def test_values_outside_their_range_are_listed_with_the_scenario_that_sets_them():
    page = assumptions_page(BASE, [load_scenario("patrols_doubled")])
    assert "- `patrols_doubled`: levers.patrol_units.units: 160 is outside" in part(page, "Outside the plausible range")
    assert "Every value lies in its plausible range." in PAGE


def test_sources_are_listed_with_title_and_linked_also_from_notes():
    sources = part(PAGE, "Sources")
    assert re.search(r"^\| \[BOUM_2021\] \| La situation des migrants a Calais \| Boum \|", sources, re.MULTILINE)
    assert "| in a note |" in sources
    cited = {meta.source for meta in BASE.catalogue.values()} - {"", "judgement", "definition"}
    assert cited <= set(re.findall(r"^\[(\w+)\]: <http", sources, re.MULTILINE))


def test_what_a_note_says_is_not_read_as_markdown():
    odd = Meta(1.0, "share | <b>", 0, 1, "judgement", "guess", "see passage.* and [here](there)")
    page = assumptions_page(with_setting("rescue.odd", odd))
    name, value, *_ = row_of(page, "rescue.odd")
    assert name == r"`odd`<br>see passage.\* and \[here\](there)"
    assert value == r"1 share \| \<b>"


def test_the_levers_of_a_scenario_are_listed_with_their_dates():
    page = assumptions_page(load_scenario("pilot"))
    assert "| `exchange.weekly_target` | 50 returns/week | 0 to 1,000 | 2025-08-06 to 2026-06-11 |" in page
    assert "\n## levers\n" not in PAGE


def posterior_table(file: Path, values: np.ndarray, **more: object) -> dict[str, Informed]:
    """A table of draws of one setting, read back."""
    pd.DataFrame({BUDGET: values, **more}).to_parquet(file)
    found = read_informed(BASE.catalogue, file)
    assert found is not None
    return found


def test_without_a_posterior_there_is_no_column_for_it(tmp_path):
    assert read_informed(BASE.catalogue, tmp_path / "none.parquet") is None
    assert "| source | posterior |" not in PAGE
    assert "there is no posterior yet" in PAGE


def test_a_posterior_as_wide_as_the_prior_informs_of_nothing(tmp_path):
    found = posterior_table(tmp_path / "p.parquet", np.linspace(3000, 12000, 1001))
    assert found[BUDGET].narrowed == pytest.approx(0.0, abs=0.01)
    page = assumptions_page(BASE, posterior=found)
    assert row_of(page, BUDGET)[5] == "7,500 (3,450 to 11,600), as its prior"
    assert row_of(page, "rescue.vessels")[5] == "–"
    assert "The data inform 0 of the 1 calibrated numbers" in page


def test_a_posterior_says_by_how_much_the_spread_shrank(tmp_path):
    found = posterior_table(tmp_path / "p.parquet", np.linspace(5000, 6800, 1001))
    page = assumptions_page(BASE, posterior=found)
    assert row_of(page, BUDGET)[5] == "5,900 (5,090 to 6,710), 80 % narrower"
    assert "The data inform 1 of the 1 calibrated numbers" in page


def test_the_draws_of_a_posterior_count_by_their_weight(tmp_path):
    weights = np.array([0.0] * 50 + [1.0] * 50)
    values = np.repeat([4000.0, 9000.0], 50)
    found = posterior_table(tmp_path / "p.parquet", values, weight=weights)
    assert (found[BUDGET].low, found[BUDGET].high) == (9000, 9000)


def test_a_posterior_may_hold_parts_of_a_setting_and_columns_that_are_none(tmp_path):
    more = {"gangs.seats_per_boat.2023": np.linspace(50, 54, 11), "distance": 1.0, "gangs.pricing": "adaptive"}
    found = posterior_table(tmp_path / "p.parquet", np.linspace(5000, 6800, 11), **more)
    assert set(found) == {BUDGET, "gangs.seats_per_boat.2023"}
    page = assumptions_page(BASE, posterior=found)
    assert row_of(page, "gangs.seats_per_boat")[5].startswith("2023: 52 (50 to 54), ")


def test_a_value_in_use_that_the_posterior_finds_unlikely_counts_as_moved():
    wide = Informed(median=7000, low=5600, high=13000, narrowed=0.0)
    assert wide.is_moved_from(5500)
    assert not wide.is_moved_from(6000)


def test_the_command_writes_the_page_that_it_shows(tmp_path):
    shown = CliRunner().invoke(app, ["assumptions"])
    file = tmp_path / "new" / "page.md"
    written = CliRunner().invoke(app, ["assumptions", "--out", str(file)])
    assert (shown.exit_code, written.exit_code, written.output) == (0, 0, "")
    assert file.read_bytes() == shown.stdout_bytes
    assert "`everyone`: levers.exchange.beds: 5000 is outside" in shown.output


def test_a_page_that_cannot_be_written_is_said_without_a_traceback(tmp_path):
    (tmp_path / "file").write_text("")
    done = CliRunner().invoke(app, ["assumptions", "--out", str(tmp_path / "file" / "page.md")])
    assert done.exit_code == 1
    assert "cannot write the page" in done.output
