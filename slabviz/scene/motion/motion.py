"""Motion of one run: what is under way at a position, and the nodes that show it over the static layer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor

from slabviz.scene.display import Measure, Node
from slabviz.scene.layout.anchors import Anchors
from slabviz.scene.motion.cards import bar_nodes, card_nodes
from slabviz.scene.motion.clock import Clock
from slabviz.scene.motion.glow import glow_nodes
from slabviz.scene.motion.objects import object_nodes
from slabviz.scene.motion.pace import Pace, Show, pace_of
from slabviz.scene.motion.paths import path_nodes
from slabviz.scene.motion.routes import COUNTED
from slabviz.scene.motion.scenery import Scenery
from slabviz.scene.moves import Move, MoveKind
from slabviz.scene.state import StageState
from slabviz.timeline.run import Run

_OBJECTS = (MoveKind.ALLOC, MoveKind.FREE)
_SLABS = (MoveKind.SLAB, MoveKind.PAGES, MoveKind.GIVE_BACK)


class Motion:
    """Keep one for as long as the run is on the stage. What it returns follows from its arguments alone."""

    def __init__(self, run: Run) -> None:
        self._clock = Clock(run)
        self._scenery: Scenery | None = None

    def under_way(self, position: float, speed: float, cache: int) -> tuple[Move, ...]:
        """Return the moves under way at ``position`` (ticks) in the order of their events: the same tuple again while
        they do not change. ``speed`` 1 is 4 ticks a second; from 16 on nothing flies."""
        return self._clock.under_way(position, speed, cache)

    def movers(
        self, moves: Sequence[Move], position: float, speed: float, cache: int, state: StageState, anchors: Anchors,
        measure: Measure,
    ) -> list[Node]:  # fmt: skip
        """Return the nodes of what moves, back to front. ``moves`` are those under way, ``state`` and ``anchors`` the
        picture of them."""
        scenery = self._look(state, anchors, measure, pace_of(speed))
        if scenery.pace.show is not Show.FLIGHTS:
            shape = self._clock.shape(floor(position), cache)
            return glow_nodes(position, self._clock.index(cache), shape, scenery)
        slabs, objects = _one_place(moves, _SLABS), _one_place(moves, _OBJECTS)
        nodes = path_nodes(slabs, position, scenery)
        flying = {move.slab for move in slabs if move.start < floor(position) + 1}
        for move in moves:
            if move.kind in (MoveKind.SPLIT, MoveKind.MERGE):
                nodes += bar_nodes(move, position, scenery)
        aboard = [move for move in objects if move.slab in flying and _is_aboard(move, position)]
        for move in slabs:
            if move.start >= floor(position) + 1:  # its card still stands where it was
                continue
            waiting = frozenset(other.obj for other in aboard if other.slab == move.slab)
            nodes += card_nodes(move, position, scenery, waiting, _below(move, slabs))
        return nodes + object_nodes([move for move in objects if move not in aboard], position, scenery)

    def _look(self, state: StageState, anchors: Anchors, measure: Measure, pace: Pace) -> Scenery:
        """The scenery of a picture: the same one for all frames between two changes of it."""
        known = self._scenery
        if known is None or known.anchors is not anchors or known.state is not state or known.pace is not pace:
            known = self._scenery = Scenery(state, anchors, measure, pace)
        return known


def _one_place(moves: Iterable[Move], kinds: tuple[MoveKind, ...]) -> list[Move]:
    """The first move of each thing: what follows from it waits."""
    first: dict[tuple[int, int], Move] = {}
    for move in moves:
        if move.kind in kinds:
            first.setdefault((move.slab, move.obj), move)
    return list(first.values())


def _below(move: Move, slabs: Sequence[Move]) -> int:
    """How many of those that will be given back came to the node's count before this one and are still there."""
    if move.kind is not MoveKind.SLAB or move.target != COUNTED:
        return 0
    return sum(other.target == COUNTED and other.kind is MoveKind.SLAB and other.event < move.event for other in slabs)


def _is_aboard(move: Move, position: float) -> bool:
    """Tell whether an object that will leave a slab is still in it."""
    return move.kind is MoveKind.ALLOC and position < move.start
