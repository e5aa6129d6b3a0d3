"""The left column: the cache's card, its slabs by list, the key to colours and shapes, and the owners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from slabviz.scene.commands import Select
from slabviz.scene.display import Colour, Rect
from slabviz.scene.inspect.slot import Region
from slabviz.scene.inspect.state import CacheSide, Inspected, Owner, SlabList
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import CACHE_NAME, LABEL, LABEL_STRONG, MARK, MARK_STRONG, STRONG
from slabviz.scene.levels import Level, Selected
from slabviz.scene.screens.inspector.frame import Frame
from slabviz.scene.screens.inspector.paint import draw_part
from slabviz.scene.state import Cell, CellState, SlabCard
from slabviz.scene.widgets.slab_card import names, slab_block

_LINE = 18
_HEAD = 22
"""With the 2 px under each list a multiple of the grid's step."""
_GAP = 8
_KEY = 20
_BIG, _MINI = (2, 52), (4, 40)
"""Columns and height of the cards: two in a row, or four where there are too many."""
_RING = 4
_GRID = 4
_GLYPHS: dict[str, tuple[str, Colour]] = {
    "active": ("active", "slab"), "parked": ("parked", "slab"), "partial": ("half_disc", "part"),
    "full": ("disc", "full"), "moving": ("parked", "slab"),
}  # fmt: skip


@dataclass(slots=True)
class _Placed:
    """Where the lists stand: a heading for each, places of its cards, and the card that counts the rest."""

    heads: list[tuple[SlabList, int]] = field(default_factory=list)
    cards: list[tuple[SlabCard, Rect]] = field(default_factory=list)
    rests: list[tuple[int, int, Rect]] = field(default_factory=list)
    """(how many more, the first of them, place)."""
    foot: int = 0


def side_part(desk: Desk, at: Frame, seen: Inspected, level: Level) -> list[Part]:
    """The column; the card of the slab on show has a ring."""
    slab = None if seen.slab is None else seen.slab.slab
    inputs = (at.side, seen.side, slab, level)

    def make(part: Part) -> None:
        _make(desk, part, at.side, seen.side, slab, level)

    return [desk.memo.part(("inspect", "side"), inputs, make)]


def _make(desk: Desk, part: Part, rect: Rect, side: CacheSide, slab: int | None, level: Level) -> None:
    x, y, w, h = rect
    pad = desk.metrics.pad
    key = _key_height(desk, side, w - 2 * pad, level)
    top = (y + _card_height(desk, side, w - 2 * pad) + 10 + _HEAD + 3) // _GRID * _GRID - _HEAD
    placed = _place(side.lists, slab, (x + pad, top, w - 2 * pad, y + h - key - 8 - top))
    inputs = (side, slab, level)
    desk.memo.block(
        part, ("inspect", "side"), rect, inputs,
        lambda sketch: _draw(sketch, desk, rect, side, placed, slab, y + h - key, level),
    )  # fmt: skip
    titles = names([card for card, _ in placed.cards], placed.cards[0][1][2] if placed.cards else 0, desk)
    for (card, place), title in zip(placed.cards, titles, strict=True):
        slab_block(desk, part, place, card, title)


def _place(lists: Sequence[SlabList], slab: int | None, rect: Rect) -> _Placed:
    """Every list has its heading; rows of cards go first to the list of the slab on show, then from the top."""
    x, y, w, h = rect
    shape = _BIG if _needed(lists, _BIG) <= h else _MINI
    columns, tall = shape
    rows = _rows(lists, slab, shape, h)
    wide = (w - _GAP * (columns - 1)) // columns // _GRID * _GRID
    placed, top = _Placed(), y
    for each, count in zip(lists, rows, strict=True):
        placed.heads.append((each, top))
        top += _HEAD
        places = [
            (x + column * (wide + _GAP), top + row * (tall + _GAP), wide, tall)
            for row in range(count) for column in range(columns)
        ]  # fmt: skip
        _fill(placed, each.cards, places, slab)
        top += count * (tall + _GAP) + 2
    placed.foot = top
    return placed


