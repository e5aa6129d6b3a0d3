"""What stands beside a lesson in the window: its course, its questions, its recap, the mistakes of its file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from slabviz.app.quiz import Quiz
from slabviz.scene import commands as c
from slabviz.scene.over.state import Faults, Over, Recap
from slabviz.scene.start.course import Course, Lesson, Standing, said
from slabviz.timeline.run import Run

if TYPE_CHECKING:
    from slabviz.app.player import Player


@dataclass(slots=True, frozen=True)
class Seat:
    """Where the player sits in the course: ``lesson`` is None for what is no lesson of it."""

    course: Course
    lesson: Lesson | None = None
    quiz: bool = True
    start: float = 0.0
    """Tick at which the lesson goes on."""


class Beside:
    """``faults`` are those of a file that was changed and cannot be read any more."""

    def __init__(self, run: Run, seat: Seat | None) -> None:
        self.seat = seat
        self.quiz = Quiz(run, asks=seat is not None and seat.quiz)
        self.faults: Faults | None = None
        self._closed = False
        """Whether the recap was closed."""

    def over(self, player: Player) -> Over:
        """The cards that lie over the page now."""
        at_end = player.playback.at_end
        self._closed = self._closed and at_end
        recap = self._recap(player) if at_end and not self._closed else None
        asking = self.quiz.asking(player.tick, player.picture.words)
        return Over(recap, asking if not player.view.compare else None, self.faults)

    def _recap(self, player: Player) -> Recap | None:
        seat = self.seat
        if seat is None or seat.lesson is None:
            return None
        language, after = player.picture.looks.language, seat.course.beside(seat.lesson.id, 1)
        coming = "" if after is None else f"{after.label} {said(after.title, language)}"
        title = said(seat.lesson.title, language)
        return Recap(seat.lesson.label, title, coming, self.quiz.asked, self.quiz.right)

    def takes_over(self, run: Run) -> None:
        """Another run of the same source."""
        self.quiz = Quiz(run, asks=self.seat is not None and self.seat.quiz, before=self.quiz)
        self.faults = None

    def close(self, player: Player) -> bool:
        """Close the topmost card; False where none is open."""
        over = self.over(player)
        if over.asking is not None:
            self.pass_on(player)
        elif over.recap is not None:
            self._closed = True
        elif over.faults is not None:
            self.faults = None
        else:
            return False
        return True

    def pass_on(self, player: Player) -> None:
        """Be done with the question that is asked."""
        if self.quiz.close(player.tick):
            player.playback.stops = self.quiz.stops

    def command_for(self, player: Player, name: str) -> c.Command | None:
        """What a key means for the open card: a number answers, Enter goes on to the next lesson."""
        if name.isdecimal() and self.quiz.waits(player.tick) and not player.view.compare:
            number = self.quiz.at(player.tick)
            if number is not None and 1 <= int(name) <= len(self.quiz.questions[number].choices):
                return c.Answer(int(name) - 1)
        recap = self.over(player).recap
        if name == "enter" and player.view.focus is None and recap is not None and recap.after:
            return c.TurnLesson(1)
        return None

    def standing(self, player: Player) -> Standing:
        """Where the reader is in the lesson now."""
        lesson = None if self.seat is None else self.seat.lesson
        before = Standing() if lesson is None else lesson.standing
        tick = player.tick
        ended = player.playback.at_end
        found = Standing(before.done or ended, None if ended or tick == 0 else tick, self.quiz.right, self.quiz.asked)
        return found if found.asked else replace(found, right=before.right, asked=before.asked)


def answer(player: Player, command: c.Answer) -> None:
    """Answer the question that is asked."""
    player.beside.quiz.answer(player.tick, command.choice)


def leave(player: Player, command: c.ShowCourse | c.OpenLesson | c.TurnLesson) -> None:
    """Be done here and do something else in this window, if there is something else."""
    seat = player.beside.seat
    if seat is None:
        player.note("course.no_course")
    elif isinstance(command, c.OpenLesson) and seat.course.find(command.lesson) is None:
        player.note("course.no_lesson", lesson=command.lesson)
    elif isinstance(command, c.TurnLesson):
        _turn(player, seat, command.step)
    else:
        player.leave(command)


def _turn(player: Player, seat: Seat, step: int) -> None:
    lesson = None if seat.lesson is None else seat.course.beside(seat.lesson.id, step)
    if seat.lesson is None:
        player.leave(c.ShowCourse())
    elif lesson is None:
        player.note("course.no_next" if step > 0 else "course.no_previous")
    else:
        player.leave(c.OpenLesson(lesson.id))


BESIDE = {
    c.ShowCourse: leave,
    c.OpenLesson: leave,
    c.TurnLesson: leave,
    c.ShowPart: lambda player, command: None,
    c.AskFile: lambda player, command: None,
    c.Answer: answer,
    c.Rest: lambda player, command: None,
}
