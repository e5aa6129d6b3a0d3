"""Two runs on one clock."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from slabviz.timeline.run import Run


@dataclass(slots=True, frozen=True, eq=False)
class Pair:
    """``a`` and ``b`` seen at one position; the one that ends earlier stays at its end."""

    a: Run
    b: Run

    @property
    def runs(self) -> tuple[Run, Run]:
        """Both, A first."""
        return self.a, self.b

    @property
    def last_tick(self) -> int:
        """The last tick that one of them has."""
        return max(self.a.last_tick, self.b.last_tick)

    def ticks(self, position: float) -> tuple[int, int]:
        """The tick that each of them shows at a position."""
        tick = floor(position)
        return min(tick, self.a.last_tick), min(tick, self.b.last_tick)
