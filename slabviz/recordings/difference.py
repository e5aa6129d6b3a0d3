"""What differs between a recorded value and the model's, down to the innermost field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Absence(Enum):
    """Stands for a value that one side does not have."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return self.value


ABSENT = Absence.ABSENT


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not the same: ``expected`` is what the kernel recorded, ``got`` what slabviz computes.

    ``op`` is the number of an operation, or "header", "end" or a table's row; ``field`` is for instance
    ``state.cpu[1].partial`` or ``ev``.
    """

    op: int | str
    field: str
    expected: Any
    got: Any

    def __str__(self) -> str:
        where = f"op {self.op}" if isinstance(self.op, int) else self.op
        return f"{where}: {self.field}: expected {self.expected!r}, got {self.got!r}"


def differences(op: int | str, field: str, expected: Any, got: Any) -> Iterator[Difference]:
    """Every innermost difference between two JSON values of which one is the recorded and one the model's.

    Objects are entered key by key. A list is entered only where both sides hold objects (``state.cpu``): of a list of
    numbers, the whole says more than its first changed place.
    """
    if type(expected) is type(got) and expected == got:
        return
    if isinstance(expected, dict) and isinstance(got, dict):
        for key in sorted(expected.keys() | got.keys(), key=str):
            name = f"{field}[{key}]" if str(key).isdigit() else f"{field}.{key}"
            yield from differences(op, name, expected.get(key, ABSENT), got.get(key, ABSENT))
    elif _objects(expected) and _objects(got) and len(expected) == len(got):
        for index, (left, right) in enumerate(zip(expected, got, strict=True)):
            yield from differences(op, f"{field}[{index}]", left, right)
    else:
        yield Difference(op, field, expected, got)


def _objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)
