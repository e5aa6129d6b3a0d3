"""A CPU as one row of 16 px, for machines with more than 16 CPUs."""

from __future__ import annotations

from slabviz.scene.display import Colour, Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import MARK, MARK_STRONG
from slabviz.scene.state import Lane, SlabCard, SlabState
from slabviz.scene.widgets.lane import path_colour

_NAME = 52
_WITH_COUNTS = 132
"""A narrower row has no room for the counts."""


def heat_row(desk: Desk, part: Part, rect: Rect, lane: Lane, path: str, ground: Colour = "bg") -> None:
    """Add the row: name, a bar for the active slab, numbers of free objects and parked slabs."""
    x, y, w, h = rect
    counts = has_counts(w)
    bar = (x + _NAME, y + 3, max(w - _NAME - (76 if counts else 6), 8), h - 6)
    part.anchors["lane", lane.cpu] = rect
    for key in ("chip", "chain", "active", "parked"):
        part.anchors[key, lane.cpu] = bar
    for entry in (lane.active, *lane.parked):
        if entry.slab is not None:
            part.anchors["slab", entry.slab] = bar

    def draw(sketch: Sketch) -> None:
        if lane.hot:
            sketch.box(rect, "s2", path_colour(path), radius=3)
        sketch.text(x + 4, y + h // 2, f"CPU{lane.cpu}", MARK_STRONG, "t1" if lane.agent else "t3", room=_NAME - 6)
        _level(sketch, bar, lane)
        if counts:
            parked = sum(isinstance(entry, SlabCard) and entry.state is SlabState.PARKED for entry in lane.parked)
            sketch.text(x + w - 44, y + h // 2, f"{len(lane.chain)}", MARK, "free", "r", room=28)
            sketch.text(x + w - 8, y + h // 2, f"{parked}", MARK, "part", "r", room=28)
        sketch.tip(rect, desk.tr("layout.tip.lane", cpu=lane.cpu, agent=lane.agent or lane.badge.text, call=lane.call))

    desk.memo.block(part, ("lane", lane.cpu), rect, (lane, path), draw, ground)


def has_counts(width: int) -> bool:
    """Whether a row of this width shows how many objects are on the freelist and how many slabs are parked."""
    return width >= _WITH_COUNTS


def _level(sketch: Sketch, bar: Rect, lane: Lane) -> None:
    x, y, w, h = bar
    if not isinstance(lane.active, SlabCard):
        sketch.box(bar, None, "line2", radius=2, dash=(3, 2))
        return
    sketch.box(bar, "freeF", radius=2)
    sketch.box((x, y, w * lane.active.used // max(lane.active.objects, 1), h), "slab", radius=2)
