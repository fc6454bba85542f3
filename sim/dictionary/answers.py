"""Tables of answers to one question each: break-even, tornado, needs, and the pattern scorecard."""

from sim.dictionary.declared import (
    METRIC_UNIT,
    SHARE,
    Family,
    Table,
    count,
    interval,
    number,
    said,
    text,
    words,
)
from sim.dictionary.outcomes import METRIC, REPLICATIONS, UNIT
from sim.dictionary.sweeps import CONFIDENCE, OWN_UNIT, SETTING, SETTING_UNIT
from sim.experiment.breakeven import curve_table
from sim.experiment.needs import needs_table
from sim.experiment.one_at_a_time import tornado_table
from sim.experiment.patterns.scorecard import COLUMNS, FAIL, PASS
from sim.experiment.sweep.oat import ends_table
from sim.metrics.binding import BINDS

LEVER = text("lever", "Dotted name of the setting that is varied.")
A_WEEK = "returns/week"

BREAKEVEN = Table(
    "breakeven", "a level of the lever", said(curve_table),
    (
        LEVER, number("level", "the lever's unit", "Value of the lever."), METRIC, UNIT,
        number("difference", METRIC_UNIT, "Mean paired difference to the baseline."),
        *interval("the difference: replication noise only"),
        number("relative", "share", "The difference as a share of the baseline's mean."),
        number("returned", "people", "People returned in the measured window, mean."),
        *interval("that mean", "people", "returned_low", "returned_high"),
        REPLICATIONS,
        number("asked", "people", "Returns that the weekly target asks for in that window; empty where it is not "
               "fixed."),
    ),
)  # fmt: skip

BREAKEVEN_ANSWER = Table(
    "breakeven_answer", "the answer (one row)", "The lever's value with its interval; where the pipeline saturates.",
    (
        text("scenario", "Name of the scenario."), text("baseline", "Name of its baseline."), LEVER,
        text("lever_unit", "Its unit."), METRIC, UNIT,
        text("target", "The difference to the baseline that is asked for: -2000, or -10% of its mean."),
        number("target_difference", METRIC_UNIT, "The same as a number."),
        number("value", "the lever's unit", "Level at which the mean curve meets the target; empty: it never does."),
        *interval("the value, by bootstrap over replications; inf or -inf: beyond the levels", "the lever's unit"),
        number("never_share", SHARE, "Share of resamples whose curve never meets the target."),
        count("resamples", "Resamples.", "resamples"),
        number("nearest", "the lever's unit", "Level whose effect comes nearest to the target."),
        number("saturates_at", "the lever's unit", "Level from which on no more people are returned; inf or empty if "
               "there is none."),
        number("returned_per_week", A_WEEK, "What is returned there, or at the highest level."),
        number("weeks", "weeks", "Length of the measured window."), REPLICATIONS,
    ),
)  # fmt: skip

TORNADO = Table(
    "tornado", "an end of a setting's range", said(tornado_table),
    (
        SETTING, SETTING_UNIT, text("end", "Which end of the range.", {"low": "", "high": ""}),
        number("value", OWN_UNIT, "Value of the setting there."),
        text("metric", "The metric; in a sweep of uncertain numbers its difference to the baseline."),
        text("metric_unit", "Its unit."),
        number("difference", METRIC_UNIT, "Mean paired difference to the scenario as it is."),
        *interval("the difference: replication noise only"), REPLICATIONS,
        number("base_value", OWN_UNIT, "Value of the setting in the scenario."),
        number("base_mean", METRIC_UNIT, "Mean of the metric in the scenario."), CONFIDENCE,
        number("swing", METRIC_UNIT, "How far the setting moves the mean over its range."),
    ),
)  # fmt: skip
ENDS = Table(
    "ends", "a policy and an end of a setting's range", said(ends_table),
    (
        text("scenario", "Name of the policy."), METRIC, *(each for each in TORNADO.columns if each.name != "metric"),
        number("effect", METRIC_UNIT, "The outcome at that end: in a sweep of uncertain numbers the mean paired "
               "difference to the baseline."),
        *interval("that outcome: replication noise only", METRIC_UNIT, "effect_low", "effect_high"),
        *interval("base_mean: replication noise only", METRIC_UNIT, "base_low", "base_high"),
    ),
)  # fmt: skip
TORNADO_SKIPPED = Table(
    "tornado_skipped", "a setting that was left out", "Settings that could not be varied.",
    (SETTING, text("reason", "Why.")),
)  # fmt: skip

