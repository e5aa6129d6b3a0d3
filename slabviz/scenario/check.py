"""What only the whole file shows: parameters that do not fit, circles of calls, steps that no handler may do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slabviz.engine import driver_program, program
from slabviz.engine.driver_program import Argument
from slabviz.engine.program import Body, Step
from slabviz.engine.workload import Interrupt, Program, Scripted
from slabviz.errors import ModelError, Place, UsageError
from slabviz.model.gfp import gfp_name, may_sleep
from slabviz.model.kmalloc_classes import KMALLOC_NAMES
from slabviz.scenario.diagnostics import Reporter, Spot, nearest, quote
from slabviz.scenario.scenario import Scenario
from slabviz.scenario.story import EventTest, ExpectAt, ExpectCounter, ExpectEver, ExpectOften, Test

NOTHING_RUNS = "give `tasks` or `interrupts`; a file that others `include` is checked together with them"


def check(reporter: Reporter, scenario: Scenario) -> None:
    """Report what does not fit together between the sections of a scenario."""
    work = scenario.workload
    _caches(reporter, scenario)
    if not work.tasks and not work.interrupts:
        reporter.report(Spot(1, 1), "nothing-runs", "nothing ever runs", help=NOTHING_RUNS)
    for body in bodies(scenario):
        for step in steps(body):
            _arguments(reporter, scenario, step)
            _made_by_hand(reporter, scenario, step)
    _pids(reporter, scenario)
    _locks(reporter, scenario)
    _sources(reporter, scenario)
    _circles(reporter, scenario)
    _handlers(reporter, scenario)
    _promises(reporter, scenario)


def _promises(reporter: Reporter, scenario: Scenario) -> None:
    """Report a mark that is waited for and that no step makes, and a counter that none counts."""
    every = [step for body in bodies(scenario) for step in steps(body)]
    made = {step.text for step in every if isinstance(step, program.MarkTick)}
    counted = {step.counter for step in every if isinstance(step, program.Count)}
    for spec in scenario.expect:
        if isinstance(spec, ExpectCounter) and spec.counter not in counted:
            message = f"no step counts {quote(spec.counter)}"
            reporter.report(spot_of(reporter, spec.place), "unknown-name", message, help=nearest(spec.counter, counted))
    for place, test in _tests(scenario):
        if isinstance(test, EventTest) and test.mark is not None and test.mark not in made:
            message = f"no step makes the mark {quote(test.mark)}"
            reporter.report(spot_of(reporter, place), "unknown-name", message, help=nearest(test.mark, made))


def _tests(scenario: Scenario) -> Iterator[tuple[Place, Test]]:
    """Everything that chapters wait for and that expectations look at, each with its place."""
    for chapter in scenario.chapters:
        if chapter.when is not None:
            yield chapter.place, chapter.when
    for spec in scenario.expect:
        if isinstance(spec, ExpectOften):
            yield spec.place, spec.test
        elif isinstance(spec, (ExpectAt, ExpectEver)):
            yield from ((spec.place, test) for test in spec.tests)


def _caches(reporter: Reporter, scenario: Scenario) -> None:
    """Report caches that cannot be laid out, and those that are always there."""
    for name, cache in scenario.caches.items():
        spot = reporter.spot(cache.place)
        if name in KMALLOC_NAMES:
            reporter.report(spot, "reserved-name", f"`{name}` is always there; use it without declaring it")
        try:
            cache.geometry(name, scenario.machine, scenario.kernel)
        except (ModelError, UsageError) as problem:
            reporter.report(spot, "impossible", f"cache `{name}` cannot be made: {problem}")


def bodies(scenario: Scenario) -> Iterator[Body]:
    """Every program of the scenario, named or not."""
    work = scenario.workload
    yield from (piece.body for piece in work.programs.values())
    yield from (task.program for task in work.tasks.values())
    yield from (interrupt.handler for interrupt in work.interrupts.values())
    yield from work.softirqs.values()
    yield from (piece.body for piece in work.works.values())


HOLDERS = (program.Repeat, program.IfNull, program.If, program.Choose, program.Put, program.Take)
"""The steps that hold other steps."""


def inner(step: Step) -> tuple[Body, ...]:
    """The steps that a step holds."""
    match step:
        case program.Repeat(body=body) | program.IfNull(body=body):
            return (body,)
        case program.If(then=then, otherwise=otherwise):
            return (then, otherwise)
        case program.Choose(branches=branches):
            return tuple(branch.body for branch in branches)
        case program.Put(if_full=body) | program.Take(if_empty=body):
            return (body,) if body else ()
        case _:
            return ()


def steps(body: Body) -> Iterator[Step]:
    """All steps of a program, also those inside others (nesting is limited by ``tree.DEEPEST``)."""
    for step in body:
        yield step
        if isinstance(step, HOLDERS):
            for part in inner(step):
                yield from steps(part)


def _arguments(reporter: Reporter, scenario: Scenario, step: Step) -> None:
    work = scenario.workload
    match step:
        case program.Call() | program.Start():
            _compare(reporter, step.place, step.program, step.arguments, work.programs[step.program])
        case driver_program.ScheduleWork():
            _compare(reporter, step.place, step.work, step.arguments, work.works[step.work])
        case driver_program.RaiseIrq():
            _compare(reporter, step.place, step.irq, step.arguments, work.interrupts[step.irq])


def _compare(
    reporter: Reporter, place: Place, name: str, arguments: tuple[Argument, ...], called: Program | Interrupt
) -> None:  # fmt: skip
    """Report a parameter that is not given, and one that is not wanted."""
    given = tuple(argument.name for argument in arguments)
    missing = [parameter for parameter in called.parameters if parameter not in given]
    extra = [word for word in given if word not in called.parameters]
    note = (spot_of(reporter, called.place), "declared here")
    if missing:
        message = f"`{name}` needs `with: {{{missing[0]}: …}}`"
        reporter.report(spot_of(reporter, place), "missing-argument", message, note=note)
    if extra:
        hint = nearest(extra[0], called.parameters)
        message = f"`{name}` takes no `{extra[0]}`"
        reporter.report(spot_of(reporter, place), "unknown-argument", message, help=hint, note=note)


def _locks(reporter: Reporter, scenario: Scenario) -> None:
    """Report a lock that is given back but never taken: a slip of the pen."""
    taken = locks_of(scenario)
    for step in (step for body in bodies(scenario) for step in steps(body)):
        if isinstance(step, driver_program.SpinUnlock) and step.lock not in taken:
            spot, message = spot_of(reporter, step.place), f"no step takes a lock `{step.lock}`"
            reporter.report(spot, "unknown-name", message, help=nearest(step.lock, taken))


def locks_of(scenario: Scenario) -> tuple[str, ...]:
    """The scenario's own spinlocks: those that some step takes."""
    every = (step for body in bodies(scenario) for step in steps(body))
    return tuple(dict.fromkeys(step.lock for step in every if isinstance(step, driver_program.SpinLock)))


