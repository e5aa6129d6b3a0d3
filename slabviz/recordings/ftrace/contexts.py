"""The calls that the contexts of a run are in, as its lines tell of them."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.model.events import Kind
from slabviz.model.gfp import GFP_KERNEL
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import Machine
from slabviz.recordings.ftrace.text import Who


@dataclass(slots=True)
class Call:
    """The call that a context is in. ``asked`` are the bytes of a kmalloc, ``bulk`` the objects that are left to free.

    ``kind`` is its ENTER event; ``flags`` are those of the moment in which it began.
    """

    kind: int = -1
    gfp: int = GFP_KERNEL
    cache: KmemCache | None = None
    asked: int | None = None
    site: str = ""
    who: Who | None = None
    bulk: int = 0
    fell_back: bool = False
    waits: bool = False
    """Whether it is an allocation whose line has not been written."""
    freeing: tuple[int, int] | None = None
    """(slab, offset) of a free whose line has not been written."""


class Calls:
    """The calls of each context, by (CPU, actor); the one that it is in last: a shrinker frees while an allocation
    waits for it."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._calls: dict[tuple[int, int], list[Call]] = {}

    def of(self, cpu: int) -> Call:
        """The call that runs on a CPU, or did so last."""
        return self._of(cpu)[-1]

    def begin(self, cpu: int, kind: int) -> Call:
        """A call begins with this ENTER event."""
        if self.of(cpu).waits:
            self._of(cpu).append(Call())
        call = self.of(cpu)
        call.kind, call.waits = kind, kind in (Kind.ALLOC_ENTER, Kind.KMALLOC_LARGE_ENTER)
        return call

    def freed(self, cpu: int) -> None:
        """The line of a free has been written: what waits for it, if anything, goes on."""
        self.of(cpu).freeing = None
        if len(self._of(cpu)) > 1:
            self._of(cpu).pop()

    def over(self, cpu: int) -> None:
        """What runs on a CPU comes to its end."""
        self._calls.pop(self._key(cpu), None)

    def _of(self, cpu: int) -> list[Call]:
        key = self._key(cpu)
        if key not in self._calls:
            self._calls[key] = [Call()]
        return self._calls[key]

    def _key(self, cpu: int) -> tuple[int, int]:
        return cpu, self.machine.cpus[cpu].top.actor
