"""Bars of the timeline: each event of the cache is counted once, in the column of its tick."""

from __future__ import annotations

from slabviz.model.events.kinds import Kind
from slabviz.model.log import EventLog
from slabviz.scene.layout.density import density


def log_of(*ticks: list[tuple[int, int, int, int, int]]) -> EventLog:
    log = EventLog()
    for events in ticks:
        log.begin_tick()
        for event in events:
            log.tail.extend(event)
    return log


def test_events_of_the_cache_are_counted_by_tick() -> None:
    log = log_of(
        [(Kind.SLAB_PAGES, 0, 0, 1, 0), (Kind.SLAB_PAGES, 0, 1, 0, 0)],
        [(Kind.ALLOC_FASTPATH, 0, 0, 0, 5), (Kind.ALLOC_FASTPATH, 0, 1, 0, 5)],
        [(Kind.FREE_SLOWPATH, 0, 0, 0, 5), (Kind.ALLOC_SLOWPATH, 0, 1, 0, 5), (Kind.ALLOC_SLOWPATH, 0, 0, 0, 5)],
        [(Kind.IRQ_ENTER, 0, 0, 0, 3), (Kind.FREE_FASTPATH, 0, 0, 0, 5)],
    )
    found = density(log, cache=1, columns=4)
    assert found.fast.tolist() == [0, 1, 0, 1]
    assert found.slow.tolist() == [0, 0, 2, 0]
    assert found.interrupts.tolist() == [3]
    assert density(log, cache=0, columns=2).fast.tolist() == [1, 0]


def test_an_empty_run_has_no_bars() -> None:
    found = density(log_of([]), cache=0, columns=3)
    assert found.fast.tolist() == found.slow.tolist() == [0, 0, 0]
