"""Too fast for flights: what was touched flashes, roads glow by how much went over them, and at 100× all is heat.

A brightness rises with each event and halves every 400 ms; it follows from the position alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from slabviz.model.events.kinds import Kind
from slabviz.scene.display import Box, Colour, Line, Node, Point, Rect
from slabviz.scene.motion.causes import ALLOCS, FREES, MOVES_SLABS
from slabviz.scene.motion.index import Index
from slabviz.scene.motion.pace import Show
from slabviz.scene.motion.roads import Roads
from slabviz.scene.motion.scenery import Scenery
from slabviz.scene.motion.schedule import Shape
from slabviz.scene.motion.track import RADIUS

_HALF_LIVES = 6
"""After so many a brightness is gone."""
_FLASH_ALPHA, _ROAD_ALPHA, _CARD_ALPHA = 230, 200, 72
_HALF_BRIGHT = 4.0
"""So many events at once light a road or card up by 1 - 1/e."""
_GRAIN = 8
"""Steps of alpha: each one is a picture of its own."""

Events = NDArray[np.int32]
Ages = NDArray[np.float64]

_SLOW = (
    Kind.LOAD_FREELIST, Kind.FREE_TO_PARTIAL, Kind.CPU_PARTIAL_FREE, Kind.BULK_FREE, Kind.DEBUG_ALLOC,
    Kind.DEBUG_ALLOC_NEW, Kind.DEBUG_FREE_FULL,
)  # fmt: skip


def glow_nodes(position: float, index: Index, shape: Shape, scenery: Scenery) -> list[Node]:
    """Return what shows the events before ``position``, at a pace without flights."""
    pace = scenery.pace
    rows, ticks = index.matter(int(position - _HALF_LIVES * pace.half_life), int(position))
    ages: Ages = position - ticks.astype(np.float64)
    bright: Ages = np.exp2(-ages / pace.half_life)
    nodes = [*_roads(rows, bright, scenery.roads), *_cards(rows, bright, scenery)]
    if pace.show is Show.FLASHES:
        recent = ages < pace.flash
        nodes += _flashes(rows[recent], 1 - ages[recent] / pace.flash, shape, scenery)
    return nodes


def _alpha(bright: float, most: int) -> int:
    return int(most * (1 - np.exp(-bright / _HALF_BRIGHT))) // _GRAIN * _GRAIN


def _roads(rows: Events, bright: Ages, roads: Roads) -> Iterator[Node]:
    """The way between each CPU's lane and the holders, in the colour of the path that most took."""
    objects = np.isin(rows[:, 0], list(ALLOCS | FREES))
    slow = np.isin(rows[:, 0], _SLOW)
    sums = np.bincount(rows[objects, 1], bright[objects], roads.cpus)
    slows = np.bincount(rows[objects & slow, 1], bright[objects & slow], roads.cpus)
    for cpu, (total, part) in enumerate(zip(sums.tolist(), slows.tolist(), strict=True)):
        alpha = _alpha(total, _ROAD_ALPHA)
        if alpha:
            yield Line(_road(cpu, roads), "slow" if part > total / 2 else "free", 4, radius=RADIUS, alpha=alpha)


def _road(cpu: int, roads: Roads) -> tuple[Point, ...]:
    x, y, w, h = roads.anchors["lane", cpu]
    gap, corridor = roads.gap_y((x, y, w, h)), roads.corridor_y(cpu)
    end = roads.anchors["holders",]
    return (
        (x + w // 2, gap), (roads.object_x, gap), (roads.object_x, corridor), (roads.holder_x(cpu), corridor),
        (roads.holder_x(cpu), end[1] + end[3] // 2), (end[0], end[1] + end[3] // 2),
    )  # fmt: skip


def _cards(rows: Events, bright: Ages, scenery: Scenery) -> Iterator[Node]:
    """The slabs that are drawn, green where objects came and went, sky where slabs did; those without room share one
    place."""
    sums: dict[Rect, tuple[float, Colour]] = {}
    for kinds, colour in ((MOVES_SLABS, "slab"), (ALLOCS | FREES, "free")):
        chosen = np.isin(rows[:, 0], list(kinds))
        slabs, places = np.unique(rows[chosen, 2], return_inverse=True)
        for slab, total in zip(slabs.tolist(), np.bincount(places, bright[chosen]).tolist(), strict=False):
            rect = scenery.anchors.get(("slab", slab))
            if rect is not None and total > sums.get(rect, (0.0, ""))[0]:
                sums[rect] = total, colour
    for rect, (total, colour) in sums.items():
        alpha = _alpha(total, _CARD_ALPHA)
        if alpha:
            yield Box(*rect, colour, radius=6, alpha=alpha)


def _flashes(rows: Events, strength: Ages, shape: Shape, scenery: Scenery) -> Iterator[Node]:
    """The cell and the holder's card of each object that was just handed out or given back."""
    lit: dict[Rect, float] = {}
    for (kind, _, slab, offset, who), bright in zip(rows.tolist(), strength.tolist(), strict=True):
        if kind in ALLOCS or kind in FREES:
            for key in (("cell", slab, shape.index_of(offset)), ("holder", who)):
                rect = scenery.anchors.get(key)
                if rect is not None:
                    lit[rect] = max(bright, lit.get(rect, 0.0))
    for (x, y, w, h), bright in lit.items():
        alpha = int(_FLASH_ALPHA * bright) // _GRAIN * _GRAIN
        yield Box(x - 1, y - 1, w + 2, h + 2, None, "focus", 2, 4, alpha=alpha)
