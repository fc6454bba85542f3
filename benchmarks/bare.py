"""What SimPy itself costs: the bare events against which the model is measured.

The unit is one timeout of one process with nothing else pending. A clock with more events pending is slower, so the
ceiling of the model is taken with as many pending as the model has.
"""

import random
import time

WAVE = 200  # processes that begin together when the life of a process is timed


def bare_timeout(times: int = 200_000) -> float:
    """Seconds of CPU for one timeout of one process."""
    import simpy

    env = simpy.Environment()

    def ticks():
        for _ in range(times):
            yield env.timeout(1)

    env.process(ticks())
    began = time.process_time()
    env.run()
    return (time.process_time() - began) / times


def timeout_among(pending: int, times: int = 200_000) -> float:
    """Seconds of CPU for one timeout, of random length, while about as many processes wait."""
    import simpy

    env, luck = simpy.Environment(), random.Random(1)
    waits = [luck.random() for _ in range(10_007)]
    rounds = max(times // pending, 1)

    def ticks(first: int):
        for i in range(rounds):
            yield env.timeout(waits[(first + i) % len(waits)])

    for number in range(pending):
        env.process(ticks(number * 7))
    began = time.process_time()
    env.run()
    return (time.process_time() - began) / (rounds * pending)


def process_life(times: int = 100_000) -> float:
    """Seconds of CPU for one process: it is made, begins, waits once and ends."""
    import simpy

    env = simpy.Environment()

    def life():
        yield env.timeout(1)

    def births():
        for _ in range(times // WAVE):
            for _ in range(WAVE):
                env.process(life())
            yield env.timeout(2)

    env.process(births())
    began = time.process_time()
    env.run()
    return (time.process_time() - began) / times
