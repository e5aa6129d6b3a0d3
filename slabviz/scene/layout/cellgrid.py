"""How the objects of a slab are laid out on its card (visual specification, section 2.4)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from slabviz.scene.display import Rect

LARGEST = 26
"""Largest side of a cell."""
OUTLINED = 6
"""Smaller cells have no outline and a gap of 1 px."""
_BAR = 16
"""Height of a fill bar at most."""
SMALLEST = 3
"""Where even cells of this side find no room, a bar shows how full the slab is."""


@dataclass(slots=True, frozen=True)
class Grid:
    """``objects`` cells in rows of ``columns``; ``cell`` is (width, height), ``objects`` 0 columns mean a fill bar."""

    x: int
    y: int
    columns: int
    cell: tuple[int, int]
    gap: int
    area: Rect

    @property
    def is_bar(self) -> bool:
        """Tell whether the cells would be too small to be seen one by one."""
        return self.columns == 0

    def rect(self, index: int) -> Rect:
        """Return the place of an object; of the whole bar where there are no cells."""
        if self.is_bar:
            return self.area
        row, column = divmod(index, self.columns)
        w, h = self.cell
        return self.x + column * (w + self.gap), self.y + row * (h + self.gap), w, h

    def index_at(self, x: int, y: int) -> int | None:
        """Return the place under a point, which may be empty behind the last object; None beside the cells."""
        w, h = self.cell
        column, row = (x - self.x) // (w + self.gap), (y - self.y) // (h + self.gap)
        left, top, wide, tall = self.area
        if self.is_bar or not (left <= x < left + wide and top <= y < top + tall):
            return None
        return row * self.columns + column if 0 <= column < self.columns and row >= 0 else None


def grid(area: Rect, objects: int) -> Grid:
    """Return the grid with the largest smaller side for ``objects`` cells inside ``area``."""
    x, y, w, h = area
    columns, cell, gap = _best(w, h, max(objects, 1))
    if not columns:
        tall = min(h, _BAR)
        return Grid(x, y, 0, cell, gap, (x, y + (h - tall) // 2, w, tall))
    rows = -(-max(objects, 1) // columns)
    spare = h - rows * (cell[1] + gap) + gap
    return Grid(x, y + spare // 2, columns, cell, gap, area)


@lru_cache(maxsize=1024)
def _best(w: int, h: int, objects: int) -> tuple[int, tuple[int, int], int]:
    """Return columns, cell and gap. Try outlined cells first: their gap is 2 px, that of smaller ones 1 px."""
    for gap, least in ((2, OUTLINED), (1, SMALLEST)):
        side, columns, cell = max(
            (_cells(w, h, objects, rows, gap) for rows in range(1, objects + 1)), key=lambda found: found[0]
        )
        if side >= least:
            return columns, cell, gap
    return 0, (w, h), 0


def _cells(w: int, h: int, objects: int, rows: int, gap: int) -> tuple[int, int, tuple[int, int]]:
    columns = -(-objects // rows)
    wide = min((w - gap * (columns - 1)) // columns, LARGEST)
    tall = min((h - gap * (rows - 1)) // rows, LARGEST)
    return min(wide, tall), columns, (min(wide, tall * 5 // 4), min(tall, wide * 5 // 4))
