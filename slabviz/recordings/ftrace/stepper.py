"""Calls of one cache step by step, each in a context of its own, on the machine of that cache.

What a kernel could not do is impossible here: to break in where interrupts are off, to go on while something that broke
in has not ended, to take a lock that somebody holds.
"""

from __future__ import annotations

from slabviz.model.cpu import Context
from slabviz.model.events import APPLY, Event, Kind
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import Machine
from slabviz.model.slab import NULL
from slabviz.model.zone import Block
from slabviz.recordings.ftrace.calls import Call
from slabviz.recordings.ftrace.outcome import Outcome
from slabviz.recordings.ftrace.pages import any_block, taking
from slabviz.recordings.ftrace.running import Came, Running
from slabviz.recordings.ftrace.telling import TELLING
from slabviz.slub.world import Hangs, Oops, Path, Step, World


class Died(Exception):
    """What ran has died, or will only spin from here on: a trace of no real machine's."""


class Stepper:
    """The machine, and the calls that are under way on it."""

    def __init__(self, machine: Machine, outcome: Outcome) -> None:
        self.machine, self.outcome = machine, outcome
        self.cache: KmemCache = machine.caches[0]
        self.active: dict[int, Running] = {}
        """Calls that are under way, by the position of their line."""
        self._stepping: Running | None = None
        self._whole = World(machine, self._first_object, pages=self._pages)
        self._detail = World(machine, self._first_object, detail=True, pages=self._pages)

    def _step(self, running: Running) -> Came:
        cpu = running.call.op.cpu
        if not self._may_step(cpu, running.call, running):
            return Came.IMPOSSIBLE
        self._enter(running)
        self._stepping, running.waits = running, False
        try:
            step = next(running.path)
        except StopIteration:
            self._leave(running)
            return Came.ENDED
        came = Came.ON
        if step is None:
            return Came.WAITS if running.waits else Came.IMPOSSIBLE
        if isinstance(step, tuple):
            step = [step]
        if not isinstance(step, list):
            return Came.IMPOSSIBLE
        for event in step:
            if event[0] == Kind.LOCK_WAIT:
                return Came.IMPOSSIBLE
            if event[0] in TELLING and not running.told:
                came = Came.TOLD
                running.told_at = len(running.trail)
                self._tell(running, event)
            if event[0] == Kind.SLAB_PAGES:
                running.paged_at = len(running.trail)
            self._apply(event)
        running.stops += not self.machine.cpus[cpu].top.irq_depth
        running.trail.append(running.stops)
        return came

    def _tell(self, running: Running, event: Event) -> None:
        """The step at which the line of a call stands: which object it is about."""
        failed = event[0] == Kind.ALLOC_FAILED
        running.told, running.address = True, 0 if failed else self.machine.slabs[event[2]].address + event[3]

    def _may_step(self, cpu: int, call: Call, running: Running | None) -> bool:
        """Whether what is under way on this CPU lets the call go on."""
        for other in self.active.values():
            if other is running or other.call.op.cpu != cpu or not other.begun:
                continue
            context = self._context(other)
            if context.irq_depth or other.call.level > call.level:
                return False
            if other.call.level == call.level and (call.level or not other.waits):
                return False
        return True

    def _is_ready(self, running: Running) -> bool:
        """Whether all that is left before the line is to hand the object out."""
        context = self._context(running)
        return (
            context.irq_depth == 0 and context.hand.chain != NULL and context.hand.old is None
            and self.cache.cpu_slab[running.call.op.cpu].slab is None
        )  # fmt: skip

    def irqs_off(self, running: Running) -> bool:
        """Whether a call that is under way has interrupts off."""
        return self._context(running).irq_depth > 0

    def _context(self, running: Running) -> Context:
        machine, actor = self.machine, running.number + 1
        top = machine.cpus[running.call.op.cpu].top
        return top if top.actor == actor else machine.parked[actor]

    def _enter(self, running: Running) -> None:
        """Bring the call's own context to the CPU."""
        cpu, actor = running.call.op.cpu, running.number + 1
        if not running.begun:
            running.begun = True
            self._apply((Kind.TASK_START, cpu, 0, 0, actor))
        if self.machine.cpus[cpu].top.actor != actor:
            self._apply((Kind.SWITCH, cpu, 0, 0, actor))

    def _leave(self, running: Running) -> None:
        self._apply((Kind.TASK_EXIT, running.call.op.cpu, 0, 0, running.number + 1))
        del self.active[running.number]
        self.outcome.nested += running.nested
        self.outcome.overlapped += running.overlapped and not running.nested

    def _apply(self, event: Event) -> None:
        kind, cpu, slab, arg, who = event
        APPLY[kind](self.machine, cpu, slab, arg, who)

    # What the trace tells the allocator.

    def _pages(self, cpu: int, order: int) -> Path[bool]:
        """In place of the page allocator: the pages that the trace names, once it has come to their line."""
        running = self._stepping
        assert running is not None
        block: Block | None = running.call.block
        if running.anything:
            block = block or any_block(self.machine, order)
        else:
            while not running.given:
                running.waits = True
                yield None
        events = None if block is None or block[1] != order else taking(self.machine, cpu, block)
        if events is None:
            return False
        yield events
        return True

    def _first_object(self, cache: KmemCache) -> int:
        """Where the new slab's chain begins: with the object that is handed out."""
        assert self._stepping is not None
        op = self._stepping.call.op
        made = self.machine.cpus[op.cpu].hand.slab
        assert made is not None
        expected = op.address - made.address
        index = made.index_of(expected) if 0 <= expected < made.bytes else -1
        return cache.random_seq.index(index) if index in cache.random_seq else 0

    def _drive(self, path: Path[object]) -> object:
        try:
            while True:
                for event in events_of(next(path)):
                    self._apply(event)
        except StopIteration as end:
            return end.value


def events_of(step: Step) -> list[Event]:
    """The events of a step; raises Died when there will be no other."""
    if isinstance(step, (Oops, Hangs)):
        raise Died
    return step if isinstance(step, list) else [step] if isinstance(step, tuple) else []
