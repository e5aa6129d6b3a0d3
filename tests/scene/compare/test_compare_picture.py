"""Frames of two runs: everything is where it belongs, once, and a frame follows from its position alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from slabviz.library import load
from slabviz.render.fonts import Fonts, TextMeasure
from slabviz.scene.compare.places import compare_places
from slabviz.scene.compose import Composer
from slabviz.scene.display import Scene, Text
from slabviz.scene.layout.regions import regions
from slabviz.scene.theme import Theme
from slabviz.scene.view import ViewState
from slabviz.timeline.run import Run
from tests.scene.layout.page import inside, outside, overlap, overlapping_texts

SIZES = ((1280, 720), (1600, 900), (1920, 1080))
VIEW = ViewState(compare=True)
Runs = tuple[Run, Run]


@pytest.fixture(scope="module")
def measure() -> TextMeasure:
    return TextMeasure(Fonts())


@pytest.fixture(scope="module")
def runs() -> Runs:
    return load("bursts", "none").run(), load("bursts", "parked").run()


def composer(runs: Runs, measure: TextMeasure, size: tuple[int, int] = (1600, 900), language: str = "en") -> Composer:
    return Composer(runs[0], size, theme=Theme.load("dark"), measure=measure, language=language, other=runs[1])


def picture(scene: Scene) -> object:
    return [(block.key, block.rect, block.ground, block.nodes) for block in scene.blocks], scene.movers, scene.targets


def check(scene: Scene, measure: TextMeasure, page: tuple[int, int]) -> None:
    assert overlapping_texts(scene.blocks, measure) == []
    assert outside(scene.blocks, measure) == []
    assert [key for key, count in Counter(block.key for block in scene.blocks).items() if count > 1] == []
    for block in scene.blocks:
        assert inside(block.rect, (0, 0, *page)), block.key


@pytest.mark.parametrize(("size", "language"), [*((size, "en") for size in SIZES), (SIZES[0], "zh_CN")])
def test_frames_are_sound(size: tuple[int, int], language: str, runs: Runs, measure: TextMeasure) -> None:
    page = composer(runs, measure, size, language)
    for position in (0.0, 343.4, 573.5, 1660.2):
        check(page.scene(position, VIEW), measure, size)


@pytest.mark.parametrize("cpus", [1, 64])
def test_any_number_of_cpus_has_room(cpus: int, tmp_path: Path, measure: TextMeasure) -> None:
    text = load("bursts").path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    text = text.replace("cpus: 4", f"cpus: {cpus}")
    for cpu in range(4):
        text = text.replace(f"{{cpu: {cpu}, pid", f"{{cpu: {cpu % cpus}, pid")
    path = tmp_path / "many.yaml"
    path.write_text(text, encoding="utf-8")
    many = load(path, "none").run(ticks=200), load(path, "parked").run(ticks=200)
    check(composer(many, measure, SIZES[0]).scene(190.4, VIEW), measure, SIZES[0])


def test_a_frame_does_not_depend_on_what_was_shown_before(runs: Runs, measure: TextMeasure) -> None:
    there, back = composer(runs, measure), composer(runs, measure)
    positions = [570 + step * 0.7 for step in range(10)]
    forwards = [picture(there.scene(position, VIEW)) for position in positions]
    assert forwards == [picture(back.scene(position, VIEW)) for position in reversed(positions)][::-1]
    assert forwards[0] != forwards[-1]


def test_within_a_tick_only_what_moves_is_new(runs: Runs, measure: TextMeasure) -> None:
    page = composer(runs, measure)
    first, second = page.scene(1204.30, VIEW), page.scene(1204.31, VIEW)
    assert first.blocks is second.blocks
    assert first.movers != second.movers


def test_one_playhead_goes_through_all_charts(runs: Runs, measure: TextMeasure) -> None:
    page = composer(runs, measure)
    for tick in (0, 886, 1772):
        blocks = {block.key: block.rect for block in page.scene(float(tick), VIEW).blocks}
        heads = [rect for key, rect in blocks.items() if isinstance(key, tuple) and key[-1] == "head"]
        charts = compare_places(regions(1600, 900)).charts
        assert len(heads) == len(charts) == 4
        places = {head[0] - chart[0] for head, chart in zip(sorted(heads), charts, strict=True)}
        assert max(places) - min(places) <= 1, "the charts have the same axis"


def test_the_other_run_is_shown_only_where_the_view_asks(runs: Runs, measure: TextMeasure) -> None:
    alone = Composer(runs[0], theme=Theme.load("dark"), measure=measure)
    both = composer(runs, measure)
    assert picture(alone.scene(600.0)) == picture(both.scene(600.0))
    assert picture(alone.scene(600.0, VIEW)) == picture(alone.scene(600.0, replace(VIEW, compare=False)))
    assert picture(both.scene(600.0, VIEW)) != picture(both.scene(600.0))


def test_what_stands_written_are_the_sides_own_numbers(runs: Runs, measure: TextMeasure) -> None:
    written = texts(composer(runs, measure).scene(1000.0, VIEW))
    for run in runs:
        machine = run.machine_at(1000)
        held = sum(len(slab.owners) for slab in machine.slabs.values() if slab.cache.id == 0)
        assert str(held) in written
        assert any(text.startswith(f"{machine.caches[0].node.nr_slabs} slabs = ") for text in written)


def texts(scene: Scene) -> list[str]:
    return [node.text for block in scene.blocks for node in block.nodes if isinstance(node, Text)]


def test_sides_and_charts_do_not_touch() -> None:
    for size in SIZES:
        places = compare_places(regions(*size))
        rects = [side.rect for side in places.sides] + list(places.charts)
        assert not any(overlap(one, other) for one in rects for other in rects if one is not other)
