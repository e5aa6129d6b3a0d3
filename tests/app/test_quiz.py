"""Questions: playing stops for them, they are answered by key or click, told by shape and words, and can be skipped."""

from collections.abc import Iterator

import pytest

from slabviz.app.beside import Seat
from slabviz.app.player import Player
from slabviz.app.quiz import Quiz
from slabviz.library import load
from slabviz.scene.commands import Answer, SetLevel, TogglePlay
from slabviz.scene.start.course import Course
from slabviz.timeline.run import Run
from slabviz.window import Input, Key, PointerDown, PointerMove, PointerUp
from slabviz.window.null import NullWindow
from tests.app.quiz_file import ASKS, Clock


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    path = tmp_path_factory.mktemp("quiz") / "asks.yaml"
    path.write_text(ASKS, encoding="utf-8")
    return load(path).run()


def player(run: Run, script: list[list[Input]] | Iterator[list[Input]], *, quiz: bool = True) -> Player:
    seat = Seat(Course(), quiz=quiz)
    it = Player(run, NullWindow(iter(script)), seat=seat, clock=Clock(20), sleep=lambda _: None)
    it.playback.seek(64.0)
    return it


STOPPED: list[list[Input]] = [[Key("space")], *([[]] * 24)]
"""Played from a little before the question until after it."""


def test_playing_stops_before_it_reveals(run: Run) -> None:
    it = player(run, STOPPED)
    it.play()
    question = it.beside.quiz.questions[0]
    assert it.playback.position == question.tick < question.reveal
    assert not it.playback.playing
    asking = it.beside.over(it).asking
    assert asking is not None
    assert len(asking.choices) == len(question.choices)
    assert asking.right is None  # nothing tells the answer before there is one


@pytest.mark.parametrize("quiz", [True, False])
def test_who_does_not_want_to_be_asked_is_not(run: Run, quiz: bool) -> None:
    it = player(run, STOPPED, quiz=quiz)
    it.play()
    assert bool(it.beside.quiz.questions) is quiz
    assert (it.playback.position > 70) is not quiz


def test_a_number_answers_and_levels_come_back(run: Run) -> None:
    it = player(run, [*STOPPED, [Key("2")], [], [Key("1")], []])
    right = Quiz(run).questions[0].right
    it.play()
    assert (it.beside.quiz.asked, it.beside.quiz.right) == (1, int(right == 1))
    asking = it.beside.over(it).asking
    assert asking is not None
    assert (asking.answered, asking.right) == (1, right)
    assert it.view.level == SetLevel(it.view.level.__class__.KERNEL).level  # the second number was a level


def test_right_and_wrong_are_told_by_shape_and_words(run: Run) -> None:
    for choice in (0, Quiz(run).questions[0].right):
        it = player(run, [*STOPPED, [Key(str(choice + 1))], []])
        it.play()
        assert it.picture.scene is not None
        words = {getattr(node, "text", "") for node in it.picture.scene.overlay}
        icons = {getattr(node, "name", "") for node in it.picture.scene.overlay}
        assert it.picture.tr("course.ask.right") in words
        wrong = choice != Quiz(run).questions[0].right
        assert (it.picture.tr("course.ask.wrong") in words) is wrong
        assert ("close" in icons) is wrong


def test_a_click_answers_and_the_button_goes_on(run: Run) -> None:
    def script() -> Iterator[list[Input]]:
        yield from STOPPED
        for command in (Answer(3), TogglePlay()):
            assert it.picture.scene is not None
            found = [target.rect for target in it.picture.scene.targets if target.command == command]
            x, y, w, h = found[-1]
            at = x + w // 2, y + h // 2
            for each in (PointerMove(*at), PointerDown(*at), PointerUp(*at)):
                yield [each]
            yield []
        yield from [[]] * 10

    it = player(run, script())
    it.play()
    assert it.beside.quiz.asked == 1
    assert it.playback.position > it.beside.quiz.questions[0].reveal
    assert it.beside.over(it).asking is None


def test_tab_leads_to_the_answers_and_enter_gives_one(run: Run) -> None:
    def script() -> Iterator[list[Input]]:
        yield from STOPPED
        for _ in range(60):
            yield [Key("tab")]
            if it.view.focus == Answer(2):
                break
        yield [Key("enter")]
        yield []

    it = player(run, script())
    it.play()
    asking = it.beside.over(it).asking
    assert asking is not None
    assert asking.answered == 2


def test_a_question_that_was_skipped_does_not_come_again(run: Run) -> None:
    it = player(run, [*STOPPED, [Key("space")], *([[]] * 20), [Key(",")], [Key(",")], [Key("space")], *([[]] * 20)])
    it.play()
    assert it.beside.quiz.asked == 0
    assert it.playback.playing
    assert it.tick > it.beside.quiz.questions[0].tick


def test_escape_closes_a_question_and_nothing_else(run: Run) -> None:
    it = player(run, [*STOPPED, [Key("escape")], []])
    it.play()
    assert it.beside.over(it).asking is None
    assert not it.playback.playing


def test_answers_stay_when_the_file_is_read_again(run: Run) -> None:
    quiz = Quiz(run)
    quiz.answer(quiz.questions[0].tick, 1)
    quiz.close(quiz.questions[0].tick)
    again = Quiz(run, before=quiz)
    assert (again.asked, again.stops) == (1, ())


def test_the_wrong_tick_takes_no_answer(run: Run) -> None:
    quiz = Quiz(run)
    quiz.answer(0, 1)
    quiz.answer(quiz.questions[0].tick, 99)
    assert quiz.asked == 0
    assert not quiz.close(0)


