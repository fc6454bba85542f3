"""Lives: how one process a person stays cheap. The one place where this project drives SimPy in a way of its own.

A `simpy.Process` costs three events even if it waits once: an urgent one to begin, the one it waits for, and one to
end. A migrant needs the middle one only, and those who are called together share even that:

* a `Life` begins at once, where it is created, and ends without an event unless somebody waits for it;
* people wait in a `Waiting`, without an event each, and all who are called together are woken by one event.

Nothing else about the processes differs, and results are the same byte for byte: tests/functional/test_lives.py runs
the model with SimPy's own processes and one event a person, and compares every table.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any

import simpy

from sim.processes.moments import Story


class Past(simpy.Event):
    """An event that has happened already, with this value: whoever hears of it goes on at once."""

    def __init__(self, value: Any = None) -> None:
        self._ok, self._value = True, value
        self.callbacks = None  # type: ignore[assignment]


BEGUN = Past()
PENDING = simpy.events.PENDING


class Life(simpy.Process):
    """A process that begins at once and, if nobody waits for it, ends without an event.

    It can be waited for and interrupted like any process, but not while it waits in a `Waiting`.
    """

    __slots__ = ("_generator", "_ok", "_target", "_value", "callbacks", "env")  # no dictionary: a third of the memory

    def __init__(self, env: simpy.Environment, story: Story) -> None:
        self.env, self._generator, self.callbacks, self._value = env, story, [], PENDING
        outer = env._active_proc
        self._resume(BEGUN)
        env._active_proc = outer

    def _resume(self, event: simpy.Event) -> None:
        """Go on with the story until its next wait: `simpy.Process._resume` without an event at the end for nobody."""
        self.env._active_proc = self
        send = self._generator.send
        try:
            while event._ok:
                event = send(event._value)
                if event.callbacks is not None:
                    event.callbacks.append(self._resume)
                    self._target = event
                    return
        except StopIteration as end:
            self._ok, self._value = True, end.value
            if self.callbacks:  # somebody waits for it
                self.env.schedule(self)
            else:
                self.callbacks = None  # type: ignore[assignment]
            return
        except BaseException as error:
            self._fails(error)
            return
        super()._resume(event)  # a failed event: rare, and SimPy knows how to pass it on

    def _fails(self, error: BaseException) -> None:
        """The story raised an error: it goes the way of every failed event, which stops the run if nobody takes it."""
        self._ok, self._value = False, error
        self.env.schedule(self)


class Waiting:
    """People whose lives wait until they are called, each by number."""

    __slots__ = ("_anybody", "_env", "lives")

    def __init__(self, env: simpy.Environment) -> None:
        self._env = env
        self.lives: dict[int, simpy.Process] = {}
        self._anybody = simpy.Event(env)
        self._anybody.callbacks = deque(maxlen=0)  # type: ignore[assignment]  # whoever waits is kept in `lives`, not with the event

    def joins(self, person: int) -> simpy.Event:
        """What the process of this person yields, at once, to wait for `call`; its value is that of the event then."""
        self.lives[person] = self._env._active_proc  # type: ignore[assignment]
        return self._anybody

    def call(self, people: Iterable[int], event: simpy.Event) -> None:
        """Wake these people, in this order, when the event happens, at once if it is past.

        Raises KeyError if one of them does not wait.
        """
        pop = self.lives.pop
        if event.callbacks is not None:
            event.callbacks += [pop(person)._resume for person in people]
            return
        outer = self._env._active_proc
        for person in people:
            pop(person)._resume(event)
        self._env._active_proc = outer
