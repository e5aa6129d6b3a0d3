"""Looks for a plan by which the calls of one cache hand out what the trace says.

Where a call comes out otherwise, it began earlier than its line, or something that was under way went on earlier, or
something that came before it ended later. Such changes are tried one by one, the nearest first; a plan that gets
further is built upon, and when nothing comes of it the next best one is.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count, islice

from slabviz.model.machine import MachineConfig
from slabviz.recordings.ftrace.calls import Line
from slabviz.recordings.ftrace.changes import Change, changes
from slabviz.recordings.ftrace.conductor import Conductor, Mark
from slabviz.recordings.ftrace.outcome import Outcome
from slabviz.recordings.ftrace.plan import Plan
from slabviz.recordings.ftrace.stepper import Died

MOST_TRIALS = 1500
"""Plans that are tried for one line."""
MOST_IN_ALL = 10_000
"""… and for all lines of a cache."""
BATCH, PENALTY = 20, 2
"""Plans that are made from one before others have their turn, and by how many lines it is put back then."""
AHEAD = 24
"""Lines by which a plan has to get further than what it explains."""
LOST = 3
"""After so many lines in a row that nothing explains, nothing more is tried for a cache."""


class Search:
    """Carries out the lines of one cache, planning as it goes."""

    def __init__(self, config: MachineConfig, lines: list[Line], mark: Mark) -> None:
        self.lines = lines
        self.trials = 0
        self._unexplained = 0
        self._conductor = Conductor(config, lines, [mark], Plan(), {})

    def run(self) -> Outcome:
        """What came of it."""
        try:
            while not self._conductor.run(len(self.lines)):
                self._conductor = self._explain(self._conductor)
        except Died:
            line = self.lines[self._conductor.at].op.line
            self._conductor.outcome.broken.append((line, "who calls here dies, and nothing more can be carried out"))
        return self._conductor.outcome

    def _explain(self, failed: Conductor) -> Conductor:
        """A conductor that gets further, by a plan if there is one."""
        given_up = self._unexplained >= LOST or self.trials >= MOST_IN_ALL
        best = failed if given_up else self._search(failed)
        if best.at > failed.at:
            self._unexplained = 0
            return best if best.fine else self._again(best, (best.at, best.plan))
        self._unexplained += 1
        call = failed.call_at(failed.at)
        first = min((position for position, _ in failed.plan.early.get(call.number, ())), default=failed.at)
        return self._again(failed, (first, failed.plan.gives_up(call.number)))

    def _again(self, conductor: Conductor, change: Change) -> Conductor:
        """From the last mark before a change on."""
        position, plan = change
        marks = [mark for mark in conductor.marks if mark.at <= position] or conductor.marks[:1]
        return Conductor(conductor.config, self.lines, marks, plan, conductor.calls)

    def _search(self, failed: Conductor) -> Conductor:
        """The trial that got furthest is changed next; the longer in vain, the sooner others have a turn."""
        goal = min(failed.at + AHEAD, len(self.lines))
        order, best = count(), failed
        waiting = [(-failed.at, next(order), failed, changes(failed))]
        left = MOST_TRIALS
        while waiting and left > 0:
            rank, _, node, untried = heappop(waiting)
            tried = 0
            for change in islice(untried, BATCH):
                tried += 1
                trial = self._again(node, change)
                if trial.run(goal):
                    self.trials += MOST_TRIALS - left + tried
                    return trial
                best = max(best, trial, key=lambda one: one.at)
                if trial.at > node.at:
                    heappush(waiting, (-trial.at, next(order), trial, changes(trial)))
            left -= tried
            if tried == BATCH:
                heappush(waiting, (rank + PENALTY, next(order), node, untried))
        self.trials += MOST_TRIALS - left
        return best
