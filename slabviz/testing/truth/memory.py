"""Truth of the buddy row: free blocks and page sets make up the free pages, and the map shows the same frames."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from slabviz.model.zone import FRAME_FREE, FRAME_PCP
from slabviz.scene.display import Pixels
from slabviz.testing.truth.rule import Lie, differ, rule
from slabviz.testing.truth.shot import Shot

_ORDERS = 11
_ROW = 128
_LOG = frozenset({"take", "split", "merge"})


def _columns(shot: Shot) -> list[int]:
    """The numbers under the columns; they come in pairs, blocks and order."""
    return [int(text) for text in shot.texts("buddy")[-2 * _ORDERS :: 2] if text.isdecimal()]


@rule
def columns_of_free_blocks(shot: Shot) -> Iterator[Lie]:
    """Each column is as many blocks as the machine has free of that order."""
    if ("buddy",) in shot.blocks:
        counts = zip(*(zone.free_counts() for zone in shot.machine.zones), strict=True)
        yield from differ("free blocks", shot.where("buddy"), _columns(shot), [sum(order) for order in counts])


@rule
def free_pages_add_up(shot: Shot) -> Iterator[Lie]:
    """Free blocks × 2^order + pages in the per-CPU page sets = the free pages that the log's title says."""
    if ("log",) not in shot.blocks or ("buddy",) not in shot.blocks:
        return
    rect, zones = shot.where("log"), shot.machine.zones
    sets, free = _sets(shot), _free(shot)
    pages = [sum(zone.pcp[cpu].count for zone in zones) for cpu in range(len(shot.machine.cpus))]
    if sets is not None:
        yield from differ("page sets", rect, sets, pages if len(sets) == len(pages) else [sum(pages)])
    if free is not None:
        yield from differ("free pages", rect, free, sum(zone.nr_free + zone.pcp_pages() for zone in zones))
    if free is not None and sets is not None:
        total = sum(count << order for order, count in enumerate(_columns(shot))) + sum(sets)
        yield from differ("free blocks × 2^order + page sets", rect, total, free)


def _free(shot: Shot) -> int | None:
    found = next((match for text in shot.texts("log") if (match := shot.said("stage.buddy.summary", text))), None)
    return int(found["free"]) if found and found["free"].isdecimal() else None


def _sets(shot: Shot) -> list[int] | None:
    """The counts in the last row: one a CPU, or their sum."""
    texts, label = shot.texts("log"), shot.words.texts["layout.log.sets"]
    if label not in texts[:-1]:
        return None
    row = texts[texts.index(label) + 1]
    total = shot.said("layout.log.sum", row)
    if total is not None:
        return [int(total["pages"])]
    parts = [re.fullmatch(r"(?:CPU\d+ )?(\d+)", part) for part in row.split(" · ")]
    return [int(part[1]) for part in parts if part] if all(parts) else None


@rule
def map_of_page_frames(shot: Shot) -> Iterator[Lie]:
    """As many marks are free, in a page set, or this cache's, as frames are."""
    block = shot.blocks.get(("memory",))
    picture = None if block is None else next((node for node in block.nodes if isinstance(node, Pixels)), None)
    if block is None or picture is None:
        return
    true = np.frombuffer(b"".join(bytes(zone.frames) for zone in shot.machine.zones), np.uint8)
    columns = _columns_of_the_map(picture, len(true))
    if columns is None:
        return  # a mark stands for several frames
    pitch = picture.w // columns
    codes = np.frombuffer(picture.rows, np.uint8).reshape(picture.h // pitch, pitch, columns, pitch)

    def marks(colour: str) -> int:
        return int((codes == picture.palette.index(colour)).any(axis=(1, 3)).sum())

    sets, free = int((true == FRAME_PCP).sum()), int((true == FRAME_FREE).sum())
    pages = sum(1 << slab.order for slab in shot.machine.slabs.values() if slab.cache is shot.cache)
    yield from differ("frames in page sets", block.rect, marks("t3"), sets)
    yield from differ("free frames", block.rect, marks("free*45+s1"), free + sets)
    yield from differ("frames of this cache", block.rect, marks("slab"), pages)


def _columns_of_the_map(picture: Pixels, frames: int) -> int | None:
    """Marks in a row, where each stands for one frame: 128, fewer and larger ones where memory is small."""
    for columns in (_ROW, _ROW // 2, _ROW // 4):
        pitch = picture.w // columns
        lines, rest = divmod(picture.h, pitch)
        if rest == 0 and (lines - 1) * columns < frames <= lines * columns:
            return columns
    return None


@rule
def log_of_the_buddy_system(shot: Shot) -> Iterator[Lie]:
    """The log's lines are events that have happened, in order."""
    if ("log",) not in shot.blocks:
        return
    lines = sum(icon.name in _LOG for icon in shot.icons("log"))
    ticks = [int(text) for text in shot.texts("log") if text.isdecimal()][:lines]
    if any(tick > shot.tick for tick in ticks):
        yield "log", shot.where("log"), f"a line of tick {max(ticks)} has not happened yet"
    if ticks not in (sorted(ticks), sorted(ticks, reverse=True)):
        yield "log", shot.where("log"), f"its lines are not in order: {ticks}"
