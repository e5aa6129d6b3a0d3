"""The picture of a lesson: slabs of its caches by their real geometry, with the objects its askers could hold."""

from __future__ import annotations

from slabviz.model.sizing import PAGE_SIZE
from slabviz.scene.display import Rect
from slabviz.scene.layout.cellgrid import Grid, grid
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import MARK
from slabviz.scene.start.course import Details, MiniCache

_PAD = 10
_LABEL = 18
_OUTLINED = 5
"""Cells larger than this have an outline."""
_OWNERS = 7
"""Colours of owners."""


def miniature(sketch: Sketch, rect: Rect, details: Details | None) -> None:
    """One slab as a grid of its objects, or several as bars, each as long as its pages."""
    x, y, w, h = rect
    sketch.box(rect, "s2", radius=6)
    if details is None or not details.caches:
        _skeleton(sketch, rect)
    elif len(details.caches) == 1:
        _slab(sketch, (x + _PAD, y + 6, w - 2 * _PAD, h - 12), details.caches[0], details.askers)
    else:
        tall = (h - 8) // len(details.caches)
        most = max(cache.pages for cache in details.caches)
        for number, cache in enumerate(details.caches):
            _bar(sketch, (x + _PAD, y + 4 + number * tall, w - 2 * _PAD, tall), cache, most, details.askers)


def _skeleton(sketch: Sketch, rect: Rect) -> None:
    """Until the file has been read."""
    x, y, w, h = rect
    sketch.box((x + _PAD, y + 28, w - 2 * _PAD, h - 40), "s3", radius=4)


def _label(sketch: Sketch, rect: Rect, cache: MiniCache) -> None:
    x, y, w, _ = rect
    shape = f"{cache.objects} × {cache.size} B"
    right = sketch.measure(shape, MARK)
    sketch.text(x, y + _LABEL // 2, cache.name, MARK, "cache", room=w - right - 12)
    sketch.text(x + w, y + _LABEL // 2, shape, MARK, "t2", "r")


def _slab(sketch: Sketch, rect: Rect, cache: MiniCache, askers: int) -> None:
    x, y, w, h = rect
    _label(sketch, rect, cache)
    area = (x, y + _LABEL + 2, w, h - _LABEL - 2)
    sketch.box(area, "slabF", "slab", radius=4)
    inside = (area[0] + 4, area[1] + 4, area[2] - 8, area[3] - 8)
    cells = grid(inside, cache.objects)
    if cells.is_bar:
        _strip(sketch, inside, cache, askers)
        return
    used = cells.columns * (cells.cell[0] + cells.gap) - cells.gap
    shift = (inside[2] - used) // 2
    for index in range(cache.objects):
        _cell(sketch, _moved(cells, index, shift), _holder(index, cache.objects, askers),
              outlined=min(cells.cell) > _OUTLINED)  # fmt: skip


def _moved(cells: Grid, index: int, shift: int) -> Rect:
    x, y, w, h = cells.rect(index)
    return x + shift, y, w, h


def _bar(sketch: Sketch, rect: Rect, cache: MiniCache, most: int, askers: int) -> None:
    """``most``: pages that the whole width stands for."""
    x, y, w, h = rect
    if h < 26 + _LABEL // 2:  # three of them: the name stands beside its bar
        wide = w * 38 // 100
        sketch.text(x, y + h // 2, cache.name, MARK, "cache", room=wide - 8)
        area = (x + wide, y + (h - 14) // 2, w - wide, 14)
    else:
        _label(sketch, rect, cache)
        area = (x, y + _LABEL, w, 14)
    _strip(sketch, (area[0], area[1], area[2] * cache.pages // most, area[3]), cache, askers)


def _strip(sketch: Sketch, rect: Rect, cache: MiniCache, askers: int) -> None:
    """A slab from its first byte to its last: objects at their places, what is left over at the end."""
    x, y, w, h = rect
    sketch.box(rect, "slabF", "slab", radius=2)
    room, whole = w - 4, cache.pages * PAGE_SIZE
    shown = cache.objects if room * cache.size // whole >= 3 else 0
    outlined = room * cache.size // whole > _OUTLINED
    for index in range(shown):
        left = x + 2 + room * index * cache.size // whole
        right = x + 2 + room * (index + 1) * cache.size // whole
        _cell(sketch, (left, y + 2, max(right - left - 1, 2), h - 4), _holder(index, cache.objects, askers),
              outlined=outlined)  # fmt: skip
    if not shown:  # too many to be told apart: how far they reach
        end = room * cache.objects * cache.size // whole
        sketch.box((x + 2, y + 2, end // 2, h - 4), "owner0")
        sketch.box((x + 2 + end // 2, y + 2, end - end // 2, h - 4), "freeF")


def _holder(index: int, objects: int, askers: int) -> int | None:
    """Who of the lesson's askers has an object when half of a slab is handed out in turn; None: free."""
    return index % max(min(askers, _OWNERS), 1) if 2 * index < objects else None


def _cell(sketch: Sketch, rect: Rect, holder: int | None, *, outlined: bool) -> None:
    radius = 2 if outlined else 0
    if holder is None:
        sketch.box(rect, "freeF", "free" if radius else None, radius=radius)
    else:
        sketch.box(rect, f"owner{holder}", radius=radius)
