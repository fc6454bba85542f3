"""France's answer to readmission requests: how long it takes, how often it is late, how often it is no.

Evidence: 14 days, 28 exceptionally, grounds of refusal (S04); the shares are guesses.
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "exchange"
SETTINGS = (
    "french_reply_days",
    "french_reply_limit_days",
    "french_late_share",
    "french_refusal_share",
    "french_imbalance_share",
)


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """France answering with the given days and shares."""
    return change(rules, SECTION, given)
