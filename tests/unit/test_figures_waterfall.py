"""The waterfall: from the baseline's arrivals to the policy's, by what became of the people."""

from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from ruamel.yaml import YAML

from sim.experiment.results import Results
from sim.figures import draw

COLUMNS = ["scenario", "baseline", "kind", "dimension", "of_arrivals", "from_sector", "to_sector", "lost", "gained"]
CLASSES = [
    ("stayed_away", "deterred", True, "", "", 40, 10), ("other_mode", "mode", True, "", "", 12, 0),
    ("died", "died", True, "", "", 0, 0), ("repeat_arrivals", "repeat", True, "", "", 0, 7),
    ("moved_along_coast", "space", False, "north_beach", "south_beach", 20, 5),
    ("moved_in_time", "time", False, "", "", 3, 9),
]  # fmt: skip
NET = [-30, -12, 7]  # what the classes that happen do to arrivals


def folder(path: Path, replications: int = 2, policies: dict[str, int] | None = None) -> Path:
    """Results of policies that each do `scale` times what CLASSES say, the same in every replication but for deaths."""
    policies = {"swap": 1} if policies is None else policies
    scales = {"plain": 0, **policies}
    runs = [(name, r, 1000 + scale * sum(NET)) for name, scale in scales.items() for r in range(replications)]
    pd.DataFrame(runs, columns=["scenario", "replication", "arrivals"]).to_parquet(path / "runs.parquet")
    rows = [
        (name, "plain", *words, scale * lost, scale * gained)
        for name, scale in policies.items() for *words, lost, gained in CLASSES
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=COLUMNS).assign(people=lambda t: t["lost"] - t["gained"])
    each = pd.concat([table.assign(replication=r) for r in range(replications)], ignore_index=True)
    each.to_parquet(path / "displacement.parquet")
    day = {"start": "2025-01-01", "until": "2025-06-01", "levers": []}
    with (path / "scenario.yaml").open("w") as file:
        YAML(typ="safe").dump({"baseline": "plain", "scenarios": dict.fromkeys(scales, day)}, file)
    return path


def waterfall(path: Path, **changes) -> Figure:
    figure = draw("waterfall", Results(folder(path, **changes)))
    figure.canvas.draw()
    return figure


def bars(figure: Figure, number: int) -> list[tuple[float, float]]:
    """Start and end of each bar of one panel, from top to bottom."""
    found = [p for p in figure.axes[number].patches if isinstance(p, Rectangle)]
    return [(p.get_x(), p.get_x() + p.get_width()) for p in found]


def words(figure: Figure) -> list[str]:
    return [t.get_text().replace("\n", " ") for t in figure.findobj(Text) if t.get_text()]


def test_each_bar_starts_where_the_one_above_it_ended(tmp_path):
    *steps, total = bars(waterfall(tmp_path), 0)
    assert [end - start for start, end in steps] == pytest.approx(NET)
    assert steps[0][0] == 0
    assert all(upper[1] == pytest.approx(lower[0]) for upper, lower in pairwise(steps))
    assert total == pytest.approx((0, steps[-1][1]))


def test_totals_and_steps_are_told_in_numbers(tmp_path):
    said = words(waterfall(tmp_path))
    assert "1,000 arrivals" in said
    assert any(text.startswith("965 arrivals, −35") for text in said)
    assert any(text.startswith("−30") for text in said)


def test_a_class_in_which_nobody_is_gets_no_bar(tmp_path):
    said = words(waterfall(tmp_path))
    assert "never set out" in said
    assert "died on the way" not in said


def test_sectors_win_what_others_lose(tmp_path):
    assert [end for _, end in bars(waterfall(tmp_path), 1)] == [-15, 15, -6]


def test_policies_of_very_different_size_get_their_own_scale_and_say_so(tmp_path):
    figure = waterfall(tmp_path, policies={"swap": 1, "swap_more": 50})
    assert figure.axes[0].get_xlim() != figure.axes[2].get_xlim()
    assert any("Scales differ between scenarios." in text for text in words(figure))


def test_policies_of_like_size_share_a_scale(tmp_path):
    figure = waterfall(tmp_path, policies={"swap": 2, "swap_more": 3})
    assert figure.axes[0].get_xlim() == figure.axes[2].get_xlim()
    assert not any("Scales differ" in text for text in words(figure))


def test_one_pair_has_no_interval(tmp_path):
    said = words(waterfall(tmp_path, replications=1))
    assert any("one pair has none" in text for text in said)
    assert not any(" to " in text for text in said if text.startswith("−30"))


def test_wide_intervals_do_not_make_the_bars_vanish(tmp_path):
    path = folder(tmp_path)
    table = pd.read_parquet(path / "displacement.parquet")
    table.loc[table["kind"] == "stayed_away", "people"] += 500 - 1000 * table["replication"]
    table.to_parquet(path / "displacement.parquet")
    figure = draw("waterfall", Results(path))
    low, high = figure.axes[0].get_xlim()
    assert high - low < 4 * abs(min(end for _, end in bars(figure, 0)))
    assert {"<", ">"} <= {str(line.get_marker()) for line in figure.axes[0].lines}


def test_without_any_policy_there_is_nothing_to_split(tmp_path):
    assert draw("waterfall", Results(folder(tmp_path, policies={}))) is None


def test_without_a_split_there_is_no_waterfall(tmp_path):
    (folder(tmp_path) / "displacement.parquet").unlink()
    assert draw("waterfall", Results(tmp_path)) is None


def test_a_policy_that_changes_nothing_has_no_steps(tmp_path):
    assert bars(waterfall(tmp_path, policies={"swap": 0}), 0) == [(0, 0)]
