"""What was set differently for two runs: of their machines, and of the cache that is compared."""

from __future__ import annotations

from collections.abc import Iterator

from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import Machine
from slabviz.model.slub_debug import LETTERS
from slabviz.model.zone import PageSets
from slabviz.scene.compare.state import Setting
from slabviz.scene.story.numbers import grouped, size
from slabviz.timeline.run import Run

PAGE_SHIFT = 12

Named = tuple[str, str]


def settings(runs: tuple[Run, Run], machines: tuple[Machine, Machine], caches: tuple[int, int]) -> tuple[Setting, ...]:
    """All that differs, the cache's own settings first; a tuned limit counts as it is at this tick."""
    sides = [
        (*_of_cache(machine.caches[cache]), *_of_machine(run))
        for run, machine, cache in zip(runs, machines, caches, strict=True)
    ]
    return tuple(
        Setting(name, (mine, theirs))
        for (name, mine), (_, theirs) in zip(*sides, strict=True)
        if mine != theirs
    )  # fmt: skip


def _of_cache(cache: KmemCache) -> Iterator[Named]:
    shape = cache.geometry
    yield "cache", cache.name
    yield "slub_debug", _debug(cache)
    yield "cpu_partial", grouped(cache.cpu_partial)
    yield "min_partial", grouped(cache.min_partial)
    yield "object_size", f"{grouped(shape.object_size)} B"
    yield "size", f"{grouped(shape.size)} B"
    yield "order", str(shape.oo_order)
    yield "freelist_random", _yes(bool(cache.random_seq))


def _of_machine(run: Run) -> Iterator[Named]:
    config, memory = run.config, run.config.memory
    yield "kernel", config.kernel
    yield "cpus", str(config.cpus)
    yield "memory", size(config.pages << PAGE_SHIFT)
    yield "machine.slub_debug", config.slub_debug or "off"
    yield "hardened", _yes(config.hardened)
    yield "init_on_alloc", _yes(config.init_on_alloc)
    yield "panic_on_oops", _yes(config.panic_on_oops)
    yield "slub_max_order", str(config.slub_max_order)
    yield "possible_cpus", str(config.possible_cpus or config.cpus)
    yield "zones", " ".join(f"{name}:{pages}" for name, pages in memory.zones)
    yield "min_free", "" if memory.min_free is None else f"{memory.min_free} KiB"
    yield "pcp", _sets(memory.sets)
    yield "seed", str(run.about.seed)


def _debug(cache: KmemCache) -> str:
    """The letters of the cache's debugging, as in a scenario."""
    return "".join(letter for letter, flag in LETTERS.items() if cache.flags & flag) or "off"


def _sets(sets: PageSets) -> str:
    kept = [f"{name} {value}" for name, value in (("batch", sets.batch), ("high", sets.high)) if value is not None]
    return " ".join(kept) or ("on" if sets.on else "off")


def _yes(value: bool) -> str:
    return "true" if value else "false"
