"""A checked scenario: everything a file says, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from slabviz.engine.program import Texts
from slabviz.engine.workload import Workload
from slabviz.errors import Place
from slabviz.model.era import era_named
from slabviz.model.flags import SlabFlags
from slabviz.model.machine import PAGE_OFFSET, CacheConfig, cache_geometry
from slabviz.model.sizing import PAGE_SIZE, Geometry
from slabviz.model.zone import PageSets
from slabviz.model.zones import NORMAL, MemoryConfig
from slabviz.scenario.story import ChapterSpec, ExpectSpec, ShowSpec


@dataclass(frozen=True, slots=True)
class RunSpec:
    """How long: work is begun during ``duration`` ticks, and all is over after ``at_most``.

    ``until`` is what ends it before: QUIET, ALL_EXIT, or nothing but the time.
    """

    duration: int = 600
    at_most: int = 1200
    until: str = ""


QUIET, ALL_EXIT = "quiet", "all_exit"


@dataclass(frozen=True, slots=True)
class PagesSpec:
    """Percent of memory that others own from the start, and the mean gap of their traffic in ticks (0: none)."""

    kernel: int = 10
    user: int = 20
    file: int = 15
    traffic: int = 40


@dataclass(frozen=True, slots=True)
class PcpSpec:
    """The per-CPU page sets; None: as the kernel computes it."""

    on: bool = True
    batch: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class ShrinkerSpec:
    """A shrinker: the queue whose entries can be given up, and the cache they lie in."""

    place: Place
    cache: str
    queue: str
    seeks: int = 2


@dataclass(frozen=True, slots=True)
class MachineSpec:
    """The machine: CPUs, memory in bytes, and how the allocator was built."""

    cpus: int = 4
    possible_cpus: int = 0
    memory: int = 16 << 20
    pages: PagesSpec = field(default_factory=PagesSpec)
    freelist_random: bool = True
    hardened: bool = True
    init_on_alloc: bool = True
    slub_debug: str = ""
    panic_on_oops: bool = False
    merge: bool = False
    slub_max_order: int = 3
    page_offset: int = PAGE_OFFSET
    first_free_pfn: int = 0
    rcu_grace: int = 24
    zones: tuple[tuple[str, int], ...] = ()
    """(name, bytes) of the zones below ZONE_NORMAL, which has the rest."""
    min_free: int | None = None
    """min_free_kbytes, in bytes."""
    lowmem_reserve_ratio: int | None = None
    pcp: PcpSpec = field(default_factory=PcpSpec)

    def memory_config(self) -> MemoryConfig:
        """How memory is divided and kept."""
        pages = [(name, size // PAGE_SIZE) for name, size in self.zones if size]
        rest = self.memory // PAGE_SIZE - sum(count for _, count in pages)
        zones = (*pages, *([(NORMAL, rest)] if rest else [])) if pages else ()
        min_free = None if self.min_free is None else self.min_free // 1024
        sets = PageSets(self.pcp.on, self.pcp.batch, self.pcp.high)
        return MemoryConfig(zones, min_free, sets, reserve_ratio=self.lowmem_reserve_ratio)


@dataclass(frozen=True, slots=True)
class CacheSpec:
    """One cache: sizes in bytes, flags by name; None: what the kernel would choose."""

    place: Place
    size: int
    align: int = 0
    flags: tuple[str, ...] = ()
    ctor: bool = False
    owner: str = "pid"
    usercopy: bool = False
    min_partial: int | None = None
    cpu_partial: int | None = None
    slub_debug: SlabFlags = SlabFlags(0)

    @property
    def slab_flags(self) -> SlabFlags:
        """The flags as the model has them."""
        return reduce(or_, (SlabFlags[flag] for flag in self.flags), self.slub_debug)

    def config(self, name: str) -> CacheConfig:
        """What is asked of the kernel for this cache."""
        return CacheConfig(
            name, self.size, self.align, self.slab_flags, self.ctor, (), self.owner, self.min_partial,
            self.cpu_partial, usercopy=self.usercopy,
        )  # fmt: skip

    def geometry(self, name: str, machine: MachineSpec, kernel: str) -> Geometry:
        """How that kernel would lay the cache out on a machine. Raises ModelError or UsageError when it cannot."""
        possible = machine.possible_cpus or machine.cpus
        era, config = era_named(kernel), self.config(name)
        return cache_geometry(config, machine.cpus, possible, machine.slub_debug, era, machine.slub_max_order)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole scenario. ``file`` is how messages call it; ``source`` its text, so that a run can carry it.

    ``variant`` is its name among the variations of its file, empty where there are none.
    """

    file: str
    source: str
    variant: str
    id: str
    title: Texts
    about: Texts
    kernel: str
    seed: int
    show: ShowSpec
    run: RunSpec
    machine: MachineSpec
    caches: dict[str, CacheSpec]
    shrinkers: dict[str, ShrinkerSpec]
    workload: Workload
    chapters: tuple[ChapterSpec, ...]
    expect: tuple[ExpectSpec, ...]
    parameters: dict[str, str]
    settings: tuple[tuple[str, str], ...] = ()
    """The parameters that were set from outside."""

    def text(self, texts: Texts, language: str) -> str:
        """One of the scenario's texts in a language, or in English where that is missing."""
        found = dict(texts)
        return found.get(language, found.get("en", ""))
