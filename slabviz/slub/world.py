"""What a path may look at besides its arguments, and what it may yield.

A path is a generator. It reads the machine, decides, and yields; whoever drives it applies what was yielded at once and
goes on with it later. Two laws: one yield is one atomic step, and between a comparison and the exchange that depends on
it there is no yield. What was read before a yield is stale after it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar

from slabviz.model.events import Event
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import Machine

T = TypeVar("T")


@dataclass(slots=True, frozen=True)
class FlushCpus:
    """Request to whoever drives: run ``flush_cpu_slab`` of this cache on every CPU that has something, and wait.

    ``flush_all`` of the kernel does so by a work item per CPU, whose order is not defined.
    """

    cache: KmemCache


@dataclass(slots=True, frozen=True)
class Oops:
    """Request to whoever drives: apply ``event``, and never go on with this path: whoever runs it is dead."""

    event: Event


@dataclass(slots=True, frozen=True)
class Hangs:
    """Request to whoever drives: apply ``event``, and know that this path will only spin from here on."""

    event: Event


@dataclass(slots=True, frozen=True)
class SleepFor:
    """Request: sleep for so many ticks (at least one); other tasks of this CPU may run. Never in atomic context."""

    ticks: int


Step: TypeAlias = "Event | list[Event] | FlushCpus | Oops | Hangs | SleepFor | None"
"""An event, several that happen in one atomic step, a request, or None: the CPU spins."""
Path: TypeAlias = Generator[Step, None, T]

NULL_POINTER = 0
"""What an allocation returns when there is no memory; otherwise the object's address."""


class Pressure(Protocol):
    """What helps when memory is short, and is no part of the page allocator itself: reclaim, kswapd, the OOM killer."""

    def wake_kswapd(self, cpu: int, order: int, zone: int) -> Path[None]:
        """Let kswapd reclaim until the zones are above their high marks; it may be at it already."""
        ...

    def try_to_free_pages(self, cpu: int, order: int, gfp: int) -> Path[int]:
        """Direct reclaim by whoever runs on this CPU: pages freed."""
        ...

    def reclaimable(self, highest: int) -> int:
        """Pages that reclaim could still free in the zones up to this one."""
        ...

    def out_of_memory(self, cpu: int, order: int, gfp: int) -> Path[bool]:
        """Kill a task, or wait for one that is dying; False when that cannot help."""
        ...

    def is_victim(self, cpu: int) -> bool:
        """Whether what runs on this CPU has been chosen to die."""
        ...


def telling(event: Event, path: Path[T]) -> Path[T]:
    """A path whose first step tells of ``event`` too: what was asked for, without a tick of its own."""
    try:
        step = next(path)
    except StopIteration as end:
        yield event
        result: T = end.value
        return result
    if type(step) is tuple:
        yield [event, step]
    elif type(step) is list:
        yield [event, *step]
    else:
        yield event
        yield step
    return (yield from path)


@dataclass(slots=True)
class World:
    """A machine, and what only whoever runs it can know."""

    machine: Machine
    first_object: Callable[[KmemCache], int]
    """Where a new slab starts in its cache's permutation (random in the kernel), or -1 for address order."""
    detail: bool = False
    """Whether to yield the steps that change no result when nobody can come between: reads, locks, interrupts off."""
    jiffies: Callable[[], int] = lambda: 0
    """The clock that tracks are stamped with."""
    pid: Callable[[int], int] = lambda actor: actor
    """The pid of an actor; 0 for the idle loop."""
    pressure: Pressure | None = None
    """None: nothing can be reclaimed, and what does not fit is refused."""
    pages: Callable[[int, int], Path[bool]] | None = None
    """Who puts 2^order pages into the hand of a CPU instead of the page allocator: a trace that says which ones."""
