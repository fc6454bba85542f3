"""Double-entry accounts: every pound is in exactly one of them, and their sum is always zero."""

from collections import defaultdict

from sim.domain.population import ConservationError

PENNY = 0.01


class Accounts:
    """Named balances in GBP. `world` is the outside: it may owe without limit, nobody else may."""

    __slots__ = ("balance",)

    def __init__(self) -> None:
        self.balance: defaultdict[str, float] = defaultdict(float)

    def pay(self, payer: str, payee: str, amount: float) -> None:
        """Move `amount` (GBP, not negative) from one account to another."""
        if amount < 0:
            raise ConservationError(f"a negative payment of {amount:.2f} GBP from {payer} to {payee}")
        self.balance[payer] -= amount
        self.balance[payee] += amount

    def audit(self) -> None:
        """Raise ConservationError if pounds were made or lost."""
        total = sum(self.balance.values())
        if abs(total) > PENNY * max(len(self.balance), 1):
            raise ConservationError(f"the accounts sum to {total:.2f} GBP, not to zero")

    def audit_escrow(self, deposited: float) -> None:
        """Raise ConservationError if escrow does not hold what people have deposited (GBP)."""
        if abs(self.balance["escrow"] - deposited) > PENNY * 100:
            raise ConservationError(
                f"escrow holds {self.balance['escrow']:.2f} GBP but people deposited {deposited:.2f}"
            )
