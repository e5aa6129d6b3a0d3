"""One tick, one step: tasks, interrupts and softirqs on one CPU, event by event."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from slabviz.engine.engine import Engine
from slabviz.engine.interrupts import scripted
from slabviz.engine.waits import Block, SleepFor, Work
from slabviz.errors import ModelError
from slabviz.model.events import Kind
from slabviz.model.gfp import GFP_ATOMIC, GFP_KERNEL
from slabviz.model.image import image_of
from slabviz.slub.alloc import kmem_cache_alloc
from slabviz.slub.locking import local_irq_restore, local_irq_save
from slabviz.slub.shrink import kmem_cache_shrink
from slabviz.slub.world import Path
from slabviz.testing.story import story

Make = Callable[..., Engine]


def alloc(engine: Engine, cpu: int = 0, gfp: int = GFP_KERNEL) -> Path[None]:
    yield from kmem_cache_alloc(engine.world, cpu, engine.machine.caches[0], gfp, 1)


def start(engine: Engine, work: Work[None], cpu: int = 0, *, daemon: bool = False) -> int:
    actor = engine.cast.enter("pid", "7", f"task {len(engine.cast)}")
    engine.start(cpu, actor, work, daemon=daemon)
    return actor


def device(engine: Engine, *ticks: int, handler: Callable[[int], Path[None]] | None = None, cpu: int = 0) -> int:
    actor = engine.cast.enter("irq", "eth0", f"device {len(engine.cast)}")
    engine.interrupt(actor, (cpu,), scripted(ticks), handler or (lambda cpu: alloc(engine, cpu, GFP_ATOMIC)))
    return actor


def run(engine: Engine, ticks: int) -> None:
    for _ in range(ticks):
        engine.tick()


def names(engine: Engine, first: int = 1) -> list[tuple[int, str]]:
    return [(tick, name) for tick, _, name in story(engine.log, first)]


def test_a_tick_is_one_step(make_engine: Make) -> None:
    engine = make_engine()
    start(engine, alloc(engine))
    run(engine, 5)
    assert names(engine) == [(1, "SWITCH"), (2, "ALLOC_ENTER"), (3, "ALLOC_FASTPATH"), (4, "TASK_EXIT")]
    assert engine.quiet


def test_an_interrupt_between_read_and_exchange_makes_the_exchange_fail(make_engine: Make) -> None:
    engine = make_engine()
    start(engine, alloc(engine))
    device(engine, 3)
    run(engine, 9)
    assert names(engine, 2) == [
        (2, "ALLOC_ENTER"),
        (3, "IRQ_RAISE"), (3, "IRQ_ENTER"), (4, "ALLOC_ENTER"), (5, "ALLOC_FASTPATH"), (6, "IRQ_EXIT"),
        (7, "CMPXCHG_DOUBLE_CPU_FAIL"), (8, "ALLOC_FASTPATH"), (9, "TASK_EXIT"),
    ]  # fmt: skip


def test_an_interrupt_that_leaves_the_cache_alone_does_not(make_engine: Make) -> None:
    engine = make_engine()
    start(engine, alloc(engine))
    device(engine, 3, handler=local_irq_save)
    run(engine, 8)
    assert (6, "ALLOC_FASTPATH") in names(engine)
    assert "CMPXCHG_DOUBLE_CPU_FAIL" not in [name for _, name in names(engine)]


def test_an_interrupt_pends_while_interrupts_are_off(make_engine: Make) -> None:
    engine = make_engine()

    def task() -> Path[None]:
        yield from local_irq_save(0)
        yield from alloc(engine)
        yield from local_irq_restore(0)

    start(engine, task())
    device(engine, 3, handler=lambda cpu: alloc(engine))
    run(engine, 6)
    assert names(engine, 2) == [
        (2, "IRQ_OFF"), (3, "IRQ_RAISE"), (3, "ALLOC_ENTER"), (4, "ALLOC_FASTPATH"), (5, "IRQ_ON"), (6, "IRQ_ENTER")
    ]  # fmt: skip


def test_a_handler_is_not_interrupted(make_engine: Make) -> None:
    engine = make_engine()
    first, second = device(engine, 1), device(engine, 2)
    run(engine, 8)
    told = [(event[0], event[4]) for event in engine.log.events() if event[0] in (Kind.IRQ_ENTER, Kind.IRQ_EXIT)]
    assert told == [
        (Kind.IRQ_ENTER, first), (Kind.IRQ_EXIT, first), (Kind.IRQ_ENTER, second), (Kind.IRQ_EXIT, second)
    ]  # fmt: skip


def test_a_softirq_runs_after_the_handler_that_raised_it_and_once(make_engine: Make) -> None:
    engine = make_engine()
    net = engine.cast.enter("softirq", "net", "NET_RX")
    engine.softirq(net, lambda cpu: alloc(engine, cpu))

    def handler(cpu: int) -> Path[None]:
        yield from engine.raise_softirq(cpu, net)
        yield from engine.raise_softirq(cpu, net)

    device(engine, 1, handler=handler)
    run(engine, 10)
    assert names(engine) == [
        (1, "IRQ_RAISE"), (1, "IRQ_ENTER"), (2, "SOFTIRQ_RAISE"), (3, "SOFTIRQ_RAISE"), (4, "IRQ_EXIT"),
        (5, "SOFTIRQ_ENTER"), (6, "ALLOC_ENTER"), (7, "ALLOC_FASTPATH"), (8, "SOFTIRQ_EXIT"),
    ]  # fmt: skip


def test_an_interrupt_breaks_into_a_softirq_but_no_softirq_into_another(make_engine: Make) -> None:
    engine = make_engine()
    net = engine.cast.enter("softirq", "net", "NET_RX")
    engine.softirq(net, lambda cpu: alloc(engine, cpu))
    device(engine, 1, 5, handler=lambda cpu: engine.raise_softirq(cpu, net))
    run(engine, 14)
    contexts = ("IRQ_ENTER", "IRQ_EXIT", "SOFTIRQ_ENTER", "SOFTIRQ_EXIT")
    assert [name for _, name in names(engine) if name in contexts] == [
        "IRQ_ENTER", "IRQ_EXIT",
        "SOFTIRQ_ENTER", "IRQ_ENTER", "IRQ_EXIT", "SOFTIRQ_EXIT",
        "SOFTIRQ_ENTER", "SOFTIRQ_EXIT",
    ]  # fmt: skip


def test_tasks_of_a_cpu_are_switched_when_one_sleeps(make_engine: Make) -> None:
    engine = make_engine()

    def sleeper() -> Work[None]:
        yield SleepFor(3)
        yield (Kind.MARK, 0, 0, 0, 0)

    first = start(engine, sleeper())
    second = start(engine, alloc(engine))
    run(engine, 7)
    told = [(tick, kind, who) for tick in range(1, 8) for kind, _, _, _, who in engine.log.of_tick(tick)]
    assert [row for row in told if row[1] in (Kind.SWITCH, Kind.TASK_EXIT)] == [
        (1, Kind.SWITCH, first), (2, Kind.SWITCH, second), (5, Kind.TASK_EXIT, second), (6, Kind.SWITCH, first)
    ]  # fmt: skip
    assert engine.log.of_tick(7) == [(Kind.MARK, 0, 0, 0, 0)]


def test_a_blocked_task_goes_on_when_it_is_woken(make_engine: Make) -> None:
    engine = make_engine()

    def waiter() -> Work[None]:
        yield Block()
        yield (Kind.MARK, 0, 0, 0, 0)

    task = engine.start(0, engine.cast.enter("pid", "7", "waiter"), waiter())
    run(engine, 20)
    assert not engine.quiet
    engine.wake(task)
    engine.wake(task)
    run(engine, 3)
    assert names(engine, 21) == [(21, "SWITCH"), (22, "MARK"), (23, "TASK_EXIT")]


def test_a_handler_must_not_sleep(make_engine: Make) -> None:
    engine = make_engine()
    device(engine, 2, handler=lambda cpu: kmem_cache_shrink(engine.world, cpu, engine.machine.caches[0]))
    with pytest.raises(ModelError, match="tick 4, CPU0: device 3 must not sleep, but asks for a flush of all CPUs"):
        run(engine, 5)


def test_a_shrink_waits_for_a_worker_on_every_cpu_that_has_something(make_engine: Make) -> None:
    engine = make_engine(cpus=3)
    cache = engine.machine.caches[0]
    start(engine, kmem_cache_shrink(engine.world, 0, cache))
    run(engine, 40)
    assert engine.quiet
    assert [actor.name for actor in engine.cast.actors[-3:]] == [f"kworker/{cpu}" for cpu in range(3)]
    told = [event[0] for event in engine.log.events()]
    assert told.count(Kind.CPUSLAB_FLUSH) == 3
    assert max(place for place, kind in enumerate(told) if kind == Kind.CPUSLAB_FLUSH) < told.index(Kind.DO_SHRINK)
    assert [c.slab for c in cache.cpu_slab] == [None] * 3


def test_a_shrink_with_nothing_to_flush_goes_on_at_once(make_engine: Make) -> None:
    engine = make_engine(cpus=2, warm=False)
    start(engine, kmem_cache_shrink(engine.world, 0, engine.machine.caches[0]))
    run(engine, 10)
    assert engine.quiet


def test_a_daemon_does_not_keep_a_run_from_ending(make_engine: Make) -> None:
    def forever() -> Work[None]:
        while True:
            yield SleepFor(4)

    engine = make_engine()
    start(engine, forever(), daemon=True)
    start(engine, alloc(engine))
    run(engine, 3)
    assert not engine.quiet
    run(engine, 5)
    assert engine.quiet


def test_every_cpu_steps_once_a_tick_in_an_order_drawn_by_chance(make_engine: Make) -> None:
    def busy(cpu: int) -> Path[None]:
        while True:
            yield (Kind.MARK, cpu, 0, 0, 0)

    engine = make_engine(cpus=3)
    for cpu in range(3):
        start(engine, busy(cpu), cpu)
    run(engine, 60)
    orders = {tuple(event[1] for event in engine.log.of_tick(tick)) for tick in range(2, 60)}
    assert len(orders) == 6
    assert all(sorted(order) == [0, 1, 2] for order in orders)


def test_ticks_without_work_are_empty_and_change_nothing(make_engine: Make) -> None:
    engine = make_engine(cpus=4)
    before = image_of(engine.machine)
    run(engine, 10)
    assert (engine.now, engine.log.ticks, names(engine)) == (10, 11, [])
    assert image_of(engine.machine) == before
