"""Spinning for list_lock: interrupts off, and first come first served."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from slabviz.engine.engine import Engine
from slabviz.engine.interrupts import scripted
from slabviz.engine.waits import SleepFor, Work
from slabviz.model.events import Kind
from slabviz.model.invariants import check
from slabviz.slub.locking import spin_lock_irqsave, spin_unlock_irqrestore
from slabviz.slub.world import Path
from slabviz.testing.story import story

Make = Callable[..., Engine]


def hold(engine: Engine, cpu: int, begin: int, ticks: int) -> Work[None]:
    """Take the cache's list_lock at tick ``begin`` and keep it for some ticks."""
    lock = engine.machine.caches[0].node.list_lock
    yield SleepFor(begin)
    yield from spin_lock_irqsave(cpu, lock)
    for _ in range(ticks):
        yield (Kind.MARK, cpu, 0, 0, 0)
    yield from spin_unlock_irqrestore(cpu, lock)


@pytest.mark.parametrize("seed", range(5))
def test_waiters_are_served_in_the_order_in_which_they_came(make_engine: Make, seed: int) -> None:
    engine = make_engine(cpus=4, seed=seed)
    for cpu, begin in enumerate((1, 9, 5, 7)):
        engine.start(cpu, engine.cast.enter("pid", str(cpu), "task"), hold(engine, cpu, begin, 12))
    for _ in range(80):
        engine.tick()
        assert check(engine.machine) == []
    assert [cpu for _, cpu, name in story(engine.log) if name == "LOCK_WAIT"] == [2, 3, 1]
    assert [cpu for _, cpu, name in story(engine.log) if name == "LOCK"] == [0, 2, 3, 1]
    assert engine.quiet


def test_a_newcomer_does_not_overtake_whoever_already_spins(make_engine: Make) -> None:
    """CPU 1 spins when CPU 0 lets go; CPU 0 wants the lock again at once, but it is CPU 1's turn."""
    engine = make_engine(cpus=2)

    def greedy() -> Work[None]:
        yield from hold(engine, 0, 1, 6)
        yield from spin_lock_irqsave(0, engine.machine.caches[0].node.list_lock)
        yield from spin_unlock_irqrestore(0, engine.machine.caches[0].node.list_lock)

    engine.start(0, engine.cast.enter("pid", "0", "greedy"), greedy())
    engine.start(1, engine.cast.enter("pid", "1", "patient"), hold(engine, 1, 4, 1))
    for _ in range(40):
        engine.tick()
    assert [cpu for _, cpu, name in story(engine.log) if name == "LOCK"] == [0, 1, 0]


def test_interrupts_pend_while_their_cpu_spins_or_holds_the_lock(make_engine: Make) -> None:
    engine = make_engine(cpus=2)

    def handler(cpu: int) -> Path[None]:
        yield (Kind.MARK, cpu, 0, 0, 0)

    for cpu, begin in enumerate((1, 4)):
        engine.start(cpu, engine.cast.enter("pid", str(cpu), "task"), hold(engine, cpu, begin, 10))
        engine.interrupt(engine.cast.enter("irq", "d", f"d{cpu}"), (cpu,), scripted((9,)), handler)
    for _ in range(60):
        engine.tick()
    for cpu in range(2):
        told = [name for _, _, name in story(engine.log, cpu=cpu)]
        raised, entered = told.index("IRQ_RAISE"), told.index("IRQ_ENTER")
        assert raised < told.index("UNLOCK") < entered  # it came while the lock was held or waited for
        assert told[entered - 1] == "UNLOCK"
    assert story(engine.log, cpu=1)[3][2] == "LOCK_WAIT"
