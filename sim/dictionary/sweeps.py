"""Tables of sweeps and of what is read from them: points, indices, what is worth knowing, where a policy fails."""

from sim.dictionary.declared import (
    ANY,
    METRIC_UNIT,
    RUN,
    SHARE,
    Column,
    Family,
    Table,
    count,
    flag,
    interval,
    number,
    text,
    words,
)
from sim.dictionary.outcomes import DIFFERENCES, MEANS, METRIC, METRICS, RUN_FACTS, UNIT
from sim.experiment.boxes import RULE
from sim.experiment.sweep.designs import KINDS as DESIGNS

CONFIDENCE = text("confidence", "How well the setting's range is known: official, study, survey, press, analogy, "
                  "definition or guess.")  # fmt: skip
SETTING = text("setting", "Dotted name of the setting, as `sim explain` takes it.")
SETTING_UNIT = text("unit", "Unit of the setting.")
OWN_UNIT = "the setting's unit"
POINT = count("point", "Number of the point, from 0; a row of `points`.", "")
POINT_NAME = text("scenario", "Name of the point, as in `points`.")
POLICY = text("policy", "The scenario, with the values of its levers where they vary.")
NOISE = number("noise_share", SHARE, "Share of the variance between points that is noise of replications; empty with "
               "one replication.")  # fmt: skip
FEWEST = count("replications", "Fewest replications of a point.", "replications")
LEVER_KINDS = {"lever": "ours to choose", "uncertainty": "not ours: varied to see whether an answer holds"}
DESIGN_NAMES = words(DESIGNS, {
    "grid": "every combination of values", "list": "the rows that are listed", "lhs": "Latin hypercube",
    "sobol": "Sobol' sequence", "saltelli": "for Sobol' indices", "morris": "for elementary effects",
    "oat": "one setting at a time", "posterior": "draws of a posterior",
})  # fmt: skip
DOTTED = r"[a-z_]\w*(\.[\w-]+)+"
VARIED = Column("<setting>", ANY, OWN_UNIT, "One column a varied setting: its value at this point; empty where it is "
                "the scenario's own. `dimensions` has its unit.", like=DOTTED)  # fmt: skip

POINTS = Table(
    "points", "a point of the sweep: a scenario under one row of its levers in one future, or a future's baseline",
    "Every point, in order; the baseline of a future stands before its other points.",
    (
        POINT,
        text("name", "Its name: the scenario with what varies."),
        text("source", "The scenario that it varies."),
        Column("row", "whole number", "", "Row of the levers' design; -1 for a baseline."),
        Column("future", "whole number", "", "Row of the uncertainties' design; 0 where none is varied."),
        flag("baseline", "Whether it is the baseline of its future."),
        flag("plausible", "Whether the baseline of its future looks like the world that the sweep asks about."),
        VARIED,
        text("scenario_hash", "Fingerprint of the resolved scenario."),
        text("baseline_hash", "That of the baseline of the same future; empty without one."),
        count("replications", "Finished replications.", "replications"),
    ),
)  # fmt: skip

DIMENSIONS = Table(
    "dimensions", "a varied setting", "What the sweep varies, and over what.",
    (
        SETTING, text("kind", "Who decides about it.", LEVER_KINDS), SETTING_UNIT,
        number("low", OWN_UNIT, "Lowest value; empty for words."),
        number("high", OWN_UNIT, "Highest value; empty for words."),
        text("values", "The values where they are listed, with | between them; else empty."),
        text("scale", "How values are spread over the range.", {"linear": "", "log": ""}),
        flag("whole", "Whether only whole numbers fit."),
        CONFIDENCE,
        text("base", "Its value in the scenario."),
    ),
)  # fmt: skip

SWEEP = Table(
    "sweep", "the sweep (one row)", "What was asked.",
    (
        text("name", "Name of the sweep."), text("question", "Its question."),
        text("scenarios", "The scenarios, with | between them."),
        text("baseline", "The baseline; empty without one."),
        text("design", "How the levers are varied.", DESIGN_NAMES),
        count("samples", "Samples of the levers that the design asked for; 0 where it takes none.", "samples"),
        text("uncertainty_design", "How the uncertainties are varied; as `design`, empty where none is."),
        count("uncertainty_samples", "Samples of the uncertainties that the design asked for.", "samples"),
        text("metric", "The metric that it looks at first."), text("metric_unit", "Its unit."),
        text("aim_metric", "The metric of its aim; empty without one."), text("aim_unit", "Its unit."),
        text("aim_target", "The difference to the baseline that is aimed at: -2000, or -10% of its mean."),
        text("precision", "The precision asked for; empty where a number of replications was."),
        text("plausible", "What a baseline must look like for its future to count; empty where all do."),
        Column("seed", "whole number", "", "Base seed."),
        count("points", "Points, baselines included.", "points"),
        count("runs", "Runs in the tables.", "runs"),
        count("computed", "Runs computed by this command.", "runs"),
        count("reused", "Runs found in the store.", "runs"),
    ),
)  # fmt: skip

RUNS = Table("runs", "a replication of a point", "As `runs` of a study of scenarios, with the point in front.",
             (POINT, POINT_NAME, RUN[1], *METRICS, *RUN_FACTS))  # fmt: skip
SUMMARY = Table("summary", "a point and metric", "As `summary` of a study of scenarios, with the point in front.",
                (POINT, POINT_NAME, *MEANS))  # fmt: skip
EFFECTS = Table("effects", "a point other than a baseline, and a metric", "As `effects` of a study of scenarios, with "
                "the point in front; the baseline is that of the same future.",
                (POINT, POINT_NAME, *DIFFERENCES))  # fmt: skip

