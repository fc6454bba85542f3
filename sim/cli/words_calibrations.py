"""What the terminal says of a calibration."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.experiment.results import Results

INFORMED = 0.1  # share by which a prior must be narrowed to count as informed
MOST_TOLD = 12
FAR = 2.5  # standard deviations from which a summary is named as not met


def calibration_text(results: Results, computed: int, reused: int) -> str:
    """The fit in words: how good, what the data tell, what they do not, and where the model misses them."""
    about = results.table("calibration").iloc[0]
    parameters = results.table("parameters").sort_values("narrowed", ascending=False)
    summaries = results.table("summaries")
    used = summaries[summaries["fitted"]]
    inside = int(((used["q05"] <= used["observed"]) & (used["observed"] <= used["q95"])).sum())
    learnt = parameters[parameters["narrowed"] >= INFORMED]
    silent = parameters[parameters["narrowed"] < INFORMED]
    missed = used[used["z"].abs() > FAR]
    lines = [
        f"{about['name']}: {about['parameters']} parameters against {about['summaries']} summaries "
        f"to {about['until']}; {about['runs']} runs ({computed} computed, {reused} found), {about['draws']} draws",
        f"of {len(used)} summaries {inside} ({inside / len(used):.0%}) lie within 90 % of runs with draws of it",
        f"the data narrow {len(learnt)} of {len(parameters)} parameters by a tenth or more:",
        *(
            f"  {row['parameter']}: {row['median']:,.4g} ({row['q05']:,.4g} to {row['q95']:,.4g} {row['unit']}), "
            f"{row['narrowed']:.0%} narrower; {row['informed_by']}"
            for row in learnt.head(MOST_TOLD).to_dict("records")
        ),
        *([f"  and {len(learnt) - MOST_TOLD} more"] if len(learnt) > MOST_TOLD else []),
        f"they say nothing of {', '.join(silent['parameter'])}" if len(silent) else "",
        *([f"not met, beyond {FAR} standard deviations: {', '.join(missed['label'])}"] if len(missed) else []),
        "" if about["converged"] else "warning: the chain is shorter than 50 autocorrelation times",
    ]
    return "\n".join(line for line in lines if line)
