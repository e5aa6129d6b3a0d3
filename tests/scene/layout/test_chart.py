"""Charts: axes, what lies inside, one or two curves, and what is drawn again when the playhead moves."""

from __future__ import annotations

import numpy as np
import pytest

from slabviz.library import load
from slabviz.render.fonts import TextMeasure
from slabviz.scene.compose import Composer
from slabviz.scene.display import Line, Text
from slabviz.scene.layout.axis import axis_from_zero, axis_of_share
from slabviz.scene.layout.memo import gather
from slabviz.scene.levels import Panel
from slabviz.scene.theme import Theme
from slabviz.scene.view import ViewState
from slabviz.scene.widgets.chart import Chart, chart_part
from tests.scene.layout.conftest import SIZES, MakeDesk
from tests.scene.layout.page import outside, overlapping_texts


@pytest.mark.parametrize(
    ("highest", "axis"),
    [(0, (0, 1, 2)), (1, (0, 1, 2)), (3, (0, 2, 4)), (37, (0, 20, 40)), (41, (0, 25, 50)), (800, (0, 500, 1000))],
)
def test_axes_end_at_round_numbers(highest: float, axis: tuple[float, float, float]) -> None:
    assert axis_from_zero(highest) == axis


def test_axes_of_shares_show_as_little_as_they_can() -> None:
    assert axis_of_share(93) == (60, 80, 100)
    assert axis_of_share(45) == (40, 70, 100)
    assert axis_of_share(0) == (0, 50, 100)


def chart(*curves: list[float]) -> Chart:
    arrays = tuple(np.array(curve, float) for curve in curves)
    return Chart("c", "Slabs", "fewer is better", arrays, (0, 20, 40), lambda value: f"{value:.0f}", str)


def test_the_value_at_the_playhead_is_written(desk_of: MakeDesk) -> None:
    desk = desk_of((1600, 900))
    shown = chart([1, 2, 37, 4], [5, float("nan"), 6, 7])
    for tick, words in ((2, ["37", "6"]), (1, ["2", "–"])):
        blocks, _ = gather([chart_part(desk, (0, 0, 360, 150), shown, tick)])
        values = [node.text for block in blocks for node in block.nodes
                  if isinstance(node, Text) and node.style.size == 16]  # fmt: skip
        assert values == words
        assert overlapping_texts(blocks, desk.measure) == []


def test_a_curve_is_broken_where_it_has_no_value(desk_of: MakeDesk) -> None:
    shown = chart([1, 2, float("nan"), 4, 5])
    still = chart_part(desk_of((1600, 900)), (0, 0, 360, 150), shown, 0).blocks[0]
    assert sum(isinstance(node, Line) and node.colour != "line" for node in still.nodes) == 2


def test_when_the_playhead_moves_the_curves_are_not_drawn_again(desk_of: MakeDesk) -> None:
    desk, shown = desk_of((1600, 900)), chart([1, 2, 3, 4], [4, 3, 2, 1])
    first = {block.key: block for block in chart_part(desk, (0, 0, 360, 150), shown, 1).blocks}
    later = {block.key: block for block in chart_part(desk, (0, 0, 360, 150), shown, 2).blocks}
    assert first["chart", "c", "dim"] is later["chart", "c", "dim"]
    assert first["chart", "c", "past"].nodes is later["chart", "c", "past"].nodes
    assert first["chart", "c", "past"].rect != later["chart", "c", "past"].rect


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_panel_is_sound(size: tuple[int, int], language: str, measure: TextMeasure) -> None:
    run = load("inode").run()
    composer = Composer(run, size, theme=Theme.load("dark"), measure=measure, language=language)
    for tick in (0, 37, 1900, run.last_tick):
        blocks = composer.scene(tick, ViewState(panel=Panel.STATS)).blocks
        named = {str(block.key): block for block in blocks}
        panel = [block for name, block in named.items() if name.startswith(("('chart'", "('totals'"))]
        panel = [block for block in panel if "'past'" not in str(block.key)]  # clipped on purpose
        texts = [node.text for block in panel for node in block.nodes if isinstance(node, Text)]
        assert not [text for text in texts if text.endswith("…")]
        assert overlapping_texts(panel, measure) == []
        assert outside([block for block in panel if "'marker'" not in str(block.key)], measure) == []
