"""Runs to look at, and a composer that shows the views for lessons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from slabviz.i18n import Catalogue
from slabviz.library import load
from slabviz.render.fonts import Fonts, TextMeasure
from slabviz.scenario.loader import read_scenario
from slabviz.scenario.play import play
from slabviz.scenario.source import decode
from slabviz.scene.compose import Composer
from slabviz.scene.display import Block
from slabviz.scene.layout.sketch import Translate
from slabviz.scene.levels import Panel
from slabviz.scene.theme import Theme
from slabviz.scene.view import ViewState
from slabviz.timeline.run import Run

Draw = Callable[..., list[Block]]

LIFE = """
slabviz: 1
title: Life of a cache
run: {for: 260 ticks, at_most: 400 ticks}
machine: {cpus: 2, memory: 16 MiB}
caches: {session: {size: 200 B}}
tasks:
  module:
    cpu: 0
    program:
      - sleep: 10 ticks
      - create: session
      - sleep: 20 ticks
      - alloc: {cache: session, as: a}
      - alloc: {cache: session, as: b}
      - tune: {cache: session, min_partial: 8}
      - free: a
      - shrink: session
      - sleep: 20 ticks
END
"""
ORDERLY = "      - free: b\n      - destroy: session"
LEAKY = "      - destroy: {cache: session, mistake: leak}"


@cache
def shipped(name: str) -> Run:
    return load(name).run()


@cache
def life(end: str) -> Run:
    return play(read_scenario(decode(LIFE.replace("END", end).encode(), "life.yaml")))


@pytest.fixture(scope="session")
def measure() -> TextMeasure:
    return TextMeasure(Fonts())


@pytest.fixture(scope="session")
def tr() -> Translate:
    return Catalogue("en").tr


@pytest.fixture(scope="session")
def draw(measure: TextMeasure) -> Draw:
    composers: dict[object, Composer] = {}

    def make(
        run: Run, panel: Panel, tick: int, size: tuple[int, int] = (1280, 720), language: str = "en", **view: object
    ) -> list[Block]:
        key = (id(run), size, language)
        if key not in composers:
            composers[key] = Composer(run, size, theme=Theme.load("dark"), measure=measure, language=language)
        chosen = replace(ViewState(panel=panel, controls=False), **view)  # type: ignore[arg-type]
        return composers[key].scene(float(tick), chosen).blocks

    return make
