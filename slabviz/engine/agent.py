"""A CPU agent: in each tick it does at most one step of whatever runs on its CPU.

A stack of programs mirrors the model's stack of contexts: the task at the bottom, a softirq over it, an interrupt on
top. Interrupts come between two steps, when they are enabled; softirqs when no interrupt is being handled; tasks
change only when one sleeps or ends.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from slabviz.engine.task import Task
from slabviz.engine.waits import Block, ProgramStep, SleepFor, Work
from slabviz.model.cpu import ContextKind, Cpu
from slabviz.model.events import Kind
from slabviz.slub.world import FlushCpus, Hangs, Oops

if TYPE_CHECKING:
    from slabviz.engine.engine import Engine


class Agent:
    """One CPU's driver."""

    def __init__(self, engine: Engine, cpu: Cpu) -> None:
        self.engine = engine
        self.commit = engine.commit
        self.cpu = cpu
        self.task: Task | None = None
        self.ready: deque[Task] = deque()
        self.broken_in: list[tuple[Work[None], Kind, int]] = []
        """Softirq and interrupt programs, with the event that ends each and its actor."""
        self.softirqs: deque[int] = deque()
        """Actors of softirqs that were raised on this CPU."""
        self.leaving = False
        """Whether it takes no more work, because the CPU goes offline or is."""
        self.turn: Callable[[], None] = self.step
        """What this CPU does in a tick."""
        self._waiter: Task | None = None

    def step(self) -> None:
        """One step of this CPU, if there is anything to do."""
        if (self.cpu.pending or self.softirqs) and self._break_in():
            return
        if self.broken_in:
            self._step_broken_in()
        elif self.task is None:
            if self.ready:
                self._switch()
        else:
            try:
                step = next(self.task.work)
            except StopIteration:
                self._end(self.task)
                return
            if type(step) is tuple:
                self.commit(step)
            elif step is not None:
                self._carry_out(self.task, step)

    def _break_in(self) -> bool:
        """An interrupt comes on top of what runs, else a softirq; whether one of them could."""
        cpu = self.cpu
        if not cpu.interrupts_enabled:
            return False
        if cpu.pending:
            self._enter(cpu.pending[0], Kind.IRQ_ENTER, Kind.IRQ_EXIT)
        elif self.broken_in:
            return False
        else:
            self._enter(self.softirqs.popleft(), Kind.SOFTIRQ_ENTER, Kind.SOFTIRQ_EXIT)
        return True

    def _enter(self, actor: int, enter: Kind, leave: Kind) -> None:
        self.commit((enter, self.cpu.id, 0, 0, actor))
        self.broken_in.append((self.engine.handlers[actor](self.cpu.id), leave, actor))

    def _step_broken_in(self) -> None:
        work, leave, actor = self.broken_in[-1]
        try:
            step = next(work)
        except StopIteration:
            self.broken_in.pop()
            self.commit((leave, self.cpu.id, 0, 0, actor))
            return
        if type(step) is tuple:
            self.commit(step)
        elif type(step) is list:
            self.engine.commit_all(step)
        elif type(step) is Oops:  # nobody can die for it: what was interrupted cannot go on either
            self.engine.panic(step.event)
        elif type(step) is Hangs:
            self.engine.hangs(step.event)
        elif step is not None:
            raise self.engine.sleeps_in_atomic_context(self.cpu.id, step)

    def _end(self, task: Task) -> None:
        task.over = True
        self.task = None
        self.engine.ended(task)

    def _carry_out(self, task: Task, step: ProgramStep) -> None:
        """What is rarer than one event: several at once, or a request to give the CPU away."""
        if type(step) is list:
            self.engine.commit_all(step)
            return
        if type(step) is Oops:
            self.engine.oops(task, step.event)
            return
        if type(step) is Hangs:
            self.engine.hangs(step.event)
            return
        if type(step) is SleepFor:
            self.engine.sleep(task, step.ticks)
        elif type(step) is Block:
            task.waiting = True
        elif type(step) is FlushCpus:
            self.engine.flush_cpus(task, step.cache)
        self._switch()

    def _switch(self) -> None:
        """Go on with the next ready task, or idle (``__schedule``)."""
        self.task = self.ready.popleft() if self.ready else None
        self.commit((Kind.SWITCH, self.cpu.id, 0, 0, self.task.actor if self.task else 0))

    def leave(self, waiter: Task) -> None:
        """Go offline as soon as nothing is under way here, and wake the waiter then. Ready tasks go elsewhere."""
        self.leaving, self._waiter = True, waiter
        waiting, self.ready = self.ready, deque()
        for task in waiting:
            self.engine.ready(task)
        self.turn = self._leaving_step

    def come_back(self) -> None:
        """Take work again."""
        self.leaving = False
        self.turn = self.step

    def _leaving_step(self) -> None:
        """What has begun goes on; when it has ended, the CPU stops."""
        if not self.cpu.online:
            return
        mine = any(task.cpu == self.cpu.id and not task.at_rest for task in self.engine.tasks.values())
        if mine or self.task is not None or self.broken_in or self.softirqs or self.cpu.pending:
            self.step()
        else:
            self.commit((Kind.CPU_OFFLINE, self.cpu.id, 0, 0, 0))
            if self._waiter is not None:
                self.engine.wake(self._waiter)

    @property
    def stuck(self) -> bool:
        """Whether what runs here will never go on: it spins for a lock that nobody will give back, or in a circle."""
        return self.cpu.id in self.engine.stuck

    @property
    def idle(self) -> bool:
        """Whether nothing runs and nothing waits to run."""
        return self.cpu.top.kind is ContextKind.IDLE and not (self.ready or self.softirqs or self.cpu.pending)
