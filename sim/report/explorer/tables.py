"""Tables of the sweep explorer that need no script: at what scale it works, under which assumptions, what varied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd

from sim.figures.sweep import levels, numeric
from sim.report.explorer.naming import (
    DASH,
    Rows,
    coded,
    first_up,
    in_words,
    number,
    policies,
    said,
    scenario_words,
    share,
)
from sim.report.explorer.points import SEA, TOGETHER, Explored, Outcome
from sim.report.explorer.words import target_words

MOST_LEVELS = 12  # of a setting: with more it is cut into thirds
MANY = 4  # different values that a setting must have for thirds
UNWEIGHTED = ("morris", "oat")  # as in sim.experiment.swept
MOST_POLICIES, MOST_SETTINGS = 6, 5  # of the table of assumptions
FEWEST = 12  # points of which a third says something
ERROR = 0.05  # chance that the strongest of unrelated settings passes the test
GUESS = "guess"


def by_level(found: Explored) -> list[Rows]:
    """For each policy lever with few levels, and for the scenarios, what happens at each of them."""
    settings = [name for name in found.swept.levers if found.points[name].nunique() <= MOST_LEVELS]
    several = ["source"] if len(found.swept.sources) > 1 else []
    return [_at_levels(found, name) for name in (*several, *settings)]


def _at_levels(found: Explored, setting: str) -> Rows:
    one, points = found.headline, found.points
    unit = "" if setting == "source" else found.swept.unit(setting)
    word = "scenario" if setting == "source" else in_words(setting)
    alone = points[setting].is_unique
    meets = ["meet the aim", "share", *(["surely"] if found.swept.most > 1 else [])] if found.aim else []
    middle = "median" if not alone else "mean" if found.swept.most > 1 else "one run"
    ends = ["lowest", "highest"] if not alone else ["95 % low", "high"] if found.swept.most > 1 else []
    beside = _beside(found)
    head = [f"{word} ({unit})" if unit else word, "points", *meets, f"{middle} ({one.unit})", *ends]
    rows = [head + [f"{middle} {words} ({other.unit})" for words, other in beside]]
    for level in levels(points, setting):
        mine = np.flatnonzero((points[setting] == level).to_numpy())
        values = one.values.iloc[mine]
        mean = values["value"]
        spread = values.iloc[0][["value", "low", "high"]] if alone else (mean.median(), mean.min(), mean.max())
        kept = list(spread)[: 1 + len(ends)]
        also = [number(other, float(other.values["value"].iloc[mine].median())) for _, other in beside]
        name = scenario_words(level) if setting == "source" else said(level)
        rows.append([name, f"{len(mine):,}", *_met(found, mine), *(number(one, float(v)) for v in kept), *also])
    over = "" if alone else ", over everything else that varies"
    over += "; all are differences to the baseline" if found.swept.compared else ""
    return Rows(f"{one.title} by {word}{over}", rows, tuple(range(2, len(rows[0]) + 1)))


def _beside(found: Explored) -> list[tuple[str, Outcome]]:
    """What is always told beside the headline outcome: what it costs the UK, and how many people die."""
    died = TOGETHER if TOGETHER in found.names() else SEA
    titles = {
        "cost_uk_gbp": "cost to the UK",
        died: "deaths at sea and by lorry" if died == TOGETHER else "deaths at sea",
    }
    wanted = {name: words for name, words in titles.items() if name in found.names() and name != found.headline.name}
    return [(words, found.outcome(name)) for name, words in wanted.items()]


def _met(found: Explored, mine: Any) -> list[str]:
    """How many of the points meet the aim, their share, and how many with the whole interval."""
    if found.aim is None:
        return []
    met = int(found.aim.meets.iloc[mine].sum())
    sure = [f"{int(found.aim.clear.iloc[mine].sum()):,}"] if found.swept.most > 1 else []
    return [f"{met:,}", share(met, len(mine)), *sure]


def by_third(found: Explored) -> Rows | None:
    """What happens in the lower, middle and upper third of the numbers that the outcome goes with most.

    Only of policies for which a setting passes a test that takes into account how many settings were tried; None if
    there is none.
    """
    one, rows = found.headline, []
    for name, mine, top in _decided(found):
        rows += [[name, coded(s, found.swept.guessed(s), found.swept.unit(s)), *_thirds(found, s, mine),
                  f"{value:+.2f}".replace("-", "\N{MINUS SIGN}")] for s, value in top]  # fmt: skip
    if not rows:
        return None
    median = f"median of {one.title.lower()} ({one.unit})"
    what = f"share that meets the aim of {target_words(found)}" if found.aim else median
    head = ["policy", "setting", "lower third", "middle third", "upper third", "rank correlation"]
    return Rows(f"Each third of a setting's values, and its {what}. * the value is a guess", [head, *rows], (6,))


def _decided(found: Explored) -> Iterator[tuple[str, Any, list[tuple[str, float]]]]:
    """Each policy that some futures decide, its points, and the settings that stand out from chance, if any does."""
    wide = _wide(found)
    for name, policy in _mixed(found):
        mine = np.asarray(policy.index)
        if len(mine) < FEWEST:
            continue
        goes = strengths(found, wide, mine)
        bar = _bar(_independent(found, len(mine)), len(wide))
        top = sorted((s for s in wide if abs(goes[s]) > bar), key=lambda s: -abs(goes[s]))[:MOST_SETTINGS]
        yield name, mine, [(s, goes[s]) for s in top]


def missing_thirds(found: Explored) -> list[str]:
    """Why a policy has no row in the table of thirds; nothing where there is no such table, or one future."""
    if found.aim is None or found.swept.futures == 1 or by_third(found) is None:
        return []
    decided = {name: bool(top) for name, _, top in _decided(found)}
    silent = [name for name, some in decided.items() if not some]
    mets = {name: found.aim.meets[rows.index] for name, rows in policies(found) if name not in decided}
    always = [name for name, met in mets.items() if met.all()]
    never = [name for name, met in mets.items() if not met.any()]
    reasons = (
        (silent, "no setting stands out from chance"), (always, "the aim is met in every future"),
        (never, "the aim is met in no future"),
    )  # fmt: skip
    told = [f"{_named(names)}: {why}" for names, why in reasons if names]
    return [f"Without a row in the table of thirds. {'; '.join(told)}."] if told else []


def _named(names: Sequence[str]) -> str:
    more = len(names) - MOST_POLICIES
    return ", ".join(names[:MOST_POLICIES]) + (f" and {more} more" if more > 0 else "")


def no_third(found: Explored) -> str:
    """That no setting alone decides, where some were drawn at random; nothing where that is no question."""
    names = _wide(found)
    if not names or by_third(found) is not None:
        return ""
    most = f"the strongest of {len(names)} settings would by chance" if len(names) > 1 else "it would by chance"
    return f"No drawn setting alone goes with {found.headline.title.lower()} of any policy more than {most}."


def _wide(found: Explored) -> list[str]:
    """The drawn numbers that have enough values for thirds."""
    fewest = MANY if found.swept.futures > 1 else MOST_LEVELS  # else the levels have a table of their own
    return [name for name in _drawn(found) if numeric(found.points, name) and found.points[name].nunique() > fewest]


def _drawn(found: Explored) -> tuple[str, ...]:
    """The settings that are drawn at random for a policy; those of a screening are no sample of what may be."""
    kind, names = "uncertainty_design", found.swept.uncertainties
    if found.swept.futures == 1:
        kind, names = "design", found.swept.levers
    return () if found.swept.facts[kind] in UNWEIGHTED else names


def _independent(found: Explored, points: int) -> int:
    """How many draws the points rest on: Saltelli's design is made of two samples, whose columns it exchanges."""
    told, kind = found.swept.facts, "uncertainty_" if found.swept.futures > 1 else ""
    return min(points, 2 * int(told[f"{kind}samples"])) if told[f"{kind}design"] == "saltelli" else points


