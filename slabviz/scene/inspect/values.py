"""What bytes say: the value of a field as a reader writes it, and its meaning in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from slabviz.model.cast import Cast
from slabviz.model.machine import Machine
from slabviz.model.memory import freelist_ptr
from slabviz.model.poison import POISON_END, POISON_FREE, POISON_INUSE, RED_ACTIVE, RED_INACTIVE
from slabviz.model.slab import NULL, Slab
from slabviz.model.track import TEXT
from slabviz.scene.inspect.header import meaning, points_to
from slabviz.scene.inspect.numbers import full
from slabviz.scene.inspect.pieces import Piece
from slabviz.scene.inspect.slot import Region
from slabviz.scene.story.moment import Translate
from slabviz.scene.story.names import full_name
from slabviz.scene.story.numbers import grouped

Said = tuple[str, str]
"""A value and its meaning."""


@dataclass(slots=True, frozen=True, eq=False)
class Reading:
    """One object whose bytes are read; ``owner`` holds it, or nobody."""

    machine: Machine
    cast: Cast
    slab: Slab
    obj: int
    memory: bytes | bytearray
    """The slab's bytes, as a look finds them."""
    owner: int | None
    user: int
    """Where its owner's data begins, from the object on."""
    tr: Translate
    broken: bool = False
    """Whether the header's magic number is wrong."""

    @property
    def looked(self) -> bool:
        """Whether the slab's bytes have been kept since somebody looked."""
        return self.slab.memory is not None


def say(reading: Reading, piece: Piece, start: int, data: bytes) -> Said:
    """What ``data``, the bytes of a piece from ``start`` on, say."""
    return _SAYS[piece.region](reading, piece, start, data)


def _header(reading: Reading, piece: Piece, start: int, data: bytes) -> Said:
    value, note = meaning(reading.machine, piece.name, int.from_bytes(data, "little"), reading.tr)
    doubtful = reading.broken and piece.name in ("size", "flags", "timestamp", "caller_addr")
    return value, reading.tr("inspect.header.doubtful") if doubtful else note


def _data(reading: Reading, piece: Piece, start: int, data: bytes) -> Said:
    tr = reading.tr
    value = _number(data)
    lead = tr("inspect.data.user") if reading.user and start == reading.user else ""
    pointed = points_to(reading.machine, int.from_bytes(data, "little"), tr) if len(data) == 8 else ""
    if pointed:
        return full(int.from_bytes(data, "little")), pointed
    if not any(data):
        return "0", lead or tr("inspect.data.zero" if reading.looked else "inspect.data.unseen")
    if data.rstrip(bytes((POISON_END,))).strip(bytes((POISON_FREE,))) == b"":
        ends = data.endswith(bytes((POISON_END,)))
        word = "free" if reading.owner is None else "unwritten"
        note = "poison_end" if ends else "poison" if reading.owner is None else "poison_used"
        return tr(f"inspect.data.{word}"), lead or tr(f"inspect.data.{note}")
    return value, lead or tr("inspect.data.left_over" if reading.owner is None else "inspect.data.written")


def _number(data: bytes) -> str:
    if len(data) > 1 and len(set(data)) == 1:
        return f"{len(data)} × 0x{data[0]:02x}"
    return f"0x{int.from_bytes(data, 'little'):x}"


def _red(reading: Reading, piece: Piece, start: int, data: bytes) -> Said:
    tr = reading.tr
    right = RED_INACTIVE if reading.owner is None else RED_ACTIVE
    if data != bytes((right,)) * len(data):
        return tr("inspect.red.broken", byte=f"{right:02x}"), tr("inspect.red.broken_note")
    used = "inspect.red.active" if reading.owner is not None else "inspect.red.inactive"
    return tr(used), tr(f"{used}_note")


def _pointer(reading: Reading, piece: Piece, start: int, data: bytes) -> Said:
    """A free pointer as memory has it: hardened ones are decoded first."""
    tr, slab = reading.tr, reading.slab
    if len(data) < piece.length or piece.length < 8:
        return _number(data), tr("inspect.pointer.part")
    stored, place = int.from_bytes(data, "little"), slab.address + reading.obj + start
    value = freelist_ptr(slab.cache, stored, place)
    if reading.owner is not None:
        return _number(data), tr("inspect.pointer.stale")
    if value == 0:
        return "NULL", tr("inspect.pointer.end" + ("_hardened" if slab.cache.hardened else ""))
    offset = value - slab.address
    if offset == NULL or not 0 <= offset < slab.bytes:
        return full(value), tr("inspect.pointer.wild")
    index = slab.index_of(offset)
    if not slab.is_object(offset):
        return full(value), tr("inspect.pointer.inside", index=index, bytes=offset - slab.object_at(index))
    return full(value), tr("inspect.pointer.next" + ("_hardened" if slab.cache.hardened else ""), index=index)


def _track(reading: Reading, piece: Piece, start: int, data: bytes) -> Said:
    tr, number = reading.tr, int.from_bytes(data, "little")
    if piece.name == "addr":
        who = number - TEXT
        if not number:
            return "0", tr("inspect.track.never")
        name = full_name(reading.cast[who]) if 0 < who < len(reading.cast) else full(number)
        return full(number), tr(f"inspect.track.{piece.region.value}", who=name)
    if piece.name == "handle":
        return str(number), tr("inspect.track.handle")
    return grouped(number), tr(f"inspect.track.{piece.name}") if piece.name else ""


def _filler(reading: Reading, piece: Piece, start: int, data: bytes) -> Said:
    tr = reading.tr
    if data == bytes((POISON_INUSE,)) * len(data):
        return tr("inspect.padding.value"), tr("inspect.padding.note")
    return _number(data), tr("inspect.padding.none")


def _asked(reading: Reading, piece: Piece, start: int, data: bytes) -> Said:
    return f"{grouped(int.from_bytes(data, 'little'))} B", reading.tr("inspect.asked")


_SAYS: dict[Region, Callable[[Reading, Piece, int, bytes], Said]] = {
    Region.LEFT_RED: _red, Region.RIGHT_RED: _red, Region.HEADER: _header, Region.DATA: _data, Region.ALIGN: _filler,
    Region.POINTER: _pointer, Region.TRACK_ALLOC: _track, Region.TRACK_FREE: _track, Region.ASKED: _asked,
    Region.PADDING: _filler,
}  # fmt: skip
