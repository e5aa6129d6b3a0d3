"""The laws under random mixtures: any op mix, CPU count, object sizes, interrupt rates, memory."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slabviz.engine.engine import Engine
from slabviz.errors import ModelError
from slabviz.model.cpu import Context
from slabviz.model.era import ERAS
from slabviz.model.events import Event, Kind
from slabviz.model.image import image_of
from slabviz.model.log import EventLog
from slabviz.model.machine import MachineConfig
from slabviz.slub.alloc import alloc_in_one_step, kmem_cache_alloc
from slabviz.slub.world import Path
from slabviz.testing.laws import LawfulEngine
from slabviz.testing.mixture import Mixture, Recipe
from slabviz.timeline.timeline import Timeline

TAKEN = (Kind.ALLOC_FASTPATH, Kind.LOAD_FREELIST, Kind.BULK_POP)
RETURNED = (
    Kind.FREE_FASTPATH, Kind.FREE_FROZEN, Kind.FREE_TO_PARTIAL, Kind.CPU_PARTIAL_FREE, Kind.BULK_PUSH, Kind.BULK_FREE
)  # fmt: skip

SIZES = st.sampled_from((64, 192, 256, 700, 1536, 2048, 4096, 9000))
RECIPES = st.builds(
    Recipe,
    cpus=st.integers(1, 8),
    sizes=st.lists(SIZES, min_size=1, max_size=3, unique=True).map(tuple),
    typesafe_by_rcu=st.booleans(),
    min_partial=st.sampled_from((0, 1, None)),
    cpu_partial=st.sampled_from((0, 8, None)),
    tasks_per_cpu=st.integers(1, 3),
    gap=st.sampled_from((6.0, 15.0, 30.0, 80.0)),
    ticks=st.just(100),
    most_held=st.sampled_from((20, 250)),
    pages=st.sampled_from((192, 512, 1024)),
    seed=st.integers(0, 1 << 30),
    kernel=st.sampled_from(tuple(ERAS)),
)


def handed_out_twice(log: EventLog) -> list[Event]:
    """Events that give away what somebody holds, or take what nobody holds: told by the log alone."""
    held: set[tuple[int, int]] = set()
    wrong = []
    for event in log.events():
        kind, _, slab, obj, _ = event
        if kind in TAKEN:
            wrong += [event] if (slab, obj) in held else []
            held.add((slab, obj))
        elif kind in RETURNED:
            wrong += [event] if (slab, obj) not in held else []
            held.discard((slab, obj))
    return wrong


@settings(max_examples=60, deadline=None, derandomize=True)
@given(RECIPES)
def test_every_law_holds_after_every_event_and_all_winds_down(recipe: Recipe) -> None:
    mixture = Mixture(recipe, LawfulEngine)
    for _ in mixture.play():  # raises when a law is broken, something is stuck, or something is missing at the end
        pass
    assert handed_out_twice(mixture.engine.log) == []


@settings(max_examples=40, deadline=None, derandomize=True)
@given(RECIPES)
def test_folding_the_log_gives_the_engines_machine_at_every_tick(recipe: Recipe) -> None:
    mixture = Mixture(recipe)
    timeline = Timeline(mixture.engine.config, mixture.engine.log)
    for tick in mixture.play():
        assert image_of(timeline.machine_at(tick)) == image_of(mixture.machine)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(RECIPES)
def test_the_same_recipe_gives_the_same_log(recipe: Recipe) -> None:
    logs = []
    for _ in range(2):
        mixture = Mixture(recipe)
        logs.append([(tick, mixture.engine.log.of_tick(tick)) for tick in mixture.play()])
    assert logs[0] == logs[1]


ONLY_IN_SCENARIOS = {
    Kind.USE, Kind.MARK, Kind.CALL_SITE,
    Kind.CACHE_OPEN, Kind.CACHE_NODE, Kind.CACHE_CPUS, Kind.CACHE_READY, Kind.CACHE_ZOMBIE,
    Kind.TUNE_MIN_PARTIAL, Kind.TUNE_CPU_PARTIAL,
    Kind.CPU_OFFLINE, Kind.CPU_ONLINE, Kind.CPUSLAB_FLUSH_DEAD, Kind.CPU_PARTIAL_FLUSH_DEAD,
}  # fmt: skip
"""What no recipe does; tests/scenario has stories of each."""


@pytest.mark.parametrize(("kernel", "never"), [("6.1", {"FREEZE_SLAB", "UNFREEZE_SLAB"}), ("6.12", set())])
def test_the_mixture_is_rich(kernel: str, never: set[str]) -> None:
    """Between them, four recipes bring about everything that can happen, but for what only scenarios say."""
    seen: set[int] = set()
    for recipe in (
        Recipe(sizes=(1536, 2048), cpu_partial=8, min_partial=0, ticks=3000, seed=1),
        Recipe(sizes=(4096, 700), typesafe_by_rcu=True, cpus=8, ticks=3000, seed=2),
        Recipe(sizes=(4096, 9000), pages=192, ticks=3000, seed=3),
        Recipe(sizes=(9000,), ticks=3000, seed=4),
    ):
        mixture = Mixture(replace(recipe, kernel=kernel))
        for _ in mixture.play():
            pass
        seen.update(event[0] for event in mixture.engine.log.events())
    debugging = range(Kind.LOOK, 55), range(98, 103), range(Kind.WRITE, 230)  # nobody looks, and nothing goes wrong
    drivers = (
        (Kind.KFREE_ENTER, Kind.KMALLOC_ENTER),
        range(Kind.WORK_QUEUE, 200),
        range(230, 240),
    )  # they have mixtures of their own
    pressure = range(Kind.EXTFRAG, Kind.OOM_INVOKED + 1)  # see test_pressure.py
    ordinary = {kind for kind in Kind if not any(kind in kinds for kinds in (*debugging, *drivers, pressure))}
    assert {kind.name for kind in ordinary if kind not in seen} == {kind.name for kind in ONLY_IN_SCENARIOS} | never


# What proves that the laws can be broken.


class Careless(LawfulEngine):
    """An engine whose exchange does not look at tid: it carries out what was decided before the interrupt."""

    def __init__(self, config: MachineConfig, seed: int, grace_period: int) -> None:
        self.decided: dict[Context, Event] = {}
        super().__init__(config, seed, grace_period)

    def commit(self, event: Event) -> None:
        kind, cpu, cache, _, who = event
        context = self.machine.cpus[cpu].top
        if kind == Kind.ALLOC_ENTER:
            exchange = alloc_in_one_step(self.machine.caches[cache].cpu_slab[cpu], cpu, who)
            if exchange is not None:
                self.decided[context] = exchange
        elif kind == Kind.CMPXCHG_DOUBLE_CPU_FAIL and context in self.decided:
            event = self.decided.pop(context)
        super().commit(event)


def careless_end(seed: int) -> str:
    try:
        for _ in Mixture(Recipe(cpus=2, gap=12, ticks=400, seed=seed), Careless).play():
            pass
    except ModelError as error:
        return str(error)
    return ""


def test_a_kernel_without_the_comparison_breaks_a_law() -> None:
    assert any("every_object_is_in_one_place" in careless_end(seed) for seed in range(20))


def test_a_leak_is_noticed_at_the_end() -> None:
    mixture = Mixture(Recipe(cpus=1, ticks=50))

    def leak(path: Path[int]) -> Path[None]:
        yield from path

    mixture.engine.run_now(leak(kmem_cache_alloc(mixture.engine.world, 0, mixture.machine.caches[0], 0, 1)))
    with pytest.raises(ModelError, match="1 slabs are left after everything was freed"):
        list(mixture.play())


def test_what_is_stuck_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slabviz.testing.mixture.PATIENCE", 300)
    mixture = Mixture(Recipe(cpus=1, ticks=50))
    mixture.machine.caches[0].node.list_lock.holder = 7
    with pytest.raises(ModelError, match="stuck; the CPUs run"):
        list(mixture.play())


def test_an_engine_is_just_an_engine() -> None:
    assert type(Mixture(Recipe(ticks=1)).engine) is Engine
