"""Common random numbers by construction.

Every draw is a function of (base seed, replication, purpose, who, ordinal) and of nothing else: not of call order,
not of the scenario, not of who else draws. Two ways of asking:

* `Streams.generator(purpose, *who)`: a NumPy generator of its own, for series drawn in one block
  (weather, arrival gaps). Twenty microseconds each: never one per person.
* `Streams.uniform(purpose, keys, ordinal)`: one number per key by a counter-based hash, vectorised,
  some 15 ns each, any ordinal at any time, in any order.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, exp, log, pi, sqrt
from zlib import crc32

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
Keys = npt.NDArray[np.uint64]


def _word(number: int) -> Keys:
    """A constant as an array of no dimension: NumPy takes one up in a third less time than a scalar."""
    return np.array(number, dtype=np.uint64)


_GOLDEN, _ORDINAL = _word(0x9E3779B97F4A7C15), _word(0xD1B54A32D192ED03)
_MIX_1, _MIX_2 = _word(0xBF58476D1CE4E5B9), _word(0x94D049BB133111EB)
_SHIFT_1, _SHIFT_2, _SHIFT_3, _SHIFT_4, _ONE = (_word(n) for n in (30, 27, 31, 11, 1))
_GOLDEN_INT, _ORDINAL_INT, _MIX_1_INT, _MIX_2_INT = (int(w) for w in (_GOLDEN, _ORDINAL, _MIX_1, _MIX_2))
_TO_UNIT = 2.0**-53
_HALF, _UNIT = np.array(0.5), np.array(_TO_UNIT)
_MASK = (1 << 64) - 1
_BLOCK = 16_384


def mix(x: Keys) -> Keys:
    """SplitMix64's finaliser (Steele, Lea and Flood 2014), element by element and in place."""
    shifted = x >> _SHIFT_1
    x ^= shifted
    x *= _MIX_1
    np.right_shift(x, _SHIFT_2, out=shifted)
    x ^= shifted
    x *= _MIX_2
    np.right_shift(x, _SHIFT_3, out=shifted)
    x ^= shifted
    return x


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
            order = _word((ordinal + 1) * _ORDINAL_INT & _MASK)
        else:
            order = ordinal.astype(np.uint64)
            order += _ONE
            order *= _ORDINAL
        x = keys * _GOLDEN
        x ^= _word(self._seed(purpose))
        bits = mix(mix(x) ^ order)
        bits >>= _SHIFT_4
        unit: Floats = bits.view(np.int64) + _HALF  # as signed whole numbers, which these are too: quicker to convert
        unit *= _UNIT
        return unit

    def one(self, purpose: str, key: int, ordinal: int = 0) -> float:
        """`uniform` for one key, in less than a microsecond; the same number as the vectorised call gives."""
        x = ((key * _GOLDEN_INT) & _MASK) ^ (self._seeds.get(purpose) or self._seed(purpose))
        x = ((x ^ (x >> 30)) * _MIX_1_INT) & _MASK  # `mix` twice, written out: it is called often
        x = ((x ^ (x >> 27)) * _MIX_2_INT) & _MASK
        x ^= (x >> 31) ^ (((ordinal + 1) * _ORDINAL_INT) & _MASK)
        x = ((x ^ (x >> 30)) * _MIX_1_INT) & _MASK
        x = ((x ^ (x >> 27)) * _MIX_2_INT) & _MASK
        return (((x ^ (x >> 31)) >> 11) + 0.5) * _TO_UNIT

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


def in_blocks(draw: Callable[[Keys], Floats], keys: Keys) -> Floats:
    """One draw for each of very many keys, a block of keys at a time; shape as `keys`.

    The same numbers, for a draw depends on its key alone; a third quicker, for a block fits the processor's cache.
    """
    return np.concatenate([draw(keys[begin : begin + _BLOCK]) for begin in range(0, max(len(keys), 1), _BLOCK)])


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
