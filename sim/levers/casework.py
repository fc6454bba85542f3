"""Staff who prepare readmission requests, and how soon they aim to send them.

Evidence: a working target of 3 days after arrival and a limit of 14 (S13); numbers of staff are guesses.
"""

from collections.abc import Mapping
from typing import Any

from sim.domain.rules import Rules
from sim.levers._change import Phase, change

SECTION = "exchange"
SETTINGS = ("caseworkers", "request_work_days", "request_days")


def apply(rules: Rules, given: Mapping[str, Any], phase: Phase) -> Rules:
    """Casework with the given staff and times."""
    return change(rules, SECTION, given)
