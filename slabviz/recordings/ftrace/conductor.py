"""The calls of one cache carried out as a plan says: whole, or with a pause in which others go on.

Each call is carried out by the generator of ``slub/``; one that pauses is a generator that has not ended, in a context
of its own. What a kernel could not do fails: to break in where interrupts are off, to go on while something that
broke in has not ended, to take a lock that somebody holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from slabviz.model.cpu import Context
from slabviz.model.events import APPLY, Event, Kind
from slabviz.model.gfp import GFP_KERNEL, gfp_of_text
from slabviz.model.image import MachineImage, image_of, machine_of
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import MachineConfig
from slabviz.model.slab import NULL, Slab
from slabviz.model.zone import Block
from slabviz.recordings.ftrace.calls import Call, Line
from slabviz.recordings.ftrace.outcome import Misplaced, Outcome
from slabviz.recordings.ftrace.pages import any_block, taking
from slabviz.recordings.ftrace.plan import END, FAR, STEPS, Plan
from slabviz.slub.alloc import alloc_in_one_step, install, kmem_cache_alloc, new_slab
from slabviz.slub.deactivate import rcu_free_slab
from slabviz.slub.free import free_in_one_step, kmem_cache_free
from slabviz.slub.world import NULL_POINTER, Path, World

NOBODY = 0
WINDOW = 8
"""Lines between two images of the machine, at least."""
MARKS = 12
"""Images that are kept."""

TAKEN = frozenset({Kind.ALLOC_FASTPATH, Kind.LOAD_FREELIST, Kind.DEBUG_ALLOC, Kind.DEBUG_ALLOC_NEW})
GIVEN = frozenset(
    {Kind.FREE_FASTPATH, Kind.FREE_FROZEN, Kind.FREE_TO_PARTIAL, Kind.CPU_PARTIAL_FREE, Kind.DEBUG_FREE_FULL}
)
TELLING = TAKEN | GIVEN | {Kind.ALLOC_FAILED}
"""The steps at which the lines of calls stand."""


@dataclass(slots=True, frozen=True)
class Mark:
    """A machine between two lines, no call under way: addresses that differ, what came of it so far."""

    at: int
    image: MachineImage
    places: dict[int, int]
    outcome: Outcome


class Came(Enum):
    """What came of a step."""

    ON = auto()
    TOLD = auto()
    """It was the one at which the call's line stands."""
    WAITS = auto()
    """The call waits for the line of its pages."""
    ENDED = auto()
    IMPOSSIBLE = auto()


@dataclass(slots=True, eq=False)
class Running:
    """A call under way. ``stops`` counts the steps after which interrupts were on; ``given`` pages may be taken."""

    call: Call
    number: int
    path: Path[object]
    given: bool = False
    anything: bool = False
    waits: bool = False
    told: bool = False
    address: int = 0
    stops: int = 0
    begun: bool = False
    trail: list[int] = field(default_factory=list)
    """After each step, the stops made so far."""
    clock: int = 0
    """When it makes its next step, where times count."""
    paged_line: int = 0
    """The position of the line of its pages."""
    told_at: int = 0
    """The number of the step at which the line stands."""
    paged_at: int | None = None
    """The number of the step that took pages."""

    def has_come(self, stops: int) -> bool:
        """Whether it has come as far as a pause of a plan says."""
        return len(self.trail) >= stops - STEPS if STEPS <= stops < FAR else self.stops >= stops


