"""The transport: the key of the timeline, the buttons, the speeds, what 1× means."""

from __future__ import annotations

from slabviz.scene.commands import SPEEDS, Command, End, Home, SetSpeed, StepTick, ToggleLoop, TogglePlay
from slabviz.scene.display import Colour, Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, LABEL_STRONG, MARK
from slabviz.scene.view import ViewState
from slabviz.scene.widgets.button import RING, Pointing, draw_button, pointing

_BUTTONS: tuple[tuple[str, Command, str, bool], ...] = (
    ("to_start", Home(), "home", False),
    ("step_back", StepTick(-1), "back", False),
    ("play", TogglePlay(), "play", True),
    ("step_forward", StepTick(1), "forward", True),
    ("to_end", End(), "end", True),
)
"""Icon, command, key of the tooltip, and whether it is off at the last tick."""
_SIZE = (40, 36)
_PLAY = (64, 36)
_GAP = 12
_FRACTIONS = {0.25: "¼×", 0.5: "½×"}
_FLASHES_FROM = 16.0
_HEAT_FROM = 100.0
_INTERRUPT: tuple[str, Colour, str] = ("diamond", "err", "irq")
_KEY: tuple[tuple[str, Colour, str], ...] = (("bars_up", "free", "fast"), ("bars_down", "slow", "slow"), _INTERRUPT)
_KEY_DEBUG: tuple[tuple[str, Colour, str], ...] = (("bars_down", "slow", "slow_only"), _INTERRUPT)
"""Icon, its colour and the word: what the marks of the timeline mean. A debug cache has no bars above the line."""


