"""kmem_cache_alloc: the fast path, and where memory is looked for when it fails (mm/slub.c of 6.1 and 6.12).

Search order: CPU freelist, cpu slab's own freelist, CPU partial stack, node's partial list, page allocator. A CPU's
record is changed by compare-and-exchange of (freelist, tid), or with interrupts off; the node's list under list_lock.
"""

from __future__ import annotations

from itertools import islice

from slabviz.model.events import Event, Kind
from slabviz.model.fault import Fault
from slabviz.model.gfp import Gfp
from slabviz.model.kmem_cache import KmemCache, KmemCacheCpu
from slabviz.model.slab import NULL, Slab
from slabviz.slub.deactivate import deactivate_slab
from slabviz.slub.debug import alloc_from_new, alloc_from_partial
from slabviz.slub.locking import local_irq_restore, local_irq_save, spin_lock_irqsave, spin_unlock_irqrestore
from slabviz.slub.oops import oops
from slabviz.slub.page_alloc import alloc_pages
from slabviz.slub.world import NULL_POINTER, Path, World

# What the fast path says, looked up once: up to Python 3.11 an enum's member takes longer to find than to yield.
ALLOC_ENTER, ALLOC_FASTPATH = Kind.ALLOC_ENTER, Kind.ALLOC_FASTPATH

ZERO = Gfp.ZERO
RECLAIM = Gfp.DIRECT_RECLAIM | Gfp.KSWAPD_RECLAIM

SLAB_GFP_MASK = RECLAIM | int(
    Gfp.HIGH | Gfp.IO | Gfp.FS | Gfp.NOWARN | Gfp.RETRY_MAYFAIL | Gfp.NOFAIL | Gfp.NORETRY | Gfp.MEMALLOC
    | Gfp.NOMEMALLOC | Gfp.ATOMIC | Gfp.HARDWALL | Gfp.THISNODE
)  # fmt: skip
"""What of the caller's flags reaches the page allocator (``GFP_RECLAIM_MASK``, ``GFP_CONSTRAINT_MASK``): a cache's zone
and migrate type are its own, and zeroing is done object by object."""


def alloc_in_one_step(c: KmemCacheCpu, cpu: int, owner: int) -> Event | None:
    """The fast path's exchange, or None when the CPU's freelist has nothing to give."""
    slab = c.slab
    if slab is None or c.freelist == NULL or (slab.memory is not None and slab.is_wild(c.freelist)):
        return None
    return (ALLOC_FASTPATH, cpu, slab.id, c.freelist, owner)


def kmem_cache_alloc(w: World, cpu: int, s: KmemCache, gfp: int, owner: int, orig_size: int = 0) -> Path[int]:
    """Allocate one object for ``owner``; its address, or NULL_POINTER (``slab_alloc_node``).

    ``orig_size`` is what kmalloc was asked for, in bytes (0: the whole object); kmalloc caches with STORE_USER keep it.
    """
    c = s.cpu_slab[cpu]
    tid, event = c.tid, alloc_in_one_step(c, cpu, owner)
    yield (ALLOC_ENTER, cpu, s.id, gfp, owner)
    while event is not None:
        if c.tid == tid:
            yield event
            if gfp & ZERO:
                yield from zero(cpu, w.machine.slabs[event[2]], event[3])
            return w.machine.slabs[event[2]].address + event[3]
        tid, event = c.tid, alloc_in_one_step(c, cpu, owner)
        yield (Kind.CMPXCHG_DOUBLE_CPU_FAIL, cpu, s.id, 0, owner)
    if c.slab is not None and c.slab.is_wild(c.freelist):
        yield from oops(cpu, c.slab, NULL, Fault.FAST_ALLOC)
    address = yield from slab_alloc(w, cpu, s, gfp, owner, orig_size)
    place = w.machine.virt_to_slab(address) if gfp & ZERO else None
    if place is not None:
        yield from zero(cpu, *place)
    return address


