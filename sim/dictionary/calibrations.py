"""Tables of a calibration: its waves, what it matched, and the posterior."""

from sim.dictionary.declared import NUMBER, SHARE, Column, Family, Table, count, date, flag, number, text
from sim.dictionary.sweeps import DOTTED

OWN_UNIT = "the parameter's unit"
ON_ITS_SCALE = "on the scale of the summary"
POSTERIOR_COLUMN = Column("<setting>", NUMBER, "the setting's unit", "One column a setting: its value in this draw. "
                          "`sim explain` tells its unit.", like=DOTTED)  # fmt: skip

CALIBRATION = Table(
    "calibration", "the calibration (one row)", "What was matched, and how well the chain did.",
    (
        text("name", "Name of the calibration."), text("question", "Its question."),
        date("until", "Last day of the data that it knows."),
        count("parameters", "Parameters fitted.", "parameters"),
        count("summaries", "Observed summaries matched.", "summaries"),
        count("runs", "Runs of all waves.", "runs"), count("draws", "Draws of the posterior.", "draws"),
        count("predictive", "Runs with draws of the posterior that show what it predicts.", "runs"),
        count("walkers", "Walkers of the chain.", "walkers"), count("steps", "Steps of each walker.", "steps"),
        count("burn_in", "Steps left out at the start.", "steps"),
        number("autocorrelation", "steps", "Longest autocorrelation time of a parameter."),
        number("effective", "draws", "Independent draws in the chain for that parameter."),
        number("acceptance", SHARE, "Share of proposals taken."),
        flag("converged", "Whether the chain lasts long enough for its autocorrelation."),
        number("widening", "factor", "By how much the covariance was widened so that intervals hold as often as said."),
        number("not_ruled_out", SHARE, "Share of the prior that the last wave looked at."),
        Column("seed", "whole number", "", "Base seed."),
    ),
)  # fmt: skip

POSTERIOR = Table(
    "posterior", "a draw of the posterior", "Of `draws`, the settings that mean the same in other scenarios.",
    (POSTERIOR_COLUMN,),
)  # fmt: skip
POSTERIOR_BEFORE = Table(
    "posterior_<origin>", "a draw of the posterior", "As `posterior`, from what was known on the day before the date.",
    (POSTERIOR_COLUMN,), like=r"posterior_\d{4}-\d{2}-\d{2}",
)  # fmt: skip
DRAWS = Table(
    "draws", "a draw of the posterior", "All parameters of the calibration.",
    (Column("<parameter>", NUMBER, OWN_UNIT, "One column a parameter, as in `parameters`: its value in this draw.",
            like=DOTTED),),
)  # fmt: skip

PARAMETERS = Table(
    "parameters", "a parameter", "Prior, posterior, and how far the data narrow it.",
    (
        text("parameter", "Name of the parameter."),
        text("setting", "The setting that it is, as `sim explain` takes it; empty for levels of these years alone."),
        text("unit", "Its unit."), number("low", OWN_UNIT, "Lower end of the prior."),
        number("high", OWN_UNIT, "Upper end of the prior."),
        text("scale", "The scale on which the prior is even.", {"linear": "", "log": ""}),
        number("base", OWN_UNIT, "Value in the base configuration; empty if it has none."),
        number("median", OWN_UNIT, "Median of the posterior."),
        number("q05", OWN_UNIT, "5 % quantile of the posterior."),
        number("q95", OWN_UNIT, "95 % quantile of the posterior."),
        number("narrowed", "share", "1 less the posterior's over the prior's standard deviation; 0: nothing learnt."),
        text("informed_by", "The kinds of summary that say most about it, with their shares."),
        flag("carried", "Whether it is a setting that other scenarios take from the posterior."),
    ),
)  # fmt: skip


def _quantile(name: str, percent: str, of: str) -> Column:
    return number(name, "as unit", f"{percent} % quantile over runs of the {of}.")


SUMMARIES = Table(
    "summaries", "a summary: a number by which a run and the Channel are compared", "Observed, and what runs of the "
    "prior and of the posterior have.",
    (
        text("summary", "Name of the summary."), text("kind", "What it measures."), text("label", "For readers."),
        date("start", "First day that it is about."), date("end", "Last day that it is about."),
        text("unit", "Its unit."), number("observed", "as unit", "What was observed."),
        flag("fitted", "Whether the posterior was fitted to it."),
        *(_quantile(f"prior_q{at}", percent, "prior") for at, percent in (("05", "5"), ("50", "50"), ("95", "95"))),
        *(_quantile(f"q{at}", percent, "posterior") for at, percent in (
            ("025", "2.5"), ("05", "5"), ("25", "25"), ("50", "50"), ("75", "75"), ("95", "95"), ("975", "97.5"))),
        number("z", "standard deviations", "How far the observed value lies from the mean of the posterior's runs."),
        number("skill", "share", "Share of the variance between held-out runs that the emulator explains."),
        number("discrepancy", ON_ITS_SCALE, "Standard deviation by which model and world may differ."),
        text("scale", "The scale on which values are compared.", {
            "log": "logarithm, with an offset for counts", "root": "square root", "linear": "as they are"}),
    ),
)  # fmt: skip

WAVES = Table(
    "waves", "a wave of runs", "Each wave looks where the waves before ruled nothing out.",
    (
        count("wave", "Number of the wave, from 1.", ""), count("runs", "Its runs.", "runs"),
        number("not_ruled_out", SHARE, "Share of the prior in which its runs lie."),
        number("median_skill", "share", "Median over the summaries of what its emulator explains."),
    ),
)  # fmt: skip
DESIGN = Table(
    "design", "a run", "Where each run lies and what it showed.",
    (
        count("wave", "Number of the wave.", ""),
        Column("u.<parameter>", NUMBER, SHARE, "One column a parameter: its place between the ends of the prior.",
               like=r"u\..+"),
        Column("s.<summary>", NUMBER, ON_ITS_SCALE, "One column a summary: its value in the run.", like=r"s\..+"),
    ),
)  # fmt: skip

CALIBRATIONS = Family(
    "Calibration", "Written by `sim calibrate`.", "sim/dictionary/calibrations.py",
    (CALIBRATION, POSTERIOR, POSTERIOR_BEFORE, DRAWS, PARAMETERS, SUMMARIES, WAVES, DESIGN),
)  # fmt: skip
