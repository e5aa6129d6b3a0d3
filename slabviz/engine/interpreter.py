"""Carries out programs: one generator per job, which yields the allocator's steps and requests to sleep.

Two tables say what each kind of step does: ``THINK`` for those that take no time (let, count …), ``EXECUTE`` for the
others; those of one subject have files of their own (``object_steps``, ``lock_steps`` …). A turn of a loop that takes
no time waits a tick, so that no program can stop the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from enum import IntEnum
from typing import Any

from slabviz.engine import program
from slabviz.engine.arguments import given
from slabviz.engine.byte_steps import BYTE_STEPS
from slabviz.engine.cache_steps import CACHE_STEPS
from slabviz.engine.deferred_steps import DEFERRED_STEPS, DEFERRED_THOUGHTS
from slabviz.engine.device_steps import DEVICE_STEPS
from slabviz.engine.handles import handle_of, live
from slabviz.engine.job import Handle, Job, Stage
from slabviz.engine.kmalloc_steps import KMALLOC_STEPS
from slabviz.engine.lock_steps import LOCK_STEPS
from slabviz.engine.object_steps import OBJECT_STEPS
from slabviz.engine.oom_steps import leave_memory, touch
from slabviz.engine.program import ANY_CPU, SAME_CPU, Body
from slabviz.engine.values import Value, evaluate
from slabviz.engine.waits import Block, ProgramStep, SleepFor, Work
from slabviz.errors import Place
from slabviz.model.cpu import ContextKind
from slabviz.model.events import Kind


class Flow(IntEnum):
    """How a step ended: go on, leave the called program, or end the job."""

    ON = 0
    RETURN = 1
    EXIT = 2


Execute = Callable[[Job, Any], "Generator[ProgramStep, None, Flow | None]"]
Think = Callable[[Job, Any], "Flow | None"]


def run_program(job: Job, body: Body) -> Work[None]:
    """Run a job to its end. Raises RuntimeStepError, with the step's place, for what cannot be done."""
    yield from run_body(job, body)
    if job.irqs_off is not None:
        raise job.error(job.irqs_off, "irq_off: the program ends with interrupts off; `irq_on` is missing")
    for lock, place in job.locks.items():
        raise job.error(place, f"spin_lock: the program ends with `{lock}` held; `spin_unlock: {lock}` is missing")


def run_task(job: Job, body: Body) -> Work[None]:
    """Run a process, and strike it off the roll when it is over."""
    _go_on(job)
    try:
        yield from run_program(job, body)
        yield from leave_memory(job)
    finally:  # also when it dies on the way
        if job.stage.oom is not None:
            job.stage.oom.leave(job.actor)
        job.stage.moving -= 1
        job.stage.alive -= 1
        job.stage.identities.drop(job.identity)


def run_body(job: Job, body: Body) -> Work[Flow]:
    """The steps one after the other, until one of them says otherwise."""
    for step in body:
        if job.killed and job.irqs_off is None and not job.locks:
            return Flow.EXIT
        job.at = step.place
        think = THINK.get(type(step))
        flow = think(job, step) if think else (yield from EXECUTE[type(step)](job, step))
        if flow:
            return flow
    return Flow.ON


def spawn(stage: Stage, cpu: int, job: Job, body: Body) -> None:
    """Start a job as a task of its CPU."""
    stage.moving += 1
    stage.alive += 1
    stage.identities.keep(job.identity)
    # A daemon for the engine: `Stage.moving` tells whether a run is over, since tasks may sleep at a queue for ever.
    job.task = stage.engine.start(cpu, job.actor, run_task(job, body), daemon=True)
    job.task.at_rest = True
    if stage.oom is not None:
        stage.oom.enter(job)


# Time.


def _wait(job: Job, step: program.Wait) -> Work[None]:
    for _ in range(evaluate(step.ticks, job)):
        if job.killed:
            return
        yield None


def _sleep(job: Job, step: program.Sleep) -> Work[None]:
    _must_be_able_to_sleep(job, step.place, "sleep")
    yield from _rest(job, SleepFor(evaluate(step.ticks, job)))


def _use(job: Job, step: program.Use) -> Work[None]:
    _must_be_able_to_sleep(job, step.place, "use")
    handle = handle_of(job, step.place, "use", step.object)
    live(job, step.place, "use", step.object, handle)
    if handle.slab is not None:
        yield (Kind.USE, job.cpu, handle.slab.id, handle.offset, handle.owner.actor)
    yield from _rest(job, SleepFor(evaluate(step.ticks, job)))


