"""A machine as it was when its state was recorded: caches, CPU slabs, lists, and the full slabs that are only counted.

What the recording says is taken over; what it does not say is filled in: full slabs lie wherever memory is free, all
other memory is free, nothing runs, and every object in use belongs to nobody in particular.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from slabviz.errors import RecordingError
from slabviz.model.cpu import Cpu
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import PAGE_OFFSET, CacheConfig, Machine, MachineConfig
from slabviz.model.sizing import (
    MAX_ORDER,
    PAGE_SHIFT,
    Geometry,
    allocflags,
    get_order,
    order_objects,
)
from slabviz.model.slab import NULL, Slab
from slabviz.model.zone import frame_of_cache
from slabviz.model.zones import make_zones
from slabviz.recordings.state_file import RecordedCache, RecordedSlab, read_state

MOST_PAGES = 1 << 26  #: 256 GiB: the model has a byte for each page frame
LARGEST_BLOCK = 1 << MAX_ORDER - 1
ROOM = 2  #: the machine has at least so many times the pages that its full slabs take
NOBODY = 0


def load_machine(path: Path) -> Machine:
    """The machine of a recorded state. Raises RecordingError for a file that contradicts itself."""
    recorded = read_state(path)
    config = _config(path, recorded)
    caches = [
        _cache(path, number, cache, config)
        for number, cache in enumerate(reversed(recorded))  # the oldest first
    ]
    cpus = [Cpu.idle(number) for number in range(config.cpus)]
    machine = Machine(config, caches, cpus, make_zones(config.memory, config.pages, config.first_pfn, config.cpus))
    for cache, told in zip(caches, reversed(recorded), strict=True):
        _Builder(path, machine, cache, told).build()
    _place_full_slabs(path, machine, list(zip(caches, reversed(recorded), strict=True)))
    _take_memory(machine)
    return machine


def _config(path: Path, recorded: Sequence[RecordedCache]) -> MachineConfig:
    """As many CPUs as the recording names, and memory from the first slab's block to the last one's and some more."""
    pfns = [_pfn(path, cache.name, slab) for cache in recorded for slab in cache.listed()]
    first = min(pfns, default=0) // LARGEST_BLOCK * LARGEST_BLOCK
    full = sum(cache["nr_slabs"] << cache["order"] for cache in recorded)
    pages = -(-(max(pfns, default=0) + 1 - first + ROOM * full) // LARGEST_BLOCK) * LARGEST_BLOCK + LARGEST_BLOCK
    if pages > MOST_PAGES:
        raise RecordingError(f"{path}: its slabs lie {pages} pages apart; at most {MOST_PAGES} are taken")
    cpus = 1 + max((cpu for cache in recorded for cpu in cache.cpus), default=0)
    made = tuple(CacheConfig(cache.name, cache["object_size"], 0, cache.flags) for cache in reversed(recorded))
    return MachineConfig(cpus, pages, made, first_pfn=first)


def _pfn(path: Path, name: str, slab: RecordedSlab) -> int:
    pfn = (slab.address - PAGE_OFFSET) >> PAGE_SHIFT
    if pfn < 0:
        raise RecordingError(
            f"{path}: {name}: slab {slab.address:x} lies below the direct map ({PAGE_OFFSET:x}); were addresses hashed?"
        )
    return pfn


def _cache(path: Path, number: int, told: RecordedCache, config: MachineConfig) -> KmemCache:
    """The cache with the geometry that was recorded; its ``align`` and ``inuse`` were not."""
    size, order, smallest = told["slab_size"], told["order"], get_order(told["slab_size"])
    if order_objects(order, size) != told["objs_per_slab"] or smallest > order:
        raise RecordingError(
            f"{path}: {told.name}: {told['objs_per_slab']} objects of {size} bytes do not make a slab of order {order}"
        )
    offset = told["freepointer_offset"]
    shape = Geometry(
        object_size=told["object_size"], size=size, align=0, inuse=max(offset, told["object_size"]), offset=offset,
        oo_order=order, oo_objects=told["objs_per_slab"], min_order=smallest, min_objects=order_objects(smallest, size),
        min_partial=told["min_partial"], cpu_partial=told["cpu_partial"], cpu_partial_slabs=told["cpu_partial_slabs"],
        allocflags=allocflags(told.flags, order), red_left_pad=0, flags=told.flags, ctor=False,
    )  # fmt: skip
    return KmemCache.create(number, told.name, shape, config.cpus, flags=told.flags)


class _Builder:
    """Puts one cache's slabs where they were."""

    def __init__(self, path: Path, machine: Machine, cache: KmemCache, told: RecordedCache) -> None:
        self.path, self.machine, self.cache, self.told = path, machine, cache, told

    def build(self) -> None:
        for number, cpu in self.told.cpus.items():
            c = self.cache.cpu_slab[number]
            if cpu.slab is not None:
                c.slab = self._slab(cpu.slab, frozen=True)
                c.freelist = self._chain(c.slab, cpu.slab.taken)
            for distance, parked in enumerate(reversed(cpu.partial), 1):
                slab = self._slab(parked, frozen=True)
                slab.slabs = distance
                c.partial.append(slab)
        partial = [self._slab(slab, frozen=False) for slab in self.told.node_partial]
        node = self.cache.node
        node.partial = OrderedDict((slab.id, slab) for slab in partial)
        node.nr_slabs, node.total_objects = self.told["nr_slabs"], self.told["total_objects"]

    def _slab(self, told: RecordedSlab, *, frozen: bool) -> Slab:
        shape = self.cache.geometry
        orders = {shape.min_objects: shape.min_order, shape.oo_objects: shape.oo_order}
        if told.objects not in orders:
            raise self._refuse(told, f"{told.objects} objects fit neither order {shape.oo_order} nor {shape.min_order}")
        pfn = (told.address - PAGE_OFFSET) >> PAGE_SHIFT
        order = orders[told.objects]
        if pfn % (1 << order) or any(page in self.machine.slab_of_page for page in range(pfn, pfn + (1 << order))):
            raise self._refuse(told, f"it is no block of order {order}, or some other slab lies there")
        slab = add_slab(self.machine, self.cache, pfn, order)
        slab.frozen, slab.inuse = frozen, told.inuse
        slab.freelist = self._chain(slab, told.free)
        held = set(range(slab.objects)).difference(told.free, told.taken)
        slab.owners = {slab.object_at(index): NOBODY for index in sorted(held)}
        # An object that is in use has a free pointer too, from the last time it was free; which one is not recorded.
        slab.links |= dict.fromkeys(slab.owners, NULL)
        return slab

    def _chain(self, slab: Slab, indexes: Iterable[int]) -> int:
        return slab.chain([slab.object_at(index) for index in indexes])

    def _refuse(self, slab: RecordedSlab, message: str) -> RecordingError:
        return RecordingError(f"{self.path}: {self.told.name}: slab {slab.address:x}: {message}")


