"""The rules behind the stage: regions, the grid of cells, slots, flags, and the map of memory."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from slabviz.scene.commands import Scrub
from slabviz.scene.display import Box, Measure, Style
from slabviz.scene.layout.bars import bar_picture
from slabviz.scene.layout.cellgrid import grid
from slabviz.scene.layout.density import Density
from slabviz.scene.layout.flags import place_flags
from slabviz.scene.layout.frame_map import frame_map
from slabviz.scene.layout.lane_slots import lane_rects, parked_slots
from slabviz.scene.layout.metrics import COMPACT, LARGE, REGULAR, metrics_for, picture_scale
from slabviz.scene.layout.overflow import split
from slabviz.scene.layout.regions import regions
from slabviz.scene.layout.sketch import Sketch, fitted
from slabviz.scene.widgets.freelist import Chips, draw_freelist, shown_chips
from slabviz.scene.widgets.profile_card import wrapped
from tests.scene.layout.page import inside, overlap, strip_for

BODY = Style("ui", 13)


def cells_of_ten(text: str, style: Style) -> int:
    return 10 * len(text)


@pytest.mark.parametrize(
    ("size", "stage", "timeline"),
    [((1280, 720), (104, 380), (632, 44)), ((1600, 900), (128, 472), (792, 56)), ((1920, 1080), (148, 580), (960, 64))],
)
def test_rows_are_those_of_the_specification(
    size: tuple[int, int], stage: tuple[int, int], timeline: tuple[int, int]
) -> None:
    page = regions(*size)
    assert (page.lanes[1], page.lanes[3]) == stage
    assert (page.timeline[1], page.timeline[3]) == timeline


def test_columns_are_those_of_the_specification() -> None:
    page = regions(1600, 900)
    assert [(rect[0], rect[2]) for rect in (page.lanes, page.channel1, page.node, page.channel2, page.holders)] == [
        (16, 584), (600, 56), (656, 512), (1168, 32), (1200, 384),
    ]  # fmt: skip


def test_extra_room_goes_to_columns_and_stage() -> None:
    base, wide = regions(1600, 900), regions(1700, 950)
    grown = [new[2] - old[2] for old, new in zip(
        (base.lanes, base.node, base.holders, base.channel1), (wide.lanes, wide.node, wide.holders, wide.channel1),
        strict=True,
    )]  # fmt: skip
    assert grown == [40, 40, 20, 0]
    assert wide.lanes[3] - base.lanes[3] == 50
    assert wide.buddy[3] == base.buddy[3]


@pytest.mark.parametrize("size", [(1280, 720), (1440, 800), (1600, 900), (1799, 1000), (1920, 1080), (3840, 2160)])
def test_regions_never_overlap(size: tuple[int, int]) -> None:
    page = regions(*size)
    rects = [
        page.top_bar, page.caption, page.lanes, page.channel1, page.strip, page.corridor_upper, page.node,
        page.corridor_lower, page.channel2, page.holders, page.memory, page.buddy, page.log, page.timeline,
        page.transport,
    ]  # fmt: skip
    assert [(a, b) for i, a in enumerate(rects) for b in rects[i + 1 :] if overlap(a, b)] == []
    assert all(inside(rect, (0, 0, *size)) for rect in rects)


def test_tiers() -> None:
    assert metrics_for(1439, 900) is COMPACT
    assert metrics_for(1600, 799) is COMPACT
    assert metrics_for(1799, 1200) is REGULAR
    assert metrics_for(1800, 1000) is LARGE


def test_a_small_window_shows_a_smaller_page() -> None:
    assert picture_scale((1600, 900)) == 1.0
    assert picture_scale((640, 720)) == 0.5
    assert picture_scale((2560, 1440), 2.0) == 2.0
    assert picture_scale((1920, 1080), 2.0) == 1.5


@pytest.mark.parametrize("objects", [*range(1, 65), 85, 102, 128, 170, 256, 300, 512])
@pytest.mark.parametrize("area", [(0, 0, 152, 24), (0, 0, 100, 23), (0, 0, 38, 24), (0, 0, 124, 34), (0, 0, 17, 20)])
def test_cells_stay_inside_and_apart(objects: int, area: tuple[int, int, int, int]) -> None:
    found = grid(area, objects)
    rects = [found.rect(index) for index in range(objects)]
    assert all(inside(rect, area) for rect in rects)
    if not found.is_bar:
        assert len({rect[:2] for rect in rects}) == objects
        assert min(found.cell) >= 3
        assert max(found.cell) <= 26
        assert found.gap == 1 or min(found.cell) >= 6


def test_the_row_count_makes_cells_largest() -> None:
    assert grid((0, 0, 152, 24), 5).columns == 5
    assert grid((0, 0, 38, 24), 5).columns == 3
    assert grid((0, 0, 38, 8), 512).is_bar


@pytest.mark.parametrize("count", [1, 2, 4, 5, 8, 9, 16, 17, 64, 256])
def test_lanes_stay_in_their_column(count: int) -> None:
    area = regions(1280, 720).lanes
    rects = lane_rects(area, count, 24)
    assert len(rects) == count
    assert all(inside(rect, area) for rect in rects)
    assert [1 for i, a in enumerate(rects) for b in rects[i + 1 :] if overlap(a, b)] == []


def test_parked_slots_shrink_before_they_are_counted() -> None:
    widths = [
        (parked_slots(192, limit, REGULAR, 15).width, parked_slots(192, limit, REGULAR, 15).more)
        for limit in (3, 4, 5, 30)
    ]
    assert widths == [(52, False), (29, False), (29, False), (29, True)]
    assert parked_slots(192, 30, REGULAR, 36).width == 40


def test_a_long_freelist_ends_in_a_chip_that_counts() -> None:
    chips = Chips(5, 24, 10)
    assert shown_chips((4, 1, 2), chips, 170, cells_of_ten) == ([24, 24, 24], 0)
    assert shown_chips(tuple(range(8)), chips, 190, cells_of_ten) == ([24] * 4, 4)
    assert shown_chips(tuple(range(300, 600)), chips, 190, cells_of_ten) == ([36, 36, 36], 297)


@pytest.mark.parametrize("length", [1, 5, 6, 300])
def test_the_freelist_ends_inside_its_room(length: int) -> None:
    sketch = Sketch(cells_of_ten)
    draw_freelist(sketch, (10, 0, 190, 50), tuple(range(200, 200 + length)), Chips(5, 24, 10))
    boxes = [node for node in sketch.nodes if isinstance(node, Box)]
    assert max(node.x + node.w for node in boxes) <= 200


def test_text_is_cut_with_an_ellipsis() -> None:
    assert fitted("task_struct", BODY, 200, cells_of_ten) == "task_struct"
    assert fitted("task_struct", BODY, 60, cells_of_ten) == "task_…"
    assert fitted("task_struct", BODY, 15, cells_of_ten) == ""


def test_tooltips_break_lines_with_and_without_spaces() -> None:
    assert wrapped("one two three", 70, cells_of_ten) == ["one two", "three"]
    assert wrapped("一二三四五", 30, cells_of_ten) == ["一二三", "四五"]


def test_the_pointer_on_the_timeline_is_a_tick() -> None:
    scrub = Scrub(left=100, width=400, last_tick=800)
    assert [scrub.tick_at(x) for x in (0, 100, 300, 500, 900)] == [0, 0, 400, 800, 800]


@pytest.mark.parametrize("tick", [0, 3, 460, 470, 921, 1000, 1840, 2300])
def test_no_flag_stands_under_the_playhead_or_over_another(tick: int, measure: Measure) -> None:
    strip = strip_for((16, 792, 1568, 56))
    flags = place_flags(strip, tick, 1530, measure)
    head = strip.scale.x(tick)
    assert [flag.number for flag in flags if flag.now] == [
        max(n for n, (start, _) in enumerate(strip.chapters) if start <= tick)
    ]
    assert all(not flag.left <= head <= flag.left + flag.width for flag in flags)
    assert all(a.left + a.width < b.left for a, b in pairwise(flags))


def test_bars_are_at_least_one_pixel() -> None:
    found = Density(np.array([0, 1, 1000]), np.array([1, 0, 100]), np.array([], np.int64))
    picture = bar_picture(found, 12, 10, 4)
    rows = np.frombuffer(picture.rows, np.uint8).reshape(14, 12)
    assert (rows[:, 1] == 2).sum() == 1
    assert (rows[:, 5] == 1).sum() == 1
    assert (rows[:, 9] == 1).sum() == 10
    assert not rows[:, 3].any()


def test_the_map_of_memory_has_a_mark_for_each_frame() -> None:
    picture = frame_map(bytes([2, 3, 0, 1]) + bytes(124), 4, 4)
    rows = np.frombuffer(picture.rows, np.uint8).reshape(picture.height, picture.width)
    assert (picture.width, picture.height, picture.frames) == (512, 4, 1)
    assert (rows[:3, :4] == 3).all()
    assert (rows[:2, 4:6] == 4).all()
    assert (rows[:, 8:12] > 0).sum() == 1
    assert (rows[:, 12:16] > 0).sum() == 2


def test_a_small_memory_has_larger_marks() -> None:
    picture = frame_map(bytes([2]) + bytes(255), 4, 128)
    rows = np.frombuffer(picture.rows, np.uint8).reshape(picture.height, picture.width)
    assert (picture.pitch, picture.columns, picture.lines, picture.frames) == (16, 32, 8, 1)
    assert picture.width == 512
    assert (rows[:15, :16] == 3).all()
    assert (rows == 3).sum() == 15 * 16


def test_much_memory_shares_marks_and_this_cache_is_seen_before_all_others() -> None:
    frames = bytearray(b"\x03" * 262_144)
    frames[1000] = 2
    picture = frame_map(bytes(frames), 4, 128)
    rows = np.frombuffer(picture.rows, np.uint8)
    assert picture.frames == 64
    assert picture.height <= 128
    assert (rows == 3).sum() == 12


def _moves(thing: int) -> bool:
    return thing >= 100


def test_what_moves_is_seen_though_the_list_is_too_long() -> None:
    assert split([1, 2, 3, 4, 5], 3, 2, _moves, int) == ([1, 2, 3], [4, 5])
    assert split([1, 2, 3, 4, 100], 3, 2, _moves, int) == ([1, 100, 3], [4, 2])
    assert split([1, 2, 3, 101, 102, 103], 3, 2, _moves, int) == ([1, 102, 101], [3, 2, 103])
    assert split([1, 2, 103, 101], 3, 1, _moves, int) == ([1, 2, 103], [101])
    assert split([1, 2], 2, 2, _moves, int) == ([1, 2], [])
