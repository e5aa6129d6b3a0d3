"""Frames of a real run: a frame is a function of its position, and is laid out again only when something changed."""

from __future__ import annotations

import pytest

from slabviz.library import load
from slabviz.render.fonts import TextMeasure
from slabviz.scene.compose import Composer
from slabviz.scene.display import Box, Measure, Scene
from slabviz.scene.layout.metrics import picture_scale
from slabviz.scene.motion import Motion
from slabviz.scene.theme import Theme
from slabviz.scene.view import Tip, ViewState
from slabviz.timeline.run import Run
from tests.scene.layout.conftest import SIZES
from tests.scene.layout.page import inside, outside, overlapping_texts

TICKS = (0, 1, 64, 200, 333, 520, 700, 1001, 1500)


@pytest.fixture(scope="module")
def run() -> Run:
    return load("fork").run()


def composer(run: Run, measure: Measure, size: tuple[int, int] = (1600, 900)) -> Composer:
    return Composer(run, size, theme=Theme.load("dark"), measure=measure)


def picture(scene: Scene) -> object:
    blocks = [(block.key, block.rect, block.ground, block.nodes, block.targets) for block in scene.blocks]
    return blocks, scene.movers, scene.overlay, scene.targets


def test_a_frame_does_not_depend_on_what_was_shown_before(run: Run, measure: TextMeasure) -> None:
    forwards, backwards = composer(run, measure), composer(run, measure)
    positions = [300 + step * 0.37 for step in range(60)]
    there = [picture(forwards.scene(position)) for position in positions]
    back = [picture(backwards.scene(position)) for position in reversed(positions)]
    assert there == back[::-1]


def test_frames_differ(run: Run, measure: TextMeasure) -> None:
    stage = composer(run, measure)
    assert picture(stage.scene(300)) != picture(stage.scene(301))


def test_within_a_tick_only_what_moves_is_new(run: Run, measure: TextMeasure) -> None:
    stage, motion, cache = composer(run, measure), Motion(run), run.about.stage_cache
    tick = next(tick for tick in range(520, 900) if _flies_on(motion, tick, cache))
    first, second = stage.scene(tick + 0.30), stage.scene(tick + 0.40)
    assert first.blocks is second.blocks
    assert first.movers != second.movers


def _flies_on(motion: Motion, tick: int, cache: int) -> bool:
    """Something is in the middle of its way, and neither begins nor ends between the two positions."""
    moves = motion.under_way(tick + 0.30, 1.0, cache)
    on_its_way = any(0.2 < move.progress(tick + 0.3) < 0.6 for move in moves)
    return on_its_way and moves == motion.under_way(tick + 0.40, 1.0, cache)


@pytest.mark.parametrize("size", SIZES)
def test_real_frames_are_sound(size: tuple[int, int], run: Run, measure: TextMeasure) -> None:
    stage = composer(run, measure, size)
    for tick in TICKS:
        blocks = stage.scene(tick + 0.4).blocks
        keys = [block.key for block in blocks]
        assert len(keys) == len(set(keys)), tick
        assert overlapping_texts(blocks, measure) == [], tick
        assert outside(blocks, measure) == [], tick
        assert all(inside(block.rect, (0, 0, *size)) for block in blocks), tick


def test_every_cache_can_be_on_stage(run: Run, measure: TextMeasure) -> None:
    stage = composer(run, measure)
    for cache, config in enumerate(run.config.caches):
        scene = stage.scene(520, ViewState(cache=cache))
        texts = [getattr(node, "text", "") for block in scene.blocks if block.key == ("strip",) for node in block.nodes]
        assert config.name in texts


def test_positions_outside_the_run_show_its_ends(run: Run, measure: TextMeasure) -> None:
    stage = composer(run, measure)
    assert picture(stage.scene(-5)) == picture(stage.scene(0))
    assert picture(stage.scene(run.last_tick + 5)) == picture(stage.scene(run.last_tick))


def test_the_help_lies_over_the_stage_and_takes_the_clicks(run: Run, measure: TextMeasure) -> None:
    scene = composer(run, measure).scene(520, ViewState(help_open=True))
    assert len(scene.targets) == 1
    assert len(scene.overlay) > 50


def test_tooltips_stay_on_the_page(run: Run, measure: TextMeasure) -> None:
    stage = composer(run, measure, (1280, 720))
    scene = stage.scene(520, ViewState(tip=Tip(1270, 715, "slab 07\n2 used + 1 free = 3 objects"), message="saved"))
    boxes = [(node.x, node.y, node.w, node.h) for node in scene.overlay if isinstance(node, Box)]
    assert all(inside(box, (0, 0, 1280, 720)) for box in boxes)


def test_a_small_picture_is_a_page_of_the_smallest_size_scaled_down(run: Run, measure: TextMeasure) -> None:
    scale = picture_scale((640, 360))
    scene = Composer(run, (640, 360), theme=Theme.load("dark"), measure=measure, scale=scale).scene(520)
    assert (scene.size, scene.scale) == ((1280, 720), 0.5)
