"""Caches that are debugged: what lies in memory, who holds what, and what is left, for every combination of flags."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slabviz.errors import TaskDied
from slabviz.model.flags import SlabFlags
from slabviz.model.gfp import GFP_KERNEL, Gfp
from slabviz.model.log import EventLog
from slabviz.model.machine import CacheConfig, Machine, MachineConfig
from slabviz.model.memory import read_bytes
from slabviz.model.poison import (
    POISON_END,
    POISON_FREE,
    POISON_INUSE,
    RED_ACTIVE,
    RED_INACTIVE,
    filler_at,
    size_from_object,
)
from slabviz.model.slab import Slab
from slabviz.model.slub_debug import letters
from slabviz.slub.access import fill_bytes
from slabviz.slub.alloc import kmem_cache_alloc
from slabviz.slub.atomic import Atomic
from slabviz.slub.cache_from_obj import kmem_cache_free
from slabviz.slub.destroy import kmem_cache_destroy
from slabviz.slub.world import World
from slabviz.testing.kernel import Kernel

COMBINATIONS = ["".join(chosen) for count in range(5) for chosen in combinations("FZPU", count)]
STEPS = st.lists(st.tuples(st.sampled_from("aaaffws"), st.integers(0, 999)), max_size=60)


def kernel_of(flags: str, size: int = 500) -> Kernel:
    return Kernel(cache=CacheConfig("cache", size, flags=letters(flags or "-"), random=0x0123456789ABCDEF), cpus=2)


def walk(kernel: Kernel, steps: list[tuple[str, int]]) -> list[tuple[int, int]]:
    """Allocate, free, write and shrink as told; what is held afterwards."""
    held: list[tuple[int, int]] = []
    for verb, number in steps:
        if verb == "a":
            held += kernel.alloc(cpu=number % 2)
        elif verb == "s":
            kernel.shrink()
        elif held and verb == "f":
            kernel.free(held.pop(number % len(held)), cpu=number % 2)
        elif held:
            address = kernel.address(held[number % len(held)])
            size = kernel.cache.geometry.object_size
            kernel.calls.drive(fill_bytes(kernel.calls.world, 0, address, size, number % 256, 1))
    return held


def check_bytes(slab: Slab) -> None:
    """Red zones, poison and padding of every object are as the rules say."""
    memory, s, shape = slab.memory, slab.cache, slab.cache.geometry
    assert memory is not None
    for index in range(slab.objects):
        obj = slab.object_at(index)
        used = obj in slab.owners
        if s.flags & SlabFlags.RED_ZONE:
            red = RED_ACTIVE if used else RED_INACTIVE
            assert set(memory[obj - s.red_left_pad : obj]) == {red}
            assert set(memory[obj + shape.object_size : obj + shape.inuse]) <= {red}
        if shape.flags & SlabFlags.OBJECT_POISON and not used:
            assert set(memory[obj : obj + shape.object_size - 1]) == {POISON_FREE}
            assert memory[obj + shape.object_size - 1] == POISON_END
        if s.flags & SlabFlags.POISON:
            assert set(memory[obj + filler_at(s) : obj + size_from_object(s)]) <= {POISON_INUSE}


@pytest.mark.parametrize("flags", COMBINATIONS)
@settings(max_examples=12, deadline=None)
@given(steps=STEPS)
def test_bytes_belong_to_one_object_and_a_leak_is_what_was_not_freed(flags: str, steps: list[tuple[str, int]]) -> None:
    kernel = kernel_of(flags)
    held = walk(kernel, steps)
    size = kernel.cache.geometry.object_size
    spans = sorted((kernel.address(item), kernel.address(item) + size) for item in held)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    live = sorted(kernel.machine.address(slab, obj) for slab in kernel.machine.slabs.values() for obj in slab.owners)
    assert live == [start for start, _ in spans]
    for slab in kernel.machine.slabs.values():
        if slab.memory is not None and flags:
            check_bytes(slab)
    assert all(slab.freelist != -1 for slab in kernel.cache.node.partial.values())
    assert kernel.destroy() == (not held)


def test_21_objects_leave_the_slab_on_the_full_list_and_one_free_puts_it_at_the_tail() -> None:
    kernel = kernel_of("U", 1536)
    objects = kernel.cache.geometry.oo_objects
    first = kernel.alloc(objects)
    second = kernel.alloc()
    assert (kernel.node(), list(kernel.cache.node.full)) == ([1], [0])
    kernel.free(first[3])
    assert (kernel.node(), list(kernel.cache.node.full)) == ([1, 0], [])
    assert not any(slab.frozen for slab in kernel.machine.slabs.values())
    assert second == [(1, 0)]


def plain(hardened: bool, init_on_alloc: bool = True, flags: str = "-") -> Atomic:
    caches = tuple(CacheConfig(name, 128, flags=letters(flags), random=7) for name in ("cache", "other"))
    config = MachineConfig(1, 1024, caches, hardened=hardened, init_on_alloc=init_on_alloc)
    return Atomic(World(Machine.boot(config), lambda cache: -1), EventLog())


def take(calls: Atomic, count: int = 1) -> list[int]:
    return [calls.alloc(calls.machine.caches[0], 0, owner=1) for _ in range(count)]


def give(calls: Atomic, address: int, cache: int = 0) -> None:
    calls.drive(kmem_cache_free(calls.world, 0, calls.machine.caches[cache], address))


def test_a_double_free_of_the_head_is_a_bug_only_where_pointers_are_hardened() -> None:
    calls = plain(hardened=True)
    first, second = take(calls, 2)
    give(calls, second)
    with pytest.raises(TaskDied):
        give(calls, second)
    calls = plain(hardened=False)
    first, second = take(calls, 2)
    give(calls, second)
    give(calls, second)
    assert take(calls, 2) == [second, second]  # a circle of one: two owners
    assert first != second


def test_a_double_free_apart_hands_one_object_to_two_owners_then_zeroing_cuts_the_chain() -> None:
    calls = plain(hardened=False)
    _, second, third, _ = take(calls, 4)
    for address in (second, third, second):
        give(calls, address)
    assert take(calls, 3) == [second, third, second]
    slab = calls.machine.slabs[0]
    assert calls.machine.caches[0].cpu_slab[0].freelist == -1  # plain zeros are the end of the chain: the rest is lost
    assert slab.inuse == slab.objects


def test_an_interior_pointer_comes_back_as_an_object_that_overlaps_two() -> None:
    calls = plain(hardened=True)
    first, second = take(calls, 2)
    give(calls, first + 64)
    assert take(calls) == [first + 64]
    slab = calls.machine.slabs[0]
    assert {64, 128} <= set(slab.owners)
    assert second == first + 128


def test_a_write_past_the_end_spoils_the_next_free_pointer() -> None:
    calls = plain(hardened=True)
    first, second, _ = take(calls, 3)
    give(calls, second)
    calls.drive(fill_bytes(calls.world, 0, first, 200, 0x41, 1))  # 72 bytes too many: over the pointer in the next one
    assert take(calls) == [second]
    with pytest.raises(TaskDied):
        take(calls)


def test_with_another_cache_the_real_one_gets_it_back_where_somebody_looks() -> None:
    calls = plain(hardened=True)
    (address,) = take(calls)
    give(calls, address, cache=1)
    assert take(calls) == [address]
    calls = plain(hardened=False)
    (address,) = take(calls)
    give(calls, address, cache=1)  # believed: into the slab's own freelist, not onto the CPU's
    slab = calls.machine.slabs[0]
    assert (slab.freelist, slab.inuse) == (0, slab.objects - 1)


def test_objects_left_at_destroy_keep_the_cache() -> None:
    calls = plain(hardened=True, flags="FZPU")
    take(calls, 3)
    assert not calls.drive(kmem_cache_destroy(calls.world, 0, calls.machine.caches[0]))
    assert calls.machine.caches[0].node.nr_slabs == 1


def test_gfp_zero_is_what_clears_a_poisoned_object_and_kmalloc_keeps_the_size_asked_for() -> None:
    cache = CacheConfig("kmalloc-64", 64, 64, flags=SlabFlags.KMALLOC | letters("FZPU"))
    machine = Machine.boot(MachineConfig(1, 1024, (cache,)))
    calls = Atomic(World(machine, lambda cache: -1), EventLog())
    s = machine.caches[0]
    address = calls.drive(kmem_cache_alloc(calls.world, 0, s, GFP_KERNEL | Gfp.ZERO, 1, orig_size=50))
    assert (s.size, s.geometry.oo_objects) == (256, 16)
    assert read_bytes(machine, address, 64) == bytes(64)
    assert read_bytes(machine, address - 64, 64) == bytes((RED_ACTIVE,)) * 64
    assert int.from_bytes(read_bytes(machine, address + filler_at(s) - 4, 4), "little") == 50
