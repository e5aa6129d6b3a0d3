"""The law of the static layer: patched equals freshly painted, pixel by pixel."""

from __future__ import annotations

import numpy as np
import pygame
from hypothesis import given, settings
from hypothesis import strategies as st

from slabviz.render.fonts import Fonts
from slabviz.render.frames import frame_array
from slabviz.render.layer import Layer
from slabviz.render.sprites import Sprites
from slabviz.scene.display import Block, Box, Icon, Line, Node, Pixels, Polygon, Style, Text
from slabviz.scene.theme import Theme

PAGE = (160, 120)
COLOURS = ("s1", "slab", "free", "slow", "owner3", "free*45+s1")
colours = st.sampled_from(COLOURS)
across, down = st.integers(-10, 160), st.integers(-10, 120)
points = st.lists(st.tuples(across, down), min_size=2, max_size=5).map(tuple)
dashes = st.sampled_from([None, (3, 2), (9, 4)])
alphas = st.sampled_from([255, 120, 33])

boxes = st.builds(
    Box,
    *(across, down, st.integers(0, 150), st.integers(0, 110)),
    *(st.none() | colours, st.none() | colours, st.sampled_from([1, 1.5, 2])),
    *(st.integers(0, 12), dashes, alphas, st.sampled_from([0, 0, 5])),
)
texts = st.builds(Text, across, down, st.text("aW1 中·", max_size=6), st.just(Style("ui", 12)), colours)
lines = st.builds(Line, points, colours, st.sampled_from([1, 2.5, 9]), dashes, across, down, st.booleans(), alphas)
polygons = st.builds(Polygon, points, colours, colours, st.just(2), dashes, alphas)
icons = st.builds(Icon, across, down, st.sampled_from(["octagon", "moon"]), st.integers(1, 30), colours)
maps = st.builds(
    Pixels,
    across,
    down,
    st.just(8),
    st.just(4),
    st.binary(min_size=32, max_size=32).map(lambda raw: bytes(value % 3 for value in raw)),
    st.just(COLOURS[:3]),
    st.integers(1, 4),
)
nodes: st.SearchStrategy[Node] = st.one_of(boxes, texts, lines, polygons, icons, maps)

rects = st.tuples(across, down, st.integers(1, 120), st.integers(1, 90))
blocks = st.builds(Block, st.none(), rects, colours, st.lists(nodes, max_size=4).map(tuple))


def fresh(shown: list[Block], sprites: Sprites, size: tuple[int, int]) -> np.ndarray:
    layer = Layer(size, sprites)
    layer.show(shown)
    return frame_array(layer.surface)


@settings(max_examples=60, deadline=None)
@given(st.lists(blocks, min_size=1, max_size=8), st.data(), st.sampled_from([1.0, 1.25]))
def test_patched_layer_equals_fresh_layer(pool: list[Block], data: st.DataObject, scale: float) -> None:
    sprites = Sprites(Theme.load("dark"), Fonts(), scale)
    size = (int(PAGE[0] * scale), int(PAGE[1] * scale))
    layer = Layer(size, sprites)
    for _ in range(4):
        shown = data.draw(st.lists(st.sampled_from(pool), unique_by=id, max_size=8))
        layer.show(shown)
        assert np.array_equal(frame_array(layer.surface), fresh(shown, sprites, size))


def card(text: str, rect: tuple[int, int, int, int] = (20, 20, 60, 30)) -> Block:
    x, y, w, h = rect
    box = Box(x, y, w, h, "slabF", "slab", 1, 6)
    return Block("card", rect, "s1", (box, Text(x + 8, y + 15, text, Style("mono", 13), "t1")))


def test_only_the_changed_block_and_what_lies_on_it_is_painted(fonts: Fonts, theme: Theme) -> None:
    layer = Layer(PAGE, Sprites(theme, fonts))
    panel, first, other = card("", (0, 0, 160, 120)), card("07"), card("11", (90, 20, 60, 30))
    assert layer.show([panel, first, other]) == 1
    assert layer.show([panel, first, other]) == 0
    assert layer.show([panel, card("08"), other]) == 1
    assert layer.show([panel, other, first]) > 0


def test_the_comparison_sees_a_block_that_changed_behind_the_layers_back(fonts: Fonts, theme: Theme) -> None:
    """Negative control: a layer that is not told of a change differs from a fresh one."""
    sprites = Sprites(theme, fonts)
    layer = Layer(PAGE, sprites)
    block = card("07")
    layer.show([block])
    block.nodes = card("08").nodes
    layer.show([block])
    assert not np.array_equal(frame_array(layer.surface), fresh([block], sprites, PAGE))


def test_a_block_paints_nothing_outside_its_rectangle(fonts: Fonts, theme: Theme) -> None:
    block = Block("b", (40, 40, 10, 10), "s1", (Box(0, 0, 160, 120, "slow"), Line(((0, 45), (160, 45)), "free", 9)))
    picture = fresh([block], Sprites(theme, fonts), PAGE)
    painted = np.argwhere((picture != theme.rgb("bg")).any(axis=2))
    assert painted.min(axis=0).tolist() == [40, 40]
    assert painted.max(axis=0).tolist() == [49, 49]


def test_no_display_is_opened(fonts: Fonts, theme: Theme) -> None:
    Layer(PAGE, Sprites(theme, fonts)).show([card("07")])
    assert not pygame.display.get_init()
    assert not pygame.get_init()
