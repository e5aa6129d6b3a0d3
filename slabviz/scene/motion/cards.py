"""Slabs on their way: a small card that keeps its count, with ghosts behind it; pages that will be, or were, a slab."""

from __future__ import annotations

from dataclasses import replace

from slabviz.scene.display import Box, Node, Point, Rect, Text
from slabviz.scene.easing import cubic_in_out
from slabviz.scene.layout.cellgrid import grid
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import MARK, MARK_STRONG
from slabviz.scene.motion.routes import COUNTED, Route
from slabviz.scene.motion.scenery import Scenery
from slabviz.scene.moves import Move, MoveKind
from slabviz.scene.state import CellState, SlabCard
from slabviz.scene.widgets.cells import draw_cells

CARD = (44, 56)
"""A slab in flight: it fits the channel."""
BLOCK = (40, 22)
"""Pages in flight."""
_HALO = 3
_GHOSTS = 5
_GHOST_STEP = 10
_GHOST_ALPHA = (38, 8)  # 0.15 and 0.03
_HEAD, _FOOT = 18, 16
_TAG = 18
"""Height of a slab in a gap between rows: it touches no text."""
_GROWS_OVER = 28
"""Pixels from the middle of the channel within which a slab grows from a tag to a card."""
_PILE = 3
"""So many slabs that wait in one place are told apart."""


