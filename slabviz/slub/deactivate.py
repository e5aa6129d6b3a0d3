"""Slabs leaving a CPU: deactivate_slab, the partial stack and its drain, discard (mm/slub.c of 6.1 and 6.12).

What leaves is in the path's hand meanwhile. The node's list is changed under list_lock; a slab whose freelist is
about to be published is compared again once the lock is held, since others may free into it until then.
"""

from __future__ import annotations

from slabviz.model.events import Kind
from slabviz.model.fault import Fault
from slabviz.model.flags import SlabFlags
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.slab import NULL, Slab
from slabviz.slub.locking import local_irq_restore, local_irq_save, spin_lock_irqsave, spin_unlock_irqrestore
from slabviz.slub.oops import hangs, oops
from slabviz.slub.page_alloc import free_pages
from slabviz.slub.world import Path, World


def deactivate_slab(w: World, cpu: int, s: KmemCache) -> Path[None]:
    """Merge the old chain in hand back into the old slab and let it go: head, tail, full or discarded."""
    hand = w.machine.cpus[cpu].hand
    slab = hand.old
    assert slab is not None
    to_tail = slab.freelist != NULL  # others freed into it
    if slab.memory is not None:
        yield from follow(cpu, slab, hand.old_chain)
    if w.machine.era.parked_are_frozen:
        yield from _unfreeze_under_lock(w, cpu, s, slab, to_tail)
    else:
        yield from _unfreeze_first(w, cpu, s, slab, to_tail)
    yield from discard_slabs(w, cpu, s)


def _unfreeze_first(w: World, cpu: int, s: KmemCache, slab: Slab, to_tail: bool) -> Path[None]:
    """Since 6.8: the slab is unfrozen before list_lock is taken, so until it is on the list it is on none."""
    hand = w.machine.cpus[cpu].hand
    inuse = slab.inuse - slab.length(hand.old_chain)
    if inuse == 0 and s.node.nr_partial >= s.min_partial:
        yield (Kind.DEACTIVATE_EMPTY, cpu, slab.id, 0, 0)
    elif inuse == slab.objects:
        yield (Kind.DEACTIVATE_FULL, cpu, slab.id, 0, 0)
    else:
        yield (Kind.UNFREEZE_SLAB, cpu, slab.id, 0, 0)
        if w.detail:
            yield from spin_lock_irqsave(cpu, s.node.list_lock)
        yield (Kind.DEACTIVATE_TO_TAIL if to_tail else Kind.DEACTIVATE_TO_HEAD, cpu, slab.id, 0, 0)
        if w.detail:
            yield from spin_unlock_irqrestore(cpu, s.node.list_lock)


def _unfreeze_under_lock(w: World, cpu: int, s: KmemCache, slab: Slab, to_tail: bool) -> Path[None]:
    """Up to 6.7: the slab is unfrozen with list_lock held, unless it has changed since it was looked at."""
    mine = slab.length(w.machine.cpus[cpu].hand.old_chain)
    while True:
        seen = (slab.freelist, slab.inuse)
        if slab.inuse == mine and s.node.nr_partial >= s.min_partial:
            yield (Kind.DEACTIVATE_EMPTY, cpu, slab.id, 0, 0)
            break
        if not mine and slab.freelist == NULL:
            yield (Kind.DEACTIVATE_FULL, cpu, slab.id, 0, 0)
            break
        if w.detail:
            yield from spin_lock_irqsave(cpu, s.node.list_lock)
        changed = (slab.freelist, slab.inuse) != seen
        if changed:
            yield (Kind.CMPXCHG_DOUBLE_FAIL, cpu, slab.id, 0, 0)
        else:
            yield (Kind.DEACTIVATE_TO_TAIL if to_tail else Kind.DEACTIVATE_TO_HEAD, cpu, slab.id, 0, 0)
        if w.detail:
            yield from spin_unlock_irqrestore(cpu, s.node.list_lock)
        if not changed:
            break


def follow(cpu: int, slab: Slab, head: int) -> Path[None]:
    """Walk a chain to its end, as the kernel does: a wild pointer on it is a fault, and a circle has no end."""
    *_, last = [NULL, *slab.walk(head)]
    after = head if last == NULL else slab.links.get(last, NULL)
    if slab.is_wild(after):
        yield from oops(cpu, slab, last, Fault.DEACTIVATE)
    if slab.length(head) > slab.objects:
        yield from hangs(cpu, slab)


