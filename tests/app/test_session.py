"""One window: from the start screen to a lesson, to the next, and back; where one left off is gone on with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from slabviz.app.bookmarks import FILE, Bookmarks
from slabviz.app.player import Player
from slabviz.app.start import StartPage, Wish
from slabviz.errors import SlabvizError
from slabviz.scene.commands import OpenLesson, ShowCourse, TurnLesson
from slabviz.scene.start.course import Standing
from slabviz.window import CloseRequest, FileDropped, Input, Key
from tests.app.quiz_file import find, session

HERE = Key("o")


def keys(*names: str) -> list[list[Input]]:
    """One key a frame; ``^down`` with Ctrl."""
    return [[Key(name.removeprefix("^"), ctrl=name.startswith("^"))] for name in names]


def test_from_the_start_screen_to_a_lesson_and_back(tmp_path: Path, players: list[Player]) -> None:
    it, window = session([[], *keys("enter"), [], *keys("right", "right", "o"), []], tmp_path)
    it.go()
    assert [player.name for player in players] == ["a01_layers"]
    assert not window.is_open
    assert Bookmarks(tmp_path).standings == {"A1": Standing(False, 2)}


def test_a_lesson_goes_on_where_it_was_left(tmp_path: Path, players: list[Player]) -> None:
    Bookmarks(tmp_path).keep("A1", Standing(False, 120))
    it, _ = session([[], *keys("enter"), [], []], tmp_path)
    it.go()
    assert players[0].tick == 120
    assert "120" in players[0].view.message


def test_the_first_piece_begins_at_its_beginning(tmp_path: Path, players: list[Player]) -> None:
    Bookmarks(tmp_path).keep("D1", Standing(True, 120))
    it, _ = session([[], []], tmp_path)
    it.go(find("fork"))
    assert players[0].tick == 0
    assert Bookmarks(tmp_path).standings["D1"] == Standing(True)


def test_fork_and_d1_are_the_same_lesson() -> None:
    assert find("fork").lesson == find("D1").lesson == "D1"


def test_next_and_previous_lessons_follow_the_course(tmp_path: Path, players: list[Player]) -> None:
    it, _ = session([[], *keys("^down"), [], *keys("^down"), [], *keys("^up"), []], tmp_path)
    it.go(find("A1"))
    assert [player.name[:3] for player in players] == ["a01", "a02", "a03", "a02"]


def test_before_the_first_lesson_there_is_none(tmp_path: Path, players: list[Player]) -> None:
    it, _ = session([[], *keys("^up"), []], tmp_path)
    it.go(find("A1"))
    assert [player.wish for player in players] == [None]
    assert players[0].view.message == players[0].picture.tr("course.no_previous")


def test_the_end_of_a_lesson_offers_the_next_one(tmp_path: Path, players: list[Player]) -> None:
    it, _ = session([[], *keys("end"), [], *keys("enter"), [], []], tmp_path)
    it.go(find("A1"))
    assert [player.name[:3] for player in players] == ["a01", "a02"]
    assert Bookmarks(tmp_path).standings["A1"] == Standing(True)


def test_the_recap_can_be_closed_and_comes_again(tmp_path: Path, players: list[Player]) -> None:
    seen: list[bool] = []

    def script() -> Iterator[list[Input]]:
        yield []
        for key in ("end", "escape", "left", "right"):
            yield [Key(key)]
            yield []
            player = players[0]
            seen.append(player.beside.over(player).recap is not None)
            assert player.picture.scene is not None
            commands = {target.command for target in player.picture.scene.targets}
            assert (TurnLesson(1) in commands) == seen[-1]

    it, _ = session(script(), tmp_path)
    it.go(find("A1"))
    assert seen == [True, False, False, True]


def test_a_box_of_the_map_plays_the_lesson_it_names(tmp_path: Path, players: list[Player]) -> None:
    def script() -> Iterator[list[Input]]:
        yield []
        player = players[0]
        assert player.picture.scene is not None
        assert OpenLesson("B2") in {target.command for target in player.picture.scene.targets}
        player.obey(OpenLesson("B2"))
        yield []
        yield []
        players[1].obey(OpenLesson("Z9"))
        assert "Z9" in players[1].view.message

    it, _ = session(script(), tmp_path)
    it.go(find("G3"))
    assert [player.name[:3] for player in players] == ["g03", "b02"]


def test_what_is_not_there_is_said_on_the_start_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    begin = StartPage.say

    def say(self: StartPage, message: str) -> None:
        said.append(message)
        begin(self, message)

    monkeypatch.setattr(StartPage, "say", say)
    session([[], *keys("/", *"b.yaml", "enter"), [], [], []], tmp_path)[0].go()
    assert said[0] == ""
    assert "b.yaml: there is no such file" in said[1]


@pytest.mark.parametrize(("leaves", "screens"), [(Key("escape"), 2), (CloseRequest(), 1), (Key("q", ctrl=True), 1)])
def test_mistakes_of_a_chosen_file_stand_until_somebody_leaves(
    leaves: Input, screens: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, players: list[Player]
) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("slabviz: 1\ntitle: x\nnonsense: 1\n", encoding="utf-8")
    asked: list[int] = []
    begin = StartPage.ask

    def ask(self: StartPage) -> Wish:
        asked.append(1)
        return begin(self)

    monkeypatch.setattr(StartPage, "ask", ask)
    it, window = session([[FileDropped(str(bad))], [], [], [leaves], [], []], tmp_path / "user")
    it.go()
    assert players == []
    assert len(asked) == screens  # Esc leads back, closing the window closes it
    assert not window.is_open


def test_a_first_piece_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("slabviz: 1\ntitle: x\nnonsense: 1\n", encoding="utf-8")
    it, window = session([[], [CloseRequest()]], tmp_path / "user")
    with pytest.raises(SlabvizError, match="nonsense"):
        it.go(find(str(bad)))
    assert not window.is_open


def test_looks_are_kept_from_page_to_page(tmp_path: Path, players: list[Player]) -> None:
    it, _ = session([[], *keys("t", "enter"), [], *keys("z", "o"), [], *keys("enter"), []], tmp_path)
    it.go()
    assert [player.picture.looks.theme for player in players] == ["light", "light"]
    assert it.looks.language == "zh_CN"


def test_a_broken_memory_is_said_once(tmp_path: Path, players: list[Player]) -> None:
    (tmp_path / FILE).write_text("nonsense", encoding="utf-8")
    it, _ = session([[], []], tmp_path)
    it.go(find("A1"))
    assert "progress-broken.json" in players[0].view.message


def test_a_player_without_a_course_has_nowhere_to_go(players: list[Player]) -> None:
    from slabviz.library import load
    from slabviz.window.null import NullWindow

    player = Player(load("A1").run(ticks=20), NullWindow([[], [HERE], []]), sleep=lambda _: None)
    player.play()
    assert player.wish is None
    assert player.picture.scene is not None
    assert ShowCourse() not in {target.command for target in player.picture.scene.targets}
