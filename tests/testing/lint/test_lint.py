"""The lint of frames: every rule finds what breaks it, and nothing in a frame that is well drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from slabviz.render.fonts import Fonts, TextMeasure
from slabviz.scene.display import Block, Box, Icon, Line, Node, Polygon, Rect, Scene, Style, Text
from slabviz.scene.layout.regions import regions
from slabviz.scene.layout.styles import LABEL
from slabviz.scene.theme import Theme
from slabviz.testing.lint import Finding, lint_frame
from slabviz.testing.lint.contrast import ratio

SIZE = (1600, 900)
DARK = Theme.load("dark")
NODE = regions(*SIZE, tabs=True).node
X, Y = NODE[0], NODE[1]
PANEL = Box(*NODE, "s1", "line", radius=8)
WORD = Text(X + 100, Y + 100, "list_lock", LABEL, "t1")

SIGN = Polygon(((X + 90, Y + 95), (X + 130, Y + 95), (X + 110, Y + 110)), "slow")


@pytest.fixture(scope="module")
def measure() -> TextMeasure:
    return TextMeasure(Fonts())


def scene(*nodes: Node, rect: Rect = NODE, more: Sequence[Block] = (), movers: Sequence[Node] = ()) -> Scene:
    return Scene(SIZE, 1.0, [Block(("node",), rect, "bg", nodes), *more], list(movers), [], [])


def rules(scene: Scene, measure: TextMeasure, theme: Theme = DARK) -> set[str]:
    return {finding.rule for finding in lint_frame(scene, theme, measure)}


def test_a_frame_that_is_well_drawn_has_no_findings(measure: TextMeasure) -> None:
    arrow = Line(((X + 10, Y + 30), (X + 90, Y + 30)), "part", arrow=True)
    assert rules(scene(PANEL, WORD, Icon(X + 20, Y + 60, "disc", 12, "full"), arrow), measure) == set()


def test_a_finding_says_what_where_and_why(measure: TextMeasure) -> None:
    (found,) = lint_frame(scene(PANEL, replace(WORD, style=Style("ui", 11))), DARK, measure)
    assert found == Finding("small", "node 'list_lock'", found.where, "the type is 11 px, less than 12")
    assert str(found).startswith(f"small: node 'list_lock' at {X + 100},")


WRONG: list[tuple[str, Scene]] = [
    ("overlap", scene(PANEL, WORD, replace(WORD, x=X + 120, text="held by CPU1"))),
    ("overlap", scene(PANEL, WORD, movers=[replace(WORD, y=Y + 104)])),
    ("covered", scene(PANEL, WORD, Box(X + 110, Y + 90, 30, 30, "s2"))),
    ("covered", scene(PANEL, WORD, more=[Block(("slab", 1), (X + 112, Y + 88, 112, 56), "s1", ())])),
    ("covered", scene(PANEL, WORD, movers=[SIGN])),
    ("crossed", scene(PANEL, Line(((X, Y + 100), (X + 300, Y + 101)), "part"), WORD)),
    ("crossed", scene(PANEL, WORD, movers=[Line(((X + 120, Y), (X + 120, Y + 200)), "slow", alpha=71)])),
    ("cut", scene(PANEL, replace(WORD, x=X + NODE[2] - 20))),
    ("small", scene(PANEL, replace(WORD, style=Style("mono", 11)))),
    ("contrast", scene(PANEL, replace(WORD, colour="line2"))),
    ("contrast", scene(PANEL, Box(X + 90, Y + 90, 80, 20, "slow"), WORD)),
    ("contrast", scene(PANEL, Box(X + 20, Y + 20, 40, 40, None, "s3"))),
    ("contrast", scene(PANEL, Icon(X + 20, Y + 60, "disc", 12, "s3"))),
    ("contrast", scene(PANEL, Line(((X + 20, Y + 20), (X + 90, Y + 20)), "s3"))),
    ("outside", scene(PANEL, Box(X - 4, Y + 20, 40, 40, "s2"))),
    ("outside", scene(Box(X, Y, 40, 40, "s1"), rect=(X - 60, Y, 80, 40))),
    ("spill", scene(PANEL, Box(X + 96, Y + 90, 40, 20, "s2", "slab"), WORD)),
    ("grid", scene(replace(PANEL, x=X + 3, w=100), rect=(X + 3, Y, 100, NODE[3]))),
]


@pytest.mark.parametrize(("rule", "wrong"), WRONG, ids=[f"{rule}{number}" for number, (rule, _) in enumerate(WRONG)])
def test_what_is_wrong_is_found(rule: str, wrong: Scene, measure: TextMeasure) -> None:
    assert rule in rules(wrong, measure)


def test_a_plate_under_a_text_parts_it_from_what_is_below(measure: TextMeasure) -> None:
    plate = Box(X + 90, Y + 90, 80, 20, "s1")
    assert rules(scene(PANEL, Line(((X, Y + 100), (X + 300, Y + 101)), "part"), plate, WORD), measure) == set()


def test_contrast_is_measured_against_what_is_really_below(measure: TextMeasure) -> None:
    ink = replace(WORD, colour="ink")
    assert rules(scene(PANEL, Box(X + 90, Y + 90, 80, 20, "owner0", "edge0"), ink), measure) == set()
    assert rules(scene(PANEL, ink), measure) == {"contrast"}
    veil = Box(X + 90, Y + 90, 80, 20, "t1", alpha=60)
    assert rules(scene(PANEL, veil, replace(WORD, colour="t3")), measure) == {"contrast"}


def test_an_owner_needs_its_outline_on_light_ground(measure: TextMeasure) -> None:
    cell = Box(X + 20, Y + 20, 26, 24, "owner3")
    light = Theme.load("light")
    assert rules(scene(PANEL, cell), measure, light) == {"contrast"}
    assert rules(scene(PANEL, replace(cell, stroke="edge3")), measure, light) == set()


def test_ratios_are_those_of_wcag() -> None:
    assert ratio((255, 255, 255), (0, 0, 0)) == pytest.approx(21)
    assert ratio((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)
