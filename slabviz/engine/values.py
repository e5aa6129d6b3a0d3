"""Values of a program: constants, distributions and small expressions, as trees that cannot leave the scenario.

All values are whole numbers (ticks, bytes, or plain counts; a truth is 0 or 1). They are drawn and computed only while
the program runs, from the random stream of the job that asks, so that one job's luck never changes another's.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias


class Source(Protocol):
    """Where a value finds its names and its luck: one running job."""

    def name(self, name: str) -> int:
        """The number a name stands for now. Raises RuntimeStepError when it stands for none yet."""
        ...

    def length(self, name: str) -> int:
        """How many objects a list or a queue holds now."""
        ...

    def ksize(self, name: str) -> int:
        """Bytes that the holder of an object may use."""
        ...

    def address(self, name: str) -> int:
        """Where the pointer of an object's holder points to."""
        ...

    def uniform(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        ...

    def poisson(self, mean: int) -> int:
        """The gap to the next arrival of a Poisson process with this mean gap, at least 1."""
        ...


@dataclass(frozen=True, slots=True)
class Const:
    """A number written in the file."""

    number: int


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, a parameter, ``running``, ``tick`` or ``cpu``."""

    name: str


@dataclass(frozen=True, slots=True)
class Length:
    """``length(NAME)``: how many objects a list or queue holds."""

    name: str


@dataclass(frozen=True, slots=True)
class Ksize:
    """``ksize(OBJECT)``: bytes that its holder may use, which is no less than he asked for."""

    name: str


@dataclass(frozen=True, slots=True)
class Address:
    """``address(OBJECT)``: where its holder's pointer points to, also after the free; 0 for NULL."""

    name: str


@dataclass(frozen=True, slots=True)
class Uniform:
    """A number between two others, each equally likely."""

    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class Poisson:
    """A waiting time with this mean, as between the packets of a busy line (at least 1)."""

    mean: Value


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values, each equally likely (write one twice to double its chance)."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """``not x`` or ``-x``."""

    operator: str
    value: Value


@dataclass(frozen=True, slots=True)
class Binary:
    """Two values and what to do with them; see ``OPERATORS``."""

    operator: str
    left: Value
    right: Value


Value: TypeAlias = Const | Name | Length | Ksize | Address | Uniform | Poisson | Choice | Unary | Binary


def _divide(left: int, right: int) -> int:
    return left // right if right else 0


OPERATORS: dict[str, Callable[[int, int], int]] = {
    "or": lambda left, right: int(bool(left or right)),
    "and": lambda left, right: int(bool(left and right)),
    "<": lambda left, right: int(left < right),
    "<=": lambda left, right: int(left <= right),
    ">": lambda left, right: int(left > right),
    ">=": lambda left, right: int(left >= right),
    "==": lambda left, right: int(left == right),
    "!=": lambda left, right: int(left != right),
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divide,
    "%": lambda left, right: left % right if right else 0,
}
"""What each operator does; division by zero gives 0, so that no scenario can stop the engine."""

LIMIT = 2**62
"""No result leaves -LIMIT … LIMIT: repeated multiplication stays a machine number."""


def evaluate(value: Value, source: Source) -> int:
    """The number a value stands for now.

    Raises RuntimeStepError: a name has no number yet.
    """
    match value:
        case Const(number):
            return number
        case Name(name):
            return source.name(name)
        case Length(name):
            return source.length(name)
        case Ksize(name) | Address(name):
            return (source.ksize if isinstance(value, Ksize) else source.address)(name)
        case Uniform(low, high):
            ends = sorted((evaluate(low, source), evaluate(high, source)))
            return source.uniform(ends[0], ends[1])
        case Poisson(mean):
            return source.poisson(max(1, evaluate(mean, source)))
        case Choice(values):
            return evaluate(values[source.uniform(0, len(values) - 1)], source)
        case Unary(sign, inner):
            return int(not evaluate(inner, source)) if sign == "not" else -evaluate(inner, source)
        case Binary(sign, left, right):
            result = OPERATORS[sign](evaluate(left, source), evaluate(right, source))
            return max(-LIMIT, min(LIMIT, result))
