"""A call of a trace that is under way: a generator of ``slub/`` that has not ended, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from slabviz.recordings.ftrace.calls import Call
from slabviz.recordings.ftrace.plan import FAR, STEPS
from slabviz.slub.world import Path


class Came(Enum):
    """What came of a step."""

    ON = auto()
    TOLD = auto()
    """It was the one at which the call's line stands."""
    WAITS = auto()
    """The call waits for the line of its pages."""
    ENDED = auto()
    IMPOSSIBLE = auto()


@dataclass(slots=True, eq=False)
class Running:
    """A call under way. ``stops`` counts the steps after which interrupts were on; ``given`` pages may be taken."""

    call: Call
    number: int
    path: Path[object]
    given: bool = False
    anything: bool = False
    waits: bool = False
    told: bool = False
    address: int = 0
    stops: int = 0
    begun: bool = False
    nested: bool = False
    """Whether another call of its CPU was carried out meanwhile."""
    overlapped: bool = False
    """Whether another call was, of any CPU."""
    trail: list[int] = field(default_factory=list)
    """After each step, the stops made so far."""
    clock: int = 0
    """When it makes its next step, where times count."""
    paged_line: int = 0
    """The position of the line of its pages."""
    told_at: int = 0
    """The number of the step at which the line stands."""
    paged_at: int | None = None
    """The number of the step that took pages."""

    def has_come(self, stops: int) -> bool:
        """Whether it has come as far as a pause of a plan says."""
        return len(self.trail) >= stops - STEPS if STEPS <= stops < FAR else self.stops >= stops
