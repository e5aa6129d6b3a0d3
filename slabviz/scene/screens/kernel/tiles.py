"""The map of all caches: groups, and over the blocks of their objects the frames and names of the tiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from slabviz.scene.commands import Command, SetLevel, ShowCache, ShowGroup
from slabviz.scene.display import Node, Pixels, Rect, Target
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, MARK, MARK_STRONG, STRONG
from slabviz.scene.levels import Level
from slabviz.scene.screens.kernel.canvas import EMPTY, Canvas
from slabviz.scene.screens.kernel.places import HEADER, GroupPlace, KernelMap, SmallPlace, TilePlace
from slabviz.scene.sight import Sight
from slabviz.scene.story.field import Field
from slabviz.scene.story.kernel import CacheLine, GroupLine, KernelState, amount
from slabviz.scene.story.numbers import grouped
from slabviz.scene.view import ViewState

_LINE = 15
_LISTED = 14
"""Names in the tooltip of a group's small caches."""


@dataclass(slots=True, frozen=True, eq=False)
class _Drawn:
    """What lies over the blocks of one tile; two are equal only if they are the same object."""

    nodes: tuple[Node, ...]
    target: Target


@dataclass(slots=True, frozen=True)
class _Same:
    """Compares by identity what compares by value, at length."""

    thing: object

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.thing is self.thing

    def __hash__(self) -> int:
        return id(self.thing)


def tile_parts(desk: Desk, places: KernelMap, state: KernelState, field: Field, sight: Sight) -> list[Part]:
    """One part with a block for each group: only those in which something changed are new."""
    part = Part()
    lines, marks = {line.key: line for line in state.groups}, _marks(sight.view, sight.number)
    for group in places.groups:
        tiles = [tile for tile in places.tiles if tile.group == group.key]
        canvas = desk.memo.value(("kernel", "canvas", group.key), places, partial(Canvas, group, tiles))
        pixels = canvas.node(field.contents, state.lines)
        over = [_tile(desk, tile, state.lines[tile.cache], state, marks, sight.number) for tile in tiles]
        over += [_small(desk, small, state, sight.view) for small in places.small if small.group == group.key]
        _group(desk, part, group, lines[group.key], pixels, tuple(over))
    part.anchors["map",] = places.rect
    return [part]


def command_of(cache: int, chosen: int) -> Command:
    """A press chooses a cache; one that is chosen is opened."""
    return SetLevel(Level.CACHE) if cache == chosen else ShowCache(cache)


def _marks(view: ViewState, chosen: int) -> dict[int, str]:
    """How tiles are marked: by the pointer, as the chosen one, by the keyboard; most are not at all."""
    marks = {at.cache: "hover" for at in (view.hover, view.pressed) if isinstance(at, ShowCache)}
    marks[chosen] = "chosen"
    if isinstance(view.focus, ShowCache):
        marks[view.focus.cache] = "focus"
    return marks


def _group(
    desk: Desk, part: Part, place: GroupPlace, line: GroupLine, pixels: Pixels, over: tuple[_Drawn, ...]
) -> None:
    name = desk.tr(f"kernel.group.{place.key}")
    long = desk.tr("kernel.group_size", count=line.caches, memory=line.memory)

    def draw(sketch: Sketch) -> None:
        sketch.nodes.append(pixels)
        sketch.box(place.rect, None, "line", radius=4)
        if place.named:
            _heading(sketch, place, name, (long, f"{line.caches} · {line.memory}"))
        for drawn in over:
            sketch.nodes.extend(drawn.nodes)
            sketch.targets.append(drawn.target)

    inputs = (name, line, _Same(pixels), over)
    desk.memo.block(part, ("kernel", "group", place.key), place.rect, inputs, draw, EMPTY)


def _heading(sketch: Sketch, place: GroupPlace, name: str, sizes: tuple[str, str]) -> None:
    """Name at the left, number of caches and memory at the right, as long as there is room."""
    x, y, w, _ = place.rect
    middle, room = y + 12, w - 20
    left = sketch.text(x + 8, middle, name, STRONG, "t1", room=room) + 12
    for text in sizes:
        if left + sketch.measure(text, LABEL) <= room:
            sketch.text(x + w - 8, middle, text, LABEL, "t2", "r")
            break
    sketch.tip((x, y, w, HEADER + 2), f"{name}\n{sizes[0]}")


