"""The programs that the engine runs: what a scenario's tasks, interrupt handlers and softirqs do, as plain data.

A program is a tuple of steps. Each step is a frozen dataclass named after the word of the scenario language, carries
the ``place`` it was written at, and says nothing about how it is carried out: that is ``engine/interpreter.py``.
Times are ticks, sizes bytes. Names of objects (*handles*), lists and variables belong to one running job; queues and
counters are shared by all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from slabviz.engine.driver_program import (
    Argument,
    Detach,
    DevKmalloc,
    DevmKfree,
    DevmKmalloc,
    Krealloc,
    RaiseIrq,
    Read,
    ScheduleWork,
    SpinLock,
    SpinUnlock,
    Write,
)
from slabviz.engine.values import Const, Value
from slabviz.errors import Place

Body: TypeAlias = tuple["Step", ...]
Texts: TypeAlias = tuple[tuple[str, str], ...]
"""What is said, by language: ``(("en", "Quiet"), ("zh", "平静"))``."""

PICKS = ("first", "last", "oldest", "random")
"""How a step takes one of several objects; ``first`` and ``last`` by place, ``oldest`` by the tick of its
allocation."""

ANY_CPU = -1
"""``cpu: any``: the CPU with the fewest tasks, the lowest number first."""
SAME_CPU = -2
"""``cpu: here``: the CPU of the task that starts the new one."""

ONE = Const(1)

MOST_TUNED = 10_000
"""The largest min_partial or cpu_partial that a program may write."""

SELF = "self"
NEW = "new"
"""Whose an object is: the task that asks, or somebody new (a child, an inode, a packet); else a handle's owner."""


@dataclass(frozen=True, slots=True)
class Alloc:
    """``kmem_cache_alloc``: ``bind`` names the object, or ``into`` adds it to a list; NULL binds an empty handle.

    ``owner`` is SELF, NEW, a handle, or None (what the cache's kind says); new owners take ``names`` in turn.
    """

    place: Place
    cache: str
    gfp: int
    bind: str | None
    into: str | None
    owner: str | None
    names: tuple[str, ...]
    mistake: str | None = None


@dataclass(frozen=True, slots=True)
class Kmalloc:
    """``kmalloc``: as Alloc, the cache chosen by ``size`` in bytes."""

    place: Place
    size: Value
    gfp: int
    bind: str | None
    into: str | None
    owner: str | None
    names: tuple[str, ...]
    mistake: str | None = None


@dataclass(frozen=True, slots=True)
class Free:
    """``kmem_cache_free`` of a handle, or of one object of a list; ``cache`` None is the object's own."""

    place: Place
    object: str | None
    source: str | None
    pick: str
    mistake: str | None = None
    cache: str | None = None


@dataclass(frozen=True, slots=True)
class Kfree(Free):
    """``kfree``: as Free, the cache found from the object."""


@dataclass(frozen=True, slots=True)
class DevKfree(Free):
    """``dev_kfree``: back to the header, whose magic number is checked; the whole block is freed."""


@dataclass(frozen=True, slots=True)
class RcuFree(Free):
    """``call_rcu``: the object is freed by the RCU softirq of this CPU after a grace period."""


@dataclass(frozen=True, slots=True)
class BulkAlloc:
    """``kmem_cache_alloc_bulk``: ``count`` objects at once into a list, or none."""

    place: Place
    cache: str
    count: Value
    gfp: int
    into: str
    owner: str | None
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BulkFree:
    """``kmem_cache_free_bulk``: the last ``count`` objects of a list (all without it) at once."""

    place: Place
    source: str
    count: Value | None


@dataclass(frozen=True, slots=True)
class Wait:
    """The CPU is busy for some ticks; interrupts may come, other tasks of this CPU may not run."""

    place: Place
    ticks: Value


@dataclass(frozen=True, slots=True)
class Sleep:
    """The task gives its CPU away for some ticks."""

    place: Place
    ticks: Value


@dataclass(frozen=True, slots=True)
class Use:
    """The task works with an object for some ticks; meanwhile its CPU is free for the others."""

    place: Place
    object: str
    ticks: Value


@dataclass(frozen=True, slots=True)
class Repeat:
    """``body`` again and again: ``times``, or while ``condition`` holds, or (both None) for ever."""

    place: Place
    times: Value | None
    condition: Value | None
    body: Body


@dataclass(frozen=True, slots=True)
class If:
    """``then`` or ``otherwise``."""

    place: Place
    condition: Value
    then: Body
    otherwise: Body


