"""dev_kmalloc: the course's header in real bytes (syllabus C1), its list, and what wrong frees do to it (C9, C10)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slabviz.devmem.dev_kmalloc import (
    HEADER_SIZE,
    MAGIC,
    OFFSETS,
    blocks_of,
    context_flags,
    dev_kfree,
    dev_kmalloc,
    header_at,
)
from slabviz.devmem.device import BLOCKS, DRIVER_TEXT, device_address, device_lock_name, register_device
from slabviz.errors import TaskDied, UsageError
from slabviz.model.events import APPLY, Kind
from slabviz.model.fault import Fault
from slabviz.model.gfp import GFP_ATOMIC, GFP_KERNEL
from slabviz.model.image import image_of, machine_of
from slabviz.model.kmalloc_caches import kmalloc_configs
from slabviz.model.log import EventLog
from slabviz.model.machine import Machine, MachineConfig
from slabviz.model.memory import read_bytes
from slabviz.slub.access import fill_bytes
from slabviz.slub.atomic import Atomic
from slabviz.slub.kmalloc import kfree, kmalloc, ksize
from slabviz.slub.world import NULL_POINTER, Path, T, World

ETH0 = 1
BASE = 0xFFFF880000100000


def fault(died: pytest.ExceptionInfo[TaskDied]) -> Fault:
    return Fault(died.value.fault)


class Driver:
    """One device on the course's machine: old direct map, first free frame 0x100, objects chained by address."""

    def __init__(self, init_on_alloc: bool = True, detail: bool = False, slub_debug: str = "") -> None:
        self.config = MachineConfig(
            1, 4096, kmalloc_configs(), first_pfn=0x100, page_offset=0xFFFF880000000000, devices=("eth0",),
            locks=(device_lock_name("eth0"), "other"), init_on_alloc=init_on_alloc, slub_debug=slub_debug,
        )  # fmt: skip
        self.machine = Machine.boot(self.config)
        self.log = EventLog()
        self.log.begin_tick()
        self.world = World(self.machine, lambda cache: -1, detail, jiffies=lambda: 4711)
        self.atomic = Atomic(self.world, self.log)
        self.run(register_device(self.world, 0, 0, ETH0))

    def run(self, path: Path[T]) -> T:
        """A path to its end. Raises TaskDied where whoever runs it dies."""
        return self.atomic.drive(path)

    def dev_kmalloc(self, size: int) -> int:
        return self.run(dev_kmalloc(self.world, 0, 0, size, ETH0))

    def dev_kfree(self, address: int) -> None:
        self.run(dev_kfree(self.world, 0, address, ETH0))

    def kmalloc(self, size: int) -> int:
        return self.run(kmalloc(self.world, 0, size, GFP_KERNEL, ETH0))

    def kfree(self, address: int) -> None:
        self.run(kfree(self.world, 0, address))

    def kinds(self) -> list[Kind]:
        return [Kind(event[0]) for event in self.log.events()]


def test_the_addresses_of_the_course() -> None:
    driver = Driver()
    user = driver.dev_kmalloc(100)
    assert user == 0xFFFF880000100040 == BASE + HEADER_SIZE
    place = driver.machine.virt_to_slab(user)
    assert place is not None
    assert place[0].cache.name == "kmalloc-192", "64 + 100 = 164 bytes"
    assert [event[3] for event in driver.log.events() if event[0] == Kind.KMALLOC_ENTER] == [164]
    assert driver.machine.slabs[0].owners == {0: ETH0}, "the block belongs to the device"


@pytest.mark.parametrize(
    ("field", "offset", "value"),
    [
        ("magic", 0, "efbeadde"),
        ("size", 8, "6400000000000000"),
        ("flags", 16, "c00c0000"),
        ("owner", 24, "0000100100 88ffff"),
        ("list", 32, "0000100100 88ffff 0000100100 88ffff"),
        ("timestamp", 48, "6712000000000000"),
        ("caller_addr", 56, "000000c0ffffffff"),
    ],
)
def test_each_field_lies_where_a_c_compiler_puts_it(field: str, offset: int, value: str) -> None:
    driver = Driver()
    driver.dev_kmalloc(100)
    owner = device_address(driver.machine, 0)
    assert owner == 0xFFFF880000000000 + (0x100 + 4096) * 4096 == 0xFFFF880001100000
    at, length = OFFSETS[field]
    assert at == offset
    wanted = bytes.fromhex(value.replace("0000100100 88ffff", owner.to_bytes(8, "little").hex()))
    assert read_bytes(driver.machine, BASE + at, length) == wanted
    assert DRIVER_TEXT == 0xFFFFFFFFC0000000


def test_the_device_has_its_blocks_in_a_list() -> None:
    driver = Driver()
    users = [driver.dev_kmalloc(size) for size in (100, 8, 9000)]
    headers = [user - HEADER_SIZE for user in users]
    assert blocks_of(driver.machine, 0) == headers, "the last one is whole pages, its header is real all the same"
    head = device_address(driver.machine, 0) + BLOCKS
    assert [header_at(driver.machine, header).next for header in headers] == [headers[1] + 32, headers[2] + 32, head]
    assert [header_at(driver.machine, header).prev for header in headers] == [head, headers[0] + 32, headers[1] + 32]
    driver.dev_kfree(users[1])
    assert blocks_of(driver.machine, 0) == [headers[0], headers[2]]
    again = machine_of(driver.config, image_of(driver.machine))
    assert blocks_of(again, 0) == [headers[0], headers[2]]


