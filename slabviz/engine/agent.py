"""A CPU agent: in each tick it does at most one step of whatever runs on its CPU.

A stack of programs mirrors the model's stack of contexts: the task at the bottom, a softirq over it, an interrupt on
top. Interrupts come between two steps, when they are enabled; softirqs when no interrupt is being handled; tasks
change only when one sleeps or ends.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from slabviz.engine.task import Task
from slabviz.engine.waits import Block, SleepFor, Work
from slabviz.model.cpu import ContextKind, Cpu
from slabviz.model.events import Kind
from slabviz.slub.world import FlushCpus

if TYPE_CHECKING:
    from slabviz.engine.engine import Engine


class Agent:
    """One CPU's driver."""

    def __init__(self, engine: Engine, cpu: Cpu) -> None:
        self.engine = engine
        self.cpu = cpu
        self.task: Task | None = None
        self.ready: deque[Task] = deque()
        self.broken_in: list[tuple[Work[None], Kind, int]] = []
        """Softirq and interrupt programs, with the event that ends each and its actor."""
        self.softirqs: deque[int] = deque()
        """Actors of softirqs that were raised on this CPU."""

    def step(self) -> None:
        """One step of this CPU, if there is anything to do."""
        cpu = self.cpu
        if cpu.pending and cpu.interrupts_enabled:
            self._enter(cpu.pending[0], Kind.IRQ_ENTER, Kind.IRQ_EXIT)
        elif self.softirqs and not self.broken_in and cpu.interrupts_enabled:
            self._enter(self.softirqs.popleft(), Kind.SOFTIRQ_ENTER, Kind.SOFTIRQ_EXIT)
        elif self.broken_in:
            self._step_broken_in()
        elif self.task is not None:
            self._step_task(self.task)
        elif self.ready:
            self._switch()

    def _enter(self, actor: int, enter: Kind, leave: Kind) -> None:
        self.engine.commit((enter, self.cpu.id, 0, 0, actor))
        self.broken_in.append((self.engine.handlers[actor](self.cpu.id), leave, actor))

    def _step_broken_in(self) -> None:
        work, leave, actor = self.broken_in[-1]
        try:
            step = next(work)
        except StopIteration:
            self.broken_in.pop()
            self.engine.commit((leave, self.cpu.id, 0, 0, actor))
            return
        if type(step) is tuple:
            self.engine.commit(step)
        elif type(step) is list:
            self.engine.commit_all(step)
        elif step is not None:
            raise self.engine.sleeps_in_atomic_context(self.cpu.id, step)

    def _step_task(self, task: Task) -> None:
        try:
            step = next(task.work)
        except StopIteration:
            task.over = True
            self.task = None
            self.engine.ended(task)
            return
        if type(step) is tuple:
            self.engine.commit(step)
        elif type(step) is list:
            self.engine.commit_all(step)
        elif type(step) is SleepFor:
            self.engine.sleep(task, step.ticks)
            self._switch()
        elif type(step) is Block:
            task.waiting = True
            self._switch()
        elif type(step) is FlushCpus:
            self.engine.flush_cpus(task, step.cache)
            self._switch()

    def _switch(self) -> None:
        """Go on with the next ready task, or idle (``__schedule``)."""
        self.task = self.ready.popleft() if self.ready else None
        self.engine.commit((Kind.SWITCH, self.cpu.id, 0, 0, self.task.actor if self.task else 0))

    @property
    def idle(self) -> bool:
        """Whether nothing runs and nothing waits to run."""
        return self.cpu.top.kind is ContextKind.IDLE and not (self.ready or self.softirqs or self.cpu.pending)
