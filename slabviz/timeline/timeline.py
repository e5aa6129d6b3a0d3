"""Any tick of a run, from the nearest checkpoint and the events after it."""

from __future__ import annotations

from slabviz.model.events import APPLY
from slabviz.model.image import machine_of
from slabviz.model.log import EventLog
from slabviz.model.machine import Machine, MachineConfig
from slabviz.timeline.checkpoints import Checkpoints


class Timeline:
    """Goes to any tick of a log. The log may still grow; checkpoints are taken on the way."""

    def __init__(self, config: MachineConfig, log: EventLog, checkpoints: Checkpoints | None = None) -> None:
        self.config = config
        self.log = log
        self.checkpoints = checkpoints if checkpoints is not None else Checkpoints()
        self._machine: Machine | None = None
        self._tick = -1

    def machine_at(self, tick: int) -> Machine:
        """The machine after all events of ``tick`` (-1: before the first). Look at it, do not change or keep it.

        Raises IndexError for a tick that the log does not have.
        """
        if not -1 <= tick < self.log.ticks:
            raise IndexError(f"tick {tick} is not in this run: 0 to {self.log.ticks - 1}")
        machine = self._stand_before(tick)
        if tick > self._tick:
            self._apply(machine, tick)
        return machine

    def _stand_before(self, tick: int) -> Machine:
        """The machine at the best known tick at or before the one asked for."""
        checkpoint = self.checkpoints.before(tick)
        known = checkpoint.tick if checkpoint is not None else -1
        if self._machine is None or not known <= self._tick <= tick:
            if checkpoint is None:
                self._machine = Machine.boot(self.config)
            else:
                self._machine = machine_of(self.config, checkpoint.image)
            self._tick = known
        return self._machine

    def _apply(self, machine: Machine, tick: int) -> None:
        """Apply the events up to the end of ``tick``, with a checkpoint now and then where there is none yet."""
        log, kept = self.log, self.checkpoints.kept
        while self._tick < tick:
            first = log.span(self._tick + 1)[0]
            newest = kept[-1].event if kept else 0
            stop = min(tick, max(log.tick_of(max(newest, first) + self.checkpoints.interval), self._tick + 1))
            behind = log.span(stop)[1]
            for kind, cpu, slab, arg, who in log.events(first, behind):
                APPLY[kind](machine, cpu, slab, arg, who)
            self._tick = stop
            if behind > newest:
                self.checkpoints.consider(machine, log, stop, behind)
