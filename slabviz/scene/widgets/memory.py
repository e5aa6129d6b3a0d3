"""Physical memory: the map of page frames, its legend, and the pages of the current step."""

from __future__ import annotations

from slabviz.scene.display import Pixels, Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.frame_map import OTHERS, PALETTE, THIS_CACHE, FrameMap, frame_map
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, LABEL_STRONG, MARK, PANEL
from slabviz.scene.state import Buddy
from slabviz.scene.widgets.signposts import TAG, tag

_PAGE_BYTES = 4096
LINE = 16
"""Height that an address needs, px."""
_AXIS = 50
_LEGEND = ((THIS_CACHE, "cache"), (OTHERS, "others"), (0, "free"))


def memory_part(desk: Desk, buddy: Buddy) -> Part:
    """Return the panel at the left of the buddy row."""
    rect = desk.regions.memory
    inputs = (rect, buddy.title, buddy.frames, buddy.marked, buddy.marked_note, buddy.step)

    def make(part: Part) -> None:
        spot = (rect[0] + _AXIS, rect[1] + (26 if desk.compact else 35))
        room = rect[1] + rect[3] - spot[1] - 4
        picture = frame_map(buddy.frames, desk.metrics.pitch, room)
        part.anchors["memory",] = rect
        part.frames = (*spot, picture.pitch, picture.frames, picture.columns)
        desk.memo.block(part, ("memory",), rect, inputs, lambda sketch: _draw(sketch, desk, rect, spot, picture, buddy))

    return desk.memo.part(("memory",), inputs, make)


def _draw(sketch: Sketch, desk: Desk, rect: Rect, spot: tuple[int, int], picture: FrameMap, buddy: Buddy) -> None:
    x, y, w, _ = rect
    sketch.box(rect, "s1", "line", radius=8)
    middle = y + (14 if desk.compact else 18)
    title = desk.tr("layout.memory.short" if desk.compact else "layout.memory.title", size=buddy.title)
    left = x + 16 + sketch.text(x + 16, middle, title, PANEL, "t1") + 16
    right = _legend(sketch, desk, x + w - 12, middle, picture.frames)
    sketch.nodes.append(Pixels(*spot, picture.width, picture.height, picture.rows, PALETTE))
    _axis(sketch, spot, picture, len(buddy.frames))
    if buddy.marked is not None:
        _marked(sketch, buddy, spot, picture, (left, right - 12), middle)


def _legend(sketch: Sketch, desk: Desk, right: int, middle: int, frames: int) -> int:
    """Write the legend from the right end and return where it begins."""
    if frames > 1:
        right -= sketch.text(right, middle, desk.tr("layout.memory.each", pages=frames), LABEL, "t3", "r") + 12
    for code, name in reversed(_LEGEND):
        short = "_short" if name == "others" and frames > 1 and desk.compact else ""
        right -= sketch.text(right, middle, desk.tr(f"layout.memory.{name}{short}"), LABEL, "t2", "r") + 6
        right -= 10
        if code == THIS_CACHE:
            sketch.box((right, middle - 5, 10, 10), "slab")
        else:
            side, colour = (3, "others") if code == OTHERS else (2, "free")
            for dx, dy in ((1, -4), (6, -4), (1, 1), (6, 1)):
                sketch.box((right + dx, middle + dy, side, side), colour)
        right -= 10 if desk.compact else 14
    return right


def _axis(sketch: Sketch, spot: tuple[int, int], picture: FrameMap, pages: int) -> None:
    """Write the address at each quarter of the map."""
    x, y = spot
    for quarter in range(4):
        row = picture.lines * quarter // 4
        first = row * picture.columns * picture.frames
        kibibytes = first * _PAGE_BYTES >> 10
        text = f"{kibibytes >> 10}M" if kibibytes % 1024 == 0 and kibibytes else f"{kibibytes}K" if kibibytes else "0"
        if first < pages and (quarter == 0 or picture.lines * picture.pitch >= 4 * LINE):
            sketch.text(x - 8, y + row * picture.pitch + 6, text, MARK, "t3", "r")


def _marked(
    sketch: Sketch, buddy: Buddy, spot: tuple[int, int], picture: FrameMap, room: tuple[int, int], middle: int
) -> None:
    """Frame the pages of the current step, and join them to the number of the step in the title."""
    assert buddy.marked is not None
    x, y, w, h = marked_rect(buddy.marked, spot, picture)
    sketch.box((x - 5, y - 5, w + 10, h + 10), None, "s1", width=2, radius=3)  # parts it from pages of the same light
    sketch.box((x - 3, y - 3, w + 6, h + 6), None, "slow", width=2, radius=2)
    step = TAG[0] if buddy.step is not None else 0
    wide = step + 6 + sketch.measure(buddy.marked_note, LABEL_STRONG)
    note = room[1] - room[0] >= wide
    if not note:
        wide = step
    if not wide or room[1] - room[0] < wide:
        return
    left = min(max(x + w // 2 - TAG[0] // 2, room[0]), room[1] - wide)
    stem = min(max(left + 10, x), x + w)
    sketch.line(
        ((left + 10, middle + 8), (left + 10, spot[1] - 2), (stem, spot[1] - 2), (stem, y - 3)), "slow", width=1.5
    )
    text = left
    if buddy.step is not None:
        tag(sketch, left, middle - TAG[1] // 2, str(buddy.step), "done")
        text += TAG[0] + 6
    if note:
        sketch.text(text, middle, buddy.marked_note, LABEL_STRONG, "slow")


def marked_rect(marked: tuple[int, int], spot: tuple[int, int], picture: FrameMap) -> Rect:
    """Return the place of a block of pages in the map."""
    first, count = marked[0] // picture.frames, -(-marked[1] // picture.frames)
    row, column = divmod(first, picture.columns)
    lines = -(-(column + count) // picture.columns)
    wide = count if lines == 1 else picture.columns
    left = column if lines == 1 else 0
    return spot[0] + left * picture.pitch, spot[1] + row * picture.pitch, wide * picture.pitch, lines * picture.pitch