def _sources(reporter: Reporter, scenario: Scenario) -> None:
    """Report an interrupt that never comes, and one that comes without what its handler needs."""
    raised = {
        step.irq for body in bodies(scenario) for step in steps(body) if isinstance(step, driver_program.RaiseIrq)
    }  # fmt: skip
    for name, source in scenario.workload.interrupts.items():
        comes = source.arrivals != Scripted(())
        spot = spot_of(reporter, source.place)
        if not comes and name not in raised:
            help = "give `every`, `at` or `burst`, or let a program `raise` it"
            reporter.report(spot, "never-comes", f"interrupt `{name}` never comes", help=help)
        if comes and source.parameters:
            help = "leave out `every`, `at` and `burst`, or `with`"
            message = f"interrupt `{name}` comes by itself, but its handler needs `{source.parameters[0]}`"
            reporter.report(spot, "missing-argument", message, help=help)


def _made_by_hand(reporter: Reporter, scenario: Scenario, step: Step) -> None:
    """Report steps that make or destroy a cache of the kernel's own."""
    if isinstance(step, (program.Create, program.Destroy)) and step.cache not in scenario.caches:
        message = f"`{step.cache}` is always there: nobody creates or destroys it"
        reporter.report(spot_of(reporter, step.place), "reserved-name", message)


