from __future__ import annotations

import pytest

from slabviz.render.fonts import Fonts
from slabviz.scene.theme import Theme


@pytest.fixture(scope="session")
def fonts() -> Fonts:
    return Fonts()


@pytest.fixture(scope="session")
def theme() -> Theme:
    return Theme.load("dark")
