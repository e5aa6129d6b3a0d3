"""The buddy system and its per-CPU page sets (``slub-semantics.md`` 5)."""

from __future__ import annotations

import pytest

from slabviz.model.events import Kind
from slabviz.model.gfp import GFP_ATOMIC, GFP_KERNEL
from slabviz.model.invariants import check
from slabviz.model.log import EventLog
from slabviz.model.machine import Machine, MachineConfig
from slabviz.model.watermarks import Watermarks, gfp_to_alloc_flags
from slabviz.model.zone import Block, Zone, pcp_list, zone_batchsize
from slabviz.slub.atomic import Atomic
from slabviz.slub.page_alloc import alloc_pages, free_pages
from slabviz.slub.page_freelist import zone_watermark_ok
from slabviz.slub.world import Path, World
from slabviz.testing.laws import LawfulAtomic


class Pages:
    """A machine that only gives out pages, on one CPU unless said otherwise."""

    def __init__(self, pages: int = 2048, cpus: int = 1, first_pfn: int = 0, lawful: bool = True) -> None:
        self.machine = Machine.boot(MachineConfig(cpus, pages, (), first_pfn=first_pfn))
        self.log = EventLog()
        driver = LawfulAtomic if lawful else Atomic
        self.calls = driver(World(self.machine, lambda cache: -1, detail=True), self.log)
        self.zone: Zone = self.machine.zone

    def take(self, order: int, cpu: int = 0, gfp: int = GFP_KERNEL) -> Block | None:
        def path() -> Path[Block | None]:
            if not (yield from alloc_pages(self.calls.world, cpu, order, gfp)):
                return None
            block = self.machine.cpus[cpu].hand.block
            assert block is not None
            yield (Kind.PAGE_ALLOC, cpu, order, block[0], 0)
            return block

        return self.calls.drive(path())

    def give(self, block: Block | None, cpu: int = 0) -> None:
        assert block is not None
        pfn, order = block

        def path() -> Path[None]:
            yield (Kind.PAGE_FREE, cpu, order, pfn, 0)
            yield from free_pages(self.calls.world, cpu)

        self.calls.drive(path())

    def free(self) -> dict[int, list[int]]:
        """Free blocks by order, list head first, of whatever type; orders without any are left out."""
        found: dict[int, list[int]] = {}
        for orders in self.zone.lists:
            for order, blocks in enumerate(orders):
                found.setdefault(order, []).extend(blocks)
        return {order: blocks for order, blocks in found.items() if blocks}


def test_at_boot_memory_lies_in_the_largest_aligned_blocks() -> None:
    assert Pages(2048).free() == {10: [0, 1024]}
    assert Pages(1030, first_pfn=3).free() == {0: [3, 1032], 2: [4], 3: [8, 1024], 4: [16], 5: [32], 6: [64], 7: [128],
                                               8: [256], 9: [512]}  # fmt: skip


def test_a_split_keeps_the_lower_half() -> None:
    pages = Pages()
    assert pages.take(5) == (0, 5)
    assert pages.free() == {5: [32], 6: [64], 7: [128], 8: [256], 9: [512], 10: [1024]}
    assert [pages.take(5) for _ in range(3)] == [(32, 5), (64, 5), (96, 5)]


def test_freeing_merges_with_every_free_buddy() -> None:
    pages = Pages()
    a, b, c = (pages.take(5) for _ in range(3))
    pages.give(a)
    assert pages.free()[5] == [0, 96]
    pages.give(c)
    assert pages.free() == {5: [0], 6: [64], 7: [128], 8: [256], 9: [512], 10: [1024]}
    pages.give(b)
    assert pages.free() == {10: [0, 1024]}


def test_a_block_that_may_soon_merge_goes_to_the_tail() -> None:
    """Freeing 96 (order 5): its buddy 64 is taken, but 0-63 is free, the buddy of what they would make: to the tail."""
    pages = Pages()
    blocks = [pages.take(5) for _ in range(8)]
    pages.give(blocks[6])
    pages.give(blocks[0])
    pages.give(blocks[1])
    pages.give(blocks[3])
    assert pages.free()[5] == [192, 96]
    pages.give(blocks[4])
    assert pages.free()[5] == [128, 192, 96]


def test_small_orders_come_in_batches_through_the_page_set() -> None:
    pages = Pages(65536)
    zone = pages.zone
    assert zone.batch == 15
    assert pages.take(0) == (0, 0)
    assert zone.pcp[0].lists[0] == list(range(1, 15))
    assert pages.take(1) == (16, 1)
    assert zone.pcp[0].lists[pcp_list(1, 0)] == list(range(18, 30, 2))
    assert zone.pcp[0].count == 14 + 12


