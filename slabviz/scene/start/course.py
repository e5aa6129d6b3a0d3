"""The course as plain data: its lessons, what each is about, and where the reader stands in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

Texts = tuple[tuple[str, str], ...]
"""A text by language, as ``(("en", …), ("zh", …))``."""

GROUPS = ("A", "B", "C", "D", "E", "F", "G")
"""The parts of the course by the letter of their lessons, in order."""

MORE = "more"
"""What belongs to no part."""


@dataclass(slots=True, frozen=True)
class MiniCache:
    """A cache as a lesson has it: object size in bytes as allocated, objects in a slab, pages of a slab."""

    name: str
    size: int
    objects: int
    pages: int


@dataclass(slots=True, frozen=True)
class Details:
    """What the whole file says: its caches (the one on stage first), who asks for memory, how long it is."""

    caches: tuple[MiniCache, ...] = ()
    askers: int = 0
    ticks: int = 0
    chapters: int = 0


@dataclass(slots=True, frozen=True)
class Standing:
    """Where the reader is in a lesson; ``tick`` None: not begun, or seen to the end since."""

    done: bool = False
    tick: int | None = None
    right: int = 0
    asked: int = 0
    """Questions that were answered, and how many of them right."""


@dataclass(slots=True, frozen=True)
class Lesson:
    """A shipped scenario; ``details`` are None until its whole file has been read."""

    id: str
    name: str
    title: Texts
    about: Texts = ()
    details: Details | None = None
    standing: Standing = Standing()

    @property
    def group(self) -> str:
        """The letter of its part, or ``more``."""
        return self.id[0] if re.fullmatch(r"[A-G][0-9]{1,2}", self.id) else MORE

    @property
    def label(self) -> str:
        """What it is called for short: its number in the course, else its name."""
        return self.name if self.group == MORE else self.id


def said(texts: Texts, language: str) -> str:
    """A text in a language of the catalogue (``zh_CN``), or in English."""
    found = dict(texts)
    return found.get(language.partition("_")[0]) or found.get("en", "")


@dataclass(slots=True, frozen=True)
class Course:
    """All lessons in the order of the course; ``last`` is the id of the one that was seen last, or empty."""

    lessons: tuple[Lesson, ...] = ()
    last: str = ""

    @property
    def groups(self) -> tuple[tuple[str, tuple[Lesson, ...]], ...]:
        """The parts that hold a lesson, in order, and what belongs to none at the end."""
        found = ((group, tuple(it for it in self.lessons if it.group == group)) for group in (*GROUPS, MORE))
        return tuple((group, lessons) for group, lessons in found if lessons)

    @property
    def in_order(self) -> tuple[Lesson, ...]:
        """As the screen lists them."""
        return tuple(lesson for _, lessons in self.groups for lesson in lessons)

    def find(self, called: str) -> Lesson | None:
        """A lesson by id or name, whatever the case."""
        wanted = called.casefold()
        return next((it for it in self.lessons if wanted in (it.id.casefold(), it.name.casefold())), None)

    def beside(self, identity: str, step: int) -> Lesson | None:
        """The lesson ``step`` places further in the order of the screen; None beyond its ends."""
        order = self.in_order
        here = next((place for place, it in enumerate(order) if it.id == identity), None)
        if here is None or not 0 <= here + step < len(order):
            return None
        return order[here + step]

    def with_details(self, identity: str, details: Details) -> Course:
        """The course with what is known now of one lesson."""
        lessons = (replace(it, details=details) if it.id == identity else it for it in self.lessons)
        return replace(self, lessons=tuple(lessons))

    def standing_at(self, standings: Mapping[str, Standing], last: str) -> Course:
        """The course as a reader stands in it."""
        lessons = (replace(it, standing=standings.get(it.id, Standing())) for it in self.lessons)
        return replace(self, lessons=tuple(lessons), last=last if self.find(last) else "")
