"""What is known while a program runs: the job, its names, the objects it holds, and the stage it shares with others."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from heapq import heappop, heappush
from random import Random

from slabviz.engine.call_site import call_site
from slabviz.engine.engine import Engine
from slabviz.engine.identities import Identities, Identity
from slabviz.engine.oom import OomKiller
from slabviz.engine.program import Texts
from slabviz.engine.task import Task
from slabviz.engine.workload import Workload
from slabviz.errors import Place, RuntimeStepError
from slabviz.model.cpu import ContextKind
from slabviz.model.events import Event, Kind
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.slab import Slab
from slabviz.model.zone import Block
from slabviz.slub.kmalloc import ksize
from slabviz.slub.world import NULL_POINTER

OWNED_BY_ASKER = frozenset(("pid", "device", ""))
"""Kinds of caches whose objects belong to who asks for them, unless the step says otherwise."""


@dataclass(slots=True, eq=False)
class Handle:
    """A piece of memory as programs know it. ``source`` is the word of the step that took it."""

    owner: Identity
    source: str
    address: int
    """What the allocation returned; NULL_POINTER when it failed."""
    size: int
    """Bytes asked for."""
    taken_at: int
    slab: Slab | None = None
    """Where it lay when it was given; None for whole pages, NULL and ZERO_SIZE_PTR …"""
    offset: int = 0
    """… and the place in that slab."""
    header: int = 0
    """Bytes that lie in front of it in the block that kmalloc gave."""
    leak: Place | None = None
    """The step that promised that it will never be freed."""
    listed: bool = False
    """Whether it has been in a queue."""
    referenced: bool = False
    """Used again since it was put into a queue for the first time (``I_REFERENCED``)."""
    wrongly: bool = False
    """Whether it was freed by a call that is not for it."""
    freed: tuple[int, Place, str] | None = None
    """The tick, step and job that freed it."""

    @classmethod
    def null(cls, owner: Identity, now: int) -> Handle:
        """A handle of nothing."""
        return cls(owner, "", NULL_POINTER, 0, now)

    @property
    def is_null(self) -> bool:
        """Whether the allocation failed."""
        return self.address == NULL_POINTER


@dataclass(slots=True)
class Names:
    """The names of one program that runs; a called program has names of its own."""

    numbers: dict[str, int] = field(default_factory=dict)
    objects: dict[str, Handle] = field(default_factory=dict)
    lists: dict[str, list[Handle]] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class LiveQueue:
    """A queue: its entries, and the tasks that wait for one or for room."""

    limit: int
    entries: deque[tuple[Handle, ...]] = field(default_factory=deque)
    takers: deque[Task] = field(default_factory=deque)
    putters: deque[Task] = field(default_factory=deque)


@dataclass(slots=True, eq=False)
class KworkerPool:
    """The work items of one CPU: (the work, the names it begins with), and the kworker that carries them out."""

    items: deque[tuple[str, Names]] = field(default_factory=deque)
    task: Task | None = None


@dataclass(slots=True)
class Requests:
    """What the handlers of a device get whose interrupts somebody asked for: the one due first comes first."""

    _due: list[tuple[int, int, Names]] = field(default_factory=list)
    _order: int = 0

    def put(self, tick: int, names: Names) -> None:
        """An interrupt at this tick brings these names."""
        self._order += 1
        heappush(self._due, (tick, self._order, names))

    def get(self, now: int) -> Names:
        """The names for an interrupt that is taken now; none when nobody asked for it."""
        return heappop(self._due)[2] if self._due and self._due[0][0] <= now else Names()


@dataclass(slots=True, eq=False)
class LiveDevice:
    """A device: its number in the machine, who it is in the cast, and the devm_kmalloc blocks that it has."""

    number: int
    identity: Identity
    managed: list[Handle] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Stage:
    """Everything that the jobs of one run share."""

    engine: Engine
    workload: Workload
    caches: dict[str, KmemCache]
    """By each of their names: merged caches have several."""
    identities: Identities
    queues: dict[str, LiveQueue]
    softirqs: dict[str, int] = field(default_factory=dict)
    """Actors of the softirqs."""
    counters: dict[str, int] = field(default_factory=dict)
    said: list[tuple[int, Texts]] = field(default_factory=list)
    """(tick, texts) of ``say`` steps."""
    asked: list[tuple[int, object]] = field(default_factory=list)
    """(tick, question) of ``ask`` steps."""
    words: list[str] = field(default_factory=list)
    """Words of MARK and CALL_SITE events by number."""
    _sites: dict[tuple[str, int], int] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    """The steps that call the allocator, by the number of their word in CALL_SITE events."""
    irqs: dict[str, int] = field(default_factory=dict)
    """Actors of the interrupt sources."""
    requests: dict[int, Requests] = field(default_factory=dict)
    """What the handlers of each interrupt source get, by actor."""
    kworkers: list[KworkerPool] = field(default_factory=list)
    """What works off ``schedule_work``, by CPU."""
    devices: dict[str, LiveDevice] = field(default_factory=dict)
    leaks: list[Handle] = field(default_factory=list)
    """Memory that must never be freed, as its step promised."""
    moving: int = 0
    """Tasks that are neither over nor asleep at a queue."""
    alive: int = 0
    """Tasks of the scenario that have not ended, asleep or not."""
    ended_at: int | None = None
    """The tick from which on no new work is begun, where that is not the end of the workload's time."""
    oom: OomKiller | None = None
    """Who is told of tasks that begin and end."""

    @property
    def running(self) -> bool:
        """Whether new work is still begun."""
        return self.engine.now <= (self.workload.duration if self.ended_at is None else self.ended_at)

    def word(self, text: str) -> int:
        """The number of a word in MARK events."""
        if text not in self.words:
            self.words.append(text)
        return self.words.index(text)

    def call_site(self, function: str, place: Place) -> int:
        """The number of the word for a call of the allocator from a line of a program (``engine/call_site.py``)."""
        site = self._sites.get((function, place.line))
        if site is None:
            site = self._sites[function, place.line] = self.word(call_site(function, place.line))
            self.places.setdefault(site, place)
        elif self.places[site] is not place:  # two steps of one line: it is only known to be one of them
            self.places[site] = Place(place.file, place.line, 0)
        return site

    def wake(self, sleepers: deque[Task]) -> None:
        """Wake the task that has slept longest at a queue, if there is one."""
        if sleepers:
            self.moving += 1
            self.engine.wake(sleepers.popleft())


