"""Looks for a plan by which the calls of one cache hand out what the trace says.

Where a call comes out otherwise, it began earlier than its line, or something that was under way went on earlier, or
something that came before it ended later. Such changes are tried one by one, the nearest first; a plan that gets further
is built upon, and when nothing comes of it the next best one is.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import count, islice

from slabviz.model.machine import MachineConfig
from slabviz.recordings.ftrace.calls import Call, Line
from slabviz.recordings.ftrace.conductor import Conductor, Mark
from slabviz.recordings.ftrace.outcome import Outcome
from slabviz.recordings.ftrace.plan import Plan

MOST_TRIALS = 1500
"""Plans that are tried for one line."""
BATCH, PENALTY = 20, 2
"""Plans that are made from one before others have their turn, and by how many lines it is put back then."""
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
        self._conductor = Conductor(config, lines, [mark], Plan())

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
            return best
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
        return Conductor(conductor.config, self.lines, marks, plan)

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
        return best if best is failed else self._again(best, (best.marks[-1].at, best.plan))

    def _changes(self, node: Conductor) -> Iterator[Change]:
        """Plans that differ from a node's in one call, those about the nearest lines first."""
        at, plan = node.at, node.plan
        call, first = self._call(at), max(at - SPAN, node.marks[0].at)
        under_way = [(one.call, one.stops) for one in node.active.values() if one.number != call.number]
        done = max((stops for _, stops in plan.early.get(call.number, ())), default=node.paged.get(call.number, 0))
        sources = [self._goes_on(plan, one, stops, at, first) for one, stops in (*under_way, (call, done))]
        for number in range(min(call.number, at) - 1, first - 1, -1):
            other = self._call(number) if self.lines[number].call else None
            if other is None or other.number != number:
                continue
            if number in node.tailed:
                sources.append(self._ended_later(plan, other, node.tailed[number], at))
            if number in node.slow and other.op.allocates:
                sources.append(self._goes_on(plan, other, node.paged.get(number, 0), number, first))
        return _in_turn(sources)

    def _goes_on(self, plan: Plan, call: Call, done: int, at: int, first: int) -> Iterator[Change]:
        """A call that has come ``done`` stops far (0: has not begun) goes on before line ``at`` or an earlier one."""
        for position in range(at, max(first, call.earliest) - 1, -1):
            for stops in range(done + 1, done + STOPS + 1):
                changed = plan.advances(call.number, position, stops)
                if changed.early != plan.early:
                    yield position, changed

    def _ended_later(self, plan: Plan, call: Call, stops: int, at: int) -> Iterator[Change]:
        for position in range(min(at + 1, call.latest), call.number, -1):
            for done in range(stops):
                if plan.late.get(call.number) != (done, position):
                    yield call.number, plan.ends(call.number, done, position)


def _in_turn(sources: list[Iterator[Change]]) -> Iterator[Change]:
    while sources:
        left = []
        for source in sources:
            for change in source:
                yield change
                left.append(source)
                break
        sources = left
