"""The other owners of memory are real allocations of the same buddy system."""

from __future__ import annotations

from collections.abc import Callable

from slabviz.engine.engine import Engine
from slabviz.engine.memory import background, populate
from slabviz.model.invariants import check
from slabviz.model.zone import FRAME_OTHER, PAGE_CLASSES

Make = Callable[..., Engine]


def pages_of(engine: Engine, name: str) -> int:
    return engine.machine.zone.frames.count(FRAME_OTHER + PAGE_CLASSES.index(name))


def test_at_boot_they_take_their_shares_and_leave_holes(make_engine: Make) -> None:
    engine = make_engine(cpus=2, warm=False)
    blocks = populate(engine, {"kernel": 0.1, "user": 0.2, "file": 0.1})
    zone = engine.machine.zone
    taken = sum(1 << order for _, order in blocks)
    assert taken == sum(pages_of(engine, name) for name in PAGE_CLASSES)
    assert 0.38 * zone.managed < taken <= 0.4 * zone.managed
    assert pages_of(engine, "user") > pages_of(engine, "kernel") > 0
    assert sum(zone.free_counts()[:3]) > 10
    assert check(engine.machine) == []
    assert engine.now == 0


def test_no_shares_take_nothing(make_engine: Make) -> None:
    engine = make_engine(warm=False)
    assert populate(engine, {}) == []
    assert len(engine.log) == 0


def test_in_the_background_they_come_and_go(make_engine: Make) -> None:
    engine = make_engine(cpus=2, warm=False)
    blocks = populate(engine, {"user": 0.2})
    actor = engine.cast.enter("pid", "9", "page traffic")
    engine.start(1, actor, background(engine, actor, blocks, 4), daemon=True)
    held = set()
    for _ in range(800):
        engine.tick()
        held.add(len(blocks))
    assert len(held) > 5
    assert engine.machine.zone.others == {pfn: engine.machine.zone.others[pfn] for pfn, _ in blocks}
    assert check(engine.machine) == []


def test_there_is_never_more_than_there_is(make_engine: Make) -> None:
    engine = make_engine(warm=False)
    blocks = populate(engine, {"user": 1.0})
    assert sum(1 << order for _, order in blocks) <= engine.machine.zone.managed - engine.machine.zone.watermarks.min
    assert check(engine.machine) == []