@dataclass(slots=True, eq=False)
class Job:
    """One program that runs: a task, an interrupt handler or a softirq. Values ask it for names and chance."""

    stage: Stage
    cpu: int
    identity: Identity
    context: ContextKind
    chance: Random
    names: Names = field(default_factory=Names)
    task: Task | None = None
    at: Place | None = None
    """The step that is carried out."""
    irqs_off: Place | None = None
    """The ``irq_off`` step that is in force."""
    killed: bool = False
    """It has been chosen by the OOM killer, and ends with its next step."""
    asleep_at: deque[Task] | None = None
    """The sleepers of a queue, while it is one of them."""
    pages: list[Block] = field(default_factory=list)
    """Pages that its program uses."""
    left: list[Names] = field(default_factory=list)
    """Names of the programs that were under way when it was killed."""
    function: str = ""
    """The program that is being carried out; empty: the job's own steps."""
    locks: dict[str, Place] = field(default_factory=dict)
    """Spinlocks it holds, each with the step that took it."""

    @property
    def actor(self) -> int:
        """Its number in the cast."""
        return self.identity.actor

    @property
    def may_sleep(self) -> bool:
        """Process context with interrupts on and no spinlock held."""
        return self.context is ContextKind.PROCESS and self.irqs_off is None and not self.locks

    @property
    def why_atomic(self) -> str:
        """Why it may not sleep, in words."""
        if self.locks:
            return f"spinlock `{next(reversed(self.locks))}` is held"
        return "interrupts are off" if self.irqs_off else "this is a handler or softirq"

    def calls_from(self, place: Place) -> Event:
        """The event that tells which line calls the allocator; it goes in one step with the call."""
        site = self.stage.call_site(self.function or self.identity.name, place)
        return (Kind.CALL_SITE, self.cpu, 0, site, self.actor)

    @property
    def user_pages(self) -> int:
        """How many pages its program uses."""
        return sum(1 << order for _, order in self.pages)

    def kill(self) -> None:
        """A fatal signal: whatever it sleeps for, it wakes up."""
        self.killed = True
        task, engine = self.task, self.stage.engine
        assert task is not None
        if self.asleep_at is not None:
            self.asleep_at.remove(task)
            self.asleep_at = None
            self.stage.moving += 1
            engine.wake(task)
        else:
            engine.interrupt_sleep(task)

    def error(self, place: Place | None, message: str) -> RuntimeStepError:
        """A step that cannot be carried out now."""
        return RuntimeStepError(message, place, self.stage.engine.now)

    # What values ask for (``values.Source``).

    def name(self, name: str) -> int:
        """The number a name stands for. Raises RuntimeStepError when it stands for none yet."""
        if name == "running":
            return int(self.stage.running)
        if name == "tick":
            return self.stage.engine.now
        if name == "cpu":
            return self.cpu
        if name not in self.names.numbers:
            raise self.error(self.at, f"`{name}` has no value yet")
        return self.names.numbers[name]

    def length(self, name: str) -> int:
        """Objects in a list of this job, or entries of a queue."""
        queue = self.stage.queues.get(name)
        return len(queue.entries) if queue is not None else len(self.names.lists.get(name, ()))

    def ksize(self, name: str) -> int:
        """Bytes that the holder of an object may use. Raises RuntimeStepError when there is no object."""
        handle = self.names.objects.get(name)
        if handle is None or handle.freed is not None:
            raise self.error(self.at, f'ksize: object "{name}" is not allocated')
        return ksize(self.stage.engine.machine, handle.address)

    def address(self, name: str) -> int:
        """Where a pointer points to, whether what lies there is still allocated or not; 0 for NULL.

        Raises RuntimeStepError when nothing has been bound to the name yet.
        """
        handle = self.names.objects.get(name)
        if handle is None:
            raise self.error(self.at, f'address: object "{name}" has not been allocated yet')
        return handle.address

    def uniform(self, low: int, high: int) -> int:
        """A whole number from low to high."""
        return low + int(self.chance.random() * (high - low + 1))

    def poisson(self, mean: int) -> int:
        """A waiting time of at least 1."""
        return 1 + int(self.chance.expovariate(1.0 / mean))
