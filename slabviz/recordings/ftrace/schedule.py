"""Who stepped when, as comments at the end of a trace: what its lines leave open where calls of a cache overlapped.

::

    # slabviz overlaps: 2 in 96 lines
    # slabviz steps: 1312@0*3 1309@1*4 1312@0*2
    # slabviz steps: 1400@0*5 1398@0*3,
    # slabviz steps: 1400@0*2/
    # slabviz begun: 1400@0 kmem_cache_alloc gfp_flags=GFP_KERNEL name=vm_area_struct
    # slabviz slabs: 1312@0=4:7
    # slabviz dead: 1710@0=4:2

Each group of calls of one cache that were under way at the same time is one list of stretches, in the order in which
they happened; a comma carries it on in the next comment. ``1312@0*3`` is three steps of the call whose line stands at
microsecond 1312 on CPU 0; ``/`` after it says that the trace ends before the call does. A call that has no line, since
the trace ends before it, is named by the moment at which it began, and ``begun`` says what was asked for. ``slabs``
are the calls that made a slab: for the cache with number 4 (no line of an allocation names its cache), and with the
number that chance gave, where in the cache's permutation the chain begins (-1: in the order of addresses). ``dead``:
at that moment CPU 0 gave what CPU 2, which had gone offline, had of the cache with number 4 back to the node.
No object that was handed out is told here, and no list that a slab came from: those are the model's to find.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from slabviz.model.events import Event, Kind
from slabviz.model.gfp import gfp_flags_text, gfp_of_text

OF_SLABS = frozenset(
    {
        Kind.ALLOC_FASTPATH, Kind.LOAD_FREELIST, Kind.FREE_FASTPATH, Kind.FREE_FROZEN, Kind.FREE_TO_PARTIAL,
        Kind.CPU_PARTIAL_FREE, Kind.SLAB_PAGES, Kind.SHUFFLE, Kind.ALLOC_SLAB, Kind.INSTALL_SLAB, Kind.ALLOC_REFILL,
        Kind.DEACTIVATE_BYPASS, Kind.CPU_PARTIAL_ALLOC, Kind.ALLOC_FROM_PARTIAL, Kind.CPU_PARTIAL_NODE,
        Kind.PUT_CPU_PARTIAL, Kind.CPUSLAB_FLUSH, Kind.DEACTIVATE_TO_HEAD, Kind.DEACTIVATE_TO_TAIL,
        Kind.DEACTIVATE_FULL, Kind.DEACTIVATE_EMPTY, Kind.UNFREEZE_PARTIAL, Kind.UNFREEZE_EMPTY,
        Kind.FREE_REMOVE_PARTIAL, Kind.DISCARD_SLAB, Kind.DISCARD_SLAB_RCU, Kind.FREE_ENTER, Kind.FREE_SLOWPATH,
        Kind.CMPXCHG_DOUBLE_FAIL, Kind.FREEZE_SLAB, Kind.UNFREEZE_SLAB, Kind.DEBUG_ALLOC, Kind.DEBUG_ALLOC_NEW,
        Kind.DEBUG_FREE_FULL, Kind.ADD_FULL, Kind.CPU_PARTIAL_DRAIN, Kind.CMPXCHG_DOUBLE_CPU_FAIL, Kind.ALLOC_ENTER,
        Kind.ALLOC_SLOWPATH, Kind.ALLOC_FAILED, Kind.ORDER_FALLBACK, Kind.ALLOC_NODE,
    }
)  # fmt: skip
OF_LOCKS = frozenset({Kind.LOCK, Kind.LOCK_WAIT, Kind.UNLOCK})
OF_INTERRUPTS = frozenset({Kind.IRQ_OFF, Kind.IRQ_ON})

MARK = "# slabviz "
A_LINE = 12
"""Stretches in a comment line."""


def counts(event: Event, lock: int) -> bool:
    """Whether an event of a call makes its step one that is counted: it touches what calls of its cache share.

    ``lock`` is the number of the cache's list_lock. Steps for pages are not counted: a trace names the pages.
    """
    kind = event[0]
    return kind in OF_SLABS or kind in OF_INTERRUPTS or (kind in OF_LOCKS and event[2] == lock)


class Key(NamedTuple):
    """Names a call by its line: microseconds and CPU (no CPU writes two lines of calls in one tick)."""

    time: int
    cpu: int

    def __str__(self) -> str:
        return f"{self.time}@{self.cpu}"


class Stretch(NamedTuple):
    """A call makes so many steps; ``cut`` when nothing more of it is told."""

    call: Key
    steps: int
    cut: bool = False

    def __str__(self) -> str:
        return f"{self.call}*{self.steps}{'/' if self.cut else ''}"


class Begun(NamedTuple):
    """What a call without a line was asked for: ``address`` is that of a free, ``gfp`` that of an allocation."""

    call: Key
    cache: str
    gfp: int = 0
    address: int = 0

    def __str__(self) -> str:
        asked = f"free ptr={self.address:016x}" if self.address else f"alloc gfp_flags={gfp_flags_text(self.gfp)}"
        return f"{self.call} kmem_cache_{asked} name={self.cache}"


class Made(NamedTuple):
    """A new slab: the number of its cache, and where in the permutation its chain begins (-1: there is none)."""

    cache: int
    start: int


class Dead(NamedTuple):
    """A CPU that has gone offline is cleaned up for a cache: ``at`` says when, and by which CPU."""

    at: Key
    cache: int
    cpu: int

    def __str__(self) -> str:
        return f"{self.at}={self.cache}:{self.cpu}"


Group = list[Stretch]
STRETCH = re.compile(r"(\d+)@(\d+)\*(\d+)(/?)", re.ASCII)
BEGUN = re.compile(
    r"(\d+)@(\d+) kmem_cache_(?:alloc gfp_flags=(?P<gfp>[\w|]+)|free ptr=(?P<ptr>[0-9a-f]{16})) name=(?P<name>\S.*)",
    re.ASCII,
)


OVERLAPS = re.compile(r"(\d+) in (\d+) lines", re.ASCII)
MADE = re.compile(r"(\d+)@(\d+)=(\d+):(-1|\d+)", re.ASCII)


@dataclass(slots=True)
class Schedule:
    """``promised`` groups there should be, in so many ``lines``; the rest is what is there."""

    promised: int = 0
    lines: int = 0
    groups: list[Group] = field(default_factory=list)
    slabs: dict[Key, Made] = field(default_factory=dict)
    begun: list[Begun] = field(default_factory=list)
    dead: list[Dead] = field(default_factory=list)
    _open: bool = False

    @property
    def whole(self) -> bool:
        """Whether all groups are there, to their ends."""
        return not self._open and self.promised == len(self.groups)

    def read(self, comment: str) -> bool:
        """Take in a comment of a trace, from after MARK on; False when it is not as it should be."""
        kind, _, rest = comment.partition(": ")
        readers = {
            "overlaps": self._overlaps, "steps": self._steps, "begun": self._begun, "slabs": self._made,
            "dead": self._dead,
        }  # fmt: skip
        read = readers.get(kind)
        return read is not None and read(rest)

    def _overlaps(self, rest: str) -> bool:
        found = OVERLAPS.fullmatch(rest)
        if found:
            self.promised, self.lines = int(found[1]), int(found[2])
        return found is not None

    def _steps(self, rest: str) -> bool:
        found = [STRETCH.fullmatch(word) for word in rest.removesuffix(",").split(" ")]
        stretches = [
            Stretch(Key(int(one[1]), int(one[2])), int(one[3]), bool(one[4])) for one in found if one and int(one[3])
        ]
        if self._open:
            self.groups[-1].extend(stretches)
        else:
            self.groups.append(stretches)
        self._open = rest.endswith(",")
        return len(stretches) == len(found)

    def _made(self, rest: str) -> bool:
        found = [MADE.fullmatch(word) for word in rest.split(" ")]
        self.slabs |= {Key(int(one[1]), int(one[2])): Made(int(one[3]), int(one[4])) for one in found if one}
        return all(found)

    def _dead(self, rest: str) -> bool:
        found = [MADE.fullmatch(word) for word in rest.split(" ")]
        self.dead += [Dead(Key(int(one[1]), int(one[2])), int(one[3]), int(one[4])) for one in found if one]
        return all(found)

    def _begun(self, rest: str) -> bool:
        found = BEGUN.fullmatch(rest)
        try:
            gfp = gfp_of_text(found["gfp"] or "") if found and found["gfp"] else 0
        except ValueError:
            return False
        if found:
            key = Key(int(found[1]), int(found[2]))
            self.begun.append(Begun(key, found["name"], gfp, int(found["ptr"] or "0", 16)))
        return found is not None


def comments(schedule: Schedule) -> Iterator[str]:
    """The comment lines of a schedule, without their ends."""
    yield f"{MARK}overlaps: {len(schedule.groups)} in {schedule.lines} lines"
    for group in schedule.groups:
        for at in range(0, len(group), A_LINE):
            more = "," if at + A_LINE < len(group) else ""
            yield f"{MARK}steps: {' '.join(map(str, group[at : at + A_LINE]))}{more}"
    for one in schedule.begun:
        yield f"{MARK}begun: {one}"
    for one_more in schedule.dead:
        yield f"{MARK}dead: {one_more}"
    slabs = [f"{key}={made.cache}:{made.start}" for key, made in schedule.slabs.items()]
    for at in range(0, len(slabs), A_LINE):
        yield f"{MARK}slabs: {' '.join(slabs[at : at + A_LINE])}"
