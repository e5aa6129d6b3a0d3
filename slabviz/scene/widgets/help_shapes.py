"""The samples of the help: each draws one shape as the stage does, in a box of 50 px round a middle line."""

from __future__ import annotations

from collections.abc import Callable

from slabviz.scene.display import Colour
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import MARK, MARK_STRONG
from slabviz.scene.state import Badge
from slabviz.scene.widgets.lane_head import draw_badge
from slabviz.scene.widgets.signposts import tag

Sample = Callable[[Sketch, int, int], None]
"""Draws on a sketch, from x (left), round y (middle)."""
WIDTH = 50


def _free(sketch: Sketch, x: int, y: int) -> None:
    sketch.box((x + 14, y - 11, 22, 22), "freeF", "free", radius=3)
    sketch.text(x + 25, y, "4", MARK, "free", "m")


def _used(sketch: Sketch, x: int, y: int) -> None:
    sketch.box((x + 14, y - 11, 22, 22), "owner6", "edge6", radius=3)
    sketch.text(x + 25, y, "31", MARK_STRONG, "ink", "m")


def _on_its_way(sketch: Sketch, x: int, y: int) -> None:
    sketch.box((x, y - 11, 22, 22), None, "edge2", radius=3, dash=(3, 2))
    sketch.text(x + 11, y, "3", MARK, "t3", "m")
    sketch.box((x + 27, y - 8, 22, 16), None, "t2", radius=3, dash=(3, 2))
    sketch.text(x + 38, y, "+1", MARK_STRONG, "t1", "m")


def _ghost(sketch: Sketch, x: int, y: int) -> None:
    sketch.box((x + 12, y - 11, 26, 22), None, "line2", radius=4, dash=(3, 4))


def _freelist(sketch: Sketch, x: int, y: int) -> None:
    sketch.box((x, y - 8, 16, 16), "freeF", "free", radius=4)
    sketch.line(((x + 16, y), (x + 27, y)), "free", width=1.5, arrow=True)
    sketch.line(((x + 34, y), (x + 42, y)), "free", width=1.5)
    sketch.box((x + 42, y - 6, 2, 12), "free")


def _locks(sketch: Sketch, x: int, y: int) -> None:
    sketch.icon(x + 5, y, "lock_closed", 16, "err")
    sketch.icon(x + 28, y, "lock_open", 16, "t2")


def _blocks(sketch: Sketch, x: int, y: int) -> None:
    sketch.box((x + 15, y - 7, 20, 6), "freeF", "free", radius=2)
    sketch.box((x + 15, y + 1, 20, 6), "freeF", "free", radius=2)


def _slab(glyph: str, colour: Colour, width: int = 1, lid: bool = False) -> Sample:
    def draw(sketch: Sketch, x: int, y: int) -> None:
        sketch.box((x + 8, y - 11, 34, 22), "slabF", "slab", width=width, radius=4)
        if lid:
            sketch.box((x + 9, y - 11, 32, 4), "full", radius=2)
        sketch.icon(x + 19, y + (1 if lid else 0), glyph, 12, colour)

    return draw


def _frames(sketch: Sketch, x: int, y: int) -> None:
    sketch.box((x + 6, y - 6, 12, 12), "slab")
    for left, side, colour in ((22, 3, "others"), (36, 2, "free")):
        for dx, dy in ((0, -5), (5, -5), (0, 1), (5, 1)):
            sketch.box((x + left + dx, y + dy, side, side), colour)


def _steps(sketch: Sketch, x: int, y: int) -> None:
    tag(sketch, x - 4, y - 10, "1", "done")
    tag(sketch, x + 25, y - 10, "2", "next")


def _badge(kind: str) -> Sample:
    def draw(sketch: Sketch, x: int, y: int) -> None:
        draw_badge(sketch, x + 9, y, Badge(kind, ""), 20)

    return draw


def _flight(sketch: Sketch, x: int, y: int) -> None:
    for step in range(5):
        sketch.box((x + 4 + 4 * step, y - step // 2 - 1, 3, 2 + step), "owner2", alpha=40 + 30 * step)
    sketch.box((x + 26, y - 11, 22, 22), "owner2", "focus", width=1.5, radius=4)
    sketch.text(x + 37, y, "51", MARK_STRONG, "ink", "m")


def _route(sketch: Sketch, x: int, y: int) -> None:
    sketch.line(((x + 2, y), (x + 46, y)), "slow", width=2.5, dash=(9, 4), arrow=True)


def _bars(sketch: Sketch, x: int, y: int) -> None:
    sketch.icon(x + 9, y - 1, "bars_up", 12, "free")
    sketch.icon(x + 28, y + 1, "bars_down", 12, "slow")


def _interrupt(sketch: Sketch, x: int, y: int) -> None:
    sketch.icon(x + 19, y, "diamond", 12, "err")


def _error(sketch: Sketch, x: int, y: int) -> None:
    sketch.box((x, y - 9, 26, 18), "errF", "err", radius=3)
    for left in (x + 2, x + 10):  # the hatch of the error view: stripes of 45°
        sketch.line(((left, y + 7), (left + 14, y - 7)), "err*70+errF", width=2.4)
    sketch.icon(x + 33, y, "octagon", 16, "err", "onalert")


Shapes = tuple[tuple[tuple[str, Sample], ...], ...]

SHAPES: Shapes = (
    (
        ("free", _free),
        ("used", _used),
        ("on_its_way", _on_its_way),
        ("flight", _flight),
        ("ghost", _ghost),
        ("freelist", _freelist),
        ("list_lock", _locks),
    ),
    (
        ("active", _slab("active", "slab", 2)),
        ("parked", _slab("parked", "slab")),
        ("partial", _slab("half_disc", "part")),
        ("full", _slab("disc", "full", lid=True)),
        ("empty", _slab("ring", "free")),
        ("frames", _frames),
        ("block", _blocks),
    ),
    (
        ("step", _steps),
        ("route", _route),
        ("process", _badge("process")),
        ("interrupt", _badge("hardirq")),
        ("diamond", _interrupt),
        ("bars", _bars),
        ("error", _error),
    ),
)
"""Three columns of (key of the text, sample)."""

_ROUND = ("parked_round", _slab("parked_round", "slab"))


def shapes(parked_are_frozen: bool) -> Shapes:
    """Return the shapes of an era: what is parked is square where it is frozen, and round since 6.8."""
    if parked_are_frozen:
        return SHAPES
    return tuple(tuple(_ROUND if entry[0] == "parked" else entry for entry in column) for column in SHAPES)
