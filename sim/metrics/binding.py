"""What holds an exchange back, from the means of its metrics."""

from collections.abc import Mapping

TARGET_MET = 0.9  # of the sum of weekly targets returned: met, as nobody can be returned in the first weeks
NEARLY_ALL = 0.95  # of those chosen by lot selected: nothing at arrival stands in the way
SEATS_FULL = 0.95  # of the seats flown planned for someone: no more people could have been put on the flights
OBSTACLES = ("beds", "target", "parity")
BINDS = (*OBSTACLES, "seats", "arrivals", "none")
"""What can hold an exchange back; `target` is the week's limit on new cases, `none` that the target is met."""


def binding_stage(mean: Mapping[str, float]) -> str:
    """What holds a scenario's exchange back: one of `BINDS`.

    The most common reason, other than the lot, for which eligible arrivals chosen by lot were not selected. If nearly
    all of them were, it lies behind selection (full seats) or before it (too few people chosen).

    Args:
        mean: metrics of the scenario by name, means over replications.
    """
    if mean["delivered_share"] >= TARGET_MET:
        return "none"
    passed = {why: mean[f"passed_over_{why}"] for why in OBSTACLES}
    if mean["selected"] < NEARLY_ALL * (mean["selected"] + sum(passed.values())):
        return max(passed, key=lambda why: passed[why])
    return "seats" if mean["seat_use"] >= SEATS_FULL else "arrivals"
