"""The exchange's ledger: returns out, admissions in, and the balance that opens or pauses either side."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from sim.domain.population import Age, ConservationError
from sim.domain.rules import Exchange


class CaseEnd(IntEnum):
    """What can end a return case before a seat is looked for."""

    TOO_LATE = 0
    REFUSED = 1
    CLAIM_UPHELD = 2
    COURT_STOPPED = 3


@dataclass(slots=True)
class Ledger:
    """Slots of the exchange. A slot is free, promised (an admission in process) or used (an admission made)."""

    float_places: int
    tolerance: int
    returned: int = 0
    promised: int = 0
    admitted: int = 0
    most_float: int = 0
    paused: bool = False

    def __post_init__(self) -> None:
        self.most_float = self.float_places

    def allow(self, float_places: int, tolerance: int) -> None:
        """Other rules from now on; admissions begun under a larger float stay valid."""
        self.float_places, self.tolerance = float_places, tolerance
        self.most_float = max(self.most_float, float_places)

    @property
    def gap(self) -> int:
        """Returns less admissions (people); positive when France has taken more than the UK."""
        return self.returned - self.admitted

    def places_open(self) -> int:
        """Admissions that may begin now: returns made plus the float, less those promised or used."""
        return max(self.returned + self.float_places - self.promised - self.admitted, 0)

    @property
    def imbalance(self) -> int:
        """Returns less admissions made or promised (people): what a committee that watches weekly would look at."""
        return self.returned - self.admitted - self.promised

    def review(self) -> None:
        """After a draw of places: selection pauses if admissions, promised ones included, lag past the tolerance."""
        self.paused = self.imbalance > self.tolerance

    def record_return(self) -> None:
        """One person has been returned."""
        self.returned += 1

    def promise(self) -> None:
        """One admission begins; raises ConservationError if no place is open."""
        if self.places_open() < 1:
            raise ConservationError("an admission was promised without an open place in the exchange")
        self.promised += 1

    def keep(self) -> None:
        """A promised admission is made."""
        self._release("kept")
        self.admitted += 1

    def forfeit(self) -> None:
        """A promised admission fails its checks: the slot is free again."""
        self._release("forfeited")

    def _release(self, how: str) -> None:
        if self.promised < 1:
            raise ConservationError(f"an admission was {how} that had not been promised")
        self.promised -= 1

    def audit(self) -> None:
        """Raise ConservationError if admissions, promised ones included, exceed returns plus the float."""
        if self.admitted + self.promised > self.returned + self.most_float:
            raise ConservationError(
                f"{self.admitted} admitted and {self.promised} promised exceed "
                f"{self.returned} returned plus a float of {self.most_float}"
            )


def in_scope(age: int) -> bool:
    """Whether a person may be returned under the agreement: adults and accompanied minors only (S06)."""
    return age != Age.UNACCOMPANIED_MINOR


def announced_share(weekly_target: float, arrivals_per_week: float) -> float:
    """The chance of return that the announced target implies at the recent flow, at most 1.

    >>> announced_share(50, 800)
    0.0625
    """
    return min(weekly_target / max(arrivals_per_week, 1.0), 1.0)


@dataclass(frozen=True, slots=True)
class CasePlan:
    """How one return case would go, drawn at its start: what ends it, or when a seat may be looked for.

    `ended` is None for a case that becomes ready; days count from selection.
    """

    days: float
    ended: CaseEnd | None
    claim: bool


def plan_case(rules: Exchange, days_since_arrival: float, luck: Callable[[str], float], claim_days: float) -> CasePlan:
    """Request, French reply and the blockers that run beside them, reduced to what happens first.

    The request is made `request_days` after arrival (at once if later); France replies `french_reply_days` after it, a
    share only at the exceptional limit, and may refuse. A trafficking claim and a court case begin at selection.
    A case is ready when everything that was begun has ended.

    Args:
        rules: the exchange's settings.
        days_since_arrival: days from arrival to selection.
        luck: one uniform for each named question, the person's own.
        claim_days: how long this person's claim would take to a first decision, days.
    """
    late = luck("late") < rules.french_late_share
    wait = max(rules.request_days - days_since_arrival, 0.0)
    reply = wait + (rules.french_reply_limit_days if late else rules.french_reply_days)
    claim, court = luck("claim") < rules.claim_share, luck("court") < rules.court_share
    endings = []
    if days_since_arrival + wait > rules.request_limit_days:
        endings.append((wait, CaseEnd.TOO_LATE))
    if luck("refused") < rules.french_refusal_share:
        endings.append((reply, CaseEnd.REFUSED))
    if claim and luck("upheld") < rules.claim_upheld_share:
        endings.append((claim_days, CaseEnd.CLAIM_UPHELD))
    if court and luck("court_stops") < rules.court_stop_share:
        endings.append((rules.court_days, CaseEnd.COURT_STOPPED))
    if endings:
        days, ended = min(endings)
        return CasePlan(days, ended, claim)
    return CasePlan(max(reply, claim_days if claim else 0.0, rules.court_days if court else 0.0), None, claim)
