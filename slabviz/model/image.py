"""A machine as plain values: to compare two machines, and to make one again.

Slabs are imaged one by one, so that images taken one after another share what has not changed; the rest is small and
taken whole. Which slabs have changed is read from the log (every event that changes a slab names it).
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from slabviz.model.cpu import Call, Context, ContextKind, Cpu, Hand
from slabviz.model.kmem_cache import CacheState, KmemCache
from slabviz.model.lock import Lock
from slabviz.model.machine import Machine, MachineConfig
from slabviz.model.migrate import PCP_TYPES
from slabviz.model.slab import Slab, SlabImage
from slabviz.model.zone import FRAME_HAND, FRAME_OTHER, FRAME_PCP, Block, Zone, frame_of_cache

Ids = tuple[int, ...]
NONE = -1
"""In an image: no slab."""

HandImage = tuple[int, int, int, int, int, Ids, Ids, "Block | None"]
ContextImage = tuple[int, int, int, "Call | None", HandImage]
LockImage = tuple[int, Ids]
CacheImage = tuple[int, int, int, int, tuple[tuple[int, int, int, Ids], ...], Ids, Ids, int, int, LockImage]
ListsImage = tuple[tuple[Ids, ...], ...]
ZoneImage = tuple[
    ListsImage, tuple[tuple[tuple[Ids, ...], int, int], ...], "array[int]", bytes, tuple[int, int, bool], LockImage
]


@dataclass(slots=True, frozen=True)
class MachineImage:
    """Everything that can change in a machine; equal images, equal machines."""

    slabs: Mapping[int, SlabImage]
    caches: tuple[CacheImage, ...]
    cpus: tuple[tuple[tuple[ContextImage, ...], Ids, bool], ...]
    parked: tuple[ContextImage, ...]
    zones: tuple[ZoneImage, ...]
    rcu_slabs: Ids
    next_slab: int
    large: tuple[tuple[int, tuple[int, int]], ...] = ()
    contents: tuple[tuple[int, bytes], ...] = ()
    locks: tuple[LockImage, ...] = ()


def image_of(m: Machine, previous: MachineImage | None = None, changed: Iterable[int] = ()) -> MachineImage:
    """The image of a machine; with a ``previous`` one, only the slabs in ``changed`` are looked at again."""
    if previous is None:
        slabs = {id: slab.image() for id, slab in m.slabs.items()}
    else:
        slabs = dict(previous.slabs)
        for id in changed:
            slab = m.slabs.get(id)
            if slab is None:
                slabs.pop(id, None)
            else:
                slabs[id] = slab.image()
    return MachineImage(
        slabs,
        tuple(map(_of_cache, m.caches)),
        tuple((tuple(map(_of_context, cpu.stack)), tuple(cpu.pending), cpu.online) for cpu in m.cpus),
        tuple(_of_context(m.parked[actor]) for actor in sorted(m.parked)),
        tuple(map(_of_zone, m.zones)),
        tuple(m.rcu_slabs),
        m.next_slab,
        tuple(sorted(m.large.items())),
        tuple((pfn, bytes(m.contents[pfn])) for pfn in sorted(m.contents)),
        tuple(map(_of_lock, m.named_locks)),
    )


def machine_of(config: MachineConfig, image: MachineImage) -> Machine:
    """A machine as it was when the image was taken."""
    m = Machine.boot(config)
    for id, values in image.slabs.items():
        _restore_slab(m, id, values)
    for cache, cache_image in zip(m.caches, image.caches, strict=True):
        _restore_cache(m, cache, cache_image)
    m.cpus = [_cpu(m, number, *values) for number, values in enumerate(image.cpus)]
    m.parked = {actor: _context(m, values) for values in image.parked for actor in (values[1],)}
    m.rcu_slabs = {id: m.slabs[id] for id in image.rcu_slabs}
    m.next_slab = image.next_slab
    m.large = dict(image.large)
    m.contents = {pfn: bytearray(page) for pfn, page in image.contents}
    for lock, held in zip(m.named_locks, image.locks, strict=True):
        _restore_lock(lock, held)
    for zone, zone_image in zip(m.zones, image.zones, strict=True):
        _restore_zone(zone, zone_image)
    _mark_frames(m)
    return m


def _ids(slabs: Iterable[Slab]) -> Ids:
    return tuple(slab.id for slab in slabs)


def _id(slab: Slab | None) -> int:
    return NONE if slab is None else slab.id


def _of_lock(lock: Lock) -> LockImage:
    return lock.holder, tuple(lock.waiters)


def _of_cache(cache: KmemCache) -> CacheImage:
    cpus = tuple((c.tid, c.freelist, _id(c.slab), _ids(c.partial)) for c in cache.cpu_slab)
    node = cache.node
    return (
        int(cache.state), cache.min_partial, cache.cpu_partial, cache.cpu_partial_slabs, cpus, tuple(node.partial),
        tuple(node.full),
        node.nr_slabs, node.total_objects, _of_lock(node.list_lock),
    )  # fmt: skip


def _of_context(context: Context) -> ContextImage:
    hand = context.hand
    return (
        int(context.kind), context.actor, context.irq_depth, context.call,
        (_id(hand.slab), hand.chain, _id(hand.of), _id(hand.old), hand.old_chain, _ids(hand.stack), _ids(hand.discards),
         hand.block),
    )  # fmt: skip


def _of_zone(zone: Zone) -> ZoneImage:
    sets = tuple((tuple(tuple(pfns) for pfns in pcp.lists), pcp.count, pcp.free_factor) for pcp in zone.pcp)
    others = array("i")
    for pfn in sorted(zone.others):
        others.extend((pfn, *zone.others[pfn]))
    lists = tuple(tuple(map(tuple, orders)) for orders in zone.lists)
    state = (zone.boost, zone.highatomic, zone.reclaim_active)
    return lists, sets, others, bytes(zone.pageblocks), state, _of_lock(zone.lock)


def _restore_slab(m: Machine, id: int, values: SlabImage) -> None:
    cache, pfn, order, objects, freelist, inuse, frozen, slabs, links, owners, memory = values
    slab = Slab(
        id, m.caches[cache], m.page_address(pfn), pfn, order, objects, freelist, inuse, frozen, slabs, dict(links),
        dict(owners), None if memory is None else bytearray(memory),
    )  # fmt: skip
    m.slabs[id] = slab
    for page in range(pfn, pfn + (1 << order)):
        m.slab_of_page[page] = slab


def _restore_lock(lock: Lock, image: LockImage) -> None:
    lock.holder, waiters = image
    lock.waiters = list(waiters)


def _restore_cache(m: Machine, cache: KmemCache, image: CacheImage) -> None:
    state, cache.min_partial, cache.cpu_partial, cache.cpu_partial_slabs, cpus, partial, full, nr_slabs, total, lock = (
        image
    )
    cache.state = CacheState(state)
    for c, (tid, freelist, slab, stack) in zip(cache.cpu_slab, cpus, strict=True):
        c.tid, c.freelist, c.slab = tid, freelist, m.slabs.get(slab)
        c.partial = [m.slabs[id] for id in stack]
    node = cache.node
    node.partial = OrderedDict((id, m.slabs[id]) for id in partial)
    node.full = OrderedDict((id, m.slabs[id]) for id in full)
    node.nr_slabs, node.total_objects = nr_slabs, total
    _restore_lock(node.list_lock, lock)


def _context(m: Machine, image: ContextImage) -> Context:
    kind, actor, irq_depth, call, (slab, chain, of, old, old_chain, stack, discards, block) = image
    hand = Hand(
        m.slabs.get(slab), chain, m.slabs.get(of), m.slabs.get(old), old_chain,
        [m.slabs[id] for id in stack], [m.slabs[id] for id in discards], block,
    )  # fmt: skip
    return Context(ContextKind(kind), actor, irq_depth, call, hand)


def _cpu(m: Machine, number: int, stack: tuple[ContextImage, ...], pending: Ids, online: bool) -> Cpu:
    contexts = [_context(m, values) for values in stack]
    return Cpu(number, contexts, contexts[-1].hand, list(pending), online)


def _restore_zone(zone: Zone, image: ZoneImage) -> None:
    lists, sets, others, pageblocks, state, lock = image
    zone.lists = [[OrderedDict.fromkeys(pfns) for pfns in orders] for orders in lists]
    orders = range(len(zone.free))
    zone.free = [{pfn: kind for kind, by_order in enumerate(lists) for pfn in by_order[order]} for order in orders]
    zone.nr_free = sum(len(blocks) << order for order, blocks in enumerate(zone.free))
    for pcp, (own, pages, factor) in zip(zone.pcp, sets, strict=True):
        pcp.lists = [list(pfns) for pfns in own]
        pcp.count, pcp.free_factor = pages, factor
    flat = iter(others)
    zone.others = {pfn: (order, owner) for pfn, order, owner in zip(flat, flat, flat, strict=True)}
    zone.pageblocks = bytearray(pageblocks)
    zone.boost, zone.highatomic, zone.reclaim_active = state
    _restore_lock(zone.lock, lock)


def _mark_frames(m: Machine) -> None:
    """Who has each page frame is not kept in an image: everything else says it."""
    for zone in m.zones:
        zone.frames = bytearray(zone.managed)
        for pcp in zone.pcp:
            for number, pfns in enumerate(pcp.lists):
                for pfn in pfns:
                    zone.mark(pfn, number // PCP_TYPES, FRAME_PCP)
        for pfn, (order, owner) in zone.others.items():
            zone.mark(pfn, order, FRAME_OTHER + owner)
    for slab in m.slabs.values():
        m.zone_of(slab.pfn).mark(slab.pfn, slab.order, frame_of_cache(slab.cache.id))
    for context in m.contexts():
        if context.hand.block is not None:
            m.zone_of(context.hand.block[0]).mark(*context.hand.block, FRAME_HAND)
