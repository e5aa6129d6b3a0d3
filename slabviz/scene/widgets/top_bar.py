"""The top bar: scenario, tick, help. Nothing is shown that cannot be used yet."""

from __future__ import annotations

from slabviz.scene.commands import ShowHelp
from slabviz.scene.display import Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.digits import grouped
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import HEAD, LABEL, SCENARIO, TICK
from slabviz.scene.screens import levels
from slabviz.scene.state import StageState
from slabviz.scene.view import ViewState
from slabviz.scene.widgets.button import RING, Pointing, draw_button, pointing
from slabviz.scene.widgets.tabs import level_tabs_part

_BUTTON = 28
_GROUP_GAP = 5
"""Between groups of three digits of the tick."""


def top_bar_parts(desk: Desk, state: StageState, view: ViewState, last_tick: int) -> list[Part]:
    """Return the bar with the title, and over it the tick and the help button."""
    x, y, w, h = desk.regions.top_bar
    right = x + w - desk.metrics.margin - (_BUTTON + 2 * RING if view.controls else 0)
    room = 36 + _digits_width(desk, grouped(last_tick)) + 16
    tabs = [level_tabs_part(desk, view)] if len(levels()) > 1 else []
    return [
        _title(desk, state, min(right - room, tabs[0].blocks[0].rect[0] - 12) if tabs else right - room),
        *tabs,
        _tick(desk, state.tick, (right - room, y + 4, room, h - 8)),
        *([_help(desk, view)] if view.controls else []),
    ]


def _title(desk: Desk, state: StageState, right: int) -> Part:
    rect = desk.regions.top_bar

    def draw(sketch: Sketch) -> None:
        x, y, w, h = rect
        sketch.box(rect, "s1")
        sketch.line(((x, y + h - 1), (x + w, y + h - 1)), "line")
        left = x + desk.metrics.margin
        left += sketch.text(left, y + h // 2, state.title, SCENARIO, "t1", room=(right - left) * 2 // 3) + 14
        sketch.text(left, y + h // 2, state.subtitle, LABEL, "t3", room=right - left)

    def make(part: Part) -> None:
        desk.memo.block(part, ("top",), rect, (state.title, state.subtitle, right), draw)

    return desk.memo.part(("top",), (rect, state.title, state.subtitle, right), make)


def _digits_width(desk: Desk, number: str) -> int:
    groups = number.split(" ")
    return sum(desk.measure(group, TICK) for group in groups) + _GROUP_GAP * (len(groups) - 1)


def _tick(desk: Desk, tick: int, rect: Rect) -> Part:
    def draw(sketch: Sketch) -> None:
        x, y, w, h = rect
        right, middle = x + w, y + h // 2
        for group in reversed(grouped(tick).split(" ")):
            right -= sketch.text(right, middle, group, TICK, "t1", "r") + _GROUP_GAP
        sketch.text(right - 2, middle, desk.tr("layout.tick"), LABEL, "t3", "r")

    def make(part: Part) -> None:
        desk.memo.block(part, ("tick",), rect, tick, draw, "s1")

    return desk.memo.part(("tick",), (rect, tick), make)


def _help(desk: Desk, view: ViewState) -> Part:
    x, y, w, h = desk.regions.top_bar
    at = pointing(view, frozenset([ShowHelp()]))
    rect = (x + w - desk.metrics.margin - _BUTTON - RING // 2, y + (h - _BUTTON) // 2, _BUTTON, _BUTTON)
    area = (rect[0] - RING, rect[1] - RING, _BUTTON + 2 * RING, _BUTTON + 2 * RING)

    def make(part: Part) -> None:
        desk.memo.block(part, ("help",), area, at, lambda sketch: _draw_help(sketch, desk, rect, at), "s1")

    return desk.memo.part(("help",), (area, at), make)


def _draw_help(sketch: Sketch, desk: Desk, rect: Rect, at: Pointing) -> None:
    draw_button(sketch, rect, ShowHelp(), at, tip=desk.tr("layout.help_button"))
    sketch.text(rect[0] + rect[2] // 2, rect[1] + rect[3] // 2, "?", HEAD, "t1", "m")
