"""What it costs that memory has contents while nobody looks: the engine as it is against one that could not look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from slabviz.cli.bench.figure import Figure, cpu_seconds, side_by_side
from slabviz.cli.bench.workload import busy_engine
from slabviz.model.events import APPLY, Apply, Kind
from slabviz.model.kmem_cache import TID_STEP
from slabviz.model.machine import Machine

TICKS = 20_000
ROUNDS = 9


def figures() -> Iterator[Figure]:
    """One ratio: speed of the engine's ticks with contents through that without, nobody looking."""
    ours, limit = side_by_side(_seconds, _seconds_blind, ROUNDS)
    measured = {"on ns/tick": ours / TICKS * 1e9, "off ns/tick": limit / TICKS * 1e9}
    yield Figure("Engine.tick(), contents that nobody looks at", limit / ours, 0.95, "of the limit", measured=measured)


def _seconds() -> float:
    engine = busy_engine()

    def run() -> None:
        for _ in range(TICKS):
            engine.tick()

    return cpu_seconds(run)


def _seconds_blind() -> float:
    with _blind():
        return _seconds()


def _alloc_fastpath(m: Machine, cpu: int, slab: int, obj: int, who: int) -> None:
    s = m.slabs[slab]
    c = s.cache.cpu_slab[cpu]
    c.freelist = s.links[obj]
    c.tid += TID_STEP
    s.owners[obj] = who


def _free_fastpath(m: Machine, cpu: int, slab: int, obj: int, who: int) -> None:
    s = m.slabs[slab]
    c = s.cache.cpu_slab[cpu]
    s.links[obj] = c.freelist
    c.freelist = obj
    c.tid += TID_STEP
    s.owners.pop(obj, None)


def _free_to_slab(m: Machine, cpu: int, slab: int, obj: int, who: int) -> None:
    s = m.slabs[slab]
    s.links[obj] = s.freelist
    s.freelist = obj
    s.inuse -= 1
    s.owners.pop(obj, None)


BLIND: dict[Kind, Apply] = {
    Kind.ALLOC_FASTPATH: _alloc_fastpath,
    Kind.FREE_FASTPATH: _free_fastpath,
    Kind.FREE_FROZEN: _free_to_slab,
    Kind.FREE_TO_PARTIAL: _free_to_slab,
}
"""What nearly all objects pass through, without the question whether there are contents to keep."""


@contextmanager
def _blind() -> Iterator[None]:
    seeing = {kind: APPLY[kind] for kind in BLIND}
    for kind, apply in BLIND.items():
        APPLY[kind] = apply
    try:
        yield
    finally:
        for kind, apply in seeing.items():
            APPLY[kind] = apply
