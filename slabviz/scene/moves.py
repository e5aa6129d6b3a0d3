"""Moves: what is under way at an instant, read from the log.

A move starts at the tick whose event changed the machine and may last longer than that tick; until it lands, what it
left and what it will reach are drawn dashed. So the static picture is a function of (tick, moves under way), and a
frame of the position alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import inf

from slabviz.scene.state import Key

NEVER = inf
"""A start that nothing in the log brings about, or the end of a wait that nothing ends."""


class MoveKind(Enum):
    """What moves."""

    ALLOC = "alloc"  # an object to its holder
    FREE = "free"  # an object back to its slab or the CPU's freelist
    SLAB = "slab"  # a slab between lists, or to the node's count when its pages will be given back
    PAGES = "pages"  # a new slab: buddy -> node's count, and from there -> CPU
    GIVE_BACK = "give_back"  # a discarded slab's pages: node's count -> page set or buddy
    SPLIT = "split"  # a buddy block
    MERGE = "merge"


@dataclass(slots=True, frozen=True)
class Move:
    """``start``, ``duration`` and ``hold`` are ticks (with the stagger inside a tick); ``event`` is its number in the
    log. Before its start it waits at its source, after ``start + duration`` it holds at its target until ``end``."""

    kind: MoveKind
    event: int
    start: float
    duration: float
    cpu: int
    cache: int
    """-1 for a block of the buddy system."""
    slab: int
    """-1 for a block of the buddy system."""
    obj: int
    """Index of the object, -1 for a whole slab; the order of a block of the buddy system."""
    actor: int
    source: Key
    target: Key
    hold: float = 0.0
    origin: Key = ()
    """Of a new slab that has been counted: where its pages came from."""

    @property
    def end(self) -> float:
        """When it is over: the position, in ticks, from which on the thing is drawn where it stands."""
        return self.start + self.duration + self.hold

    def progress(self, position: float) -> float:
        """0 at its start, 1 when it arrives, clamped."""
        return min(max((position - self.start) / self.duration, 0.0), 1.0)
