"""A spinlock: who holds it, who spins for it. Served first come first served, as the kernel's queued spinlocks are."""

from __future__ import annotations

from dataclasses import dataclass, field

NOBODY = -1
DEAD = -2
"""The holder of a lock whose task has died with it: nobody will ever give it back."""
ZONE_LOCK = -1
"""Id of the lowest zone's lock, ids of further zones count down; the list_lock of a cache has the cache's id."""
NAMED_LOCKS = 1 << 16
"""Ids of the locks that have names (``MachineConfig.locks``) count from here."""


@dataclass(slots=True)
class Lock:
    """``holder`` is a CPU or NOBODY; ``waiters`` are CPUs in the order in which they came."""

    id: int
    holder: int = NOBODY
    waiters: list[int] = field(default_factory=list)

    def free_for(self, cpu: int) -> bool:
        """Whether this CPU would get the lock now: nobody holds it, and nobody came earlier."""
        return self.holder == NOBODY and (not self.waiters or self.waiters[0] == cpu)
