"""One side of a comparison: what was set, what that came to so far, its CPUs and its node."""

from __future__ import annotations

from slabviz.scene.compare.lanes import side_lanes
from slabviz.scene.compare.node import side_node
from slabviz.scene.compare.places import SidePlaces
from slabviz.scene.compare.state import Side
from slabviz.scene.compare.words import percent
from slabviz.scene.display import Colour
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.digits import grouped
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import CACHE_NAME, LABEL, NAME, VALUE

_COLOURS: tuple[Colour, Colour] = ("slab", "cache")
_BADGE = 26
_BAR = 4
_TOTALS, _TOTALS_COMPACT = 320, 268
"""Room for what was counted so far; the panel under it is not painted again when a number changes."""


def side_part(desk: Desk, at: SidePlaces, side: Side, number: int) -> Part:
    """Everything of a side, back to front."""

    def make(part: Part) -> None:
        _frame(desk, part, at, side, number)
        side_lanes(desk, part, at, side)
        side_node(desk, part, at, side)

    return desk.memo.part(("side",), (at, side), make)


def _frame(desk: Desk, part: Part, at: SidePlaces, side: Side, number: int) -> None:
    tr = desk.tr
    totals = (
        (tr("compare.held_label"), grouped(side.figures.held)),
        (tr("compare.fast_path"), percent(side.figures.fast_share)),
        ("list_lock", f"{grouped(side.figures.taken)}×"),
    )
    x, _, w, _ = at.rect
    room = _TOTALS_COMPACT if desk.compact else _TOTALS
    right = x + w - 14

    def draw(sketch: Sketch) -> None:
        _ground(sketch, at, number)
        left, end = x + 16 + _BADGE + 10, right - room
        sketch.text(left, at.note, side.note, LABEL, "t2", room=right - left)
        left += sketch.text(left, at.title, side.title, CACHE_NAME, "t1", room=end - left) + 12
        sketch.text(left, at.title, f"{side.cache} · {side.shape}", LABEL, "t3", room=end - left)

    desk.memo.block(part, ("frame",), at.rect, (side.title, side.cache, side.shape, side.note, at), draw)
    place = (right - room, at.title - 11, room, 22)
    desk.memo.block(
        part, ("totals",), place, totals, lambda sketch: _totals(sketch, desk, right, at.title, totals), "s1"
    )  # fmt: skip


def _ground(sketch: Sketch, at: SidePlaces, number: int) -> None:
    """The panel, the bar in the side's colour, and its sign: a square for A, a disc for B."""
    x, y, w, _ = at.rect
    sketch.box(at.rect, "s1", "line", radius=8)
    sketch.box((x, y, w, _BAR), _COLOURS[number], radius=2)
    badge = (x + 16, at.title - _BADGE // 2, _BADGE, _BADGE)
    sketch.box(badge, _COLOURS[number], radius=_BADGE // 2 if number else 3)
    sketch.text(x + 16 + _BADGE // 2, at.title, "AB"[number], NAME, "onaccent", "m")


def _totals(sketch: Sketch, desk: Desk, right: int, middle: int, totals: tuple[tuple[str, str], ...]) -> None:
    """Write what was counted so far from the right end."""
    for label, value in reversed(totals):
        right -= sketch.text(right, middle, value, VALUE, "t1", "r") + 6
        right -= sketch.text(right, middle, label, LABEL, "t3", "r") + 14
    if not desk.compact:
        sketch.text(right + 4, middle, f"{desk.tr('compare.so_far')}:", LABEL, "t3", "r")
