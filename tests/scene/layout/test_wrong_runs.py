"""Runs in which somebody does wrong are drawn all the same, at every tick, whatever became of the allocator."""

from __future__ import annotations

import random

import pytest

from slabviz.engine.engine import Engine
from slabviz.engine.waits import SleepFor, Work
from slabviz.model.events import Kind
from slabviz.model.gfp import GFP_KERNEL
from slabviz.model.machine import CacheConfig, MachineConfig
from slabviz.model.slub_debug import letters
from slabviz.render.fonts import Fonts, TextMeasure
from slabviz.report.breaches import breaches
from slabviz.report.dmesg import dmesg
from slabviz.report.summary import summary
from slabviz.scene.compose import Composer
from slabviz.scene.theme import Theme
from slabviz.slub.access import fill_bytes
from slabviz.slub.alloc import kmem_cache_alloc
from slabviz.slub.cache_from_obj import kmem_cache_free
from slabviz.slub.world import Path
from slabviz.timeline.run import About, Run

SIZE = 1000
RUNS = (
    ("twice", "", True), ("twice", "", False), ("twice", "ZP", True), ("twice", "FZPU", True), ("apart", "", False),
    ("interior", "", True), ("interior", "U", True), ("overrun", "", True), ("overrun", "FZPU", True),
    ("too late", "FZPU", True), ("too late", "", True), ("other cache", "", False), ("other cache", "FZPU", True),
)  # fmt: skip


class Rogues:
    """Two tasks that allocate and free, and now and then do wrong."""

    def __init__(self, mistake: str, flags: str, hardened: bool) -> None:
        caches = (CacheConfig("cache", SIZE, flags=letters(flags or "-"), random=3), CacheConfig("other", SIZE))
        self.engine = Engine(MachineConfig(2, 4096, caches, hardened=hardened), seed=1)
        self.mistake, self.done = mistake, 0
        self.chance = random.Random(f"{mistake}{flags}{hardened}")
        for cpu in range(2):
            actor = self.engine.cast.enter("pid", str(cpu + 1), f"rogue{cpu}")
            self.engine.start(cpu, actor, self.work(cpu, actor))

    def work(self, cpu: int, actor: int) -> Work[None]:
        world, cache = self.engine.world, self.engine.machine.caches[0]
        held: list[int] = []
        for number in range(18):
            if len(held) < 3 or (self.chance.random() < 0.5 and number % 6):
                held.append((yield from kmem_cache_alloc(world, cpu, cache, GFP_KERNEL, actor)))
            elif number % 6:
                yield from kmem_cache_free(world, cpu, cache, held.pop(self.chance.randrange(len(held))))
            else:
                yield from self.do_wrong(cpu, actor, held)
            yield SleepFor(1 + self.chance.randrange(3))

    def do_wrong(self, cpu: int, actor: int, held: list[int]) -> Path[None]:
        world, (cache, other) = self.engine.world, self.engine.machine.caches
        address = held.pop()
        self.done += 1
        if self.mistake == "overrun":
            yield from fill_bytes(world, cpu, address, SIZE + 40 * self.chance.randrange(1, 30), 0x41, actor)
        elif self.mistake == "interior":
            yield from kmem_cache_free(world, cpu, cache, address + 64)
        elif self.mistake == "other cache":
            yield from kmem_cache_free(world, cpu, other, address)
        else:
            yield from kmem_cache_free(world, cpu, cache, address)
            if self.mistake == "apart":
                yield from kmem_cache_free(world, cpu, cache, held.pop())
            if self.mistake == "too late":
                yield from fill_bytes(world, cpu, address, SIZE, 0x42, actor)
            else:
                yield from kmem_cache_free(world, cpu, cache, address)

    def run(self) -> Run:
        while not self.engine.quiet and self.engine.now < 150:
            self.engine.tick()
        about = About({"en": "wrong", "zh": "错"}, source="wrong.yaml")
        return Run(self.engine.config, self.engine.log, self.engine.cast, about)


@pytest.fixture(scope="module")
def measure() -> TextMeasure:
    return TextMeasure(Fonts())


@pytest.mark.parametrize(("mistake", "flags", "hardened"), RUNS)
def test_picture_and_reports_go_on(mistake: str, flags: str, hardened: bool, measure: TextMeasure) -> None:
    rogues = Rogues(mistake, flags, hardened)
    run = rogues.run()
    assert rogues.done
    kinds = {Kind(event[0]) for event in run.log.events()}
    composer = Composer(run, (1280, 720), theme=Theme.load("dark"), measure=measure)
    for tick in range(run.last_tick + 1):
        assert composer.scene(tick).blocks
    assert summary(run).caches[0].allocs
    said = [line for _, _, line in dmesg(run)]
    assert bool(said) == bool(kinds & {Kind.SLAB_REPORT, Kind.OOPS, Kind.PANIC, Kind.STUCK, Kind.WRONG_CACHE})
    named = breaches(run)
    assert len({breach.law for breach in named}) == len(named)
