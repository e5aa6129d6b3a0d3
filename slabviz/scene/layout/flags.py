"""Where the flags of the chapters stand: beside their lines, never under the playhead or over each other."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.display import Measure
from slabviz.scene.layout.digits import grouped
from slabviz.scene.layout.strip import Strip
from slabviz.scene.layout.styles import LABEL, LABEL_STRONG

PAD = 7
_GAP = 4
CLEAR = 6
"""Between the playhead and a flag."""


@dataclass(slots=True, frozen=True)
class Flag:
    """``text`` is as long as there is room for: number, title and tick; without the tick; the number alone."""

    number: int
    tick: int
    left: int
    width: int
    text: str
    whole: str
    now: bool


def place_flags(strip: Strip, tick: int, end: int, measure: Measure) -> list[Flag]:
    """Place the flags left of ``end``; the current chapter's is placed first, its neighbours have the rest."""
    count = len(strip.chapters)
    starts = [strip.scale.x(start) for start, _ in strip.chapters]
    current = max((number for number, (start, _) in enumerate(strip.chapters) if start <= tick), default=-1)
    head = strip.scale.x(tick)
    placed: dict[int, Flag] = {}
    for number in sorted(range(count), key=lambda number: number != current):
        others = [(flag.left - _GAP, flag.left + flag.width + _GAP) for flag in placed.values()]
        limit = end if number == current or number + 1 == count else min(starts[number + 1] - 2, end)
        flag = _flag(strip, number, number == current, starts[number], limit, head, others, measure)
        if flag is not None:
            placed[number] = flag
    return [placed[number] for number in sorted(placed)]


def _flag(
    strip: Strip, number: int, now: bool, start: int, limit: int, head: int, others: list[tuple[int, int]],
    measure: Measure,
) -> Flag | None:  # fmt: skip
    """Return the longest text that stands free, right of the line or left of the playhead; None if none does."""
    tick, title = strip.chapters[number]
    style = LABEL_STRONG if now else LABEL
    whole = f"{number + 1} {title} · {grouped(tick)}"
    for text in (whole, f"{number + 1} {title}", str(number + 1)):
        width = measure(text, style) + 2 * PAD
        for left in (start, head - CLEAR - 2 - width, head + CLEAR + 2):
            if left != start and not start - width <= left <= start + width:
                continue
            inside = strip.scale.left <= left and left + width <= limit
            clear = not left - CLEAR < head < left + width + CLEAR
            if inside and clear and all(left + width <= before or left >= behind for before, behind in others):
                return Flag(number, tick, left, width, text, whole, now)
    return None
