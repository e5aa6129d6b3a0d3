"""The dump is the memory: every byte once, decoded as the allocator reads it."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from slabviz.devmem.dev_kmalloc import blocks_of, header_at
from slabviz.model.flags import SlabFlags
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.memory import read_bytes
from slabviz.model.sizing import geometry
from slabviz.model.slab import NULL
from slabviz.scene.inspect.dump import WIDTH, Dump
from slabviz.scene.inspect.inspected import dump_of, inspected
from slabviz.scene.inspect.slot import Region, spans
from slabviz.scene.levels import Selected
from slabviz.timeline.run import Run
from tests.scene.inspect.sights import ENGLISH, sight

FLAGS = (SlabFlags.RED_ZONE, SlabFlags.POISON, SlabFlags.STORE_USER, SlabFlags.KMALLOC, SlabFlags.TYPESAFE_BY_RCU)


def dump_at(run: Run, tick: int, slab: int, index: int) -> Dump:
    found = dump_of(sight(run, tick, Selected(slab, index)), ENGLISH)
    assert found is not None
    return found


@example(size=1, align=0, flags=set(), ctor=False, free=True)
@given(
    st.integers(1, 9000), st.sampled_from([0, 8, 16, 64]), st.sets(st.sampled_from(FLAGS)), st.booleans(),
    st.booleans(),
)  # fmt: skip
def test_the_parts_fill_the_slot_without_gaps(
    size: int, align: int, flags: set[SlabFlags], ctor: bool, free: bool
) -> None:
    asked = SlabFlags(sum(flags))
    shape = geometry(size, align, asked, ctor, present_cpus=2, possible_cpus=2)
    cache = KmemCache.create(0, "test", shape, 2, flags=asked, ctor=ctor)
    parts = spans(cache, free=free)
    assert parts[0].start == -cache.red_left_pad
    assert all(one.end == other.start for one, other in pairwise(parts))
    assert parts[-1].end == cache.size - cache.red_left_pad
    assert sum(part.length for part in parts if part.region is Region.POINTER) in (0, 8) or size < WIDTH
    assert free <= any(part.region is Region.POINTER for part in parts)


def bytes_of(found: Dump) -> bytes:
    out = b""
    for line in found.lines:
        out += b"".join(data for _, _, data in line.parts) * max(line.alike, 1)
    return out


def test_a_dump_has_every_byte_of_the_slot_once(debugged: Run, devices: Run, fork: Run) -> None:
    for run, tick in ((debugged, 200), (debugged, 330), (devices, 150), (fork, 420)):
        machine = run.machine_at(tick)
        cache = machine.caches[run.about.stage_cache]
        for slab in [slab for slab in machine.slabs.values() if slab.cache is cache][:2]:
            for index in range(min(slab.objects, 4)):
                start = slab.address + index * cache.size
                assert bytes_of(dump_at(run, tick, slab.id, index)) == read_bytes(machine, start, cache.size)


def test_free_pointers_lead_where_the_allocator_goes(debugged: Run, fork: Run) -> None:
    for run, tick in ((debugged, 200), (fork, 2200)):
        machine = run.machine_at(tick)
        cache = machine.caches[run.about.stage_cache]
        slab = next(slab for slab in machine.slabs.values() if slab.cache is cache and slab.freelist != NULL)
        for obj in slab.walk(slab.freelist):
            table = dump_at(run, tick, slab.id, slab.index_of(obj)).rows(0, 99)
            rows = [row for row in table if row.field == "free pointer"]
            after = slab.links[obj]
            assert len(rows) == 1
            assert rows[0].value == ("NULL" if after == NULL else f"0x{slab.address + after:016x}")
            if after != NULL:
                assert f"object {slab.index_of(after)}" in rows[0].meaning


def test_a_red_zone_that_was_overwritten_is_damaged_and_only_it(debugged: Run) -> None:
    at = sight(debugged, 200, Selected(1, 2))
    slab = at.machine.slabs[1]
    assert slab.memory is not None
    whole = inspected(at, ENGLISH).slot
    assert whole is not None
    assert not any(part.hot for part in whole.parts)
    place = slab.object_at(2) + slab.cache.geometry.object_size
    before = slab.memory[place]
    slab.memory[place] ^= 0xFF
    try:
        slot, found = inspected(at, ENGLISH).slot, dump_of(at, ENGLISH)
    finally:
        slab.memory[place] = before
    assert slot is not None
    assert found is not None
    assert [part.region for part in slot.parts if part.hot] == [Region.RIGHT_RED]
    hot = [(row.offset, box.column, sorted(box.hot)) for row in found.rows(0, 99) for box in row.boxes if box.hot]
    size = slab.cache.geometry.object_size
    assert hot == [(size // WIDTH * WIDTH, size % WIDTH, [0])]


def test_the_header_of_dev_kmalloc_is_read_field_by_field(devices: Run) -> None:
    machine = devices.machine_at(150)
    base = blocks_of(machine, 0)[0]
    place = machine.virt_to_slab(base)
    assert place is not None
    slab, offset = place
    index, header = slab.index_of(offset), header_at(machine, base)
    table = dump_at(devices, 150, slab.id, index).rows(0, 99)
    rows = {row.field: row for row in table}
    assert rows["magic"].value == "0xdeadbeef"
    assert rows["magic"].meaning == "intact"
    assert rows["size"].value == f"{header.size} B"
    assert rows["owner"].meaning == "device eth0"
    assert rows["list.next"].value == f"0x{header.next:016x}"
    assert [row.offset for row in table if row.rule] == [64]
    slot = inspected(sight(devices, 150, Selected(slab.id, index)), ENGLISH).slot
    assert slot is not None
    assert (slot.base, slot.user) == (base, base + 64)


def test_a_destroyed_magic_is_damage(corrupted: Run) -> None:
    found = dump_at(corrupted, corrupted.last_tick, 0, 1)
    magic = found.rows(0, 1)[0]
    assert magic.value == "0x41414141"
    assert "destroyed" in magic.meaning
    assert magic.boxes[0].hot == frozenset(range(4))
