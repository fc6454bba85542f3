"""Common random numbers by construction.

Every draw is a function of (base seed, replication, purpose, who, ordinal) and of nothing else: not of call order,
not of the scenario, not of who else draws. Two ways of asking:

* `Streams.generator(purpose, *who)`: a NumPy generator of its own, for series drawn in one block
  (weather, arrival gaps). Twenty microseconds each: never one per person.
* `Streams.uniform(purpose, keys, ordinal)`: one number per key by a counter-based hash, vectorised,
  some 15 ns each, any ordinal at any time, in any order.
"""

from dataclasses import dataclass
from math import cos, exp, log, pi, sqrt
from zlib import crc32

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
Keys = npt.NDArray[np.uint64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_ORDINAL = np.uint64(0xD1B54A32D192ED03)
_SHIFT_1, _SHIFT_2, _SHIFT_3, _SHIFT_4 = (np.uint64(n) for n in (30, 27, 31, 11))
_ONE = np.uint64(1)
_GOLDEN_INT, _ORDINAL_INT = int(_GOLDEN), int(_ORDINAL)
_TO_UNIT = 2.0**-53
_MASK = (1 << 64) - 1


def mix(x: Keys) -> Keys:
    """SplitMix64's finaliser (Steele, Lea and Flood 2014), element by element."""
    y = x >> _SHIFT_1  # in place from here on: a temporary array fewer at each step
    y ^= x
    y *= _MIX_1
    y ^= y >> _SHIFT_2
    y *= _MIX_2
    y ^= y >> _SHIFT_3
    return y


def mix_one(x: int) -> int:
    """`mix` for one Python integer, about a microsecond."""
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & _MASK
    return x ^ (x >> 31)


class Streams:
    """All random numbers of one replication."""

    __slots__ = ("_seeds", "base_seed", "replication")

    def __init__(self, base_seed: int, replication: int) -> None:
        self.base_seed = base_seed
        self.replication = replication
        self._seeds: dict[str, int] = {}

    def generator(self, purpose: str, *who: int) -> np.random.Generator:
        """A generator of its own for one purpose (and, say, one group)."""
        key = (self.replication, crc32(purpose.encode()), *who)
        return np.random.default_rng(np.random.SeedSequence(self.base_seed, spawn_key=key))

    def _seed(self, purpose: str) -> int:
        seed = self._seeds.get(purpose)
        if seed is None:
            key = (self.replication, crc32(purpose.encode()))
            words = np.random.SeedSequence(self.base_seed, spawn_key=key).generate_state(1, np.uint64)
            seed = self._seeds[purpose] = int(words[0])
        return seed

    def uniform(self, purpose: str, keys: Keys, ordinal: int | npt.NDArray[np.integer] = 0) -> Floats:
        """Uniforms in (0, 1), one for each key; `ordinal` counts the draws that a key makes for a purpose."""
        if isinstance(ordinal, int):
            order: np.uint64 | Keys = np.uint64((ordinal + 1) * _ORDINAL_INT & _MASK)
        else:
            order = (ordinal.astype(np.uint64) + _ONE) * _ORDINAL
        x = keys * _GOLDEN
        x ^= np.uint64(self._seed(purpose))
        bits = mix(mix(x) ^ order)
        bits >>= _SHIFT_4
        unit = bits + 0.5
        unit *= _TO_UNIT
        return unit

    def one(self, purpose: str, key: int, ordinal: int = 0) -> float:
        """`uniform` for one key; the same number as the vectorised call gives."""
        seed = self._seeds.get(purpose) or self._seed(purpose)
        x = mix_one(((key * _GOLDEN_INT) & _MASK) ^ seed)
        bits = mix_one(x ^ (((ordinal + 1) * _ORDINAL_INT) & _MASK))
        return ((bits >> 11) + 0.5) * _TO_UNIT

    def normal(self, purpose: str, keys: Keys, ordinal: int | npt.NDArray[np.integer] = 0) -> Floats:
        """Standard normals, one for each key, by the Box-Muller transform of two uniforms."""
        radius = np.sqrt(-2.0 * np.log(self.uniform(purpose, keys, ordinal)))
        angle = 2.0 * np.pi * self.uniform(purpose + "/angle", keys, ordinal)
        return np.asarray(radius * np.cos(angle))

    def one_normal(self, purpose: str, key: int, ordinal: int = 0) -> float:
        """`normal` for one key."""
        radius = sqrt(-2 * log(self.one(purpose, key, ordinal)))
        return radius * cos(2 * pi * self.one(purpose + "/angle", key, ordinal))

    def gumbel(self, purpose: str, keys: Keys, ordinal: int | npt.NDArray[np.integer] = 0) -> Floats:
        """Standard Gumbel noise, one for each key: what makes the best of several options a logit choice."""
        return np.asarray(-np.log(-np.log(self.uniform(purpose, keys, ordinal))))

    def erlang(self, purpose: str, keys: Keys, shape: int) -> Floats:
        """Erlang (gamma of whole shape) times with mean 1, one for each key; shape 0 stands for exactly 1."""
        if shape == 0:
            return np.ones(len(keys))
        total = np.zeros(len(keys))
        for stage in range(shape):
            total -= np.log(self.uniform(purpose, keys, stage))
        return total / shape


@dataclass(frozen=True, slots=True)
class Luck:
    """The draws of one person, or of one of their cases (`ordinal`): a question always has the same answer."""

    streams: Streams
    key: int
    ordinal: int = 0

    def uniform(self, question: str) -> float:
        """A uniform in (0, 1)."""
        return self.streams.one(question, self.key, self.ordinal)

    def days(self, question: str, median: float, spread: float) -> float:
        """A log-normal duration with this median; `spread` is the standard deviation of its logarithm."""
        return median * exp(spread * self.streams.one_normal(question, self.key, self.ordinal))
