"""Pages without a stage: loading, broken files, failures, windows without room."""

from __future__ import annotations

import pytest

from slabviz.errors import Diagnostic, Place, RuntimeStepError, ScenarioError, SourceError
from slabviz.i18n import Catalogue
from slabviz.scene.commands import CopyReport
from slabviz.scene.display import Box, Measure, Text
from slabviz.scene.notice import Notice, NoticeKind, Problem, notice_scene, problems_of
from tests.scene.layout.page import inside, text_rect
from tests.scene.pointing.test_overlays import crossed

MANY = tuple(Problem(f"a.yaml:{n}:1", "long words " * 40, "  cpuz: 4\n  ^^^^") for n in range(40))
NOTICES = (
    Notice(NoticeKind.LOADING, "fork"),
    Notice(NoticeKind.LOADING, "a-very-long-name" * 10, 142_000, 600_000),
    Notice(NoticeKind.BROKEN, "fork", problems=MANY[:1], keeps=True),
    Notice(NoticeKind.BROKEN, "fork", problems=MANY),
    Notice(NoticeKind.FAILED, "fork", problems=(Problem("ValueError", "x" * 900),)),
)


@pytest.mark.parametrize("notice", NOTICES, ids=lambda notice: f"{notice.kind.value}{len(notice.problems)}")
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("page", [(1280, 720), (1920, 1080)])
def test_pages_are_whole(notice: Notice, language: str, page: tuple[int, int], measure: Measure) -> None:
    scene = notice_scene(page, 1.0, measure, Catalogue(language).tr, notice)
    words = [node for node in scene.overlay if isinstance(node, Text)]
    assert all(inside(text_rect(node, measure), (0, 0, *page)) for node in words)
    assert crossed(scene.overlay, measure) == []


def test_the_bar_is_as_long_as_what_is_done(measure: Measure) -> None:
    def bar(done: int, total: int) -> int:
        notice = Notice(NoticeKind.LOADING, "x", done, total)
        scene = notice_scene((1280, 720), 1.0, measure, Catalogue("en").tr, notice)
        return sum(node.w for node in scene.overlay if isinstance(node, Box) and node.fill == "cache")

    full = bar(100, 100)
    assert bar(0, 0) == 0
    assert bar(50, 100) == full // 2
    assert bar(900, 100) == full, "more than was expected is no more than all"


def test_problems_have_place_message_and_line() -> None:
    place = Place("a.yaml", 3, 5)
    several = problems_of(ScenarioError([Diagnostic(place, "no", "x\n^"), Diagnostic(place, "nor this")]))
    assert several == (Problem("a.yaml:3:5", "no", "x\n^"), Problem("a.yaml:3:5", "nor this"))
    running = problems_of(RuntimeStepError("not allocated", place, 7))
    assert running == (Problem("a.yaml:3:5", "not allocated (tick 7)"),)
    assert problems_of(SourceError("gone")) == (Problem("", "gone"),)


def test_a_failure_offers_its_report(measure: Measure) -> None:
    scene = notice_scene((1280, 720), 1.0, measure, Catalogue("en").tr, NOTICES[-1])
    assert [target.command for target in scene.targets] == [CopyReport()]


@pytest.mark.parametrize("page", [(16, 16), (120, 60), (639, 300)])
def test_a_tiny_window_says_what_it_can(page: tuple[int, int], measure: Measure) -> None:
    notice = Notice(NoticeKind.SMALL, done=640, total=360)
    scene = notice_scene(page, 1.0, measure, Catalogue("en").tr, notice)
    words = [node for node in scene.overlay if isinstance(node, Text)]
    assert all(text_rect(node, measure)[2] <= page[0] for node in words)
