"""Finds in a run's events which calls of a cache were under way at the same time, and in which order they stepped."""

from __future__ import annotations

from dataclasses import dataclass, field

from slabviz.model.cpu import Context
from slabviz.model.events import Event, Kind
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import Machine
from slabviz.model.slab import NULL
from slabviz.recordings.ftrace.schedule import (
    OF_INTERRUPTS,
    OF_LOCKS,
    OF_SLABS,
    Begun,
    Dead,
    Group,
    Key,
    Made,
    Schedule,
    Stretch,
    counts,
)
from slabviz.recordings.ftrace.telling import TELLING

ENTERS = frozenset({Kind.ALLOC_ENTER, Kind.FREE_ENTER})
LEAVES = frozenset({Kind.TASK_EXIT, Kind.IRQ_EXIT, Kind.SOFTIRQ_EXIT, Kind.OOPS, Kind.PANIC})
FLUSHES_DEAD = frozenset({Kind.CPUSLAB_FLUSH_DEAD, Kind.CPU_PARTIAL_FLUSH_DEAD})
WATCHED = OF_SLABS | OF_LOCKS | OF_INTERRUPTS | LEAVES | FLUSHES_DEAD | {Kind.RCU_FREE_SLAB}
"""Events that can say something of who steps; pages end with a lock or with interrupts on."""


@dataclass(slots=True, eq=False)
class Under:
    """A call under way. ``depth`` is how deep interrupts were off when it began."""

    cache: KmemCache
    key: Key
    depth: int
    asked: Begun
    told: bool = False
    made: Made | None = None
    """Its new slab."""
    looked: bool = False
    """Whether it has looked at the node's list: what comes next may be pages."""
    giving: int = -1
    """While pages are given back: how deep interrupts were off before."""
    stepped: tuple[int, int] = (-1, -1)
    """(tick, CPU) of its last counted step."""


@dataclass(slots=True)
class Together:
    """What has happened in a cache since last no call was under way."""

    open: int = 0
    stretches: list[tuple[Under, int]] = field(default_factory=list)