def _pids(reporter: Reporter, scenario: Scenario) -> None:
    """Report two tasks with one pid."""
    owners: dict[int, Place] = {}
    for name, task in scenario.workload.tasks.items():
        first = owners.setdefault(task.pid, task.place)
        if task.pid and first is not task.place:
            note = (spot_of(reporter, first), "first given here")
            reporter.report(
                spot_of(reporter, task.place), "pid-taken", f"task `{name}` has a pid that is taken", note=note
            )


def _circles(reporter: Reporter, scenario: Scenario) -> None:
    """Report the first program that calls itself, directly or through others: nothing could end it."""
    for name in scenario.workload.programs:
        call = _call_back(scenario, name)
        if call is not None:
            help = "use `repeat`, or `start` a new task"
            reporter.report(spot_of(reporter, call.place), "circle", f"program `{name}` calls itself", help=help)
            return


def _call_back(scenario: Scenario, name: str) -> program.Call | None:
    """The call by which a program comes back to itself."""
    programs = scenario.workload.programs
    seen, ahead = set[str](), [name]
    while ahead:
        for step in steps(programs[ahead.pop()].body):
            if isinstance(step, program.Call) and step.program == name:
                return step
            if isinstance(step, program.Call) and step.program not in seen:
                seen.add(step.program)
                ahead.append(step.program)
    return None


def _handlers(reporter: Reporter, scenario: Scenario) -> None:
    """Report steps that sleep where nothing may: in handlers, softirqs, and the programs they call."""
    work = scenario.workload
    atomic = [interrupt.handler for interrupt in work.interrupts.values()] + list(work.softirqs.values())
    called = set[str]()
    reported = set[Place]()
    while atomic:
        body = atomic.pop()
        for step in steps(body):
            reason = _why_it_sleeps(step)
            if reason and step.place not in reported:
                reported.add(step.place)
                _tell_sleep(reporter, step, reason)
            if isinstance(step, program.Call) and step.program not in called:
                called.add(step.program)
                atomic.append(work.programs[step.program].body)


def _tell_sleep(reporter: Reporter, step: Step, reason: str) -> None:
    """An error; of flags that may sleep a warning, since the kernel only complains and goes on."""
    spot, message = spot_of(reporter, step.place), f"a handler or softirq runs this step, and {reason}"
    if hasattr(step, "gfp"):
        help = "the kernel will print a BUG; if that is the story, say `mistake: sleep_in_atomic`"
        reporter.warn(spot, "may-sleep", message, help=help)
    else:
        reporter.report(spot, "sleeps", message)


def _why_it_sleeps(step: Step) -> str:
    match step:
        case program.Alloc(mistake="sleep_in_atomic") | program.Kmalloc(mistake="sleep_in_atomic"):
            return ""
        case program.Touch():
            return "it sleeps"
        case (
            program.Alloc(gfp=gfp)
            | program.Kmalloc(gfp=gfp)
            | program.BulkAlloc(gfp=gfp)
            | driver_program.Krealloc(gfp=gfp)
            | driver_program.DevmKmalloc(gfp=gfp)
        ):
            return f"{gfp_name(gfp)} may sleep: write `gfp: GFP_ATOMIC`" if may_sleep(gfp) else ""
        case program.Sleep() | program.Use() | program.Shrink():
            return "it sleeps"
        case program.Create() | program.Destroy() | program.Tune() | program.CpuOffline() | program.CpuOnline():
            return "it sleeps"
        case program.Put(if_full=None):
            return "it sleeps when the queue is full: give `if_full`"
        case program.Take(if_empty=None):
            return "it sleeps when the queue is empty: give `if_empty`"
        case _:
            return ""


def spot_of(reporter: Reporter, place: Place) -> Spot:
    """The word that stands at a place."""
    here = reporter.spot(place)
    word = re.match(r"[\w.-]+", reporter.file(here.file).line(place.line)[place.column - 1 :])
    return reporter.spot(place, len(word[0]) if word else 1)
