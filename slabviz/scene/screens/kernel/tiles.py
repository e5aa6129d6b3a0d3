"""The map of all caches: groups, tiles, and one block for each object."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np

from slabviz.scene.commands import Command, SetLevel, ShowCache, ShowGroup
from slabviz.scene.display import Colour, Pixels, Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, MARK, MARK_STRONG, STRONG
from slabviz.scene.levels import Level
from slabviz.scene.screens.kernel.places import HEADER, Blocks, GroupPlace, KernelMap, SmallPlace, TilePlace
from slabviz.scene.sight import Sight
from slabviz.scene.story.field import Field
from slabviz.scene.story.kernel import LEVELS, CacheLine, GroupLine, KernelState, amount
from slabviz.scene.story.numbers import grouped
from slabviz.scene.view import ViewState

EMPTY: Colour = "s1"
FREE_BLOCK: Colour = "free*24+s1"
_QUIET, _FULL, _WHITE = 38, 8, 45
"""Percent: of ``slab`` at the quietest level; from level ``_FULL`` on ``t1`` is mixed in, up to ``_WHITE``."""
_LISTED = 14
"""Names in the tooltip of a group's small caches."""


def brightness(level: int) -> Colour:
    """The colour of used blocks: the busier, the stronger."""
    if level <= _FULL:
        return f"slab*{_QUIET + (100 - _QUIET) * level // _FULL}+s1"
    return f"t1*{_WHITE * (level - _FULL) // (LEVELS - 1 - _FULL)}+slab"


def tile_parts(desk: Desk, places: KernelMap, state: KernelState, field: Field, sight: Sight) -> list[Part]:
    """One part: the groups' frames, and over them the tiles; only what changed is a new block."""
    view, chosen = sight.view, sight.cache.id
    shouted = state.busiest
    key: Hashable = ("kernel", "map")
    part = Part()
    lines = {line.key: line for line in state.groups}
    for group in places.groups:
        _group(desk, part, group, lines[group.key])
    for tile in places.tiles:
        line = state.lines[tile.cache]
        loud = line is shouted or line.frame > 0
        _tile(desk, part, tile, line, field.contents[tile.cache], _pointed(view, tile.cache, chosen), loud)
    for small in places.small:
        _small(desk, part, small, [state.lines[cache].name for cache in small.caches], view)
    part.anchors[str(key),] = places.rect
    return [part]


def command_of(cache: int, chosen: int) -> Command:
    """A press chooses a cache; one that is chosen is opened."""
    return SetLevel(Level.CACHE) if cache == chosen else ShowCache(cache)


def _pointed(view: ViewState, cache: int, chosen: int) -> str:
    """How a tile is marked: by the keyboard, as the chosen one, by the pointer, or not at all."""
    if ShowCache(cache) == view.focus:
        return "focus"
    if cache == chosen:
        return "chosen"
    return "hover" if ShowCache(cache) in (view.hover, view.pressed) else ""


def _group(desk: Desk, part: Part, place: GroupPlace, line: GroupLine) -> None:
    name = desk.tr(f"kernel.group.{place.key}")
    long = desk.tr("kernel.group_size", count=line.caches, memory=line.memory)
    short = f"{line.caches} · {line.memory}"

    def draw(sketch: Sketch) -> None:
        x, y, w, _ = place.rect
        sketch.box(place.rect, EMPTY, "line", radius=4)
        if not place.named:
            return
        middle, room = y + 12, w - 20
        left = sketch.text(x + 8, middle, name, STRONG, "t1", room=room) + 12
        for text in (long, short):
            if left + desk.measure(text, LABEL) <= room:
                sketch.text(x + w - 8, middle, text, LABEL, "t2", "r")
                break
        sketch.tip((x, y, w, HEADER + 2), f"{name}\n{long}")

    desk.memo.block(part, ("kernel", "group", place.key), place.rect, (name, line), draw)


