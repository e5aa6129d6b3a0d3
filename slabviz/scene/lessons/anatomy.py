"""The allocator's structures with their fields as they are now: ``kmem_cache``, its CPUs' and node's parts, slabs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from slabviz.model.flags import SlabFlags
from slabviz.model.kmem_cache import TID_STEP, KmemCache, KmemCacheCpu
from slabviz.model.lock import DEAD, NOBODY
from slabviz.model.machine import Machine
from slabviz.model.slab import NULL, Slab
from slabviz.scene.layout.sketch import Translate
from slabviz.scene.widgets.slab_card import slab_id

_LOW_BITS = 0xFFFFFF


@dataclass(slots=True, frozen=True)
class Field:
    """One field: its name in the kernel, its value, a word about it. ``before``: another value a tick ago."""

    name: str
    value: str
    note: str = ""
    before: str = ""


@dataclass(slots=True, frozen=True)
class Struct:
    """One structure. ``key`` tells it from others of its kind."""

    kind: str
    key: str
    fields: tuple[Field, ...]
    slab: int | None = None


@dataclass(slots=True, frozen=True)
class CpuRow:
    """One CPU: its part of the cache, the slab it points to, and the parked slabs, newest first."""

    cpu: int
    part: Struct
    slab: Struct | None
    parked: tuple[Struct, ...]


@dataclass(slots=True, frozen=True)
class Anatomy:
    """A cache and everything that hangs on it."""

    cache: Struct
    cpus: tuple[CpuRow, ...]
    node: Struct
    partial: tuple[Struct, ...]
    debugged: bool
    """Whether the cache works without CPU slabs."""


def anatomy(machine: Machine, cache: KmemCache, tr: Translate) -> Anatomy:
    """The structures of a cache, as they are in the machine."""
    return Anatomy(
        Struct("kmem_cache", cache.name, tuple(_cache_fields(cache, tr))),
        tuple(_cpu_row(machine, cache, cpu.id, tr) for cpu in machine.cpus),
        Struct("kmem_cache_node", "0", tuple(_node_fields(machine, cache, tr))),
        tuple(_partial(machine, cache, tr)),
        cache.debug,
    )


def marked(now: Anatomy, before: Anatomy) -> Anatomy:
    """``now`` with the earlier value at every field that has changed; structures that are new have no marks."""
    old = {(each.kind, each.key): {field.name: field for field in each.fields} for each in _structs(before)}

    def mark(struct: Struct) -> Struct:
        return _mark(struct, old.get((struct.kind, struct.key), {}))

    rows = tuple(
        CpuRow(row.cpu, mark(row.part), row.slab and mark(row.slab), tuple(map(mark, row.parked))) for row in now.cpus
    )
    return Anatomy(mark(now.cache), rows, mark(now.node), tuple(map(mark, now.partial)), now.debugged)


def _mark(struct: Struct, old: Mapping[str, Field]) -> Struct:
    fields = tuple(
        replace(field, before=old[field.name].value)
        if field.name in old and old[field.name].value != field.value else field
        for field in struct.fields
    )  # fmt: skip
    return replace(struct, fields=fields)


def _structs(all_of: Anatomy) -> Iterator[Struct]:
    yield all_of.cache
    yield all_of.node
    yield from all_of.partial
    for row in all_of.cpus:
        yield row.part
        yield from row.parked
        if row.slab is not None:
            yield row.slab


def short(address: int) -> str:
    """An address by its last digits."""
    return f"0x…{address & _LOW_BITS:06x}"


def _cache_fields(cache: KmemCache, tr: Translate) -> Iterator[Field]:
    shape = cache.geometry

    def field(name: str, value: object, *, of: str = "", **values: object) -> Field:
        return Field(name, str(value), tr(f"views.structs.of.{of or name}", **values))

    yield Field("cpu_slab", tr("views.structs.each_cpu"))
    yield field("flags", _flags(cache.flags))
    yield field("min_partial", cache.min_partial)
    yield field("size", f"{cache.size} B")
    yield field("object_size", f"{shape.object_size} B")
    yield field("offset", f"{shape.offset} B")
    yield field("cpu_partial", cache.cpu_partial)
    yield field("cpu_partial_slabs", cache.cpu_partial_slabs)
    yield field("oo", f"{shape.oo_order} · {shape.oo_objects}")
    yield field("min", f"{shape.min_order} · {shape.min_objects}")
    yield field("refcount", cache.refcount)
    yield field("ctor", tr("views.structs.yes") if cache.ctor else "NULL")
    yield field("inuse", f"{shape.inuse} B", of="bytes_inuse")
    yield field("align", f"{shape.align} B")
    yield field("red_left_pad", f"{cache.red_left_pad} B")
    yield field("name", cache.name)
    if cache.hardened:
        yield field("random", f"0x…{cache.random & _LOW_BITS:06x}")
    yield Field("node[0]", "kmem_cache_node")


def _flags(flags: SlabFlags) -> str:
    return " | ".join(flag.name for flag in SlabFlags if flag & flags and flag.name) or "0"


def _cpu_row(machine: Machine, cache: KmemCache, cpu: int, tr: Translate) -> CpuRow:
    part = cache.cpu_slab[cpu]
    stack = list(reversed(part.partial))
    parked = (_parked(machine, slab, stack[place + 1 :], tr) for place, slab in enumerate(stack))
    fields = tuple(_cpu_fields(machine, part, tr))
    slab = None if part.slab is None else _slab(machine, part.slab, [], tr)
    return CpuRow(cpu, Struct("kmem_cache_cpu", str(cpu), fields), slab, tuple(parked))


def _cpu_fields(machine: Machine, part: KmemCacheCpu, tr: Translate) -> Iterator[Field]:
    free = part.free_objects()
    value, note = "NULL", tr("views.structs.none_free")
    if part.slab is not None and free:
        value = short(machine.address(part.slab, free[0]))
        note = tr("views.structs.object", index=part.slab.index_of(free[0]), count=len(free))
    yield Field("freelist", value, note)
    change = tr("views.structs.tid", change=part.tid // TID_STEP, cpu=part.tid % TID_STEP)
    yield Field("tid", str(part.tid), change)
    yield Field("slab", "NULL" if part.slab is None else _slab_name(part.slab, tr))
    newest = part.partial[-1] if part.partial else None
    count = tr("views.structs.parked", count=len(part.partial)) if newest is not None else ""
    yield Field("partial", "NULL" if newest is None else _slab_name(newest, tr), count)


def _slab_name(slab: Slab, tr: Translate) -> str:
    return tr("layout.slab", slab=slab_id(slab.id))


def _slab(machine: Machine, slab: Slab, last: list[Field], tr: Translate) -> Struct:
    head, length = slab.freelist, slab.length(slab.freelist)
    chain = "NULL" if head == NULL else short(machine.address(slab, head))
    fields = (
        Field("slab_cache", slab.cache.name),
        Field("freelist", chain, "" if head == NULL else tr("views.structs.chain", count=length)),
        Field("inuse", str(slab.inuse)),
        Field("objects", str(slab.objects)),
        Field("frozen", str(int(slab.frozen))),
        *last,
    )
    return Struct("slab", slab_id(slab.id), fields, slab.id)


def _parked(machine: Machine, slab: Slab, below: list[Slab], tr: Translate) -> Struct:
    after = Field("next", _slab_name(below[0], tr) if below else "NULL")
    return _slab(machine, slab, [after, Field("slabs", str(slab.slabs))], tr)


def _partial(machine: Machine, cache: KmemCache, tr: Translate) -> Iterator[Struct]:
    slabs = list(cache.node.partial.values())
    for slab, after in zip(slabs, [*slabs[1:], None], strict=False):
        name = tr("views.structs.list_end") if after is None else slab_id(after.id)
        yield _slab(machine, slab, [Field("slab_list", name)], tr)


def _node_fields(machine: Machine, cache: KmemCache, tr: Translate) -> Iterator[Field]:
    node = cache.node
    holder = node.list_lock.holder
    held = "views.structs.dead" if holder == DEAD else "views.structs.open" if holder == NOBODY else ""
    yield Field("list_lock", tr(held) if held else tr("views.structs.held", cpu=holder))
    first = next(iter(node.partial.values()), None)
    yield Field("partial", tr("views.structs.empty") if first is None else _slab_name(first, tr))
    yield Field("nr_partial", str(node.nr_partial))
    yield Field("nr_slabs", str(node.nr_slabs))
    yield Field("total_objects", str(node.total_objects))
    if cache.flags & SlabFlags.STORE_USER:
        yield Field("full", str(len(node.full)))
