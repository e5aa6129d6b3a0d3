"""Slabs being made, loaded into a CPU, let go and given back."""

from __future__ import annotations

from slabviz.model.cpu import Hand
from slabviz.model.events.kinds import Kind
from slabviz.model.events.table import applies
from slabviz.model.kmem_cache import TID_STEP
from slabviz.model.machine import Machine
from slabviz.model.poison import set_up
from slabviz.model.sizing import order_objects
from slabviz.model.slab import NULL, Slab
from slabviz.model.zone import FRAME_HAND, frame_of_cache


@applies(Kind.SLAB_PAGES)
def slab_pages(m: Machine, cpu: int, slab: int, cache: int, who: int) -> None:
    hand = m.cpus[cpu].hand
    assert hand.block is not None
    pfn, order = hand.block
    owner = m.caches[cache]
    made = Slab(slab, owner, m.page_address(pfn), pfn, order, order_objects(order, owner.size))
    m.slabs[slab] = made
    m.next_slab = slab + 1
    for page in range(pfn, pfn + (1 << order)):
        m.slab_of_page[page] = made
    m.forget(pfn, order)
    m.zone_of(pfn).mark(pfn, order, frame_of_cache(cache))
    hand.slab, hand.block = made, None


def first_chain(slab: Slab, start: int) -> list[int]:
    """Offsets of a new slab's objects in their first order (``shuffle_freelist``, ``allocate_slab``).

    From ``start`` on round the cache's permutation, leaving out what a smaller slab does not have; -1: by address.
    """
    if start < 0:
        return [slab.object_at(index) for index in range(slab.objects)]
    order = slab.cache.random_seq
    turned = order[start:] + order[:start]
    return [slab.object_at(index) for index in turned if index < slab.objects]


@applies(Kind.SHUFFLE)
def shuffle(m: Machine, cpu: int, slab: int, start: int, who: int) -> None:
    s = m.slabs[slab]
    s.freelist = s.chain(first_chain(s, start))
    if s.cache.looked:
        set_up(s)


def take_all(s: Slab, hand: Hand) -> None:
    """One atomic update: the whole freelist comes in hand, so all objects count as in use, and the slab is a CPU's."""
    hand.chain, hand.of = s.freelist, s
    s.freelist = NULL
    s.inuse = s.objects
    s.frozen = True


@applies(Kind.ALLOC_SLAB)
def alloc_slab(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    s = m.slabs[slab]
    node = s.cache.node
    node.nr_slabs += 1
    node.total_objects += s.objects
    take_all(s, m.cpus[cpu].hand)


@applies(Kind.INSTALL_SLAB)
def install_slab(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    s = m.slabs[slab]
    s.cache.cpu_slab[cpu].slab = s
    m.cpus[cpu].hand.slab = None


@applies(Kind.ALLOC_REFILL, Kind.FREEZE_SLAB)
def alloc_refill(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    s = m.slabs[slab]
    take_all(s, m.cpus[cpu].hand)


@applies(Kind.DEACTIVATE_BYPASS)
def deactivate_bypass(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    s = m.slabs[slab]
    s.frozen = False
    c = s.cache.cpu_slab[cpu]
    c.slab = None
    c.tid += TID_STEP


@applies(Kind.CPUSLAB_FLUSH)
def cpuslab_flush(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    s = m.slabs[slab]
    c = s.cache.cpu_slab[cpu]
    hand = m.cpus[cpu].hand
    hand.old, hand.old_chain = s, c.freelist
    c.slab, c.freelist = None, NULL
    c.tid += TID_STEP


@applies(Kind.DISCARD_SLAB)
def discard_slab(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    hand = m.cpus[cpu].hand
    s = hand.discards.pop(0)
    _uncount(s)
    _dissolve(m, cpu, s)


@applies(Kind.DISCARD_SLAB_RCU)
def discard_slab_rcu(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    s = m.cpus[cpu].hand.discards.pop(0)
    _uncount(s)
    m.rcu_slabs[slab] = s


@applies(Kind.RCU_FREE_SLAB)
def rcu_free_slab(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    _dissolve(m, cpu, m.rcu_slabs.pop(slab))


def _uncount(s: Slab) -> None:
    """``dec_slabs_node``: from now on the slab is not one of the cache's."""
    node = s.cache.node
    node.nr_slabs -= 1
    node.total_objects -= s.objects


def _dissolve(m: Machine, cpu: int, s: Slab) -> None:
    """``__free_slab``: what is left are pages, in hand."""
    del m.slabs[s.id]
    for page in range(s.pfn, s.pfn + (1 << s.order)):
        del m.slab_of_page[page]
    m.zone_of(s.pfn).mark(s.pfn, s.order, FRAME_HAND)
    m.cpus[cpu].hand.block = (s.pfn, s.order)