def zero(cpu: int, slab: Slab, obj: int) -> Path[None]:
    """__GFP_ZERO, where init_on_alloc has not zeroed the object anyway and somebody can look."""
    if slab.memory is not None and not slab.cache.init_on_alloc:
        yield (Kind.ZERO_OBJECT, cpu, slab.id, obj, slab.owners.get(obj, 0))


def slab_alloc(w: World, cpu: int, s: KmemCache, gfp: int, owner: int, orig_size: int = 0) -> Path[int]:
    """The slow path (``___slab_alloc``)."""
    c = s.cpu_slab[cpu]
    if w.detail:
        yield (Kind.ALLOC_SLOWPATH, cpu, s.id, 0, owner)
    if s.debug:
        return (yield from _debug_alloc(w, cpu, s, gfp, owner, orig_size))
    while True:
        if c.slab is not None:
            address = yield from _from_cpu_slab(w, cpu, s, owner)
        elif c.partial:
            address = yield from _from_cpu_partial(w, cpu, s, owner)
        else:
            break
        if address is not None:
            return address
    if not (yield from get_partial(w, cpu, s)) and not (yield from new_slab(w, cpu, s, gfp)):
        yield (Kind.ALLOC_FAILED, cpu, s.id, 0, owner)
        return NULL_POINTER
    return (yield from install(w, cpu, s, owner))


def _debug_alloc(w: World, cpu: int, s: KmemCache, gfp: int, owner: int, orig_size: int) -> Path[int]:
    """One object from the first slab of the node's list that passes its checks, else from a new slab."""
    address = yield from alloc_from_partial(w, cpu, s, owner, orig_size)
    if address == NULL_POINTER:
        made = yield from allocate_slab(w, cpu, s, gfp)
        if made is None:
            yield (Kind.ALLOC_FAILED, cpu, s.id, 0, owner)
            return NULL_POINTER
        address = yield from alloc_from_new(w, cpu, made, owner, orig_size)
    return address


def _from_cpu_slab(w: World, cpu: int, s: KmemCache, owner: int) -> Path[int | None]:
    """What the cpu slab can still give; None when it was let go, or taken away before interrupts were off."""
    c = s.cpu_slab[cpu]
    if w.detail:
        yield from local_irq_save(cpu)
    address: int | None = None
    if c.slab is not None:  # else an interrupt has flushed it
        if c.freelist == NULL and c.slab.freelist == NULL:
            yield (Kind.DEACTIVATE_BYPASS, cpu, c.slab.id, 0, 0)
        else:
            if c.freelist == NULL:  # else an interrupt has refilled it
                yield (Kind.ALLOC_REFILL, cpu, c.slab.id, 0, 0)
            address = yield from _load_freelist(w, cpu, c, owner)
    if w.detail:
        yield from local_irq_restore(cpu)
    return address


def _load_freelist(w: World, cpu: int, c: KmemCacheCpu, owner: int) -> Path[int]:
    """The first object to its owner, the rest becomes the CPU's freelist; interrupts are off."""
    chain = w.machine.cpus[cpu].hand.chain
    first = c.freelist if chain == NULL else chain
    slab = c.slab
    assert slab is not None
    if slab.is_wild(first):
        yield from oops(cpu, slab, NULL, Fault.LOAD_FREELIST)
    yield (Kind.LOAD_FREELIST, cpu, slab.id, first, owner)
    return w.machine.address(slab, first)


def _from_cpu_partial(w: World, cpu: int, s: KmemCache, owner: int) -> Path[int | None]:
    """The newest parked slab becomes the cpu slab, unless an interrupt was faster; None: look again.

    Since 6.8 it is frozen now, and its first object handed out, before interrupts are on again.
    """
    c = s.cpu_slab[cpu]
    if w.detail:
        yield from local_irq_save(cpu)
    address: int | None = None
    if c.slab is None and c.partial:
        slab = c.partial[-1]
        yield (Kind.CPU_PARTIAL_ALLOC, cpu, slab.id, 0, 0)
        if not w.machine.era.parked_are_frozen:
            yield (Kind.FREEZE_SLAB, cpu, slab.id, 0, 0)
            address = yield from _load_freelist(w, cpu, c, owner)
    if w.detail:
        yield from local_irq_restore(cpu)
    return address