def test_a_free_done_right_gives_the_whole_slot_back() -> None:
    driver = Driver()
    user = driver.dev_kmalloc(100)
    driver.dev_kfree(user)
    assert blocks_of(driver.machine, 0) == []
    assert driver.machine.slabs[0].owners == {}
    assert driver.kmalloc(192) == BASE, "the slot is the next to be handed out"
    driver.dev_kfree(NULL_POINTER)


@pytest.mark.parametrize(
    ("events", "gfp"),
    [
        ([], GFP_KERNEL),
        ([(Kind.IRQ_OFF, 0, 0, 0, 0)], GFP_ATOMIC),
        ([(Kind.LOCK, 0, (1 << 16) + 1, 0, 0)], GFP_ATOMIC),
        ([(Kind.IRQ_RAISE, 0, 0, 0, 1), (Kind.IRQ_ENTER, 0, 0, 0, 1)], GFP_ATOMIC),
        ([(Kind.SOFTIRQ_ENTER, 0, 0, 0, 1)], GFP_ATOMIC),
        ([(Kind.IRQ_OFF, 0, 0, 0, 0), (Kind.IRQ_ON, 0, 0, 0, 0)], GFP_KERNEL),
    ],
)
def test_the_context_decides_the_flags(events: list[tuple[int, int, int, int, int]], gfp: int) -> None:
    driver = Driver()
    for kind, cpu, slab, arg, who in events:
        APPLY[kind](driver.machine, cpu, slab, arg, who)
    assert context_flags(driver.machine, 0) == gfp
    user = driver.dev_kmalloc(100)
    assert header_at(driver.machine, user - HEADER_SIZE).flags == gfp


def test_kfree_of_the_user_pointer_frees_a_slot_that_is_none() -> None:
    driver = Driver()
    user = driver.dev_kmalloc(100)
    driver.kfree(user)
    slab = driver.machine.slabs[0]
    assert slab.owners == {0: ETH0}, "the block is still held: its header is a leak"
    assert driver.kmalloc(192) == user, "192 bytes from the middle of the block on, 64 of them in the next one"
    assert ksize(driver.machine, user) == 192


@pytest.mark.parametrize("init_on_alloc", [True, False])
def test_the_next_header_is_overwritten_and_dev_kfree_finds_out(init_on_alloc: bool) -> None:
    """C10: whoever gets the wrongly freed slot writes 64 bytes into the next block (or zeroing alone does it)."""
    driver = Driver(init_on_alloc=init_on_alloc)
    first, second = driver.dev_kmalloc(100), driver.dev_kmalloc(100)
    assert second - first == 192
    driver.kfree(first)
    victim = driver.kmalloc(192)
    assert victim == first
    magic = header_at(driver.machine, second - HEADER_SIZE).magic
    assert magic == (0 if init_on_alloc else MAGIC), "init_on_alloc zeroes 192 bytes, whoever they belong to"
    driver.run(fill_bytes(driver.world, 0, victim, 192, 0x41, ETH0))
    assert header_at(driver.machine, second - HEADER_SIZE).magic == 0x41414141
    with pytest.raises(TaskDied) as died:
        driver.dev_kfree(second)
    assert fault(died) is Fault.BAD_MAGIC
    assert driver.kinds()[-2:] == [Kind.DEV_BAD_MAGIC, Kind.OOPS]


def test_a_second_dev_kfree_follows_poisoned_pointers() -> None:
    driver = Driver(init_on_alloc=False)
    user = driver.dev_kmalloc(100)
    driver.dev_kfree(user)
    assert header_at(driver.machine, user - HEADER_SIZE).magic == MAGIC, "nobody has written over it yet"
    with pytest.raises(TaskDied) as died:
        driver.dev_kfree(user)
    assert fault(died) is Fault.LIST_POINTER


def test_dev_kfree_of_what_has_no_header() -> None:
    driver = Driver()
    plain = driver.kmalloc(100)
    driver.kmalloc(100)
    with pytest.raises(TaskDied) as died:
        driver.dev_kfree(plain + 128)
    assert fault(died) is Fault.BAD_MAGIC
    with pytest.raises(UsageError, match="lies outside of memory: 0xffff880000100000 to 0xffff8800010fffff"):
        driver.dev_kfree(0x1000)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(("take", "take", "give")), st.integers(0, 10_000), st.integers(0, 99)), max_size=30
    ),
    st.sampled_from(("", "F", "Z", "P", "U", "FZ", "FZPU")),
    st.booleans(),
)
def test_list_and_memory_agree_and_a_leak_is_what_was_not_freed(
    verbs: list[tuple[str, int, int]], debug: str, detail: bool
) -> None:
    driver = Driver(detail=detail, slub_debug=debug)
    live: list[tuple[int, int]] = []
    for verb, size, pick in verbs:
        if verb == "take":
            live.append((driver.dev_kmalloc(size), size))
        elif live:
            driver.dev_kfree(live.pop(pick % len(live))[0])
        assert blocks_of(driver.machine, 0) == [user - HEADER_SIZE for user, _ in live]
        assert [header_at(driver.machine, user - HEADER_SIZE).size for user, _ in live] == [size for _, size in live]
    end = 0
    for user, _ in sorted(live):
        assert end <= user - HEADER_SIZE, "a byte belongs to two live blocks"
        end = user - HEADER_SIZE + ksize(driver.machine, user)
    held = sum(len(slab.owners) for slab in driver.machine.slabs.values()) + len(driver.machine.large)
    assert held == len(live)
    zone = driver.machine.zone
    pages = sum(1 << slab.order for slab in driver.machine.slabs.values()) + driver.machine.large_pages
    assert zone.nr_free + zone.pcp_pages() + pages == zone.managed