@dataclass(frozen=True, slots=True)
class Branch:
    """One way of a Choose and how likely it is, relative to the others."""

    place: Place
    weight: int
    body: Body


@dataclass(frozen=True, slots=True)
class Choose:
    """One of several ways, drawn by weight."""

    place: Place
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class IfNull:
    """``body`` if the allocation behind a handle gave NULL."""

    place: Place
    object: str
    body: Body


@dataclass(frozen=True, slots=True)
class Call:
    """Run another program here, with names of its own."""

    place: Place
    program: str
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Start:
    """Start a program as a new task; ``owner`` is the handle whose owner the task is (fork: the child's
    task_struct)."""

    place: Place
    program: str
    name: str | None
    cpu: int
    arguments: tuple[Argument, ...]
    owner: str | None


@dataclass(frozen=True, slots=True)
class Exit:
    """The job ends here, wherever it is."""

    place: Place


@dataclass(frozen=True, slots=True)
class Return:
    """The program called last ends here."""

    place: Place


@dataclass(frozen=True, slots=True)
class Put:
    """Hand objects over: one entry of a queue. A full queue: ``if_full``, or the task sleeps until there is room."""

    place: Place
    objects: tuple[str, ...]
    queue: str
    if_full: Body | None


@dataclass(frozen=True, slots=True)
class Take:
    """Take one entry of a queue. An empty queue: ``if_empty``, or the task sleeps until there is one."""

    place: Place
    queue: str
    names: tuple[str, ...]
    pick: str
    if_empty: Body | None


@dataclass(frozen=True, slots=True)
class Let:
    """Give names to numbers; later entries may use earlier ones."""

    place: Place
    values: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class IrqOff:
    """``local_irq_save``: interrupts of this CPU wait until IrqOn."""

    place: Place


@dataclass(frozen=True, slots=True)
class IrqOn:
    """``local_irq_restore``."""

    place: Place


@dataclass(frozen=True, slots=True)
class RaiseSoftirq:
    """``raise_softirq``: it runs on this CPU after the interrupt."""

    place: Place
    softirq: str


@dataclass(frozen=True, slots=True)
class Shrink:
    """``kmem_cache_shrink``."""

    place: Place
    cache: str


@dataclass(frozen=True, slots=True)
class Touch:
    """Use so many more pages of the program's own memory: they are given back when the task ends."""

    place: Place
    pages: Value


@dataclass(frozen=True, slots=True)
class Create:
    """``kmem_cache_create`` of a cache that is not there at boot."""

    place: Place
    cache: str


@dataclass(frozen=True, slots=True)
class Destroy:
    """``kmem_cache_destroy``; with ``mistake`` objects must be left, without it none may be."""

    place: Place
    cache: str
    mistake: str | None


@dataclass(frozen=True, slots=True)
class Tune:
    """Write sysfs ``min_partial`` (slabs) or ``cpu_partial`` (objects)."""

    place: Place
    cache: str
    min_partial: Value | None
    cpu_partial: Value | None


@dataclass(frozen=True, slots=True)
class CpuOffline:
    """``cpu_down``: a CPU stops, its tasks go elsewhere, and what it had of each cache goes to the node."""

    place: Place
    cpu: int


@dataclass(frozen=True, slots=True)
class CpuOnline:
    """``cpu_up``."""

    place: Place
    cpu: int


@dataclass(frozen=True, slots=True)
class Say:
    """Tell the reader something now."""

    place: Place
    texts: Texts


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the reader something now; what is asked, and how its answer is found, is not for programs to know."""

    place: Place
    question: object


@dataclass(frozen=True, slots=True)
class MarkTick:
    """Put a named mark on the timeline (``mark:``)."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Count:
    """Add to a counter that expectations can look at."""

    place: Place
    counter: str
    by: Value


@dataclass(frozen=True, slots=True)
class Assert:
    """The story stops with an error if this does not hold."""

    place: Place
    condition: Value
    message: str | None


Step: TypeAlias = (
    Alloc | Kmalloc | Free | Kfree | RcuFree | BulkAlloc | BulkFree | Wait | Sleep | Use | Repeat | If | Choose
    | IfNull | Create | Destroy | Tune | CpuOffline | CpuOnline | Call | Start | Exit | Return | Put | Take | Let
    | Touch | IrqOff | IrqOn | RaiseSoftirq | Shrink | Say | Ask | MarkTick | Count | Assert | Krealloc | SpinLock
    | SpinUnlock | ScheduleWork | RaiseIrq | DevKmalloc | DevKfree | DevmKmalloc | DevmKfree | Detach | Write | Read
)  # fmt: skip