def add_slab(machine: Machine, cache: KmemCache, pfn: int, order: int) -> Slab:
    """A slab of ``cache`` at a block that nobody has, with nothing in it yet."""
    slab = Slab(machine.next_slab, cache, machine.page_address(pfn), pfn, order, order_objects(order, cache.size))
    machine.slabs[slab.id] = slab
    machine.next_slab += 1
    for page in range(pfn, pfn + (1 << order)):
        machine.slab_of_page[page] = slab
    return slab


def _place_full_slabs(path: Path, machine: Machine, caches: Sequence[tuple[KmemCache, RecordedCache]]) -> None:
    """The slabs that are only counted: nobody knows where they lay, so they take free blocks from below, large ones
    first."""
    missing = [(order, cache) for cache, told in caches for order in _full_orders(path, cache, told)]
    missing.sort(key=lambda entry: -entry[0])
    first = machine.config.first_pfn
    for order, cache in missing:
        pfn = first = _free_block(machine, first, order)
        slab = add_slab(machine, cache, pfn, order)
        slab.inuse = slab.objects
        slab.owners = {slab.object_at(index): NOBODY for index in range(slab.objects)}
        slab.links = dict.fromkeys(slab.owners, NULL)


def _free_block(machine: Machine, pfn: int, order: int) -> int:
    taken, size = machine.slab_of_page, 1 << order
    pfn = -(-pfn // size) * size
    while any(page in taken for page in range(pfn, pfn + size)):
        pfn += size
    return pfn


def _full_orders(path: Path, cache: KmemCache, told: RecordedCache) -> list[int]:
    """The orders of the slabs that ``nr_slabs`` and ``total_objects`` count and no list names."""
    listed, shape = told.listed(), cache.geometry
    slabs = told["nr_slabs"] - len(listed)
    objects = told["total_objects"] - sum(slab.objects for slab in listed)
    smaller, rest = 0, slabs * shape.oo_objects - objects
    if rest and shape.oo_objects > shape.min_objects:
        smaller, rest = divmod(rest, shape.oo_objects - shape.min_objects)
    if rest or not 0 <= smaller <= max(slabs, 0) or slabs < 0:
        raise RecordingError(
            f"{path}: {told.name}: {slabs} slabs with {objects} objects are counted beyond the {len(listed)} on lists, "
            f"which {shape.oo_objects} or {shape.min_objects} objects a slab cannot make"
        )
    return [shape.min_order] * smaller + [shape.oo_order] * (slabs - smaller)


def _take_memory(machine: Machine) -> None:
    """Free blocks are what the slabs leave, as large as they can be; so no two free buddies stand side by side."""
    zone = machine.zone
    for order, blocks in enumerate(zone.free):
        for pfn in list(blocks):
            zone.unlink(pfn, order)
    for start, end in _gaps(machine):
        for pfn, order in _blocks(start, end):
            zone.put(pfn, order, zone.migrate_type(pfn), head=False)
    for slab in machine.slabs.values():
        zone.mark(slab.pfn, slab.order, frame_of_cache(slab.cache.id))


def _gaps(machine: Machine) -> Iterator[tuple[int, int]]:
    """(first, behind the last) pfn of what lies between slabs."""
    zone = machine.zone
    pfn = zone.first_pfn
    for slab in sorted(machine.slabs.values(), key=lambda slab: slab.pfn):
        if slab.pfn > pfn:
            yield pfn, slab.pfn
        pfn = slab.pfn + (1 << slab.order)
    yield pfn, zone.first_pfn + zone.managed


def _blocks(pfn: int, end: int) -> Iterator[tuple[int, int]]:
    while pfn < end:
        order = MAX_ORDER - 1
        while order and (pfn % (1 << order) or pfn + (1 << order) > end):
            order -= 1
        yield pfn, order
        pfn += 1 << order
