"""The calls of one cache carried out as a plan says: whole, or with a pause in which others go on.

Each call is carried out by the generator of ``slub/``; one that pauses is a generator that has not ended, in a context
of its own. What a kernel could not do fails: to break in where interrupts are off, to go on while something that
broke in has not ended, to take a lock that somebody holds.
"""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.model.gfp import GFP_KERNEL, gfp_of_text
from slabviz.model.image import MachineImage, image_of, machine_of
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import MachineConfig
from slabviz.model.slab import Slab
from slabviz.recordings.ftrace.calls import Call, Line
from slabviz.recordings.ftrace.outcome import Misplaced, Outcome
from slabviz.recordings.ftrace.pages import taking
from slabviz.recordings.ftrace.plan import END, FAR, STEPS, Plan
from slabviz.recordings.ftrace.running import Came, Running
from slabviz.recordings.ftrace.stepper import Stepper
from slabviz.slub.alloc import alloc_in_one_step, install, kmem_cache_alloc, new_slab
from slabviz.slub.deactivate import rcu_free_slab
from slabviz.slub.free import free_in_one_step, kmem_cache_free
from slabviz.slub.world import NULL_POINTER, Path, World

NOBODY = 0
WINDOW = 8
"""Lines between two images of the machine, at least."""
MARKS = 12
"""Images that are kept."""

@dataclass(slots=True, frozen=True)
class Mark:
    """A machine between two lines, no call under way: addresses that differ, what came of it so far."""

    at: int
    image: MachineImage
    places: dict[int, int]
    outcome: Outcome


class Conductor(Stepper):
    """Carries out ``lines`` from a mark on. After ``run``, ``at`` is the line that came out otherwise, if any."""

    def __init__(
        self, config: MachineConfig, lines: list[Line], marks: list[Mark], plan: Plan, known: dict[int, Running]
    ) -> None:
        mark = marks[-1]
        super().__init__(machine_of(config, mark.image), mark.outcome.copy())
        self.config, self.lines, self.marks, self.plan = config, lines, marks, plan
        self.at = mark.at
        self.places = dict(mark.places)
        self.fine = True
        """Whether nothing has come out otherwise so far."""
        self.calls = {number: one for number, one in known.items() if number < mark.at}
        """Calls that took more than one step, by the position of their line."""
        self._runs = plan.runs()

    def run(self, until: int) -> bool:
        """Go on up to a line (without it); False when one comes out otherwise than the trace says."""
        while self.at < until:
            if not self.active and self.at - self.marks[-1].at >= WINDOW:
                mark = Mark(self.at, image_of(self.machine), dict(self.places), self.outcome.copy())
                self.marks = [*self.marks[-MARKS:], mark]
            if not (self._time_passes(self.lines[self.at]) and self._due(self.at) and self._line(self.lines[self.at])):
                self.fine = False
                return False
            self._note_overlaps(self.lines[self.at])
            self.at += 1
        return True

    def _note_overlaps(self, line: Line) -> None:
        for running in self.active.values():
            if line.call not in (None, running.call) and not line.pages:
                running.nested |= line.op.cpu == running.call.op.cpu
                running.overlapped = True

    def call_at(self, position: int) -> Call:
        """The call that a line belongs to."""
        call = self.lines[position].call
        assert call is not None
        return call

    # Lines.

    def _time_passes(self, line: Line) -> bool:
        """What was broken into goes on meanwhile, a step a tick, until all that is left is to hand the object out."""
        for running in [*self.active.values()]:
            call = running.call
            if call is line.call or not running.clock:
                continue
            held = [stops for position, stops in self.plan.early.get(running.number, ()) if position >= self.at]
            while not (self._is_ready(running) or any(map(running.has_come, held))):
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

    def _due(self, position: int) -> bool:
        for number, stops in self._runs.get(position, ()):
            if not self._advance(number, stops):
                return False
            running = self.active.get(number)
            if running is not None and running.clock:
                running.clock = max(running.clock, self.lines[position].op.time)
        return True

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

    # What no plan explains.

    def _forced(self, number: int, call: Call) -> bool:
        """Let the call come out as it may; the trace's address stands for the model's object from then on."""
        running = self.active.get(number)
        if running is None:
            path = self._whole_path(call)
            if path is None:
                self._count(call)
                return self._passed_over()
            running = self.active[number] = Running(call, number, path)
        running.given = running.anything = True
        self._enter(running)
        self._stepping = running
        got = self._drive(running.path)
        self._leave(running)
        self._count(call)
        if call.op.frees:
            return True
        self.places.pop(call.op.address, None)
        assert isinstance(got, int)
        if got == call.op.address:
            self.outcome.forced += 1
        else:
            self.places[call.op.address] = got
            self.outcome.misplaced.append(Misplaced(call.op.line, self.cache.name, call.op.address, got))
        return True

    def _whole_path(self, call: Call) -> Path[object] | None:
        if call.block is not None and taking(self.machine, call.op.cpu, call.block) is not None:
            return _from_new_slab(self._whole, call.op.cpu, self.cache)
        return self._path(call, self._whole)


def _from_new_slab(w: World, cpu: int, cache: KmemCache) -> Path[int]:
    """An allocation that found nothing when it looked, though there is something now: the trace shows its new slab."""
    if not (yield from new_slab(w, cpu, cache, GFP_KERNEL)):
        return NULL_POINTER
    return (yield from install(w, cpu, cache, NOBODY))
