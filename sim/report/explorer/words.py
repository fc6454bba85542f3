"""What a sweep found, in words: how many points meet its aim, the best and the worst, how it was made."""

from __future__ import annotations

from typing import Any

from sim.figures.sweep import CASES, levels
from sim.report.explorer.lives import lives
from sim.report.explorer.naming import cell, combination, in_words, number, policies, quoted, scenario_words
from sim.report.explorer.points import Explored, left_out
from sim.report.text import true_minus

DESIGNS = {
    "grid": "every combination of the values", "list": "a list of combinations",
    "lhs": "a Latin hypercube", "sobol": "a Sobol\N{RIGHT SINGLE QUOTATION MARK} sequence",
    "saltelli": "Saltelli\N{RIGHT SINGLE QUOTATION MARK}s design for Sobol\N{RIGHT SINGLE QUOTATION MARK} indices",
    "morris": "Morris trajectories", "oat": "one setting at a time",
    "posterior": "draws from the posterior of the calibration; every other setting keeps its own value",
}  # fmt: skip
MOST_NAMED = 3  # points or futures that a sentence names
FEW = 5  # replications: with fewer a t-interval is very wide


def answers(found: Explored) -> tuple[list[str], list[str]]:
    """The finding in sentences: the answer to the sweep's aim, or its ends without one; and what else is found."""
    spread = _over_futures(found) if found.swept.futures > 1 else _ends(found)
    aim, died = _aim(found), lives(found)
    return (aim, [*spread, *died]) if aim else (spread, died)


def target_words(found: Explored) -> str:
    """The aim in words: `−10 % arrivals by boat`."""
    if found.aim is None:
        return ""
    size = true_minus(found.aim.target).replace("%", " %")
    title = found.outcome(found.aim.metric)
    return f"{size} {title.title.lower()}" if size.endswith("%") else f"{size} {title.unit} ({title.title.lower()})"


def works_words(found: Explored) -> str:
    """The question that the tables of levels answer: at what scale, where a lever varies; else in how many futures."""
    aim = f"meet the aim of {target_words(found)}" if found.aim else f"change {found.headline.title.lower()}"
    sure = (
        " “Surely”: the whole 95 % interval of a point lies beyond the aim."
        if found.aim and found.swept.most > 1
        else ""
    )
    beside = " The last columns tell what that costs the UK, and how many people die."
    if found.swept.levers:
        return f"Which values of the levers {aim}, and at what cost?{sure}{beside}"
    if found.swept.futures > 1 and found.aim:
        return f"In how many futures does each policy {aim}, and at what cost?{sure}{beside}"
    return f"Does each policy {aim}, and at what cost?{sure}{beside}"


def _aim(found: Explored) -> list[str]:
    """How many points meet the aim, and which policy most often."""
    aim, swept = found.aim, found.swept
    if aim is None:
        return []
    met, clear, n = int(aim.meets.sum()), int(aim.clear.sum()), len(found.points)
    what = "combinations of policy and future" if swept.point.endswith("and future") else f"{swept.point}s"
    of = "all of them" if clear == met else f"{clear:,} of them"
    sure = "" if not met or swept.most < 2 else f"; in {of} the whole 95 % interval lies beyond it"
    text = f"The aim of {target_words(found)} is met in {met:,} of {n:,} {what}{sure}."
    return [text, *(_most_often(found) if swept.futures > 1 and swept.several else _scale(found))]


def _scale(found: Explored) -> list[str]:
    """At which values of each lever the aim is met whatever else varies; for a grid in one future."""
    swept, aim, texts = found.swept, found.aim, []
    if aim is None or swept.futures > 1 or swept.facts["design"] != "grid" or not aim.meets.any() or aim.meets.all():
        return []
    for lever in swept.levers:
        by = aim.meets.groupby(found.points[lever])
        always = [level for level in levels(found.points, lever) if by.all()[level]]
        never = [level for level in levels(found.points, lever) if not by.any()[level]]
        ever = "" if len(swept.levers) + len(swept.sources) == 2 else " whatever else varies"
        met = f"met{ever} at {_listed(always)}" if always else f"at no value met{ever}"
        texts.append(f"By {in_words(lever)}: {met}{f'; never at {_listed(never)}' if never else ''}.")
    return texts


def _listed(values: list[Any]) -> str:
    texts = [quoted(value) for value in values]
    return " and ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else texts[0]


def _most_often(found: Explored) -> list[str]:
    """The policies that meet the aim in most and in fewest futures."""
    if found.aim is None:
        return []
    counts = [(int(found.aim.meets[rows.index].sum()), len(rows), name) for name, rows in policies(found)]
    best, worst = max(counts, key=lambda c: c[0] / c[1]), min(counts, key=lambda c: c[0] / c[1])
    if best[0] * worst[1] == worst[0] * best[1]:
        return []
    return [f"Most often: {best[2]}, in {best[0]} of {best[1]} futures; least often: {worst[2]}, in {worst[0]}."]


