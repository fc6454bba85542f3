"""The exchange's ledger: returns out, admissions in, and the balance that opens or pauses either side."""

from dataclasses import dataclass

from sim.domain.population import Age, ConservationError


@dataclass(slots=True)
class Ledger:
    """Slots of the exchange. A slot is free, promised (an admission in process) or used (an admission made)."""

    float_places: int
    tolerance: int
    returned: int = 0
    promised: int = 0
    admitted: int = 0

    @property
    def gap(self) -> int:
        """Returns less admissions (people); positive when France has taken more than the UK."""
        return self.returned - self.admitted

    def places_open(self) -> int:
        """Admissions that may begin now: returns made plus the float, less those promised or used."""
        return max(self.returned + self.float_places - self.promised - self.admitted, 0)

    def returns_paused(self) -> bool:
        """Whether selection must wait because admissions, promised ones included, lag past the tolerance."""
        return self.returned - self.admitted - self.promised > self.tolerance

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
        if self.admitted + self.promised > self.returned + self.float_places:
            raise ConservationError(
                f"{self.admitted} admitted and {self.promised} promised exceed "
                f"{self.returned} returned plus a float of {self.float_places}"
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
