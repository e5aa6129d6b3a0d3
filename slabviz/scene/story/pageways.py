"""The ways of kmalloc and kfree that never come to a cache: whole pages, NULL, ZERO_SIZE_PTR (syllabus B1, B2)."""

from __future__ import annotations

from slabviz.model.events import Event, Kind
from slabviz.scene.state import PathState, PathStep
from slabviz.scene.story.moment import Moment
from slabviz.scene.story.names import is_kmalloc, short_name

LINGER = 24
"""Ticks that the code path shows a call after its last event."""
MOST_EVENTS = 400
"""Events that are looked through; where more happen in so few ticks, nobody could read it."""
_ALLOC = (Kind.KMALLOC_LARGE_ENTER, Kind.KMALLOC_LARGE, Kind.KMALLOC_LARGE_FAILED)
_FREE = (Kind.KFREE_LARGE, Kind.KFREE_NOTHING)


def page_way(m: Moment) -> PathState | None:
    """The last such call, if it is under way or has just ended; None on the stage of a cache that kmalloc has not."""
    if not is_kmalloc(m.cache.name):
        return None
    span = m.run.log.span
    first = max(span(max(m.tick - LINGER, 1))[0], m.behind - MOST_EVENTS)
    found: PathState | None = None
    for event in m.run.log.events(first, m.behind):
        if event[0] in _ALLOC:
            found = _large(m, event)
        elif event[0] in _FREE:
            found = _given(m, event)
        elif event[0] in (Kind.ALLOC_ENTER, Kind.FREE_ENTER):
            found = None
    return found


def _large(m: Moment, event: Event) -> PathState:
    kind = event[0]
    if kind == Kind.KMALLOC_LARGE_ENTER:
        return _path(m, event, False, "large", ("now", "next"))
    return _path(m, event, False, "large" if kind == Kind.KMALLOC_LARGE else "large_failed", ("done", "done"))


def _given(m: Moment, event: Event) -> PathState:
    return _path(m, event, True, "free_pages" if event[0] == Kind.KFREE_LARGE else "nothing", ("done",))


def _caller(m: Moment, cpu: int) -> int:
    """Who runs on a CPU, or called last there; 0: nobody."""
    calls = m.chronicle.calls.by_cpu[cpu]
    return m.machine.cpus[cpu].top.actor or next((call.actor for call in reversed(calls) if call.first < m.behind), 0)


def _path(m: Moment, event: Event, free: bool, outcome: str, whens: tuple[str, ...]) -> PathState:
    names = (outcome,) if free else ("large", "null" if outcome == "large_failed" else "return")
    steps = tuple(PathStep(name, number + 1, whens[number]) for number, name in enumerate(names))
    cpu, who = event[1], event[4] or _caller(m, event[1])
    name = short_name(m.actor(who)) if who else f"CPU{cpu}"
    call = "kfree(NULL)" if outcome == "nothing" and not event[3] else "kfree()" if free else "kmalloc()"
    return PathState(free, call, name, outcome, steps, m.cache.name, True, "")
