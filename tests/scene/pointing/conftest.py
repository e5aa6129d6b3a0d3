"""One run, looked at at one tick."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from slabviz.library import load
from slabviz.render.fonts import Fonts, TextMeasure
from slabviz.scene.compose import Composer
from slabviz.scene.theme import Theme
from slabviz.timeline.run import Run

MakeComposer = Callable[..., Composer]


@pytest.fixture(scope="session")
def run() -> Run:
    return load("driver").run()


@pytest.fixture(scope="session")
def measure() -> TextMeasure:
    return TextMeasure(Fonts())


@pytest.fixture(scope="session")
def composer_of(run: Run, measure: TextMeasure) -> MakeComposer:
    def make(size: tuple[int, int] = (1280, 720), language: str = "en") -> Composer:
        return Composer(run, size, theme=Theme.load("dark"), measure=measure, language=language)

    return make
