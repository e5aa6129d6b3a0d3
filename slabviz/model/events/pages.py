"""Blocks of pages moving between the buddy system, the per-CPU page sets, a path's hand and their owners."""

from __future__ import annotations

from slabviz.model.events.kinds import Kind
from slabviz.model.events.table import applies
from slabviz.model.machine import Machine
from slabviz.model.migrate import PCP_TYPES
from slabviz.model.zone import FRAME_FREE, FRAME_HAND, FRAME_OTHER, FRAME_PCP, Block, Zone, pcp_list


@applies(Kind.BUDDY_TAKE)
def buddy_take(m: Machine, cpu: int, order: int, pfn: int, migrate: int) -> None:
    zone = m.zone_of(pfn)
    zone.unlink(pfn, order)
    _to_hand(m, zone, cpu, (pfn, order))


@applies(Kind.BUDDY_SPLIT)
def buddy_split(m: Machine, cpu: int, order: int, pfn: int, migrate: int) -> None:
    hand, zone = m.cpus[cpu].hand, m.zone_of(pfn)
    lower, _ = _block(m, cpu)
    hand.block = (lower, order)
    zone.put(pfn, order, migrate, head=True)
    zone.mark(pfn, order, FRAME_FREE)


@applies(Kind.BUDDY_MERGE)
def buddy_merge(m: Machine, cpu: int, order: int, pfn: int, migrate: int) -> None:
    zone = m.zone_of(pfn)
    mine, _ = _block(m, cpu)
    zone.unlink(pfn, order)
    zone.mark(pfn, order, FRAME_HAND)
    m.cpus[cpu].hand.block = (min(mine, pfn), order + 1)


@applies(Kind.BUDDY_PUT_TAIL)
def buddy_put_tail(m: Machine, cpu: int, order: int, pfn: int, migrate: int) -> None:
    _put(m, cpu, migrate, head=False)


@applies(Kind.BUDDY_PUT_HEAD)
def buddy_put_head(m: Machine, cpu: int, order: int, pfn: int, migrate: int) -> None:
    _put(m, cpu, migrate, head=True)


def _put(m: Machine, cpu: int, migrate: int, head: bool) -> None:
    pfn, order = _block(m, cpu)
    zone = m.zone_of(pfn)
    zone.put(pfn, order, migrate, head)
    zone.mark(pfn, order, FRAME_FREE)
    m.cpus[cpu].hand.block = None


@applies(Kind.PCP_REFILL)
def pcp_refill(m: Machine, cpu: int, order: int, pfn: int, migrate: int) -> None:
    zone = m.zone_of(pfn)
    zone.pcp[cpu].lists[pcp_list(order, migrate)].append(pfn)
    _into_set(m, zone, cpu, (pfn, order))


@applies(Kind.PCP_FREE)
def pcp_free(m: Machine, cpu: int, order: int, pfn: int, migrate: int) -> None:
    zone = m.zone_of(pfn)
    zone.pcp[cpu].lists[pcp_list(order, migrate)].insert(0, pfn)
    _into_set(m, zone, cpu, (pfn, order))


def _into_set(m: Machine, zone: Zone, cpu: int, block: Block) -> None:
    pfn, order = block
    zone.pcp[cpu].count += 1 << order
    zone.mark(pfn, order, FRAME_PCP)
    m.cpus[cpu].hand.block = None


@applies(Kind.PCP_ALLOC)
def pcp_alloc(m: Machine, cpu: int, order: int, pfn: int, migrate: int) -> None:
    zone = m.zone_of(pfn)
    pcp = zone.pcp[cpu]
    pcp.lists[pcp_list(order, migrate)].pop(0)
    pcp.count -= 1 << order
    pcp.free_factor >>= 1
    _to_hand(m, zone, cpu, (pfn, order))


@applies(Kind.PCP_DRAIN)
def pcp_drain(m: Machine, cpu: int, order: int, pfn: int, factor: int) -> None:
    """``who`` carries the free_factor that holds from here on: the first block of a drain may raise it."""
    m.zone_of(pfn).pcp[cpu].free_factor = factor
    _out_of_set(m, cpu, cpu, (pfn, order))


@applies(Kind.PCP_TAKE)
def pcp_take(m: Machine, cpu: int, order: int, pfn: int, whose: int) -> None:
    _out_of_set(m, cpu, whose, (pfn, order))


def _out_of_set(m: Machine, cpu: int, whose: int, block: Block) -> None:
    """The last block of one of a page set's lists, whichever has it, comes in hand."""
    pfn, order = block
    zone = m.zone_of(pfn)
    pcp = zone.pcp[whose]
    lists = pcp.lists[order * PCP_TYPES : (order + 1) * PCP_TYPES]
    next(pfns for pfns in lists if pfns and pfns[-1] == pfn).pop()
    pcp.count -= 1 << order
    _to_hand(m, zone, cpu, block)


@applies(Kind.PAGE_ALLOC)
def page_alloc(m: Machine, cpu: int, order: int, pfn: int, page_class: int) -> None:
    zone = m.zone_of(pfn)
    zone.others[pfn] = (order, page_class)
    zone.mark(pfn, order, FRAME_OTHER + page_class)
    m.cpus[cpu].hand.block = None


@applies(Kind.PAGE_FREE, Kind.PAGE_RECLAIM)
def page_free(m: Machine, cpu: int, order: int, pfn: int, who: int) -> None:
    zone = m.zone_of(pfn)
    del zone.others[pfn]
    _to_hand(m, zone, cpu, (pfn, order))


@applies(Kind.MOVE_FREEPAGES)
def move_freepages(m: Machine, cpu: int, order: int, pfn: int, migrate: int) -> None:
    zone = m.zone_of(pfn)
    zone.unlink(pfn, order)
    zone.put(pfn, order, migrate, head=False)


@applies(Kind.PAGEBLOCK_TYPE)
def pageblock_type(m: Machine, cpu: int, order: int, pfn: int, migrate: int) -> None:
    zone = m.zone_of(pfn)
    zone.pageblocks[zone.pageblock(pfn)] = migrate


@applies(Kind.WATERMARK_BOOST)
def watermark_boost(m: Machine, cpu: int, zone: int, pages: int, who: int) -> None:
    m.zones[zone].boost = pages


@applies(Kind.HIGHATOMIC)
def highatomic(m: Machine, cpu: int, zone: int, pages: int, who: int) -> None:
    m.zones[zone].highatomic = pages


@applies(Kind.KSWAPD_RUN)
def kswapd_run(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    for zone in m.zones:
        zone.reclaim_active = True


@applies(Kind.KSWAPD_SLEEP)
def kswapd_sleep(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    for zone in m.zones:
        zone.reclaim_active = False


def _block(m: Machine, cpu: int) -> Block:
    block = m.cpus[cpu].hand.block
    assert block is not None
    return block


def _to_hand(m: Machine, zone: Zone, cpu: int, block: Block) -> None:
    zone.mark(*block, FRAME_HAND)
    m.cpus[cpu].hand.block = block