class Conductor:
    """Carries out ``lines`` from a mark on. After ``run``, ``at`` is the line that came out otherwise, if any."""

    def __init__(self, config: MachineConfig, lines: list[Line], marks: list[Mark], plan: Plan, known: dict[int, Running]) -> None:
        mark = marks[-1]
        self.config = config
        self.machine = machine_of(config, mark.image)
        self.cache: KmemCache = self.machine.caches[0]
        self.lines, self.plan, self.at = lines, plan, mark.at
        self.places, self.outcome = dict(mark.places), mark.outcome.copy()
        self.marks = marks
        self.fine = True
        """Whether nothing has come out otherwise so far."""
        self.calls = {number: one for number, one in known.items() if number < mark.at}
        """Calls that took more than one step, by the position of their line."""
        self._runs = plan.runs()

        self.active: dict[int, Running] = {}
        self._stepping: Running | None = None
        self._whole = World(self.machine, self._first_object, pages=self._pages)
        self._detail = World(self.machine, self._first_object, detail=True, pages=self._pages)

    def run(self, until: int) -> bool:
        """Go on up to a line (without it); False when one comes out otherwise than the trace says."""
        while self.at < until:
            if not self.active and self.at - self.marks[-1].at >= WINDOW:
                mark = Mark(self.at, image_of(self.machine), dict(self.places), self.outcome.copy())
                self.marks = [*self.marks[-MARKS:], mark]
            if not (self._time_passes(self.lines[self.at]) and self._due(self.at) and self._line(self.lines[self.at])):
                self.fine = False
                return False
            self.at += 1
        return True

    # Lines.

    def _time_passes(self, line: Line) -> bool:
        """What was broken into goes on meanwhile, a step a tick, until all that is left is to hand the object out."""
        for running in [*self.active.values()]:
            call = running.call
            if call is line.call or not running.clock or self._is_planned(running):
                continue
            while not self._is_ready(running):
                time = running.clock
                for first, last in call.broken:
                    if first <= time <= last:
                        time = last + 1
                if (time, call.op.cpu) >= (min(line.op.time, call.op.time), line.op.cpu):
                    break
                running.clock = time + 1
                if self._step(running) is not Came.ON:
                    return False
        return True

    def _is_planned(self, running: Running) -> bool:
        """Whether the plan says how far the call goes after its pages."""
        return any(position > running.paged_line for position, _ in self.plan.early.get(running.number, ()))

    def _is_ready(self, running: Running) -> bool:
        context = self._context(running)
        return (
            context.irq_depth == 0 and context.hand.chain != NULL and context.hand.old is None
            and self.cache.cpu_slab[running.call.op.cpu].slab is None
        )  # fmt: skip

    def _due(self, position: int) -> bool:
        return all(self._advance(number, stops) for number, stops in self._runs.get(position, ()))

    def _line(self, line: Line) -> bool:
        if line.call is None:
            return self._grace_period_over(line)
        number = line.call.number
        if number in self.plan.forced:
            return line.pages or self._forced(number, line.call)
        if line.pages:
            return (number == self.at + 1 and number not in self.active) or self._take_pages(number, line.call)
        fine = self._call(number, line.call)
        if fine:
            self._count(line.call)
        return fine

    def _count(self, call: Call) -> None:
        self.outcome.allocations += call.op.allocates
        self.outcome.frees += call.op.frees

    def _grace_period_over(self, line: Line) -> bool:
        slab = next((slab for slab in self.machine.rcu_slabs.values() if slab.pfn == line.op.address), None)
        if slab is not None:
            self._drive(rcu_free_slab(self._whole, line.op.cpu, slab))
        return True

    def _take_pages(self, number: int, call: Call) -> bool:
        """Up to the pages and not further."""
        running = self._begun(number, call)
        if running is None or not self._until_waits(running):
            return False
        running.given = True
        while not self.machine.cpus[call.op.cpu].hand.slab:
            if self._step(running) is not Came.ON:
                return False
        running.clock, running.paged_line = call.begin + 1, self.at
        return True

    def _until_waits(self, running: Running) -> bool:
        while (came := self._step(running)) is not Came.WAITS:
            if came is not Came.ON:
                return False
        return True

    # Calls.

    def _call(self, number: int, call: Call) -> bool:
        running = self.active.get(number)
        if running is None and number not in self.plan.late:
            fast = self._fast(call)
            if fast is not None:
                return fast
        running = running or self._begun(number, call)
        if running is None:
            return call.op.frees and self._passed_over()
        running.given = True
        while not running.told:
            came = self._step(running)
            if came is Came.ENDED and call.op.frees:
                return True  # refused: debugging found it out
            if came not in (Came.ON, Came.TOLD):
                return False
        if call.op.allocates and running.address != call.op.address:
            return False
        self.places.pop(call.op.address, None)
        late = self.plan.late.get(number)
        return self._advance(number, END if late is None else STEPS + running.told_at + 1 + late[0])

    def _passed_over(self) -> bool:
        self.outcome.passed_over["free of no object"] += 1
        self.outcome.frees -= 1
        return True

    def _fast(self, call: Call) -> bool | None:
        """What one exchange does; None when more is to be done."""
        cpu = call.op.cpu
        if call.op.allocates:
            c = self.cache.cpu_slab[cpu]
            event = None if self.cache.debug or call.block else alloc_in_one_step(c, cpu, NOBODY)
        else:
            place = self._place(call)
            if place is None or place[1] not in place[0].owners or place[0].memory is not None:
                return None
            event = free_in_one_step(self.cache.cpu_slab[cpu], cpu, *place)
        if event is None:
            return None
        if not self._may_step(cpu, call, None):
            return False
        address = self.machine.slabs[event[2]].address + event[3]
        if call.op.allocates and address != call.op.address:
            return False
        self.places.pop(call.op.address, None)
        self._apply(event)
        return True

    def _place(self, call: Call) -> tuple[Slab, int] | None:
        return self.machine.virt_to_slab(self.places.get(call.op.address, call.op.address))

    def _begun(self, number: int, call: Call) -> Running | None:
        """The call under way, begun if it was not; None for a free of what is not held."""
        if number in self.active:
            return self.active[number]
        path = self._path(call, self._detail)
        if path is None:
            return None
        running = self.active[number] = self.calls[number] = Running(call, number, path)
        return running

    def _path(self, call: Call, world: World) -> Path[object] | None:
        cpu = call.op.cpu
        if call.op.allocates:
            return kmem_cache_alloc(world, cpu, self.cache, gfp_of_text(call.op.gfp), NOBODY, call.op.bytes_req)
        place = self._place(call)
        return None if place is None or place[1] not in place[0].owners else kmem_cache_free(world, cpu, *place)

    def _advance(self, number: int, stops: int) -> bool:
        """Let a call go so many stops far (from its beginning), or to its end; False when it cannot."""
        running = self.active.get(number)
        if running is None:
            if stops == END:
                return True  # it has ended already
            call = self.lines[number].call
            running = self._begun(number, call) if call is not None else None
            if running is None:
                return False
        while not running.has_come(stops):
            if stops == FAR and running.begun and self._is_ready(running):
                return True
            came = self._step(running)
            if came is Came.ENDED:
                return running.told
            if came is Came.WAITS:
                return stops < END
            if came is not Came.ON:
                return False  # also where it would tell before its line
        return True

    # Steps.

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
                running.told, came = True, Came.TOLD
                running.told_at = len(running.trail)
                failed = event[0] == Kind.ALLOC_FAILED
                running.address = 0 if failed else self.machine.slabs[event[2]].address + event[3]
            if event[0] == Kind.SLAB_PAGES:
                running.paged_at = len(running.trail)
            self._apply(event)
        running.stops += not self.machine.cpus[cpu].top.irq_depth
        running.trail.append(running.stops)
        return came

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
        made: Slab = self.machine.slabs[self.machine.next_slab - 1]
        expected = self._stepping.call.op.address - made.address if self._stepping is not None else 0
        index = made.index_of(expected) if 0 <= expected < made.bytes else -1
        return cache.random_seq.index(index) if index in cache.random_seq else 0

    # What no plan explains.

    def _forced(self, number: int, call: Call) -> bool:
        """Let the call come out as it may; the trace's address stands for the model's object from then on."""
        running = self.active.get(number) or Running(call, number, self._whole_path(call) or iter(()))
        self.active[number] = running
        running.given = running.anything = True
        self._enter(running)
        self._stepping = running
        got = self._drive(running.path)
        self._leave(running)
        self._count(call)
        if call.op.frees:
            return True
        self.places.pop(call.op.address, None)
        if got == call.op.address:
            self.outcome.forced += 1
        else:
            self.places[call.op.address] = got
            self.outcome.misplaced.append(Misplaced(call.op.line, self.cache.name, call.op.address, got))
        return True

    def _whole_path(self, call: Call):
        if call.block is not None and taking(self.machine, call.op.cpu, call.block) is not None:
            return _from_new_slab(self._whole, call.op.cpu, self.cache)
        return self._path(call, self._whole)

    def _drive(self, path: Path[object]) -> object:
        try:
            while True:
                step = next(path)
                for event in step if isinstance(step, list) else [step]:
                    if isinstance(event, tuple):
                        self._apply(event)
        except StopIteration as end:
            return end.value


def _from_new_slab(w: World, cpu: int, cache: KmemCache) -> Path[int]:
    """An allocation that found nothing when it looked, though there is something now: the trace shows its new slab."""
    if not (yield from new_slab(w, cpu, cache, GFP_KERNEL)):
        return NULL_POINTER
    return (yield from install(w, cpu, cache, NOBODY))
