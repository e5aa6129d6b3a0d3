"""The table of the overview: the busiest caches, or the small ones of a group; a press on a row chooses its cache."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slabviz.scene.commands import Command, ShowCache, ShowGroup
from slabviz.scene.display import Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, MARK, MARK_STRONG, PANEL
from slabviz.scene.screens.kernel.tiles import command_of
from slabviz.scene.sight import Sight
from slabviz.scene.story.kernel import CacheLine, KernelState, amount
from slabviz.scene.story.numbers import grouped
from slabviz.scene.widgets.button import draw_button, pointing

ROW = 28
_HEAD = 56
_PAD = 16


@dataclass(slots=True, frozen=True)
class _Stops:
    """Right ends of the columns of numbers, and where bars begin; names begin at ``name``."""

    name: int
    objects: int
    used: int
    size: int
    bar: int
    long: int
    """Length of a bar at the top rate."""
    rate: int


def table_part(
    desk: Desk, rect: Rect, lines: Sequence[CacheLine], state: KernelState, sight: Sight, group: str | None
) -> Part:
    """As many rows as there is room for."""
    x, y, w, h = rect
    part = Part()
    stops = _stops(rect, desk.compact)
    many = max((h - _HEAD - 8) // ROW, 0)
    shown = lines[: many - 1] if len(lines) > many else lines
    _head(desk, part, rect, stops, state, sight, group)
    for number, line in enumerate(shown):
        place = (x + 6, y + _HEAD + number * ROW, w - 12, ROW)
        _row(desk, part, place, stops, line, number, sight, state)
    if len(shown) < len(lines):
        _rest(desk, part, (x + 6, y + _HEAD + len(shown) * ROW, w - 12, ROW), len(lines) - len(shown))
    return part


def _stops(rect: Rect, compact: bool) -> _Stops:
    x, _, w, _ = rect
    rate, long = x + w - _PAD, 28 if compact else 40
    bar = rate - 48 - long
    size = bar - 10
    used = size - (44 if compact else 54)
    return _Stops(x + _PAD, used - (44 if compact else 52), used, size, bar, long, rate)


def _head(
    desk: Desk, part: Part, rect: Rect, stops: _Stops, state: KernelState, sight: Sight, group: str | None
) -> None:  # fmt: skip
    tr = desk.tr
    title = tr("kernel.busiest") if group is None else tr("kernel.small_of", group=tr(f"kernel.group.{group}"))
    note = tr("kernel.window", window=grouped(state.window))
    back = ShowGroup(None)
    at = pointing(sight.view, frozenset([back]))

    def draw(sketch: Sketch) -> None:
        x, y, w, _ = rect
        sketch.box(rect, "s1", "line", radius=8)
        right = x + w - _PAD
        if group is None:
            right -= sketch.text(right, y + 18, note, LABEL, "t3", "r") + 12
        else:
            draw_button(sketch, (right - 24, y + 6, 24, 24), back, at, fill="s3", tip=tr("kernel.back"))
            sketch.text(right - 12, y + 18, "×", PANEL, "t1", "m")
            right -= 36
        sketch.text(stops.name, y + 18, title, PANEL, "t1", room=right - stops.name)
        middle = y + 43
        sketch.text(stops.name, middle, tr("kernel.column.cache"), LABEL, "t3")
        for column, stop in (("objects", stops.objects), ("used", stops.used), ("size", stops.size),
                             ("rate", stops.rate)):  # fmt: skip
            sketch.text(stop, middle, tr(f"kernel.column.{column}"), LABEL, "t3", "r")

    desk.memo.block(part, ("kernel", "table"), rect, (title, note, stops, at), draw)


def _row(
    desk: Desk, part: Part, rect: Rect, stops: _Stops, line: CacheLine, number: int, sight: Sight, state: KernelState
) -> None:
    command: Command = command_of(line.cache, sight.number)
    chosen = line.cache == sight.number
    focused = sight.view.focus == ShowCache(line.cache)
    pointed = command in (sight.view.hover, sight.view.pressed)
    bar = stops.long * line.rate // state.top

    def draw(sketch: Sketch) -> None:
        x, y, w, h = rect
        fill = "s3" if pointed else "s2" if number % 2 == 0 else None
        sketch.box((x, y + 1, w, h - 2), fill, "focus" if chosen or focused else None, width=2, radius=4)
        middle = y + h // 2
        share = f"{100 * line.used // line.objects} %" if line.objects else "–"
        room = stops.objects - 50 - stops.name
        sketch.text(stops.name, middle, line.name, MARK_STRONG if chosen else MARK, "t1", room=room)
        sketch.text(stops.objects, middle, grouped(line.objects), MARK, "t2", "r")
        sketch.text(stops.used, middle, share, MARK, "t2", "r")
        sketch.text(stops.size, middle, grouped(line.size), MARK, "t2", "r")
        sketch.box((stops.bar + stops.long - bar, middle - 3, bar, 7), "cache", radius=2)
        sketch.text(stops.rate, middle, amount(line.rate), MARK_STRONG, "t1", "r")
        sketch.button(rect, command)

    inputs = (line, chosen, focused, pointed, bar)
    desk.memo.block(part, ("kernel", "row", number), rect, inputs, draw, "s1")


def _rest(desk: Desk, part: Part, rect: Rect, count: int) -> None:
    text = desk.tr("kernel.rest", count=count)
    x, y, w, h = rect

    def draw(sketch: Sketch) -> None:
        sketch.text(x + _PAD - 6, y + h // 2, text, LABEL, "t3", room=w - _PAD)

    desk.memo.block(part, ("kernel", "rest"), rect, text, draw, "s1")
