"""The exchange's ledger: returns out, admissions in, and the balance that opens or pauses either side."""

from dataclasses import dataclass

from sim.domain.population import ConservationError


@dataclass(slots=True)
class Ledger:
    """Slots of the exchange. A slot is free, promised (an admission in process) or used (an admission made)."""

    float_places: int
    tolerance: int
    returned: int = 0
    promised: int = 0
    admitted: int = 0
    most_float: int = 0
    returns_paused: bool = False

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

    @property
    def admissions_paused(self) -> bool:
        """Whether admissions have run ahead of returns by more than the tolerance: no places are drawn."""
        return -self.gap > self.tolerance

    def review(self) -> None:
        """After a draw of places: returns pause if admissions, promised ones included, lag past the tolerance."""
        self.returns_paused = self.imbalance > self.tolerance

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