def _mixed(found: Explored) -> Iterator[tuple[str, pd.DataFrame]]:
    """The policies that meet the aim in some futures and not in others, or the first few without an aim.

    Where there is one future the points of all combinations together are one.
    """
    if found.swept.futures == 1:
        yield "all combinations", found.points
        return
    shown = 0
    for name, rows in policies(found):
        met = 1 if found.aim is None else int(found.aim.meets[rows.index].sum())
        if 0 < met < len(rows) and shown < MOST_POLICIES:
            shown += 1
            yield name, rows


def strengths(found: Explored, settings: Sequence[str], points: Any) -> dict[str, float]:
    """Rank correlation of each numeric setting with the headline outcome among some points; 0 where one is constant."""
    values = found.headline.values["value"].iloc[points].rank()
    ranks = found.points[list(settings)].iloc[points].rank()
    return {name: float(np.nan_to_num(_correlation(ranks[name], values))) for name in settings}


def _correlation(a: pd.Series, b: pd.Series) -> float:
    both = a.notna() & b.notna()
    x, y = a[both].to_numpy(float), b[both].to_numpy(float)
    if len(x) < 2 or not x.std() or not y.std():
        return 0.0
    return float(np.corrcoef(x, y)[0, 1])


def _bar(points: int, settings: int) -> float:
    """The rank correlation that the strongest of unrelated settings stays below 19 times in 20."""
    return NormalDist().inv_cdf(1 - ERROR / (2 * max(settings, 1))) / sqrt(points - 1)


