"""Boxes, lines, polygons and icons: crisp where straight, whole where translucent."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from slabviz.render.boxes import BoxLook, box_pixels
from slabviz.render.fonts import Fonts
from slabviz.render.frames import frame_array
from slabviz.render.icons import ICONS, icon_pixels
from slabviz.render.ink import new_frame
from slabviz.render.layer import draw
from slabviz.render.panels import box_sprite
from slabviz.render.sprites import Sprites
from slabviz.scene.display import Box, Line, Node, Polygon
from slabviz.scene.theme import Theme

GROUND = (12, 17, 24)


def drawn(
    node: Node, fonts: Fonts, theme: Theme, size: tuple[int, int] = (80, 60), scale: float = 1.0
) -> NDArray[np.uint8]:
    surface = new_frame(size)
    surface.fill(GROUND)
    draw(surface, Sprites(theme, fonts, scale), [node])
    return frame_array(surface)


def test_a_border_of_one_pixel_is_crisp(fonts: Fonts, theme: Theme) -> None:
    picture = drawn(Box(10, 10, 40, 30, "freeF", "free", 1, 6), fonts, theme)
    column = [tuple(pixel) for pixel in picture[8:13, 30].tolist()]
    assert column == [GROUND, GROUND, theme.rgb("free"), theme.rgb("freeF"), theme.rgb("freeF")]
    assert tuple(picture[10, 10].tolist()) == GROUND
    assert np.array_equal(picture[10:40, 10:50], picture[10:40, 10:50][::-1, ::-1])


def test_corners_are_antialiased(fonts: Fonts, theme: Theme) -> None:
    picture = drawn(Box(10, 10, 40, 30, "free", None, 1, 8), fonts, theme)
    shades = {tuple(pixel) for pixel in picture[10:18, 10:18].reshape(-1, 3).tolist()}
    assert len(shades) > 6


@given(
    *(st.integers(130, 200), st.integers(130, 200), st.integers(0, 12), st.sampled_from([1.0, 1.5, 2.0])),
    *(st.sampled_from([None, (4.0, 4.0), (9.0, 4.0)]), st.sampled_from([255, 90]), st.booleans(), st.booleans()),
)
def test_a_big_box_in_pieces_equals_one_sprite(
    w: int, h: int, radius: int, width: float, dash: tuple[float, float] | None, alpha: int, fill: bool, stroke: bool
) -> None:
    colours = ((40, 80, 120) if fill else None, (200, 90, 30) if stroke else None)
    look = BoxLook(w, h, *colours, width, radius, dash, alpha, 0)
    sprite = box_sprite(look)
    canvas = np.zeros((h, w), np.uint32)
    for rgb, (x, y, fw, fh) in sprite.fills:
        assert not canvas[y : y + fh, x : x + fw].any()
        canvas[y : y + fh, x : x + fw] = 0xFF000000 | rgb[0] << 16 | rgb[1] << 8 | rgb[2]
    for surface, x, y in sprite.pieces:
        pixels = np.frombuffer(surface.get_buffer().raw, "<u4").reshape(surface.get_height(), -1)
        room = canvas[y : y + pixels.shape[0], x : x + pixels.shape[1]]
        assert not room.any()
        room[...] = pixels
    whole = box_pixels(look) if fill or stroke else canvas
    apart = np.abs(canvas.view(np.uint8).astype(int) - np.ascontiguousarray(whole).view(np.uint8).astype(int))
    assert apart.max() <= 1


def test_neighbours_stay_neighbours_at_odd_scales(fonts: Fonts, theme: Theme) -> None:
    for scale in (1.25, 1.5, 0.9):
        sprites = Sprites(theme, fonts, scale)
        rects = [sprites.rect((13 * n, 0, 13, 13)) for n in range(20)]
        assert all(a.right == b.left for a, b in pairwise(rects))


def test_level_and_upright_lines_are_crisp(fonts: Fonts, theme: Theme) -> None:
    for width in (1, 2, 3):
        picture = drawn(Line(((10, 20), (60, 20)), "free", width), fonts, theme)
        hit = np.argwhere((picture != GROUND).any(axis=2))
        assert len(hit) == 50 * width
        assert {tuple(picture[y, x].tolist()) for y, x in hit} == {theme.rgb("free")}


routes = st.lists(st.tuples(st.booleans(), st.integers(-60, 60)), min_size=1, max_size=6)


def path_of(steps: list[tuple[bool, int]]) -> tuple[tuple[int, int], ...]:
    path, across = [(300, 300)], True
    for flip, length in steps:
        x, y = path[-1]
        path.append((x + length, y) if across != flip else (x, y + length))
        across = not across
    return tuple(path)


@pytest.mark.parametrize("points", [((10, 10), (10, 300), (400, 300), (400, 90)), ((10, 10), (200, 170), (420, 30))])
@pytest.mark.parametrize("width", [1, 2, 9])
def test_the_pieces_of_a_translucent_line_share_no_pixel(
    points: tuple[tuple[int, int], ...], width: int, fonts: Fonts, theme: Theme
) -> None:
    sprite, _, _ = Sprites(theme, fonts).place(Line(points, "slow", width, radius=14, alpha=60))
    assert len(sprite.pieces) > 2
    count = np.zeros((600, 900), int)
    for surface, dx, dy in sprite.pieces:
        x, y = dx + 200, dy + 200
        count[y : y + surface.get_height(), x : x + surface.get_width()] += (
            np.frombuffer(surface.get_buffer().raw, np.uint8).reshape(surface.get_height(), -1, 4)[..., 3] > 0
        )
    assert count.max() == 1


@given(routes)
def test_a_route_is_drawn_from_its_first_to_its_last_point(steps: list[tuple[bool, int]]) -> None:
    path = path_of(steps)
    picture = drawn(Line(path, "free", 2, radius=10), Fonts(), Theme.load("dark"), (720, 720))
    hit = (picture != GROUND).any(axis=2)
    if len(set(path)) < 2:
        assert not hit.any()
    else:
        for x, y in (path[0], path[-1]):
            assert hit[y - 1 : y + 1, x - 1 : x + 1].any()


def test_dashes_run_and_come_back_after_a_period(fonts: Fonts, theme: Theme) -> None:
    pictures = [drawn(Line(((5, 30), (75, 30)), "slow", 2, (9, 4), offset), fonts, theme) for offset in (0, 5, 13)]
    assert np.array_equal(pictures[0], pictures[2])
    assert not np.array_equal(pictures[0], pictures[1])


def test_an_arrow_head_ends_at_the_last_point(fonts: Fonts, theme: Theme) -> None:
    picture = drawn(Line(((10, 30), (60, 30)), "free", 2, arrow=True), fonts, theme)
    hit = np.argwhere((picture != GROUND).any(axis=2))
    assert hit[:, 1].max() in (58, 59)
    assert hit[:, 0].max() - hit[:, 0].min() >= 6


def test_a_polygon_keeps_its_straight_edges_crisp(fonts: Fonts, theme: Theme) -> None:
    post = ((10, 10), (25, 10), (36, 20), (25, 30), (10, 30))
    picture = drawn(Polygon(post, "bg", "slow", 2), fonts, theme)
    assert [tuple(pixel) for pixel in picture[20, 9:13].tolist()] == [GROUND, *[theme.rgb("slow")] * 2, theme.rgb("bg")]


@pytest.mark.parametrize(
    "node", [Box(5, 5, 0, 9, "free"), Box(5, 5, 9, 9), Line(((5, 5),), "free"), Polygon(((1, 1), (9, 9)))]
)
def test_what_has_no_area_draws_nothing(node: Node, fonts: Fonts, theme: Theme) -> None:
    assert (drawn(node, fonts, theme) == GROUND).all()


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_draws_something_inside_its_square(name: str) -> None:
    for size in (9, 14, 20, 33):
        pixels = icon_pixels(name, size, (255, 255, 255), (90, 90, 90))
        assert pixels.shape == (size, size)
        assert np.count_nonzero(pixels) > size


def test_an_unknown_icon_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no icon 'lokc'"):
        icon_pixels("lokc", 14, (0, 0, 0))
