"""One group of a schedule: calls of a cache that were under way at the same time, carried out step by step."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from slabviz.recordings.ftrace.groups import Planned, has_line
from slabviz.recordings.ftrace.running import Running
from slabviz.recordings.ftrace.schedule import Key, Stretch

if TYPE_CHECKING:
    from slabviz.recordings.ftrace.scheduled import Scheduled

PATIENCE = 1000
"""Rounds after which calls that a wrong schedule has left waiting for each other are given up."""


class Together:
    """Carries one group out."""

    def __init__(self, all: Scheduled, planned: Planned) -> None:
        self.all, self.group, self.lines, self.planned = all, planned.group, planned.lines, planned
        self._left: Counter[Key] = Counter()
        """Steps that calls have still to make."""
        self._under_way: dict[Key, Running] = {}
        self._over: set[Key] = set()

    def carry_out(self) -> None:
        """To its end; when the schedule cannot be that of these calls, it is said so and they come out as they may."""
        for stretch in self.group:
            self._left[stretch.call] += stretch.steps
        for line in self.lines.values():
            if line.call is not None and has_line(line):
                self.all.count(line.call)
        for stretch in self.group:
            if not self._stretch(stretch):
                self.all.breaks(self.lines[stretch.call], "the call does not make the steps of its schedule")
                self._as_it_may()
                return

    def _stretch(self, stretch: Stretch) -> bool:
        """Let a call make its steps; False when it makes others."""
        key, steps = stretch.call, stretch.steps
        running = self._begun(key)
        if running is None or not self._may_step(running):
            return False
        if self.lines[key].call is None:
            return self._to_the_end(key, running)
        if not all(self.all.counted(running) for _ in range(steps)):
            return False
        self._left[key] -= steps
        if stretch.cut:
            self._compare(key, running)
            return True
        return self._left[key] > 0 or self._to_the_end(key, running)

    def _begun(self, key: Key) -> Running | None:
        if key not in self._under_way:
            running = self.all.begin(self.lines[key])
            if running is None:
                return None
            self._under_way[key] = running
        return self._under_way[key]

    def _may_step(self, running: Running) -> bool:
        """Nothing breaks in where interrupts are off."""
        return not any(
            one.begun and one is not running and one.call.op.cpu == running.call.op.cpu and self.all.irqs_off(one)
            for one in self.all.active.values()
        )

    def _to_the_end(self, key: Key, running: Running) -> bool:
        """What is left of a call touches nothing that others share; False when it does."""
        while running.number in self.all.active:
            step = self.all.one_step(running)
            waits = not step and running.number in self.all.active
            if waits or (self.lines[key].call is not None and self.all.counts(step)):
                return False
        self._compare(key, running)
        return True

    def _compare(self, key: Key, running: Running) -> None:
        if key in self._over:
            return
        self._over.add(key)
        if self.lines[key].call is not None and has_line(self.lines[key]):
            self.all.outcome.overlapped += 1
            self.all.compare(running)

    def _as_it_may(self) -> None:
        """All that are left, in turn, a step each."""
        for key, line in self.planned.in_order:
            if has_line(line) and key not in self._under_way:
                self._begun(key)
        for _ in range(PATIENCE):
            for key, running in self._under_way.items():
                if running.number in self.all.active and self._may_step(running):
                    self.all.one_step(running)
                if running.number not in self.all.active:
                    self._compare(key, running)
            if not self.all.active:
                return
