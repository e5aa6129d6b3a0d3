"""Replaying calls that went on at the same time: another order of their lines is tried where the model does otherwise.

The line of an allocation stands where it ended, but it may have decided long before; a free's line stands where it
began, but what it does to the node's list may come later. So when the model hands out another object than the trace
says, the allocation is put earlier, among the lines of other CPUs, or one of their frees is put later, until all
objects of the last lines are those of the trace. An order that explains them is kept. Not every overlap is explained
by an order of whole calls: what is left counts as misplaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from slabviz.model.image import MachineImage, image_of, machine_of
from slabviz.model.machine import Machine
from slabviz.recordings.ftrace.reader import TraceOp
from slabviz.recordings.ftrace.replay import Outcome, Replay

WINDOW = 48
"""Calls whose order may be changed together, at least; and between two images of the machine."""
MOST_TRIALS = 64
"""Orders that are tried for one object."""


@dataclass(slots=True, frozen=True)
class _Mark:
    """The replay before a call: number of calls done, image of the machine, addresses that differ, what came of it."""

    done: int
    image: MachineImage
    places: dict[int, int]
    outcome: Outcome


def replay(machine: Machine, operations: Iterable[TraceOp]) -> Outcome:
    """Carry out a trace on the machine as it was when the trace began. The machine must not be used afterwards."""
    found = list(operations)
    pages = [op for op in found if op.event == "mm_page_alloc"]
    return _Reordering(machine, pages).run(op for op in found if op.event in CALLS)


CALLS = frozenset({"kmem_cache_alloc", "kmalloc", "kmem_cache_free", "kfree", "mm_page_free"})


class _Reordering:
    def __init__(self, machine: Machine, pages: Iterable[TraceOp]) -> None:
        self.config = machine.config
        self.replay = Replay(machine)
        for op in pages:
            self.replay.step(op)
        self.blocks = self.replay.blocks
        self.done: list[TraceOp] = []
        self.marks = [self._mark()]
        self.unexplained: set[int] = set()
        self.lost: set[str] = set()
        """Caches that the model has lost: nothing is searched for them any more."""
        self.reordered = 0

    def run(self, calls: Iterable[TraceOp]) -> Outcome:
        for op in calls:
            if len(self.done) - self.marks[-1].done >= WINDOW:
                self.marks = [self.marks[-1], self._mark()]
            if self.replay.step(op):
                self.done.append(op)
            elif not self._explained(op):
                self.unexplained.add(op.line)
                self.done.append(op)
        return self._outcome()

    def _outcome(self) -> Outcome:
        outcome = self.replay.outcome
        outcome.reordered = self.reordered
        return outcome

    def _mark(self) -> _Mark:
        replay = self.replay
        return _Mark(len(self.done), image_of(replay.machine), dict(replay.places), replay.outcome.copy())

    def _explained(self, op: TraceOp) -> bool:
        """Look for an order of the last calls and this one in which all hand out what the trace says."""
        mark, misplaced = self.marks[0], self.replay.outcome.misplaced
        cache = misplaced[-1].cache if misplaced and misplaced[-1].line == op.line else ""
        if cache in self.lost:
            return False
        for order in islice(_orders(self.done[mark.done :], op), MOST_TRIALS):
            trial = Replay(machine_of(self.config, mark.image), self.blocks)
            trial.places, trial.outcome = dict(mark.places), mark.outcome.copy()
            if all(trial.step(call) or call.line in self.unexplained for call in order):
                self.done[mark.done :] = order
                self.replay, self.marks = trial, [mark]
                self.reordered += 1
                return True
        self.lost |= {cache} - {""}
        return False


def _orders(last: list[TraceOp], op: TraceOp) -> Iterator[list[TraceOp]]:
    """``op`` put before earlier calls of others, the nearest first; then an earlier call of others put after ``op``."""
    for at in range(len(last) - 1, -1, -1):
        if _bound(last[at], op):
            break
        yield [*last[:at], op, *last[at:]]
    for at in range(len(last) - 1, -1, -1):
        late, later = last[at], [*last[at + 1 :], op]
        if not _same_context(late, op) and not any(call.address == late.address for call in later):
            yield [*last[:at], *later, late]


def _bound(one: TraceOp, other: TraceOp) -> bool:
    """Whether the order of two calls is certain: they are about one object, or made by one context."""
    return one.address == other.address or _same_context(one, other)


def _same_context(one: TraceOp, other: TraceOp) -> bool:
    return (one.cpu, one.flags[2]) == (other.cpu, other.flags[2])