def _ends(found: Explored) -> list[str]:
    """The points with the lowest and the highest headline outcome."""
    one, values = found.headline, found.headline.values["value"]
    ends = [("Lowest", int(values.argmin()))]
    if values.nunique() > 1:
        ends.append(("Highest", int(values.argmax())))
    what = "" if one.own else " against the baseline"
    share = f"{found.swept.metric}_relative"
    texts = []
    for word, point in ends:
        relative = ""
        if share in found.names():
            relative = f", {number(found.outcome(share), found.outcome(share).values['value'].iloc[point])} %"
        where = combination(found, found.points.iloc[point])
        texts.append(f"{word} {one.title.lower()}{what}: {cell(one, point)}{relative}, with {where}.")
    return texts


def _over_futures(found: Explored) -> list[str]:
    """The headline outcome of the best and the worst policy, as median and spread over the futures."""
    one = found.headline
    spreads = [(one.values["value"].loc[rows.index], name) for name, rows in policies(found)]
    order = sorted(spreads, key=lambda spread: float(spread[0].median()))
    shown = [order[0]] if len(order) == 1 else [order[0], order[-1]]
    words = [""] if len(order) == 1 else ["Lowest median over the futures", "Highest"]
    return [
        (f"{word}: {name}, {one.title.lower()}" if word else f"{one.title}, median over the futures:")
        + f" {number(one, float(values.median()))} {one.unit} (nine futures of ten: "
        f"{number(one, float(values.quantile(CASES[0])))} to {number(one, float(values.quantile(CASES[1])))})."
        for word, (values, name) in zip(words, shown, strict=True)
    ]


def cautions(found: Explored) -> list[str]:
    """What a reader must know before trusting the numbers: few replications, what was left out, what failed."""
    return [text for text in (_few(found), _implausible(found), _failed(found), _unsaid(found)) if text]


def _few(found: Explored) -> str:
    most = found.swept.most
    if most == 1:
        return "One replication of each point: no interval can be told, and differences hold the noise of one run."
    return f"{most} replications at most of each point: the 95 % t-intervals are wide." if most < FEW else ""


def _implausible(found: Explored) -> str:
    left, futures = left_out(found.results)
    if not left:
        return ""
    return (
        f"{left} of {futures} futures are left out of this page: without a policy they are not as asked "
        f"({found.swept.facts.get('plausible')}). They stay in the tables, marked."
    )


def _failed(found: Explored) -> str:
    """The runs that are missing: a sweep of a fixed number of replications has equally many of each point."""
    points, facts = found.results.table("points"), found.swept.facts
    asked = 1 if str(facts.get("precision") or "") else int(points["replications"].max())
    short = points[points["replications"] < asked]
    if short.empty:
        return ""
    missing = int((asked - short["replications"]).sum())
    names = ", ".join(map(str, short["name"].head(MOST_NAMED))) + (
        " \N{HORIZONTAL ELLIPSIS}" * (len(short) > MOST_NAMED)
    )
    word = "runs" if missing > 1 else "run"
    return f"{missing:,} {word} of {len(short):,} points failed and are missing from the means: {names}."


def _unsaid(found: Explored) -> str:
    """Points that have runs, but no value of the headline outcome."""
    points = found.results.table("points")
    counted = points[~points["baseline"].astype(bool) & (points["replications"] > 0)]
    if "plausible" in counted:
        counted = counted[counted["plausible"]]
    left = len(counted) - len(found.points)
    return f"{left:,} points have no value of {found.swept.metric} and are not on this page." if left else ""


def method(found: Explored) -> list[str]:
    """The design, the number of points and runs, and what the intervals mean."""
    swept, facts = found.swept, found.swept.facts
    texts = [
        _design(facts["design"], swept.levers, "policy levers"),
        _design(facts["uncertainty_design"], swept.uncertainties, _uncertain(str(facts["uncertainty_design"]))),
    ]
    n = f"{swept.most}" if swept.fewest == swept.most else f"{swept.fewest} to {swept.most}"
    each = f"{n} replication{'s' if swept.most > 1 else ''} a point"
    of = f" in {swept.futures:,} futures" if swept.futures > 1 else ""
    seed = f" Base seed {facts['seed']}."
    texts.append(
        f"{len(found.points):,} points{of}, {each}; {int(facts['runs']):,} runs with those of the baselines.{seed}"
    )
    if facts.get("precision"):
        texts.append(f"Replications were added to each point for a precision of {facts['precision']}.")
    texts.append(_meaning(found))
    return [text for text in texts if text]


def _uncertain(design: str) -> str:
    """What the settings of the futures are: those of a posterior agree with the data, but are not all there are."""
    kind = "calibrated settings" if design == "posterior" else "uncertain numbers"
    return f"{kind}, the same for every policy"


def _meaning(found: Explored) -> str:
    one = found.swept.most < 2
    ends = "one run each, without an interval" if one else "means over replications with 95 % t-intervals"
    if not found.swept.compared:
        return f"There is no baseline: outcomes are the metrics themselves, {ends}."
    same = " of the same future" if found.swept.futures > 1 else ""
    base = scenario_words(found.swept.facts["baseline"])
    text = f"Differences are to the baseline “{base}”{same}, run by run on common random numbers; {ends}."
    return text if one else f"{text} An interval that holds zero does not show an effect."


def _design(kind: Any, varied: tuple[str, ...], what: str) -> str:
    if not varied:
        return ""
    count = len(varied)
    how = DESIGNS.get(str(kind), str(kind))
    for several in ("levers", "numbers", "settings") if count == 1 else ():
        what = what.replace(several, several[:-1])
    return f"{count} {what}: {how}."