def card_nodes(
    move: Move, position: float, scenery: Scenery, waiting: frozenset[int] = frozenset(), below: int = 0
) -> list[Node]:
    """Return a slab in flight. ``waiting`` are the indexes of its objects that will fly off when it has arrived;
    ``below`` so many others wait where it goes, which it must not hide."""
    route, share = scenery.route(move), cubic_in_out(move.progress(position))
    if _is_block(move):
        return _block(route.track.at(share), _name(move.slab))
    nodes = _ghosts(route, share, scenery) if scenery.pace.trail and 0 < share < 1 else []
    spot = card_spot(move, position, scenery, below)
    grown = _grown(spot[0], scenery)
    card = scenery.cards.get(move.slab)
    sketch = Sketch(scenery.measure)
    if card is None or grown < 1:
        count = "" if card is None else _count(card, waiting)
        _tag(sketch, spot, grown, _name(move.slab), count, dashed=position < move.start)
        return [*nodes, *sketch.nodes]
    rect = _around(spot, CARD)
    _frame(sketch, rect, dashed=position < move.start)
    sketch.text(spot[0], rect[1] + _HEAD // 2 + 1, _name(move.slab), MARK_STRONG, "t1", "m")
    _contents(sketch, rect, card, waiting, _cut(move, position, card, scenery))
    return [*nodes, *sketch.nodes]


def card_spot(move: Move, position: float, scenery: Scenery, below: int = 0) -> Point:
    """Return the middle of a slab or of its pages in flight."""
    route, share = scenery.route(move), cubic_in_out(move.progress(position))
    if _is_block(move):
        return route.track.at(share)
    x, y = route.track.at(share)
    return x, y + round(min(below, _PILE) * _HEAD * share)


def _is_block(move: Move) -> bool:
    """Tell whether what moves is pages: no slab any more, or not one yet."""
    return move.kind is MoveKind.GIVE_BACK or (move.kind is MoveKind.PAGES and move.target == COUNTED)


def _contents(sketch: Sketch, rect: Rect, card: SlabCard, waiting: frozenset[int], shown: int) -> None:
    """The cells, and used/objects. What has not left yet is still used."""
    x, y, w, h = rect
    cells = [replace(cell, state=CellState.USED) if cell.index in waiting else cell for cell in card.cells[:shown]]
    draw_cells(sketch, grid((x + 4, y + _HEAD, w - 8, h - _HEAD - _FOOT), card.objects), cells)
    sketch.text(x + w // 2, y + h - _FOOT // 2 - 1, _count(card, waiting), MARK, "t2", "m", room=w - 2)


def _count(card: SlabCard, waiting: frozenset[int]) -> str:
    return f"{card.used + len(waiting)}/{card.objects}"


def _tag(sketch: Sketch, spot: Point, grown: float, name: str, count: str, *, dashed: bool) -> None:
    """A slab in a gap: id and count in one line, as wide as that needs; near the channel it becomes a card's shape."""
    text = f"{name}  {count}" if count else name
    wide = max(sketch.measure(text, MARK_STRONG) + 12, CARD[0])
    size = wide + round((CARD[0] - wide) * grown), _TAG + round((CARD[1] - _TAG) * grown)
    _frame(sketch, _around(spot, size), dashed=dashed)
    fits = sketch.measure(text, MARK_STRONG) <= size[0] - 4
    sketch.text(*spot, text if fits else name, MARK_STRONG, "t1", "m")


def _grown(x: int, scenery: Scenery) -> float:
    """How much of a card a slab is: whole in the channel, a tag with its id in the gaps beside lanes and rows."""
    left, _, width, _ = scenery.anchors[("channel", 1)]
    return max(0.0, 1.0 - abs(x - left - width // 2) / _GROWS_OVER)


def _name(slab: int) -> str:
    return f"{slab:02d}"


def _around(spot: Point, size: tuple[int, int]) -> Rect:
    return spot[0] - size[0] // 2, spot[1] - size[1] // 2, *size


def _frame(sketch: Sketch, rect: Rect, *, dashed: bool) -> None:
    x, y, w, h = rect
    sketch.box((x - _HALO, y - _HALO, w + 2 * _HALO, h + 2 * _HALO), "bg", radius=8)
    if dashed:
        sketch.box(rect, "slabF", "slow", width=1.5, radius=6, dash=(4, 3))
    else:
        sketch.box(rect, "slabF", "focus", width=1.5, radius=6)


def _cut(move: Move, position: float, card: SlabCard, scenery: Scenery) -> int:
    """How many of the cells are drawn: those of a new slab appear from left to right on its way to the CPU."""
    if move.kind is not MoveKind.PAGES or not scenery.pace.cut:
        return card.objects
    whole = move.start + 0.5 * move.duration
    share = 1 - (whole - position) / scenery.pace.cut
    return int(min(max(share, 0.0), 1.0) * card.objects)


def _ghosts(route: Route, share: float, scenery: Scenery) -> list[Node]:
    """Fading cards behind a slab, where it is one: in the channel."""
    nodes: list[Node] = []
    first, last = _GHOST_ALPHA
    for number in range(_GHOSTS, 0, -1):
        back = share - number * _GHOST_STEP / max(route.track.length, 1)
        spot = route.track.at(max(back, 0.0))
        if back >= 0 and _grown(spot[0], scenery) == 1:
            alpha = first + (last - first) * (number - 1) // (_GHOSTS - 1)
            nodes.append(Box(*_around(spot, CARD), "slab", radius=6, alpha=alpha))
    return nodes


def _block(spot: Point, name: str) -> list[Node]:
    """Pages: a bar as high as a flying object, with the id of the slab that they are for."""
    x, y, w, h = _around(spot, BLOCK)
    return [
        Box(x - _HALO, y - _HALO, w + 2 * _HALO, h + 2 * _HALO, "bg", radius=5),
        Box(x, y, w, h, "slabF", "focus", 1.5, 3),
        Text(spot[0], spot[1], name, MARK_STRONG, "t1", "m"),
    ]


def bar_nodes(move: Move, position: float, scenery: Scenery) -> list[Node]:
    """Return a block of the buddy system that changes its order."""
    if position < move.start:
        return []
    x, y = scenery.route(move).track.at(1 - (1 - move.progress(position)) ** 3)
    wide = 8 + 28 * move.obj // 10
    return [
        Box(x - wide // 2 - 2, y - 5, wide + 4, 11, "bg", radius=3),
        Box(x - wide // 2, y - 3, wide, 7, "freeF", "focus", 1, 2),
    ]
