"""The same bytes after each call, in words: what each piece is, what the call did, what is wrong now."""

from __future__ import annotations

from slabviz.devmem.dev_kmalloc import HEADER_SIZE, MAGIC
from slabviz.devmem.devres import NODE_SIZE
from slabviz.model.events import Kind
from slabviz.model.memory import read_bytes, seen
from slabviz.model.slab import Slab
from slabviz.scene.errors.calls import NOWHERE, WRITE, Deed
from slabviz.scene.errors.cards import Colour, call_text, owner_of
from slabviz.scene.errors.paint import Canvas, Look, Piece
from slabviz.scene.errors.plot import Plot
from slabviz.scene.errors.state import Brace, ByteRow, Label, Ruler
from slabviz.scene.story.moment import Translate
from slabviz.scene.story.numbers import slab_id


def byte_rows(plot: Plot, tr: Translate, colour: Colour) -> tuple[ByteRow, ...]:
    """A row for each call of the story; the calls between them count too."""
    if plot.slab == NOWHERE:
        return ()
    slab = plot.run.machine_at(plot.tick(plot.before[0]) - 1).slabs.get(plot.slab)
    slab = slab or _new_slab(plot)
    canvas = Canvas(slab, plot.start, plot.end)
    rows = []
    for deed in plot.before:
        if plot.is_done(deed):
            canvas.apply(deed)
        if deed in plot.deeds:
            rows.append(_row(plot, deed, canvas.pieces(), tr, colour))
    return tuple(rows)


def _new_slab(plot: Plot) -> Slab:
    """A slab that the first call of the story has only just been given: all of it is free."""
    slab = plot.run.machine_at(plot.seen(plot.before[0])).slabs[plot.slab]
    return Slab(slab.id, slab.cache, slab.address, slab.pfn, slab.order, slab.objects)


def _row(plot: Plot, deed: Deed, pieces: tuple[Piece, ...], tr: Translate, colour: Colour) -> ByteRow:
    machine = plot.machine(deed)
    slab = machine.slabs.get(plot.slab)
    memory = bytes(seen(slab)) if slab is not None else b""
    labels = tuple(
        Label(piece, _texts(plot, deed, piece, memory, tr), colour(piece.owner, deed)) for piece in pieces
    )  # fmt: skip
    return ByteRow(labels, _above(plot, deed, tr, colour), _below(plot, deed, pieces, memory, tr))


def _texts(plot: Plot, deed: Deed, piece: Piece, memory: bytes, tr: Translate) -> tuple[str, ...]:
    """What a piece says of itself, the longest first."""
    data = memory[piece.start : piece.end]
    count = piece.length
    match piece.look:
        case Look.HEADER:
            return _header(piece, data, tr)
        case Look.DATA:
            mark = plot.actor(piece.owner).mark
            told = (tr(f"error.bytes.{key}", mark=mark, bytes=count) for key in ("data", "data_short"))
            return (*told, mark)
        case Look.FREE:
            return tr("error.bytes.free", bytes=count), tr("error.bytes.free_short")
        case Look.LEAKED:
            first = (tr("error.bytes.left_behind"),) if deed is plot.incident.cause else ()
            return (*first, tr("error.bytes.leaked"))
        case Look.DAMAGE:
            return _damage(plot, deed, piece, data, tr)
        case Look.RED:
            return tr("error.bytes.red"), _hex(data)
        case Look.SLACK:
            return tr("error.bytes.slack", bytes=count), f"{count} B"
        case Look.META:
            slab = plot.machine(deed).slabs.get(plot.slab)
            key = "meta" if slab is not None and slab.cache.debug else "padding"
            return tr(f"error.bytes.{key}", bytes=count), _hex(data)


def _hex(data: bytes) -> str:
    return f"{data[0]:02x}" if data and data == data[:1] * len(data) else "…"


def _header(piece: Piece, data: bytes, tr: Translate) -> tuple[str, ...]:
    if piece.length == NODE_SIZE:
        return (tr("error.bytes.node"),)
    return tr("error.bytes.magic", value=_magic(data)), tr("error.bytes.magic_short")


def _magic(data: bytes) -> str:
    return f"0x{int.from_bytes(data[:4], 'little'):08x}"


def _damage(plot: Plot, deed: Deed, piece: Piece, data: bytes, tr: Translate) -> tuple[str, ...]:
    """Where a magic number was looked for, what stands there; else how much was written over."""
    short = tr("error.bytes.overwritten_short", bytes=piece.length)
    if deed is plot.incident.deed and Kind.DEV_BAD_MAGIC in plot.kinds() and piece.start == deed.offset:
        return tr("error.bytes.magic", value=_magic(data)), _magic(data), short
    return tr("error.bytes.overwritten", bytes=piece.length), short, _hex(data)


def _above(plot: Plot, deed: Deed, tr: Translate, colour: Colour) -> Brace | None:
    """What the call was about."""
    slab = plot.machine(deed).slabs.get(plot.slab)
    if slab is None or deed.offset == NOWHERE:
        return None
    size, start = slab.cache.geometry.object_size, deed.offset
    if not plot.is_done(deed):
        return _undone(plot, deed, size, tr)
    border = slab.object_at(slab.index_of(start)) + size
    owner = plot.name(owner_of(plot, deed))
    length = deed.size if deed.name == WRITE or (deed.is_alloc and deed.size and not deed.header) else size
    over, name = start + length - border, plot.pointer(deed)
    across = slab.index_of(start + length - 1) > slab.index_of(start)
    values = {"owner": owner, "name": name, "bytes": length, "over": over, "index": slab.index_of(start) + 1,
              "header": deed.header, "size": deed.size}  # fmt: skip
    if deed.name == WRITE:
        values["owner"] = plot.name(deed.actor)
        too_far = 0 if across else behind(plot, deed)
        values["over"] = over if across else too_far
        key = "writes_across" if across else "writes_behind" if too_far > 0 else "writes"
        return Brace(start, start + length, tr(f"error.bytes.{key}", **values), f"owner{colour(deed.actor, deed)}")
    if deed.is_alloc:
        key = "one" if deed.header else "gets_across" if across else "gets"
        role = "t2" if deed.header else f"owner{colour(deed.owner, deed)}"
        return Brace(start, start + length, tr(f"error.bytes.{key}", **values), role)
    values["index"] = slab.index_of(start) + (1 if across else 0)
    key = "freed_across" if across else "freed_twice" if deed.mistake == "double_free" else "freed"
    return Brace(start, start + length, tr(f"error.bytes.{key}", **values), "free")


