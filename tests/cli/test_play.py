"""What `play` plays: a source, the first lesson, or the start screen with the course."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from slabviz.app import no_display, session
from slabviz.app.session import Piece
from slabviz.errors import ScenarioError

Command = Callable[..., Any]
Played = list[tuple[Piece | None, dict[str, Any]]]


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Played:
    """What the window was asked to begin with."""
    asked: Played = []

    def play(first: Piece | None, *others: object, **options: object) -> None:
        asked.append((first, {"find": others[1], **options}))

    monkeypatch.setattr(session, "play", play)
    monkeypatch.setattr(no_display, "has_display", lambda environment, platform: True)
    return asked





def first(played: Played) -> Piece:
    piece = played[-1][0]
    assert piece is not None
    return piece


def test_without_a_source_the_window_shows_the_course(slabviz: Command, played: Played) -> None:
    assert slabviz("play").code == 0
    assert played[0][0] is None
    assert played[0][1]["find"]("e1").lesson == "E1"


def test_without_a_verb_the_first_lesson_is_played(slabviz: Command, played: Played) -> None:
    assert slabviz().code == 0
    assert (first(played).name, first(played).lesson) == ("fork", "D1")


def test_name_and_id_are_the_same_lesson(slabviz: Command, played: Played) -> None:
    slabviz("play", "d1")
    by_id = first(played)
    slabviz("play", "fork")
    by_name = first(played)
    assert (by_id.lesson, by_id.name) == (by_name.lesson, by_name.name)


def test_a_file_is_no_lesson_but_watched(slabviz: Command, played: Played, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("slabviz: 1\ntitle: x\nnonsense: 1\n", encoding="utf-8")
    slabviz("play", path)
    piece = first(played)
    assert piece.lesson == ""
    assert piece.files is not None
    assert list(piece.files()) == [path]
    with pytest.raises(ScenarioError):  # said in the window, not before it opens
        piece.load(lambda done, total: None)


def test_questions_are_asked_unless_somebody_says_no(slabviz: Command, played: Played) -> None:
    slabviz("play", "fork")
    slabviz("play", "fork", "--no-quiz")
    assert [options["quiz"] for _, options in played] == [True, False]


def test_a_lesson_with_two_sides_opens_with_both(slabviz: Command, played: Played) -> None:
    slabviz("play", "A2")
    piece = first(played)
    assert piece.rival is not None
    assert piece.view_of is not None
    assert piece.view_of(piece.load(lambda done, total: None)).compare
