"""Several objects in one call (``slub-semantics.md`` 4.1 and 9.2)."""

from __future__ import annotations

from slabviz.model.events import Kind
from slabviz.model.kmem_cache import TID_STEP
from slabviz.slub.bulk import build_detached_freelist
from slabviz.testing.kernel import Kernel, Object


def groups(kernel: Kernel, array: list[Object]) -> list[list[Object]]:
    """The groups that free_bulk would free, each from its chain's head to its tail."""
    places = [(kernel.slab(slab), kernel.slab(slab).object_at(index)) for slab, index in array]
    found = []
    while places:
        slab, offsets, places = build_detached_freelist(places)
        found.append([(slab.id, slab.index_of(offset)) for offset in reversed(offsets)])
    return found


def test_the_look_ahead_ends_at_the_third_object_of_another_slab(kernel: Kernel) -> None:
    objects = kernel.alloc(26)
    a, b = objects[:5], objects[21:24]
    array = [a[0], b[0], a[1], b[1], a[2], b[2], a[3], a[4]]
    assert groups(kernel, array) == [[a[4], a[3], a[2], a[1]], [b[1], b[2], b[0]], [a[0]]]


def test_each_group_is_one_exchange(kernel: Kernel) -> None:
    objects = kernel.alloc(26)
    a, b = objects[:5], objects[21:24]
    first = len(kernel.log)
    kernel.free_bulk([a[0], b[0], a[1], b[1], a[2], b[2], a[3], a[4]])
    ends = (Kind.CPU_PARTIAL_FREE, Kind.FREE_FASTPATH, Kind.FREE_FROZEN)
    assert [kind for kind in kernel.kinds(first) if kind in ends] == list(ends)
    assert (kernel.freelist(0), kernel.cpu_freelist()[:3]) == ([0, 4, 3, 2, 1], [1, 2, 0])
    assert (kernel.slab(0).inuse, kernel.stack()) == (16, [(0, 1)])


def test_a_group_moves_tid_once(kernel: Kernel) -> None:
    objects = kernel.alloc(5)
    tid = kernel.cache.cpu_slab[0].tid
    kernel.free_bulk(objects)
    assert kernel.cache.cpu_slab[0].tid == tid + TID_STEP
    assert kernel.cpu_freelist()[:5] == [4, 3, 2, 1, 0]


def test_a_bulk_allocation_moves_tid_once_and_once_for_each_trip_to_the_slow_path(kernel: Kernel) -> None:
    kernel.alloc(1)
    tid = kernel.cache.cpu_slab[0].tid
    assert kernel.alloc_bulk(3) == [(0, 1), (0, 2), (0, 3)]
    assert kernel.cache.cpu_slab[0].tid == tid + TID_STEP
    tid += TID_STEP
    assert len(kernel.alloc_bulk(20)) == 20  # 17 from the chain; before the slow path, its two steps, and the end
    assert kernel.cache.cpu_slab[0].tid == tid + 4 * TID_STEP


def test_bulk_allocation_is_all_or_nothing() -> None:
    kernel = Kernel(1536, cpus=1, pages=95)
    assert kernel.alloc_bulk(1000) == []
    assert all(not slab.owners for slab in kernel.machine.slabs.values())
    assert len(kernel.alloc_bulk(40)) == 40


def test_a_bulk_free_can_empty_a_slab_of_the_node(kernel: Kernel) -> None:
    kernel.cache.tune(min_partial=0)
    objects = kernel.alloc(42)
    kernel.free(objects[3])
    kernel.flush_stack()
    assert kernel.node() == [0]
    kernel.free_bulk([*objects[:3], *objects[4:21]])
    assert kernel.node() == []
    assert 0 not in kernel.machine.slabs


def test_nothing_is_freed_for_an_empty_array(kernel: Kernel) -> None:
    kernel.free_bulk([])
    assert kernel.kinds() == []
