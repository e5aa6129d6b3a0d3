"""Named random streams: all chance comes from the seed, and a new user of chance does not change the others."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from random import Random
from typing import Generic, TypeAlias, TypeVar

Item = TypeVar("Item")

Chance: TypeAlias = Random
"""One stream, as those outside ``engine`` name it who are given one and never make one."""


class Streams:
    """Independent generators by name; the same seed and name give the same numbers on every machine."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._streams: dict[str, Random] = {}

    def stream(self, name: str) -> Random:
        """The stream with this name, made when first asked for (a string seeds it by SHA-512)."""
        stream = self._streams.get(name)
        if stream is None:
            stream = self._streams[name] = Random(f"{self.seed}:{name}")
        return stream


class Turns(Generic[Item]):
    """In which order they all have their turn. Few draw one of all orders, many are shuffled."""

    TABLED = 5

    def __init__(self, items: Sequence[Item], stream: Random) -> None:
        self._random = stream.random
        self._shuffle = stream.shuffle
        self._order = list(items)
        self._orders = list(permutations(items)) if len(items) <= self.TABLED else []

    def draw(self) -> Sequence[Item]:
        """The order of the next round; read it before the next draw."""
        if self._orders:
            return self._orders[int(self._random() * len(self._orders))]
        self._shuffle(self._order)
        return self._order


def permutation(count: int, stream: Random) -> tuple[int, ...]:
    """A Fisher–Yates shuffle of 0 … count - 1, as a cache draws it once for its slabs (``init_cache_random_seq``)."""
    order = list(range(count))
    stream.shuffle(order)
    return tuple(order)
