"""The calls of one cache carried out as a schedule says: who steps when is told, what comes of it the model says.

Calls that no group names are carried out whole, in the order of their lines: none of the cache's overlapped them.
"""

from __future__ import annotations

from slabviz.model.events import Event, Kind
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import MachineConfig
from slabviz.recordings.ftrace.calls import Call, Line
from slabviz.recordings.ftrace.conductor import Conductor, Mark
from slabviz.recordings.ftrace.groups import Planned, has_line, key_of
from slabviz.recordings.ftrace.outcome import Misplaced, Outcome
from slabviz.recordings.ftrace.plan import Plan
from slabviz.recordings.ftrace.running import Running
from slabviz.recordings.ftrace.schedule import Dead, Key, Made, counts
from slabviz.recordings.ftrace.stepper import Died, events_of
from slabviz.recordings.ftrace.telling import TELLING
from slabviz.recordings.ftrace.together import Together
from slabviz.slub.deactivate import rcu_free_slab
from slabviz.slub.hotplug import flush_dead
from slabviz.slub.world import Path

GIVES_PAGES = frozenset({Kind.DISCARD_SLAB, Kind.RCU_FREE_SLAB})


class Scheduled(Conductor):
    """Carries out all lines; ``outcome`` is what came of it. ``slabs`` are those that calls make."""

    def __init__(
        self, config: MachineConfig, lines: list[Line], mark: Mark, groups: list[Planned], slabs: dict[Key, Made],
        dead: list[Dead],
    ) -> None:  # fmt: skip
        super().__init__(config, lines, [mark], Plan(), {})
        self._slabs = slabs
        self._dead = dead[::-1]
        """CPUs that are yet to be cleaned up for this cache, the first one last."""
        self._group_of = {line.op.line: group for group in groups for line in group.lines.values()}
        self._last = 0
        """The line that was told last."""

    def carry_out(self) -> Outcome:
        """What came of it."""
        done: set[Planned] = set()
        for at, line in enumerate(self.lines):
            self.at = at
            group = self._group_of.get(line.op.line)
            if line.pages or group in done:
                continue
            while self._dead and not self.active and self._dead[-1].at.time < line.op.time:
                one = self._dead.pop()
                self._drive(flush_dead(self._whole, one.at.cpu, self.cache, one.cpu))
            if self.active:
                self.breaks(line, "calls before it never come to their end")
                break
            try:
                self._carry_out(line, group)
            except Died:
                self.breaks(line, "who calls here dies, and nothing more can be carried out")
                break
            if group is not None:
                done.add(group)
        return self.outcome

    def _carry_out(self, line: Line, group: Planned | None) -> None:
        if group is not None:
            Together(self, group).carry_out()
        elif line.call is None:
            self._grace_period_over(line)
        else:
            self._alone(line.call)

    def breaks(self, line: Line, why: str) -> None:
        """A line contradicts the rest of its trace."""
        self.outcome.broken.append((line.op.line if has_line(line) else 0, why))

    def count(self, call: Call) -> None:
        """One more call."""
        self._count(call)

    def compare(self, running: Running) -> None:
        """Whether the model handed out what the line says; if not, its address stands for the model's from here on."""
        op = running.call.op
        self.places.pop(op.address, None)
        if op.allocates and running.address != op.address:
            self.places[op.address] = running.address
            self.outcome.misplaced.append(Misplaced(op.line, self.cache.name, op.address, running.address))

    # Calls that nothing overlaps.

    def _alone(self, call: Call) -> None:
        self._count(call)
        self._last = max(self._last, call.op.line)
        if self._fast(call):
            return
        path = self._path(call, self._whole)
        if path is None:
            self._passed_over()
            self.breaks(self.lines[self.at], "frees what is not held")
            return
        self._stepping = running = Running(call, self.at, path, given=True)
        got = self._drive(path)
        running.address = got if isinstance(got, int) else 0
        self.compare(running)

    # Calls step by step.

    def begin(self, line: Line) -> Running | None:
        """A call under way, in a context of its own, or pages of RCU's; None when there is nothing to free."""
        path = self._path(line.call, self._detail) if line.call is not None else self._rcu(line)
        if path is None:
            self.breaks(line, "frees what is not held")
            return None
        call = line.call or Call(line.op, number=self.lines.index(line))
        running = Running(call, call.number, path, given=True, anything=not has_line(line))
        self.active[call.number] = running
        return running

    def _rcu(self, line: Line) -> Path[object] | None:
        slab = next((slab for slab in self.machine.rcu_slabs.values() if slab.pfn == line.op.address), None)
        return None if slab is None else rcu_free_slab(self._whole, line.op.cpu, slab)

    def counted(self, running: Running) -> bool:
        """Make the next step that counts, and those before it; False when there is none, or none is possible."""
        while running.number in self.active:
            step = self.one_step(running)
            if not step:
                return False
            if self.counts(step):
                return True
        return False

    def counts(self, step: list[Event]) -> bool:
        """Whether a step is one that a schedule counts."""
        return any(counts(event, self.cache.node.list_lock.id) for event in step)

    def one_step(self, running: Running) -> list[Event]:
        """The events of one step, applied; none when it waits, or is over. Pages that are given up go back at once."""
        cpu = running.call.op.cpu
        self._enter(running)
        self._stepping = running
        depth = self.machine.cpus[cpu].top.irq_depth
        done = self._one_yield(running)
        if any(event[0] in GIVES_PAGES for event in done):
            top = self.machine.cpus[cpu].top
            while running.number in self.active and (top.hand.block is not None or top.irq_depth > depth):
                done += self._one_yield(running)
        return done

    def _one_yield(self, running: Running) -> list[Event]:
        try:
            step = next(running.path)
        except StopIteration:
            self._leave(running)
            return []
        events = events_of(step)
        for event in events:
            if event[0] in TELLING and not running.told:
                self._tell(running, event)
                self._in_order(running.call)
            self._apply(event)
        return list(events)

    def _in_order(self, call: Call) -> None:
        if call.op.line < self._last:
            self.outcome.broken.append((call.op.line, f"it comes after line {self._last} in its schedule"))
        self._last = max(self._last, call.op.line)

    def _first_object(self, cache: KmemCache) -> int:
        """As it was drawn; for a call of which no slab is told, as its line says."""
        assert self._stepping is not None
        made = self._slabs.get(key_of(self._stepping.call.op))
        return super()._first_object(cache) if made is None or made.start >= len(cache.random_seq) else made.start
