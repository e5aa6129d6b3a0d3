"""Moves: what is under way at an instant, read from the log.

A move starts at the tick whose event changed the machine and may last longer than that tick; until it lands, what it
left and what it will reach are drawn dashed. So the static picture is a function of (tick, moves under way), and a
frame of the position alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from slabviz.scene.state import Key


class MoveKind(Enum):
    """What moves."""

    ALLOC = "alloc"  # an object to its holder
    FREE = "free"  # an object back to its slab or the CPU's freelist
    SLAB = "slab"  # a slab between lists
    PAGES = "pages"  # a new slab: buddy -> node's count -> CPU
    GIVE_BACK = "give_back"  # a discarded slab's pages: -> page set or buddy
    SPLIT = "split"  # a buddy block
    MERGE = "merge"


@dataclass(slots=True, frozen=True)
class Move:
    """``start`` and ``duration`` are ticks (with the stagger inside a tick); ``event`` is its number in the log."""

    kind: MoveKind
    event: int
    start: float
    duration: float
    cpu: int
    cache: int
    slab: int
    obj: int
    """Index of the object, -1 for a whole slab."""
    actor: int
    source: Key
    target: Key

    def progress(self, position: float) -> float:
        """0 at its start, 1 when it lands, clamped."""
        return min(max((position - self.start) / self.duration, 0.0), 1.0)
