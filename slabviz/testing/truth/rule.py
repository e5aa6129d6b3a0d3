"""The rules of truth: functions that read a shot and yield what is not so, each under its own name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from slabviz.scene.display import Rect
from slabviz.testing.truth.shot import Shot

Lie: TypeAlias = tuple[str, Rect, str]
"""What it is about, where it stands, and the sentence."""
Rule: TypeAlias = Callable[[Shot], Iterator[Lie]]
RULES: dict[str, Rule] = {}
"""By name."""


def rule(function: Rule) -> Rule:
    """Decorator: enter a rule under its function's name."""
    RULES[function.__name__] = function
    return function


def differ(what: str, where: Rect, said: object, true: object) -> Iterator[Lie]:
    """Yield a lie if two values differ."""
    if said != true:
        yield what, where, f"the picture says {said}, the machine {true}"