class Overlaps:
    """Follows a run; ``before`` and ``after`` are called around the application of each event."""

    def __init__(self, machine: Machine, tick_time: int) -> None:
        self.machine, self.tick_time = machine, tick_time
        self._groups: list[Group] = []
        self._slabs: dict[Key, Made] = {}
        self._begun: list[Begun] = []
        self._dead: list[Dead] = []
        self._tick = 0
        self._calls: dict[tuple[int, int], list[Under]] = {}
        """Calls of a context, by (CPU, actor): a shrinker frees while an allocation waits for it."""
        self._together: dict[int, Together] = {}

    def before(self, tick: int, event: Event) -> None:
        """An event is about to be applied."""
        kind, cpu, slab, _, _ = event
        if kind not in WATCHED:
            return
        self._tick = tick
        top = self.machine.cpus[cpu].top
        if kind in ENTERS:
            self._enter(event, top)
        elif kind in LEAVES:
            for call in self._calls.pop((cpu, top.actor), ()):
                self._close(call)
        elif kind == Kind.RCU_FREE_SLAB:
            cache = self.machine.slabs[slab].cache
            if self._of(cache).open:
                self._step(Under(cache, self._now(cpu), 0, Begun(self._now(cpu), cache.name), told=True), cpu)
            return
        elif kind in FLUSHES_DEAD:
            self._flush_dead(event)
        calls = self._calls.get((cpu, top.actor))
        if calls and counts(event, calls[-1].cache.id) and not self._elsewhere(calls[-1], kind, top):
            self._count(calls[-1], event)

    def after(self, event: Event) -> None:
        """It has been applied: a call may be over now."""
        if event[0] not in WATCHED:
            return
        cpu = event[1]
        top = self.machine.cpus[cpu].top
        calls = self._calls.get((cpu, top.actor))
        if not calls or not (calls[-1].told or calls[-1].giving >= 0):
            return
        call, hand = calls[-1], top.hand
        if call.giving >= 0 and hand.block is None and top.irq_depth == call.giving:
            call.giving = -1
        locked = call.cache.node.list_lock.holder == cpu
        if call.told and top.irq_depth == call.depth and not locked and hand.is_empty():
            calls.pop()
            if not calls:
                del self._calls[cpu, top.actor]
            self._close(call)

    def finish(self) -> None:
        """The run has ended: calls that are under way still are groups too. Those without a line are told of."""
        under_way = {call for calls in self._calls.values() for call in calls}
        for together in self._together.values():
            calls = {call for call, _ in together.stretches}
            if len(calls) > 1:
                self._tell(together, under_way)
                self._begun += [call.asked for call in calls if not call.told]
                self._slabs |= {call.key: call.made for call in calls if call.made}

    def schedule(self, lines: int) -> Schedule:
        """What was found, for a trace of so many lines."""
        return Schedule(len(self._groups), lines, self._groups, self._slabs, sorted(self._begun), self._dead)

    def _flush_dead(self, event: Event) -> None:
        """A CPU that is offline is cleaned up for a cache; told once, though slab and stack are two steps."""
        kind, cpu, slab, arg, _ = event
        if kind == Kind.CPU_PARTIAL_FLUSH_DEAD:
            cache, dead = slab, arg
        else:
            of = self.machine.slabs[slab].cache
            cache, dead = of.id, next(c for c, own in enumerate(of.cpu_slab) if own.slab is self.machine.slabs[slab])
        last = self._dead[-1] if self._dead else None
        if last is None or (last.cache, last.cpu) != (cache, dead):
            self._dead.append(Dead(self._now(cpu), cache, dead))

    # Steps.

    def _enter(self, event: Event, top: Context) -> None:
        kind, cpu, slab, arg, _ = event
        calls = self._calls.setdefault((cpu, top.actor), [])
        while calls and (calls[-1].told or calls[-1].asked.address):  # a free that debugging refused
            self._close(calls.pop())
        key = self._now(cpu)
        if kind == Kind.ALLOC_ENTER:
            cache = self.machine.caches[slab]
            asked = Begun(key, cache.name, gfp=arg)
        else:
            cache = self.machine.slabs[slab].cache
            asked = Begun(key, cache.name, address=self.machine.address(self.machine.slabs[slab], arg))
        calls.append(Under(cache, key, top.irq_depth, asked))
        self._of(cache).open += 1

    def _elsewhere(self, call: Under, kind: int, top: Context) -> bool:
        """Whether interrupts are switched for the page allocator, or by the caller himself."""
        if kind not in OF_INTERRUPTS:
            return False
        looking = call.looked and not call.told and top.hand.slab is None and top.hand.chain == NULL
        return looking or call.giving >= 0 or (kind == Kind.IRQ_ON and top.irq_depth <= call.depth)

    def _count(self, call: Under, event: Event) -> None:
        kind, cpu, _, arg, _ = event
        if call.stepped != (self._tick, cpu):  # else in one step with what was counted
            call.stepped = (self._tick, cpu)
            self._step(call, cpu)
        if kind == Kind.SHUFFLE:
            call.made = Made(call.cache.id, arg)
        call.looked |= kind == Kind.ALLOC_NODE
        if kind == Kind.DISCARD_SLAB:
            call.giving = self.machine.cpus[cpu].top.irq_depth
        if kind in TELLING and not call.told:
            call.told, call.key = True, self._now(cpu)

    def _step(self, call: Under, cpu: int) -> None:
        stretches = self._of(call.cache).stretches
        if stretches and stretches[-1][0] is call:
            stretches[-1] = (call, stretches[-1][1] + 1)
        else:
            stretches.append((call, 1))

    def _close(self, call: Under) -> None:
        if call.made:
            self._slabs[call.key] = call.made
        together = self._of(call.cache)
        together.open -= 1
        if not together.open:
            if len({one for one, _ in together.stretches}) > 1:
                self._tell(together, set())
            together.stretches.clear()

    def _tell(self, together: Together, under_way: set[Under]) -> None:
        last = {call: number for number, (call, _) in enumerate(together.stretches)}
        self._groups.append(
            [Stretch(call.key, steps, call in under_way and last[call] == number)
             for number, (call, steps) in enumerate(together.stretches)]
        )  # fmt: skip

    def _of(self, cache: KmemCache) -> Together:
        return self._together.setdefault(cache.id, Together())

    def _now(self, cpu: int) -> Key:
        return Key(self._tick * self.tick_time, cpu)