def get_partial(w: World, cpu: int, s: KmemCache) -> Path[bool]:
    """A slab with its chain in hand from the node's partial list, and some more for the CPU's stack
    (``get_partial_node``).

    An empty list is seen without the lock. Since 6.8 the slab is only unlinked under it, and frozen afterwards.
    """
    node, era = s.node, w.machine.era
    seen = node.nr_partial
    if w.detail:
        yield (Kind.ALLOC_NODE, cpu, s.id, seen, 0)
    if not seen:
        return False
    if w.detail:
        yield from spin_lock_irqsave(cpu, node.list_lock)
    taken = list(islice(node.partial.values(), 1 + era.extra_slabs(s.cpu_partial_slabs)))
    for slab in taken:
        kind = Kind.ALLOC_FROM_PARTIAL if slab is taken[0] else Kind.CPU_PARTIAL_NODE
        yield (kind, cpu, slab.id, 0, 0)
    if w.detail:
        yield from spin_unlock_irqrestore(cpu, node.list_lock)
    if taken and not era.parked_are_frozen:
        yield (Kind.FREEZE_SLAB, cpu, taken[0].id, 0, 0)
    return bool(taken)


def slab_gfps(s: KmemCache, gfp: int) -> tuple[int, int]:
    """(for the normal order, for the smallest): the first is tried without much effort, the second as the caller may
    (``allocate_slab``)."""
    flags = gfp & SLAB_GFP_MASK | s.geometry.allocflags
    gentle = flags & ~Gfp.NOFAIL | Gfp.NOWARN | Gfp.NORETRY
    if gentle & Gfp.DIRECT_RECLAIM and s.geometry.oo_order > s.geometry.min_order:
        gentle = gentle & ~RECLAIM | Gfp.NOMEMALLOC
    return gentle, flags


def new_slab(w: World, cpu: int, s: KmemCache, gfp: int) -> Path[bool]:
    """A new slab, counted, frozen, its chain in hand; False when there is no memory."""
    made = yield from allocate_slab(w, cpu, s, gfp)
    if made is None:
        return False
    yield (Kind.ALLOC_SLAB, cpu, made.id, 0, 0)
    return True


def allocate_slab(w: World, cpu: int, s: KmemCache, gfp: int) -> Path[Slab | None]:
    """Pages for a new slab in hand, its objects chained; None when there is no memory.

    The normal order is tried without much effort, the smallest one as the caller may. It may sleep.
    """
    oo, smallest = s.geometry.oo_order, s.geometry.min_order
    gentle, flags = slab_gfps(s, gfp)
    if not (yield from alloc_pages(w, cpu, oo, gentle)):
        if not (yield from alloc_pages(w, cpu, smallest, flags)):
            return None
        yield (Kind.ORDER_FALLBACK, cpu, s.id, smallest, 0)
    slab = w.machine.next_slab
    yield (Kind.SLAB_PAGES, cpu, slab, s.id, 0)
    made = w.machine.slabs[slab]
    yield (Kind.SHUFFLE, cpu, made.id, w.first_object(s) if s.random_seq and made.objects > 1 else -1, 0)
    return made


def install(w: World, cpu: int, s: KmemCache, owner: int) -> Path[int]:
    """The slab in hand becomes the cpu slab; one that an interrupt installed meanwhile is flushed
    (``retry_load_slab``)."""
    c = s.cpu_slab[cpu]
    if w.detail:
        yield from local_irq_save(cpu)
    while c.slab is not None:
        yield (Kind.CPUSLAB_FLUSH, cpu, c.slab.id, 0, 0)
        if w.detail:
            yield from local_irq_restore(cpu)
        yield from deactivate_slab(w, cpu, s)
        if w.detail:
            yield from local_irq_save(cpu)
    slab = w.machine.cpus[cpu].hand.slab
    assert slab is not None
    yield (Kind.INSTALL_SLAB, cpu, slab.id, 0, 0)
    address = yield from _load_freelist(w, cpu, c, owner)
    if w.detail:
        yield from local_irq_restore(cpu)
    return address
