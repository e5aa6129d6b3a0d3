"""Comparing two states (machines, caches, slabs, any plain data) and naming the first field that differs."""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from itertools import zip_longest
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]

Step: TypeAlias = tuple[str, object, object]
"""How a part is reached (``.inuse``, ``[3]``, ``['skbuff']``), the part here, the part there."""

SEQUENCES = (list, tuple, deque, array)
NOT_STATE = ("__dict__", "__weakref__")

LONGEST = 120
"""Characters of a value in a message."""


class _Missing:
    def __repr__(self) -> str:
        return "nothing"


MISSING = _Missing()


def assert_state(actual: object, expected: object) -> None:
    """Raise AssertionError naming the first field where ``actual`` is not ``expected``, and both values there.

    Goes into dataclasses and slotted objects field by field in the order of their declaration, and into mappings,
    sequences and arrays item by item. Types must agree; a part met before (a cycle) is not entered again.
    """
    if difference := first_difference(actual, expected):
        path, found, wanted = difference
        raise AssertionError(f"state differs at {path}: {_short(found)}, expected {_short(wanted)}")


def first_difference(actual: object, expected: object, name: str = "state") -> Step | None:
    """The path of the first difference below ``name`` with both values, or None where all is equal."""
    # A stack of what is still to be compared, not recursion: a chain of slabs may be longer than Python's stack.
    to_do: list[Step] = [(name, actual, expected)]
    seen: set[tuple[int, int]] = set()
    while to_do:
        path, here, there = to_do.pop()
        if here is there or (id(here), id(there)) in seen:
            continue
        if type(here) is not type(there):
            return path, here, there
        parts = _parts(here, there)
        if parts is None:
            if here != there:
                return path, here, there
            continue
        seen.add((id(here), id(there)))
        to_do += reversed([(path + step, left, right) for step, left, right in parts])
    return None


def _parts(here: object, there: object) -> list[Step] | None:
    """Both objects' parts side by side; None for a value that is compared as a whole."""
    if isinstance(here, Mapping) and isinstance(there, Mapping):
        keys = [*here, *(key for key in there if key not in here)]
        return [(f"[{key!r}]", here.get(key, MISSING), there.get(key, MISSING)) for key in keys]
    if isinstance(here, np.ndarray) and isinstance(there, np.ndarray):
        return _array_parts(here, there)
    if isinstance(here, SEQUENCES) and isinstance(there, SEQUENCES):
        return _item_parts(here, there)
    if names := _field_names(here):
        return [(f".{name}", getattr(here, name, MISSING), getattr(there, name, MISSING)) for name in names]
    return None


def _item_parts(here: Iterable[object], there: Iterable[object]) -> list[Step]:
    pairs = zip_longest(here, there, fillvalue=MISSING)
    return [(f"[{index}]", left, right) for index, (left, right) in enumerate(pairs)]


def _array_parts(here: Array, there: Array) -> list[Step]:
    """Shape and type, then the first element that differs: arrays are too long to be entered one by one."""
    parts: list[Step] = [(".shape", str(here.shape), str(there.shape)), (".dtype", str(here.dtype), str(there.dtype))]
    if here.shape == there.shape and (where := np.argwhere(here != there)).size:
        place = tuple(int(index) for index in where[0])
        parts.append((f"[{', '.join(map(str, place))}]", here[place].item(), there[place].item()))
    return parts


def _field_names(value: object) -> list[str]:
    """The fields of a dataclass that count in its comparison, else the slots and attributes of an own class."""
    if is_dataclass(value):
        return [field.name for field in fields(value) if field.compare]
    if isinstance(value, (type, Enum)) or type(value).__eq__ is not object.__eq__:
        return []
    slots = [name for base in reversed(type(value).__mro__) for name in getattr(base, "__slots__", ())]
    return [name for name in (*slots, *getattr(value, "__dict__", ())) if name not in NOT_STATE]


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
