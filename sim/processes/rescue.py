"""Search and rescue at sea: vessels that answer calls, each busy for hours; on bad nights none may be free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.domain.rules import Rules
from sim.processes.lives import Life
from sim.processes.moments import HOURS_PER_DAY, Story
from sim.processes.pool import Pool

if TYPE_CHECKING:
    from sim.processes.world import World


class Rescue:
    """The vessels that bring boats back and come when people are in the water."""

    __slots__ = ("_world", "vessels")

    def __init__(self, world: World) -> None:
        self._world = world
        self.vessels = Pool(world.env, world.rules.rescue.vessels)

    def allow(self, rules: Rules) -> None:
        """As many vessels as the rules say from now on."""
        self.vessels.resize(rules.rescue.vessels)

    def comes(self) -> bool:
        """Whether a free vessel answers a call; it is busy from now on. Nobody at sea can wait for one to be free."""
        if not self.vessels.free:
            return False
        self.vessels.take()
        Life(self._world.env, self._busy())
        return True

    def _busy(self) -> Story:
        """One vessel, from the call until it is ready again. A process."""
        yield self._world.env.timeout(self._world.rules.rescue.hours_busy / HOURS_PER_DAY)
        self.vessels.give_back()
