"""One object: the parts of its slot, who has it, and the arithmetic that leads to its address."""

from __future__ import annotations

from collections.abc import Iterator

from slabviz.model.kmem_cache import KmemCache
from slabviz.scene.inspect.damage import Damage, damage, is_hit
from slabviz.scene.inspect.header import Header
from slabviz.scene.inspect.numbers import byte_count, full
from slabviz.scene.inspect.slot import RED, Region, Span, spans
from slabviz.scene.inspect.state import Part, SlotState
from slabviz.scene.inspect.values import Reading
from slabviz.scene.state import Cell, CellState
from slabviz.scene.story.moment import Translate
from slabviz.scene.story.names import full_name


def slot_state(reading: Reading, header: Header | None, cell: Cell) -> SlotState:
    """``cell`` is how the stage shows the object: it may be on its way."""
    slab, tr = reading.slab, reading.tr
    index = slab.index_of(reading.obj)
    length = header.length if header is not None else 0
    found = damage(slab, reading.obj, reading.broken)
    base = slab.address + reading.obj
    cut = spans(slab.cache, free=reading.owner is None, header=length)
    return SlotState(
        index=index,
        title=tr("inspect.slot.title", index=index),
        note=_state(reading, cell),
        parts=tuple(_part(reading, span, header, found) for span in cut),
        sum=tuple(arithmetic(slab.cache, slab.address, index, length, tr)),
        base=base,
        user=base + length,
    )


def _state(reading: Reading, cell: Cell) -> str:
    """Free, held, or on its way, and whose."""
    tr = reading.tr
    name = full_name(reading.cast[cell.actor]) if cell.actor else ""
    return tr(f"inspect.state.{cell.state.value}{'' if name or cell.state is CellState.FREE else '_nobody'}", who=name)


def _part(reading: Reading, span: Span, header: Header | None, found: Damage) -> Part:
    tr, region = reading.tr, span.region
    name = tr(f"inspect.region.{region.value}")
    if region is Region.HEADER and header is not None:
        name = tr("inspect.region.header_of", kind=header.kind)
    elif region is Region.DATA and header is not None:
        name = tr("inspect.region.user")
    note = byte_count(span.length)
    value = _byte(reading, span)
    if value is not None and (region in RED or region is Region.PADDING):
        note = f"{note} · {value:02x}"
    if region is Region.POINTER and reading.owner is not None:
        note = tr("inspect.slot.stale", bytes=note)
    return Part(region, name, note, span.start, span.length, is_hit(span, found))


def _byte(reading: Reading, span: Span) -> int | None:
    """The byte that a whole part consists of, if it does."""
    start = reading.obj + span.start
    data = reading.memory[start : start + span.length]
    return data[0] if data and len(set(data)) == 1 else None


def arithmetic(
    cache: KmemCache, address: int, index: int, header: int, tr: Translate
) -> Iterator[tuple[str, str]]:  # fmt: skip
    """(text, colour role) pieces of ``slab … + 5 × 224 + 8 (left red zone) = object …; + 64 = user pointer …``."""
    yield tr("inspect.sum.slab"), "t2"
    yield full(address), "t1"
    yield f"+ {index} × {cache.size}", "t2"
    if cache.red_left_pad:
        yield tr("inspect.sum.red", bytes=cache.red_left_pad), "t2"
    base = address + index * cache.size + cache.red_left_pad
    yield tr("inspect.sum.object"), "t2"
    yield full(base), "cache"
    if header:
        yield tr("inspect.sum.user", bytes=header), "t2"
        yield full(base + header), "t1"
