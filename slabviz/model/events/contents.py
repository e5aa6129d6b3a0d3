"""Bytes being looked at and written. Where a write crosses a free pointer the chain changes with it.

A write is told by WRITE and made of words, bytes and repeated bytes, all in one step: five integers hold no more.
"""

from __future__ import annotations

from slabviz.model import memory
from slabviz.model.events.kinds import Kind
from slabviz.model.events.table import applies
from slabviz.model.machine import Machine


@applies(Kind.LOOK)
def look(m: Machine, cpu: int, slab: int, arg: int, who: int) -> None:
    memory.look(m.slabs[slab])


@applies(Kind.POKE)
def poke(m: Machine, cpu: int, slab: int, place: int, word: int) -> None:
    memory.write(m.slabs[slab], place, word.to_bytes(4, "little", signed=True))


@applies(Kind.POKE_BYTE)
def poke_byte(m: Machine, cpu: int, slab: int, place: int, byte: int) -> None:
    memory.write(m.slabs[slab], place, bytes((byte,)))


@applies(Kind.REPEAT)
def repeat(m: Machine, cpu: int, slab: int, place: int, length: int) -> None:
    s = m.slabs[slab]
    assert s.memory is not None
    memory.fill(s, place, length, s.memory[place])


@applies(Kind.SET_FREE_POINTER)
def set_free_pointer(m: Machine, cpu: int, slab: int, obj: int, after: int) -> None:
    memory.set_freepointer(m.slabs[slab], obj, after)


@applies(Kind.ZERO_OBJECT)
def zero_object(m: Machine, cpu: int, slab: int, obj: int, who: int) -> None:
    memory.zero_object(m.slabs[slab], obj)
