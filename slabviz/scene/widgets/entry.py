"""The line to type into: find a cache, somebody or an address, with what was found under it; or go to a tick."""

from __future__ import annotations

from slabviz.scene.commands import Close, TakeHit
from slabviz.scene.display import Node, Rect, Target
from slabviz.scene.find import Found, Hit
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.digits import grouped
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import BODY, LABEL, LABEL_STRONG, MARK, VALUE
from slabviz.scene.profiles.profile import objects
from slabviz.scene.view import Asked, Entry, ViewState

_WIDE = 560
_PAD = 16
_ROW = 32
_LINE = 36
_TOP = 12
"""Below the caption."""


def entry_nodes(
    desk: Desk, view: ViewState, entry: Entry, found: Found, last_tick: int
) -> tuple[list[Node], list[Target]]:
    """Draw it over the stage, under the caption; a press beside it closes it."""
    sketch = Sketch(desk.measure)
    rows = max(len(found.hits), 1) + (found.count > len(found.hits))
    wide = min(_WIDE, desk.regions.page[0] - 32)
    _, y, _, h = desk.regions.caption
    rect = ((desk.regions.page[0] - wide) // 2, y + h + _TOP, wide, 34 + _LINE + 12 + rows * _ROW + 30)
    sketch.button((0, 0, *desk.regions.page), Close())
    sketch.box(rect, "s1", "t3", radius=8)
    _head(sketch, desk, rect, entry)
    inside = (rect[0] + _PAD, rect[1] + 34 + _LINE + 12, wide - 2 * _PAD, rows * _ROW)
    if entry.asked is Asked.FIND:
        _hits(sketch, desk, view, inside, entry, found)
    else:
        _range(sketch, desk, inside, entry, last_tick)
    foot = desk.tr(f"interact.entry.{entry.asked.value}.foot")
    sketch.text(rect[0] + _PAD, rect[1] + rect[3] - 18, foot, LABEL, "t2", room=wide - 2 * _PAD)
    return sketch.nodes, [target for target in sketch.targets if target.command is not None]


def _head(sketch: Sketch, desk: Desk, rect: Rect, entry: Entry) -> None:
    """The question, and the line with its caret."""
    x, y, w, _ = rect
    sketch.text(x + _PAD, y + 18, desk.tr(f"interact.entry.{entry.asked.value}.title"), LABEL_STRONG, "cache")
    line = (x + _PAD, y + 34, w - 2 * _PAD, _LINE)
    sketch.box(line, "bg", "focus", width=2, radius=6)
    left, middle = line[0] + 12, line[1] + _LINE // 2
    room, shown = line[2] - 32, entry.text
    while shown and sketch.measure(shown, VALUE) > room:
        shown = shown[1:]  # the end that is being typed stays in sight
    if entry.text:
        left += sketch.text(left, middle, shown, VALUE, "t1") + 1
        sketch.box((left, middle - 9, 2, 18), "focus")
    else:
        sketch.box((left, middle - 9, 2, 18), "focus")
        sketch.text(left + 8, middle, desk.tr(f"interact.entry.{entry.asked.value}.empty"), BODY, "t3", room=room)


def _range(sketch: Sketch, desk: Desk, rect: Rect, entry: Entry, last_tick: int) -> None:
    """Which ticks there are, and whether this is one of them."""
    wrong = bool(entry.text) and tick_of(entry.text, last_tick) is None
    text = desk.tr(f"interact.entry.tick.{'outside' if wrong else 'range'}", last=grouped(last_tick))
    left = rect[0]
    if wrong:
        sketch.icon(left, rect[1] + _ROW // 2, "octagon", 16, "err", "ink")
        left += 24
    sketch.text(left, rect[1] + _ROW // 2, text, BODY, "t1" if wrong else "t2", room=rect[2])


def tick_of(text: str, last_tick: int) -> int | None:
    """The tick that was typed, if the run has it; spaces between digits are ignored."""
    digits = "".join(text.split())
    if not digits.isascii() or not digits.isdigit() or len(digits) > 12:
        return None
    return int(digits) if int(digits) <= last_tick else None


def _hits(sketch: Sketch, desk: Desk, view: ViewState, rect: Rect, entry: Entry, found: Found) -> None:
    x, y, w, _ = rect
    if not found.hits:
        sketch.text(x, y + _ROW // 2, _nothing(desk, entry, found), BODY, "t2", room=w)
        return
    for number, hit in enumerate(found.hits):
        row = (x - 4, y + number * _ROW + 2, w + 8, _ROW - 4)
        marked = number == entry.marked
        if marked or view.hover == TakeHit(number):
            sketch.box(row, "s3", "focus" if marked else None, width=2, radius=4)
        middle = row[1] + row[3] // 2
        kind = desk.tr(f"interact.entry.kind.{hit.kind}")
        sketch.text(x + 8, middle, kind, LABEL, "t2", room=92)
        right = sketch.text(x + w - 8, middle, _where(desk, hit, view), MARK, "t2", "r", room=w // 2)
        sketch.text(x + 104, middle, hit.name, VALUE, "t1", room=w - 8 - right - 116)
        sketch.button(row, TakeHit(number))
    if found.count > len(found.hits):
        more = desk.tr("layout.more", count=found.count - len(found.hits))
        sketch.text(x + 8, y + len(found.hits) * _ROW + _ROW // 2, more, LABEL, "t2")


def _nothing(desk: Desk, entry: Entry, found: Found) -> str:
    if not entry.text.strip():
        return desk.tr("interact.entry.find.start")
    if found.near:
        return desk.tr("interact.entry.find.near", text=entry.text.strip(), near=", ".join(found.near))
    return desk.tr("interact.entry.find.nothing", text=entry.text.strip())


def _where(desk: Desk, hit: Hit, view: ViewState) -> str:
    if hit.kind == "page":
        return desk.tr("interact.entry.pfn", pfn=grouped(hit.pfn or 0))
    if hit.cache is None:
        return desk.tr("interact.entry.idle")
    if hit.selected is not None and hit.selected.index is not None and hit.kind == "object":
        return desk.tr("interact.entry.object", index=hit.selected.index, slab=f"{hit.selected.slab:02d}")
    return objects(desk.tr, hit.held)
