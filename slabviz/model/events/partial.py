"""Slabs moving between the node's partial list, the CPUs' partial stacks and a path's hands."""

from __future__ import annotations

from slabviz.model.events.kinds import Kind
from slabviz.model.events.slab import take_all
from slabviz.model.events.table import applies
from slabviz.model.machine import Machine
from slabviz.model.memory import set_freepointer
from slabviz.model.slab import NULL, Slab


@applies(Kind.CPU_PARTIAL_ALLOC)
def cpu_partial_alloc(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    c = m.slabs[slab].cache.cpu_slab[cpu]
    c.slab = c.partial.pop()


@applies(Kind.ALLOC_FROM_PARTIAL)
def alloc_from_partial(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    s = m.slabs[slab]
    del s.cache.node.partial[slab]
    hand = m.cpus[cpu].hand
    hand.slab = hand.of = s
    if m.era.parked_are_frozen:
        take_all(s, hand)


@applies(Kind.CPU_PARTIAL_NODE)
def cpu_partial_node(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    s = m.slabs[slab]
    del s.cache.node.partial[slab]
    s.frozen = m.era.parked_are_frozen
    _push(m, cpu, s)


@applies(Kind.PUT_CPU_PARTIAL)
def put_cpu_partial(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    _push(m, cpu, m.slabs[slab])
    hand = m.cpus[cpu].hand
    hand.slab = hand.of = None


def _push(m: Machine, cpu: int, s: Slab) -> None:
    c = s.cache.cpu_slab[cpu]
    s.slabs = c.partial_slabs + 1
    c.partial.append(s)


@applies(Kind.CPU_PARTIAL_DRAIN, Kind.CPU_PARTIAL_FLUSH)
def detach_stack(m: Machine, cpu: int, cache: int, arg: int, who: int) -> None:
    c = m.caches[cache].cpu_slab[cpu]
    m.cpus[cpu].hand.stack = c.partial
    c.partial = []


@applies(Kind.UNFREEZE_PARTIAL)
def unfreeze_partial(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    s = m.cpus[cpu].hand.stack.pop()
    s.frozen = False
    s.cache.node.partial[slab] = s


@applies(Kind.UNFREEZE_EMPTY)
def unfreeze_empty(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    hand = m.cpus[cpu].hand
    s = hand.stack.pop()
    s.frozen = False
    hand.discards.insert(0, s)


@applies(Kind.DEACTIVATE_TO_HEAD)
def deactivate_to_head(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    s = _let_go(m, cpu)
    s.cache.node.add_partial_head(s)


@applies(Kind.DEACTIVATE_TO_TAIL)
def deactivate_to_tail(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    s = _let_go(m, cpu)
    s.cache.node.partial[slab] = s


@applies(Kind.DEACTIVATE_FULL)
def deactivate_full(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    _let_go(m, cpu)


@applies(Kind.DEACTIVATE_EMPTY)
def deactivate_empty(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    s = _let_go(m, cpu)
    m.cpus[cpu].hand.discards.append(s)


@applies(Kind.UNFREEZE_SLAB)
def unfreeze_slab(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    s = m.slabs[slab]
    hand = m.cpus[cpu].hand
    members = list(s.walk(hand.old_chain))
    if members:
        set_freepointer(s, members[-1], s.freelist)
        s.freelist = members[0]
        s.inuse -= len(members)
    s.frozen = False
    hand.old_chain = NULL


def _let_go(m: Machine, cpu: int) -> Slab:
    """The old slab leaves the hand, unfrozen (up to 6.7 only now)."""
    hand = m.cpus[cpu].hand
    s = hand.old
    assert s is not None
    unfreeze_slab(m, cpu, s.id, 0, 0)
    hand.old = None
    return s


@applies(Kind.FREE_REMOVE_PARTIAL)
def free_remove_partial(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    s = m.slabs[slab]
    del s.cache.node.partial[slab]
    m.cpus[cpu].hand.discards.append(s)


@applies(Kind.SHRINK_EMPTY)
def shrink_empty(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    s = m.slabs[slab]
    del s.cache.node.partial[slab]
    m.cpus[cpu].hand.discards.insert(0, s)


@applies(Kind.SHRINK_SORT)
def shrink_sort(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    m.slabs[slab].cache.node.partial.move_to_end(slab, last=False)
