"""Motion of one run: what is under way at a position, and the nodes that show it over the static layer."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

from slabviz.scene.display import Measure, Node
from slabviz.scene.layout.anchors import Anchors
from slabviz.scene.motion.cards import bar_nodes, card_nodes
from slabviz.scene.motion.clock import Clock
from slabviz.scene.motion.flights import flights_of
from slabviz.scene.motion.glow import glow_nodes
from slabviz.scene.motion.objects import object_nodes
from slabviz.scene.motion.pace import Pace, Show, pace_of
from slabviz.scene.motion.paths import path_nodes
from slabviz.scene.motion.scenery import Scenery
from slabviz.scene.moves import Move
from slabviz.scene.state import StageState
from slabviz.timeline.run import Run


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
        flights = flights_of(moves, position)
        nodes = path_nodes(flights.slabs, position, scenery)
        for move in flights.blocks:
            nodes += bar_nodes(move, position, scenery)
        for move in flights.slabs:
            aboard = frozenset(other.obj for other in flights.aboard if other.slab == move.slab)
            nodes += card_nodes(move, position, scenery, aboard, flights.before(move))
        return nodes + object_nodes(flights.objects, position, scenery)

    def _look(self, state: StageState, anchors: Anchors, measure: Measure, pace: Pace) -> Scenery:
        """The scenery of a picture: the same one for all frames between two changes of it."""
        known = self._scenery
        if known is None or known.anchors is not anchors or known.state is not state or known.pace is not pace:
            known = self._scenery = Scenery(state, anchors, measure, pace)
        return known