def _needed(lists: Sequence[SlabList], shape: tuple[int, int]) -> int:
    columns, tall = shape
    return sum(_HEAD + 2 + -(-len(each.cards) // columns) * (tall + _GAP) for each in lists)


def _rows(lists: Sequence[SlabList], slab: int | None, shape: tuple[int, int], room: int) -> list[int]:
    columns, tall = shape
    want = [-(-len(each.cards) // columns) for each in lists]
    left = (room - len(lists) * (_HEAD + 2)) // (tall + _GAP)
    order = sorted(range(len(lists)), key=lambda number: all(card.slab != slab for card in lists[number].cards))
    rows = [0] * len(lists)
    while left > 0 and any(rows[number] < want[number] for number in order):
        for number in order:
            if left > 0 and rows[number] < want[number]:
                rows[number] += 1
                left -= 1
    return rows


def _fill(placed: _Placed, cards: Sequence[SlabCard], places: list[Rect], slab: int | None) -> None:
    """Cards on places; of too many those around the slab on show, the last place counts the others."""
    if len(cards) <= len(places):
        placed.cards += zip(cards, places, strict=False)
        return
    if not places:
        return
    room = len(places) - 1
    here = next((number for number, card in enumerate(cards) if card.slab == slab), 0)
    first = here // room * room if room else 0
    shown = cards[first : first + room]
    placed.cards += zip(shown, places, strict=False)
    others = [card for card in cards if card not in shown]
    following = next(iter(cards[first + room :]), cards[0])
    placed.rests.append((len(others), following.slab, places[-1]))


def _card_height(desk: Desk, side: CacheSide, room: int) -> int:
    older = 0 if desk.compact else _LINE
    return 36 + 6 * _LINE + len(_flags(desk, side, room)) * _LINE + older + (_LINE if side.outside else 0)


def _flags(desk: Desk, side: CacheSide, room: int) -> list[str]:
    """The flags in lines; where there are more than have room, the last line is shortened."""
    lines: list[str] = []
    for word in side.flags.split(" | ") if side.flags else ():
        if lines and desk.measure(f"{lines[-1]} | {word}", MARK) <= room:
            lines[-1] += f" | {word}"
        else:
            lines.append(word)
    most = _FLAG_LINES[desk.compact]
    return lines if len(lines) <= most else [*lines[: most - 1], " | ".join(lines[most - 1 :])]


_FLAG_LINES = {True: 3, False: 4}


def _draw(
    sketch: Sketch, desk: Desk, rect: Rect, side: CacheSide, placed: _Placed, slab: int | None, foot: int, level: Level
) -> None:  # fmt: skip
    x, y, w, h = rect
    pad = desk.metrics.pad
    sketch.box(rect, "s1", "line", radius=8)
    sketch.box((x, y, 4, h), "cache", radius=1)
    left, room = x + pad, w - 2 * pad
    _cache(sketch, desk, (left, y, room, h), side)
    if placed.heads:
        line = placed.heads[0][1] - 4
        sketch.line(((left, line), (left + room, line)), "line")
    for each, top in placed.heads:
        _heading(sketch, desk, left, top + _HEAD // 2 - 2, room, each)
    for count, first, place in placed.rests:
        _rest(sketch, desk, place, count, first)
    for card, (cx, cy, cw, ch) in placed.cards:
        if card.slab == slab:
            ring = (cx - _RING, cy - _RING, cw + 2 * _RING, ch + 2 * _RING)
            sketch.box(ring, None, "cache", width=2, radius=8)
    _key(sketch, desk, (left, foot, room, y + h - foot), side, level)


def _cache(sketch: Sketch, desk: Desk, rect: Rect, side: CacheSide) -> None:
    x, y, w, _ = rect
    right = sketch.text(x + w, y + 20, side.cache.note, MARK, "t3", "r")
    sketch.text(x, y + 20, side.cache.title, CACHE_NAME, "cache", room=w - right - 8)
    half = (w - 12) // 2
    end = x
    top = y + 36 + _LINE // 2
    for number, each in enumerate(side.cache.fields):
        paired = number < 8
        row = number // 2 if paired else number - 4
        middle = top + row * _LINE
        need = sketch.measure(each.name, MARK) + 6 + sketch.measure(each.value, MARK_STRONG)
        first = not paired or number % 2 == 0
        left = x if first else max(x + half + 12, end + 12)
        end = x + w if not (first and paired) else x + max(half, need)
        value = sketch.text(end, middle, each.value, MARK_STRONG, "t1", "r")
        sketch.text(left, middle, each.name, MARK, "t3", room=end - left - value - 4)
    line = top + 6 * _LINE
    for text in _flags(desk, side, w):
        sketch.text(x, line, text, MARK, "t1", room=w)
        line += _LINE
    if not desk.compact:
        sketch.text(x, line, desk.tr("inspect.side.older"), LABEL, "t3", room=w)
        line += _LINE
    if side.outside:
        sketch.text(x, line, side.outside, LABEL, "t1", room=w)


def _heading(sketch: Sketch, desk: Desk, x: int, middle: int, room: int, each: SlabList) -> None:
    glyph, colour = _GLYPHS[each.kind]
    sketch.icon(x, middle, glyph, 12, colour)
    left = x + 20
    left += sketch.text(left, middle, desk.tr(f"inspect.list.{each.kind}"), STRONG, "t1") + 8
    count = str(len(each.cards)) if each.cards else desk.tr("inspect.side.empty")
    note = f"{count} · {each.note}" if each.note else count
    if not each.cards and each.note and each.kind == "active":  # a debug cache: there is nothing to count
        note = each.note
    sketch.text(left, middle, note, LABEL, "t3", room=x + room - left)


def _rest(sketch: Sketch, desk: Desk, rect: Rect, count: int, first: int) -> None:
    x, y, w, h = rect
    sketch.box(rect, None, "slab", radius=6, dash=(4, 4))
    text = desk.tr("inspect.side.more", count=count)
    if sketch.measure(text, LABEL) > w - 6:
        text = f"+{count}"
    sketch.text(x + w // 2, y + h // 2, text, LABEL, "t1", "m", room=w - 6)
    sketch.button(rect, Select(Selected(first)), desk.tr("inspect.side.more", count=count))


_FREE = Cell(0, CellState.FREE)
_PARTS = ((Region.HEADER, "header"), (Region.LEFT_RED, "red"), (Region.POINTER, "pointer"), (Region.PADDING, "padding"))


def _key_height(desk: Desk, side: CacheSide, room: int, level: Level) -> int:
    rows = 3 + (0 if level is Level.SLAB else 2)
    return 8 + rows * _KEY + len(_owner_rows(desk, side.owners, room)) * (_KEY + 4) + 4


def _key(sketch: Sketch, desk: Desk, rect: Rect, side: CacheSide, level: Level) -> None:
    """Numbers that mean an index are hollow, marks that mean an owner are solid: said here, beside the owners."""
    x, y, w, _ = rect
    sketch.line(((x, y), (x + w, y)), "line")
    middle = y + 8 + _KEY // 2
    sketch.text(x, middle, desk.tr("inspect.side.legend"), STRONG, "t1")
    for text, fill, stroke, ink, word in (
        ("4", "freeF", "free", "free", "free"), ("7", "owner0", "edge0", "ink", "used"),
    ):  # fmt: skip
        middle += _KEY
        sketch.box((x, middle - 8, 20, 16), fill, stroke, radius=3)
        sketch.text(x + 10, middle, text, MARK_STRONG if ink == "ink" else MARK, ink, "m")
        sketch.text(x + 28, middle, desk.tr(f"inspect.side.{word}"), LABEL, "t2", room=w - 28)
    if level is not Level.SLAB:
        for number, (region, word) in enumerate(_PARTS):
            left = x + (w // 2 if number % 2 else 0)
            middle += 0 if number % 2 else _KEY
            draw_part(sketch, (left, middle - 8, 20, 16), region, _FREE, ticked=True)
            sketch.text(left + 28, middle, desk.tr(f"inspect.side.{word}"), LABEL, "t2", room=w // 2 - 32)
    middle += _KEY + 4
    for row in _owner_rows(desk, side.owners, w):
        left = x
        for owner in row:
            left = _owner(sketch, left, middle, owner, x + w) + 12
        middle += _KEY + 4


def _owner_rows(desk: Desk, owners: Sequence[Owner], room: int) -> list[list[Owner]]:
    """Rows of owners; of too many the last place of the last row counts the others, without a mark."""
    for shown in range(len(owners), -1, -1):
        rest = [Owner("", f"+{len(owners) - shown}", 7)] if shown < len(owners) else []
        rows = _broken([*owners[:shown], *rest], desk, room)
        if len(rows) <= _OWNER_ROWS[desk.compact]:
            return rows
    return []


def _broken(owners: Sequence[Owner], desk: Desk, room: int) -> list[list[Owner]]:
    rows: list[list[Owner]] = []
    used = room + 1
    for owner in owners:
        wide = _owner_width(desk, owner)
        if used + wide > room:
            rows.append([])
            used = 0
        rows[-1].append(owner)
        used += wide + 12
    return rows


_OWNER_ROWS = {True: 1, False: 2}


def _owner_width(desk: Desk, owner: Owner) -> int:
    mark = max(20, desk.measure(owner.mark, MARK_STRONG) + 6) + 6 if owner.mark else 0
    return mark + min(desk.measure(owner.name, LABEL), 120)


def _owner(sketch: Sketch, x: int, middle: int, owner: Owner, end: int) -> int:
    if owner.mark:
        wide = max(20, sketch.measure(owner.mark, MARK_STRONG) + 6)
        sketch.box((x, middle - 9, wide, 18), f"owner{owner.colour}", f"edge{owner.colour}", radius=3)
        sketch.text(x + wide // 2, middle, owner.mark, MARK_STRONG, "ink", "m")
        x += wide + 6
    room = min(120, end - x)
    return x + min(sketch.text(x, middle, owner.name, LABEL if owner.mark else LABEL_STRONG, "t1", room=room), room)
