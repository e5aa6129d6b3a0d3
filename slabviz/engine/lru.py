"""A shrinker over a queue: the objects in it are in use by nobody, and could be made again (inodes, dentries).

An object that was taken from the queue and put back has been used since, so it gets a second chance. What is given up
is freed through RCU, as inodes and dentries are: its memory comes back a grace period later.
"""

from __future__ import annotations

from slabviz.engine.job import Handle, LiveQueue, Stage
from slabviz.errors import Place
from slabviz.model.events import Event, Kind
from slabviz.slub.world import Path


class Lru:
    """``super_cache_scan`` and ``inode_lru_isolate`` for one cache."""

    def __init__(self, stage: Stage, place: Place, cache: int, queue: LiveQueue, seeks: int) -> None:
        self.stage = stage
        self.cache = cache
        self.seeks = seeks
        self.deferred = 0
        self._queue = queue
        self._place = place

    def count(self) -> int:
        """Entries of the queue."""
        return len(self._queue.entries)

    def scan(self, cpu: int, number: int) -> Path[int]:
        """Look at the oldest entries: those used since go to the end, the others are freed."""
        entries = self._queue.entries
        for looked_at in range(number):
            if not entries:
                return looked_at
            entry = entries.popleft()
            if any(handle.referenced for handle in entry):
                entries.append(entry)
                yield from self._second_chance(cpu, entry)
            else:
                yield from self._give_up(cpu, entry)
                self.stage.wake(self._queue.putters)
        return number

    def _second_chance(self, cpu: int, entry: tuple[Handle, ...]) -> Path[None]:
        for handle in entry:
            handle.referenced = False
            if handle.slab is not None:
                yield (Kind.SHRINK_ROTATE, cpu, handle.slab.id, handle.offset, handle.owner.actor)

    def _give_up(self, cpu: int, entry: tuple[Handle, ...]) -> Path[None]:
        engine = self.stage.engine
        for handle in entry:
            if handle.slab is None or handle.freed is not None:
                continue
            handle.freed = (engine.now, self._place, "the shrinker")
            self.stage.identities.drop(handle.owner)
            told: Event = (Kind.SHRINK_FREE, cpu, handle.slab.id, handle.offset, handle.owner.actor)
            yield [told, engine.rcu.queue(cpu, handle.slab, handle.offset)]