WHAT_BINDS = words(BINDS, {
    "beds": "detention beds", "target": "the week's limit on new cases", "parity": "returns paused for parity",
    "seats": "seats on flights", "arrivals": "too few people chosen by lot", "none": "the target is met",
})  # fmt: skip
SUPPLIED = "with more than enough of everything"
NEEDS = Table(
    "needs", "a weekly target", said(needs_table),
    (
        number("target", A_WEEK, "The weekly target."),
        text("binds", "What holds the scenario back as it stands.", WHAT_BINDS),
        number("delivered", A_WEEK, "Returns a week as it stands, mean over the weeks open."),
        *interval("that mean", A_WEEK, "delivered_low", "delivered_high"),
        number("delivered_supplied", A_WEEK, f"The same {SUPPLIED}."),
        *interval("that mean", A_WEEK, "delivered_supplied_low", "delivered_supplied_high"),
        text("binds_supplied", f"What holds it back {SUPPLIED}; as binds."),
        number("beds", "beds", "Detention beds that nineteen evenings in twenty do not exceed, when supplied."),
        number("caseworkers", "caseworkers", "Caseworkers that nineteen evenings in twenty do not exceed, likewise."),
        number("seats_per_week", "seats/week", "Seats planned for someone, likewise."),
        number("flights_per_week", "flights/week", "Flights of the scenario's size for as many seats."),
        number("applicants_per_week", "people/week", "Applicants chosen for the legal route, likewise."),
        number("cost_uk_gbp_per_year", "GBP/year", "What returns and admissions cost the UK, likewise."),
        number("cost_fr_gbp_per_year", "GBP/year", "What the exchange costs France, likewise."),
        number("cost_per_return_gbp", "GBP/person", "Cost of returns for each person returned, likewise."),
        REPLICATIONS,
    ),
)  # fmt: skip

VERDICTS = words((PASS, FAIL), {"pass": "the value lies in the target range", "fail": "it does not"})
SCORED = (
    text("pattern", "Number of the pattern."),
    text("mark", "What the quantity was used for.", {"calibrate-on": "settings were chosen by it",
                                                     "validate-on": "kept apart to test by"}),
    text("quantity", "Name of the quantity."),
    number("value", "as unit", "The quantity, mean over replications."),
    *interval("the value; empty where there is none", "as unit"),
    number("target_low", "as unit", "Lower end of the target range; empty: open."),
    number("target_high", "as unit", "Upper end of the target range; empty: open."),
    text("verdict", "Whether the model shows the pattern.", VERDICTS),
)  # fmt: skip
SCORECARD = Table(
    "scorecard", "a quantity of a pattern", "What is known to happen, measured in runs and held against its target.",
    (
        *SCORED,
        text("label", "What it is, for readers."), text("unit", "Unit of the quantity and its target."),
        text("scenarios", "The scenarios that it compares."), text("source", "Where the target comes from."),
        CONFIDENCE, text("note", "What else must be known."), REPLICATIONS,
    ),
)  # fmt: skip
PATTERNS = Table(
    "patterns", "a quantity of a pattern", "The first columns of `scorecard`; written as patterns.csv.",
    tuple(column for name in COLUMNS for column in SCORED if column.name == name),
)  # fmt: skip

ANSWERS = Family(
    "Answers", "Written by `sim breakeven`, `sim tornado`, `sim needs` and `sim patterns`; `ends` by a sweep of one "
    "setting at a time.",
    "sim/dictionary/answers.py",
    (BREAKEVEN, BREAKEVEN_ANSWER, TORNADO, ENDS, TORNADO_SKIPPED, NEEDS, SCORECARD, PATTERNS),
)  # fmt: skip
