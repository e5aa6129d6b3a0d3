"""A recorded mistake made again on the model: what came of each step, and what the kernel would have logged.

What nobody can predict is taken from the recording, and only as far as it is needed: in which order a slab hands its
objects out, and where in memory it lies. The machine then gets the slab at that very address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from slabviz.engine.streams import Streams
from slabviz.errors import TaskDied, TaskHangs
from slabviz.model.events import APPLY, Event
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.log import EventLog
from slabviz.model.machine import CacheConfig, Machine, MachineConfig
from slabviz.model.migrate import UNMOVABLE
from slabviz.model.slab import NULL, Slab
from slabviz.model.zone import Zone
from slabviz.recordings.error_script import Script, Step
from slabviz.slub.access import fill_bytes
from slabviz.slub.atomic import Atomic
from slabviz.slub.cache_from_obj import kmem_cache_free
from slabviz.slub.destroy import kmem_cache_destroy
from slabviz.slub.printk import Kmsg, said_of
from slabviz.slub.world import Path, World

PAGES = 1 << 12
PAGE_OFFSET = 0xFF11000000000000
"""Start of the direct map on the recorded machine (page tables of five levels)."""
STRUCT_PAGES = 0xFFD4000000000000
FIRST_PFN = 0x1000
SLAB = re.compile(r"Slab (0x[0-9a-f]{16}) ")
SHOWN = 12
"""Entries of a free list that a state shows."""
OTHER_CODE = "OE"
"""Taints of the recorded machine from the start: a module of its own."""


@dataclass(slots=True)
class Outcome:
    """What came of a step. ``died``: the kernel killed the task in it; ``hangs``: it never comes back."""

    log: list[str] = field(default_factory=list)
    got: list[int] | None = None
    state: dict[str, Any] | None = None
    died: bool = False
    hangs: bool = False


class _Printing(Atomic):
    """Keeps what the kernel prints."""

    def __init__(self, world: World) -> None:
        super().__init__(world, EventLog())
        self.kmsg = Kmsg(taints=set(OTHER_CODE))
        self.lines: list[str] = []

    def commit(self, event: Event) -> None:
        self.lines += said_of(self.machine, event, self.kmsg)
        kind, cpu, slab, arg, who = event
        APPLY[kind](self.machine, cpu, slab, arg, who)


class ErrorReplayer:
    """The caches ``victim`` and ``other`` on a machine with one CPU."""

    def __init__(self, script: Script) -> None:
        sequence = _permutation(script)
        object_size = script.geometry["object_size"]
        caches = tuple(
            CacheConfig(
                name, object_size, flags=script.flags, random_seq=sequence,
                random=Streams(0).stream(f"random:{name}").getrandbits(64),
            )
            for name in ("victim", "other")
        )  # fmt: skip
        config = MachineConfig(1, PAGES, caches, first_pfn=_first_pfn(script), page_offset=PAGE_OFFSET)
        self.machine = Machine.boot(config)
        _keep_for_the_kernel(self.machine.zones[0])
        self._starts = _starts(script, sequence)
        self._calls = _Printing(World(self.machine, self._start))
        self._addresses: dict[int, int] = {}
        self._first: Slab | None = None

    @property
    def victim(self) -> KmemCache:
        """The cache that the mistakes are made with."""
        return self.machine.caches[0]

    def step(self, step: Step) -> Outcome:
        """Carry out one step."""
        outcome = Outcome()
        self._calls.lines.clear()
        try:
            getattr(self, f"_{step.verb}")(step, outcome)
        except TaskDied:
            outcome.died = True
        except TaskHangs:
            outcome.hangs = True
        outcome.log = list(self._calls.lines)
        if not (outcome.died or outcome.hangs):
            outcome.state = self._state()
        return outcome

    def known(self, step: Step) -> bool:
        """Whether the object that a step means has been allocated."""
        return step.verb in ("allocate", "free_no_slab", "destroy", "fill_and_destroy") or step.first in self._addresses

    def _start(self, cache: KmemCache) -> int:
        return next(self._starts, 0) if cache is self.victim else 0

    def _run(self, path: Path[Any]) -> None:
        self._calls.drive(path)

    # The verbs of ``error_script.STEPS``.

    def _allocate(self, step: Step, outcome: Outcome) -> None:
        got = [self._one(name) for name in range(step.first, step.last + 1)]
        outcome.got = got

    def _one(self, name: int) -> int:
        address = self._calls.alloc(self.victim, 0)
        place = self.machine.virt_to_slab(address)
        self._addresses[name] = address
        if place is None:
            return -1
        self._first = self._first or place[0]
        return place[0].index_of(place[1])

    def _free(self, step: Step, outcome: Outcome) -> None:
        cache = self.machine.caches[1] if step.other_cache else self.victim
        self._run(kmem_cache_free(self._calls.world, 0, cache, self._addresses[step.first] + step.plus))

    def _free_no_slab(self, step: Step, outcome: Outcome) -> None:
        address = self.machine.page_address(self.machine.config.first_pfn + PAGES // 2)
        self._run(kmem_cache_free(self._calls.world, 0, self.victim, address))

    def _write(self, step: Step, outcome: Outcome) -> None:
        self._fill(step, step.plus, 1, step.byte)

    def _write_before(self, step: Step, outcome: Outcome) -> None:
        self._fill(step, -1, 1, step.byte)

    def _write_behind(self, step: Step, outcome: Outcome) -> None:
        self._fill(step, self.victim.geometry.object_size, 1, step.byte)

    def _spoil_pointer(self, step: Step, outcome: Outcome) -> None:
        self._fill(step, self.victim.geometry.offset, 8, 0x41)

    def _fill(self, step: Step, offset: int, length: int, byte: int) -> None:
        address = self._addresses[step.first] + offset
        self._run(fill_bytes(self._calls.world, 0, address, length, byte, 0))

    def _destroy(self, step: Step, outcome: Outcome) -> None:
        self._run(kmem_cache_destroy(self._calls.world, 0, self.victim))

    def _fill_and_destroy(self, step: Step, outcome: Outcome) -> None:
        for name in range(len(self._addresses), step.last):
            self._one(name)
        self._destroy(step, outcome)

    # What can be seen afterwards.

    def _state(self) -> dict[str, Any]:
        c, node = self.victim.cpu_slab[0], self.victim.node
        slab = self._first
        state: dict[str, Any] = {
            "nr_slabs": node.nr_slabs, "nr_partial": node.nr_partial, "cpu_slab": int(c.slab is not None), "slab": None,
        }  # fmt: skip
        if slab is not None and self.machine.slabs.get(slab.id) is slab:
            shown: dict[str, Any] = {
                "inuse": slab.inuse, "objects": slab.objects, "frozen": int(slab.frozen),
                "slab_freelist": _chain(slab, slab.freelist),
            }  # fmt: skip
            if c.slab is slab:
                shown["cpu_freelist"] = _chain(slab, c.freelist)
            state["slab"] = shown
        return state


def _chain(slab: Slab, head: int) -> list[int | str]:
    """The first entries of a free list; ``wild`` where it leads nowhere, ``...`` where there is more."""
    shown: list[int | str] = []
    while head != NULL:
        if len(shown) == SHOWN:
            return [*shown, "..."]
        if not slab.is_object(head):
            return [*shown, "wild"]
        shown.append(slab.index_of(head))
        head = slab.links.get(head, NULL)
    return shown


def _permutation(script: Script) -> tuple[int, ...]:
    """The order in which a slab hands its objects out, as far as the recording tells, else by index."""
    objects = script.geometry["objects"]
    order: dict[int, None] = dict.fromkeys(script.steps[0].got or ())
    slab = (script.steps[0].state or {}).get("slab")
    for name in ("cpu_freelist", "slab_freelist"):
        chain = slab.get(name) if isinstance(slab, dict) else None
        entries = chain if isinstance(chain, list) else []
        order.update(dict.fromkeys(entry for entry in entries if type(entry) is int))
    for step in script.steps[1:]:
        order.update(dict.fromkeys(step.got or ()))
    known = [index for index in order if 0 <= index < objects]
    rest = [index for index in range(objects) if index not in order]
    return tuple(known + rest) if objects > 1 else ()


def _starts(script: Script, sequence: tuple[int, ...]) -> Iterator[int]:
    """Where the chains of further slabs start: with what was handed out when there was one more of them."""
    yield 0
    slabs = 1
    for step in script.steps:
        number = (step.state or {}).get("nr_slabs")
        if type(number) is int and number > slabs and step.got:
            slabs = number
            yield sequence.index(step.got[0]) if step.got[0] in sequence else 0


def _keep_for_the_kernel(zone: Zone) -> None:
    """Make all memory unmovable, as where the kernel has taken it long ago: slabs then get the lowest pages first."""
    for order, blocks in enumerate(zone.free):
        for pfn in list(blocks):
            zone.unlink(pfn, order)
            zone.put(pfn, order, UNMOVABLE, head=False)
    zone.pageblocks = bytearray((UNMOVABLE,)) * len(zone.pageblocks)


def _first_pfn(script: Script) -> int:
    """The page frame of the first slab, from the address of its page struct in the log."""
    for step in script.steps:
        for line in step.log:
            if found := SLAB.match(line):
                pfn, rest = divmod(int(found[1], 16) - STRUCT_PAGES, 64)
                if rest == 0 and 0 < pfn < 1 << 24:
                    return pfn
    return FIRST_PFN
