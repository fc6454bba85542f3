"""Staff, beds or appointments: a number of places, taken and given back, which a policy may change at any time.

SimPy's own `Resource` cannot change its capacity.
"""

from collections import deque

import simpy


class Pool:
    """Places of one kind. Whoever finds none free stands in line; first come, first served.

    After a cut below what is in use nobody is turned out: the next places given back are closed instead.
    """

    __slots__ = ("_env", "_line", "busy", "size")

    def __init__(self, env: simpy.Environment, size: int) -> None:
        self._env, self.size, self.busy = env, size, 0
        self._line: deque[simpy.Event] = deque()

    @property
    def free(self) -> int:
        """Places that could be taken now."""
        return max(self.size - self.busy, 0)

    @property
    def waiting(self) -> int:
        """Those who stand in line."""
        return len(self._line)

    def take(self) -> simpy.Event:
        """The event of having a place. Whoever takes one gives it back, or leaves the line before."""
        taken = simpy.Event(self._env)
        self._line.append(taken)
        self._serve()
        return taken

    def leave_line(self, taken: simpy.Event) -> None:
        """Want the place no more, whether it was given in the meantime or not."""
        if taken.triggered:
            self.give_back()
        else:
            self._line.remove(taken)

    def give_back(self) -> None:
        """Free a place."""
        self.busy -= 1
        self._serve()

    def resize(self, size: int) -> None:
        """Have this many places from now on."""
        self.size = size
        self._serve()

    def _serve(self) -> None:
        while self._line and self.busy < self.size:
            self.busy += 1
            self._line.popleft().succeed()
