"""Things on the stage that can be pointed at, in the order of the keyboard. Each is named by the key of its place."""

from __future__ import annotations

from collections.abc import Iterator

from slabviz.scene.display import Rect
from slabviz.scene.layout.anchors import Anchors
from slabviz.scene.levels import Selected
from slabviz.scene.state import Key, SlabCard, StageState

Thing = tuple[Key, Rect]

_WITHIN_LANE = ("slab", "chain")
_WHOLE = (("memory",), ("buddy",), ("log",))
"""The row below the stage."""


def things(anchors: Anchors) -> tuple[Thing, ...]:
    """What the focus goes through: lanes with their parts, the cache, the node with its slabs, holders, the row below.

    Slabs without a place of their own are left out, as are the objects: somebody's are found at the holder.
    """
    found = dict(_ordered(anchors))
    return tuple(found.items())


def _ordered(anchors: Anchors) -> Iterator[Thing]:
    for key in sorted((key for key in anchors if key[0] == "lane"), key=lambda key: (anchors[key][:2], str(key))):
        yield key, anchors[key]
        yield from _inside(anchors, anchors[key], _WITHIN_LANE)
    for key in (("strip",), ("node",)):
        if key in anchors:
            yield key, anchors[key]
    if ("node",) in anchors:
        yield from _inside(anchors, anchors["node",], ("slab",))
    counted = anchors.get(("more",))
    yield from _sorted(anchors, [key for key in anchors if key[0] == "holder" and anchors[key] != counted])
    yield from ((key, anchors[key]) for key in _WHOLE if key in anchors)


def _inside(anchors: Anchors, area: Rect, kinds: tuple[str, ...]) -> Iterator[Thing]:
    keys = [key for key in anchors if key[0] in kinds and _holds(area, anchors[key]) and _has_place(anchors, key)]
    return _sorted(anchors, keys)


def _sorted(anchors: Anchors, keys: list[Key]) -> Iterator[Thing]:
    yield from ((key, anchors[key]) for key in sorted(keys, key=lambda key: (anchors[key][1], anchors[key][0])))


def _has_place(anchors: Anchors, key: Key) -> bool:
    """Whether a slab is drawn itself: else it only stands behind a count."""
    return key[0] != "slab" or key[1] in anchors.grids


def thing_at(anchors: Anchors, x: int, y: int) -> Key | None:
    """The innermost thing under a point: an object, a page frame, an order, a card, a region."""
    for key, rect in reversed(tuple(_pointed(anchors))):
        if _contains(rect, x, y):
            return _part_at(anchors, key, x, y)
    return None


def _pointed(anchors: Anchors) -> Iterator[Thing]:
    """Regions first, small things last."""
    yield from things(anchors)
    yield from ((key, rect) for key, rect in anchors.items() if key[0] == "order")
    if ("nr_slabs",) in anchors:
        yield ("nr_slabs",), anchors["nr_slabs",]


def _part_at(anchors: Anchors, key: Key, x: int, y: int) -> Key:
    if key[0] == "slab" and isinstance(key[1], int):
        grid = anchors.grids[key[1]]
        if not grid.is_bar and _contains(grid.area, x, y):
            w, h = grid.cell
            column, row = (x - grid.x) // (w + grid.gap), (y - grid.y) // (h + grid.gap)
            if 0 <= column < grid.columns and row >= 0 and _contains(grid.rect(row * grid.columns + column), x, y):
                return "cell", key[1], row * grid.columns + column
    if key == ("memory",) and anchors.frames is not None:
        left, top, pitch, frames, columns = anchors.frames
        column, row = (x - left) // pitch, (y - top) // pitch
        if 0 <= column < columns and row >= 0:
            return "frames", (row * columns + column) * frames
    return key


def selected_of(key: Key | None) -> Selected | None:
    """The slab or object that a key names, if it names one."""
    if key is not None and key[0] == "slab" and isinstance(key[1], int):
        return Selected(key[1])
    if key is not None and key[0] == "cell" and isinstance(key[1], int) and isinstance(key[2], int):
        return Selected(key[1], key[2])
    return None


def key_of(selected: Selected) -> Key:
    """The key that names a slab or object."""
    return ("slab", selected.slab) if selected.index is None else ("cell", selected.slab, selected.index)


def card_of(state: StageState, slab: int) -> SlabCard | None:
    """A slab's card, if it stands on the stage or flies over it."""
    standing = [entry for lane in state.lanes for entry in (lane.active, *lane.parked)]
    for entry in (*standing, *state.node.partial, *state.node.full, *state.travelling):
        if isinstance(entry, SlabCard) and entry.slab == slab:
            return entry
    return None


def holder_of(state: StageState, selected: Selected | None) -> int | None:
    """Who holds the chosen object, or will, or did until now; None for a slab, and where nobody does."""
    if selected is None or selected.index is None:
        return None
    card = card_of(state, selected.slab)
    if card is None or selected.index >= len(card.cells):
        return None
    return card.cells[selected.index].actor or None


def _contains(rect: Rect, x: int, y: int) -> bool:
    left, top, w, h = rect
    return left <= x < left + w and top <= y < top + h


def _holds(area: Rect, rect: Rect) -> bool:
    return _contains(area, rect[0] + rect[2] // 2, rect[1] + rect[3] // 2)
