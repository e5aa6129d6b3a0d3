"""The error screen as a whole: where its parts stand."""

from __future__ import annotations

from slabviz.scene.commands import Seek
from slabviz.scene.display import Rect
from slabviz.scene.errors.state import Banner, ErrorState
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.metrics import CAPTION_GAP, Tier
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import BODY, DIALOG, STRONG
from slabviz.scene.screens.error.calls import calls_part
from slabviz.scene.screens.error.rows import bytes_part
from slabviz.scene.view import ViewState
from slabviz.scene.widgets.banner import banner_pointing, draw_banner
from slabviz.scene.widgets.button import draw_button, pointing

_HEAD = 48
"""Heading of the calls, ruler of the bytes."""
_CALLS = {Tier.COMPACT: 328, Tier.REGULAR: 384, Tier.LARGE: 440}
_BANNER = {Tier.COMPACT: 72, Tier.REGULAR: 104, Tier.LARGE: 112}
_HIGHEST = 112
_GAP = 8


def error_screen(desk: Desk, view: ViewState, error: ErrorState | None, first_tick: int | None) -> list[Part]:
    """Lay it out; without an error, say so, and where the first one is."""
    x, y, w, h = _area(desk)
    if error is None:
        return [_nothing(desk, (x, y, w, h), view, first_tick)]
    tier = desk.metrics.tier
    foot = _BANNER[tier]
    room = h - foot - _GAP - _HEAD
    count = max(len(error.calls), 1)
    tall = min((room - (count - 1) * _GAP) // count, _HIGHEST)
    bands = [(y + _HEAD + number * (tall + _GAP), tall) for number in range(len(error.calls))]
    column, gap = _CALLS[tier], desk.metrics.pad
    cards = [(x, top, column, height) for top, height in bands]
    return [
        calls_part(desk, (x, y, column, _HEAD), cards, error),
        bytes_part(desk, (x + column + gap, y, w - column - gap, room + _HEAD), bands, error),
        _banner(desk, (x, y + h - foot, w, foot), view, error.banner),
    ]


def _area(desk: Desk) -> Rect:
    """From the caption to the timeline."""
    at = desk.regions
    x, top = at.timeline[0], at.lanes[1]
    return x, top, at.timeline[2], at.timeline[1] - CAPTION_GAP - top


def _banner(desk: Desk, rect: Rect, view: ViewState, banner: Banner) -> Part:
    at, fix = banner_pointing(view, banner), view.fix_open

    def draw(sketch: Sketch) -> None:
        draw_banner(sketch, desk, rect, banner, at, fix=fix, on_stage=False)

    def make(part: Part) -> None:
        desk.memo.block(part, ("error", "banner"), rect, (banner, at, fix), draw)

    return desk.memo.part(("error", "banner"), (rect, banner, at, fix), make)


def _nothing(desk: Desk, rect: Rect, view: ViewState, first_tick: int | None) -> Part:
    at = pointing(view, frozenset() if first_tick is None else frozenset((Seek(first_tick),)))

    def draw(sketch: Sketch) -> None:
        x, y, w, h = rect
        middle, line = x + w // 2, y + h // 2
        sketch.box(rect, None, "line2", radius=8, dash=(5, 4))
        if first_tick is None:
            sketch.text(middle, line, desk.tr("error.none_ever"), DIALOG, "t1", "m", room=w - 32)
            return
        sketch.text(middle, line - 40, desk.tr("error.none_yet"), DIALOG, "t1", "m", room=w - 32)
        sketch.text(middle, line - 8, desk.tr("error.none_first", tick=first_tick), BODY, "t2", "m", room=w - 32)
        text = desk.tr("error.go_there", tick=first_tick)
        wide = sketch.measure(text, STRONG) + 32
        draw_button(sketch, (middle - wide // 2, line + 16, wide, 36), Seek(first_tick), at, stroke="line2")
        sketch.text(middle, line + 34, text, STRONG, "t1", "m")

    def make(part: Part) -> None:
        desk.memo.block(part, ("error", "nothing"), rect, (first_tick, at), draw)

    return desk.memo.part(("error", "nothing"), (rect, first_tick, at), make)
