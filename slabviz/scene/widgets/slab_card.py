"""A slab as a card: glyph, name, used/objects, its objects. Three sizes: card, mini card, and a sliver with a level."""

from __future__ import annotations

from collections.abc import Sequence

from slabviz.scene.commands import Pick
from slabviz.scene.display import Colour, Measure, Rect
from slabviz.scene.layout.cellgrid import Grid, grid
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.metrics import MINI
from slabviz.scene.layout.sketch import Sketch, Translate
from slabviz.scene.layout.styles import LABEL, MARK, MARK_STRONG, STRONG
from slabviz.scene.state import Place, SlabCard, SlabState
from slabviz.scene.widgets.cells import draw_cells

_GLYPHS: dict[SlabState, tuple[str, Colour]] = {
    SlabState.ACTIVE: ("active", "slab"),
    SlabState.PARKED: ("parked", "slab"),
    SlabState.PARTIAL: ("half_disc", "part"),
    SlabState.FULL: ("disc", "full"),
    SlabState.EMPTY: ("ring", "free"),
    SlabState.MOVING: ("parked", "slab"),
}
NAMED = 96
"""A card at least so wide may say "slab 07" instead of "07"."""
_UNFROZEN: tuple[str, Colour] = ("parked_round", "slab")
"""The glyph of a parked or moving slab that is not frozen (since 6.8): square ones are frozen, round ones are not."""
_GLYPH = 12
_LID = 4
_LOW = 50
_AIRY = 8 + _GLYPH + 5 + 4 + 8
_TIGHT = 6 + 3 + 6
"""What a header needs beside name and counts, with the glyph and without."""


def slab_id(slab: int) -> str:
    """Return a slab's id as it is written everywhere."""
    return f"{slab:02d}"


def names(cards: Sequence[SlabCard | Place], width: int, desk: Desk) -> tuple[str, ...]:
    """Return the names of the cards of one list: "slab 07" for all of them where that fits every one, else "07"."""
    slabs = [card for card in cards if isinstance(card, SlabCard)]
    if width >= NAMED and all(_fits(card, width, desk) for card in slabs):
        return tuple(desk.tr("layout.slab", slab=slab_id(card.slab)) for card in slabs)
    return tuple(slab_id(card.slab) for card in slabs)


def _fits(card: SlabCard, width: int, desk: Desk) -> bool:
    """Tell whether the long name fits; where something moves the glyph may go, so that names do not change with it."""
    need = desk.measure(desk.tr("layout.slab", slab=slab_id(card.slab)), STRONG) + _count_width(card, desk.measure)
    return need + (_TIGHT if card.moving else _AIRY) <= width


def _count_width(card: SlabCard, measure: Measure) -> int:
    badge = measure(f"+{card.moving}", MARK_STRONG) + 10 if card.moving else 0
    return measure(f"{card.used}/{card.objects}", MARK) + badge


def slab_block(
    desk: Desk, part: Part, rect: Rect, card: SlabCard, name: str, ground: Colour = "s1", *, outline: Colour = "slab"
) -> None:
    """Add a slab's card as a block, with its place and the grid of its objects."""
    area = _cell_area(rect)
    cells = grid(area, card.objects) if rect[2] >= MINI else Grid(area[0], area[1], 0, area[2:], 0, area)
    key = ("slab", card.slab)
    part.anchors[key] = rect
    part.grids[card.slab] = cells
    inputs = (card, name, outline)
    desk.memo.block(
        part, key, rect, inputs, lambda sketch: _draw(sketch, rect, card, name, cells, outline, desk.tr), ground
    )


