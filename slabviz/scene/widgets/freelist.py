"""A CPU's freelist: chips linked by arrows, the next object to be handed out first, a bar at the end."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.display import Measure, Rect
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import MARK, MARK_STRONG

_END = 8
"""From the last chip to the bar at the end."""
_BAR = 2


@dataclass(slots=True, frozen=True)
class Chips:
    """``most`` chips of side ``chip``, ``link`` px apart."""

    most: int
    chip: int
    link: int


def shown_chips(chain: tuple[int, ...], chips: Chips, room: int, measure: Measure) -> tuple[list[int], int]:
    """Return the widths of the chips that are drawn, and how many objects the chip "+N" stands for (0: there is none).

    If the chain is longer than the chips there are, the last of them says "+N"; wide ones may cost another.
    """
    widths = [max(chips.chip, measure(str(index), MARK_STRONG) + 6) for index in chain[: chips.most]]
    if len(chain) <= chips.most and sum(widths) + chips.link * (len(widths) - 1) + _END + _BAR <= room:
        return widths, 0
    shown = min(chips.most - 1, len(chain))
    while shown > 0 and _taken(widths[:shown], len(chain) - shown, chips, measure) > room:
        shown -= 1
    return widths[:shown], len(chain) - shown


def _taken(widths: list[int], rest: int, chips: Chips, measure: Measure) -> int:
    return sum(widths) + chips.link * len(widths) + _rest_width(rest, chips, measure) + _END


def _rest_width(rest: int, chips: Chips, measure: Measure) -> int:
    return max(chips.chip, measure(f"+{rest}", MARK) + 4)


def draw_freelist(sketch: Sketch, area: Rect, chain: tuple[int, ...], chips: Chips) -> None:
    """Draw the chain along the middle of ``area``; ``NULL`` stands behind the end bar where there is room."""
    x, y, w, h = area
    middle, right, side = y + h // 2, x + w, chips.chip
    widths, rest = shown_chips(chain, chips, w, sketch.measure)
    for number, (index, wide) in enumerate(zip(chain, widths, strict=False), 1):
        sketch.box((x, middle - side // 2, wide, side), "freeF", "free", radius=4)
        sketch.text(x + wide // 2, middle, str(index), MARK_STRONG, "free", "m")
        last = number == len(chain)
        step = _END if last else chips.link
        sketch.line(((x + wide, middle), (x + wide + step, middle)), "free", width=1.5, arrow=not last)
        x += wide + step
    if rest:
        x = _rest_chip(sketch, x, middle, rest, chips)
    sketch.box((min(x, right - _BAR), middle - 6, _BAR, 12), "free")
    if x + 8 + sketch.measure("NULL", MARK) <= right:
        sketch.text(x + 8, middle, "NULL", MARK, "t3")


def _rest_chip(sketch: Sketch, x: int, middle: int, rest: int, chips: Chips) -> int:
    """Draw the dashed chip "+N" and the line behind it; return where that ends."""
    width, side = _rest_width(rest, chips, sketch.measure), chips.chip
    sketch.box((x, middle - side // 2, width, side), None, "free", radius=4, dash=(3, 2))
    sketch.text(x + width // 2, middle, f"+{rest}", MARK, "t2", "m")
    sketch.line(((x + width, middle), (x + width + _END - _BAR, middle)), "free", width=1.5)
    return x + width + _END - _BAR
