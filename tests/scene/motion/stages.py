"""A stage to move things on, with real widths of texts."""

from __future__ import annotations

from functools import cache

from slabviz.render.fonts import Fonts, TextMeasure
from slabviz.scene.compose import Composer
from slabviz.scene.theme import Theme
from slabviz.timeline.run import Run


@cache
def measure() -> TextMeasure:
    return TextMeasure(Fonts())


def composer(run: Run, size: tuple[int, int] = (1600, 900), speed: float = 1.0) -> Composer:
    return Composer(run, size, theme=Theme.load("dark"), measure=measure(), speed=speed)
