"""Looks for a plan by which the calls of one cache hand out what the trace says.

Where a call comes out otherwise, it began earlier than its line, or something that was under way went on earlier, or
something that came before it ended later. Such changes are tried one by one, the nearest first; a plan that gets further
is built upon, and when nothing comes of it the next best one is.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import chain, count, islice

from slabviz.model.machine import MachineConfig
from slabviz.recordings.ftrace.calls import Call, Line
from slabviz.recordings.ftrace.conductor import Conductor, Mark, Running
from slabviz.recordings.ftrace.outcome import Outcome
from slabviz.recordings.ftrace.plan import FAR, STEPS, Plan

MOST_TRIALS = 1500
"""Plans that are tried for one line."""
BATCH, PENALTY = 20, 2
"""Plans that are made from one before others have their turn, and by how many lines it is put back then."""
SHIFTS = 12
TIMED, NEAR = 6, 6
AHEAD = 24
"""Lines by which a plan has to get further than what it explains."""
SPAN = 40
"""Lines over which a call may be spread."""
STOPS = 10
"""Stops by which a call may go on in one go."""
LOST = 3
"""After so many lines in a row that nothing explains, nothing more is tried for a cache."""

Change = tuple[int, Plan]
"""(position from which on things come out differently, the plan that says so)."""


class Search:
    """Carries out the lines of one cache, planning as it goes."""

    def __init__(self, config: MachineConfig, lines: list[Line], mark: Mark) -> None:
        self.lines = lines
        self.trials = 0
        self._unexplained = 0
        self._conductor = Conductor(config, lines, [mark], Plan(), {})

    def run(self) -> Outcome:
        """What came of it."""
        while not self._conductor.run(len(self.lines)):
            self._conductor = self._explain(self._conductor)
        return self._conductor.outcome

    def _explain(self, failed: Conductor) -> Conductor:
        """A conductor that gets further, by a plan if there is one."""
        best = self._search(failed) if self._unexplained < LOST else failed
        if best.at > failed.at:
            self._unexplained = 0
            return best if best.fine else self._again(best, (best.at, best.plan))
        self._unexplained += 1
        call = self._call(failed.at)
        first = min((position for position, _ in failed.plan.early.get(call.number, ())), default=failed.at)
        return self._again(failed, (first, failed.plan.gives_up(call.number)))

    def _call(self, at: int) -> Call:
        call = self.lines[at].call
        assert call is not None
        return call

    def _again(self, conductor: Conductor, change: Change) -> Conductor:
        """From the last mark before a change on."""
        position, plan = change
        marks = [mark for mark in conductor.marks if mark.at <= position]
        return Conductor(conductor.config, self.lines, marks, plan, conductor.calls)

    def _search(self, failed: Conductor) -> Conductor:
        """The trial that got furthest is changed next, for a while: the longer in vain, the sooner others have a turn."""
        goal = min(failed.at + AHEAD, len(self.lines))
        order, best = count(), failed
        waiting = [(-failed.at, next(order), failed, self._changes(failed))]
        left = MOST_TRIALS
        while waiting and left > 0:
            rank, _, node, changes = heappop(waiting)
            tried = 0
            for change in islice(changes, BATCH):
                tried += 1
                trial = self._again(node, change)
                if trial.run(goal):
                    self.trials += MOST_TRIALS - left + tried
                    return trial
                best = max(best, trial, key=lambda one: one.at)
                if trial.at > node.at:
                    heappush(waiting, (-trial.at, next(order), trial, self._changes(trial)))
            left -= tried
            if tried == BATCH:
                heappush(waiting, (rank + PENALTY, next(order), node, changes))
        self.trials += MOST_TRIALS - left
        return best

    def _changes(self, node: Conductor) -> Iterator[Change]:
        """Plans that differ from a node's in one call, those about the nearest lines first."""
        at, plan = node.at, node.plan
        failing, first = self._call(at), max(at - SPAN, node.marks[0].at)
        under_way = [one for one in node.active.values() if one.number != failing.number]
        nearest = sorted((n for n in node.calls if first <= n), key=lambda n: abs(n - at))
        sure = [
            *(self._timed(plan, node.calls[n], 0, first) for n in nearest[:TIMED]),
            self._as_far(plan, failing, at, first),
            *(self._as_far(plan, one.call, at, max(first, at - NEAR)) for one in under_way),
        ]
        done = max((stops for _, stops in plan.early.get(failing.number, ()) if stops < FAR), default=0)
        sources = [self._goes_on(plan, failing, done, at, first)]
        sources += [self._goes_on(plan, one.call, one.stops, at, first) for one in under_way]
        for number in nearest:
            other = node.calls[number]
            if number >= at or number == failing.number:
                continue
            if other.call.op.frees:
                sources.append(self._ended_later(plan, other, at))
            else:
                sources.append(self._as_far(plan, other.call, number, first))
        between = self._in_between(plan, node.calls[failing.number], at, first) if failing.number in node.calls else ()
        sources.insert(1, iter(between))
        later = [self._shifted(plan, node.calls[n], first) for n in nearest[:TIMED]]
        return chain(*sure, _in_turn([*sources, *later]), *(self._timed(plan, node.calls[n], 0, first) for n in nearest))

    def _as_far(self, plan: Plan, call: Call, at: int, first: int) -> Iterator[Change]:
        """A call goes on as far as it can, before line ``at`` or an earlier one."""
        for position in range(at, max(first, call.earliest) - 1, -1):
            changed = plan.advances(call.number, position, FAR)
            if changed.early != plan.early:
                yield position, changed

    def _shifted(self, plan: Plan, one: Running, first: int) -> Iterator[Change]:
        for shift in range(1, SHIFTS):
            yield from self._timed(plan, one, shift, first)

    def _timed(self, plan: Plan, one: Running, shift: int, first: int) -> Iterator[Change]:
        """A call as its times say, if each step took one tick, and ``shift`` more went by before its pages or line."""
        call = one.call
        if call.number in plan.forced or not one.told:
            return
        begin, line_of = max(first, call.earliest), self.lines
        times = _times(one, line_of[call.number].op.time, shift, self._pages_time(call))
        pauses = []
        reached = 0
        for position in range(begin, call.number + 1):
            op = line_of[position].op
            stops = reached
            for time, done in zip(times, one.trail[: one.told_at], strict=False):
                if (time, call.op.cpu) < (op.time, op.cpu) and line_of[position].call is not call:
                    stops = done
            if stops > reached:
                pauses.append((position, stops))
                reached = stops
        end = None
        if call.op.frees and len(one.trail) > one.told_at + 1:
            last = call.op.time + len(one.trail) - 1 - one.told_at
            for position in range(call.number + 1, min(call.latest, len(line_of) - 1) + 1):
                op = line_of[position].op
                if (op.time, op.cpu) > (last, call.op.cpu):
                    break
                end = (0, position + 1)
            if end is not None and end[1] > call.latest:
                end = (0, call.latest)
        if plan.early.get(call.number, ()) != tuple(pauses) or plan.late.get(call.number) != end:
            yield min(begin, call.number), plan.times(call.number, tuple(pauses), end)

    def _pages_time(self, call: Call) -> int | None:
        for position in range(call.number - 1, call.earliest - 1, -1):
            if self.lines[position].call is call:
                return self.lines[position].op.time
        return None

    def _goes_on(self, plan: Plan, call: Call, done: int, at: int, first: int) -> Iterator[Change]:
        """A call that has come ``done`` stops far (0: has not begun) goes on before line ``at`` or an earlier one."""
        for position in range(at, max(first, call.earliest) - 1, -1):
            for stops in range(done + 1, done + STOPS + 1):
                changed = plan.advances(call.number, position, stops)
                if changed.early != plan.early:
                    yield position, changed

    def _ended_later(self, plan: Plan, one: Running, at: int) -> Iterator[Change]:
        call = one.call
        for position in range(min(at + 1, call.latest), call.number, -1):
            for steps in range(len(one.trail) - one.told_at - 1):
                if plan.late.get(call.number) != (steps, position):
                    yield call.number, plan.ends(call.number, steps, position)

    def _in_between(self, plan: Plan, one: Running, at: int, first: int) -> Iterator[Change]:
        """Pauses while interrupts are off."""
        for position in range(at, max(first, one.call.earliest) - 1, -1):
            for steps in range(one.told_at, 0, -1):
                changed = plan.advances(one.number, position, STEPS + steps)
                if changed.early != plan.early:
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
