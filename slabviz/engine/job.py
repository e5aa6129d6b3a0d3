"""What is known while a program runs: the job, its names, the objects it holds, and the stage it shares with others."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from slabviz.engine.engine import Engine
from slabviz.engine.identities import Identities, Identity
from slabviz.engine.oom import OomKiller
from slabviz.engine.program import Texts
from slabviz.engine.task import Task
from slabviz.engine.workload import Workload
from slabviz.errors import Place, RuntimeStepError
from slabviz.model.cpu import ContextKind
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.slab import Slab
from slabviz.model.zone import Block

OWNED_BY_ASKER = frozenset(("pid", "device", ""))
"""Kinds of caches whose objects belong to who asks for them, unless the step says otherwise."""


@dataclass(slots=True, eq=False)
class Handle:
    """An object as programs know it. ``slab`` is None when the allocation gave NULL."""

    owner: Identity
    slab: Slab | None
    offset: int
    kmalloc: bool
    taken_at: int
    freed: tuple[int, Place, str] | None = None
    """The tick, step and job that freed it."""
    listed: bool = False
    """Whether it has been in a queue."""
    referenced: bool = False
    """Used again since it was put into a queue for the first time (``I_REFERENCED``)."""


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
class Stage:
    """Everything that the jobs of one run share."""

    engine: Engine
    workload: Workload
    caches: dict[str, KmemCache]
    kmalloc_cache: Callable[[int], KmemCache]
    """The cache for a kmalloc of so many bytes (1 … 8192)."""
    identities: Identities
    queues: dict[str, LiveQueue]
    softirqs: dict[str, int] = field(default_factory=dict)
    """Actors of the softirqs."""
    counters: dict[str, int] = field(default_factory=dict)
    said: list[tuple[int, Texts]] = field(default_factory=list)
    """(tick, texts) of ``say`` steps."""
    words: list[str] = field(default_factory=list)
    """Words of MARK events by number."""
    moving: int = 0
    """Tasks that are neither over nor asleep at a queue."""
    oom: OomKiller | None = None
    """Who is told of tasks that begin and end."""

    @property
    def running(self) -> bool:
        """Whether new work is still begun."""
        return self.engine.now <= self.workload.duration

    def word(self, text: str) -> int:
        """The number of a word in MARK events."""
        if text not in self.words:
            self.words.append(text)
        return self.words.index(text)

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

    @property
    def actor(self) -> int:
        """Its number in the cast."""
        return self.identity.actor

    @property
    def may_sleep(self) -> bool:
        """Process context with interrupts on."""
        return self.context is ContextKind.PROCESS and self.irqs_off is None

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

    def uniform(self, low: int, high: int) -> int:
        """A whole number from low to high."""
        return low + int(self.chance.random() * (high - low + 1))

    def poisson(self, mean: int) -> int:
        """A waiting time of at least 1."""
        return 1 + int(self.chance.expovariate(1.0 / mean))