def _tile(
    desk: Desk, place: TilePlace, line: CacheLine, state: KernelState, marks: Mapping[int, str], chosen: int
) -> _Drawn:
    loud = line.frame > 0 or line is state.busiest
    rate = desk.tr("kernel.rate", amount=amount(line.rate)) if loud and place.named else ""
    mark = marks.get(line.cache, "")

    def make() -> _Drawn:
        sketch = Sketch(desk.measure)
        sketch.box(place.rect, None, "t2" if mark == "hover" else "line2", radius=3)
        _frame(sketch, place.rect, line.frame, mark)
        if place.named and not (line is state.busiest and _plate(sketch, place.rect, line.name, rate)):
            _label(sketch, desk, place.rect, line, rate)
        return _Drawn(tuple(sketch.nodes), Target(place.rect, command_of(line.cache, chosen), _tip(desk, place, line)))

    inputs = (place, line.used, line.free, line.frame, rate, mark, chosen == line.cache, line is state.busiest)
    return desk.memo.value(("kernel", "tile", line.cache), inputs, make)


def _tip(desk: Desk, place: TilePlace, line: CacheLine) -> str:
    objects, used, free = grouped(line.objects), grouped(line.used), grouped(line.free)
    text = desk.tr("kernel.tip", name=line.name, objects=objects, used=used, free=free)
    if place.blocks is not None and place.blocks.each > 1:
        text += "\n" + desk.tr("kernel.tip_each", each=place.blocks.each)
    return text


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


def _plate(sketch: Sketch, rect: Rect, name: str, rate: str) -> bool:
    """The busiest cache has its whole name and its rate on its tile, in several lines if need be; False where even so
    there is no room, or no need."""
    x, y, w, h = rect
    room = w - 12
    if sketch.measure(f"{name} {rate}", MARK_STRONG) <= room:
        return False
    lines = [*_wrapped(sketch, name, room), rate]
    tall = len(lines) * _LINE + 4
    if tall > h * 3 // 4 or any(sketch.measure(line, MARK_STRONG) > room for line in lines):
        return False
    sketch.box((x + 3, y + 3, w - 6, tall), EMPTY)
    for number, line in enumerate(lines):
        colour = "cache" if number == len(lines) - 1 else "t1"
        sketch.text(x + 6, y + HEADER // 2 + 1 + number * _LINE, line, MARK_STRONG, colour)
    return True


def _wrapped(sketch: Sketch, name: str, room: int) -> list[str]:
    """A name in lines, parted behind its underscores and before its dashes."""
    lines = [""]
    for piece in name.replace("_", "_\0").replace("-", "\0-").split("\0"):
        if lines[-1] and sketch.measure(lines[-1] + piece, MARK_STRONG) > room:
            lines.append("")
        lines[-1] += piece
    return lines


def _fits(desk: Desk, name: str, room: int) -> str | None:
    """The name, or the size alone of a kmalloc cache, if it fits."""
    short = name.removeprefix("dma-").removeprefix("kmalloc-") if "kmalloc-" in name else name
    return next((text for text in (name, short) if desk.measure(text, MARK_STRONG) <= room), None)


def _small(desk: Desk, place: SmallPlace, state: KernelState, view: ViewState) -> _Drawn:
    """The tile of all small caches of a group: a press lists them."""
    command = ShowGroup(place.group)
    look = "focus" if view.focus == command else "t2" if command in (view.hover, view.pressed) else "line2"

    def make() -> _Drawn:
        sketch, count = Sketch(desk.measure), len(place.caches)
        x, y, w, h = place.rect
        sketch.box(place.rect, None, look, radius=3, dash=(4, 3))
        for text in (desk.tr("kernel.small", count=count), f"+{count}"):
            if desk.measure(text, LABEL) + 6 <= w and h >= 16:
                sketch.text(x + w // 2, y + h // 2, text, LABEL, "t2", "m")
                break
        names = [state.lines[cache].name for cache in place.caches]
        listed = [*names[:_LISTED], *(["…"] if count > _LISTED else [])]
        tip = "\n".join([desk.tr("kernel.small_tip", count=count), *listed])
        return _Drawn(tuple(sketch.nodes), Target(place.rect, command, tip))

    return desk.memo.value(("kernel", "small", place.group), (place, look), make)
