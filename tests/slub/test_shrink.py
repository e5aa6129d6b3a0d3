"""kmem_cache_shrink: everything to the node, empty ones away, the fullest first (``slub-semantics.md`` 4.2)."""

from __future__ import annotations

from slabviz.model.events import Kind
from slabviz.testing.kernel import Kernel


def leave_free(kernel: Kernel, frees: list[int]) -> None:
    """Slab n ends up on the node's list with ``frees[n]`` free objects, in the order of their numbers."""
    size = kernel.cache.geometry.oo_objects
    objects = kernel.alloc(size * (len(frees) + 1))
    for slab, count in enumerate(frees):
        kernel.free(*objects[slab * size : slab * size + count], cpu=1)
        kernel.flush_stack(cpu=1)


def test_the_fullest_come_first_and_equals_turn_around(kernel: Kernel) -> None:
    leave_free(kernel, [3, 1, 2, 1, 3, 20])
    assert kernel.node() == [0, 1, 2, 3, 4, 5]
    kernel.shrink()
    assert kernel.node() == [3, 1, 2, 4, 0, 5]


def test_slabs_with_more_than_32_free_objects_keep_their_order_behind() -> None:
    kernel = Kernel(64)
    leave_free(kernel, [40, 33, 32, 63, 1])
    kernel.shrink()
    assert kernel.node() == [4, 2, 0, 1, 3]


def test_empty_slabs_go_however_short_the_list_is(kernel: Kernel) -> None:
    leave_free(kernel, [21, 2, 21])
    assert len(kernel.node()) < kernel.cache.min_partial
    kernel.shrink()
    assert kernel.node() == [1]
    gone = [event[2] for event in kernel.log.events() if event[0] == Kind.DISCARD_SLAB]
    assert gone == [2, 0]  # from the head of the discard list: the last one met first


def test_what_cpus_keep_comes_to_the_node_first(kernel: Kernel) -> None:
    objects = kernel.alloc(45)
    kernel.free(*objects[:2], cpu=3)
    kernel.alloc(1, cpu=2)
    kernel.shrink(cpu=1)
    assert [kernel.cpu_slab(cpu) for cpu in range(4)] == [None] * 4
    assert [kernel.stack(cpu) for cpu in range(4)] == [[]] * 4
    assert sorted(kernel.node()) == [0, 2, 3]
    assert [kernel.slab(slab).inuse for slab in kernel.node()] == [19, 3, 1]


def test_shrinking_an_unused_cache_leaves_it_alone(kernel: Kernel) -> None:
    kernel.shrink()
    assert (kernel.node(), kernel.machine.slabs) == ([], {})
