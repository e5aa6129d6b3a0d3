"""The banner of an error: the kernel's words, exact values, one plain sentence, the ways to cause and fix."""

from __future__ import annotations

from slabviz.scene.commands import CloseError, Command, Seek, ShowError, ShowFix
from slabviz.scene.display import Colour, Rect, Style
from slabviz.scene.errors.state import Banner
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import BODY, CODE, LABEL, STRONG
from slabviz.scene.view import ViewState
from slabviz.scene.widgets.button import Pointing, draw_button, pointing

_TITLE = Style("ui", 18, 700)
_EDGE = 8
_OCTAGON = 44
_BUTTON = 36
_GAP = 12
_LINE = 24
_CLOSE = 24
_ROOMY = 1200
"""A narrower banner has its buttons one below the other, so that the words keep their room."""


def commands_of(banner: Banner) -> frozenset[Command]:
    """What the banner's buttons mean."""
    plain: tuple[Command, ...] = (ShowFix(), ShowError(), CloseError(banner.number))
    return frozenset(plain if banner.cause_tick is None else (Seek(banner.cause_tick), *plain))


def banner_pointing(view: ViewState, banner: Banner) -> Pointing:
    """Which of its buttons is pointed at."""
    return pointing(view, commands_of(banner))


def draw_banner(
    sketch: Sketch, desk: Desk, rect: Rect, banner: Banner, at: Pointing, *, fix: bool, on_stage: bool
) -> None:  # fmt: skip
    """Draw it; over the stage it can be opened and closed, on the error screen it stays."""
    x, y, w, h = rect
    sketch.box(rect, "errF", "err", width=2, radius=8)
    sketch.box((x, y, _EDGE, h), "err", radius=4)
    if on_stage:
        sketch.button(rect, ShowError(), desk.tr("error.open"))
    octagon = 32 if desk.compact else _OCTAGON
    left = x + _EDGE + 20
    sketch.icon(left, y + h // 2, "octagon", octagon, "err", "onalert")
    left += octagon + 20
    right = x + w - 16
    if on_stage:
        right = _close(sketch, (right - _CLOSE, y + 8, _CLOSE, _CLOSE), banner, at) - 8
    stacked = w < _ROOMY
    right = _buttons(sketch, desk, (x, y, right - x, h), banner, at, fix=fix, on_stage=on_stage, stacked=stacked)
    _words(sketch, desk, (left, y, right - 20 - left, h), banner, fix)


def _close(sketch: Sketch, rect: Rect, banner: Banner, at: Pointing) -> int:
    draw_button(sketch, rect, CloseError(banner.number), at, fill="errF", stroke="errF", radius=4)
    sketch.icon(rect[0] + 6, rect[1] + rect[3] // 2, "close", 12, "t1")
    return rect[0]


def _buttons(
    sketch: Sketch, desk: Desk, rect: Rect, banner: Banner, at: Pointing, *, fix: bool, on_stage: bool, stacked: bool
) -> int:  # fmt: skip
    """From the right end: go to the cause, show the fix, and over the stage the way to the bytes; where they begin."""
    x, y, w, h = rect
    named: list[tuple[Command, str]] = []
    if banner.cause_tick is not None:
        named.append((Seek(banner.cause_tick), desk.tr("error.go_to_cause", tick=banner.cause_tick)))
    named.append((ShowFix(), desk.tr("error.show_report" if fix else "error.show_fix")))
    if on_stage:
        named.append((ShowError(), desk.tr("error.open")))
    right, middle, leftmost = x + w, y + h // 2, x + w
    tall = min(_BUTTON, (h - 16) // len(named) - 4) if stacked else _BUTTON
    top = middle - (len(named) * (tall + 4) - 4) // 2
    widest = max(sketch.measure(text, STRONG) for _, text in named) + 32
    for number, (command, text) in enumerate(named):
        wide = widest if stacked else sketch.measure(text, STRONG) + 32
        place = (right - wide, top + number * (tall + 4) if stacked else middle - tall // 2, wide, tall)
        primary = number == 0 and banner.cause_tick is not None
        fill, stroke, ink = ("err", "err", "onalert") if primary else ("s2", "line2", "t1")
        draw_button(sketch, place, command, at, fill=fill, stroke=stroke, radius=6)
        sketch.text(place[0] + wide // 2, place[1] + tall // 2, text, STRONG, ink, "m")
        leftmost = min(leftmost, place[0])
        right -= 0 if stacked else wide + _GAP
    return leftmost


def _words(sketch: Sketch, desk: Desk, rect: Rect, banner: Banner, fix: bool) -> None:
    """Title, values and sentence; or, instead, what would have been right."""
    x, y, w, h = rect
    lines: list[tuple[str, Style, Colour]]
    if fix:
        lines = [(banner.fix_title, Style("mono", 16, 700), "t1"), (banner.fix, BODY, "t1"),
                 (desk.tr("error.fix"), LABEL, "t2")]  # fmt: skip
        if banner.fix_title == desk.tr("error.fix"):
            lines = [(banner.fix_title, _TITLE, "t1"), lines[1]]
    else:
        most = max((h - 24) // _LINE - 2, 0)
        lines = [(banner.title, _TITLE, "t1"), *((line, CODE, "t1") for line in banner.lines[:most]),
                 (banner.sentence, BODY, "t2")]  # fmt: skip
    top = y + (h - len(lines) * _LINE) // 2 + _LINE // 2
    for number, (text, style, colour) in enumerate(lines):
        sketch.text(x, top + number * _LINE, text, style, colour, room=w)
