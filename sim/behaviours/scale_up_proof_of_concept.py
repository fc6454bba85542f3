"""Prove it, then grow: at each review multiply the target if delivery and parity held, else hold or cut."""

from sim.domain.exchange import Review
from sim.domain.rules import Exchange


def decide(rules: Exchange, review: Review) -> float:
    """This week's target (people/week), at most `target_at_most`.

    It grows if `delivery_needed` of the target was delivered, parity held and, if the flow is looked at, arrivals fell
    by `flow_fall_needed`; it is cut if less than `delivery_to_hold` was delivered; otherwise it holds.
    """
    if review.begins:
        return min(rules.weekly_target, rules.target_at_most)
    if review.weeks_open % rules.review_weeks or not review.parity_held:
        return review.target
    if review.delivered < rules.delivery_to_hold * review.target:
        return review.target * rules.cut_factor
    proven = review.delivered >= rules.delivery_needed * review.target
    if proven and (not rules.review_flow or review.flow_change <= -rules.flow_fall_needed):
        return min(review.target * rules.scale_factor, rules.target_at_most)
    return review.target