def test_a_page_set_is_last_in_first_out_and_no_buddys_business() -> None:
    pages = Pages(65536)
    block = pages.take(0)
    free = pages.zone.nr_free
    pages.give(block)
    assert pages.zone.pcp[0].lists[0][:2] == [0, 1]
    assert (pages.take(0), pages.zone.nr_free) == (block, free)


def test_each_cpu_has_its_own_set() -> None:
    pages = Pages(65536, cpus=2)
    pages.give(pages.take(0, cpu=0), cpu=1)
    assert pages.zone.pcp[1].lists[0] == [0]
    assert pages.take(0, cpu=1) == (0, 0)
    assert pages.take(0, cpu=0) == (1, 0)


def test_a_full_set_is_drained_from_its_tail() -> None:
    pages = Pages(2048)
    zone = pages.zone
    held = [pages.take(0) for _ in range(zone.pcp_high + 3)]
    for block in held[: zone.pcp_high - 1 - zone.pcp[0].count]:
        pages.give(block)
    assert pages.log.matrix()[-1, 0] != Kind.PCP_DRAIN
    oldest = zone.pcp[0].lists[0][-1]
    drains = [event[3] for event in pages.log.events() if event[0] == Kind.PCP_DRAIN]
    assert drains == []
    pages.give(held[-1])
    drains = [event[3] for event in pages.log.events() if event[0] == Kind.PCP_DRAIN]
    assert drains[0] == oldest
    assert len(drains) == max(zone.batch, 1)
    assert zone.pcp[0].free_factor == 1


def test_a_run_of_frees_drains_ever_more_and_an_allocation_calms_it() -> None:
    pages = Pages(65536, lawful=False)
    zone, pcp = pages.zone, pages.zone.pcp[0]
    held = [pages.take(0) for _ in range(zone.pcp_high * 3)]
    for block in held:
        pages.give(block)
    assert pcp.free_factor > 1
    before = pcp.free_factor
    pages.take(0)
    assert pcp.free_factor == before // 2
    high = pages.take(2)
    pcp.free_factor = 1
    pages.give(high)
    assert pcp.count == 0  # a higher order freed in a run: everything is drained
    assert check(pages.machine) == []


def test_without_memory_above_the_watermark_there_is_none() -> None:
    pages = Pages(256)
    mark = pages.zone.watermarks.min
    taken = 0
    while pages.take(0):
        taken += 1
    assert pages.zone.nr_free == mark
    assert taken == 256 - mark - pages.zone.pcp_pages()
    assert pages.take(0, gfp=GFP_ATOMIC) is not None
    assert check(pages.machine) == []


def test_a_high_order_fails_where_memory_is_in_pieces() -> None:
    pages = Pages(2048)
    held = [pages.take(4) for _ in range(100)]
    for block in held[::2]:
        pages.give(block)
    while pages.take(5):
        pass
    assert pages.zone.nr_free >= 50 * 16
    assert not zone_watermark_ok(pages.zone, 5, gfp_to_alloc_flags(GFP_KERNEL))
    assert zone_watermark_ok(pages.zone, 4, gfp_to_alloc_flags(GFP_KERNEL))


@pytest.mark.parametrize(
    ("managed", "marks"), [(262144, (1024, 1286, 1548)), (1 << 20, (2048, 3096, 4144)), (2048, (90, 112, 134))]
)
def test_watermarks(managed: int, marks: tuple[int, int, int]) -> None:
    found = Watermarks.of(managed)
    assert (found.min, found.low, found.high) == marks


def test_page_sets_of_a_gigabyte() -> None:
    """``slub-semantics.md`` 9.2, number 10."""
    zone = Zone(262144, 0, cpus=4)
    assert (zone.batch, zone.pcp_high) == (63, 321)
    assert not zone_watermark_ok(_with_free(zone, 384), 0, gfp_to_alloc_flags(GFP_ATOMIC))
    assert zone_watermark_ok(_with_free(zone, 385), 0, gfp_to_alloc_flags(GFP_ATOMIC))
    assert not zone_watermark_ok(_with_free(zone, 1024), 0, gfp_to_alloc_flags(GFP_KERNEL))
    assert zone_watermark_ok(_with_free(zone, 1025), 0, gfp_to_alloc_flags(GFP_KERNEL))


def _with_free(zone: Zone, pages: int) -> Zone:
    zone.nr_free = pages
    return zone


@pytest.mark.parametrize(("managed", "batch"), [(3840, 1), (772917, 63), (1474560, 63), (65536, 15), (16384, 3)])
def test_batches(managed: int, batch: int) -> None:
    assert zone_batchsize(managed) == batch
