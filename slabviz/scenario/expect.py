"""Whether a finished run is what its scenario expects; each expectation becomes a verdict with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from slabviz.scenario.scenario import Scenario
from slabviz.scenario.states import cache_number, holds, machines, measured
from slabviz.scenario.story import (
    EventTest,
    ExpectAt,
    ExpectCounter,
    ExpectEver,
    ExpectOften,
    ExpectSpec,
    Span,
    StateTest,
    Test,
)
from slabviz.scenario.tallies import Tally
from slabviz.timeline.run import Run, Verdict

Truths = npt.NDArray[np.bool_]
"""One truth for each tick of a run."""

NO_CACHE = -2
"""The number of a cache that a run does not have: no event carries it."""


@dataclass(slots=True)
class _Court:
    """What all expectations of a run look at."""

    run: Run
    tally: Tally
    counters: Mapping[str, int]
    states: Mapping[StateTest, Truths]

    def last(self, span: Span) -> int:
        """The last tick of a span."""
        return self.run.last_tick if span.last is None else min(span.last, self.run.last_tick)

    def ticks(self, test: EventTest, span: Span) -> npt.NDArray[np.int64]:
        """The ticks at which an event happened."""
        return self.tally.occurrences(test.event).within(span.first, self.last(span), _cache(self.run, test.cache))

    def truths(self, test: Test) -> Truths:
        """At which ticks a test holds."""
        if isinstance(test, StateTest):
            return self.states[test]
        found = np.zeros(self.run.log.ticks, dtype=bool)
        found[self.ticks(test, Span(0, None))] = True
        return found


def judge(scenario: Scenario, run: Run, counters: Mapping[str, int]) -> tuple[Verdict, ...]:
    """A verdict for each expectation, in the order of the file."""
    watched = {
        test
        for spec in scenario.expect
        if isinstance(spec, ExpectEver)
        for test in spec.tests
        if isinstance(test, StateTest)
    }
    court = _Court(run, Tally(run.log), counters, _states(run, watched))
    return tuple(_verdict(spec, court) for spec in scenario.expect)


def _states(run: Run, tests: set[StateTest]) -> dict[StateTest, Truths]:
    truths = {test: np.zeros(run.log.ticks, dtype=bool) for test in tests}
    for tick, machine in machines(run) if tests else ():
        for test, found in truths.items():
            found[tick] = holds(test.comparison, measured(machine, test))
    return truths


def _cache(run: Run, name: str | None) -> int | None:
    if name is None:
        return None
    number = cache_number(run, name)
    return NO_CACHE if number is None else number


def _verdict(spec: ExpectSpec, court: _Court) -> Verdict:
    match spec:
        case ExpectAt():
            return _at(spec, court)
        case ExpectOften():
            return _often(spec, court)
        case ExpectCounter():
            return _counter(spec, court)
        case ExpectEver():
            return _ever(spec, court)


def _at(spec: ExpectAt, court: _Court) -> Verdict:
    tick = court.run.last_tick if spec.tick is None else spec.tick
    text = f"at {'end' if spec.tick is None else f'tick {tick}'}: {', '.join(map(told, spec.tests))}"
    if tick > court.run.last_tick:
        return Verdict(str(spec.place), text, False, f"the run ends at tick {court.run.last_tick}", None)
    machine = court.run.machine_at(tick)
    found = [(test, measured(machine, test)) for test in spec.tests]
    wrong = [f"{test.measure} is {number}" for test, number in found if not holds(test.comparison, number)]
    return Verdict(str(spec.place), text, not wrong, ", ".join(wrong), tick if wrong else None)


def _often(spec: ExpectOften, court: _Court) -> Verdict:
    first, last = spec.span.first, court.last(spec.span)
    number = len(court.ticks(spec.test, spec.span))
    if spec.share:
        cache = _cache(court.run, spec.test.cache)
        whole = len(court.tally.whole(spec.test.event).within(first, last, cache))
        number = 100 * number // whole if whole else 0
    held = holds(spec.comparison, number)
    unit = " %" if spec.share else ""
    where = f" in {spec.test.cache}" if spec.test.cache else ""
    text = f"over ticks {first} to {last}: {spec.test.event}{where} {spec.comparison}{unit}"
    return Verdict(str(spec.place), text, held, "" if held else f"it is {number}{unit}", None if held else last)


def _counter(spec: ExpectCounter, court: _Court) -> Verdict:
    number = court.counters.get(spec.counter, 0)
    held = holds(spec.comparison, number)
    detail = "" if held else f"it is {number}"
    return Verdict(str(spec.place), f"counter {spec.counter} {spec.comparison}", held, detail, None)


def _ever(spec: ExpectEver, court: _Court) -> Verdict:
    first, last = spec.span.first, court.last(spec.span)
    truths = np.logical_and.reduce([court.truths(test) for test in spec.tests])[first : last + 1]
    text = f"{spec.mode}: {' and '.join(map(told, spec.tests))}"
    if spec.mode == "sometime":
        held = bool(truths.any())
        return Verdict(str(spec.place), text, held, "" if held else "it never holds", None if held else last)
    wrong = np.flatnonzero(truths if spec.mode == "never" else ~truths)
    if not len(wrong):
        return Verdict(str(spec.place), text, True)
    tick = first + int(wrong[0])
    return Verdict(
        str(spec.place), text, False, f"{'it holds' if spec.mode == 'never' else 'it fails'} at tick {tick}", tick
    )


def told(test: Test) -> str:
    """A test in words."""
    if isinstance(test, EventTest):
        return test.event if test.cache is None else f"{test.event} in {test.cache}"
    return f"{test.measure}{f' of {test.cache}' if test.cache else ''} {test.comparison}"
