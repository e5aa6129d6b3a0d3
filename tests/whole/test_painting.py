"""The law of painting: the patched layer equals one painted from nothing, at every tick of every shipped scenario."""

import numpy as np
import pytest

from slabviz.library import Studio, load, shipped
from slabviz.render.layer import Layer
from slabviz.render.sprites import Sprites

SIZE = (1280, 720)


def colours(layer: Layer) -> np.ndarray:
    """The layer's pixels without the byte that is not a colour, as (height, width) uint32."""
    pixels = np.frombuffer(layer.surface.get_buffer().raw, np.uint32)
    return (pixels & 0xFFFFFF).reshape(SIZE[1], SIZE[0])


@pytest.mark.parametrize("name", [scenario.name for scenario in shipped()])
def test_patched_layer_equals_fresh_layer_at_every_tick(name: str) -> None:
    run = load(name).run()
    studio = Studio(run, SIZE)
    sprites = Sprites(studio.painter.theme, studio.painter.fonts, studio.painter.scale)
    patched = Layer(SIZE, sprites)
    wrong = []
    for tick in range(run.last_tick + 1):
        blocks = studio.composer.scene(min(tick + tick % 4 / 4, run.last_tick)).blocks  # at all phases of a tick
        patched.show(blocks)
        fresh = Layer(SIZE, sprites)
        fresh.show(blocks)
        if not np.array_equal(colours(patched), colours(fresh)):
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
    assert not np.array_equal(colours(stale), colours(fresh))
