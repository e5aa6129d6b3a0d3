"""Which kmalloc caches a scenario can reach, so that the machine has those and no others."""

from __future__ import annotations

from collections.abc import Iterable

from slabviz.engine import program
from slabviz.engine.program import Step
from slabviz.engine.values import Binary, Choice, Const, Name, Poisson, Uniform, Value
from slabviz.model.kmalloc_classes import KMALLOC_CLASSES, kmalloc_index, kmalloc_name
from slabviz.model.sizing import KMALLOC_MAX_CACHE_SIZE

Interval = tuple[int, int]
"""Bytes a value can be, both ends included."""

EVERYTHING: Interval = (1, KMALLOC_MAX_CACHE_SIZE)


def kmalloc_indexes(steps: Iterable[Step]) -> list[int]:
    """The kmalloc classes that these steps can ask for, smallest objects first (indexes of KMALLOC_CLASSES)."""
    steps = list(steps)
    named: dict[str, list[Value]] = {}
    for step in steps:
        for name, value in step.values if isinstance(step, program.Let) else ():
            named.setdefault(name, []).append(value)
    reached = set[int]()
    by_name = {kmalloc_name(index): index for index in KMALLOC_CLASSES}
    for step in steps:
        if isinstance(step, (program.Alloc, program.BulkAlloc, program.Shrink, program.Tune)) and step.cache in by_name:
            reached.add(by_name[step.cache])
        if isinstance(step, program.Kmalloc):
            for low, high in intervals(step.size, named, 4):
                reached |= _classes(low, high)
    return sorted(reached, key=KMALLOC_CLASSES.__getitem__)


def _classes(low: int, high: int) -> set[int]:
    first, last = max(low, 1), min(high, KMALLOC_MAX_CACHE_SIZE)
    sizes = {first, last, *(size for size in KMALLOC_CLASSES.values() if first <= size <= last)}
    return {kmalloc_index(size) or 0 for size in sizes if first <= last} - {0}


def intervals(value: Value, named: dict[str, list[Value]], depth: int) -> list[Interval]:
    """The ranges a value can lie in; ``depth`` is how many names deep to look before giving up with EVERYTHING."""
    match value:
        case Const(number):
            return [(number, number)]
        case Choice(values):
            return [found for one in values for found in intervals(one, named, depth)]
        case Uniform(low, high):
            ends = [end for one in (low, high) for found in intervals(one, named, depth) for end in found]
            return [(min(ends), max(ends))]
        case Name(name) if name in named and depth:
            return [found for one in named[name] for found in intervals(one, named, depth - 1)]
        case Binary("+", left, right):
            return [
                (a + c, b + d)
                for a, b in intervals(left, named, depth)
                for c, d in intervals(right, named, depth)
            ]  # fmt: skip
        case Poisson() | _:
            return [EVERYTHING]
