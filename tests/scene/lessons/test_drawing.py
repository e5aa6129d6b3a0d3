"""Every view, at several sizes and in both languages: no text over another, nothing outside its card, nothing anew."""

from __future__ import annotations

import pytest

from slabviz.scene.display import Block, Measure, Text
from slabviz.scene.lessons import VIEWS
from slabviz.scene.levels import LESSONS, Panel
from slabviz.timeline.kernel_log import dmesg
from tests.scene.layout.conftest import SIZES
from tests.scene.layout.page import inside, outside, overlapping_texts, texts
from tests.scene.lessons.conftest import LEAKY, Draw, life, shipped

SMALL, MIDDLE, LARGE = SIZES
MOMENTS = (
    ("fork", 512, SMALL, "zh_CN"), ("fork", 512, LARGE, "en"), ("c10_corruption", 190, SMALL, "en"),
    ("slub_debug", 200, MIDDLE, "zh_CN"),
)  # fmt: skip


def test_every_view_has_a_tab_and_a_room() -> None:
    assert tuple(VIEWS) == LESSONS


@pytest.mark.parametrize(("name", "tick", "size", "language"), MOMENTS)
def test_nothing_overlaps_or_leaves_its_card(
    name: str, tick: int, size: tuple[int, int], language: str, draw: Draw, measure: Measure
) -> None:
    for panel in LESSONS:
        blocks = [block for block in draw(shipped(name), panel, tick, size, language) if _is_own(block)]
        assert sum(1 for _ in texts(blocks, measure)) > 15, panel
        assert overlapping_texts(blocks, measure) == [], panel
        assert outside(blocks, measure) == [], panel
        assert all(inside(block.rect, (0, 0, *size)) for block in blocks)


def _is_own(block: Block) -> bool:
    return block.key[0] not in ("timeline", "flag", "played", "transport", "top")  # type: ignore[index]


def test_a_life_can_be_drawn_at_every_stage(draw: Draw, measure: Measure) -> None:
    for tick in (5, 12, 40, 250):
        for panel in LESSONS:
            blocks = [block for block in draw(life(LEAKY), panel, tick) if _is_own(block)]
            assert overlapping_texts(blocks, measure) == [], (panel, tick)


def test_an_unchanged_view_is_the_same_blocks(draw: Draw) -> None:
    for panel in LESSONS:
        first = draw(shipped("fork"), panel, 512)
        draw(shipped("fork"), Panel.HOLDERS, 512)
        again = draw(shipped("fork"), panel, 512)
        assert all(old is new for old, new in zip(first, again, strict=True)), panel


def test_the_stage_comes_back(draw: Draw) -> None:
    keys = {block.key for block in draw(shipped("fork"), Panel.HOLDERS, 512)}
    assert ("lane", 0) in keys or ("memory",) in keys
    assert ("map",) not in keys


@pytest.mark.parametrize(("size", "language"), [(SMALL, "zh_CN"), (LARGE, "en")])
def test_what_the_kernel_has_printed_is_shown_from_its_end(
    size: tuple[int, int], language: str, draw: Draw, measure: Measure
) -> None:
    run = life(LEAKY)
    printed = [line for _, _, line in dmesg(run)]
    blocks = [block for block in draw(run, Panel.TEXT, run.last_tick, size, language, report="dmesg") if _is_own(block)]
    words = [node.text for block in blocks for node in block.nodes if isinstance(node, Text)]
    assert any(word.endswith(printed[-1]) for word in words)
    assert overlapping_texts(blocks, measure) == []
    assert outside(blocks, measure) == []
    before = draw(run, Panel.TEXT, 5, size, language, report="dmesg")
    assert not any(line in node.text for line in printed if line for block in before for node in block.nodes
                   if isinstance(node, Text))  # fmt: skip
