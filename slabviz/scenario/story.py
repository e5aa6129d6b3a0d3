"""What a scenario tells and what it promises: chapters and expectations, as plain data with the place of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from slabviz.engine.program import Texts
from slabviz.errors import Place


@dataclass(frozen=True, slots=True)
class Comparison:
    """``>= 30``: an operator of ``values.OPERATORS`` and a number."""

    operator: str
    number: int

    def __str__(self) -> str:
        return f"{self.operator} {self.number}"


@dataclass(frozen=True, slots=True)
class StateTest:
    """One number of the machine at one tick: ``measure`` of ``cache`` (None: all of them together), on ``cpu``."""

    measure: str
    cache: str | None
    comparison: Comparison
    cpu: int | None = None


@dataclass(frozen=True, slots=True)
class EventTest:
    """Something that happens: an event or statistic by name, in ``cache`` (None: anywhere), on ``cpu`` (None: on any).

    With ``mark`` it is a ``mark`` step with this text.
    """

    event: str
    cache: str | None
    cpu: int | None = None
    mark: str | None = None


Test: TypeAlias = StateTest | EventTest


@dataclass(frozen=True, slots=True)
class Span:
    """The ticks first … last; ``last`` None is the end of the run."""

    first: int
    last: int | None


@dataclass(frozen=True, slots=True)
class ExpectAt:
    """``{at: end, cache: …, objects: 0}``: ``tick`` None is the end."""

    place: Place
    tick: int | None
    tests: tuple[StateTest, ...]


@dataclass(frozen=True, slots=True)
class ExpectOften:
    """``{over: all, stat: …, count: ">= 1"}``; with ``share`` the number is percent of all allocations (or frees)."""

    place: Place
    span: Span
    test: EventTest
    comparison: Comparison
    share: bool


@dataclass(frozen=True, slots=True)
class ExpectEver:
    """``always``, ``never`` or ``sometime``."""

    place: Place
    mode: str
    span: Span
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class ExpectCounter:
    """``{counter: dropped, value: 0}`` at the end."""

    place: Place
    counter: str
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class ExpectText:
    """``{at: end, report: slabinfo, contains: …}``: ``tick`` None is the end, ``cache`` for the reports of one.

    ``lines`` are patterns: the first words of a line, ``*`` for any word.
    """

    place: Place
    tick: int | None
    report: str
    cache: str | None
    contains: tuple[str, ...]
    lacks: tuple[str, ...]
    lines: tuple[str, ...]


ExpectSpec: TypeAlias = ExpectText | ExpectAt | ExpectOften | ExpectEver | ExpectCounter


@dataclass(frozen=True, slots=True)
class ChoiceSpec:
    """What is to be inspected: a slab by number or word, on ``cpu``, an object in it, or what ``holder`` holds."""

    slab: int | str | None = None
    cpu: int | None = None
    index: int | str | None = None
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class ShowSpec:
    """What the window turns to, by name; None: as it was."""

    level: str | None = None
    cache: str | None = None
    panel: str | None = None
    report: str | None = None
    choice: ChoiceSpec | None = None
    speed: float | None = None
    compare: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class AnswerSpec:
    """What the model is asked: ``kind`` is list, state, free_path, alloc_path, number or holds."""

    kind: str
    cache: str | None
    cpu: int | None
    choice: ChoiceSpec | None = None
    measure: str | None = None
    tests: tuple[Test, ...] = ()


@dataclass(frozen=True, slots=True)
class AskSpec:
    """A question; the answer is as the machine is ``after`` ticks later."""

    place: Place
    question: Texts
    answer: AnswerSpec
    after: int


@dataclass(frozen=True, slots=True)
class ChapterSpec:
    """A part of the story: from ``tick`` on, or from the first time that ``when`` holds after the chapter before."""

    place: Place
    tick: int | None
    when: Test | None
    title: Texts
    say: Texts
    pause: bool
    show: ShowSpec
    ask: AskSpec | None = None
