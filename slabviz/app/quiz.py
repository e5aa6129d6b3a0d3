"""The questions of a run: which one is asked now, what was answered, and where playing stops for them."""

from __future__ import annotations

from slabviz.i18n.catalogue import Catalogue
from slabviz.scene.over.asking import asking_of
from slabviz.scene.over.state import Asking
from slabviz.timeline.run import Run


class Quiz:
    """``questions`` are empty where nobody wants to be asked."""

    def __init__(self, run: Run, *, asks: bool = True, before: Quiz | None = None) -> None:
        """``before``: the quiz of the same source as it was; what was answered there stays so."""
        found = (chapter.asked for chapter in run.chapters) if asks else ()
        self.questions = [question for question in found if question is not None]
        self._answers: dict[int, int] = {}
        self._closed: set[int] = set()
        for number, question in enumerate(before.questions if before is not None else ()):
            here = next((place for place, it in enumerate(self.questions) if it.text == question.text), None)
            if here is not None and before is not None:
                self._closed |= {here} & ({here} if number in before._closed else set())
                if number in before._answers:
                    self._answers[here] = before._answers[number]

    @property
    def stops(self) -> tuple[float, ...]:
        """Ticks at which playing stops: there a question waits."""
        return tuple(float(it.tick) for number, it in enumerate(self.questions) if number not in self._closed)

    @property
    def asked(self) -> int:
        """How many have been answered."""
        return len(self._answers)

    @property
    def right(self) -> int:
        """How many of them rightly."""
        return sum(self.questions[number].right == choice for number, choice in self._answers.items())

    def at(self, tick: int) -> int | None:
        """The question that is asked at a tick, by its number: before the answer can be seen."""
        waiting = (
            number for number, it in enumerate(self.questions)
            if number not in self._closed and it.tick <= tick < max(it.reveal, it.tick + 1)
        )  # fmt: skip
        return next(waiting, None)

    def answer(self, tick: int, choice: int) -> None:
        """The first answer counts."""
        number = self.at(tick)
        if number is not None and 0 <= choice < len(self.questions[number].choices):
            self._answers.setdefault(number, choice)

    def waits(self, tick: int) -> bool:
        """Whether an answer can be given now."""
        number = self.at(tick)
        return number is not None and number not in self._answers

    def close(self, tick: int) -> bool:
        """Be done with the question at a tick; False where none is asked."""
        number = self.at(tick)
        if number is not None:
            self._closed.add(number)
        return number is not None

    def asking(self, tick: int, words: Catalogue) -> Asking | None:
        """What its card says."""
        number = self.at(tick)
        if number is None:
            return None
        question = self.questions[number]
        return asking_of(question, words, self._answers.get(number))