def _cell_area(rect: Rect) -> Rect:
    x, y, w, h = rect
    if w < MINI:
        return x + 6, y + 24, w - 12, h - 30
    head = min(max(h * 46 // 100, 20), 27)
    side = 8 if w >= 140 else 6
    return x + side, y + head, w - 2 * side, h - head - (8 if h >= 56 else 6)


def _draw(sketch: Sketch, rect: Rect, card: SlabCard, name: str, cells: Grid, outline: Colour, tr: Translate) -> None:
    sketch.box(rect, "slabF", outline, width=2 if card.state is SlabState.ACTIVE else 1, radius=6)
    if card.state is SlabState.FULL:
        sketch.box((rect[0] + 1, rect[1], rect[2] - 2, _LID), "full", radius=2)
    if rect[2] < MINI:
        _level(sketch, rect, card, cells.area)
    else:
        _head(sketch, rect, card, name)
        draw_cells(sketch, cells, card.cells)
    sketch.button(rect, Pick(card.slab, cells), _tip(card, tr))


def _head(sketch: Sketch, rect: Rect, card: SlabCard, name: str) -> None:
    x, y, w, h = rect
    glyph, colour = _glyph(card)
    middle = y + min(max(h // 4, 11), 14) + (1 if card.state is SlabState.FULL else 0)
    if w < NAMED:
        return _mini_head(sketch, rect, middle, name, glyph, colour)
    style = STRONG if name[:1].isalpha() or not name.isascii() else MARK_STRONG
    need = sketch.measure(name, style) + _count_width(card, sketch.measure)
    tight = need + _AIRY > w  # the heading of a list shows the glyph as well
    left, right = x + (6 if tight else 8), x + w - (6 if tight else 8)
    if not tight:
        sketch.icon(left, middle, glyph, _GLYPH, colour)
        left += _GLYPH + 5
    if card.moving:
        right = _moving_badge(sketch, right, middle, card.moving) - 4
    width = sketch.text(right, middle, f"{card.used}/{card.objects}", MARK, "t2", "r")
    sketch.text(left, middle, name, style, "t1", room=right - width - 3 - left)
    return None


def _glyph(card: SlabCard) -> tuple[str, Colour]:
    unfrozen = not card.frozen and card.state in (SlabState.PARKED, SlabState.MOVING)
    return _UNFROZEN if unfrozen else _GLYPHS[card.state]


def _mini_head(sketch: Sketch, rect: Rect, middle: int, name: str, glyph: str, colour: Colour) -> None:
    x, _, w, _ = rect
    width = sketch.text(x + w - 6, middle, name, MARK_STRONG, "t1", "r", room=w - 8)
    if width + 10 + 16 <= w:
        sketch.icon(x + 6, middle, glyph, 10, colour)


def _moving_badge(sketch: Sketch, right: int, middle: int, count: int) -> int:
    text = f"+{count}"
    width = sketch.measure(text, MARK_STRONG) + 6
    sketch.box((right - width, middle - 7, width, 14), None, "t2", radius=3, dash=(3, 2))  # clear of a full slab's lid
    sketch.text(right - width // 2, middle, text, MARK_STRONG, "t1", "m")
    return right - width


def _level(sketch: Sketch, rect: Rect, card: SlabCard, area: Rect) -> None:
    """A sliver: the id and how full the slab is, from below."""
    x, y, w, _ = rect
    sketch.text(x + w // 2, y + 12, slab_id(card.slab), MARK_STRONG, "t1", "m", room=w - 2)
    left, top, wide, tall = area
    used = tall * card.used // max(card.objects, 1)
    sketch.box(area, "freeF", "free", radius=2)
    sketch.box((left, top + tall - used, wide, used), "slab", radius=2)


def _tip(card: SlabCard, tr: Translate) -> str:
    kept = tr(f"layout.tip.{card.state.value}{'' if card.frozen or card.state is not SlabState.PARKED else '_round'}")
    free = card.objects - card.used - card.moving
    sums = tr("layout.tip.objects", used=card.used, moving=card.moving, free=free, objects=card.objects)
    return f"{tr('layout.slab', slab=slab_id(card.slab))} · {kept}\n{sums}"


def draw_place(sketch: Sketch, rect: Rect, place: Place, stroke: Colour) -> None:
    """Draw a dashed container with a bold word and, where there is room, a second line."""
    x, y, w, h = rect
    sketch.box(rect, None, stroke, radius=6, dash=(3, 2) if place.leaving else (4, 4))
    middle = y + h // 2
    if w < NAMED:
        short = slab_id(place.slab) if place.slab is not None else place.title
        sketch.text(x + w // 2, middle, short, MARK, "t2", "m", room=w - 6)
        sketch.tip(rect, place.title)
        return
    two = bool(place.note) and h >= 36
    title, note = (-3, 12) if h < _LOW else (-9, 9)  # in a low container the texts stand under a signpost
    sketch.text(x + w // 2, middle + title if two else middle, place.title, STRONG, "t1", "m", room=w - 12)
    if two:
        sketch.text(x + w // 2, middle + note, place.note, LABEL, "t2", "m", room=w - 12)


def place_block(
    desk: Desk, part: Part, key: tuple[object, ...], rect: Rect, place: Place, stroke: Colour, ground: Colour = "s1"
) -> None:
    """Add a dashed container as a block; the slab that left or is expected is there as well."""
    part.anchors[key] = part.anchors[("place", *key)] = rect
    if place.slab is not None:
        part.anchors.setdefault(("slab" if place.leaving else "expected", place.slab), rect)
    inputs = (place, stroke)
    desk.memo.block(part, ("place", *key), rect, inputs, lambda sketch: draw_place(sketch, rect, place, stroke), ground)
