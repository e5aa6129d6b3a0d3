"""When sources interrupt, and whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import islice, pairwise
from random import Random

import pytest

from slabviz.engine.engine import Engine
from slabviz.engine.interrupts import Arrivals, burst, periodic, poisson, scripted
from slabviz.model.events import Kind
from slabviz.slub.world import Path

Make = Callable[..., Engine]


def nothing(cpu: int) -> Path[None]:
    yield (Kind.MARK, cpu, 0, 0, 0)


def first(arrivals: Arrivals, count: int, seed: int = 1) -> list[int]:
    return list(islice(arrivals(Random(seed)), count))


def test_periodic() -> None:
    assert first(periodic(10), 3) == [10, 20, 30]
    assert first(periodic(10, first=3), 3) == [3, 13, 23]


def test_burst() -> None:
    assert first(burst(3, every=20, gap=2), 6) == [20, 22, 24, 40, 42, 44]


def test_scripted_comes_in_order() -> None:
    assert first(scripted((9, 2, 5)), 9) == [2, 5, 9]


def test_poisson_has_the_mean_it_is_given_and_the_spread_of_chance() -> None:
    ticks = first(poisson(7.5), 20_000)
    gaps = [b - a for a, b in pairwise(ticks)]
    mean = sum(gaps) / len(gaps)
    assert mean == pytest.approx(7.5, rel=0.03)
    assert sum((gap - mean) ** 2 for gap in gaps) / len(gaps) == pytest.approx(mean**2, rel=0.1)
    assert ticks[0] >= 1
    assert first(poisson(7.5), 50) == first(poisson(7.5), 50) != first(poisson(7.5), 50, seed=2)


def raised(engine: Engine, ticks: int) -> list[tuple[int, int]]:
    for _ in range(ticks):
        engine.tick()
    return [
        (tick, event[1])
        for tick in range(engine.log.ticks)
        for event in engine.log.of_tick(tick)
        if event[0] == Kind.IRQ_RAISE
    ]


def test_a_source_interrupts_only_the_cpus_it_is_bound_to(make_engine: Make) -> None:
    engine = make_engine(cpus=4)
    engine.interrupt(engine.cast.enter("irq", "n", "nic"), (1, 3), periodic(5), nothing)
    cpus = Counter(cpu for _, cpu in raised(engine, 400))
    assert set(cpus) == {1, 3}
    assert min(cpus.values()) > 20


def test_a_source_ends_when_it_is_told_to(make_engine: Make) -> None:
    engine = make_engine()
    engine.interrupt(engine.cast.enter("irq", "n", "nic"), (0,), periodic(5), nothing, until=20)
    assert [tick for tick, _ in raised(engine, 60)] == [5, 10, 15, 20]
    assert engine.quiet


def test_an_interrupt_can_be_raised_by_hand(make_engine: Make) -> None:
    engine = make_engine()
    disk = engine.cast.enter("irq", "d", "disk")
    engine.interrupt(disk, (0,), scripted(()), nothing)
    engine.raise_interrupt(disk, 7)
    assert not engine.quiet
    assert raised(engine, 20) == [(7, 0)]
    assert engine.quiet


def test_several_may_arrive_in_one_tick_and_are_taken_in_order(make_engine: Make) -> None:
    engine = make_engine()
    actors = [engine.cast.enter("irq", str(number), f"d{number}") for number in range(3)]
    for actor in actors:
        engine.interrupt(actor, (0,), scripted((4,)), nothing)
    raised(engine, 20)
    assert [event[4] for event in engine.log.events() if event[0] == Kind.IRQ_ENTER] == actors
