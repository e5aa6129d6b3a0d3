"""The error screen and the banner as they are drawn: whole, inside, without overlap, in both languages."""

from __future__ import annotations

import pytest

from slabviz.i18n import Catalogue
from slabviz.render.fonts import Fonts, TextMeasure
from slabviz.scene.commands import CloseError, Seek, ShowError, ShowFix
from slabviz.scene.compose import Composer
from slabviz.scene.display import Text
from slabviz.scene.looks import Looks
from slabviz.scene.view import ViewState
from tests.scene.errors.told import shipped
from tests.scene.layout.page import outside, overlapping_texts

PAGES = (((1280, 720), "en"), ((1280, 720), "zh_CN"), ((1600, 900), "zh_CN"), ((1920, 1080), "en"))
MOMENTS = (("c10_corruption", None), ("c12_wrong_free", 61), ("c12_wrong_free", 278), ("oom", 1600), ("c02_free", 9))
OPEN = ViewState(error_open=True)


@pytest.fixture(scope="module")
def measure() -> TextMeasure:
    return TextMeasure(Fonts())


def composer(name: str, measure: TextMeasure, size: tuple[int, int] = (1600, 900), language: str = "en") -> Composer:
    return Composer(shipped(name), size, theme=Looks().colours(), measure=measure, language=language)


@pytest.mark.parametrize(("size", "language"), PAGES)
@pytest.mark.parametrize(("name", "tick"), MOMENTS)
def test_the_screen_is_whole(
    name: str, tick: int | None, size: tuple[int, int], language: str, measure: TextMeasure
) -> None:  # fmt: skip
    stage = composer(name, measure, size, language)
    at = shipped(name).last_tick if tick is None else tick
    for view in (OPEN, ViewState(error_open=True, fix_open=True)):
        blocks = stage.scene(at, view).blocks
        keys = [block.key for block in blocks]
        assert len(keys) == len(set(keys))
        assert overlapping_texts(blocks, measure) == []
        assert outside(blocks, measure) == []


def test_the_same_moment_is_the_same_picture_and_ticks_without_news_keep_the_parts(measure: TextMeasure) -> None:
    stage = composer("c10_corruption", measure)
    first = {block.key: block for block in stage.scene(130, OPEN).blocks}
    again = {block.key: block for block in stage.scene(131, OPEN).blocks}
    assert all(first[key] is again[key] for key in first if isinstance(key, tuple) and key[0] == "error")
    assert any(isinstance(key, tuple) and key[0] == "error" for key in first)


def test_the_banner_lies_over_the_stage_until_it_is_closed(measure: TextMeasure) -> None:
    stage, last = composer("c10_corruption", measure), shipped("c10_corruption").last_tick
    scene = stage.scene(last, ViewState())
    words = [node.text for node in scene.overlay if isinstance(node, Text)]
    assert "Kernel panic - not syncing: Fatal exception" in words
    commands = [target.command for target in scene.targets]
    (close,) = (command for command in commands if isinstance(command, CloseError))
    assert {ShowError(), ShowFix()} <= set(commands)
    assert any(isinstance(command, Seek) and command.tick < last for command in commands)
    closed = stage.scene(last, ViewState(error_closed=close.number))
    assert not [node for node in closed.overlay if isinstance(node, Text)]
    early = stage.scene(5, ViewState())
    assert not [node for node in early.overlay if isinstance(node, Text)]


def test_the_fix_takes_the_place_of_the_report(measure: TextMeasure) -> None:
    stage, last = composer("c10_corruption", measure), shipped("c10_corruption").last_tick
    words = [node.text for node in stage.scene(last, ViewState(fix_open=True)).overlay if isinstance(node, Text)]
    assert "dev_kfree(p)" in words
    assert Catalogue("en").tr("error.fixes.wrong_free.dev_kmalloc") in words
    assert "Kernel panic - not syncing: Fatal exception" not in words


def test_without_an_error_the_screen_says_so_and_leads_to_the_first(measure: TextMeasure) -> None:
    scene = composer("c10_corruption", measure).scene(5, OPEN)
    words = [node.text for block in scene.blocks for node in block.nodes if isinstance(node, Text)]
    assert Catalogue("en").tr("error.none_yet") in words
    right = composer("c02_free", measure).scene(5, OPEN)
    assert Catalogue("en").tr("error.none_ever") in [
        node.text for block in right.blocks for node in block.nodes if isinstance(node, Text)
    ]
