"""What the comparison of two runs shows at one instant, without saying where. All values are frozen and plain."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.state import Caption, StageState
from slabviz.scene.story.outcome import Outcome

SIDES = ("A", "B")
"""What the two runs are called."""


@dataclass(slots=True, frozen=True)
class Figures:
    """One side in numbers, at the end of a tick. Totals count from tick 1 on, as those of the statistics panel."""

    fast_share: float | None
    """Percent of the calls so far that were done on the CPU's own freelist; None before the first call."""
    calls: int
    taken: int
    """How often ``list_lock`` was taken so far."""
    waits: int
    """How often somebody had to spin for it so far."""
    slabs: int
    unused: int
    """Bytes of the slabs that no object in use needs."""
    fragmentation: float
    """Percent of the slabs that would not be needed if the objects in use lay close together."""
    held: int
    """Objects in use."""


@dataclass(slots=True, frozen=True)
class Setting:
    """What was set differently: name as in the kernel or in the scenario language, and both values as text."""

    name: str
    values: tuple[str, str]


@dataclass(slots=True, frozen=True)
class First:
    """The first event that is not the same in both runs, and the names of both (empty: that run is over)."""

    tick: int
    kinds: tuple[str, str]


@dataclass(slots=True, frozen=True)
class Turn:
    """A call that goes different ways on the two sides: (CPU, way); a way of None is the fast path."""

    cpus: tuple[int, int]
    ways: tuple[Outcome | None, Outcome | None]
    ticks: tuple[int, int]
    """When it took its way on each side."""


@dataclass(slots=True, frozen=True)
class Side:
    """One of the two runs: ``title`` is what was set for it, ``note`` what follows from that."""

    letter: str
    title: str
    cache: str
    shape: str
    """"21 objects a slab"."""
    note: str
    figures: Figures
    ended: bool
    """Whether the run is over at this position and stands at its end."""
    stage: StageState
    """Lanes, node and owners, as the stage would show them."""
    hot: int = -1
    """The CPU whose call is told of, or -1."""
    path: str = ""
    """Which path that call takes: fast or slow."""


@dataclass(slots=True, frozen=True)
class CompareState:
    """Everything that the comparison shows at a position; ``tick`` is the clock's, of both sides."""

    tick: int
    title: str
    subtitle: str
    caption: Caption
    sides: tuple[Side, Side]
    settings: tuple[Setting, ...]
    first: First | None
    """None: the two runs are the same to the end."""
    turn: Turn | None
    """The call that the caption tells of."""
