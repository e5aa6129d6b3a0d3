"""A bounded cache: what was not used for longest goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class CacheReport:
    """What a cache holds (``entries``, ``size`` of at most ``limit`` bytes) and how it did since it was made."""

    entries: int
    size: int
    limit: int
    hits: int
    misses: int
    dropped: int


class BoundedCache(Generic[Value]):
    """Keeps values up to ``limit`` bytes in all, dropping the least recently used; the newest one always stays."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._size = 0
        self._hits = 0
        self._misses = 0
        self._dropped = 0

    def get(self, key: Hashable) -> Value | None:
        """Return the value kept under ``key``, or None."""
        found = self._kept.get(key)
        if found is None:
            self._misses += 1
            return None
        self._hits += 1
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, value: Value, size: int) -> Value:
        """Keep ``value``, which takes ``size`` bytes, under a key that is not kept yet, and return it."""
        self._kept[key] = (value, size)
        self._size += size
        while self._size > self._limit and len(self._kept) > 1:
            _, (_, freed) = self._kept.popitem(last=False)
            self._size -= freed
            self._dropped += 1
        return value

    def report(self) -> CacheReport:
        """Return how full the cache is and how it did."""
        return CacheReport(len(self._kept), self._size, self._limit, self._hits, self._misses, self._dropped)
