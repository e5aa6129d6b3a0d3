"""Every view at every size and in both languages: no text over another, nothing outside its card, nothing drawn anew."""

from __future__ import annotations

import pytest

from slabviz.scene.display import Block, Measure
from slabviz.scene.lessons import VIEWS
from slabviz.scene.levels import LESSONS, Panel
from tests.scene.layout.conftest import SIZES
from tests.scene.layout.page import inside, outside, overlapping_texts
from tests.scene.lessons.conftest import LEAKY, Draw, life, shipped

MOMENTS = (("fork", 512), ("inode", 640), ("c10_corruption", 190), ("slub_debug", 200))


def test_every_view_has_a_tab_and_a_room() -> None:
    assert tuple(VIEWS) == LESSONS


@pytest.mark.parametrize("panel", LESSONS, ids=lambda panel: panel.value)
@pytest.mark.parametrize(("name", "tick"), MOMENTS)
def test_nothing_overlaps_or_leaves_its_card(
    panel: Panel, name: str, tick: int, draw: Draw, measure: Measure
) -> None:  # fmt: skip
    for size, language in zip((*SIZES, SIZES[0]), ("en", "zh_CN", "en", "zh_CN"), strict=True):
        blocks = [block for block in draw(shipped(name), panel, tick, size, language) if _is_own(block)]
        assert overlapping_texts(blocks, measure) == []
        assert outside(blocks, measure) == []
        assert all(inside(block.rect, (0, 0, *size)) for block in blocks)


def _is_own(block: Block) -> bool:
    return block.key[0] not in ("timeline", "flag", "played", "transport", "top")  # type: ignore[index]


@pytest.mark.parametrize("tick", [5, 12, 40, 100, 250])
def test_a_life_can_be_drawn_at_every_stage(tick: int, draw: Draw, measure: Measure) -> None:
    for panel in LESSONS:
        blocks = [block for block in draw(life(LEAKY), panel, tick) if _is_own(block)]
        assert overlapping_texts(blocks, measure) == []


@pytest.mark.parametrize("panel", LESSONS, ids=lambda panel: panel.value)
def test_an_unchanged_view_is_the_same_blocks(panel: Panel, draw: Draw) -> None:
    first = draw(shipped("fork"), panel, 512)
    draw(shipped("fork"), Panel.HOLDERS, 512)
    again = draw(shipped("fork"), panel, 512)
    assert all(old is new for old, new in zip(first, again, strict=True))


def test_the_stage_comes_back(draw: Draw) -> None:
    keys = {block.key for block in draw(shipped("fork"), Panel.HOLDERS, 512)}
    assert ("lane", 0) in keys or ("memory",) in keys
    assert ("map",) not in keys