def _thirds(found: Explored, setting: str, points: Any) -> list[str]:
    """For each third of a setting's values: where it lies, and the share that meets the aim or the median outcome."""
    values = found.points[setting].iloc[points]
    low, high = values.quantile([1 / 3, 2 / 3]).to_numpy(float)
    third = np.searchsorted([low, high], values.to_numpy(float), side="left")
    where = (f"up to {said(low)}", f"{said(low)} to {said(high)}", f"above {said(high)}")
    each = [points[third == i] for i in range(3)]
    return [f"{text}: {_outcome(found, mine) if len(mine) else DASH}" for text, mine in zip(where, each, strict=True)]


def _outcome(found: Explored, mine: Any) -> str:
    if found.aim is not None:
        return share(int(found.aim.meets.iloc[mine].sum()), len(mine))
    return number(found.headline, float(found.headline.values["value"].iloc[mine].median()))


def varied(found: Explored) -> list[dict[str, Any]]:
    """A row of words a varied setting: kind, values or range, the scenario's own value, source; guesses marked."""
    known = found.told.get("settings", {})
    rows = []
    for setting in found.swept.varied:
        about = found.swept.settings.loc[setting]
        told = known.get(setting, {})
        rows.append({
            "name": setting, "words": first_up(in_words(setting)),
            "kind": "policy lever" if about["kind"] == "lever" else "uncertain number",
            "values": _values(found, setting), "unit": str(about["unit"] or ""), "own": _own(about["base"]),
            "guess": found.swept.guessed(setting), "confidence": str(about["confidence"] or ""),
            "source": str(told.get("source") or ""), "note": str(told.get("note") or ""),
        })  # fmt: skip
    return rows


def _values(found: Explored, setting: str) -> str:
    """The values that occur, or the range from which they were drawn."""
    have = levels(found.points, setting)
    if not numeric(found.points, setting) or len(have) <= MOST_LEVELS:
        return ", ".join(map(said, have))
    about: dict[Any, Any] = found.swept.settings.loc[setting].to_dict()
    ends = (have[0], have[-1]) if pd.isna(about["low"]) or pd.isna(about["high"]) else (about["low"], about["high"])
    return f"{said(ends[0])} to {said(ends[1])}"


def _own(value: Any) -> str:
    """The scenario's own value as the table of dimensions tells it, in text."""
    try:
        return said(float(value))
    except (TypeError, ValueError):
        return said(value) if value not in (None, "") else DASH


def guessed(found: Explored) -> list[str]:
    """How much rests on guesses: of the settings that vary, and of all behind the runs."""
    names = found.swept.varied
    count = sum(found.swept.guessed(name) for name in names)
    texts = [f"{count} of the {len(names)} settings that vary have a value that is a guess."] if names else []
    behind = [about for about in found.told.get("settings", {}).values() if about.get("confidence")]
    if behind:
        guesses = sum(about["confidence"] == GUESS for about in behind)
        texts.append(
            f"Of all {len(behind)} numbers and choices behind these runs {guesses} are guesses "
            f"({100 * guesses / len(behind):.0f} %); those that do not vary here are held at their own value."
        )
    return texts
