"""The holders as a rail in channel 2: one tile each, so that a flight still has an end."""

from __future__ import annotations

from slabviz.scene.commands import PickOf
from slabviz.scene.display import Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.overflow import split
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, MARK, MARK_STRONG
from slabviz.scene.state import HolderCard, Holders

_TILE = 22
_PITCH = 52
_HEAD = 28
_ROAD = 8
"""Left of the tiles and names flights come down."""
_RESERVED = 3
"""Places that holders without room may take while something is on its way to or from them."""


def holders_rail_part(desk: Desk, holders: Holders) -> Part:
    """Return a tile with the name under it for as many holders as fit; the others share the last place."""
    rect = desk.regions.holders

    def make(part: Part) -> None:
        part.anchors["holders",] = rect
        part.anchors["gap", "holders"] = (rect[0], rect[1] + _HEAD, _ROAD, rect[3] - _HEAD)
        x, y, w, h = rect
        room = max((h - _HEAD) // _PITCH, 1)
        fits = len(holders.cards) <= room
        shown, hidden = split(
            holders.cards, room if fits else room - 1, _RESERVED, _is_moving, lambda card: card.actor
        )  # fmt: skip
        head, title = (x, y, w, _HEAD), desk.tr("layout.holders")
        desk.memo.block(part, ("rail",), head, title, lambda sketch: _title(sketch, head, title))
        for number, card in enumerate(shown):
            _tile_block(desk, part, (x, y + _HEAD + number * _PITCH, w, _PITCH), card)
        if hidden:
            _more_block(desk, part, (x, y + _HEAD + len(shown) * _PITCH, w, _PITCH), tuple(hidden))

    return desk.memo.part(("holders rail",), (rect, holders), make)


def _title(sketch: Sketch, rect: Rect, title: str) -> None:
    x, y, w, _ = rect
    if sketch.measure(title, LABEL) <= w - _ROAD:  # a narrow rail speaks for itself
        sketch.text(x + w // 2, y + 14, title, LABEL, "t3", "m")
    sketch.tip(rect, title)


def _is_moving(card: HolderCard) -> bool:
    return bool(card.arriving or card.returning or card.waiting)


def _middle(rect: Rect) -> int:
    return rect[0] + (rect[2] + _ROAD) // 2


def _tile_block(desk: Desk, part: Part, rect: Rect, card: HolderCard) -> None:
    part.anchors["holder", card.actor] = (_middle(rect) - _TILE // 2, rect[1], _TILE, _TILE)
    desk.memo.block(part, ("holder", card.actor), rect, card, lambda sketch: _tile(sketch, desk, rect, card))


def _tile(sketch: Sketch, desk: Desk, rect: Rect, card: HolderCard) -> None:
    _, y, w, _ = rect
    middle, wide = _middle(rect), max(_TILE, sketch.measure(card.mark, MARK_STRONG) + 4)
    tile, edge = (middle - wide // 2, y, wide, _TILE), f"edge{card.colour}"
    if card.held:
        sketch.box(tile, f"owner{card.colour}", edge, radius=4)
    else:
        sketch.box(tile, "bg", "t2" if card.waiting and not card.arriving else edge, radius=4, dash=(3, 2))
    sketch.text(middle, y + _TILE // 2, card.mark, MARK_STRONG, "ink" if card.held else "t1", "m")
    sketch.text(middle, y + _TILE + 9, card.name, LABEL, "t2", "m", room=w - _ROAD)
    counts = desk.tr("layout.tip.holder", held=card.held, arriving=card.arriving, returning=card.returning)
    tip = f"{card.mark} {card.name}\n{counts}"
    if card.held:
        sketch.button(rect, PickOf(card.actor), tip)
    else:
        sketch.tip(rect, tip)


def _more_block(desk: Desk, part: Part, rect: Rect, cards: tuple[HolderCard, ...]) -> None:
    x, y, w, _ = rect
    tile = (x + _ROAD, y, w - _ROAD, _TILE)
    part.anchors["more",] = tile
    part.anchors.update({("holder", card.actor): tile for card in cards})
    held = sum(card.held for card in cards)

    def draw(sketch: Sketch) -> None:
        sketch.box(tile, "bg", "line2", radius=4, dash=(4, 4))
        sketch.text(_middle(rect), y + _TILE // 2, f"+{len(cards)}", MARK, "t1", "m", room=w - _ROAD - 2)
        sketch.tip(rect, desk.tr("layout.tip.more", count=len(cards), held=held))

    desk.memo.block(part, ("more",), rect, cards, draw)
