"""Bytes: free pointers lie in memory as the kernel stores them, and what is written over them changes the chain."""

from __future__ import annotations

from slabviz.model.memory import address_to_pfn, pfn_to_address, read_bytes

from slabviz.model.image import image_of, machine_of
from slabviz.model.log import EventLog
from slabviz.model.machine import CacheConfig, Machine, MachineConfig
from slabviz.model.slab import NULL, Slab
from slabviz.slub.access import fill_bytes, write_bytes
from slabviz.slub.atomic import Atomic
from slabviz.slub.world import World

RANDOM = 0x0123456789ABCDEF


def machine(hardened: bool = True, init_on_alloc: bool = True) -> Atomic:
    cache = CacheConfig("cache", 64, random=RANDOM)
    config = MachineConfig(1, 1024, (cache,), hardened=hardened, init_on_alloc=init_on_alloc)
    return Atomic(World(Machine.boot(config), lambda cache: -1), EventLog())


def some(calls: Atomic, count: int) -> tuple[Slab, list[int]]:
    objects = [calls.alloc(calls.machine.caches[0], 0) for _ in range(count)]
    return calls.machine.slabs[0], objects


def word(calls: Atomic, address: int) -> int:
    return int.from_bytes(read_bytes(calls.machine, address, 8), "little")


def looked(slab: Slab) -> bool:
    return slab.memory is not None


def swapped(address: int) -> int:
    return int.from_bytes(address.to_bytes(8, "big"), "little")


def test_plain_free_pointers_are_addresses_and_the_chain_ends_with_zero() -> None:
    calls = machine(hardened=False)
    slab, _ = some(calls, 2)
    assert word(calls, slab.address + 2 * 64 + 32) == slab.address + 3 * 64
    assert word(calls, slab.address + 63 * 64 + 32) == 0


def test_hardened_free_pointers_are_mixed_with_the_random_number_and_their_swapped_address() -> None:
    calls = machine()
    slab, _ = some(calls, 2)
    place = slab.address + 2 * 64 + 32
    assert word(calls, place) == (slab.address + 3 * 64) ^ RANDOM ^ swapped(place)
    last = slab.address + 63 * 64 + 32
    assert word(calls, last) == RANDOM ^ swapped(last)  # the end of the chain never shows a zero


def test_looking_changes_nothing_and_writing_looks() -> None:
    calls = machine()
    slab, objects = some(calls, 3)
    before = read_bytes(calls.machine, slab.address, 4096)
    assert not looked(slab)
    calls.drive(write_bytes(calls.world, 0, objects[1] + 5, b"hello, world", 7))
    assert looked(slab)
    after = read_bytes(calls.machine, slab.address, 4096)
    assert after[:69] + b"hello, world" + after[81:] == after
    assert before == after[:69] + bytes(12) + after[81:]


def test_an_object_is_zeroed_when_it_is_handed_out_again() -> None:
    calls = machine()
    slab, objects = some(calls, 2)
    calls.drive(fill_bytes(calls.world, 0, objects[1], 64, 0x77, 0))
    calls.free(0, slab, 64)
    freed = read_bytes(calls.machine, objects[1], 64)
    assert (freed[:32], freed[40:]) == (b"\x77" * 32, b"\x77" * 24)  # only the free pointer was written
    assert calls.alloc(calls.machine.caches[0], 0) == objects[1]
    assert read_bytes(calls.machine, objects[1], 64) == bytes(64)


def test_without_init_on_alloc_the_old_contents_stay() -> None:
    calls = machine(init_on_alloc=False)
    slab, objects = some(calls, 2)
    calls.drive(fill_bytes(calls.world, 0, objects[1], 64, 0x77, 0))
    calls.free(0, slab, 64)
    calls.alloc(calls.machine.caches[0], 0)
    assert read_bytes(calls.machine, objects[1], 32) == b"\x77" * 32


def test_a_write_over_a_free_pointer_changes_the_chain() -> None:
    calls = machine(hardened=False)
    slab, objects = some(calls, 2)
    head = calls.machine.caches[0].cpu_slab[0].freelist
    assert list(slab.walk(head))[:3] == [128, 192, 256]
    pointer = slab.address + head + 32
    calls.drive(write_bytes(calls.world, 0, pointer, (slab.address + 64 * 20).to_bytes(8, "little"), 0))
    assert list(slab.walk(head))[:3] == [128, 1280, 1344]
    calls.drive(write_bytes(calls.world, 0, pointer, (slab.address + 100).to_bytes(8, "little"), 0))
    assert list(slab.walk(head)) == [128, 100]  # into the middle of an object whose bytes say: end of chain
    calls.drive(write_bytes(calls.world, 0, pointer, bytes(8), 0))
    assert slab.links[head] == NULL
    calls.drive(fill_bytes(calls.world, 0, pointer, 1, 0x41, 0))
    assert slab.is_wild(slab.links[head])
    assert (slab.address + slab.links[head]) & (1 << 64) - 1 == 0x41
    assert objects


def test_contents_are_part_of_the_image_of_a_machine() -> None:
    calls = machine()
    slab, objects = some(calls, 2)
    calls.drive(fill_bytes(calls.world, 0, objects[0], 10, 0x41, 0))
    image = image_of(calls.machine)
    again = machine_of(calls.machine.config, image)
    assert image_of(again) == image
    assert read_bytes(again, slab.address, 4096) == read_bytes(calls.machine, slab.address, 4096)
    calls.drive(fill_bytes(calls.world, 0, objects[0], 1, 0x42, 0))
    assert image_of(calls.machine) != image


def test_a_page_frame_and_its_address_lead_to_each_other() -> None:
    m = machine().machine
    assert pfn_to_address(m, 5) == m.config.page_offset + 5 * 4096
    assert address_to_pfn(m, pfn_to_address(m, 5) + 4095) == 5
