"""Who runs when. ``tick`` is the whole of it: interrupts arrive, sleepers wake, then every CPU takes at most one step.

The engine owns the machine at the head of the log. It applies every event at once and logs it; nothing else changes the
machine. All chance comes from named streams of one seed.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heappop, heappush
from itertools import count

from slabviz.engine.agent import Agent
from slabviz.engine.interrupts import Arrivals, Handler, Schedule, Source
from slabviz.engine.rcu import GRACE_PERIOD, Rcu
from slabviz.engine.streams import Streams, Turns
from slabviz.engine.task import Task
from slabviz.engine.waits import Path, Work
from slabviz.errors import ModelError
from slabviz.model.cast import Cast
from slabviz.model.events import APPLY, Event, Kind
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.lock import DEAD, NOBODY, Lock
from slabviz.model.log import EventLog
from slabviz.model.machine import Machine, MachineConfig
from slabviz.slub.deactivate import flush_cpu_slab
from slabviz.slub.world import FlushCpus, World


class Panicked(Exception):
    """Ends the tick in which the machine stops."""


class Engine:
    """A machine and everything that runs on it. Add tasks and interrupts, then call ``tick``.

    Tick 0 is the boot: what is done before the first ``tick`` is logged there.
    """

    def __init__(self, config: MachineConfig, seed: int = 0, grace_period: int = GRACE_PERIOD) -> None:
        self.config = config
        self.machine = Machine.boot(config)
        self.log = EventLog()
        self.log.begin_tick()
        self.cast = Cast()
        self.streams = Streams(seed)
        self.world = World(self.machine, self._first_object, detail=True, jiffies=lambda: self.now, pid=self._pid)
        self.now = 0
        self.handlers: dict[int, Handler] = {}
        """What interrupts and softirqs run, by actor."""
        self.agents = [Agent(self, cpu) for cpu in self.machine.cpus]
        self.tasks: dict[int, Task] = {}
        """All that are not over, by actor."""
        self.schedule = Schedule()
        self.rcu = Rcu(self, config.cpus, grace_period)
        self._sources: dict[int, Source] = {}
        self._turns = Turns(self.agents, self.streams.stream("turns"))
        self._tail = self.log.tail
        self._sleepers: list[tuple[int, int, Task]] = []
        self._order = count()
        self._flushes: dict[int, tuple[Task, list[int]]] = {}
        self._busy = 0
        self.stuck: set[int] = set()
        """CPUs that will never go on (``Kind.STUCK``)."""
        self.panicked = False
        self.reclaiming: set[int] = set()
        """Actors of tasks that are on the slow way to memory."""

    # What a run is made of.

    def start(self, cpu: int, actor: int, work: Work[None], *, daemon: bool = False) -> Task:
        """A new task on a CPU, ready to run (``wake_up_new_task``)."""
        task = Task(actor, cpu, work, daemon)
        self._busy += not daemon
        self.tasks[actor] = task
        self.commit((Kind.TASK_START, cpu, 0, 0, actor))
        self.agents[cpu].ready.append(task)
        return task

    def interrupt(
        self, actor: int, cpus: tuple[int, ...], arrivals: Arrivals, handler: Handler, until: int | None = None
    ) -> None:
        """A source of interrupts; ``handler(cpu)`` makes what runs when one is taken."""
        stream = self.streams.stream(f"interrupt:{self.cast[actor].name}")
        source = Source(actor, cpus, handler, arrivals(stream), stream, until)
        self.handlers[actor] = handler
        self._sources[actor] = source
        self.schedule.add(source)

    def raise_interrupt(self, actor: int, after: int) -> None:
        """One interrupt of a source by hand, ``after`` ticks from now."""
        self.schedule.raise_at(self._sources[actor], self.now + after)

    def softirq(self, actor: int, handler: Handler) -> None:
        """What the softirq of this actor runs."""
        self.handlers[actor] = handler

    def raise_softirq(self, cpu: int, actor: int) -> Path[None]:
        """``raise_softirq``: it runs on this CPU as soon as no interrupt is being handled; raising twice runs it
        once."""
        waiting = self.agents[cpu].softirqs
        if actor not in waiting:
            waiting.append(actor)
        yield (Kind.SOFTIRQ_RAISE, cpu, 0, 0, actor)

    # Time.

    def tick(self) -> None:
        """The smallest step of the clock: each CPU takes at most one step, in an order drawn by chance."""
        if self.panicked:
            return
        self.now += 1
        self.log.begin_tick()
        if self.schedule.next_tick <= self.now:
            self._raise_interrupts()
        if self.rcu.waiting or self.machine.rcu_slabs:
            self.rcu.tick()
        if self._sleepers:
            self._wake_sleepers()
        try:
            for agent in self._turns.draw():
                agent.turn()
        except Panicked:
            self.panicked = True

    @property
    def quiet(self) -> bool:
        """Whether nothing is left to do but for daemons: all tasks over, nothing pending, no grace period under way.

        So it is when the machine has stopped, and when every CPU that has something to do is stuck.
        """
        return (
            self.panicked
            or self.over_but_for_the_stuck
            or (
                self._busy == 0
                and not self.rcu.waiting
                and not self.schedule
                and all(not agent.broken_in and not agent.softirqs and not agent.cpu.pending for agent in self.agents)
            )
        )

    @property
    def over_but_for_the_stuck(self) -> bool:
        """Whether some CPU is stuck, and the others have nothing to do and nothing to wait for."""
        if not self.stuck or self._sleepers or self.schedule:
            return False
        return all(agent.idle and not agent.broken_in for agent in self.agents if not agent.stuck)

    def run_now(self, work: Path[None]) -> None:
        """Run a path to its end within this tick: for what happened before the story begins."""
        for step in work:
            if type(step) is tuple:
                self.commit(step)
            elif type(step) is list:
                self.commit_all(step)

    # What agents and programs call.

    def commit(self, event: Event) -> None:
        """Apply an event and log it."""
        kind, cpu, slab, arg, who = event
        APPLY[kind](self.machine, cpu, slab, arg, who)
        self._tail.extend(event)

    def hangs(self, event: Event) -> None:
        """What runs on a CPU will never go on: the CPU is lost to the others too."""
        self.stuck.add(event[1])
        self.commit(event)

    def oops(self, task: Task, event: Event) -> None:
        """A task dies where it stands, holding what it holds (``make_task_dead``); or the machine stops."""
        if self.config.panic_on_oops:
            self.panic(event)
        self.commit(event)
        task.work.close()
        task.over = True
        self._busy -= not task.daemon
        del self.tasks[task.actor]
        self.agents[task.cpu].task = None

    def panic(self, event: Event) -> None:
        """The machine stops: an event of the story, the last one."""
        self.commit((Kind.PANIC, *event[1:]))
        raise Panicked

    def commit_all(self, events: Iterable[Event]) -> None:
        """Several events of one atomic step."""
        for event in events:
            self.commit(event)

    def sleep(self, task: Task, ticks: int) -> None:
        """The task sleeps for at least one tick."""
        heappush(self._sleepers, (self.now + max(ticks, 1), next(self._order), task))

    def wake(self, task: Task) -> None:
        """A blocked task becomes ready (``wake_up_process``); a task that is not blocked is left alone."""
        if task.waiting:
            task.waiting = False
            self.ready(task)

    def ready(self, task: Task) -> None:
        """The task may run: on its CPU, or where that takes no more tasks on another one (``select_fallback_rq``)."""
        if task.at_rest and self.agents[task.cpu].leaving:
            task.cpu = self.first_online()
        self.agents[task.cpu].ready.append(task)

    def interrupt_sleep(self, task: Task) -> None:
        """A task that sleeps for some ticks is ready at once: a fatal signal has come."""
        if any(sleeper is task for _, _, sleeper in self._sleepers):
            self._sleepers = [entry for entry in self._sleepers if entry[2] is not task]
            heapify(self._sleepers)
            self.ready(task)

    def in_vain(self) -> list[str]:
        """Who cannot go on by himself, in words: what spins for a lock, and what asks for memory in vain."""
        found = []
        for cpu in self.machine.cpus:
            name = self.cast[cpu.top.actor].name
            waits = [lock for lock in self.machine.locks() if cpu.id in lock.waiters]
            found += [f"CPU{cpu.id}: {name} spins for {self._lock_and_holder(lock)}" for lock in waits]
            if cpu.id in self.stuck and not waits:
                found.append(f"CPU{cpu.id}: {name} walks a freelist in circles")
        for context in self.machine.contexts():
            if context.call is not None and context.call[0] == Kind.ALLOC_ENTER and context.actor in self.reclaiming:
                cache = self.machine.caches[context.call[1]].name
                found.append(f"{self.cast[context.actor].name} asks for memory for {cache}")
        return found

    def _lock_and_holder(self, lock: Lock) -> str:
        called = self.machine.lock_name(lock)
        if lock.holder == DEAD:
            return f"{called}, which died with the task that held it"
        return called if lock.holder == NOBODY else f"{called}, which CPU{lock.holder} holds"

    def first_online(self) -> int:
        """The lowest CPU that takes work."""
        return next(agent.cpu.id for agent in self.agents if not agent.leaving)

    def take_down(self, waiter: Task, cpu: int) -> None:
        """A CPU is to go offline (``cpu_down``); the caller sleeps until nothing runs there any more."""
        waiter.waiting = True
        self.agents[cpu].leave(waiter)

    def bring_up(self, cpu: int) -> Path[None]:
        """An offline CPU runs again (``cpu_up``)."""
        self.agents[cpu].come_back()
        yield (Kind.CPU_ONLINE, cpu, 0, 0, 0)

    def ended(self, task: Task) -> None:
        """A task has come to its end (``do_exit``)."""
        self._busy -= not task.daemon
        del self.tasks[task.actor]
        self.commit((Kind.TASK_EXIT, task.cpu, 0, 0, task.actor))
        flush = self._flushes.pop(task.actor, None)
        if flush is not None:
            waiter, left = flush
            left[0] -= 1
            if not left[0]:
                self.wake(waiter)

    def flush_cpus(self, waiter: Task, cache: KmemCache) -> None:
        """``flush_all_cpus_locked``: a kworker on every CPU that has something; the caller sleeps until all are
        done."""
        busy = [cpu for cpu, c in enumerate(cache.cpu_slab) if c.slab is not None or c.partial]
        if not busy:
            self.sleep(waiter, 1)
            return
        waiter.waiting = True
        left = [len(busy)]
        for cpu in busy:
            actor = self.cast.enter("pid", f"w{cpu}", f"kworker/{cpu}")
            self._flushes[actor] = (waiter, left)
            self.start(cpu, actor, flush_cpu_slab(self.world, cpu, cache))

    def sleeps_in_atomic_context(self, cpu: int, step: object) -> ModelError:
        """What is wrong when a handler asks to sleep."""
        what = "a flush of all CPUs" if isinstance(step, FlushCpus) else type(step).__name__
        name = self.cast[self.machine.cpus[cpu].top.actor].name
        return ModelError(f"tick {self.now}, CPU{cpu}: {name} must not sleep, but asks for {what}")

    def _raise_interrupts(self) -> None:
        for source in self.schedule.due(self.now):
            target = source.target()
            if not self.machine.cpus[target].online:
                target = self.first_online()
            self.commit((Kind.IRQ_RAISE, target, 0, 0, source.actor))

    def _wake_sleepers(self) -> None:
        sleepers = self._sleepers
        while sleepers and sleepers[0][0] <= self.now:
            self.ready(heappop(sleepers)[2])

    def _pid(self, actor: int) -> int:
        """The number of a process; the kernel's own workers are known by their place in the cast."""
        who = self.cast[actor]
        return int(who.mark) if who.kind == "pid" and who.mark.isdigit() else actor

    def _first_object(self, cache: KmemCache) -> int:
        return int(self.streams.stream(f"cache:{cache.name}").random() * len(cache.random_seq))
