"""The answers of `sensitivity` and `discover` in words; as tables for the terminal."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

from sim.report.text import amount, table_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

NOISY = 0.2
FEWEST_CASES = 5  # as in sim.experiment.boxes, which takes scipy to load
GUESS = "guess"
TAIL, MANY = 0.025, 40  # of a 95 % interval; settings of which one or more would show by chance
MOST_SETTINGS, MOST_POLICIES = 12, 6  # that a terminal shows; the tables hold all
MAIN = ("ST", "mu_star", "S1")  # the index by which settings are ordered: the first that there is
MEANINGS = {
    "S1": "S1: share of the outcome's variance that goes with the setting alone",
    "ST": "ST: with all its interactions",
    "mu": "mu: mean effect over its whole range",
    "mu_star": "mu_star: mean size of that effect",
    "sigma": "sigma: how much it varies",
    "SRRC": "SRRC: rank regression coefficient, from -1 to 1",
}
Row = dict[Any, Any]


def sensitivity_text(table: pd.DataFrame, compared: bool) -> str:
    """The setting that matters most for each policy, a warning of noise, and the indices with their intervals."""
    order = setting_order(table)
    groups = [(str(policy), mine) for (policy, _), mine in table.groupby(["policy", "kind"], sort=False)]
    said = [matters_words(policy, mine) for policy, mine in groups[:MOST_POLICIES]]
    tables = [part for policy, mine in groups[:MOST_POLICIES] for part in ("", f"{policy}:", _indices(mine, order))]
    first: Row = table.iloc[0].to_dict()
    what = "paired difference to the baseline of the same future" if compared else "the metric itself"
    names = [MEANINGS[index] for index in dict.fromkeys(table["index"]) if index in MEANINGS]
    methods = "; ".join(dict.fromkeys(table["method"]))
    note = (
        f"{first['metric']} ({first['unit']}): {what}, replications a point: {first['replications']}; "
        f"{first['points']:,} points. {methods}. 95 % intervals by bootstrap. * the value is a guess.\n"
        f"{'; '.join(names)}."
    )
    return "\n".join([*said, *_more(len(groups), "policies"), *noise_words(table), *tables, note])


def setting_order(table: pd.DataFrame) -> list[str]:
    """The settings in the order of all tables: by the most that the main index of one has for any policy."""
    index = next(name for name in MAIN if name in set(table["index"]))
    most = table[table["index"] == index].groupby("setting", sort=False)["value"].max()
    return [str(name) for name in most.sort_values(ascending=False, kind="stable").index]


def information_text(table: pd.DataFrame, order: Sequence[str] = ()) -> str:
    """The setting that is most worth knowing for the choice between policies, if any is, and all of them.

    Of those that gain most, in an order if one is given.
    """
    first: Row = table.iloc[0].to_dict()
    head = ["setting", "other best", "95 % low", "high", "chance", "gain", "95 % low", "high", "chance", "above"]
    ends = ("", "_low", "_high", "_noise")
    lines = [
        [_starred(r), *(percent(r[f"probability{end}"]) for end in ends), *(amount(r[f"evppi{end}"]) for end in ends),
         "yes" if r["above_noise"] else "no"]
        for r in _ordered(table.head(MOST_SETTINGS), order).to_dict("records")
    ]  # fmt: skip
    note = (
        f"Other best: probability that another policy is best once the setting is known. Gain: expected, in "
        f"{first['unit']} (EVPPI by regression). Chance: what the best of these settings, if none says anything, stays "
        "below 19 times in 20."
    )
    return "\n".join([*information_words(table), "", table_text([head, *lines], 1), note])


def information_words(table: pd.DataFrame) -> list[str]:
    """What is worth knowing for the choice between policies, which is best now, what knowing everything would gain."""
    first: Row = table.iloc[0].to_dict()
    return [_worth_knowing(table, first), _best_now(first), _all_known(table, first)]


def _worth_knowing(table: pd.DataFrame, first: Row) -> str:
    """The setting that would most likely change the ranking, if one is above chance."""
    likely = table[table["above_noise"]].sort_values("probability", ascending=False, kind="stable")
    if likely.empty:
        now = first["policy_now"]
        return f"Knowing any one setting would not change which policy is best beyond chance: {now} stays best."
    top: Row = likely.iloc[0].to_dict()
    return (
        f"What would most likely change the ranking if it were known: {top['setting']}. Another policy would then "
        f"be best with probability {percent(top['probability'])} "
        f"({percent(top['probability_low'])} to {percent(top['probability_high'])}), "
        f"and {amount(top['evppi'])} {top['unit']} would be gained on average."
    )


def _best_now(first: Row) -> str:
    """The policy that is best on average, and the one that is best most often otherwise."""
    share, other = first["policy_else_share"], "it is in every single one (or as good as the best)"
    if share:
        other = f"most often best otherwise: {first['policy_else']} ({percent(share)})"
    return (
        f"Best on average ({first['best']} {first['metric']}): {first['policy_now']}, of {first['policies']} policies "
        f"in {first['futures']} futures; {other}."
    )


def _all_known(table: pd.DataFrame, first: Row) -> str:
    """What knowing everything would gain."""
    if not first["evpi"]:
        return "Knowing everything would gain nothing in these futures."
    beyond = "; the intervals below reach further, for they are of other draws of futures too"
    return (
        f"Knowing everything would gain at most {amount(first['evpi'])} {first['unit']} in these futures; noise adds "
        f"to that{beyond if table['evppi_high'].max() > first['evpi'] else ''}."
    )


def discover_text(boxes: pd.DataFrame, limits: pd.DataFrame) -> str:
    """For each policy in how many futures it fails its aim and where most of those lie; then the limits."""
    rows: list[Row] = boxes.to_dict("records")
    rows.sort(key=lambda r: -r["failing"])
    said = [fails_words(r, limits[limits["policy"] == r["policy"]]) for r in rows[: 2 * MOST_POLICIES]]
    first = rows[0]
    parts = [*said, *_more(len(rows), "policies", 2 * MOST_POLICIES), *noise_words(boxes)]
    if len(limits):
        head = ["policy", "setting", "from", "to", "range from", "range to", "words", "quasi-p", "reproduced"]
        lines = [
            [r["policy"], _starred(r), *(end_words(r[n]) for n in ("low", "high", "range_low", "range_high")),
             r["words"] or "–", f"{r['qp']:.2g}", percent(r["reproduced"])]
            for r in limits.to_dict("records")
        ]  # fmt: skip
        note = (
            "Coverage: share of the failures in the box; density: share of its futures that fail; both were fitted to "
            "these futures, so rather trust the share in the halves held back. Quasi-p: how likely so dense a box, had "
            "the limit nothing to do with failing; reproduced: share of half samples that limit the setting too. "
            f"The box: {first['rule']}. * the value is a guess."
        )
        parts += ["", table_text([head, *lines], 2), note]
    return "\n".join([*parts, failing_words(first)])


def matters_words(policy: str, table: pd.DataFrame) -> str:
    """The setting that matters most for one policy."""
    index = next(name for name in MAIN if name in set(table["index"]))
    mine = table[(table["index"] == index) & table["value"].notna()]
    if mine.empty:
        return f"{policy}: {table['metric'].iloc[0]} does not vary with any of these settings."
    top: Row = mine.nlargest(1, "value").iloc[0].to_dict()
    interval = "" if isnan(top["low"]) else f" ({index_words(top['low'])} to {index_words(top['high'])})"
    clear = int((mine["low"] > 0).sum())
    luck = f" (about {len(mine) * TAIL:.0f} would by chance)" if len(mine) >= MANY else ""
    others = f"; {clear} of {len(mine)} intervals of {index} lie above zero{luck}" if index != "mu_star" else ""
    unit = f" {top['unit']} over its range" if index == "mu_star" else ""
    most = f"{top['metric']} depends most on {top['setting']}, {index} {index_words(top['value'])}"
    return f"{policy}: {most}{interval}{unit}{others}."


def _indices(table: pd.DataFrame, order: Sequence[str]) -> str:
    """The settings that matter most, with every index."""
    names = list(dict.fromkeys(table["index"]))
    index = next(name for name in MAIN if name in names)
    mine = set(table["setting"])
    order = [setting for setting in order if setting in mine]
    by = {(r["setting"], r["index"]): r for r in table.to_dict("records")}
    head = ["setting", *(part for name in names for part in (name, "95 % low", "high"))]
    lines = []
    for setting in order[:MOST_SETTINGS]:
        found = [by.get((setting, name)) for name in names]
        cells = [index_words(r[end]) if r else "–" for r in found for end in ("value", "low", "high")]
        lines.append([_starred(by[setting, index]), *cells])
    return "\n".join([table_text([head, *lines], 1), *_more(len(order), "settings", MOST_SETTINGS)])


def fails_words(row: Row, limits: pd.DataFrame) -> str:
    """One policy: in how many futures it fails, and where."""
    name, failing, futures = row["policy"], row["failing"], row["futures"]
    aim = f"{'an' if row['own_aim'] else 'its'} aim of {row['target']} {_of(row)}"
    if not failing:
        return f"{name} meets {aim} in all {futures} futures."
    if failing == futures:
        return f"{name} fails {aim} in all {futures} futures."
    said = f"{name} fails {aim} in {failing} of {futures} futures"
    if min(failing, futures - failing) < FEWEST_CASES:
        few = "failures" if 2 * failing < futures else "successes"
        return f"{said}: too few {few} to tell where ({FEWEST_CASES} or more are needed)."
    if limits.empty:
        return f"{said}; no box passed the test: any range of the settings in which most of them lie could be chance."
    where = " and ".join(_limit(r) for r in limits.to_dict("records"))
    most = "most" if row["coverage"] > 0.5 else "half"
    return (
        f"{said}; {most} of the failures ({percent(row['coverage'])}) lie where {where}: "
        f"{percent(row['density'])} of the futures there fail (in halves held back from the search: "
        f"{percent(row['density_elsewhere'])})."
    )


def failing_words(row: Row) -> str:
    """What failing means, and whether the aim is that of the sweep."""
    size = row["target"].removeprefix("+")
    share = f"{size} of the mean {row['metric']} in the baseline of the same future"
    target = share if size.endswith("%") else f"{size} {row['unit']} ({row['metric']})"
    said = (
        "Fails: the mean paired difference to the baseline of the same future "
        f"(replications: {row['replications']}) lies {row['fails']} {target}"
    )
    return f"{said}; not the sweep's own aim of {row['own_aim']}." if row["own_aim"] else f"{said}."


def _ordered(table: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    """The rows in the order of their settings; those that it does not name stay where they are, at the end."""
    places = {name: i for i, name in enumerate(order)}
    return table.sort_values("setting", key=lambda names: names.map(places).fillna(len(places)), kind="stable")


def _limit(row: Row) -> str:
    if row["words"]:
        return f"{row['setting']} is {row['words'].replace(' | ', ' or ')}"
    low, high, unit = row["low"], row["high"], f" {row['unit']}" if row["unit"] else ""
    if isnan(low):
        return f"{row['setting']} is at most {high:.3g}{unit}"
    if isnan(high):
        return f"{row['setting']} is at least {low:.3g}{unit}"
    return f"{row['setting']} is {low:.3g} to {high:.3g}{unit}"


def noise_words(table: pd.DataFrame) -> list[str]:
    """A warning where replication noise makes up much of what the points differ in."""
    most = table["noise_share"].max()
    if isnan(most):
        return ["One replication: how much of this is noise cannot be told."]
    if most <= NOISY:
        return []
    return [
        f"Caution: up to {percent(most)} of the variance between points is noise of the replications; run the sweep "
        "with more replications."
    ]


def _more(count: int, what: str, most: int = MOST_POLICIES) -> list[str]:
    return [f"{count - most} more {what} are in the table."] if count > most else []


def _of(row: Row) -> str:
    return str(row["metric"]) if row["target"].endswith("%") else f"{row['unit']} ({row['metric']})"


def _starred(row: Row) -> str:
    return str(row["setting"]) + ("*" if row["confidence"] == GUESS else "")


def percent(share: float) -> str:
    """A share as a whole per cent."""
    return "–" if isnan(share) else f"{100 * share:.0f} %"


def index_words(value: float) -> str:
    """An index of sensitivity to two decimals; large ones, in the outcome's unit, as amounts."""
    return "–" if isnan(value) else f"{round(value, 2) + 0.0:.2f}" if abs(value) < 10 else amount(value)


def end_words(value: float) -> str:
    """An end of a box: nothing where it has none on that side."""
    return "–" if isnan(value) else f"{value:.3g}"
