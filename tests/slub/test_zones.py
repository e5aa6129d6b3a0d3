"""Zones, migrate types and reserves of the page allocator (``slub-semantics.md`` 5.1, 5.2, 5.5, 5.6, 9.2)."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slabviz.model.events import Kind
from slabviz.model.flags import SlabFlags
from slabviz.model.gfp import GFP_ATOMIC, GFP_KERNEL, GFP_NOWAIT, Gfp
from slabviz.model.image import image_of, machine_of
from slabviz.model.invariants import check
from slabviz.model.log import EventLog
from slabviz.model.machine import CacheConfig, Machine, MachineConfig
from slabviz.model.migrate import HIGHATOMIC, MOVABLE, RECLAIMABLE, UNMOVABLE
from slabviz.model.watermarks import Watermarks, floor_of, gfp_to_alloc_flags, lowmem_reserves, min_free_kbytes
from slabviz.model.zone import USER_PAGES, Block, PageSets, Zone, pcp_list, zone_batchsize
from slabviz.model.zones import MemoryConfig, highest_zone, make_zones
from slabviz.slub.alloc import slab_gfps
from slabviz.slub.atomic import Atomic
from slabviz.slub.page_alloc import alloc_pages, free_pages
from slabviz.slub.world import Path, World
from slabviz.testing.laws import LawfulAtomic

GFP_MOVABLE = int(GFP_NOWAIT | Gfp.MOVABLE)
GFP_RECLAIMABLE = int(GFP_NOWAIT | Gfp.RECLAIMABLE)
ZONES = MemoryConfig((("DMA", 1024), ("DMA32", 1024), ("Normal", 4096)))


class Memory:
    """A machine that only gives out pages; ``lawful``: every law is checked after every event."""

    def __init__(self, memory: MemoryConfig, pages: int, cpus: int = 1, lawful: bool = False) -> None:
        self.machine = Machine.boot(MachineConfig(cpus, pages, (), memory=memory))
        self.log = EventLog()
        driver = LawfulAtomic if lawful else Atomic
        self.calls = driver(World(self.machine, lambda cache: -1, detail=True), self.log)

    def take(self, order: int, gfp: int = GFP_KERNEL, cpu: int = 0) -> Block | None:
        def path() -> Path[Block | None]:
            if not (yield from alloc_pages(self.calls.world, cpu, order, gfp)):
                return None
            block = self.machine.cpus[cpu].hand.block
            assert block is not None
            yield (Kind.PAGE_ALLOC, cpu, order, block[0], USER_PAGES)
            return block

        return self.calls.drive(path())

    def give(self, block: Block, cpu: int = 0) -> None:
        def path() -> Path[None]:
            yield (Kind.PAGE_FREE, cpu, block[1], block[0], 0)
            yield from free_pages(self.calls.world, cpu)

        self.calls.drive(path())

    def zone_of(self, block: Block | None) -> str:
        assert block is not None
        return self.machine.zone_of(block[0]).name

    def kinds(self) -> list[Kind]:
        return [Kind(event[0]) for event in self.log.events()]


def test_a_machine_is_one_normal_zone_unless_said_otherwise() -> None:
    zones = make_zones(MemoryConfig(), 4096, 0, 4)
    assert [(zone.name, zone.managed, zone.lowmem_reserve) for zone in zones] == [("Normal", 4096, [0])]
    assert highest_zone(zones, int(Gfp.DMA)) == highest_zone(zones, int(Gfp.DMA32)) == highest_zone(zones, 0) == 0


def test_a_request_goes_to_its_zone_and_then_to_lower_ones() -> None:
    memory = Memory(ZONES, 6144)
    assert memory.zone_of(memory.take(4)) == "Normal"
    assert memory.zone_of(memory.take(4, int(GFP_KERNEL | Gfp.DMA))) == "DMA"
    assert memory.zone_of(memory.take(4, int(GFP_KERNEL | Gfp.DMA32))) == "DMA32"
    zones = [memory.zone_of(block) for block in iter(lambda: memory.take(8), None)]
    assert [after for before, after in pairwise(zones) if before != after] == ["DMA32", "DMA"]


def test_what_prefers_higher_zones_leaves_a_reserve_in_lower_ones() -> None:
    memory = Memory(ZONES, 6144)
    while memory.take(0):
        pass
    dma, dma32, normal = memory.machine.zones
    assert (dma.lowmem_reserve, dma32.lowmem_reserve) == ([0, 4, 20], [0, 0, 16])
    assert [zone.nr_free - zone.watermarks.min for zone in (dma, dma32, normal)] == [20, 16, 0]
    assert memory.zone_of(memory.take(0, int(GFP_KERNEL | Gfp.DMA))) == "DMA"


def test_worked_numbers_of_three_zones() -> None:
    """``slub-semantics.md`` 9.2, number 11, and the reserve of 5.5."""
    sizes = (3840, 772917, 1474560)
    marks = [Watermarks.of(size, 67584, sum(sizes)) for size in sizes]
    assert [(mark.min, mark.low) for mark in marks] == [(28, 35), (5800, 7250), (11066, 13832)]
    zones = [Zone(size, 0, 2, marks=mark) for size, mark in zip(sizes, marks, strict=True)]
    assert [zone.batch for zone in zones] == [1, 63, 63]
    assert [zone.pcp_high for zone in zones][1:] == [3625, 6916]
    assert lowmem_reserves([("DMA", 3840), ("DMA32", 772917), ("Normal", 1474560)])[0][2] == 8779


def test_worked_numbers_of_one_zone() -> None:
    """``slub-semantics.md`` 9.2, number 10; GFP_ATOMIC keeps 37.5 % of min (5.6), and ignores the boost."""
    assert min_free_kbytes(262144) == 4096
    marks = Watermarks.of(262144)
    flags = {gfp: gfp_to_alloc_flags(gfp) for gfp in (GFP_KERNEL, GFP_NOWAIT, GFP_ATOMIC)}
    assert [floor_of(marks, 0, 0, flag) for flag in flags.values()] == [1024, 1024, 384]
    recorded = Watermarks(410, 512, 614)
    assert floor_of(recorded, 512, 0, flags[GFP_ATOMIC]) == 154
    assert floor_of(recorded, 512, 0, flags[GFP_NOWAIT]) == 922


@pytest.mark.parametrize(("gfp", "kind"), [(GFP_KERNEL, UNMOVABLE), (GFP_RECLAIMABLE, RECLAIMABLE)])
def test_a_dry_type_takes_over_the_largest_block_of_another(gfp: int, kind: int) -> None:
    memory = Memory(MemoryConfig(), 4096)
    zone = memory.machine.zone
    assert set(zone.pageblocks) == {MOVABLE}
    memory.take(0, gfp)
    assert list(zone.pageblocks) == [kind, kind, *[MOVABLE] * 6]  # a block of order 10 is two pageblocks
    assert memory.kinds().count(Kind.EXTFRAG) == 1
    assert zone.boost == 0  # whole pageblocks: nothing is mixed


def test_freed_pages_go_to_the_lists_of_their_pageblock() -> None:
    memory = Memory(MemoryConfig(), 4096)
    zone = memory.machine.zone
    movable, kernel = memory.take(5, GFP_MOVABLE), memory.take(5)
    assert movable is not None
    assert kernel is not None
    memory.give(movable)
    memory.give(kernel)
    assert zone.free[zone_order(zone, movable[0])][movable[0] & -1024] == MOVABLE
    assert zone.free[zone_order(zone, kernel[0])][kernel[0] & -1024] == UNMOVABLE


def zone_order(zone: Zone, pfn: int) -> int:
    return next(order for order, blocks in enumerate(zone.free) if pfn & -(1 << order) in blocks)


def test_mixing_pageblocks_boosts_the_watermarks() -> None:
    memory = Memory(MemoryConfig(sets=PageSets(on=False)), 4096)
    zone = memory.machine.zone
    while zone.nr_free > 400:
        memory.take(5, GFP_MOVABLE)
    assert memory.take(0) is not None
    assert zone.boost == max(512, zone.watermarks.high * 3 // 2)
    assert Kind.WATERMARK_BOOST in memory.kinds()


def test_atomic_requests_for_several_pages_get_pageblocks_of_their_own() -> None:
    memory = Memory(MemoryConfig(), 4096)
    zone = memory.machine.zone
    while memory.take(3):
        pass
    assert memory.take(3, GFP_ATOMIC) is not None
    assert zone.highatomic == 512
    assert zone.pageblocks.count(HIGHATOMIC) == 1
    assert check(memory.machine) == []


def test_page_sets_can_be_off_or_set_by_hand() -> None:
    memory = Memory(MemoryConfig(sets=PageSets(on=False)), 4096)
    memory.take(0)
    assert memory.machine.zone.pcp_pages() == 0
    tuned = Memory(MemoryConfig(min_free=1024, sets=PageSets(batch=8, high=20)), 4096)
    tuned.take(0)
    assert (tuned.machine.zone.pcp_pages(), tuned.machine.zone.pcp_high) == (7, 20)
    assert tuned.machine.zone.watermarks.min == 256
    assert zone_batchsize(4096) == 1
    assert len(tuned.machine.zone.pcp[0].lists[pcp_list(0, UNMOVABLE)]) == 7


def test_the_flags_with_which_a_slab_asks_for_pages() -> None:
    """``slub-semantics.md`` 2.4."""

    def flags(size: int, cache_flags: SlabFlags = SlabFlags(0), gfp: int = GFP_KERNEL) -> tuple[int, int]:
        config = MachineConfig(4, 1024, (CacheConfig("cache", size, flags=cache_flags),))
        return slab_gfps(Machine.boot(config).caches[0], gfp)

    light = Gfp.NOWARN | Gfp.NORETRY
    assert flags(64) == (GFP_KERNEL | light, GFP_KERNEL)
    assert flags(1536) == (Gfp.IO | Gfp.FS | light | Gfp.COMP | Gfp.NOMEMALLOC, GFP_KERNEL | Gfp.COMP)
    assert flags(1536, gfp=GFP_ATOMIC)[0] == GFP_ATOMIC | light | Gfp.COMP
    assert flags(64, SlabFlags.RECLAIM_ACCOUNT)[1] == GFP_KERNEL | Gfp.RECLAIMABLE
    assert flags(64, SlabFlags.CACHE_DMA)[1] == GFP_KERNEL | Gfp.DMA
    assert flags(64, gfp=int(GFP_KERNEL | Gfp.ZERO | Gfp.ACCOUNT | Gfp.NOFAIL)) == (
        GFP_KERNEL | light, GFP_KERNEL | Gfp.NOFAIL,
    )  # fmt: skip


@settings(max_examples=24, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from([GFP_KERNEL, GFP_MOVABLE, GFP_RECLAIMABLE, GFP_ATOMIC])),
             max_size=24),
    st.booleans(),
)  # fmt: skip
def test_any_mixture_of_orders_and_types_keeps_every_law(wanted: list[tuple[int, int]], zones: bool) -> None:
    memory = Memory(
        MemoryConfig((("DMA", 1024), ("Normal", 2048))) if zones else MemoryConfig(), 3072, cpus=2, lawful=True
    )
    held: list[Block] = []
    for number, (order, gfp) in enumerate(wanted):
        block = memory.take(order, gfp, cpu=number % 2)
        held += [block] if block is not None else []
        if len(held) > 4 and number % 3 == 0:
            memory.give(held.pop(number % len(held)), cpu=(number // 2) % 2)
    image = image_of(memory.machine)
    assert image_of(machine_of(memory.machine.config, image)) == image
    assert [bytes(zone.frames) for zone in machine_of(memory.machine.config, image).zones] == [
        bytes(zone.frames) for zone in memory.machine.zones
    ]
    for block in held:
        memory.give(block)
    assert sum(zone.nr_free + zone.pcp_pages() for zone in memory.machine.zones) == 3072
