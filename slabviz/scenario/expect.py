"""Whether a finished run is what its scenario expects; each expectation becomes a verdict with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from slabviz.errors import Place, UsageError
from slabviz.scenario.causes import Causes
from slabviz.scenario.scenario import Scenario
from slabviz.scenario.states import NOWHERE, cache_number, happened, holds, machines, measured
from slabviz.scenario.story import (
    Comparison,
    EventTest,
    ExpectAt,
    ExpectCounter,
    ExpectEver,
    ExpectOften,
    ExpectSpec,
    ExpectText,
    Span,
    StateTest,
    Test,
)
from slabviz.scenario.tallies import Tally
from slabviz.timeline.run import Run, Verdict

Truths = npt.NDArray[np.bool_]
"""One truth for each tick of a run."""


@dataclass(slots=True)
class _Court:
    """What all expectations of a run look at."""

    run: Run
    tally: Tally
    counters: Mapping[str, int]
    states: Mapping[StateTest, Truths]
    causes: Causes

    def last(self, span: Span) -> int:
        """The last tick of a span."""
        return self.run.last_tick if span.last is None else min(span.last, self.run.last_tick)

    def ticks(self, test: EventTest, span: Span) -> npt.NDArray[np.int64]:
        """The ticks at which an event happened."""
        return happened(self.run, self.tally, test, span.first, self.last(span))

    def cause(self, tick: int, tests: Sequence[Test]) -> str:
        """Who changed what the tests look at, as far as that can be told."""
        names = {test.cache for test in tests}
        return self.causes.at(tick, _cache(self.run, names.pop()) if len(names) == 1 else None)

    def truths(self, test: Test) -> Truths:
        """At which ticks a test holds."""
        if isinstance(test, StateTest):
            return self.states[test]
        found = np.zeros(self.run.log.ticks, dtype=bool)
        found[self.ticks(test, Span(0, None))] = True
        return found


def judge(
    scenario: Scenario, run: Run, counters: Mapping[str, int], places: Mapping[int, Place] | None = None
) -> tuple[Verdict, ...]:  # fmt: skip
    """A verdict for each expectation, in the order of the file; ``places`` are the steps that called the allocator, by
    the word of their CALL_SITE events."""
    watched = {
        test
        for spec in scenario.expect
        if isinstance(spec, ExpectEver)
        for test in spec.tests
        if isinstance(test, StateTest)
    }
    tally = Tally(run.log)
    court = _Court(run, tally, counters, _states(run, watched), Causes(tally, places or {}))
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
    return NOWHERE if number is None else number


def _verdict(spec: ExpectSpec, court: _Court) -> Verdict:
    match spec:
        case ExpectAt():
            return _at(spec, court)
        case ExpectOften():
            return _often(spec, court)
        case ExpectText():
            return _text(spec, court)
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
    wrong = [(test, f"{test.measure} is {number}") for test, number in found if not holds(test.comparison, number)]
    detail = ", ".join(words for _, words in wrong)
    cause = court.cause(tick, [test for test, _ in wrong]) if wrong else ""
    return Verdict(str(spec.place), text, not wrong, detail + cause, tick if wrong else None)


def _text(spec: ExpectText, court: _Court) -> Verdict:
    # Imported where a text is asked for: most runs need no reports.
    from slabviz.scenario.texts import has_line, report_lines

    tick = court.run.last_tick if spec.tick is None else spec.tick
    text = f"at {'end' if spec.tick is None else f'tick {tick}'}: {spec.report} is as expected"
    if tick > court.run.last_tick:
        return Verdict(str(spec.place), text, False, f"the run ends at tick {court.run.last_tick}", None)
    try:
        lines = report_lines(court.run, spec.report, spec.cache, tick)
    except UsageError as problem:
        return Verdict(str(spec.place), text, False, str(problem), tick)
    whole = "\n".join(lines)
    wrong = [f"{words!r} is not in it" for words in spec.contains if words not in whole]
    wrong += [f"{words!r} is in it" for words in spec.lacks if words in whole]
    wrong += [f"no line begins with {words!r}" for words in spec.lines if not has_line(lines, words)]
    return Verdict(str(spec.place), text, not wrong, ", ".join(wrong), tick if wrong else None)


def _often(spec: ExpectOften, court: _Court) -> Verdict:
    first, last = spec.span.first, court.last(spec.span)
    ticks = court.ticks(spec.test, spec.span)
    number = len(ticks)
    if spec.share:
        cache = _cache(court.run, spec.test.cache)
        whole = len(court.tally.whole(spec.test.event).within(first, last, cache, spec.test.cpu))
        number = 100 * number // whole if whole else 0
    held = holds(spec.comparison, number)
    unit = " %" if spec.share else ""
    text = f"over ticks {first} to {last}: {told(spec.test)} {spec.comparison}{unit}"
    if held:
        return Verdict(str(spec.place), text, True)
    tick = last if spec.share else _one_too_many(spec.comparison, ticks, last)
    cause = court.cause(tick, (spec.test,)) if tick != last else ""
    return Verdict(str(spec.place), text, False, f"it is {number}{unit}{cause}", tick)


def _one_too_many(comparison: Comparison, ticks: npt.NDArray[np.int64], last: int) -> int:
    """The tick of the first occurrence beyond what was allowed; the last tick where there were too few."""
    most = comparison.number - (comparison.operator == "<")
    over = comparison.operator in ("<", "<=", "==") and len(ticks) > most >= 0
    return int(ticks[most]) if over else last


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
    what = "it holds" if spec.mode == "never" else "it fails"
    return Verdict(str(spec.place), text, False, f"{what} at tick {tick}{court.cause(tick, spec.tests)}", tick)


def told(test: Test) -> str:
    """A test in words."""
    where = "" if test.cpu is None else f" on CPU {test.cpu}"
    if isinstance(test, EventTest):
        what = test.event if test.mark is None else f"mark {test.mark!r}"
        return f"{what}{'' if test.cache is None else f' in {test.cache}'}{where}"
    return f"{test.measure}{f' of {test.cache}' if test.cache else ''}{where} {test.comparison}"
