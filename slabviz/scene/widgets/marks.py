"""Marks over the stage: rings around what is chosen, focused or kept, and the two ends of the range A–B."""

from __future__ import annotations

from slabviz.scene.commands import Choose
from slabviz.scene.display import Box, Colour, Node, Polygon, Rect, Text
from slabviz.scene.layout.anchors import Anchors
from slabviz.scene.layout.strip import Strip
from slabviz.scene.layout.styles import LABEL_STRONG
from slabviz.scene.things import key_of
from slabviz.scene.view import Loop, ViewState

_AROUND = 4
"""How far a ring is outside of a card."""
_TINT = 20
"""Alpha of the range, 0.08."""


def thing_marks(view: ViewState, anchors: Anchors, holder: int | None) -> list[Node]:
    """Rings around what is chosen and its holder, what is kept (dashed), what has the focus; if it has a place."""
    marks: list[Node] = []
    for card in view.cards:
        if (rect := anchors.get(card.about)) is not None:
            marks.append(_ring(rect, 2, "cache", dash=(4, 3)))
    if view.selected is not None:
        slab = anchors.get(("slab", view.selected.slab))
        if slab is not None:
            marks.append(_ring(slab, _AROUND, "cache"))
        grid = anchors.grids.get(view.selected.slab)
        if view.selected.index is not None and grid is not None and not grid.is_bar:
            marks.append(_ring(anchors[key_of(view.selected)], 2, "cache"))
    place = anchors.get(("holder", holder)) if holder is not None else None
    if place is not None and place != anchors.get(("more",)):
        marks.append(_ring(place, 2, "cache"))
    if isinstance(view.focus, Choose) and (rect := anchors.get(view.focus.key)) is not None:
        marks.append(_ring(rect, _AROUND, "focus"))
    return marks


def edge_mark(panel: Rect) -> Node:
    """The left edge of the right column, while it can be taken hold of."""
    x, y, _, h = panel
    return Box(x - 5, y, 2, h, "t2")


def _ring(rect: Rect, around: int, colour: Colour, dash: tuple[int, int] | None = None) -> Box:
    x, y, w, h = rect
    return Box(x - around, y - around, w + 2 * around, h + 2 * around, None, colour, 2, 4 + around, dash)


def loop_marks(strip: Strip, loop: Loop) -> list[Node]:
    """The range A–B on the timeline: tinted, a handle at each end that is set, filled while it is played over."""
    marks: list[Node] = []
    _, y, _, h = strip.rect
    span = loop.range
    if span is not None:
        left, right = strip.scale.x(span[0]), strip.scale.x(span[1])
        marks.append(Box(left, y + 1, right - left, h - 2, "cache", alpha=_TINT))
    ends = span if span is not None else (loop.first, loop.last)
    for letter, tick in zip("AB", ends, strict=True):
        if tick is not None:
            marks += _handle(strip, letter, tick, loop.on)
    return marks


def _handle(strip: Strip, letter: str, tick: float, on: bool) -> list[Node]:
    """A line with a tag at its foot, inside of the range's ends so that two tags never meet."""
    x, (_, y, _, h) = strip.scale.x(tick), strip.rect
    top, foot = strip.top - 2, y + h + 1  # below the chapters' flags
    left = x - 14 if letter == "A" else x
    tag = ((left, foot - 15), (left + 14, foot - 15), (left + 14, foot), (left, foot))
    return [
        Polygon(((x - 1, top), (x + 1, top), (x + 1, foot), (x - 1, foot)), "cache"),
        Polygon(tag, "cache" if on else "bg", "cache", 1),
        Text(left + 7, foot - 7, letter, LABEL_STRONG, "onaccent" if on else "cache", "m"),
    ]
