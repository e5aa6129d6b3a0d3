"""Where everything of the overview stands: groups, tiles in them, and the grid of blocks in a tile. Made once a run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from slabviz.scene.display import Rect
from slabviz.scene.layout.metrics import CAPTION_GAP
from slabviz.scene.layout.regions import Regions
from slabviz.scene.layout.treemap import treemap
from slabviz.scene.story.cache_groups import GROUPS
from slabviz.scene.story.kernel import Overview

HEADER = 20
"""Height of the line with a tile's name."""
LABELLED = (72, 36)
"""Tiles of at least this size have a name."""
LARGEST_BLOCK = 18
GAPPED = 3
"""Blocks from this side on have a gap of 1 px."""
_SMALL_BYTES = 26 * 1024
_SMALL_AREA = 18 * 18
"""Caches with less memory whose tile would be smaller than this share one tile of their group."""
_BETWEEN = 12
_LONGEST = 3
"""A block is at most so many times as wide as it is high."""


@dataclass(slots=True, frozen=True)
class Blocks:
    """``columns`` × ``rows`` blocks of ``cell`` px (gap included), from (x, y) on. One block is ``each`` objects."""

    x: int
    y: int
    columns: int
    rows: int
    cell: tuple[int, int]
    gap: int
    each: int = 1


@dataclass(slots=True, frozen=True)
class TilePlace:
    """One cache. ``named``: there is room for its name."""

    cache: int
    group: str
    rect: Rect
    named: bool
    blocks: Blocks | None


@dataclass(slots=True, frozen=True)
class SmallPlace:
    """The small caches of a group, and the sum of their areas."""

    group: str
    rect: Rect
    caches: tuple[int, ...]


@dataclass(slots=True, frozen=True)
class GroupPlace:
    """One group; ``named``: there is room for its name."""

    key: str
    rect: Rect
    named: bool


@dataclass(slots=True, frozen=True, eq=False)
class KernelMap:
    """The whole map. Two are equal only if they are the same object."""

    rect: Rect
    groups: tuple[GroupPlace, ...]
    tiles: tuple[TilePlace, ...]
    small: tuple[SmallPlace, ...]


@dataclass(slots=True, frozen=True)
class Columns:
    """The regions of the screen."""

    map: Rect
    table: Rect
    card: Rect
    legend: Rect


def columns(at: Regions) -> Columns:
    """The map at the left, at the right a table, the chosen cache and the legend."""
    m = at.metrics
    top = m.top_bar + m.caption + CAPTION_GAP
    tall = at.timeline[1] - CAPTION_GAP - top
    right = m.right + 48 + (at.page[0] - m.page[0]) // 5
    left = at.page[0] - m.margin - right
    gap = 8
    legend, card = 124, 108
    return Columns(
        map=(m.margin, top, left - m.margin - max(m.channel2 // 2, 12), tall),
        table=(left, top, right, tall - legend - card - 2 * gap),
        card=(left, top + tall - legend - gap - card, right, card),
        legend=(left, top + tall - legend, right, legend),
    )


def kernel_map(overview: Overview, rect: Rect) -> KernelMap:
    """Lay the map out: areas in proportion to the memory of the objects at its most."""
    weights = overview.atlas.weights
    members = {key: [cache for cache, group in enumerate(overview.group_of) if group == key] for key in GROUPS}
    sums = [sum(weights[cache] for cache in members[key]) for key in GROUPS]
    groups, tiles, small = [], [], []
    for key, area in zip(GROUPS, treemap(sums, rect), strict=True):
        if area[2] > 2 and area[3] > 2:
            place = _group(key, area)
            groups.append(place)
            own, rest = _tiles(overview, members[key], place)
            tiles += own
            small += rest
    return KernelMap(rect, tuple(groups), tuple(tiles), tuple(small))


def _group(key: str, area: Rect) -> GroupPlace:
    x, y, w, h = area
    rect = (x + 1, y + 1, w - 2, h - 2)
    return GroupPlace(key, rect, rect[2] >= LABELLED[0] and rect[3] >= 2 * LABELLED[1])


def _tiles(overview: Overview, caches: list[int], group: GroupPlace) -> tuple[list[TilePlace], list[SmallPlace]]:
    x, y, w, h = group.rect
    head = HEADER + 2 if group.named else 2
    inner = (x + 2, y + head, w - 4, h - head - 2)
    weights = overview.atlas.weights
    total = sum(weights[cache] for cache in caches)
    whole = max(inner[2], 0) * max(inner[3], 0)
    is_small = {c: weights[c] < _SMALL_BYTES and weights[c] * whole < _SMALL_AREA * total for c in caches}
    large = [cache for cache in caches if weights[cache] and not is_small[cache]]
    rest = [cache for cache in caches if weights[cache] and is_small[cache]]
    areas = treemap([*(weights[cache] for cache in large), sum(weights[cache] for cache in rest)], inner)
    tiles = [_tile(overview, cache, group.key, area) for cache, area in zip(large, areas, strict=False)]
    shown = [tile for tile in tiles if tile.rect[2] > 1 and tile.rect[3] > 1]
    room = _shrunk(areas[-1])
    return shown, [SmallPlace(group.key, room, tuple(rest))] if rest and min(room[2:]) > 1 else []


def _shrunk(area: Rect) -> Rect:
    """Half the gap to the neighbours."""
    x, y, w, h = area
    return x + 1, y + 1, w - 2, h - 2


def _tile(overview: Overview, cache: int, group: str, area: Rect) -> TilePlace:
    x, y, w, h = rect = _shrunk(area)
    named = w >= LABELLED[0] and h >= LABELLED[1]
    head = HEADER if named else 3
    first, behind = overview.atlas.base[cache : cache + 2]
    return TilePlace(cache, group, rect, named, blocks((x + 3, y + head, w - 6, h - head - 3), behind - first))


@lru_cache(maxsize=2048)
def blocks(area: Rect, count: int) -> Blocks | None:
    """Return the largest blocks that ``count`` objects find room with; where there are more objects than pixels a
    pixel is several. None where there is no room at all."""
    x, y, w, h = area
    if w <= 0 or h <= 0 or not count:
        return None
    if count > w * h:
        each = -(-count // (w * h))
        shown = -(-count // each)
        return Blocks(x, y, w, -(-shown // w), (1, 1), 0, each)
    best = max((_grid(w, h, count, tall) for tall in range(1, min(LARGEST_BLOCK, h) + 1)), key=lambda found: found[0])
    _, wide, tall, across = best
    down = -(-count // across)
    return Blocks(x, y, across, down, (wide, tall), int(min(wide, tall) >= GAPPED))


def _grid(w: int, h: int, count: int, tall: int) -> tuple[tuple[int, int], int, int, int]:
    """(how good, width, height, columns) of blocks of this height; of no width where they find no room."""
    across = -(-count // (h // tall))
    wide = min(w // across, LARGEST_BLOCK, tall * _LONGEST)
    if not wide or tall > wide + 1:  # upright blocks would look like stripes
        return (0, 0), 0, tall, across
    return (wide * tall, min(wide, tall)), wide, tall, w // wide
