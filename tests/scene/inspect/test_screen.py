"""The inspector's pages: nothing overlaps, nothing leaves its panel, in both languages and at every size."""

from __future__ import annotations

import pytest

from slabviz.render.fonts import TextMeasure
from slabviz.scene.commands import Pick, Rows
from slabviz.scene.compose import Composer
from slabviz.scene.display import Text
from slabviz.scene.levels import Level, Panel, Selected
from slabviz.scene.screens.inspector.pages import ribbon_of
from slabviz.scene.theme import Theme
from slabviz.scene.view import ViewState
from slabviz.timeline.run import Run
from tests.scene.layout.page import inside, outside, overlapping_texts

SIZES = ((1280, 720), (1600, 900), (1920, 1080))
LEVELS = (Level.SLAB, Level.OBJECT, Level.BYTES)


@pytest.fixture(scope="module")
def measure() -> TextMeasure:
    from slabviz.render.fonts import Fonts

    return TextMeasure(Fonts())


def composer(run: Run, size: tuple[int, int], language: str, measure: TextMeasure) -> Composer:
    return Composer(run, size, theme=Theme.load("dark"), measure=measure, language=language)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_pages_are_sound(
    size: tuple[int, int], language: str, fork: Run, debugged: Run, devices: Run, measure: TextMeasure
) -> None:
    for run, ticks in ((fork, (0, 420, 1500)), (debugged, (200, 330)), (devices, (150,))):
        stage = composer(run, size, language, measure)
        for tick in ticks:
            for view in (*(ViewState(level=level) for level in LEVELS), ViewState(panel=Panel.INSPECTOR)):
                blocks = stage.scene(tick, view).blocks
                if view.level is not Level.CACHE:
                    assert overlapping_texts(blocks, measure) == [], view.level
                else:
                    mine = [block for block in blocks if block.key == ("inspector",)]
                    assert overlapping_texts(mine, measure) == []
                    blocks = mine
                assert outside(blocks, measure) == [], view.level
                assert all(inside(block.rect, (0, 0, *size)) for block in blocks)
                sizes = [node.style.size for block in blocks for node in block.nodes if isinstance(node, Text)]
                assert min(sizes) >= 12


def test_an_unchanged_page_is_the_same_objects(fork: Run, measure: TextMeasure) -> None:
    stage = composer(fork, (1600, 900), "en", measure)
    view = ViewState(level=Level.BYTES, selected=Selected(22, 0))
    first = stage.scene(420, view).blocks
    stage.scene(421, view)
    again = stage.scene(420, view).blocks
    assert [block.nodes for block in first] == [block.nodes for block in again]
    assert all(old is new for old, new in zip(again, stage.scene(420.4, view).blocks, strict=True))


@pytest.mark.parametrize("objects", [1, 3, 21, 85, 128, 512])
def test_every_object_has_its_own_segment(objects: int) -> None:
    for rect in ((10, 20, 1216, 64), (10, 20, 960, 24), (10, 20, 296, 24)):
        shape = ribbon_of(rect, objects, 32768 // objects, 32768 % objects)
        places = {shape.segment(index) for index in range(objects)}
        assert len(places) == objects
        assert all(inside(place, rect) for place in places)
        picks = [shape.grid.index_at(x + w // 2, y + h // 2) for x, y, w, h in map(shape.segment, range(objects))]
        assert picks == list(range(objects))


def test_a_scroll_too_far_ends_at_the_last_row(debugged: Run, measure: TextMeasure) -> None:
    stage = composer(debugged, (1280, 720), "en", measure)
    scene = stage.scene(200, ViewState(level=Level.BYTES, selected=Selected(1, 2), scroll=10**6))
    rows = next(target.command for target in scene.targets if isinstance(target.command, Rows))
    assert rows.first == rows.last > 0
    texts = [node.text for block in scene.blocks if block.key == ("inspect", "table")
             for node in block.nodes if isinstance(node, Text)]  # fmt: skip
    assert "padding" in texts


def test_a_slab_on_the_stage_can_be_chosen_and_gets_a_ring(fork: Run, measure: TextMeasure) -> None:
    stage = composer(fork, (1600, 900), "en", measure)
    plain = stage.scene(420)
    pick = next(target.command for target in plain.targets if isinstance(target.command, Pick))
    chosen = stage.scene(420, ViewState(selected=Selected(pick.slab, 0), controls=False))
    rings = len(chosen.movers) - len(plain.movers)
    assert rings == 3, "around the slab, its object, and who holds it"
