"""The figure of RESULTS.md: where the cost of a person lies, and how many times faster than other tools."""

from pathlib import Path
from typing import Any

SMALL = 0.02  # a module's share below which it goes with the others
OWN, CEILING, LIBRARY, OTHER = "#2a6f97", "#e07a5f", "#8d99ae", "#d9d9d9"


def draw(results: dict[str, Any], path: Path) -> None:
    """Draw what has been measured; a part that has not says so in its panel."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    for axes, part, panel in ((left, "e", cost_panel), (right, "b", tools_panel)):
        if "sizes" in results.get(part, {}) or "shares" in results.get(part, {}):
            panel(axes, results[part])
        else:
            axes.set_axis_off()
            axes.text(0.5, 0.5, f"part {part}: not measured", ha="center", va="center")
    figure.savefig(path, dpi=110)


def cost_panel(axes: Any, found: dict[str, Any]) -> None:
    """What does a person cost, and how much of it is SimPy's least?"""
    from benchmarks.profile_run import ceiling
    from benchmarks.whole_model import TARGET_UNITS

    units = ceiling(found)
    large = {name: share * units["run"] for name, share in found["shares"].items() if share >= SMALL}
    rest = units["run"] - sum(large.values())
    bars = {"other modules": rest, **dict(sorted(large.items(), key=lambda item: item[1]))}
    colours = [OTHER if "other" in name else OWN if "/" in name else LIBRARY for name in bars]
    axes.barh(list(bars), list(bars.values()), color=colours)
    axes.barh(["SimPy at least: a process a person"], [units["lives"]], color=CEILING)
    axes.barh(["SimPy at least: bare events"], [units["events"]], color=CEILING)
    axes.set_xlabel("bare timeouts a person")
    axes.set_title(f"Whole model: {units['run']:.1f} a person (target {TARGET_UNITS:.0f})", fontsize=10)
    axes.tick_params(labelsize=8)


def tools_panel(axes: Any, found: dict[str, Any]) -> None:
    """How many times faster is the reduced model here than in other tools?"""
    from benchmarks.reduced.report import TARGET
    from benchmarks.reduced.tools import TOOLS

    sizes = list(found["sizes"].items())
    height = 0.8 / len(sizes)
    labels = {tool.module: tool.label for tool in reversed(TOOLS)}
    for place, (people, size) in enumerate(sizes):
        ratios = {name: size["tools"].get(name, {}).get("ratio") for name in labels}
        known = [(row + place * height, ratio) for row, ratio in enumerate(ratios.values()) if ratio is not None]
        axes.barh(*zip(*known, strict=True), height=height, label=f"{int(people):,} people a year")
    axes.axvline(TARGET, color=CEILING, linestyle="--", linewidth=1)
    axes.set_yticks([row + height * (len(sizes) - 1) / 2 for row in range(len(labels))], list(labels.values()))
    axes.set_xscale("log")
    axes.set_xlabel(f"CPU, this project = 1 (dashed: target, {TARGET:.0f})")
    axes.set_title("Reduced model in other tools", fontsize=10)
    axes.tick_params(labelsize=8)
    axes.legend(fontsize=7, frameon=False)
