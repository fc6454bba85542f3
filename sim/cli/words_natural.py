"""The answer of `natural` in words and as tables for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.report.text import amount, table_text

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results import Results

EVERY = 4  # weeks between two that are shown; the table holds all
MEDIAN, LOW, HIGH = 0.5, 0.025, 0.975
NOTE = (
    "Returned: of arrivals in the agreement's scope, from the first measured day on. Which row history resembles says\n"
    "which assumption a result rests on; it does not say that the assumption was true."
)


def natural_text(found: Results) -> str:
    """Each experiment as a table, and how often return was in fact."""
    facts: pd.DataFrame = found.table("natural")
    parts = []
    for name, mine in facts.groupby("experiment", sort=False):
        parts += [WORDS[str(name)](found.table(str(name))), _returned(mine.to_dict("records")), ""]
    count = int(facts["replications"].iloc[0])
    return "\n".join([*parts, f"{count} replications of each assumption. {NOTE}"])


def albania_text(table: pd.DataFrame) -> str:
    """Arrivals of the group aimed at and of the others by quarter: median and middle 95 %, and what was observed."""
    group = str(table["group"].iloc[0])
    aimed = table[table["group"] == group]
    quarters = sorted(aimed["quarter"].unique())[-5:]
    head = ["assumption", "group", *quarters]
    rows = []
    for (assumption, who), mine in table.groupby(["assumption", "group"], sort=False):
        by = mine.set_index("quarter")
        rows.append([str(assumption), str(who), *(_interval(by.loc[q].to_dict()) for q in quarters)])
    seen = table.drop_duplicates(["quarter", "group"]).set_index(["group", "quarter"])["observed"]
    groups = table["group"].unique()
    rows += [["observed", str(who), *(amount(float(seen[who, q])) for q in quarters)] for who in groups]
    return "Albania: arrivals by quarter (people)\n" + table_text([head, *rows], 2)


def aegean_text(table: pd.DataFrame) -> str:
    """Arrivals of every fourth week: median and middle 95 %."""
    weeks = sorted(table["week"].unique())[::EVERY]
    head = ["assumption", *(f"{week:%d %b}" for week in weeks)]
    rows = []
    for name, mine in table.groupby("assumption", sort=False):
        by = mine.pivot(index="week", columns="quantile", values="value")
        line = [{"median": by.loc[w, MEDIAN], "low": by.loc[w, LOW], "high": by.loc[w, HIGH]} for w in weeks]
        rows.append([str(name), *(_interval(cell) for cell in line)])
    return "Greek islands: arrivals of the week from (people)\n" + table_text([head, *rows], 1)


def _interval(cell: dict[Any, Any]) -> str:
    return f"{amount(cell['median'])} [{amount(cell['low'])}, {amount(cell['high'])}]"


def _returned(rows: list[dict[Any, Any]]) -> str:
    told = [
        f"{r['assumption']}: {amount(r['returned'])} of {amount(r['arrivals'])}"
        + ("" if r["returned_share"] != r["returned_share"] else f" ({100 * r['returned_share']:.1f} %)")
        for r in rows
        if r["returned"]
    ]
    return "Returned: " + ("; ".join(told) if told else "nobody") + "."


WORDS = {"albania": albania_text, "aegean": aegean_text}
