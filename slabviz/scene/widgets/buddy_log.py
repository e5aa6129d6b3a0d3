"""The last events of the page allocator, and the per-CPU page sets."""

from __future__ import annotations

from slabviz.scene.display import Colour, Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.digits import grouped
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, MARK, PANEL
from slabviz.scene.state import Buddy, BuddyLine

_ICONS: dict[str, Colour] = {"split": "slow", "merge": "free", "take": "t3"}


def buddy_log_part(desk: Desk, buddy: Buddy) -> Part:
    """Return the panel at the right of the buddy row."""
    rect = desk.regions.log
    inputs = (rect, buddy.log, buddy.sets, buddy.summary)

    def make(part: Part) -> None:
        x, y, w, h = rect
        part.anchors["log",] = rect
        last = (x + 8, y + h - 30, w - 16, 26)
        part.anchors.update({("pcp", cpu): last for cpu in range(len(buddy.sets))})
        desk.memo.block(part, ("log",), rect, inputs, lambda sketch: _draw(sketch, desk, rect, buddy))

    return desk.memo.part(("log",), inputs, make)


def _draw(sketch: Sketch, desk: Desk, rect: Rect, buddy: Buddy) -> None:
    x, y, w, h = rect
    sketch.box(rect, "s1", "line", radius=8)
    title = y + (14 if desk.compact else 18)
    wide = sketch.text(x + 16, title, desk.tr("layout.log.title"), PANEL, "t1") + 12
    sketch.text(x + w - 14, title, buddy.summary, LABEL, "t2", "r", room=w - 30 - wide)
    rows, foot = (3, 28) if desk.compact else (4, 30)
    pitch = (h - (title - y) - 12 - foot) // rows
    ticks = max((sketch.measure(grouped(line.tick), MARK) for line in buddy.log[:rows]), default=0)
    for number, line in enumerate(buddy.log[:rows]):
        _row(sketch, (x + 8, title + 12 + number * pitch, w - 16, pitch), line, ticks)
    sketch.line(((x + 8, y + h - foot), (x + w - 8, y + h - foot)), "line")
    _sets(sketch, desk, rect, y + h - foot // 2 - 1, buddy)


def _row(sketch: Sketch, rect: Rect, line: BuddyLine, ticks: int) -> None:
    x, y, w, h = rect
    middle = y + h // 2
    if line.now:
        sketch.box((x, middle - 11, w, 22), "slowF", "slow", radius=4, dash=(4, 3))
    colour = _ICONS.get(line.icon, "t3")
    sketch.icon(x + 10, middle, line.icon if line.icon in _ICONS else "take", 14, colour)
    left = x + 34 + ticks + 14
    sketch.text(left - 14, middle, grouped(line.tick), MARK, "t3", "r")
    sketch.text(left, middle, line.text, LABEL, "t1" if line.now else "t2", room=x + w - 8 - left)


def _sets(sketch: Sketch, desk: Desk, rect: Rect, middle: int, buddy: Buddy) -> None:
    """One count a CPU if that fits, else the sum with the counts in the tooltip."""
    x, _, w, _ = rect
    label = sketch.text(x + 16, middle, desk.tr("layout.log.sets"), LABEL, "t3", room=w // 2) + 7
    each = " · ".join(f"{name} {pages}" for name, pages in buddy.sets)
    room = w - 16 - label - 8
    if sketch.measure(each, MARK) <= room:
        sketch.text(x + 16 + label, middle, each, MARK, "t1")
        return
    short = " · ".join(str(pages) for _, pages in buddy.sets)
    total = sum(pages for _, pages in buddy.sets)
    if sketch.measure(short, MARK) > room or len(buddy.sets) > 8:
        short = desk.tr("layout.log.sum", pages=total, cpus=len(buddy.sets))
    sketch.text(x + 16 + label, middle, short, MARK, "t1", room=room)
    sketch.tip((x + 16, middle - 12, w - 32, 24), each)
