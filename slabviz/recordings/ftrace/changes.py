"""Changes of a plan that may explain why a call came out otherwise than the trace says, the likely ones first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from slabviz.recordings.ftrace.calls import Call
from slabviz.recordings.ftrace.conductor import Conductor
from slabviz.recordings.ftrace.plan import FAR, STEPS, Pause, Plan
from slabviz.recordings.ftrace.running import Running

SPAN = 40
"""Lines over which a call may be spread."""
NEAR = 6
"""Lines over which what is under way is looked at first."""
TIMED = 6
"""Calls whose times are tried first."""
STOPS = 10
"""Stops by which a call may go on in one go."""
SHIFTS = 12
"""Ticks that may have gone by unseen."""

Change = tuple[int, Plan]
"""(position from which on things come out differently, the plan that says so)."""


def changes(node: Conductor) -> Iterator[Change]:
    """Plans that differ from the one that failed in one call."""
    return _Changes(node).all()


class _Changes:
    def __init__(self, node: Conductor) -> None:
        self.node, self.plan, self.at, self.lines = node, node.plan, node.at, node.lines
        self.failing = node.call_at(node.at)
        self.first = max(node.at - SPAN, node.marks[0].at)
        self.under_way = [one for one in node.active.values() if one.number != self.failing.number]
        near = sorted((number for number in node.calls if self.first <= number), key=lambda n: abs(n - self.at))
        self.nearest = [node.calls[number] for number in near]

    def all(self) -> Iterator[Change]:
        likely = [
            *(self._timed(one, 0) for one in self.nearest[:TIMED]),
            self._as_far(self.failing, self.at, self.first),
            *map(self._held_back, self.under_way),
            *(self._as_far(one.call, self.at, max(self.first, self.at - NEAR)) for one in self.under_way),
        ]
        return chain(*likely, _in_turn([*self._others()]), *(self._timed(one, 0) for one in self.nearest))

    def _others(self) -> Iterator[Iterator[Change]]:
        pauses = self.plan.early.get(self.failing.number, ())
        yield self._goes_on(self.failing, max((stops for _, stops in pauses if stops < STEPS), default=0))
        if self.failing.number in self.node.calls:
            yield self._in_between(self.node.calls[self.failing.number])
        for one in self.under_way:
            yield self._goes_on(one.call, one.stops)
        for one in self.nearest:
            if one.number < self.at and one.number != self.failing.number:
                frees = one.call.op.frees
                yield self._ended_later(one) if frees else self._as_far(one.call, one.number, self.first)
        for one in self.nearest[:TIMED]:
            yield chain.from_iterable(self._timed(one, shift) for shift in range(1, SHIFTS))

    def _as_far(self, call: Call, at: int, first: int) -> Iterator[Change]:
        """A call goes on as far as it can, before line ``at`` or an earlier one."""
        for position in range(at, max(first, call.earliest) - 1, -1):
            changed = self.plan.advances(call.number, position, FAR)
            if changed.early != self.plan.early:
                yield position, changed

    def _held_back(self, one: Running) -> Iterator[Change]:
        """What is under way has not come so far by now: something else ran on its CPU, unseen."""
        if one.clock:
            for stops in range(one.stops - 1, max(one.stops - STOPS, 0), -1):
                changed = self.plan.advances(one.number, self.at, stops)
                if changed.early != self.plan.early:
                    yield one.paged_line, changed

    def _timed(self, one: Running, shift: int) -> Iterator[Change]:
        """A call as its times say, if each step took one tick, and ``shift`` more went by before its pages or line."""
        number = one.number
        if number in self.plan.forced or not one.told:
            return
        pauses, end = self._pauses(one, shift), self._end(one)
        if self.plan.early.get(number, ()) != pauses or self.plan.late.get(number) != end:
            yield max(self.first, one.call.earliest), self.plan.times(number, pauses, end)

    def _pauses(self, one: Running, shift: int) -> tuple[Pause, ...]:
        """How far the call had come before each line, where that changed."""
        call = one.call
        times = _times(one, call.op.time, shift, self._pages_time(call))
        pauses: list[Pause] = []
        for position in range(max(self.first, call.earliest), call.number):
            if self.lines[position].call is call:
                continue
            now = (self.lines[position].op.time, self.lines[position].op.cpu)
            done = [stops for time, stops in zip(times, one.trail, strict=False) if (time, call.op.cpu) < now]
            if done and done[-1] > (pauses[-1][1] if pauses else 0):
                pauses.append((position, done[-1]))
        return tuple(pauses)

    def _end(self, one: Running) -> tuple[int, int] | None:
        """Before which line a free ended, if others came before it."""
        call, after = one.call, len(one.trail) - 1 - one.told_at
        if not call.op.frees or after <= 0:
            return None
        last, end = (call.op.time + after, call.op.cpu), None
        for position in range(call.number + 1, min(call.latest, len(self.lines))):
            if (self.lines[position].op.time, self.lines[position].op.cpu) > last:
                break
            end = (0, position + 1)
        return end

    def _pages_time(self, call: Call) -> int | None:
        for position in range(call.number - 1, call.earliest - 1, -1):
            if self.lines[position].call is call:
                return self.lines[position].op.time
        return None

    def _goes_on(self, call: Call, done: int) -> Iterator[Change]:
        """A call that has come ``done`` stops far (0: has not begun) goes on before line ``at`` or an earlier one."""
        for position in range(self.at, max(self.first, call.earliest) - 1, -1):
            for stops in range(done + 1, done + STOPS + 1):
                changed = self.plan.advances(call.number, position, stops)
                if changed.early != self.plan.early:
                    yield position, changed

    def _ended_later(self, one: Running) -> Iterator[Change]:
        call = one.call
        for position in range(min(self.at + 1, call.latest), call.number, -1):
            for steps in range(len(one.trail) - one.told_at - 1):
                if self.plan.late.get(call.number) != (steps, position):
                    yield call.number, self.plan.ends(call.number, steps, position)

    def _in_between(self, one: Running) -> Iterator[Change]:
        """Pauses while interrupts are off."""
        for position in range(self.at, max(self.first, one.call.earliest) - 1, -1):
            for steps in range(one.told_at, 0, -1):
                changed = self.plan.advances(one.number, position, STEPS + steps)
                if changed.early != self.plan.early:
                    yield position, changed


def _times(one: Running, line: int, shift: int, pages: int | None) -> list[int]:
    """When each step up to the line was made, in ticks."""
    found = []
    for step in range(one.told_at):
        if pages is not None and one.paged_at is not None and step <= one.paged_at:
            time = pages - (one.paged_at - step)
            found.append(time - (shift if step < one.paged_at - 1 else 0))
        else:
            found.append(line - (one.told_at - step) - (shift if pages is None else 0))
    return found


def _in_turn(sources: list[Iterator[Change]]) -> Iterator[Change]:
    while sources:
        left = []
        for source in sources:
            for change in source:
                yield change
                left.append(source)
                break
        sources = left