_DEADLY = frozenset({Kind.OOPS, Kind.PANIC, Kind.STUCK})


def _undone(plot: Plot, deed: Deed, size: int, tr: Translate) -> Brace | None:
    """A call that has not changed the bytes: it was refused, or is under way."""
    if Kind.DEV_BAD_MAGIC in plot.kinds() and deed is plot.incident.deed:
        return None
    if plot.is_over(deed) and plot.kinds() & _DEADLY and deed is plot.incident.deed:
        return Brace(deed.offset, deed.offset + size, tr("error.bytes.died", call=call_text(plot, deed)), "err")
    if deed.name.endswith("free") and deed.troubles and plot.is_over(deed):
        return Brace(deed.offset, deed.offset + size, tr("error.bytes.refused", name=plot.pointer(deed)), "t2")
    return Brace(deed.offset, deed.offset + size, tr("error.bytes.pending", call=call_text(plot, deed)), "t2")


def behind(plot: Plot, deed: Deed) -> int:
    """Bytes of a write that lie behind what was asked for."""
    source = plot.source(deed)
    if source is None or not source.size:
        slab = plot.machine(deed).slabs[plot.slab]
        end = slab.object_at(slab.index_of(deed.offset)) + slab.cache.geometry.object_size
    else:
        end = source.offset + source.header + source.size
    return deed.offset + deed.size - end


def _below(
    plot: Plot, deed: Deed, pieces: tuple[Piece, ...], memory: bytes, tr: Translate
) -> Brace | None:  # fmt: skip
    """What is wrong after the call, where it first shows or is found."""
    if deed is plot.incident.deed and Kind.DEV_BAD_MAGIC in plot.kinds():
        place = f"{plot.pointer(deed)} − 64"
        return Brace(deed.offset, deed.offset + HEADER_SIZE, tr("error.bytes.expected", place=place), "err")
    leaked = next((piece for piece in pieces if piece.look is Look.LEAKED), None)
    if leaked is not None and deed is plot.incident.cause:
        source = plot.source(deed)
        listed = source is not None and source.header
        key = "still_listed" if listed else "left"
        text = tr(f"error.bytes.{key}", bytes=leaked.length, name=plot.pointer(deed))
        return Brace(leaked.start, leaked.end, text, "err")
    hurt = [piece for piece in pieces if piece.look is Look.DAMAGE]
    if hurt and deed is not plot.incident.deed and deed.name != WRITE:
        return None
    if hurt:
        start, end = hurt[0].start, hurt[-1].end
        value = _hex(memory[start:end])
        key = "damaged" if value == "…" else "not_its_own"
        count = sum(piece.length for piece in hurt)
        return Brace(start, end, tr(f"error.bytes.{key}", bytes=count, value=f"0x{value}"), "err")
    return None


def ruler(plot: Plot, tr: Translate) -> Ruler | None:
    """The objects over the rows, and the offsets that matter."""
    if plot.slab == NOWHERE:
        return None
    slab = plot.machine(plot.before[-1]).slabs.get(plot.slab) or _new_slab(plot)
    s = slab.cache
    starts = [slot for index in range(slab.objects) if plot.start <= (slot := slab.object_at(index)) < plot.end]
    objects = tuple(
        Brace(at, at + s.geometry.object_size,
              tr("error.object", index=slab.index_of(at), bytes=s.geometry.object_size), "slab") for at in starts
    )  # fmt: skip
    names = plot.pointers()
    marks = {at: f"{at:#05x}" for at in (*starts, plot.end)}
    marks |= {at: f"{at:#05x} = {name}" for at, name in names.items() if plot.start <= at < plot.end}
    return Ruler(tr("error.slab", slab=slab_id(slab.id)), plot.start, plot.end, objects,
                 tuple((at, text, at in names) for at, text in sorted(marks.items())))  # fmt: skip


def pointers_text(plot: Plot, tr: Translate) -> str:
    """``p = object 5 + 64, q = object 6 + 64``."""
    if plot.slab == NOWHERE:
        return ""
    slab = plot.run.machine_at(plot.seen(plot.before[-1])).slabs.get(plot.slab) or _new_slab(plot)
    told = []
    for at, name in plot.pointers().items():
        index = slab.index_of(at)
        inside = at - slab.object_at(index)
        key = "pointer_in" if inside else "pointer"
        told.append(tr(f"error.{key}", name=name, index=index, bytes=inside))
    return ", ".join(told)


def found_magic(plot: Plot) -> str:
    """What stands where a magic number should: ``0x41414141``; empty where it is intact."""
    deed = plot.incident.deed
    machine = plot.machine(deed)
    slab = machine.slabs.get(deed.slab)
    if slab is None:
        return ""
    data = read_bytes(machine, slab.address + deed.offset, 4)
    return "" if int.from_bytes(data, "little") == MAGIC else _magic(data)
