"""Where an allocation comes from (``slub-semantics.md`` 2 and 9.3)."""

from __future__ import annotations

import pytest

from slabviz.model.events import Kind
from slabviz.model.kmem_cache import TID_STEP
from slabviz.model.machine import CacheConfig
from slabviz.testing.kernel import Kernel


def test_a_slab_is_used_up_before_the_next_is_made(kernel: Kernel) -> None:
    assert kernel.alloc(21) == [(0, index) for index in range(21)]
    assert (kernel.cpu_slab(), kernel.cpu_freelist(), kernel.freelist(0)) == (0, [], [])
    assert (kernel.slab(0).inuse, kernel.slab(0).frozen) == (21, True)  # exhaustion alone triggers nothing
    assert kernel.alloc() == [(1, 0)]
    assert (kernel.cpu_slab(), kernel.slab(0).frozen, kernel.node()) == (1, False, [])
    assert (kernel.cache.node.nr_slabs, kernel.cache.node.total_objects) == (2, 42)


def test_the_object_freed_last_is_handed_out_first(kernel: Kernel) -> None:
    a, b, c = kernel.alloc(3)
    kernel.free(a, c, b)
    assert kernel.cpu_freelist()[:3] == [1, 2, 0]
    assert kernel.alloc(3) == [b, c, a]


def test_tid_counts_changes_of_the_cpus_chain(kernel: Kernel) -> None:
    (one,) = kernel.alloc(cpu=3)
    kernel.free(one, cpu=3)
    kernel.alloc(3, cpu=3)
    assert kernel.cache.cpu_slab[3].tid == 3 + 5 * TID_STEP == 40963


def test_remote_frees_refill_the_cpu_slab_in_place(kernel: Kernel) -> None:
    objects = kernel.alloc(21)
    kernel.free(objects[4], objects[9], cpu=1)
    assert (kernel.slab(0).inuse, kernel.slab(0).frozen, kernel.freelist(0)) == (19, True, [9, 4])
    first = len(kernel.log)
    assert kernel.alloc(2) == [objects[9], objects[4]]
    assert Kind.ALLOC_REFILL in kernel.kinds(first)
    assert (kernel.cpu_slab(), kernel.slab(0).inuse, kernel.freelist(0)) == (0, 21, [])


def four_on_the_node(kernel: Kernel) -> list[int]:
    """A machine whose CPU 0 is exhausted, with four slabs on the node's list."""
    objects = kernel.alloc(105)
    kernel.free(*(objects[21 * slab] for slab in range(4)))
    kernel.flush_stack()
    assert kernel.cpu_freelist() == []
    return kernel.node()


def test_one_slab_of_the_node_is_loaded_and_more_are_parked(kernel: Kernel) -> None:
    a, b, c, d = four_on_the_node(kernel)
    assert kernel.alloc() == [(a, 0)]
    assert kernel.cpu_slab() == a
    assert kernel.stack() == [(c, 2), (b, 1)]  # pushed one after another, so the last taken is on top
    assert kernel.node() == [d]
    assert [kernel.slab(slab).frozen for slab in (a, b, c, d)] == [True, True, True, False]


def test_the_stack_is_used_before_the_node(kernel: Kernel) -> None:
    _, b, c, d = four_on_the_node(kernel)
    kernel.alloc()
    assert kernel.alloc(2) == [(c, 0), (b, 0)]
    assert (kernel.stack(), kernel.node()) == ([], [d])
    assert kernel.alloc() == [(d, 0)]


def test_empty_slabs_of_the_node_are_taken_like_any_other(kernel: Kernel) -> None:
    objects = kernel.alloc(21)
    kernel.free(*objects)
    kernel.flush()
    assert (kernel.node(), kernel.slab(0).inuse) == ([0], 0)
    assert kernel.alloc(cpu=2) == [(0, 20)]
    assert kernel.cpu_slab(2) == 0


EXTRAS = {8: 1, 32: 2, 64: 3, 96: 4, 128: 5, 192: 7, 256: 4, 512: 4, 640: 3, 1024: 2, 1536: 2, 3264: 3, 4096: 2}
"""Object size -> slabs parked besides the one loaded, 4 CPUs (``slub-semantics.md`` 9.1)."""


@pytest.mark.parametrize(("size", "extras"), EXTRAS.items())
def test_a_visit_to_the_node_brings_one_more_than_half_the_limit(size: int, extras: int) -> None:
    kernel = Kernel(size, cpus=4, pages=4096)
    objects_per_slab = kernel.cache.geometry.oo_objects
    for _ in range(extras + 3):
        kernel.alloc_bulk(objects_per_slab, cpu=1)
        kernel.flush(cpu=1)
    for slab in range(extras + 3):
        kernel.free((slab, 0), cpu=2)
    kernel.flush(cpu=2)
    assert len(kernel.node()) == extras + 3
    kernel.alloc()
    assert len(kernel.stack()) == extras == kernel.cache.cpu_partial_slabs // 2 + 1
    assert len(kernel.node()) == 2


def test_a_limit_of_zero_still_parks_one(kernel: Kernel) -> None:
    a, b, *rest = four_on_the_node(kernel)
    kernel.cache.tune(cpu_partial=0)
    kernel.alloc()
    assert (kernel.cpu_slab(), kernel.stack(), kernel.node()) == (a, [(b, 1)], rest)


def test_a_new_slab_is_a_rotation_of_the_caches_permutation() -> None:
    order = (3, 1, 4, 0, 5, 2, 6)
    kernel = Kernel(cache=CacheConfig("shuffled", 4200, random_seq=order))
    starts = iter((2, 6))
    kernel.calls.world.first_object = lambda cache: next(starts)
    assert [index for _, index in kernel.alloc(7)] == [4, 0, 5, 2, 6, 3, 1]
    assert [index for _, index in kernel.alloc(7)] == [6, 3, 1, 4, 0, 5, 2]


def test_without_memory_the_smallest_order_is_tried_and_then_null_is_returned() -> None:
    kernel = Kernel(1536, cpus=1, pages=95)  # the min watermark is 32
    got = kernel.alloc(1000)
    fallbacks = kernel.kinds().count(Kind.ORDER_FALLBACK)
    slabs = kernel.machine.slabs.values()
    assert fallbacks == sum(slab.order == 0 for slab in slabs) > 0
    assert len(got) == sum(slab.objects for slab in slabs) < 1000
    assert {slab.objects for slab in slabs if slab.order == 0} == {2}
    assert kernel.alloc() == []
    assert kernel.kinds()[-1] is Kind.ALLOC_FAILED
    kernel.free(got[-1])
    assert kernel.alloc() == [got[-1]]
