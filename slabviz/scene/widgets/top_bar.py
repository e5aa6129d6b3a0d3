"""The top bar: scenario, tick, switches for motion, theme and language, help. Nothing is shown that does nothing."""

from __future__ import annotations

from slabviz.scene.commands import Command, NextLanguage, NextTheme, ShowCourse, ShowHelp, ToggleMotion
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
_APART = 8
_GROUP_GAP = 5
"""Between groups of three digits of the tick."""


def top_bar_parts(desk: Desk, state: StageState, view: ViewState, last_tick: int) -> list[Part]:
    """Return the bar with the title, and over it the tick and the help button."""
    x, y, w, h = desk.regions.top_bar
    right = x + w - desk.metrics.margin - (len(_shown(view)) * (_BUTTON + _APART) + RING if view.controls else 0)
    room = 36 + _digits_width(desk, grouped(last_tick)) + 16
    tabs = [level_tabs_part(desk, view)] if len(levels()) > 1 else []
    return [
        _title(desk, state, min(right - room, tabs[0].blocks[0].rect[0] - 12) if tabs else right - room),
        *tabs,
        _tick(desk, state.tick, (right - room, y + 4, room, h - 8)),
        *([_switches(desk, view)] if view.controls else []),
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


def _switches(desk: Desk, view: ViewState) -> Part:
    x, y, w, h = desk.regions.top_bar
    switches = _shown(view)
    at = pointing(view, frozenset(command for command, _ in switches))
    wide = len(switches) * (_BUTTON + _APART) - _APART
    rect = (x + w - desk.metrics.margin - wide - RING // 2, y + (h - _BUTTON) // 2, wide, _BUTTON)
    area = (rect[0] - RING, rect[1] - RING, wide + 2 * RING, _BUTTON + 2 * RING)
    inputs = (at, view.reduced_motion, switches)

    def make(part: Part) -> None:
        desk.memo.block(part, ("switches",), area, inputs, lambda sketch: _draw(sketch, desk, rect, at, view), "s1")

    return desk.memo.part(("switches",), (area, inputs), make)


_SWITCHES: tuple[tuple[Command, str], ...] = (
    (ToggleMotion(), "interact.motion_on_tip"),
    (NextTheme(), "interact.theme"),
    (NextLanguage(), "interact.language"),
    (ShowHelp(), "layout.help_button"),
)
"""Command and key of the tooltip, from the left."""


def _shown(view: ViewState) -> tuple[tuple[Command, str], ...]:
    """In a course there is one more, which leads to its list of lessons."""
    return ((ShowCourse(), "course.button"), *_SWITCHES) if view.course else _SWITCHES


def _draw(sketch: Sketch, desk: Desk, rect: Rect, at: Pointing, view: ViewState) -> None:
    x, y, _, h = rect
    for number, (command, key) in enumerate(_shown(view)):
        place = (x + number * (_BUTTON + _APART), y, _BUTTON, h)
        middle = place[0] + _BUTTON // 2
        if command == ToggleMotion():
            look = ("s3", "cache") if view.reduced_motion else ("s2", "line")
            tip = "interact.motion_off_tip" if view.reduced_motion else key
            draw_button(sketch, place, command, at, fill=look[0], stroke=look[1], tip=desk.tr(tip))
            _motion_sign(sketch, middle, y + h // 2, moving=not view.reduced_motion)
            continue
        draw_button(sketch, place, command, at, tip=desk.tr(key))
        if command == ShowCourse():
            for row, column in ((-6, -6), (-6, 1), (1, -6), (1, 1)):
                sketch.box((middle + column, y + h // 2 + row, 5, 5), "t1", radius=1)
        elif command == NextTheme():
            sketch.icon(middle - 8, y + h // 2, "moon", 16, "t1")
        else:
            word = "?" if command == ShowHelp() else desk.tr("interact.language_sign")
            sketch.text(middle, y + h // 2, word, HEAD if command == ShowHelp() else LABEL, "t1", "m")


def _motion_sign(sketch: Sketch, middle: int, y: int, *, moving: bool) -> None:
    """Something that flies, or stands still."""
    sketch.box((middle + 1, y - 4, 8, 8), "t1" if moving else None, "t1", radius=2)
    for row, length in ((-3, 5), (0, 8), (3, 5)) if moving else ():
        sketch.line(((middle - 1 - length, y + row), (middle - 2, y + row)), "t1")
