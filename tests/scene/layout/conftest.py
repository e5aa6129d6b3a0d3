"""A desk to lay out at, with the widths of the shipped fonts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from slabviz.i18n import Catalogue
from slabviz.render.fonts import Fonts, TextMeasure
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Memo
from slabviz.scene.layout.regions import regions
from slabviz.scene.panels import panels

SIZES = ((1280, 720), (1600, 900), (1920, 1080))

MakeDesk = Callable[..., Desk]


@pytest.fixture(scope="session")
def measure() -> TextMeasure:
    return TextMeasure(Fonts())


@pytest.fixture
def desk_of(measure: TextMeasure) -> MakeDesk:
    def make(size: tuple[int, int], language: str = "en") -> Desk:
        return Desk(regions(*size, tabs=len(panels()) > 1), Memo(measure), Catalogue(language).tr)

    return make