def _rest(job: Job, request: SleepFor | Block) -> Work[None]:
    """Sleep outside every path of the kernel: the task may go on on another CPU, if its own has gone offline."""
    if job.task is not None:
        job.task.at_rest = True
    yield request
    _go_on(job)


def _go_on(job: Job) -> None:
    if job.task is not None:
        job.task.at_rest, job.cpu = False, job.task.cpu


def _must_be_able_to_sleep(job: Job, place: Place, word: str) -> None:
    if not job.may_sleep:
        raise job.error(place, f"{word}: nobody can sleep here, {job.why_atomic}")


# Flow.


def _repeat(job: Job, step: program.Repeat) -> Work[Flow]:
    left = None if step.times is None else evaluate(step.times, job)
    while _goes_on(job, left, step.condition):
        began = job.stage.engine.now
        flow = yield from run_body(job, step.body)
        if flow:
            return flow
        if job.stage.engine.now == began:
            yield None
        left = None if left is None else left - 1
    return Flow.ON


def _goes_on(job: Job, left: int | None, condition: Value | None) -> bool:
    if left is not None:
        return left > 0
    return condition is None or bool(evaluate(condition, job))


def _if(job: Job, step: program.If) -> Work[Flow]:
    return (yield from run_body(job, step.then if evaluate(step.condition, job) else step.otherwise))


def _choose(job: Job, step: program.Choose) -> Work[Flow]:
    drawn = job.uniform(1, sum(branch.weight for branch in step.branches))
    for branch in step.branches:
        drawn -= branch.weight
        if drawn <= 0:
            return (yield from run_body(job, branch.body))
    return Flow.ON


def _if_null(job: Job, step: program.IfNull) -> Work[Flow]:
    if handle_of(job, step.place, "if_null", step.object).is_null:
        return (yield from run_body(job, step.body))
    return Flow.ON


def _call(job: Job, step: program.Call) -> Work[Flow]:
    called = job.stage.workload.programs[step.program]
    outer, job.names = job.names, given(job, step.place, step.arguments)
    caller, job.function = job.function, step.program
    flow = yield from run_body(job, called.body)
    if job.killed:
        job.left.append(job.names)
    job.names, job.function = outer, caller
    return Flow.ON if flow is Flow.RETURN else flow


def _start(job: Job, step: program.Start) -> Work[None]:
    stage = job.stage
    if step.owner is None:
        identity = stage.identities.new("pid", (step.name or step.program,))
    else:
        identity = handle_of(job, step.place, "start", step.owner).owner
    cpu = _cpu_for(job, step.cpu)
    child = Job(stage, cpu, identity, ContextKind.PROCESS, stage.engine.streams.stream(f"program:{step.program}"))
    child.function = step.program
    child.names = given(job, step.place, step.arguments)
    spawn(stage, cpu, child, stage.workload.programs[step.program].body)
    yield None


def _cpu_for(job: Job, wanted: int) -> int:
    if wanted == SAME_CPU:
        return job.cpu
    if wanted != ANY_CPU:
        return wanted
    agents = job.stage.engine.agents
    return min(range(len(agents)), key=lambda cpu: len(agents[cpu].ready) + (agents[cpu].task is not None))


def _exit(job: Job, step: program.Exit) -> Flow:
    return Flow.EXIT


def _return(job: Job, step: program.Return) -> Flow:
    return Flow.RETURN


# Handing over.


def _put(job: Job, step: program.Put) -> Work[Flow]:
    handles = tuple(handle_of(job, step.place, "put", name) for name in step.objects)
    for name, handle in zip(step.objects, handles, strict=True):
        live(job, step.place, "put", name, handle)
    queue = job.stage.queues[step.queue]
    while len(queue.entries) >= queue.limit:
        if step.if_full is not None:
            return (yield from run_body(job, step.if_full))
        yield from _sleep_at(job, step.place, "put", queue.putters)
        if job.killed:
            return Flow.EXIT
    for handle in handles:
        handle.listed, handle.referenced = True, handle.listed
    queue.entries.append(handles)
    job.stage.wake(queue.takers)
    return Flow.ON


