"""The help: everything in it has words in both languages, nothing overlaps, everything is on the page."""

from __future__ import annotations

from itertools import combinations

import pytest

from slabviz.scene.display import Measure, Text
from slabviz.scene.widgets.help import help_nodes, help_targets
from tests.scene.layout.conftest import SIZES, MakeDesk
from tests.scene.layout.page import inside, overlap, text_rect


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_help_is_whole(size: tuple[int, int], language: str, desk_of: MakeDesk, measure: Measure) -> None:
    desk = desk_of(size, language)
    words = [node for node in help_nodes(desk, 200) if isinstance(node, Text)]
    rects = [text_rect(node, measure) for node in words]
    assert all(inside(rect, (0, 0, *size)) for rect in rects)
    assert [1 for a, b in combinations(rects, 2) if overlap(a, b)] == []
    assert [node.text for node in words if node.text.endswith("…")] == []
    assert len(help_targets(desk)) == 1
