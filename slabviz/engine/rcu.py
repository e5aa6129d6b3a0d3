"""RCU as far as the allocator needs it: what was queued is freed by the RCU softirq after a grace period.

Simplified: a grace period takes a fixed number of ticks; the kernel's ends when every CPU has passed a quiescent
state. Callbacks run on the CPU that queued them.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from slabviz.engine.waits import Path
from slabviz.model.events import Event, Kind
from slabviz.model.slab import Slab
from slabviz.slub.deactivate import rcu_free_slab
from slabviz.slub.free import kmem_cache_free

if TYPE_CHECKING:
    from slabviz.engine.engine import Engine

GRACE_PERIOD = 24
"""Ticks between ``call_rcu`` and its callback, at least."""
WHOLE_SLAB = -1


class Rcu:
    """Queues of objects and slabs that wait for a grace period, one a CPU."""

    def __init__(self, engine: Engine, cpus: int, grace_period: int = GRACE_PERIOD) -> None:
        self.engine = engine
        self.grace_period = grace_period
        self.actor = engine.cast.enter("softirq", "rcu", "RCU softirq")
        self._queues: list[deque[tuple[int, Slab, int]]] = [deque() for _ in range(cpus)]
        self._slabs: set[int] = set()
        self.waiting = 0
        """Objects and slabs in all queues."""
        self._raised = [False] * cpus
        engine.handlers[self.actor] = self._softirq

    def call_rcu(self, cpu: int, slab: Slab, obj: int) -> Path[None]:
        """Queue an object; it stays its holder's until it is freed."""
        yield self.queue(cpu, slab, obj)

    def queue(self, cpu: int, slab: Slab, obj: int) -> Event:
        """The same as a part of a larger step: the event to be yielded in it."""
        self._queue(cpu, slab, obj)
        return (Kind.RCU_QUEUE, cpu, slab.id, obj, slab.owners.get(obj, 0))

    def _queue(self, cpu: int, slab: Slab, obj: int) -> None:
        self._queues[cpu].append((self.engine.now + self.grace_period, slab, obj))
        self.waiting += 1

    def tick(self) -> None:
        """Notice slabs that wait, and raise the softirq where a grace period has ended."""
        waiting = self.engine.machine.rcu_slabs
        if waiting:
            for id in [id for id in waiting if id not in self._slabs]:
                self._slabs.add(id)
                self._queue(self._online(id % len(self._queues)), waiting[id], WHOLE_SLAB)
        for cpu, queue in enumerate(self._queues):
            if queue and queue[0][0] <= self.engine.now and not self._raised[cpu]:
                self._raised[cpu] = True
                ready = sum(due <= self.engine.now for due, _, _ in queue)
                self.engine.commit((Kind.GRACE_PERIOD, cpu, 0, ready, self.actor))
                self.engine.agents[cpu].softirqs.append(self.actor)

    def _online(self, cpu: int) -> int:
        """This CPU, or the first that runs."""
        return cpu if self.engine.machine.cpus[cpu].online else self.engine.first_online()

    def migrate(self, dead: int, cpu: int) -> None:
        """``rcutree_migrate_callbacks``: what an offline CPU had queued waits on another one."""
        merged = sorted((*self._queues[cpu], *self._queues[dead]), key=lambda entry: entry[0])
        self._queues[cpu], self._queues[dead] = deque(merged), deque()

    def _softirq(self, cpu: int) -> Path[None]:
        """``rcu_do_batch``: run the callbacks that are ready on this CPU."""
        queue, w = self._queues[cpu], self.engine.world
        while queue and queue[0][0] <= self.engine.now:
            _, slab, obj = queue.popleft()
            self.waiting -= 1
            if obj == WHOLE_SLAB:
                self._slabs.discard(slab.id)
                yield from rcu_free_slab(w, cpu, slab)
            else:
                yield from kmem_cache_free(w, cpu, slab, obj)
        self._raised[cpu] = False
