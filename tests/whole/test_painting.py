"""The law of painting: the patched layer equals one painted from nothing, in every shipped scenario.

At a sample of their ticks, half of which follow each other; ``SLABVIZ_EVERY_TICK=1`` looks at every tick of all.
"""

import os
from pathlib import Path

import numpy as np
import pytest

from slabviz.library import Studio, load
from slabviz.render.layer import Layer
from slabviz.render.sprites import Sprites
from slabviz.resources import lesson_files
from slabviz.timeline.run import Run

SIZE = (1280, 720)
LOOKS = {"workloads": 128}
FEWER = 28
"""About so many ticks of a scenario are looked at, by its folder."""
ROW = 8
"""Ticks in a row: most patches are of one tick."""


def same(one: Layer, other: Layer) -> bool:
    """Whether all pixels are equal; the highest byte of a pixel is no colour."""
    ours, theirs = (np.asarray(layer.surface.get_view("2")) for layer in (one, other))
    differing = np.bitwise_xor(ours, theirs)
    np.left_shift(differing, 8, out=differing)
    return not differing.any()


def ticks_of(run: Run, looks: int) -> list[int]:
    """Rows of ticks from all over a run, and single ones between them; all of them if they are asked for."""
    everything = range(run.last_tick + 1)
    if os.environ.get("SLABVIZ_EVERY_TICK") or len(everything) <= looks:
        return list(everything)
    rows = looks // (2 * ROW)
    starts = [number * (run.last_tick - ROW) // max(rows - 1, 1) for number in range(rows)]
    in_rows = {start + tick for start in starts for tick in range(ROW)}
    return sorted(in_rows | {number * run.last_tick // (looks // 2) for number in range(looks // 2 + 1)})


@pytest.mark.parametrize("path", lesson_files(), ids=lambda path: path.stem)
def test_patched_layer_equals_fresh_layer(path: Path) -> None:
    run = load(str(path)).run()
    studio = Studio(run, SIZE)
    sprites = Sprites(studio.painter.theme, studio.painter.fonts, studio.painter.scale)
    patched = Layer(SIZE, sprites)
    wrong = []
    for number, tick in enumerate(ticks_of(run, LOOKS.get(path.parent.name, FEWER))):
        phase = number % 4 / 4
        blocks = studio.composer.scene(min(tick + phase, run.last_tick)).blocks
        patched.show(blocks)
        fresh = Layer(SIZE, sprites)
        fresh.show(blocks)
        if not same(patched, fresh):
            wrong.append(tick)
    assert wrong == []


def test_a_block_that_was_not_repainted_is_noticed() -> None:
    run = load("driver").run()
    studio = Studio(run, SIZE)
    sprites = Sprites(studio.painter.theme, studio.painter.fonts, studio.painter.scale)
    before, after = (studio.composer.scene(tick).blocks for tick in (100, 180))
    stale, fresh = Layer(SIZE, sprites), Layer(SIZE, sprites)
    stale.show(before)
    fresh.show(after)
    assert not same(stale, fresh)