def put_cpu_partial(w: World, cpu: int, s: KmemCache, slab: Slab) -> Path[None]:
    """Park the slab in hand on this CPU; a full stack leaves for the node as a whole first."""
    c = s.cpu_slab[cpu]
    if w.detail:
        yield from local_irq_save(cpu)
    drained = bool(c.partial) and c.partial_slabs >= s.cpu_partial_slabs
    if drained:
        yield (Kind.CPU_PARTIAL_DRAIN, cpu, s.id, 0, 0)
    yield (Kind.PUT_CPU_PARTIAL, cpu, slab.id, 0, 0)
    if w.detail:
        yield from local_irq_restore(cpu)
    if drained:
        yield from unfreeze_partials(w, cpu, s)


def unfreeze_partials(w: World, cpu: int, s: KmemCache) -> Path[None]:
    """The stack in hand goes to the tail of the node's list, newest first; empty ones go back once the node has
    enough (since 6.8 ``__put_partials``: they were not frozen)."""
    node, stack = s.node, w.machine.cpus[cpu].hand.stack
    if w.detail:
        yield from spin_lock_irqsave(cpu, node.list_lock)
    while stack:
        slab = stack[-1]
        surplus = slab.inuse == 0 and node.nr_partial >= s.min_partial
        yield (Kind.UNFREEZE_EMPTY if surplus else Kind.UNFREEZE_PARTIAL, cpu, slab.id, 0, 0)
    if w.detail:
        yield from spin_unlock_irqrestore(cpu, node.list_lock)
    yield from discard_slabs(w, cpu, s)


def discard_slabs(w: World, cpu: int, s: KmemCache) -> Path[None]:
    """The discards in hand become pages again, at once or after a grace period (``discard_slab``, ``free_slab``)."""
    discards = w.machine.cpus[cpu].hand.discards
    while discards:
        slab = discards[0]
        if s.flags & SlabFlags.TYPESAFE_BY_RCU:
            yield (Kind.DISCARD_SLAB_RCU, cpu, slab.id, 0, 0)
        else:
            yield (Kind.DISCARD_SLAB, cpu, slab.id, 0, 0)
            yield from free_pages(w, cpu)


def rcu_free_slab(w: World, cpu: int, slab: Slab) -> Path[None]:
    """After the grace period: the pages of a TYPESAFE_BY_RCU slab go back."""
    yield (Kind.RCU_FREE_SLAB, cpu, slab.id, 0, 0)
    yield from free_pages(w, cpu)


def flush_cpu_slab(w: World, cpu: int, s: KmemCache) -> Path[None]:
    """All that this CPU keeps of the cache goes to the node: the cpu slab first, then the stack."""
    yield from flush_slab(w, cpu, s)
    yield from flush_cpu_partial(w, cpu, s)


def flush_slab(w: World, cpu: int, s: KmemCache) -> Path[None]:
    """The cpu slab and the CPU's freelist go to the node."""
    c = s.cpu_slab[cpu]
    if c.slab is None:
        return
    if w.detail:
        yield from local_irq_save(cpu)
    if c.slab is not None:
        yield (Kind.CPUSLAB_FLUSH, cpu, c.slab.id, 0, 0)
    if w.detail:
        yield from local_irq_restore(cpu)
    if w.machine.cpus[cpu].hand.old is not None:
        yield from deactivate_slab(w, cpu, s)


def flush_cpu_partial(w: World, cpu: int, s: KmemCache) -> Path[None]:
    """``unfreeze_partials``: this CPU's stack goes to the node."""
    c = s.cpu_slab[cpu]
    if not c.partial:
        return
    if w.detail:
        yield from local_irq_save(cpu)
    if c.partial:
        yield (Kind.CPU_PARTIAL_FLUSH, cpu, s.id, 0, 0)
    if w.detail:
        yield from local_irq_restore(cpu)
    if w.machine.cpus[cpu].hand.stack:
        yield from unfreeze_partials(w, cpu, s)