INDICES = {
    "S1": "first-order index: share of the variance that the setting explains by itself",
    "ST": "total index: share that it explains by itself and together with others",
    "mu": "mean elementary effect, over the whole range",
    "mu_star": "mean size of the elementary effects",
    "sigma": "spread of the elementary effects: interactions or curvature",
    "SRRC": "standardised rank regression coefficient, -1 to 1",
}
SENSITIVITY = Table(
    "sensitivity", "a policy, setting and index", "Written by `sim sensitivity`.",
    (
        POLICY, METRIC, UNIT, SETTING, text("kind", "Who decides about the setting.", LEVER_KINDS),
        text("method", "How the index is had."), text("index", "Which index.", INDICES),
        number("value", "share; for mu, mu_star and sigma the metric's unit", "The index; empty where nothing varies."),
        *interval("the index, by bootstrap over the sample", "as value"),
        NOISE, count("points", "Points of the sample.", "points"), FEWEST, CONFIDENCE,
    ),
)  # fmt: skip

CHANCE = "of futures in which another policy is best once the setting is known"
GAIN = "expected gain from knowing the setting (EVPPI)"
INFORMATION = Table(
    "information", "an uncertain setting, the one that would gain most first", "Written by `sim sensitivity` where "
    "policies can be ranked: which setting, if it were known, would most likely change the ranking.",
    (
        METRIC, UNIT, text("best", "Which outcome counts as best.", {"lowest": "", "highest": ""}), SETTING,
        text("kind", "Always uncertainty."), CONFIDENCE,
        number("probability", SHARE, f"Share {CHANCE}."),
        *interval("that share, by bootstrap over the futures", SHARE, "probability_low", "probability_high"),
        number("probability_noise", SHARE, "What the best of all settings would show, 19 times in 20 at most, if none "
               "said anything."),
        number("evppi", METRIC_UNIT, f"The {GAIN}."),
        *interval("that gain, by bootstrap over the futures", METRIC_UNIT, "evppi_low", "evppi_high"),
        number("evppi_noise", METRIC_UNIT, "Its chance level, as probability_noise."),
        flag("above_noise", "Whether the gain is above its chance level."),
        number("evpi", METRIC_UNIT, "Expected gain from knowing everything; at most, for noise adds to it."),
        text("policy_now", "The policy that is best on average."),
        text("policy_else", "The other policy that is best the most often."),
        number("policy_else_share", SHARE, "Share of futures in which that one is best."),
        count("policies", "Policies compared.", "policies"), count("futures", "Futures.", "futures"), FEWEST, NOISE,
    ),
)  # fmt: skip

BOX_SHAPE = (
    number("coverage", SHARE, "Share of the failing futures that the box holds; empty where there is no box."),
    number("density", SHARE, "Share of its futures that fail."),
    number("mass", SHARE, "Share of all futures that it holds."),
)
BOX = Column("box", "whole number", "", "Number of the box of the policy; there is one, 0.")
DISCOVER_BOXES = Table(
    "discover_boxes", "a policy", "Written by `sim discover`: the box of settings in which a policy fails its aim.",
    (
        POLICY, BOX, *BOX_SHAPE, count("futures", "Futures.", "futures"),
        count("failing", "Those in which it fails.", "futures"), text("rule", f"How the box is chosen: {RULE}."),
        METRIC, UNIT, text("target", "The difference to the baseline that is aimed at: -2000, or -10% of its mean."),
        text("fails", "On which side of the target it fails.", {"above": "", "below": ""}), FEWEST, NOISE,
        number("coverage_elsewhere", SHARE, "Coverage in the half of the futures on which a box was not fitted, mean."),
        number("density_elsewhere", SHARE, "Density there, mean."),
        text("own_aim", "The sweep's own aim if another is asked about; else empty."),
    ),
)  # fmt: skip
QP = "quasi-p-value: how likely so dense a box would be, had the limit nothing to do with failing"
DISCOVER = Table(
    "discover", "a setting that the box of a policy limits", "The limits of the boxes, the least likely to be chance "
    "first.",
    (
        POLICY, BOX, SETTING, SETTING_UNIT,
        number("low", OWN_UNIT, "The box holds values from here; empty: no limit."),
        number("high", OWN_UNIT, "The box holds values up to here; empty: no limit."),
        number("range_low", OWN_UNIT, "Lowest value in the sample; empty for words."),
        number("range_high", OWN_UNIT, "Highest value in the sample; empty for words."),
        text("words", "The words that the box holds, with | between them; empty for numbers."),
        number("qp", SHARE, f"The weaker limit's {QP}."), number("qp_low", SHARE, "That of the lower limit."),
        number("qp_high", SHARE, "That of the upper limit."),
        number("reproduced", SHARE, "Share of half samples in which the setting is limited too."), CONFIDENCE,
    ),
)  # fmt: skip
TRAJECTORY = Table(
    "discover_trajectory", "a step of PRIM for a policy", "PRIM's way to the box.",
    (
        POLICY, count("step", "Number of the step, from 0: the whole space.", "steps"), *BOX_SHAPE,
        count("restricted", "Settings that the box limits.", "settings"),
        flag("chosen", "Whether this is the box that the rule takes."),
    ),
)  # fmt: skip

SWEEPS = Family(
    "Sweeps", "Written by `sim sweep`, and into its folder by `sim sensitivity` and `sim discover`. A sweep of one "
    "setting at a time has `tornado` and `ends` too.",
    "sim/dictionary/sweeps.py",
    (POINTS, DIMENSIONS, SWEEP, RUNS, SUMMARY, EFFECTS, SENSITIVITY, INFORMATION, DISCOVER_BOXES, DISCOVER, TRAJECTORY),
)  # fmt: skip
