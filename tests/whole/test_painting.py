"""The law of painting: the patched layer equals one painted from nothing, in every shipped scenario.

At every tick of the shorter ones, at every few of the longer ones; ``SLABVIZ_EVERY_TICK=1`` looks at every tick of all.
"""

import os

import numpy as np
import pytest

from slabviz.library import Studio, load, shipped
from slabviz.render.layer import Layer
from slabviz.render.sprites import Sprites

SIZE = (1280, 720)
LOOKS = 700
"""About so many ticks of a scenario are looked at."""


def same(one: Layer, other: Layer) -> bool:
    """Whether all pixels are equal; the highest byte of a pixel is no colour."""
    ours, theirs = (np.asarray(layer.surface.get_view("2")) for layer in (one, other))
    differing = np.bitwise_xor(ours, theirs)
    np.left_shift(differing, 8, out=differing)
    return not differing.any()


@pytest.mark.parametrize("name", [scenario.name for scenario in shipped()])
def test_patched_layer_equals_fresh_layer(name: str) -> None:
    run = load(name).run()
    studio = Studio(run, SIZE)
    sprites = Sprites(studio.painter.theme, studio.painter.fonts, studio.painter.scale)
    patched = Layer(SIZE, sprites)
    wrong = []
    step = 1 if os.environ.get("SLABVIZ_EVERY_TICK") else 1 + run.last_tick // LOOKS
    for tick in range(0, run.last_tick + 1, step):
        phase = tick // step % 4 / 4
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
