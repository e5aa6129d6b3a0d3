"""How big a cache's objects and slabs are, and how long its lists may grow (Linux on x86-64).

Pure functions named after those of mm/slub.c and mm/slab_common.c; all sizes are bytes, orders are powers of two of
pages, and limits count what their names say. ``geometry`` puts them together as kmem_cache_open() does. Checked against
every row of real kernels' tables (``recordings/geometry.py``). Where they differ they ask
their ``Era``. Rules: slub-semantics.md sections 1.1-1.4, 1.7, 4.6, 6.3.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from slabviz.errors import UsageError
from slabviz.model.era import LINUX_6_1, Era
from slabviz.model.flags import NO_FLAGS, SlabFlags, effective_flags, is_debug

PAGE_SHIFT = 12
PAGE_SIZE = 1 << PAGE_SHIFT
POINTER_SIZE = 8
CACHE_LINE = 64
MAX_ORDER = 11  #: first order the page allocator does not have (include/linux/mmzone.h)
MAX_OBJS_PER_PAGE = 32767  #: slab.objects is a 15-bit field
KMALLOC_MAX_SIZE = PAGE_SIZE << (MAX_ORDER - 1)
KMALLOC_MAX_CACHE_SIZE = 8192
TRACK_SIZE = 32  #: struct track: address, stack handle, cpu, pid, padding, jiffies
MIN_PARTIAL = 5
MAX_PARTIAL = 10

GFP_DMA = 0x1
GFP_DMA32 = 0x4
GFP_RECLAIMABLE = 0x10
GFP_COMP = 0x40000

#: Nominal objects on a CPU's partial list: the first row whose size (bytes, with padding) is reached.
CPU_PARTIAL_BY_SIZE = ((PAGE_SIZE, 6), (1024, 24), (256, 52), (0, 120))


@dataclass(frozen=True, slots=True)
class SlubParameters:
    """The boot parameters slub_min_order, slub_max_order (orders) and slub_min_objects (0 = by CPU count)."""

    min_order: int = 0
    max_order: int = 3
    min_objects: int = 0


DEFAULT_PARAMETERS = SlubParameters()


@dataclass(frozen=True, slots=True)
class Geometry:
    """Everything kmem_cache_open() computes about one cache; fields as in ``struct kmem_cache``.

    ``size`` is the distance between objects, ``offset`` the place of the free pointer in a free object; both in bytes.
    ``oo_*`` describe a normal slab, ``min_*`` the smallest one, used when memory is short; ``flags`` are all it has.
    """

    object_size: int
    size: int
    align: int
    inuse: int
    offset: int
    oo_order: int
    oo_objects: int
    min_order: int
    min_objects: int
    min_partial: int
    cpu_partial: int
    cpu_partial_slabs: int
    allocflags: int
    red_left_pad: int
    flags: SlabFlags
    ctor: bool

    def objects_at(self, order: int) -> int:
        """How many objects a slab of ``order`` holds (order_objects())."""
        return order_objects(order, self.size)

    def tuned(self, *, min_partial: int | None = None, cpu_partial: int | None = None) -> Geometry:
        """The geometry after writing sysfs ``min_partial`` or ``cpu_partial`` (objects), which takes any number.

        Raises UsageError for a negative number, and for a non-zero cpu_partial of a debug cache as sysfs does.
        """
        if (min_partial or 0) < 0 or (cpu_partial or 0) < 0:
            raise UsageError(f"min_partial {min_partial} and cpu_partial {cpu_partial} must be 0 or more")
        if cpu_partial and is_debug(self.flags):
            raise UsageError("cpu_partial of a cache with debug flags can only be 0")
        geometry = self
        if min_partial is not None:
            geometry = replace(geometry, min_partial=min_partial)
        if cpu_partial is not None:
            slabs = set_cpu_partial(cpu_partial, self.oo_objects)
            geometry = replace(geometry, cpu_partial=cpu_partial, cpu_partial_slabs=slabs)
        return geometry


def fls(number: int) -> int:
    """Number of the highest set bit, counted from 1; 0 for 0 (include/asm-generic/bitops/fls.h)."""
    return number.bit_length()


def ilog2(number: int) -> int:
    """Floor of the base-2 logarithm of a positive number."""
    return number.bit_length() - 1


def round_up(number: int, multiple: int) -> int:
    """The next multiple of ``multiple`` at or above ``number`` (the kernel's ALIGN)."""
    return -(-number // multiple) * multiple


def get_order(size: int) -> int:
    """The smallest page order whose block holds ``size`` > 0 bytes."""
    return fls((size - 1) >> PAGE_SHIFT)


def order_objects(order: int, size: int) -> int:
    """How many objects of ``size`` bytes a block of ``order`` holds."""
    return (PAGE_SIZE << order) // size


def calculate_alignment(flags: SlabFlags, align: int, size: int) -> int:
    """The alignment in bytes a cache gets that asked for ``align`` (mm/slab_common.c)."""
    if flags & SlabFlags.HWCACHE_ALIGN:
        line = CACHE_LINE
        while size <= line // 2:
            line //= 2
        align = max(align, line)
    return round_up(max(align, POINTER_SIZE), POINTER_SIZE)


def slab_order(size: int, min_objects: int, max_order: int, fract_leftover: int, min_order: int = 0) -> int:
    """The first order holding ``min_objects`` and wasting at most 1/``fract_leftover`` (calc_slab_order()).

    ``max_order`` + 1 or more means that there is none.
    """
    if order_objects(min_order, size) > MAX_OBJS_PER_PAGE:
        return get_order(size * MAX_OBJS_PER_PAGE) - 1
    order = max(min_order, get_order(min_objects * size))
    while order <= max_order:
        block = PAGE_SIZE << order
        if block % size <= block // fract_leftover:
            break
        order += 1
    return order


def default_min_objects(present_cpus: int, possible_cpus: int) -> int:
    """How many objects a slab should hold; the count of *present* CPUs decides unless there is only one."""
    cpus = present_cpus if present_cpus > 1 else possible_cpus
    return 4 * (fls(cpus) + 1)


def calculate_order(
    size: int, min_objects: int, parameters: SlubParameters = DEFAULT_PARAMETERS, era: Era = LINUX_6_1
) -> int:
    """The order of a normal slab for objects ``size`` bytes apart, wishing for ``min_objects`` of them.

    Raises UsageError when not even the largest block holds one object.
    """
    wanted = min(min_objects, order_objects(parameters.max_order, size))
    search = _order_by_fewer_objects if era.order_by_fewer_objects else _order_by_more_waste
    order = search(size, wanted, parameters)
    if order < MAX_ORDER:
        return order
    raise UsageError(f"no slab holds an object of {size} bytes: order {order}, allowed 0 to {MAX_ORDER - 1}")


def _order_by_fewer_objects(size: int, wanted: int, parameters: SlubParameters) -> int:
    """Up to 6.6: little waste counts more than the number of objects; ``wanted`` is 0 where none fits."""
    max_order, min_order = parameters.max_order, parameters.min_order
    while wanted > 1:
        for fraction in (16, 8, 4):
            order = slab_order(size, wanted, max_order, fraction, min_order)
            if order <= max_order:
                return order
        wanted -= 1
    order = slab_order(size, 1, max_order, 1, min_order)
    return order if order <= max_order else slab_order(size, 1, MAX_ORDER, 1, min_order)


def _order_by_more_waste(size: int, wanted: int, parameters: SlubParameters) -> int:
    """Since 6.7: no order below that of the wanted number of objects, at most half of the slab wasted."""
    for fraction in (16, 8, 4, 2):
        order = slab_order(size, max(wanted, 1), parameters.max_order, fraction, parameters.min_order)
        if order <= parameters.max_order:
            return order
    return get_order(size)


def set_min_partial(size: int) -> int:
    """How many slabs the node's partial list keeps even when they are empty."""
    return min(max(ilog2(size) // 2, MIN_PARTIAL), MAX_PARTIAL)


def cpu_partial_objects(size: int, flags: SlabFlags) -> int:
    """Nominal number of free objects on a CPU's partial list, by ``size``; 0 for debug caches."""
    if is_debug(flags):
        return 0
    return next(objects for limit, objects in CPU_PARTIAL_BY_SIZE if size >= limit)


def set_cpu_partial(objects: int, oo_objects: int) -> int:
    """The limit that is really tested, in slabs: a parked slab counts as half free (slub_set_cpu_partial())."""
    return -(-objects * 2 // oo_objects)


def allocflags(flags: SlabFlags, order: int, era: Era = LINUX_6_1) -> int:
    """GFP bits added to every page allocation of the cache (calculate_sizes())."""
    return (
        (GFP_COMP if order or era.compound_at_order_0 else 0)
        | (GFP_DMA if flags & SlabFlags.CACHE_DMA else 0)
        | (GFP_DMA32 if flags & SlabFlags.CACHE_DMA32 else 0)
        | (GFP_RECLAIMABLE if flags & SlabFlags.RECLAIM_ACCOUNT else 0)
    )


@dataclass(frozen=True, slots=True)
class ObjectLayout:
    """Where things lie in one slot, in bytes: ``inuse`` and ``offset`` from the object, ``size`` from slot to slot."""

    size: int
    inuse: int
    offset: int
    red_left_pad: int


def object_layout(
    object_size: int, align: int, flags: SlabFlags, ctor: bool, chosen_offset: int | None = None
) -> ObjectLayout:
    """The slot of one object (first half of calculate_sizes()); ``align`` is the final alignment.

    ``chosen_offset`` is where a TYPESAFE_BY_RCU cache wants its free pointer: a field that its readers do not look at.
    """
    red_zone = bool(flags & SlabFlags.RED_ZONE)
    size = round_up(object_size, POINTER_SIZE)
    if red_zone and size == object_size:
        size += POINTER_SIZE  # room for a right red zone where padding leaves none
    inuse = size
    # Poison, a reader under RCU and a constructor's work must survive being free: the pointer goes behind the object.
    read_by_rcu = flags & SlabFlags.TYPESAFE_BY_RCU and chosen_offset is None
    behind = read_by_rcu or flags & SlabFlags.POISON or ctor
    if behind or (red_zone and object_size < POINTER_SIZE):
        offset = size
        size += POINTER_SIZE
    elif chosen_offset is not None:
        offset = chosen_offset
    else:
        offset = object_size // 2 // POINTER_SIZE * POINTER_SIZE
    if flags & SlabFlags.STORE_USER:
        size += 2 * TRACK_SIZE + (4 if flags & SlabFlags.KMALLOC else 0)  # kmalloc also keeps the size asked for
    red_left_pad = round_up(POINTER_SIZE, align) if red_zone else 0
    if red_zone:
        size += POINTER_SIZE + red_left_pad
    return ObjectLayout(round_up(size, align), inuse, offset, red_left_pad)


def geometry(
    object_size: int,
    align: int = 0,
    flags: SlabFlags = NO_FLAGS,
    ctor: bool = False,
    *,
    present_cpus: int,
    possible_cpus: int,
    parameters: SlubParameters = DEFAULT_PARAMETERS,
    era: Era = LINUX_6_1,
    chosen_offset: int | None = None,
) -> Geometry:
    """What kmem_cache_create(name, object_size, align, flags, ctor) makes on a machine with so many CPUs.

    ``align`` 0 means the default; ``chosen_offset`` is the place of the free pointer where the cache's creator chose
    it (``freeptr_offset``). Raises UsageError, naming the allowed range, for what no cache can be.
    """
    _check_request(object_size, align, present_cpus, possible_cpus)
    if chosen_offset is not None:
        _check_chosen(chosen_offset, object_size, flags, era)
    final_align = calculate_alignment(flags, align, object_size)
    layout = object_layout(object_size, final_align, flags, ctor, chosen_offset)
    min_objects = parameters.min_objects or default_min_objects(present_cpus, possible_cpus)
    order = calculate_order(layout.size, min_objects, parameters, era)
    objects, min_order = order_objects(order, layout.size), get_order(layout.size)
    cpu_partial = cpu_partial_objects(layout.size, flags)
    return Geometry(
        object_size=object_size,
        size=layout.size,
        align=final_align,
        inuse=layout.inuse,
        offset=layout.offset,
        oo_order=order,
        oo_objects=objects,
        min_order=min_order,
        min_objects=order_objects(min_order, layout.size),
        min_partial=set_min_partial(layout.size),
        cpu_partial=cpu_partial,
        cpu_partial_slabs=set_cpu_partial(cpu_partial, objects),
        allocflags=allocflags(flags, order, era),
        red_left_pad=layout.red_left_pad,
        flags=effective_flags(flags, ctor),
        ctor=ctor,
    )


def _check_request(object_size: int, align: int, present_cpus: int, possible_cpus: int) -> None:
    if not 1 <= object_size <= KMALLOC_MAX_SIZE:
        raise UsageError(f"object size {object_size} is impossible: 1 to {KMALLOC_MAX_SIZE} bytes are allowed")
    if align & (align - 1) or not 0 <= align <= KMALLOC_MAX_SIZE:
        raise UsageError(f"alignment {align} is impossible: 0 or a power of two up to {KMALLOC_MAX_SIZE} is allowed")
    if not 1 <= present_cpus <= possible_cpus:
        raise UsageError(f"{present_cpus} present of {possible_cpus} possible CPUs: at least 1, present <= possible")


def _check_chosen(offset: int, object_size: int, flags: SlabFlags, era: Era) -> None:
    """What kmem_cache_create() asks of a ``freeptr_offset``."""
    if not era.chosen_free_pointer:
        raise UsageError(f"the place of the free pointer cannot be chosen in Linux {era.name}")
    if not flags & SlabFlags.TYPESAFE_BY_RCU:
        raise UsageError("the place of the free pointer can be chosen for TYPESAFE_BY_RCU caches only")
    if offset % POINTER_SIZE or not 0 <= offset < object_size:
        raise UsageError(f"free pointer at {offset} is impossible: a multiple of 8 below {object_size} is allowed")
