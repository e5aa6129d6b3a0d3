"""Anchors: where the things that moves begin or end at stand (``state.Key`` to rectangle)."""

from __future__ import annotations

from slabviz.scene.display import Rect
from slabviz.scene.layout.cellgrid import Grid
from slabviz.scene.state import Key


class Anchors(dict[Key, Rect]):
    """Rectangles by key. Cells are computed when asked for; what is not drawn itself has the place that stands for it.

    Besides the keys of ``state.Key`` it knows the roads: ("channel", 1 or 2), ("corridor", "upper" or "lower"),
    ("gap", "holders") between the two columns of holders, and the regions ("node",), ("holders",), ("memory",),
    ("buddy",), ("log",), ("timeline",).
    """

    def __init__(self, places: dict[Key, Rect] | None = None) -> None:
        super().__init__(places or {})
        self.grids: dict[int, Grid] = {}
        """The grid of every slab that is drawn, by its id."""
        self.frames: tuple[int, int, int, int, int] | None = None
        """x, y, pitch, frames a cell, cells a row of the map of memory."""

    def __missing__(self, key: Key) -> Rect:
        found = self._computed(key)
        if found is None:
            raise KeyError(key)
        return found

    def get(self, key: Key, default: Rect | None = None) -> Rect | None:  # type: ignore[override]  # one default type
        """Return a place, also one that is computed, or ``default``."""
        try:
            return self[key]
        except KeyError:
            return default

    def _computed(self, key: Key) -> Rect | None:
        if key[0] == "cell":
            slab, index = key[1], key[2]
            assert isinstance(slab, int)
            assert isinstance(index, int)
            if slab in self.grids:
                return self.grids[slab].rect(index)
            return self.get(("slab", slab)) or self.get(("expected", slab))
        if key[0] == "slab" or key[0] == "expected":
            other = ("expected" if key[0] == "slab" else "slab", key[1])
            return dict.get(self, other)
        if key[0] == "frames" and self.frames is not None:
            return self._frame(int(str(key[1])))
        stand_in = _STAND_INS.get(str(key[0]))
        return None if stand_in is None or stand_in == key else self.get(stand_in)

    def _frame(self, pfn: int) -> Rect:
        assert self.frames is not None
        x, y, pitch, frames, columns = self.frames
        row, column = divmod(pfn // frames, columns)
        return x + column * pitch, y + row * pitch, pitch, pitch


_STAND_INS: dict[str, Key] = {
    "holder": ("more",), "more": ("holders",), "pcp": ("log",), "log": ("buddy",), "order": ("buddy",),
}  # fmt: skip
"""Where a place that is not drawn is shown instead."""
