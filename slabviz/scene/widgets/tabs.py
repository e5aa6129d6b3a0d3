"""Rows of tabs: the levels in the top bar, the panels over the right column. What does not exist is not shown."""

from __future__ import annotations

from collections.abc import Sequence

from slabviz.scene.commands import Command, SetLevel, SetPanel
from slabviz.scene.display import Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import BODY, STRONG
from slabviz.scene.levels import LESSONS, Panel
from slabviz.scene.panels import panels
from slabviz.scene.screens import levels
from slabviz.scene.view import ViewState
from slabviz.scene.widgets.button import RING, Pointing, pointing

_HIGH = 28
_PAD = 14

Tab = tuple[Command, str, bool]
"""What a click does, the word, and whether it is the one that is open."""


def level_tabs_part(desk: Desk, view: ViewState) -> Part:
    """The levels of the zoom, in the middle of the top bar."""
    _, y, w, h = desk.regions.top_bar
    tabs = tuple((SetLevel(level), desk.tr(f"layout.level.{level.name.lower()}"), level is view.level)
                 for level in levels())  # fmt: skip
    wide = sum(desk.measure(word, STRONG) + 2 * _PAD for _, word, _ in tabs)
    rect = ((w - wide) // 2, y + (h - _HIGH) // 2, wide, _HIGH)
    return _row(desk, ("levels",), rect, tabs, view)


def panel_tabs_part(desk: Desk, view: ViewState) -> Part:
    """The panels, over the right column."""
    x, y, w, _ = desk.regions.tabs
    tabs = tuple((SetPanel(panel), desk.tr(f"layout.panel.{panel.value}"), panel is view.panel) for panel in panels())
    more = (SetPanel(LESSONS[0]), desk.tr("layout.panel.views"), False)
    return _row(desk, ("panels",), (x, y, w, _HIGH), (*tabs, more), view)


def lesson_tabs_part(desk: Desk, x: int, y: int, view: ViewState) -> Part:
    """The way back to the stage, and the views that lessons need."""
    back = (SetPanel(Panel.HOLDERS), desk.tr("views.stage"), False)
    others = ((SetPanel(panel), desk.tr(f"views.tab.{panel.value}"), panel is view.panel) for panel in LESSONS)
    tabs = (back, *others)
    wide = sum(desk.measure(word, STRONG) + 2 * _PAD for _, word, _ in tabs)
    return _row(desk, ("lessons",), (x, y, wide, _HIGH), tabs, view)


def _row(desk: Desk, key: tuple[str, ...], rect: Rect, tabs: Sequence[Tab], view: ViewState) -> Part:
    at = pointing(view, frozenset(command for command, _, _ in tabs))
    x, y, w, h = rect
    area = (x - RING, y - RING, w + 2 * RING, h + 2 * RING)
    ground = "s1" if key == ("levels",) else "bg"

    def make(part: Part) -> None:
        desk.memo.block(part, key, area, (tuple(tabs), at), lambda sketch: _draw(sketch, rect, tabs, at), ground)

    return desk.memo.part(key, (rect, tuple(tabs), at), make)


def _draw(sketch: Sketch, rect: Rect, tabs: Sequence[Tab], at: Pointing) -> None:
    x, y, w, h = rect
    sketch.box(rect, "s2", "line", radius=6)
    room = w - sum(sketch.measure(word, STRONG) for _, word, _ in tabs)
    pad, left = room // (2 * len(tabs)), x
    for number, (command, word, is_open) in enumerate(tabs):
        wide = sketch.measure(word, STRONG) + 2 * pad
        place = (left, y, wide if number < len(tabs) - 1 else x + w - left, h)
        if is_open:
            sketch.box(place, "s3", "cache", radius=6)
        elif command in (at.hover, at.pressed):
            sketch.box(place, "s3", None, radius=6)
        if command == at.focus:
            ring = (place[0] - RING, y - RING, place[2] + 2 * RING, h + 2 * RING)
            sketch.box(ring, None, "focus", width=2, radius=10)
        style, colour = (STRONG, "t1") if is_open else (BODY, "t2")
        sketch.text(place[0] + place[2] // 2, y + h // 2, word, style, colour, "m", room=place[2] - 4)
        sketch.button(place, command)
        left += place[2]
