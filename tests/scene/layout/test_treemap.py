"""Squarified treemaps, and the grids of blocks in their tiles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slabviz.scene.layout.treemap import treemap
from slabviz.scene.screens.kernel.places import LARGEST_BLOCK, blocks
from tests.scene.layout.page import inside, overlap

WEIGHTS = st.lists(st.integers(0, 10**7), max_size=60)
SIDES = st.integers(1, 1200)


def test_the_example_of_the_paper() -> None:
    """Bruls et al., figure 4: 6 × 4 with areas 6, 6, 4, 3, 2, 2, 1 (here 100 times as large each way)."""
    found = treemap([6, 6, 4, 3, 2, 2, 1], (0, 0, 600, 400))
    assert found[:2] == [(0, 0, 300, 200), (0, 200, 300, 200)]
    assert found[2:4] == [(300, 0, 171, 233), (471, 0, 129, 233)]
    assert [rect[:2] for rect in found[4:]] == [(300, 233), (420, 233), (540, 233)]


@given(WEIGHTS, SIDES, SIDES)
def test_tiles_fill_the_room_without_overlap(weights: list[int], w: int, h: int) -> None:
    found = treemap(weights, (7, 9, w, h))
    assert len(found) == len(weights)
    shown = [rect for rect in found if rect[2] and rect[3]]
    assert all(inside(rect, (7, 9, w, h)) for rect in shown)
    assert not [1 for number, one in enumerate(shown) for other in shown[number + 1 :] if overlap(one, other)]
    assert sum(rect[2] * rect[3] for rect in shown) == (w * h if any(weights) else 0)


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=30))
def test_areas_are_in_proportion(weights: list[int]) -> None:
    room, total = (0, 0, 2000, 1500), sum(weights)
    for weight, (_, _, w, h) in zip(weights, treemap(weights, room), strict=True):
        wanted = weight / total * room[2] * room[3]
        assert abs(w * h - wanted) <= w + h + 1  # each edge is at most half a pixel off


def test_tiles_are_rather_square() -> None:
    found = treemap(list(range(1, 41)), (0, 0, 1000, 700))
    assert max(max(w, h) / min(w, h) for _, _, w, h in found) < 3


def test_what_weighs_nothing_has_no_area() -> None:
    assert [w * h for _, _, w, h in treemap([3, 0, -1, 1], (0, 0, 40, 10))] == [300, 0, 0, 100]
    assert treemap([], (0, 0, 10, 10)) == []


@pytest.mark.parametrize("count", [1, 7, 100, 2_000, 40_000, 200_000])
@pytest.mark.parametrize("area", [(5, 5, 300, 200), (5, 5, 40, 12), (5, 5, 3, 90), (5, 5, 1, 1)])
def test_every_object_has_a_block_inside_the_tile(area: tuple[int, int, int, int], count: int) -> None:
    found = blocks(area, count)
    assert found is not None
    assert found.columns * found.rows * found.each >= count
    assert inside((found.x, found.y, found.columns * found.cell[0], found.rows * found.cell[1]), area)
    assert max(found.cell) <= LARGEST_BLOCK
    assert found.each == 1 or count > area[2] * area[3]
    assert found.gap == (min(found.cell) >= 3)


def test_no_room_has_no_blocks() -> None:
    assert blocks((0, 0, 0, 20), 5) is None
    assert blocks((0, 0, 20, 20), 0) is None
