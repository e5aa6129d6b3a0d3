"""The timeline: bars of the cache on stage, interrupts, chapters, and the part that has been played.

Two pictures are prepared, one bright and one dim; the bright one is a block that ends at the playhead.
"""

from __future__ import annotations

from slabviz.scene.commands import Scrub, Seek
from slabviz.scene.display import Colour, Node, Pixels, Polygon, Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.digits import grouped
from slabviz.scene.layout.flags import CLEAR, PAD, Flag, place_flags
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.strip import FLAG, Strip
from slabviz.scene.layout.styles import LABEL, LABEL_STRONG, MARK

_DIAMOND = 9
_BRIGHT: tuple[Colour, ...] = ("s1", "free*65+s1", "slow", "err")
_DIM: tuple[Colour, ...] = ("s1", "free*26+s1", "slow*40+s1", "err*50+s1")
"""Ground, fast, slow, interrupt; what is still to come at 40 %."""


def timeline_part(desk: Desk, strip: Strip, tick: int) -> Part:
    """Return the strip as it is at a tick."""

    def make(part: Part) -> None:
        x, y, _, h = strip.rect
        part.anchors["timeline",] = strip.rect
        dim = desk.memo.part(("dim",), strip, lambda own: _picture(desk, own, strip, bright=False))
        bright = desk.memo.part(("bright",), strip, lambda own: _picture(desk, own, strip, bright=True))
        part.blocks += dim.blocks
        desk.memo.cut(part, ("played",), (x, y, strip.scale.x(tick) - x, h), bright.blocks[0])
        _flags(desk, part, strip, tick)

    return desk.memo.part(("timeline",), (strip, tick), make)


def _picture(desk: Desk, part: Part, strip: Strip, *, bright: bool) -> None:
    key = ("timeline", "bright" if bright else "dim")
    desk.memo.block(part, key, strip.rect, strip, lambda sketch: _draw(sketch, strip, bright=bright))


def _draw(sketch: Sketch, strip: Strip, *, bright: bool) -> None:
    colours = _BRIGHT if bright else _DIM
    scale, bars = strip.scale, strip.bars
    _, y, _, h = strip.rect
    sketch.box(strip.rect, "s1", "line", radius=6)
    sketch.nodes.append(Pixels(scale.left, strip.top, bars.width, bars.height, bars.rows, colours[:3]))
    sketch.line(((scale.left, strip.base), (scale.left + scale.width, strip.base)), "line2")
    for spot in strip.interrupts:
        sketch.icon(spot - _DIAMOND // 2, y + 13, "diamond", _DIAMOND, colours[3])
    for tick, _ in strip.chapters:
        sketch.line(((scale.x(tick), y + 2), (scale.x(tick), y + h - 2)), "t3")
    if strip.has_axis:
        _axis(sketch, strip)
    if not bright:
        sketch.button(strip.rect, Scrub(scale.left, scale.width, scale.last_tick))


def _axis(sketch: Sketch, strip: Strip) -> None:
    """A short run has a tick axis; its last tick stands in the corner above."""
    foot = strip.rect[1] + strip.rect[3]
    last = strip.scale.last_tick
    for tick in range(0, last, 10 if last >= 20 else 5):
        x = strip.scale.x(tick)
        sketch.line(((x, foot - 15), (x, foot - 12)), "line2")
        sketch.text(x, foot - 7, str(tick), MARK, "t3", "m" if tick else "l")


def _flags(desk: Desk, part: Part, strip: Strip, tick: int) -> None:
    y, last = strip.rect[1], grouped(strip.scale.last_tick)
    right, wide = strip.scale.left + strip.scale.width, desk.measure(last, MARK) + 8
    head = strip.scale.x(tick)
    if head > right - wide:
        right = head - CLEAR - 2  # like a flag, it makes room for the playhead
    end = right - wide
    place = (end, y + 3, right - end, FLAG)
    desk.memo.block(part, ("flag", "end"), place, last, lambda sketch: _write_end(sketch, right, y, last), "s1")
    for flag in place_flags(strip, tick, end - 4, desk.measure):
        rect = (flag.left, y + 3, flag.width, FLAG)
        _flag_block(desk, part, rect, flag)


def _write_end(sketch: Sketch, right: int, y: int, text: str) -> None:
    sketch.text(right, y + 13, text, MARK, "t3", "r")


def _flag_block(desk: Desk, part: Part, rect: Rect, flag: Flag) -> None:
    def draw(sketch: Sketch) -> None:
        style, colour = (LABEL_STRONG, "t1") if flag.now else (LABEL, "t2")
        sketch.box(rect, "s3" if flag.now else "s2", radius=3)
        sketch.text(rect[0] + PAD, rect[1] + FLAG // 2, flag.text, style, colour)
        sketch.button(rect, Seek(flag.tick), flag.whole)

    desk.memo.block(part, ("flag", flag.number), rect, flag, draw, "s1")


def playhead(strip: Strip, position: float) -> list[Node]:
    """Return the playhead at a position between ticks; it moves on in every frame."""
    x, (_, y, _, h) = strip.scale.x(position), strip.rect
    sides = ((x - 5, y - 6), (x + 6, y - 6), (x + 6, y + 2), (x + 1, y + 8), (x - 5, y + 2))
    line = ((x, y - 2), (x + 2, y - 2), (x + 2, y + h + 2), (x, y + h + 2))
    return [Polygon(line, "focus"), Polygon(sides, "focus")]
