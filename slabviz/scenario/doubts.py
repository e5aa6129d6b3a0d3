"""What is legal and yet hardly meant: memory that nobody frees, steps that nothing reaches, names that nobody uses.

Each doubt becomes a warning of ``slabviz check``. Only files without an error are doubted, and only what stands in the
scenario itself: a library of programs has more than one scenario needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from slabviz.engine import driver_program, program
from slabviz.engine.program import Body, Step
from slabviz.errors import Place
from slabviz.model.kmalloc_classes import KMALLOC_NAMES
from slabviz.scenario.check import bodies, inner, spot_of, steps
from slabviz.scenario.diagnostics import Reporter, Spot
from slabviz.scenario.holdings import ALL, KMALLOC, kept
from slabviz.scenario.names import PARAMETERS, SECTION_WORDS
from slabviz.scenario.scenario import Scenario
from slabviz.scenario.schema import Reading
from slabviz.scenario.spinning import never_run
from slabviz.scenario.story import Comparison, ExpectAt, ExpectCounter, ExpectEver, ExpectOften, ExpectSpec, StateTest

OWN_FILE = 0
"""The scenario itself among the files that are read together."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A warning; one with ``everywhere`` counts only when every variation of the file gives it."""

    spot: Spot
    code: str
    message: str
    help: str = ""
    note: tuple[Spot, str] | None = None
    everywhere: bool = False


def doubt(reporter: Reporter, variations: Iterable[tuple[Reading, Scenario]]) -> None:
    """Warn of everything doubtful in the variations of a file."""
    found = [list(_doubts(reporter, reading, scenario)) for reading, scenario in variations]
    for doubts in found:
        for each in doubts:
            shared = not each.everywhere or all(each in others for others in found)
            if shared and each.spot.file == OWN_FILE:
                reporter.warn(each.spot, each.code, each.message, help=each.help, note=each.note)


def _doubts(reporter: Reporter, reading: Reading, scenario: Scenario) -> Iterator[Doubt]:
    yield from _unused(reading)
    yield from _one_sided(reading, scenario)
    yield from _kept(reporter, scenario)
    yield from _locks(reporter, scenario)
    for body in bodies(scenario):
        yield from _unreachable(reporter, body)
    yield from _idle(reporter, reading, scenario)
    yield from _too_late(reporter, scenario)
    yield from _promises(reporter, scenario)


def _unused(reading: Reading) -> Iterator[Doubt]:
    """What is declared and never named again; tasks and interrupts need nobody to name them."""
    declared: dict[str, Mapping[str, Spot | None]] = dict(reading.declared.names)
    declared[PARAMETERS] = {name: value.spot for name, value in reading.parameters.items()}
    words = {**SECTION_WORDS, PARAMETERS: "parameter"}
    for section, names in declared.items():
        for name, spot in names.items() if section not in ("tasks", "interrupts", "shrinkers") else ():
            if spot is not None and (section, name) not in reading.declared.used:
                what = "nothing calls or starts it" if section == "programs" else "nothing names it"
                message = f"{words[section]} `{name}` is never used: {what}"
                yield Doubt(spot, "unused", message, everywhere=True)


def _one_sided(reading: Reading, scenario: Scenario) -> Iterator[Doubt]:
    """Queues that only fill or only empty."""
    every = [step for body in bodies(scenario) for step in steps(body)]
    put = {step.queue for step in every if isinstance(step, program.Put)}
    taken = {step.queue for step in every if isinstance(step, program.Take)}
    taken |= {shrinker.queue for shrinker in scenario.shrinkers.values()}
    for name, spot in reading.declared.names["queues"].items():
        if spot is not None and name in taken - put:
            message = f"something takes from queue `{name}`, but nothing is ever put into it"
            yield Doubt(spot, "one-sided-queue", message, everywhere=True)
        if spot is not None and name in put - taken:
            message = f"objects are put into queue `{name}`, but nothing takes them out"
            yield Doubt(spot, "one-sided-queue", message, everywhere=True)


def _kept(reporter: Reporter, scenario: Scenario) -> Iterator[Doubt]:
    every = [step for body in bodies(scenario) for step in steps(body)]
    lost = {step.cache for step in every if isinstance(step, program.Destroy) and step.mistake}
    lost |= set(_left(scenario))
    for body in bodies(scenario):
        for step, name in kept(body, lost):
            help = "free it, `put` it into a queue or hand it on; `mistake: leak` says that it is lost on purpose"
            yield Doubt(spot_of(reporter, step.place), "never-freed", f"`{name}` is never freed", help)


def _left(scenario: Scenario) -> Iterator[str]:
    """The caches that an expectation says to have objects at the end; ALL of them if it names none."""
    for spec in scenario.expect:
        for test in spec.tests if isinstance(spec, ExpectAt) and spec.tick is None else ():
            if test.measure == "objects" and (test.comparison.number or test.comparison.operator in (">", "!=")):
                yield ALL if test.cache is None else KMALLOC if test.cache in KMALLOC_NAMES else test.cache