def _take(job: Job, step: program.Take) -> Work[Flow]:
    queue = job.stage.queues[step.queue]
    while not queue.entries:
        if step.if_empty is not None:
            job.names.objects.update({name: Handle.null(job.identity, 0) for name in step.names})
            return (yield from run_body(job, step.if_empty))
        yield from _sleep_at(job, step.place, "take", queue.takers)
        if job.killed:
            return Flow.EXIT
    entry = _pick(job, queue.entries, step.pick)
    if len(entry) != len(step.names):
        raise job.error(
            step.place, f"take: this entry of `{step.queue}` has {len(entry)} objects, not {len(step.names)}"
        )
    job.names.objects.update(zip(step.names, entry, strict=True))
    job.stage.wake(queue.putters)
    return Flow.ON


def _sleep_at(job: Job, place: Place, word: str, sleepers: Any) -> Work[None]:
    _must_be_able_to_sleep(job, place, word)
    sleepers.append(job.task)
    job.asleep_at = sleepers
    job.stage.moving -= 1
    yield from _rest(job, Block())
    job.asleep_at = None


def _pick(job: Job, entries: Any, how: str) -> tuple[Handle, ...]:
    index = {"first": 0, "oldest": 0, "last": len(entries) - 1}.get(how)
    if index is None:
        index = job.uniform(0, len(entries) - 1)
    if how == "oldest":
        index = min(range(len(entries)), key=lambda at: entries[at][0].taken_at)
    entry: tuple[Handle, ...] = entries[index]
    del entries[index]
    return entry


# Thinking and telling.


def _let(job: Job, step: program.Let) -> None:
    for name, value in step.values:
        job.names.numbers[name] = evaluate(value, job)


def _raise_softirq(job: Job, step: program.RaiseSoftirq) -> Work[None]:
    yield from job.stage.engine.raise_softirq(job.cpu, job.stage.softirqs[step.softirq])


def _say(job: Job, step: program.Say) -> None:
    job.stage.said.append((job.stage.engine.now, step.texts))


def _ask(job: Job, step: program.Ask) -> None:
    job.stage.asked.append((job.stage.engine.now, step.question))


def _mark(job: Job, step: program.MarkTick) -> Work[None]:
    yield (Kind.MARK, job.cpu, 0, job.stage.word(step.text), job.actor)


def _count(job: Job, step: program.Count) -> None:
    counters = job.stage.counters
    counters[step.counter] = counters.get(step.counter, 0) + evaluate(step.by, job)


def _assert(job: Job, step: program.Assert) -> None:
    if not evaluate(step.condition, job):
        raise job.error(step.place, f"assert: {step.message or 'this does not hold'}")


def _calling(execute: Execute) -> Execute:
    """A step that calls the allocator: its first event also tells, without a tick of its own, which line calls."""

    def carry_out(job: Job, step: Any) -> Work[Flow | None]:
        work = execute(job, step)
        try:
            first = next(work)
        except StopIteration as end:
            flow: Flow | None = end.value
            return flow
        if type(first) is tuple:
            yield [job.calls_from(step.place), first]
        elif type(first) is list:
            yield [job.calls_from(step.place), *first]
        else:
            yield first
        return (yield from work)

    return carry_out


_CALLS: dict[type[program.Step], Execute] = OBJECT_STEPS | KMALLOC_STEPS | DEVICE_STEPS

EXECUTE: dict[type[program.Step], Execute] = {
    **{kind: _calling(execute) for kind, execute in (OBJECT_STEPS | KMALLOC_STEPS | DEVICE_STEPS).items()},
    program.Touch: touch,
    **CACHE_STEPS,
    **LOCK_STEPS,
    **DEFERRED_STEPS,
    **BYTE_STEPS,
    program.Wait: _wait,
    program.Sleep: _sleep,
    program.Use: _use,
    program.Repeat: _repeat,
    program.If: _if,
    program.Choose: _choose,
    program.IfNull: _if_null,
    program.Call: _call,
    program.Start: _start,
    program.Put: _put,
    program.Take: _take,
    program.RaiseSoftirq: _raise_softirq,
    program.MarkTick: _mark,
}
"""What carries out each kind of step that takes time."""

THINK: dict[type[program.Step], Think] = {
    program.Exit: _exit,
    program.Return: _return,
    program.Let: _let,
    program.Say: _say,
    program.Ask: _ask,
    program.Count: _count,
    program.Assert: _assert,
    **DEFERRED_THOUGHTS,
}
"""What carries out each kind of step that takes none."""
