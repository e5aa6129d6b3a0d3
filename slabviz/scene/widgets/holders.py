"""The right column: everybody who holds, awaits or gives back an object of the cache on stage."""

from __future__ import annotations

from slabviz.scene.commands import PickOf
from slabviz.scene.display import Colour, Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.overflow import split
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import BODY, LABEL, LABEL_STRONG, MARK, MARK_STRONG, PANEL
from slabviz.scene.state import HolderCard, Holders

GAP = 8
"""Between the two columns; a road for flights."""
_ROW_GAP = 8
_MARK = 22
_RESERVED = 5
"""Places that holders without room may take while something is on its way to or from them."""
_SQUARE_HIGH = 12
_SQUARE_PITCH = 13
_SQUARE_LEAST = 9
"""Pitch of the squares that stand for objects: wide, and where there are many."""


def holders_part(desk: Desk, holders: Holders) -> Part:
    """Return the heading and a card for each holder; those without room share the last one."""
    rect = desk.regions.holders

    def make(part: Part) -> None:
        part.anchors["holders",] = rect
        head = 44 if desk.compact else 48
        part.anchors["gap", "holders"] = (rect[0] + (rect[2] - GAP) // 2, rect[1] + head, GAP, rect[3] - head)
        area = (rect[0], rect[1], rect[2], head - 4)
        desk.memo.block(part, ("holders",), area, holders.summary, lambda sketch: _head(sketch, desk, area, holders))
        _cards(desk, part, rect, head, holders)

    return desk.memo.part(("holders",), (rect, holders), make)


def _head(sketch: Sketch, desk: Desk, rect: Rect, holders: Holders) -> None:
    x, y, w, h = rect
    sketch.text(x, y + 9, desk.tr("layout.holders"), PANEL, "t1")
    sketch.text(x, y + h - 12, holders.summary, LABEL, "t2", room=w)


def _cards(desk: Desk, part: Part, rect: Rect, head: int, holders: Holders) -> None:
    places = holder_places(rect, head, holders.cards, desk)
    fits = len(places) >= len(holders.cards)
    room = len(holders.cards) if fits else len(places) - 1
    shown, hidden = split(holders.cards, room, _RESERVED, _is_moving, lambda card: card.actor)
    while not fits and room:  # those that were let in may be higher than those that made room
        places = holder_places(rect, head, (*shown, hidden[0]), desk)
        if len(places) > len(shown):
            break
        room -= 1
        shown, hidden = split(holders.cards, room, _RESERVED, _is_moving, lambda card: card.actor)
    for card, place in zip(shown, places, strict=False):
        _card_block(desk, part, place, card)
    if not fits:
        rest = tuple(hidden)
        part.anchors["more",] = places[-1]
        part.anchors.update({("holder", card.actor): places[-1] for card in rest})
        desk.memo.block(part, ("more",), places[-1], rest, lambda sketch: _rest(sketch, desk, places[-1], rest))


def holder_places(rect: Rect, head: int, cards: tuple[HolderCard, ...], desk: Desk) -> list[Rect]:
    """Return the places of as many cards as fit, in rows of two; a row is as high as its higher card."""
    x, y, w, h = rect
    wide, top = (w - GAP) // 2, y + head
    places: list[Rect] = []
    for first in range(0, len(cards), 2):
        pair = cards[first : first + 2]
        tall = desk.metrics.holder_many if any(_objects(card) > 1 for card in pair) else desk.metrics.holder
        if top + tall > y + h:
            break
        places += [(x + column * (wide + GAP), top, wide, tall) for column in range(len(pair))]
        top += tall + _ROW_GAP
    return places


def _is_moving(card: HolderCard) -> bool:
    return bool(card.arriving or card.returning or card.waiting)


def _objects(card: HolderCard) -> int:
    return card.held + card.arriving + card.returning


def _card_block(desk: Desk, part: Part, rect: Rect, card: HolderCard) -> None:
    key = ("holder", card.actor)
    part.anchors[key] = rect
    desk.memo.block(part, key, rect, card, lambda sketch: _card(sketch, desk, rect, card))


def _card(sketch: Sketch, desk: Desk, rect: Rect, card: HolderCard) -> None:
    x, y, w, _ = rect
    edge = f"edge{card.colour}"
    dashed = not card.held
    stroke: Colour = "line" if not dashed else edge if card.arriving else "t2" if card.waiting else "line2"
    sketch.box(rect, "bg" if dashed else "s1", stroke, radius=6, dash=(4, 3) if dashed else None)
    middle = y + desk.metrics.holder // 2
    left, right = _mark(sketch, x + 8, middle, card) + 8, x + w - 8
    if card.note:
        right -= (
            sketch.text(right, middle, card.note, LABEL, "t2", "r", room=_note_room(sketch, card, right - left)) + 6
        )
    if card.held > 1:
        right -= sketch.text(right, middle, f"×{card.held}", MARK, "t2", "r") + 6
    sketch.text(left, middle, card.name, BODY, "t1", room=right - left)
    if rect[3] > desk.metrics.holder:
        _squares(sketch, (x + 8, middle + _MARK // 2 + 6, w - 16, _SQUARE_HIGH), card)
    if card.held:
        sketch.button(rect, PickOf(card.actor), _tip(desk, card))
    else:
        sketch.tip(rect, _tip(desk, card))


def _note_room(sketch: Sketch, card: HolderCard, room: int) -> int:
    """The name is short more often than the note is."""
    return max(room * 3 // 5, room - sketch.measure(card.name, BODY) - 6)


def _mark(sketch: Sketch, x: int, middle: int, card: HolderCard) -> int:
    """Draw the mark, solid if anything is held, and return where it ends."""
    width = max(_MARK, sketch.measure(card.mark, MARK_STRONG) + 6)
    rect, edge = (x, middle - _MARK // 2, width, _MARK), f"edge{card.colour}"
    if card.held:
        sketch.box(rect, f"owner{card.colour}", edge, radius=4)
    else:
        sketch.box(rect, None, "t2" if card.waiting and not card.arriving else edge, radius=4, dash=(3, 2))
    sketch.text(x + width // 2, middle, card.mark, MARK_STRONG, "ink" if card.held else "t1", "m")
    return x + width


def _squares(sketch: Sketch, area: Rect, card: HolderCard) -> None:
    """One square an object: solid held ones, dashed those on their way; "…" where they do not fit."""
    x, y, w, h = area
    count, edge = _objects(card), f"edge{card.colour}"
    pitch = max(min(_SQUARE_PITCH, (w + 3) // max(count, 1)), _SQUARE_LEAST)
    room = (w + 3) // pitch
    shown = count if count <= room else room - 1
    for index in range(shown):
        rect = (x + index * pitch, y, pitch - 3, h)
        if index < card.held:
            sketch.box(rect, f"owner{card.colour}", edge, radius=2)
        else:
            sketch.box(rect, None, edge, radius=2, dash=(3, 2))
    if shown < count:
        sketch.text(x + shown * pitch, y + h // 2, "…", LABEL, "t2")


def _tip(desk: Desk, card: HolderCard) -> str:
    counts = desk.tr("layout.tip.holder", held=card.held, arriving=card.arriving, returning=card.returning)
    return f"{card.mark} {card.name}\n{counts}"


def _rest(sketch: Sketch, desk: Desk, rect: Rect, cards: tuple[HolderCard, ...]) -> None:
    """The dashed card of those without room: how many, and as many marks as fit."""
    x, y, w, h = rect
    sketch.box(rect, "bg", "line2", radius=6, dash=(4, 4))
    middle = y + h // 2
    left = x + 10 + sketch.text(x + 10, middle, desk.tr("layout.more", count=len(cards)), LABEL_STRONG, "t1") + 8
    for number, card in enumerate(cards):
        wide = sketch.measure(card.mark, MARK)
        last = number == len(cards) - 1
        if left + wide + (0 if last else 16) > x + w - 8:
            sketch.text(left, middle, "…", MARK, "t2")
            break
        sketch.text(left, middle, card.mark, MARK, "t2")
        left += wide + 8
    held = sum(card.held for card in cards)
    sketch.tip(rect, desk.tr("layout.tip.more", count=len(cards), held=held))
