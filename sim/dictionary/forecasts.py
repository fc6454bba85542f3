"""Tables of forecasts, of their scores, of rolling tests on the past, and of the natural experiments."""

from sim.dictionary.declared import (
    NUMBER,
    PEOPLE,
    SHARE,
    Column,
    Family,
    Table,
    count,
    date,
    flag,
    number,
    text,
    words,
)
from sim.experiment.forecasts.rivals import RIVALS
from sim.experiment.forecasts.scores import INTERVALS, LEVELS

COUNTED = "people or boats, as the metric"
METRIC = text("metric", "Name of the metric that is forecast.")
OBSERVED_UNIT = text("unit", "What is counted.", {"people": "", "boats": ""})
PERIOD = text("period", "Length of the period.", {"week": "seven days from the first that is forecast",
                                                  "month": "a month of the calendar"})  # fmt: skip
START = date("start", "First day of the period.")
MODELS = words(("forecast", *RIVALS), {
    "forecast": "this model", "climatology": "the same period of past years",
    "seasonal naive": "the same period of last year", "SARIMA": "seasonal ARIMA", "ETS": "exponential smoothing",
})  # fmt: skip
MODEL = text("model", "Who forecasts: the model, or a statistical rival.", MODELS)
CRPS = "continuous ranked probability score; 0 is best"
STAGES = {"drawn": "members as drawn, before the window was looked at", "conditioned": "after it was looked at"}
STAGE = text("stage", "Which members.", STAGES)


def _quantiles(of: str, unit: str = COUNTED) -> tuple[Column, ...]:
    return tuple(number(f"q{level:g}", unit, f"{level:g} quantile of {of}.") for level in LEVELS)


FORECAST = Table(
    "forecast", "a metric, period and quantile", "What to expect: quantiles over the members.",
    (
        METRIC, PERIOD, START,
        number("quantile", SHARE, f"Level of the quantile: {', '.join(f'{level:g}' for level in LEVELS)}."),
        number("value", COUNTED, "The quantile."),
    ),
)  # fmt: skip
TOTALS = Table(
    "forecast_totals", "a metric", "Totals over all days that are forecast.",
    (METRIC, date("first", "First day."), date("last", "Last day."), *_quantiles("the total")),
)  # fmt: skip
WINDOW = Table(
    "forecast_window", "a metric, stage and month of the window", "The months on which members are conditioned.",
    (METRIC, STAGE, START, number("observed", COUNTED, "What was observed."), *_quantiles("the members")),
)  # fmt: skip
LEVELS_TABLE = Table(
    "forecast_levels", "a stage and date", "The level of the inflow that members hold.",
    (STAGE, date("start", "The level holds from this day on."), *_quantiles("the level", "people/year")),
)  # fmt: skip
OBSERVED = Table(
    "forecast_observed", "a month of the calendar before the forecast", "Observed totals, where the month is whole.",
    (START, number("people", PEOPLE, "People who arrived by small boat."),
     number("boats", "boats", "Boats that arrived; empty where not observed.")),
)  # fmt: skip
ABOUT = Table(
    "forecast_about", "the forecast (one row)", "What it rests on.",
    (
        text("scenario", "Name of the scenario."), date("data_until", "Last day of the data that it knows."),
        date("until", "Last day that is forecast."), count("members", "Members: runs with their own settings.", "runs"),
        text("posterior", "File of the posterior from which settings are drawn; empty: base values."),
        count("settings", "Settings drawn from it.", "settings"),
        date("window_from", "First day of the window on which members are conditioned."),
        number("walk_per_year", "sd of log per root year", "How far the level of the inflow drifts."),
        number("month_noise", "sd of log", "Noise of a month that levels leave unexplained."),
        number("boats_growth_per_year", "log per year", "Growth of people per boat; empty if boats are not known."),
        number("boats_growth_error", "log per year", "Its standard error."),
        flag("boats_known", "Whether people per boat were observed in the window."),
        text("levers", "Kinds of the levers in the scenario."),
    ),
)  # fmt: skip


def _coverage(percent: int, interval: bool) -> tuple[Column, ...]:
    name = f"coverage_{percent}"
    ends = tuple(number(f"{name}_{end}", SHARE, f"{word} end of the 95 % interval of that share (Wilson).")
                 for end, word in (("low", "Lower"), ("high", "Upper")))  # fmt: skip
    share = number(name, SHARE, f"Share of periods whose {percent} % interval held what happened.")
    return (share, *(ends if interval else ()))


