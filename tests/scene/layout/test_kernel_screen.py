"""The Kernel level: what is drawn of the numbers, what is drawn again, what can be pressed."""

from __future__ import annotations

import numpy as np
import pytest

from slabviz.library import load
from slabviz.render.fonts import TextMeasure
from slabviz.render.frames import frame_bgra
from slabviz.render.painter import Painter
from slabviz.scene.commands import SetLevel, ShowCache, ShowGroup
from slabviz.scene.compose import Composer
from slabviz.scene.display import Block, Measure, Pixels, Scene, Text
from slabviz.scene.levels import Level
from slabviz.scene.screens.kernel.canvas import PALETTE
from slabviz.scene.theme import Theme
from slabviz.scene.view import ViewState
from slabviz.testing.server import server_run
from slabviz.timeline.run import Run
from tests.scene.layout.conftest import SIZES
from tests.scene.layout.page import inside, overlapping_texts, texts

VIEW = ViewState(level=Level.KERNEL)


@pytest.fixture(scope="module")
def run() -> Run:
    return server_run(30, objects=20_000, changes=40)


def composer(run: Run, measure: Measure, size: tuple[int, int] = (1600, 900), language: str = "en") -> Composer:
    return Composer(run, size, theme=Theme.load("dark"), measure=measure, language=language)


def named(scene: Scene, *key: str) -> list[Block]:
    return [block for block in scene.blocks if isinstance(block.key, tuple) and block.key[: len(key)] == key]


def pictures(scene: Scene) -> list[Pixels]:
    return [node for block in named(scene, "kernel", "group") for node in block.nodes if isinstance(node, Pixels)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_pages_are_sound(size: tuple[int, int], language: str, run: Run, measure: TextMeasure) -> None:
    page = composer(run, measure, size, language)
    for tick in (0, 30):
        scene = page.scene(tick, VIEW)
        keys = [block.key for block in scene.blocks]
        assert len(keys) == len(set(keys))
        blocks = [*named(scene, "kernel"), *named(scene, "caption"), *named(scene, "levels")]
        assert len(blocks) > 10
        assert overlapping_texts(blocks, measure) == []
        assert [node.text for block, node, rect in texts(blocks, measure) if not inside(rect, block.rect)] == []
        assert all(inside(block.rect, (0, 0, *size)) for block in scene.blocks)


def test_so_many_blocks_are_lit_as_objects_are_in_use(measure: TextMeasure) -> None:
    """In a run of few objects each has blocks of its own: counted in pixels, by tile."""
    run = load("fork").run()
    scene = composer(run, measure).scene(900, VIEW)
    machine = run.machine_at(900)
    lit = 0
    for node in pictures(scene):
        cells = np.frombuffer(node.rows, np.uint8).reshape(node.h, node.w)
        # The upper left pixel of each block: what is lit with nothing lit to its left, or above it, counted by runs.
        edges = (cells >= 2) & (np.roll(cells, 1, 1) < 2) & (np.roll(cells, 1, 0) < 2)
        lit += int(edges.sum())
    assert lit == sum(len(slab.owners) for slab in machine.slabs.values())
    assert lit > 50


def test_only_groups_that_changed_are_new_blocks(run: Run, measure: TextMeasure) -> None:
    page = composer(server_run(5, objects=20_000, changes=1), measure)
    first = {block.key: block for block in named(page.scene(2, VIEW), "kernel", "group")}
    later = {block.key: block for block in named(page.scene(3, VIEW), "kernel", "group")}
    new = [key for key, block in later.items() if first[key] is not block]
    assert len(new) == 1


def test_a_frame_does_not_depend_on_what_was_shown_before(run: Run, measure: TextMeasure) -> None:
    wandering = composer(run, measure)
    for tick in (3, 29, 11):
        fresh = [(block.key, block.nodes) for block in composer(run, measure).scene(tick, VIEW).blocks]
        assert [(block.key, block.nodes) for block in wandering.scene(tick, VIEW).blocks] == fresh


def test_a_patched_frame_equals_a_fresh_one(run: Run) -> None:
    painter = Painter((1280, 720), Theme.load("dark"))
    page = composer(run, painter.measure, (1280, 720))
    for tick in (3, 4, 20):
        scene = page.scene(tick, VIEW)
        patched, fresh = (frame_bgra(drawn)[..., :3].copy() for drawn in (painter.frame(scene), painter.paint(scene)))
        assert np.array_equal(patched, fresh), tick


def test_a_press_chooses_and_a_second_one_opens(run: Run, measure: TextMeasure) -> None:
    page = composer(run, measure)
    dentry = next(number for number, cache in enumerate(run.config.caches) if cache.name == "dentry")
    commands = [target.command for target in page.scene(9, VIEW).targets]
    assert ShowCache(dentry) in commands
    chosen = ViewState(level=Level.KERNEL, cache=dentry)
    scene = page.scene(9, chosen)
    assert ShowCache(dentry) not in [target.command for target in scene.targets]
    assert SetLevel(Level.CACHE) in [target.command for target in scene.targets]
    card = [node.text for block in named(scene, "kernel", "chosen") for node in block.nodes if isinstance(node, Text)]
    assert "dentry" in card


def test_small_caches_can_be_listed(run: Run, measure: TextMeasure) -> None:
    page = composer(run, measure, (1280, 720))
    commands = [target.command for target in page.scene(9, VIEW).targets]
    groups = [command.group for command in commands if isinstance(command, ShowGroup)]
    assert groups
    listed = page.scene(9, ViewState(level=Level.KERNEL, group=groups[0]))
    assert ShowGroup(None) in [target.command for target in listed.targets]
    before, after = ([node.text for block in named(scene, "kernel", "row") for node in block.nodes
                      if isinstance(node, Text)] for scene in (page.scene(9, VIEW), listed))  # fmt: skip
    assert before != after


def test_every_level_of_brightness_is_another_colour() -> None:
    for name in ("dark", "light"):
        theme = Theme.load(name)
        assert len({theme.rgb(colour) for colour in PALETTE}) == len(PALETTE)
