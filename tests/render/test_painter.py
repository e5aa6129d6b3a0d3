from __future__ import annotations

import numpy as np
import pygame
import pytest

from slabviz.render.fonts import Fonts
from slabviz.render.frames import frame_array, frame_bgra
from slabviz.render.ink import new_frame
from slabviz.render.painter import Painter
from slabviz.scene.display import Block, Box, Icon, Line, Node, Scene, Style, Text
from slabviz.scene.theme import Theme

SIZE = (320, 200)


def scene(count: int = 3, scale: float = 1.0) -> Scene:
    blocks = [
        Block(n, (8 + 60 * n, 8, 52, 58), "s1", (Box(8 + 60 * n, 8, 52, 58, "slabF", "slab", 1, 6),)) for n in range(3)
    ]
    movers: list[Node] = [
        Line(((10, 120), (200, 120), (200, 180)), "slow", 2.5, (9, 4), count, 14, True),
        Box(100, 109, 22, 22, "owner2", "focus", 1.5, 4),
        Text(111, 120, str(count), Style("mono", 13, 600), "ink", "m"),
    ]
    overlay: list[Node] = [Box(0, 0, 320, 200, "scrim", alpha=120), Icon(280, 10, "octagon", 20, "err", "ink")]
    return Scene(SIZE, scale, blocks, movers, overlay, [])


def test_the_same_scene_gives_the_same_pixels(fonts: Fonts, theme: Theme) -> None:
    first, second = Painter(SIZE, theme, fonts=fonts), Painter(SIZE, Theme.load("dark"), fonts=Fonts())
    assert np.array_equal(frame_array(first.paint(scene())), frame_array(second.paint(scene())))


def test_frame_equals_paint_whatever_was_shown_before(fonts: Fonts, theme: Theme) -> None:
    painter = Painter(SIZE, theme, fonts=fonts)
    for count in (1, 7, 1):
        shown = scene(count)
        assert np.array_equal(frame_array(painter.frame(shown)), frame_array(painter.paint(shown)))


def test_another_scene_another_theme_and_another_scale_look_different(fonts: Fonts, theme: Theme) -> None:
    """Negative control of the comparisons above."""
    expected = frame_array(Painter(SIZE, theme, fonts=fonts).paint(scene(1)))
    light = Painter(SIZE, Theme.load("light"), fonts=fonts).paint(scene(1))
    large = Painter(SIZE, theme, 1.25, fonts=fonts).paint(scene(1, 1.25))
    for other in (Painter(SIZE, theme, fonts=fonts).paint(scene(2)), light, large):
        assert not np.array_equal(expected, frame_array(other))


def test_a_frame_can_be_painted_onto_a_given_surface(fonts: Fonts, theme: Theme) -> None:
    painter, window = Painter(SIZE, theme, fonts=fonts), new_frame(SIZE)
    assert painter.frame(scene(), window) is window
    assert np.array_equal(frame_array(window), frame_array(painter.paint(scene())))


def test_a_resized_painter_paints_as_a_new_one_and_draws_no_sprite_again(fonts: Fonts, theme: Theme) -> None:
    painter = Painter((100, 100), theme, fonts=fonts)
    painter.frame(scene())
    other = painter.resized(SIZE)
    misses = painter.cache_report().sprites.misses
    assert np.array_equal(frame_array(other.frame(scene())), frame_array(Painter(SIZE, theme).paint(scene())))
    assert other.cache_report().sprites.misses == misses
    assert painter.frame(scene()).get_size() == (100, 100)


def test_reading_a_frame_does_not_lock_it(fonts: Fonts, theme: Theme) -> None:
    painter = Painter(SIZE, theme, fonts=fonts)
    frame = painter.frame(scene(1))
    kept, raw = frame_array(frame), frame_bgra(frame)
    assert kept.shape == (200, 320, 3)
    assert np.array_equal(raw[..., 2::-1], kept)
    before = kept.copy()
    painter.frame(scene(2))
    assert np.array_equal(before, kept)


def test_a_frame_of_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bits"):
        frame_array(pygame.Surface((4, 4), 0, 24))


def test_a_scene_of_another_scale_is_refused(fonts: Fonts, theme: Theme) -> None:
    with pytest.raises(ValueError, match=r"scale 1\.25"):
        Painter(SIZE, theme, fonts=fonts).paint(scene(1, 1.25))


def test_the_sprite_cache_is_bounded_and_a_small_one_changes_no_pixel(fonts: Fonts, theme: Theme) -> None:
    painter, roomy = Painter(SIZE, theme, fonts=fonts, cache_bytes=60_000), Painter(SIZE, theme, fonts=fonts)
    for count in range(40):
        assert np.array_equal(frame_array(painter.frame(scene(count))), frame_array(roomy.frame(scene(count))))
    report = painter.cache_report().sprites
    assert report.size <= report.limit == 60_000
    assert report.dropped > 0
    assert roomy.cache_report().sprites.dropped == 0
