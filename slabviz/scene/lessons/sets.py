"""Sets of the CPU's cache as columns, slabs as rows: SLUB's objects in one line, SLAB's colouring as a stair (F3)."""

from __future__ import annotations

from slabviz.model.colouring import SETS, WAYS, Colouring, colouring
from slabviz.scene.display import Colour, Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.digits import grouped
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, MARK, MARK_STRONG
from slabviz.scene.lessons.frame import GAP, PAD, TITLE, card, paragraph
from slabviz.scene.sight import Sight
from slabviz.scene.widgets.slab_card import slab_id

_WORDS = 96
_ROW, _HIGHEST = 18, 32
_NAMES = 56
"""Room for the slab's number at the left of a row."""
_AXIS = 22
_CROWD = 64
"""Height of the sums under a grid."""


def sets_view(desk: Desk, rect: Rect, sight: Sight) -> list[Part]:
    """Two grids with their sums, and under them what they mean."""
    chosen = sight.view.selected
    index = 0 if chosen is None or chosen.index is None else chosen.index
    found = colouring(sight.machine, sight.cache, index)
    x, y, w, h = rect
    half, tall = (w - GAP) // 2, h - _WORDS - GAP
    left, right = (x, y, half, tall), (x + half + GAP, y, w - half - GAP, tall)
    words = (x, y + h - _WORDS, w, _WORDS)

    def make(part: Part) -> None:
        block = desk.memo.block
        block(part, ("sets", "slub"), left, found, lambda sketch: _grid(sketch, desk, left, found, coloured=False))
        block(part, ("sets", "slab"), right, found, lambda sketch: _grid(sketch, desk, right, found, coloured=True))
        block(part, ("sets", "words"), words, found, lambda sketch: _words(sketch, desk, words, found))

    return [desk.memo.part(("sets",), (rect, found), make)]


def _grid(sketch: Sketch, desk: Desk, rect: Rect, found: Colouring, *, coloured: bool) -> None:
    x, y, w, h = rect
    name = "slab" if coloured else "slub"
    top = card(sketch, rect, desk.tr(f"views.sets.{name}"), desk.tr(f"views.sets.{name}_note", index=found.index))
    pitch = (w - 2 * PAD - _NAMES) // SETS
    left = x + PAD + _NAMES
    space = h - TITLE - _AXIS - _CROWD - 8
    room = max(space // _ROW, 1)
    high = min(max(space // max(len(found.slabs), 1), _ROW), _HIGHEST)
    fits = len(found.slabs) <= room
    shown = found.slabs if fits else found.slabs[: room - 1]
    colour: Colour = "cache" if coloured else "slab"
    for number, slab in enumerate(shown):
        line = top + number * high
        sketch.text(x + PAD, line + high // 2, slab_id(slab.slab), MARK_STRONG, "t1")
        if coloured:
            sketch.text(left - 6, line + high // 2, f"+{slab.colour}", MARK, "t3", "r", room=_NAMES - 22)
        sketch.box((left, line + 2, pitch * SETS, high - 4), "s2")
        first = slab.coloured_set if coloured else slab.set
        _spans(sketch, (left, line + 2, pitch, high - 4), first, found.lines, colour)
    if not found.slabs:
        sketch.text(x + PAD, top + _ROW // 2, desk.tr("views.sets.none"), LABEL, "t3", room=w - 2 * PAD)
    elif not fits:
        more = desk.tr("layout.more", count=len(found.slabs) - len(shown))
        sketch.text(left, top + len(shown) * high + _ROW // 2, more, LABEL, "t3")
    foot = y + h - _CROWD - _AXIS - 4
    _axis(sketch, desk, (x, foot, left, pitch))
    _crowd(sketch, desk, (left, foot + _AXIS, pitch * SETS, _CROWD - 4), found.crowd(coloured), colour, x + PAD)


def _spans(sketch: Sketch, cell: Rect, first: int, lines: int, colour: Colour) -> None:
    """The sets of an object: the first one solid, the others pale; they wrap around."""
    x, y, w, h = cell
    for number in range(min(lines, SETS) - 1, 0, -1):
        sketch.box((x + (first + number) % SETS * w, y, w - 1, h), f"{colour}*35+s1")
    sketch.box((x + first * w, y, w - 1, h), colour)


def _axis(sketch: Sketch, desk: Desk, place: tuple[int, int, int, int]) -> None:
    x, y, left, pitch = place
    sketch.text(x + PAD, y + _AXIS // 2, desk.tr("views.sets.axis"), LABEL, "t3", room=_NAMES - 6)
    for number in range(0, SETS, 8):
        at = left + number * pitch
        sketch.line(((at, y), (at, y + 4)), "t3")
        sketch.text(at + 2, y + _AXIS // 2 + 1, str(number), MARK, "t3")


def _crowd(
    sketch: Sketch, desk: Desk, rect: Rect, counts: tuple[int, ...], colour: Colour, names: int
) -> None:  # fmt: skip
    """How many begin in each set, against the lines that a set has."""
    x, y, w, h = rect
    pitch = w // SETS
    most = max(*counts, WAYS)
    limit = y + h - h * WAYS // most
    sketch.line(((x, y + h), (x + w, y + h)), "line2")
    for number, count in enumerate(counts):
        if count:
            tall = max(h * count // most, 3)
            sketch.box((x + number * pitch, y + h - tall, pitch - 1, tall), "full" if count > WAYS else colour)
    sketch.line(((x, limit), (x + w, limit)), "t2", dash=(4, 3))
    sketch.text(names, y + h - 10, desk.tr("views.sets.crowd"), LABEL, "t3", room=_NAMES - 6)
    text = desk.tr("views.sets.most", most=max(counts), ways=WAYS)
    at = max(limit, y) + 11
    sketch.text(x + w - 4, at if at < y + h - 8 else limit - 11, text, LABEL, "t1", "r", room=w // 2)


def _words(sketch: Sketch, desk: Desk, rect: Rect, found: Colouring) -> None:
    x, y, w, h = rect
    sketch.box(rect, "s1", "line", radius=8)
    top = y + 8
    key = "colours" if found.colours > 1 else "no_colours"
    own = desk.tr(f"views.sets.{key}", cache=found.cache, waste=grouped(found.waste), off=found.colour_off,
                  colours=found.colours)  # fmt: skip
    for text in (own, desk.tr("views.sets.cpu"), desk.tr("views.sets.today")):
        top = paragraph(sketch, (x + PAD, top, w - 2 * PAD, y + h - top), text, "t1" if text is own else "t2") + 4