def _locks(reporter: Reporter, scenario: Scenario) -> Iterator[Doubt]:
    every = [step for body in bodies(scenario) for step in steps(body)]
    released = {step.lock for step in every if isinstance(step, driver_program.SpinUnlock)}
    for step in every:
        if isinstance(step, driver_program.SpinLock) and step.lock not in released:
            message = f"lock `{step.lock}` is taken here and never released"
            yield Doubt(spot_of(reporter, step.place), "lock-kept", message, f"add `- spin_unlock: {step.lock}`")


def _unreachable(reporter: Reporter, body: Body) -> Iterator[Doubt]:
    """The first step behind one that nothing comes back from, in this body and those inside."""
    for step, following in zip_longest(body, body[1:]):
        for part in inner(step):
            yield from _unreachable(reporter, part)
        if following is not None and _is_last(step):
            note = spot_of(reporter, step.place), "nothing goes on behind this"
            yield Doubt(spot_of(reporter, following.place), "unreachable", "this step is never reached", note=note)
            return


def _is_last(step: Step) -> bool:
    match step:
        case program.Exit() | program.Return():
            return True
        case program.Repeat(times=None, condition=None):
            return True  # only an `exit` or `return` inside leaves it, and neither comes here
        case program.If(then=then, otherwise=otherwise):
            return _ends(then) and _ends(otherwise)
        case program.Choose(branches=branches):
            return all(_ends(branch.body) for branch in branches)
        case _:
            return False


def _ends(body: Body) -> bool:
    return any(_is_last(step) for step in body)


def _idle(reporter: Reporter, reading: Reading, scenario: Scenario) -> Iterator[Doubt]:
    """Tasks and interrupts whose time never comes."""
    work, names = scenario.workload, reading.declared.names
    for name, hog in never_run(work):
        note = spot_of(reporter, hog), "this never gives the CPU away"
        message = f"task `{name}` can never run: a task before it keeps CPU {work.tasks[name].cpu} for ever"
        yield Doubt(names["tasks"][name] or note[0], "never-runs", message, note=note)
    for name, task in work.tasks.items():
        if task.start_at >= work.at_most:
            message = f"task `{name}` begins at tick {task.start_at}, but the run is over at tick {work.at_most}"
            spot = names["tasks"][name] or spot_of(reporter, task.place)
            yield Doubt(spot, "never-runs", message, "lengthen `run`, or begin earlier")
    for name, source in work.interrupts.items():
        until = min(source.until or work.duration, work.duration)
        if source.first >= until:
            message = f"interrupt `{name}` comes from tick {source.first} on, but only until tick {until}"
            spot = names["interrupts"][name] or spot_of(reporter, source.place)
            yield Doubt(spot, "never-runs", message, "lengthen `run`, or begin earlier")


def _too_late(reporter: Reporter, scenario: Scenario) -> Iterator[Doubt]:
    last = scenario.workload.at_most
    moments: list[tuple[str, int | None, Place]] = [("chapter", each.tick, each.place) for each in scenario.chapters]
    for spec in scenario.expect:
        tick = spec.tick if isinstance(spec, ExpectAt) else _first(spec)
        moments.append(("expectation", tick, spec.place))
    for what, tick, place in moments:
        if tick is not None and tick > last:
            message = f"this {what} is about tick {tick}, but the run is over at tick {last} at the latest"
            yield Doubt(spot_of(reporter, place), "too-late", message, "`at_most` of `run` says how long it may go on")


def _first(spec: ExpectSpec) -> int | None:
    return spec.span.first if isinstance(spec, (ExpectEver, ExpectOften)) else None


def _promises(reporter: Reporter, scenario: Scenario) -> Iterator[Doubt]:
    """Expectations that hold whatever happens."""
    for spec in scenario.expect:
        spot = spot_of(reporter, spec.place)
        for comparison in _comparisons(spec):
            share = isinstance(spec, ExpectOften) and spec.share
            if _always(comparison.operator, comparison.number, share):
                unit = " %" if share else ""
                yield Doubt(spot, "says-nothing", f"`{comparison}{unit}` holds whatever happens")


def _comparisons(spec: ExpectSpec) -> Iterator[Comparison]:
    match spec:
        case ExpectOften(comparison=comparison) | ExpectCounter(comparison=comparison):
            yield comparison
        case ExpectAt(tests=tests) | ExpectEver(tests=tests):
            yield from (test.comparison for test in tests if isinstance(test, StateTest))


def _always(operator: str, number: int, share: bool) -> bool:
    """Whether a count (or a share, which is no more than 100) always compares so."""
    if share and (operator, number) in (("<=", 100), ("<", 101)):
        return True
    return (operator, number) == (">=", 0)
