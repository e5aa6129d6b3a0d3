"""Little worlds for the tests of the story: runs made by hand on the real engine, and the flights of 1×."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from slabviz.engine.engine import Engine
from slabviz.engine.interrupts import poisson
from slabviz.engine.waits import Path, SleepFor, Work
from slabviz.i18n import Catalogue
from slabviz.model.era import LINUX_6_1
from slabviz.model.events import Event, Kind
from slabviz.model.flags import SlabFlags
from slabviz.model.gfp import GFP_ATOMIC, GFP_KERNEL
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import CacheConfig, MachineConfig
from slabviz.scene.layout.metrics import Tier
from slabviz.scene.moves import Move, MoveKind
from slabviz.scene.state import StageState
from slabviz.scene.story import Storyteller
from slabviz.slub.alloc import kmem_cache_alloc
from slabviz.slub.free import kmem_cache_free
from slabviz.slub.shrink import kmem_cache_shrink
from slabviz.timeline.run import About, Chapter, Run

ENGLISH = Catalogue("en")
CHINESE = Catalogue("zh_CN")
SIZE = 8392
"""Bytes of a task_struct: three in a slab of eight pages."""
PER_SLAB = 3

_STARTS: dict[int, tuple[MoveKind, float]] = {
    Kind.ALLOC_FASTPATH: (MoveKind.ALLOC, 2.08), Kind.LOAD_FREELIST: (MoveKind.ALLOC, 2.08),
    Kind.BULK_POP: (MoveKind.ALLOC, 2.08),
    Kind.FREE_FASTPATH: (MoveKind.FREE, 2.08), Kind.FREE_FROZEN: (MoveKind.FREE, 2.08),
    Kind.FREE_TO_PARTIAL: (MoveKind.FREE, 2.08), Kind.CPU_PARTIAL_FREE: (MoveKind.FREE, 2.08),
    Kind.DEACTIVATE_BYPASS: (MoveKind.SLAB, 3.2), Kind.CPU_PARTIAL_ALLOC: (MoveKind.SLAB, 3.2),
    Kind.ALLOC_FROM_PARTIAL: (MoveKind.SLAB, 3.2), Kind.CPU_PARTIAL_NODE: (MoveKind.SLAB, 3.2),
    Kind.PUT_CPU_PARTIAL: (MoveKind.SLAB, 3.2), Kind.UNFREEZE_PARTIAL: (MoveKind.SLAB, 3.2),
    Kind.DEACTIVATE_TO_HEAD: (MoveKind.SLAB, 3.2), Kind.DEACTIVATE_TO_TAIL: (MoveKind.SLAB, 3.2),
    Kind.ALLOC_SLAB: (MoveKind.PAGES, 4.4),
    Kind.DISCARD_SLAB: (MoveKind.GIVE_BACK, 3.0), Kind.DISCARD_SLAB_RCU: (MoveKind.GIVE_BACK, 3.0),
}  # fmt: skip


@dataclass
class World:
    """An engine with one cache, and who plays in it."""

    cpus: int = 2
    pages: int = 1024
    caches: tuple[CacheConfig, ...] = (CacheConfig("task_struct", SIZE, 64),)
    kernel: str = LINUX_6_1.name
    engine: Engine = field(init=False)
    chapters: tuple[Chapter, ...] = ()
    slots: dict[str, int] = field(default_factory=dict)
    """Addresses of objects by name."""

    def __post_init__(self) -> None:
        self.engine = Engine(MachineConfig(self.cpus, self.pages, self.caches, kernel=self.kernel))

    @property
    def cache(self) -> KmemCache:
        return self.engine.machine.caches[0]

    def who(self, name: str, mark: str) -> int:
        return self.engine.cast.enter("pid", mark, name)

    def alloc(self, cpu: int, name: str, owner: int, cache: int = 0, gfp: int = GFP_KERNEL) -> Path[None]:
        chosen = self.engine.machine.caches[cache]
        self.slots[name] = yield from kmem_cache_alloc(self.engine.world, cpu, chosen, gfp, owner)

    def free(self, cpu: int, name: str) -> Path[None]:
        found = self.engine.machine.virt_to_slab(self.slots.pop(name))
        assert found is not None
        yield from kmem_cache_free(self.engine.world, cpu, *found)

    def task(self, cpu: int, actor: int, *parts: Callable[[], Work[None]]) -> None:
        def work() -> Work[None]:
            for part in parts:
                yield from part()

        self.engine.start(cpu, actor, work())

    def run(self, ticks: int) -> Run:
        for _ in range(ticks):
            self.engine.tick()
        about = About({"en": "A test", "zh": "测试"}, source="test.yaml")
        return Run(self.engine.config, self.engine.log, self.engine.cast, about, self.chapters)


def pause(ticks: int) -> Work[None]:
    yield SleepFor(ticks)


def idle(ticks: int) -> Callable[[], Work[None]]:
    return lambda: pause(ticks)


def random_world(seed: int, ticks: int, kernel: str = LINUX_6_1.name) -> Run:
    """Four CPUs, two caches (one freed through RCU), allocations and frees in any order, also in interrupts."""
    caches = (CacheConfig("task_struct", SIZE, 64), CacheConfig("anon", 2000, flags=SlabFlags.TYPESAFE_BY_RCU))
    world = World(4, caches=caches, kernel=kernel)
    chance = random.Random(seed)
    held: list[str] = []

    def act(cpu: int, actor: int, gfp: int) -> Path[None]:
        if held and chance.random() < min(0.3 + len(held) / 100, 0.7):
            yield from world.free(cpu, held.pop(chance.randrange(len(held))))
            return
        name = f"{actor}-{chance.random()}"
        yield from world.alloc(cpu, name, actor, chance.randrange(2), gfp)
        held.append(name)

    def life(cpu: int, actor: int) -> Work[None]:
        while True:
            yield from act(cpu, actor, GFP_KERNEL)
            if chance.random() < 0.3:
                yield SleepFor(chance.randrange(1, 9))
            if chance.random() < 0.01:
                yield from kmem_cache_shrink(world.engine.world, cpu, world.cache)

    for number in range(10):
        world.engine.start(number % 4, actor := world.who("task", str(50 + number)), life(number % 4, actor))
    device = world.engine.cast.enter("irq", "7", "eth0")
    world.engine.interrupt(device, (0, 1), poisson(25), lambda cpu: act(cpu, device, GFP_ATOMIC))
    return world.run(ticks)


class Flights:
    """The moves under way at the start of a tick's picture."""

    def __init__(self, run: Run, cache: int = 0) -> None:
        self.run = run
        self.cache = cache
        self.kept = run.machine_at(0).caches[cache]
        self.made = {event[2]: event[3] for event in run.log.events() if event[0] == Kind.SLAB_PAGES}

    def __call__(self, tick: int) -> tuple[Move, ...]:
        log = self.run.log
        return tuple(
            move
            for start in range(max(tick - 5, 0), tick + 1)
            for number, event in enumerate(log.of_tick(start), log.span(start)[0])
            if event[0] in _STARTS and self.made[event[2]] == self.cache
            if (move := self._move(number, start, event)).end > tick
        )

    def _move(self, number: int, start: int, event: Event) -> Move:
        kind, length = _STARTS[event[0]]
        of_object = kind in (MoveKind.ALLOC, MoveKind.FREE)
        index = (event[3] - self.kept.red_left_pad) // self.kept.size if of_object else -1
        return Move(kind, number, start, length, event[1], self.cache, event[2], index, event[4], (), ())


def teller(run: Run, cache: int = 0, catalogue: Catalogue = ENGLISH, tier: Tier = Tier.REGULAR) -> Storyteller:
    return Storyteller(run, cache=cache, tr=catalogue.tr, language=catalogue.language, detail=tier)


def told(run: Run, ticks: Sequence[int], catalogue: Catalogue = ENGLISH, tier: Tier = Tier.REGULAR) -> list[StageState]:
    """The stage at some ticks, with flights."""
    one, flights = teller(run, catalogue=catalogue, tier=tier), Flights(run)
    return [one.state(run.machine_at(tick), tick, flights(tick)) for tick in ticks]


def tick_of(run: Run, kind: Kind, which: int = 0) -> int:
    """The tick of the first (or ``which``-th) event of a kind."""
    numbers = [number for number, event in enumerate(run.log.events()) if event[0] == kind]
    return run.log.tick_of(numbers[which])
