"""Prove it, then grow: at each review multiply the target if delivery and parity held, else hold or cut."""

from sim.domain.rules import Exchange


def decide(rules: Exchange, target: float, weeks_open: int, delivered: float, parity_held: bool) -> float:
    """This week's target (people/week).

    Args:
        rules: the exchange's settings; `delivery_needed` is the share of the target that must have been
            delivered to grow, `delivery_to_hold` the share below which it is cut.
        target: last week's target.
        weeks_open: whole weeks since the opening.
        delivered: returns per week since the last review.
        parity_held: whether selection is not paused for parity at the review.
    """
    if weeks_open == 0:
        return min(rules.weekly_target, rules.target_at_most)
    if weeks_open % rules.review_weeks:
        return target
    if not parity_held:
        return target
    if delivered >= rules.delivery_needed * target:
        return min(target * rules.scale_factor, rules.target_at_most)
    if delivered >= rules.delivery_to_hold * target:
        return target
    return target * rules.cut_factor