def transport_part(desk: Desk, view: ViewState, *, has_fast: bool = True) -> Part:
    """Return the lowest row of the page; ``has_fast``: its cache can be served by the fast path at all."""
    at = pointing(view, frozenset(button[1] for button in _BUTTONS))
    at_speed = pointing(view, frozenset(SetSpeed(speed) for speed in SPEEDS))
    at_loop = pointing(view, frozenset([ToggleLoop()]))
    looping = view.loop.on if view.controls else None
    states = (view.playing, view.at_end, view.speed, looping, _follows(view))
    inputs = (desk.regions.transport, at, at_speed, at_loop, states, has_fast)

    def make(part: Part) -> None:
        x, y, w, h = desk.regions.transport
        middle = y + h // 2
        row = 2 * _SIZE[0] * 2 + _PLAY[0] + 4 * _GAP
        left = x + (w - row) // 2
        _legend(desk, part, (x + desk.metrics.margin, y + 4, left - desk.metrics.margin - 16, h - 8), has_fast)
        _buttons(desk, part, (left, middle - _SIZE[1] // 2, row, _SIZE[1]), view, at)
        speeds = (left + row + (24 if desk.compact else 32), middle - 15)
        end = _speeds(desk, part, speeds, view.speed, at_speed)
        if looping is not None:
            end = _loop(desk, part, (end + 8, middle - 15), looping, at_loop)
        _note(desk, part, (end + 12, y + 8, w - desk.metrics.margin - end - 12, h - 16), view)

    return desk.memo.part(("transport",), inputs, make)


def _legend(desk: Desk, part: Part, rect: Rect, has_fast: bool) -> None:
    def draw(sketch: Sketch) -> None:
        x, middle = rect[0], rect[1] + rect[3] // 2
        for icon, colour, name in _KEY if has_fast else _KEY_DEBUG:
            sketch.icon(x, middle, icon, 12, colour)
            x += 18 + sketch.text(x + 18, middle, desk.tr(f"layout.legend.{name}"), LABEL, "t2") + 20

    desk.memo.block(part, ("legend",), rect, has_fast, draw)


def _buttons(desk: Desk, part: Part, rect: Rect, view: ViewState, at: Pointing) -> None:
    x, y, w, h = rect
    area = (x - RING, y - RING, w + 2 * RING, h + 2 * RING)

    def draw(sketch: Sketch) -> None:
        left = x
        for icon, command, name, stops in _BUTTONS:
            wide, tall = _PLAY if name == "play" else _SIZE
            playing = name == "play" and view.playing
            off = stops and view.at_end and not playing
            accent = name == "play" and not off
            tip = desk.tr(f"layout.transport.{'pause' if playing else name}")
            look = "cache" if accent else "s2"
            draw_button(sketch, (left, y, wide, tall), command, at, fill=look, stroke="line", tip=tip, off=off)
            colour = "onaccent" if accent else "line2" if off else "t1"
            sketch.icon(left + wide // 2 - 9, y + tall // 2, "pause" if playing else icon, 18, colour)
            left += wide + _GAP

    desk.memo.block(part, ("buttons",), area, (view.playing, view.at_end, at), draw)


def speed_text(speed: float) -> str:
    """Return how a speed is written: ``¼×``, ``1×``, ``100×``."""
    return _FRACTIONS.get(speed, f"{speed:g}×")


def _speeds(desk: Desk, part: Part, spot: tuple[int, int], speed: float, at: Pointing) -> int:
    """Add the row of speeds and return where it ends."""
    x, y = spot
    pad = 7 if desk.compact else 9
    widths = [max(desk.measure(speed_text(each), LABEL_STRONG) + 2 * pad, 26) for each in SPEEDS]
    area = (x - RING, y - RING, sum(widths) + 6 + 2 * RING, 30 + 2 * RING)

    def draw(sketch: Sketch) -> None:
        sketch.box((x, y, sum(widths) + 6, 30), "s2", "line", radius=6)
        left = x + 3
        for each, width in zip(SPEEDS, widths, strict=True):
            rect, chosen = (left, y + 3, width, 24), each == speed
            tip = desk.tr("layout.transport.speed", speed=speed_text(each))
            fill, stroke = ("s3", "cache") if chosen else ("s2", "s2")
            draw_button(sketch, rect, SetSpeed(each), at, fill=fill, stroke=stroke, tip=tip, radius=4)
            style, colour = (LABEL_STRONG, "t1") if chosen else (LABEL, "t2")
            sketch.text(left + width // 2, y + 15, speed_text(each), style, colour, "m")
            left += width

    desk.memo.block(part, ("speeds",), area, (speed, at), draw)
    return area[0] + area[2]


def _loop(desk: Desk, part: Part, spot: tuple[int, int], on: bool, at: Pointing) -> int:
    """Add the switch that repeats A–B and return where it ends; in compact pages it has no words."""
    x, y = spot
    word = "" if desk.compact else desk.tr("interact.loop")
    wide = 34 + (desk.measure(word, LABEL) + 8 if word else 0)

    def draw(sketch: Sketch) -> None:
        look = ("s3", "cache") if on else ("s2", "line")
        rect, tip = (x, y, wide, 30), desk.tr("interact.loop_tip")
        draw_button(sketch, rect, ToggleLoop(), at, fill=look[0], stroke=look[1], tip=tip)
        sketch.icon(x + 9, y + 15, "loop", 16, "t1")
        sketch.text(x + 32, y + 15, word, LABEL_STRONG if on else LABEL, "t1")

    area = (x - RING, y - RING, wide + 2 * RING, 30 + 2 * RING)
    desk.memo.block(part, ("loop",), area, (on, at, word), draw)
    return x + wide + RING


def _follows(view: ViewState) -> str:
    """Key of what says that the view follows something, or empty."""
    if view.follows_events:
        return "interact.follows_events"
    return "interact.follows_thing" if view.followed is not None else ""


def _note(desk: Desk, part: Part, rect: Rect, view: ViewState) -> None:
    x, y, w, h = rect
    speed = view.speed
    name = "heat" if speed >= _HEAT_FROM else "flashes" if speed >= _FLASHES_FROM else "note"
    text = desk.tr(f"layout.transport.{name}")
    if followed := _follows(view):
        name, text = "follows", desk.tr(followed)
    if name == "note" and (desk.compact or desk.measure(text, MARK) > w):
        return
    desk.memo.block(part, ("note",), rect, text, lambda sketch: _write(sketch, x + w, y + h // 2, text, w))


def _write(sketch: Sketch, right: int, middle: int, text: str, room: int) -> None:
    sketch.text(right, middle, text, MARK, "t3", "r", room=room)