SCORE = Table(
    "score", "a metric, period length and model", "Means over the periods that were observed whole.",
    (
        METRIC, OBSERVED_UNIT, PERIOD, MODEL, number("crps", COUNTED, f"Mean {CRPS}; from the nine quantiles."),
        number("skill", "share", "1 less the score over that of the best rival; above 0 is better than all of them."),
        *(column for percent in INTERVALS for column in _coverage(percent, True)),
        number("absolute_error", COUNTED, "Mean distance of the median from what happened."),
        number("bias", COUNTED, "Mean of the median less what happened."),
        number("observed", COUNTED, "Mean of what happened."),
        number("crps_sample", COUNTED, "Mean score of the whole distribution; empty where only quantiles are known."),
        count("periods", "Periods scored; 0 for a rival that could not be fitted.", "periods"),
        count("left_out", "Periods not observed whole.", "periods"),
        date("history_from", "First day that the rivals know."),
        count("history", "Periods that the rivals know.", "periods"),
        text("note", "Why a rival could not be fitted; else empty."),
    ),
)  # fmt: skip
PERIODS = (
    METRIC, OBSERVED_UNIT, PERIOD, START, MODEL, number("observed", COUNTED, "What happened."),
    *_quantiles("the forecast"), number("crps", COUNTED, f"The {CRPS}; from the nine quantiles."),
    number("crps_sample", COUNTED, "The same of the whole distribution; empty where only quantiles are known."),
    number("pit", SHARE, "Where in its forecast what happened lies; 0.5: at the median."),
)  # fmt: skip
SCORE_PERIODS = Table("score_periods", "a metric, period and model", "Each period that was observed whole.", PERIODS)

ROLLING = Table(
    "rolling", "an origin and model", "Means over the months of each origin, and over all.",
    (
        text("origin", "First day that is forecast, or all: every month of every origin."),
        text("posterior", "File of the posterior known then; empty: base values, or all origins."), MODEL,
        count("months", "Months scored.", "months"), number("observed", PEOPLE, "Mean of what happened."),
        number("crps", PEOPLE, f"Mean {CRPS}."), number("bias", PEOPLE, "Mean of the median less what happened."),
        *(column for percent in INTERVALS for column in _coverage(percent, False)),
        number("ratio", "ratio", "Score over that of the best rival, picked in hindsight; below 1 is better."),
    ),
)  # fmt: skip
ROLLING_PERIODS = Table(
    "rolling_periods", "an origin, month and model", "As `score_periods`, of every origin.",
    (*PERIODS, date("origin", "First day that is forecast.")),
)  # fmt: skip

ASSUMPTION = text("assumption", "What people are assumed to go by, as the plan names it.")
ALBANIA = Table(
    "albania", "an assumption, quarter and group", "Albania 2022–23: arrivals of a quarter, quantiles over "
    "replications.",
    (
        ASSUMPTION, text("quarter", "The quarter, as 2023Q1."),
        text("group", "The group that the agreement was aimed at, or others."),
        number("median", PEOPLE, "Median."), number("low", PEOPLE, "2.5 % quantile over replications."),
        number("high", PEOPLE, "97.5 % quantile over replications."),
        number("observed", PEOPLE, "What was observed; empty without data."),
    ),
)  # fmt: skip
AEGEAN = Table(
    "aegean", "an assumption, week and quantile", "The Greek islands 2016: arrivals of a week, as a forecast.",
    (ASSUMPTION, date("week", "First day of the week."), number("quantile", SHARE, "Level of the quantile."),
     Column("value", NUMBER, PEOPLE, "Arrivals of the week.")),
)  # fmt: skip
NATURAL = Table(
    "natural", "an experiment and assumption", "How often return was in fact.",
    (
        text("experiment", "Which experiment.", {"albania": "", "aegean": ""}), ASSUMPTION,
        number("arrivals", PEOPLE, "Arrivals in the measured time (of the group aimed at, if one was), mean."),
        number("returned", PEOPLE, "Returns in that time, mean."),
        number("returned_share", SHARE, "Returns over arrivals in scope; empty if there were none."),
        count("replications", "Replications.", "replications"),
    ),
)  # fmt: skip

FORECASTS = Family(
    "Forecasts and back-tests", "Written by `sim forecast`, `sim score`, `sim rolling` and `sim natural`.",
    "sim/dictionary/forecasts.py",
    (FORECAST, TOTALS, WINDOW, LEVELS_TABLE, OBSERVED, ABOUT, SCORE, SCORE_PERIODS, ROLLING, ROLLING_PERIODS, NATURAL,
     ALBANIA, AEGEAN),
)  # fmt: skip
