"""What the cards over a lesson say, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.notice import Problem


@dataclass(slots=True, frozen=True)
class Recap:
    """A lesson is over. ``after`` is the lesson that comes next (number and title), or empty at the end."""

    label: str
    title: str
    after: str = ""
    asked: int = 0
    right: int = 0


@dataclass(slots=True, frozen=True)
class Asking:
    """A question with its choices; ``right`` is None where the answer is not to be told, ``answered`` until there is
    one."""

    text: str
    choices: tuple[str, ...]
    right: int | None = None
    answered: int | None = None
    controls: bool = True


@dataclass(slots=True, frozen=True)
class Faults:
    """Why a file that was changed is not shown: ``problems`` one by one with their places."""

    name: str
    problems: tuple[Problem, ...]


@dataclass(slots=True, frozen=True)
class Over:
    """All that lies over a lesson."""

    recap: Recap | None = None
    asking: Asking | None = None
    faults: Faults | None = None


NOTHING = Over()
