"""Tables of outcomes: metrics of each run, their means and paired differences, who moved; and the places of the map."""

from sim.dictionary.declared import (
    METRIC_UNIT,
    RUN,
    WHOLE,
    Column,
    Family,
    Table,
    count,
    flag,
    interval,
    number,
    said,
    text,
    words,
)
from sim.domain.theatre import LegKind, NodeKind
from sim.experiment.compare import displacement_table, effects_table, summary_table
from sim.metrics import Metric, outcome_metrics, paired_metrics
from sim.metrics.displacement import KINDS

METRIC = text("metric", "Name of the metric, as in the list of metrics.")
UNIT = text("unit", "Unit of the metric, and of the columns that say so.")
REPLICATIONS = count("replications", "How many replications it rests on.", "replications")
PAIRS = count("replications", "How many pairs of replications have a value.", "replications")
OF_CODE = (
    text("scenario_hash", "Fingerprint of the resolved scenario; with the code's and the replication it names a run."),
    text("code_hash", "Fingerprint of the model's code."),
)


def metric_column(metric: Metric, paired: bool) -> Column:
    """The column of a metric in a table of runs; counts are written as numbers too."""
    against = " Against the baseline run of the same replication; empty for the baseline." if paired else ""
    return number(metric.name, metric.unit, f"{metric.meaning}{against}")


METRICS = (
    *(metric_column(metric, False) for metric in outcome_metrics()),
    *(metric_column(metric, True) for metric in paired_metrics()),
)
RUN_FACTS = (
    Column("seed", WHOLE, "", "Base seed."),
    number("wall_s", "s", "How long the run took to compute."),
    count("events", "Events of people that the run recorded.", "events"),
    *OF_CODE,
)
MEANS = (METRIC, UNIT, number("mean", METRIC_UNIT, "Mean over replications; empty where the metric is missing."),
         *interval("the mean: replication noise only"), REPLICATIONS)  # fmt: skip
DIFFERENCES = (
    text("baseline", "Name of the baseline."), METRIC, UNIT,
    number("difference", METRIC_UNIT, "Mean paired difference to the baseline; for a metric that is itself against the "
           "baseline, its mean; for a cost per arrival avoided, the ratio of the means."),
    *interval("the difference: replication noise only"),
    number("relative", "share", "The difference as a share of the baseline's mean; empty where there is no such mean."),
    PAIRS,
)  # fmt: skip

RUNS = Table(
    "runs", "a replication of a scenario",
    "Every metric of every run; those against a baseline are empty for the baseline.",
    (*RUN, *METRICS, *RUN_FACTS),
)  # fmt: skip
SUMMARY = Table("summary", "a scenario and metric", said(summary_table), (RUN[0], *MEANS))
EFFECTS = Table("effects", "a scenario other than the baseline, and a metric", said(effects_table),
                (RUN[0], *DIFFERENCES))  # fmt: skip

DISPLACEMENT = Table(
    "displacement", "a class of the split (or a pair of sectors) in one replication of a scenario",
    said(displacement_table),
    (
        RUN[0],
        text("baseline", "Name of the baseline."),
        RUN[1],
        text("kind", "Class of the split.", {name: kind.words for name, kind in KINDS.items()}),
        text("dimension", "Heading under which classes are shown together.",
             dict.fromkeys((kind.dimension for kind in KINDS.values()), "")),
        flag("of_arrivals", "Whether the class counts in the difference of arrivals; those that do add up to it."),
        text("from_sector", "Of those who moved along the coast: the sector further up."),
        text("to_sector", "Of those who moved along the coast: the sector further down."),
        count("people", "Net people: lost less gained. Positive where the policy sends people this way."),
        count("lost", "People who arrive in the baseline and not in the scenario, because of this; of those who moved, "
              "who went down the coast, or came later."),
        count("gained", "The other way round: who arrive in the scenario only; of those who moved, who went up the "
              "coast, or came earlier."),
    ),
)  # fmt: skip

PLACES = Table(
    "places", "a place of the route graph", "The theatre's places, for maps.",
    (
        text("name", "Name of the place, as other tables use it."),
        text("kind", "What it is.", words((kind.value for kind in NodeKind), {
            "origin": "a region that people come from", "hub": "a town on the way", "camp": "camps at the coast",
            "sector": "the middle of a stretch of coast from which boats leave", "corridor": "a stretch of sea",
            "landing": "where boats land", "centre": "the arrival centre", "detention": "detention",
            "community": "communities of people in the UK", "reception": "reception after a return",
            "gateway": "where the legal route begins",
            "exit": "another way out: by lorry or ferry, settled elsewhere, gone home",
        })),
        text("label", "Name for readers."),
        number("lat", "degrees north", "Latitude."),
        number("lon", "degrees east", "Longitude."),
    ),
)  # fmt: skip

LEGS = Table(
    "legs", "a leg of the route graph", "The theatre's legs, for maps.",
    (
        text("start", "Where it begins; a place of `places`."),
        text("end", "Where it ends; a place of `places`."),
        text("kind", "How one travels along it.", words((kind.value for kind in LegKind), {
            "land": "over land", "sea": "by boat", "air": "by aeroplane", "lorry": "by lorry or ferry",
            "administrative": "taken there by the authorities",
        })),
        number("distance_km", "km", "Its length."),
    ),
)  # fmt: skip

OUTCOMES = Family(
    "Outcomes", "Written by `sim run`, `sim compare` and `sim needs`: the metrics, compared; and the map.",
    "sim/dictionary/outcomes.py", (RUNS, SUMMARY, EFFECTS, DISPLACEMENT, PLACES, LEGS),
)  # fmt: skip
