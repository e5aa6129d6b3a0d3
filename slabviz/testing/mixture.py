"""A random mixture of everything that the allocator can be asked for, on several CPUs, with interrupts at any moment.

For tests of laws: make a ``Mixture`` from a ``Recipe``, go through ``play()`` and look at the engine after each tick.
When it ends, every object has been freed, every cache destroyed, and every page must be back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from slabviz.engine.engine import Engine
from slabviz.engine.interrupts import poisson
from slabviz.engine.memory import background, populate
from slabviz.engine.streams import Chance, Streams, permutation
from slabviz.engine.waits import SleepFor, Work
from slabviz.errors import ModelError
from slabviz.model.era import LINUX_6_1
from slabviz.model.flags import SlabFlags
from slabviz.model.gfp import GFP_ATOMIC, GFP_KERNEL
from slabviz.model.invariants import hands
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import CacheConfig, Machine, MachineConfig
from slabviz.model.slab import Slab
from slabviz.slub.alloc import kmem_cache_alloc
from slabviz.slub.bulk import kmem_cache_alloc_bulk, kmem_cache_free_bulk
from slabviz.slub.destroy import kmem_cache_destroy
from slabviz.slub.free import kmem_cache_free
from slabviz.slub.locking import local_irq_restore, local_irq_save
from slabviz.slub.shrink import kmem_cache_shrink
from slabviz.slub.world import NULL_POINTER, Path

Verb: TypeAlias = "Callable[[int, int, Chance], Path[None]]"
"""What is done on a CPU, by an actor, with some chance."""
Program: TypeAlias = "Callable[[int, int, Chance], Work[None]]"
"""The same for what may sleep."""

LARGEST_BULK = 12
LONGEST_SLEEP = 6
CALLS_IN_HANDLER = 2
PATIENCE = 10_000
"""Ticks after the last new work in which everything must have come to its end, or something is stuck."""

WEIGHTS = {"alloc": 8, "free": 7, "alloc_bulk": 1, "free_bulk": 1, "call_rcu": 3, "shrink": 0.15, "irqs_off": 2}
"""How often a task does what."""


@dataclass(slots=True, frozen=True)
class Recipe:
    """What is mixed, and for how long. Sizes are bytes, one cache each; the last one may be TYPESAFE_BY_RCU."""

    cpus: int = 4
    sizes: tuple[int, ...] = (1536, 256)
    typesafe_by_rcu: bool = False
    min_partial: int | None = 1
    """Few empty slabs are kept, so that many are given back (None: what the kernel computes)."""
    cpu_partial: int | None = None
    """Objects; a small number makes the CPU partial stacks short, so that they are drained often."""
    tasks_per_cpu: int = 2
    gap: float = 20.0
    """Ticks between two interrupts of a source, on average; there is one source for each CPU and one for all."""
    ticks: int = 200
    """For so long tasks and devices begin something new."""
    most_held: int = 250
    """Objects; then nothing is allocated until some are freed."""
    pages: int = 1024
    seed: int = 0
    kernel: str = LINUX_6_1.name
    traceable: bool = False
    """Only what a trace tells of: single calls in place of bulk ones and of shrinking."""


class Mixture:
    """An engine that carries out a recipe."""

    def __init__(self, recipe: Recipe, make_engine: Callable[[MachineConfig, int, int], Engine] = Engine) -> None:
        self.recipe = recipe
        self.engine = engine = make_engine(_config(recipe), recipe.seed, LONGEST_SLEEP)
        self.doing: dict[tuple[int, int], str] = {}
        """(CPU, actor) -> the verb it is at."""
        self._held: list[int] = []
        self._verbs: dict[str, Verb] = {
            "alloc": self._alloc, "free": self._free, "alloc_bulk": self._alloc_bulk, "free_bulk": self._free_bulk,
            "call_rcu": self._call_rcu, "shrink": self._shrink, "irqs_off": self._irqs_off,
        }  # fmt: skip
        if recipe.traceable:
            self._verbs |= {"alloc_bulk": self._alloc, "free_bulk": self._free, "shrink": self._free}
        self._blocks = populate(engine, {"kernel": 0.05, "user": 0.1})
        self._net = engine.cast.enter("softirq", "net", "NET_RX")
        engine.softirq(self._net, self._softirq)
        self._add_devices()
        self._add_tasks()

    @property
    def machine(self) -> Machine:
        """The engine's machine."""
        return self.engine.machine

    def play(self) -> Iterator[int]:
        """Tick by tick: mix, wait until all is quiet, free everything, destroy the caches, and wait again.

        Raises ModelError when something is stuck, or when objects or pages are missing at the end.
        """
        yield from self._until_quiet(lambda: self._start("clearing up", 0, self._clear_up))
        yield from self._until_quiet(self._nothing_is_left)

    # Who takes part.

    def _add_devices(self) -> None:
        recipe, engine = self.recipe, self.engine
        everywhere = tuple(range(recipe.cpus))
        for name, cpus in (("nic", everywhere), *((f"timer {cpu}", (cpu,)) for cpu in everywhere)):
            actor = engine.cast.enter("irq", name[:1], name)
            handler = self._handler(actor)
            engine.interrupt(actor, cpus, poisson(recipe.gap), handler, until=recipe.ticks)

    def _add_tasks(self) -> None:
        for cpu in range(self.recipe.cpus):
            for number in range(self.recipe.tasks_per_cpu):
                self._start(f"task {cpu}.{number}", cpu, self._task)
        last = self.recipe.cpus - 1
        actor = self.engine.cast.enter("pid", "2", "kswapd")
        self.engine.start(last, actor, background(self.engine, actor, self._blocks, 25), daemon=True)
        self.doing[last, actor] = "pages"

    def _start(self, name: str, cpu: int, program: Program) -> None:
        actor = self.engine.cast.enter("pid", name[-1:], name)
        self.engine.start(cpu, actor, program(cpu, actor, self.engine.streams.stream(name)))

    def _task(self, cpu: int, actor: int, chance: Chance) -> Work[None]:
        names, weights = list(WEIGHTS), list(WEIGHTS.values())
        while self.engine.now < self.recipe.ticks:
            (verb,) = chance.choices(names, weights)
            yield from self._do(verb, cpu, actor, chance)
            if chance.random() < 0.3:
                yield SleepFor(1 + int(chance.random() * LONGEST_SLEEP))

    def _handler(self, actor: int) -> Callable[[int], Path[None]]:
        chance = self.engine.streams.stream(f"handler {actor}")

        def handle(cpu: int) -> Path[None]:
            for _ in range(1 + int(chance.random() * CALLS_IN_HANDLER)):
                yield from self._do("alloc" if chance.random() < 0.5 else "free", cpu, actor, chance)
            if chance.random() < 0.3:
                yield from self.engine.raise_softirq(cpu, self._net)

        return handle

    def _softirq(self, cpu: int) -> Path[None]:
        chance = self.engine.streams.stream("softirq")
        yield from self._do(chance.choice(("alloc_bulk", "free_bulk", "free")), cpu, self._net, chance)

    def _clear_up(self, cpu: int, actor: int, chance: Chance) -> Work[None]:
        while self._held:
            yield from self._do("free_bulk", cpu, actor, chance)
        yield SleepFor(2 * LONGEST_SLEEP)
        for cache in self.machine.caches:
            if not (yield from kmem_cache_destroy(self.engine.world, cpu, cache)):
                raise ModelError(f"{cache.name}: {cache.node.nr_slabs} slabs are left after everything was freed")

    # What they do.

    def _do(self, verb: str, cpu: int, actor: int, chance: Chance) -> Path[None]:
        self.doing[cpu, actor] = verb
        yield from self._verbs[verb](cpu, actor, chance)

    def _alloc(self, cpu: int, actor: int, chance: Chance) -> Path[None]:
        if len(self._held) < self.recipe.most_held:
            gfp = GFP_KERNEL if chance.random() < 0.5 else GFP_ATOMIC
            address = yield from kmem_cache_alloc(self.engine.world, cpu, self._cache(chance), gfp, actor)
            self._held += [address] if address != NULL_POINTER else []

    def _free(self, cpu: int, actor: int, chance: Chance) -> Path[None]:
        for slab, obj in self._take(1, chance):
            yield from kmem_cache_free(self.engine.world, cpu, slab, obj)

    def _alloc_bulk(self, cpu: int, actor: int, chance: Chance) -> Path[None]:
        if len(self._held) < self.recipe.most_held:
            owners = [actor] * (1 + int(chance.random() * LARGEST_BULK))
            world = self.engine.world
            self._held += yield from kmem_cache_alloc_bulk(world, cpu, self._cache(chance), GFP_ATOMIC, owners)

    def _free_bulk(self, cpu: int, actor: int, chance: Chance) -> Path[None]:
        places = self._take(1 + int(chance.random() * LARGEST_BULK), chance)
        yield from kmem_cache_free_bulk(self.engine.world, cpu, [self.machine.address(*place) for place in places])

    def _call_rcu(self, cpu: int, actor: int, chance: Chance) -> Path[None]:
        for slab, obj in self._take(1, chance):
            yield from self.engine.rcu.call_rcu(cpu, slab, obj)

    def _shrink(self, cpu: int, actor: int, chance: Chance) -> Path[None]:
        yield from kmem_cache_shrink(self.engine.world, cpu, self._cache(chance))

    def _irqs_off(self, cpu: int, actor: int, chance: Chance) -> Path[None]:
        """A call by somebody who has interrupts off himself."""
        yield from local_irq_save(cpu)
        yield from self._do("alloc" if chance.random() < 0.5 else "free", cpu, actor, chance)
        yield from local_irq_restore(cpu)

    def _cache(self, chance: Chance) -> KmemCache:
        return self.machine.caches[int(chance.random() * len(self.machine.caches))]

    def _take(self, count: int, chance: Chance) -> list[tuple[Slab, int]]:
        """Up to ``count`` held objects, the newest ones or any: whoever takes them frees them."""
        newest = chance.random() < 0.3
        taken = []
        for _ in range(min(count, len(self._held))):
            address = self._held.pop(-1 if newest else int(chance.random() * len(self._held)))
            place = self.machine.virt_to_slab(address)
            assert place is not None, "an object that is held lies in a slab"
            taken.append(place)
        return taken

    # How it ends.

    def _until_quiet(self, then: Callable[[], None]) -> Iterator[int]:
        for _ in range(self.recipe.ticks + PATIENCE):
            self.engine.tick()
            quiet = self.engine.quiet
            if quiet:
                then()  # still in this tick: one that has been looked at does not change any more
            yield self.engine.now
            if quiet:
                return
        running = [self.engine.cast[cpu.top.actor].name for cpu in self.machine.cpus]
        raise ModelError(f"tick {self.engine.now}: stuck; the CPUs run {', '.join(running)}")

    def _nothing_is_left(self) -> None:
        machine, zones = self.machine, self.machine.zones
        if machine.slabs:
            raise ModelError(f"slabs {sorted(machine.slabs)} are left after all caches were destroyed")
        others = sum(1 << order for zone in zones for order, _ in zone.others.values())
        moving = sum(1 << hand.block[1] for hand in hands(machine) if hand.block is not None)  # kswapd's
        free, sets = sum(zone.nr_free for zone in zones), sum(zone.pcp_pages() for zone in zones)
        managed = sum(zone.managed for zone in zones)
        if free + sets + others + moving != managed:
            raise ModelError(f"{free} + {sets} + {others} + {moving} pages are not {managed}")


def _config(recipe: Recipe) -> MachineConfig:
    """The machine of a recipe; each cache has its own permutation."""
    flags = [SlabFlags(0)] * (len(recipe.sizes) - 1)
    flags += [SlabFlags.TYPESAFE_BY_RCU if recipe.typesafe_by_rcu else SlabFlags(0)]
    plain = tuple(
        CacheConfig(f"cache-{size}", size, flags=own, min_partial=recipe.min_partial, cpu_partial=recipe.cpu_partial)
        for size, own in zip(recipe.sizes, flags, strict=True)
    )
    config = MachineConfig(recipe.cpus, recipe.pages, plain, kernel=recipe.kernel)
    objects = [cache.geometry.oo_objects for cache in Machine.boot(config).caches]
    orders = [permutation(count, Streams(count).stream("permutation")) for count in objects]
    return replace(
        config, caches=tuple(replace(cache, random_seq=order) for cache, order in zip(plain, orders, strict=True))
    )
