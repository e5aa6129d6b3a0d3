"""Blocks of pages moving between the buddy system, the per-CPU page sets, a path's hand and their owners."""

from __future__ import annotations

from slabviz.model.events.kinds import Kind
from slabviz.model.events.table import applies
from slabviz.model.machine import Machine
from slabviz.model.zone import FRAME_FREE, FRAME_HAND, FRAME_OTHER, FRAME_PCP, Block


@applies(Kind.BUDDY_TAKE)
def buddy_take(m: Machine, cpu: int, order: int, pfn: int, who: int) -> None:
    zone = m.zone
    del zone.free[order][pfn]
    zone.nr_free -= 1 << order
    zone.mark(pfn, order, FRAME_HAND)
    m.cpus[cpu].hand.block = (pfn, order)


@applies(Kind.BUDDY_SPLIT)
def buddy_split(m: Machine, cpu: int, order: int, pfn: int, who: int) -> None:
    zone, hand = m.zone, m.cpus[cpu].hand
    lower, _ = _block(m, cpu)
    hand.block = (lower, order)
    _put(m, (pfn, order))
    zone.free[order].move_to_end(pfn, last=False)


@applies(Kind.BUDDY_MERGE)
def buddy_merge(m: Machine, cpu: int, order: int, pfn: int, who: int) -> None:
    zone = m.zone
    mine, _ = _block(m, cpu)
    del zone.free[order][pfn]
    zone.nr_free -= 1 << order
    zone.mark(pfn, order, FRAME_HAND)
    m.cpus[cpu].hand.block = (min(mine, pfn), order + 1)


@applies(Kind.BUDDY_PUT_TAIL)
def buddy_put_tail(m: Machine, cpu: int, order: int, pfn: int, who: int) -> None:
    _put(m, _block(m, cpu))
    m.cpus[cpu].hand.block = None


@applies(Kind.BUDDY_PUT_HEAD)
def buddy_put_head(m: Machine, cpu: int, order: int, pfn: int, who: int) -> None:
    buddy_put_tail(m, cpu, order, pfn, who)
    m.zone.free[order].move_to_end(pfn, last=False)


@applies(Kind.PCP_REFILL)
def pcp_refill(m: Machine, cpu: int, order: int, pfn: int, who: int) -> None:
    pcp = m.zone.pcp[cpu]
    pcp.lists[order].append(pfn)
    pcp.count += 1 << order
    m.zone.mark(pfn, order, FRAME_PCP)
    m.cpus[cpu].hand.block = None


@applies(Kind.PCP_ALLOC)
def pcp_alloc(m: Machine, cpu: int, order: int, pfn: int, who: int) -> None:
    pcp = m.zone.pcp[cpu]
    pcp.lists[order].pop(0)
    pcp.count -= 1 << order
    pcp.free_factor >>= 1
    m.zone.mark(pfn, order, FRAME_HAND)
    m.cpus[cpu].hand.block = (pfn, order)


@applies(Kind.PCP_FREE)
def pcp_free(m: Machine, cpu: int, order: int, pfn: int, who: int) -> None:
    pcp = m.zone.pcp[cpu]
    pcp.lists[order].insert(0, pfn)
    pcp.count += 1 << order
    m.zone.mark(pfn, order, FRAME_PCP)
    m.cpus[cpu].hand.block = None


@applies(Kind.PCP_DRAIN)
def pcp_drain(m: Machine, cpu: int, order: int, pfn: int, factor: int) -> None:
    """``who`` carries the free_factor that holds from here on: the first block of a drain may raise it."""
    pcp = m.zone.pcp[cpu]
    pcp.lists[order].pop()
    pcp.count -= 1 << order
    pcp.free_factor = factor
    m.zone.mark(pfn, order, FRAME_HAND)
    m.cpus[cpu].hand.block = (pfn, order)


@applies(Kind.PAGE_ALLOC)
def page_alloc(m: Machine, cpu: int, order: int, pfn: int, page_class: int) -> None:
    m.zone.others[pfn] = (order, page_class)
    m.zone.mark(pfn, order, FRAME_OTHER + page_class)
    m.cpus[cpu].hand.block = None


@applies(Kind.PAGE_FREE)
def page_free(m: Machine, cpu: int, order: int, pfn: int, who: int) -> None:
    del m.zone.others[pfn]
    m.zone.mark(pfn, order, FRAME_HAND)
    m.cpus[cpu].hand.block = (pfn, order)


def _block(m: Machine, cpu: int) -> Block:
    block = m.cpus[cpu].hand.block
    assert block is not None
    return block


def _put(m: Machine, block: Block) -> None:
    pfn, order = block
    m.zone.free[order][pfn] = None
    m.zone.nr_free += 1 << order
    m.zone.mark(pfn, order, FRAME_FREE)