def _tile(
    desk: Desk, part: Part, place: TilePlace, line: CacheLine, content: bytes, mark: str, loud: bool
) -> None:  # fmt: skip
    rate = desk.tr("kernel.rate", amount=amount(line.rate)) if loud and place.named else ""
    chosen = mark == "chosen"

    def draw(sketch: Sketch) -> None:
        sketch.box(place.rect, EMPTY, _outline(mark), radius=3)
        if place.blocks is not None:
            draw_blocks(sketch, place.blocks, content, line.level)
        _frame(sketch, place.rect, line.frame, mark)
        if place.named:
            _label(sketch, desk, place.rect, line, rate)
        tip = desk.tr("kernel.tip", name=line.name, objects=grouped(line.objects), used=grouped(line.used),
                      free=grouped(line.free))  # fmt: skip
        if place.blocks is not None and place.blocks.each > 1:
            tip += "\n" + desk.tr("kernel.tip_each", each=place.blocks.each)
        sketch.button(place.rect, SetLevel(Level.CACHE) if chosen else ShowCache(line.cache), tip)

    inputs = (content, line.level, line.frame, rate, mark)
    desk.memo.block(part, ("kernel", "tile", line.cache), place.rect, inputs, draw, EMPTY)


def _outline(mark: str) -> Colour:
    return "t2" if mark == "hover" else "line2"


def _frame(sketch: Sketch, rect: Rect, weight: int, mark: str) -> None:
    """The heat's frame with a faint glow inside it; the ring of the chosen tile, or of the keyboard, over it."""
    x, y, w, h = rect
    if weight:
        inner = (x + 1, y + 1, w - 2, h - 2)
        sketch.box(inner, None, "cache", width=weight + 2, radius=3, alpha=60)
        sketch.box(rect, None, "cache", width=weight, radius=3)
    if mark in ("chosen", "focus"):
        sketch.box(rect, None, "focus", width=2, radius=3)


def _label(sketch: Sketch, desk: Desk, rect: Rect, line: CacheLine, rate: str) -> None:
    """Name at the left, rate at the right if it is worth telling; of a kmalloc cache the size is enough."""
    x, y, w, _ = rect
    left, right, middle = x + 6, x + w - 6, y + HEADER // 2 + 1
    style, colour = (MARK_STRONG, "t1") if rate else (MARK, "t2")
    name = line.name
    if rate:
        wide = desk.measure(rate, MARK) + 6
        if _fits(desk, name, right - wide - left) is not None:
            sketch.text(right, middle, rate, MARK, "cache", "r")
            right -= wide
    sketch.text(left, middle, _fits(desk, name, right - left) or name, style, colour, room=right - left)


def _fits(desk: Desk, name: str, room: int) -> str | None:
    """The name, or the size alone of a kmalloc cache, if it fits."""
    short = name.removeprefix("dma-").removeprefix("kmalloc-") if "kmalloc-" in name else name
    return next((text for text in (name, short) if desk.measure(text, MARK_STRONG) <= room), None)


def draw_blocks(sketch: Sketch, at: Blocks, content: bytes, level: int) -> None:
    """One block an object, row by row as they lie in their slabs; behind the last there is nothing."""
    marks = np.frombuffer(content, np.uint8)
    if at.each > 1:
        marks = np.pad(marks, (0, -len(marks) % at.each)).reshape(-1, at.each).max(axis=1)
    cells = at.columns * at.rows
    rows = marks.tobytes() + bytes(cells - len(marks))
    palette = (EMPTY, FREE_BLOCK, brightness(level))
    sketch.nodes.append(Pixels(at.x, at.y, at.columns, at.rows, rows, palette, at.cell[0], at.cell[1], at.gap))


def _small(desk: Desk, part: Part, place: SmallPlace, names: list[str], view: ViewState) -> None:
    command = ShowGroup(place.group)
    count = len(names)
    long, short = desk.tr("kernel.small", count=count), f"+{count}"
    marked = "focus" if view.focus == command else "t2" if command in (view.hover, view.pressed) else "line2"

    def draw(sketch: Sketch) -> None:
        x, y, w, h = place.rect
        sketch.box(place.rect, "s1", marked, radius=3, dash=(4, 3))
        for text in (long, short):
            if desk.measure(text, LABEL) + 6 <= w and h >= 16:
                sketch.text(x + w // 2, y + h // 2, text, LABEL, "t2", "m")
                break
        more = ["…"] if count > _LISTED else []
        sketch.button(place.rect, command, "\n".join([desk.tr("kernel.small_tip", count=count), *names[:_LISTED], *more]))

    desk.memo.block(part, ("kernel", "small", place.group), place.rect, (count, marked), draw, EMPTY)
