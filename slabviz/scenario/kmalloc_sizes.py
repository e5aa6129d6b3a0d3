"""Which kmalloc caches a scenario can reach, so that the machine has those and no others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from slabviz.devmem.dev_kmalloc import HEADER_SIZE
from slabviz.devmem.devres import NODE_SIZE
from slabviz.engine import driver_program, program
from slabviz.engine.program import Step
from slabviz.engine.values import Binary, Choice, Const, Name, Poisson, Uniform, Value
from slabviz.model.gfp import GFP_KERNEL
from slabviz.model.kmalloc_classes import KMALLOC_CLASSES, kmalloc_class_of, kmalloc_index, kmalloc_type
from slabviz.model.sizing import KMALLOC_MAX_CACHE_SIZE

Interval = tuple[int, int]
"""Bytes a value can be, both ends included."""

EVERYTHING: Interval = (1, KMALLOC_MAX_CACHE_SIZE)

Class = tuple[int, int]
"""(row, index) of ``kmalloc_caches[][]``."""


def kmalloc_classes(steps: Iterable[Step]) -> list[Class]:
    """The kmalloc caches that these steps can ask for, by type, the smallest objects first."""
    steps = list(steps)
    named: dict[str, list[Value]] = {}
    for step in steps:
        for name, value in step.values if isinstance(step, program.Let) else ():
            named.setdefault(name, []).append(value)
    reached = set[Class]()
    for step in steps:
        if isinstance(step, (program.Alloc, program.BulkAlloc, program.Shrink, program.Tune, program.Free)):
            place = kmalloc_class_of(step.cache or "")
            reached |= {place} if place else set()
        for size, gfp, extra in _requests(step):
            for low, high in intervals(size, named, 4):
                reached |= {(kmalloc_type(gfp), index) for index in _indexes(low + extra, high + extra)}
    return sorted(reached, key=lambda place: (place[0], KMALLOC_CLASSES[place[1]]))


def _requests(step: Step) -> Iterator[tuple[Value, int, int]]:
    """(size, gfp, bytes more than that) of what a step may ask kmalloc for."""
    match step:
        case program.Kmalloc(size=size, gfp=gfp) | driver_program.Krealloc(size=size, gfp=gfp):
            yield size, gfp, 0
        case driver_program.DevKmalloc(size=size):
            yield size, GFP_KERNEL, HEADER_SIZE
        case driver_program.DevmKmalloc(size=size, gfp=gfp):
            yield size, gfp, NODE_SIZE


def _indexes(low: int, high: int) -> set[int]:
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
