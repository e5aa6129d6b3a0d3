"""The help: everything in it has words in both languages, nothing overlaps, everything is on the page."""

from __future__ import annotations

from itertools import combinations

import pytest

from slabviz.scene.display import Icon, Measure, Text
from slabviz.scene.widgets.help import help_nodes, help_targets
from tests.scene.layout.conftest import SIZES, MakeDesk
from tests.scene.layout.page import inside, overlap, text_rect


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("parked_are_frozen", [True, False])
def test_the_help_is_whole(
    size: tuple[int, int], language: str, parked_are_frozen: bool, desk_of: MakeDesk, measure: Measure
) -> None:
    desk = desk_of(size, language)
    words = [node for node in help_nodes(desk, 200, parked_are_frozen) if isinstance(node, Text)]
    rects = [text_rect(node, measure) for node in words]
    assert all(inside(rect, (0, 0, *size)) for rect in rects)
    assert [1 for a, b in combinations(rects, 2) if overlap(a, b)] == []
    assert [node.text for node in words if node.text.endswith("…")] == []
    assert len(help_targets(desk)) == 1


@pytest.mark.parametrize(("parked_are_frozen", "icon", "text"), [
    (True, "parked", "on a CPU's partial list (frozen)"),
    (False, "parked_round", "on a CPU's partial list (not frozen)"),
])  # fmt: skip
def test_a_parked_slab_is_explained_as_the_era_has_it(
    desk_of: MakeDesk, parked_are_frozen: bool, icon: str, text: str
) -> None:
    nodes = help_nodes(desk_of((1280, 720), "en"), 200, parked_are_frozen)
    assert [node.name for node in nodes if isinstance(node, Icon) and node.name.startswith("parked")] == [icon]
    assert text in [node.text for node in nodes if isinstance(node, Text)]
