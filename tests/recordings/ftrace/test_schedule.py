"""A trace of ours says in comments who stepped when: with them its replay gives the run's own objects, every one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slabviz.library import load
from slabviz.model.events import APPLY, Kind
from slabviz.model.machine import Machine
from slabviz.recordings.ftrace.events import match_line
from slabviz.recordings.ftrace.outcome import Outcome
from slabviz.recordings.ftrace.reader import TraceReader
from slabviz.recordings.ftrace.replay import replay
from slabviz.recordings.ftrace.schedule import MARK, Begun, Key, Made, Schedule, Stretch, comments
from slabviz.recordings.ftrace.telling import TAKEN
from slabviz.recordings.ftrace.writer import trace
from slabviz.testing.mixture import Mixture, Recipe
from slabviz.timeline.run import About, Run
from slabviz.timeline.timeline import Timeline

SCENARIOS = Path(__file__).parents[3] / "scenarios"
FOLDERS = ("workloads", "more", "life")
LARGEST = 8192
"""Bytes of the largest kmalloc that a cache serves."""


def outcome_of(run: Run, lines: Iterable[str]) -> Outcome:
    reader = TraceReader(Path("trace.txt"))
    operations = list(reader.operations(f"{line}\n" for line in lines))
    assert reader.unread.count == 0
    assert reader.schedule is not None
    return replay(boot_of(run), operations, reader.schedule)


def boot_of(run: Run) -> Machine:
    return Timeline(run.config, run.log).machine_at(0)


def objects_of(run: Run, last_tick: int) -> list[int]:
    """The addresses that the run hands out, one by one, from its log; 0 for those it refuses."""
    found, machine = [], boot_of(run)
    for tick in range(1, last_tick + 1):
        for kind, cpu, slab, arg, who in run.log.of_tick(tick):
            APPLY[kind](machine, cpu, slab, arg, who)
            if kind in TAKEN:
                found.append(machine.address(machine.slabs[slab], arg))
            elif kind == Kind.ALLOC_FAILED:
                found.append(0)
    return found


def told(lines: Iterable[str]) -> list[int]:
    """The objects that the lines name."""
    operations = TraceReader(Path("trace.txt")).operations(f"{line}\n" for line in lines)
    return [op.address for op in operations if op.allocates and (op.event != "kmalloc" or op.bytes_alloc <= LARGEST)]


def mixed(recipe: Recipe) -> Run:
    """A random run of single calls, cut off in the middle of whatever is under way."""
    mixture = Mixture(recipe)
    for tick in mixture.play():
        if tick >= recipe.ticks:
            break
    return Run(mixture.engine.config, mixture.engine.log, mixture.engine.cast, About({}))


SHIPPED = [path.relative_to(SCENARIOS) for folder in FOLDERS for path in sorted((SCENARIOS / folder).glob("*.yaml"))]
OTHERS = [
    *((Path("workloads/driver.yaml"), seed) for seed in (2, 3)),
]


@pytest.mark.parametrize(("path", "seed"), [*((path, None) for path in SHIPPED), *OTHERS], ids=str)
def test_shipped_scenarios_come_out_to_the_last_object(path: Path, seed: int | None) -> None:
    """Seeds of the driver's that no search explains, too."""
    run = load(str(SCENARIOS / path)).run(seed=seed)
    assert not {Kind.BULK_ALLOC_ENTER, Kind.BULK_FREE_ENTER, Kind.MISTAKE} & set(run.log.matrix()[:, 0].tolist())
    lines = trace(run).splitlines()
    assert all(match_line(line) for line in lines if not line.startswith("#"))
    assert told(lines) == objects_of(run, run.last_tick)
    outcome = outcome_of(run, lines)
    assert (outcome.misplaced, outcome.broken, outcome.forced, outcome.passed_over) == ([], [], 0, {})
    assert outcome.allocations == len(told(lines)) > 15


@settings(max_examples=40, deadline=None)
@given(
    st.builds(
        Recipe, cpus=st.integers(1, 4), seed=st.integers(0, 10_000), ticks=st.integers(60, 220), gap=st.just(9.0),
        typesafe_by_rcu=st.booleans(), cpu_partial=st.sampled_from((None, 3, 30)),
        kernel=st.sampled_from(("6.1", "6.12")), sizes=st.sampled_from(((1536, 256), (4096,), (64, 2048))),
        traceable=st.just(True),
    )
)  # fmt: skip
def test_so_do_random_runs_with_interrupts_wherever_they_end(recipe: Recipe) -> None:
    run = mixed(recipe)
    lines = trace(run, recipe.ticks).splitlines()
    outcome = outcome_of(run, lines)
    assert told(lines) == objects_of(run, recipe.ticks)
    assert outcome.explained, (outcome.misplaced[:3], outcome.broken[:3])
    assert outcome.allocations == len(told(lines))
    assert not outcome.passed_over


BUSY = Recipe(cpus=3, seed=11, ticks=130, gap=9.0, traceable=True)
RUN = mixed(BUSY)
LINES = trace(RUN, BUSY.ticks).splitlines()
CALLS = [number for number, line in enumerate(LINES) if " ptr=" in line and line[0] != "#"]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(CALLS), st.sampled_from((-256, 256, 1536, 4096, 1 << 20)))
def test_a_changed_object_is_found_at_its_line(number: int, by: int) -> None:
    lines = [*LINES]
    before, _, after = lines[number].partition(" ptr=")
    lines[number] = f"{before} ptr={int(after[:16], 16) + by:016x}{after[16:]}"
    outcome = outcome_of(RUN, lines)
    assert not outcome.explained
    assert "free" in before or number + 1 in outcome.first_lines


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(CALLS))
def test_a_missing_line_is_found(number: int) -> None:
    lines = [*LINES]
    del lines[number]
    outcome = outcome_of(RUN, lines)
    assert 0 in outcome.first_lines  # so many lines were written, one is not there


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(CALLS[:-1]))
def test_lines_that_change_places_are_found(number: int) -> None:
    """But for lines of one moment, whose order means nothing."""
    lines = [*LINES]
    one, other = lines[number : number + 2]
    if one[30:49] == other[30:49] or other[0] == "#" or one.split()[3] == other.split()[3]:
        return
    lines[number], lines[number + 1] = other, one
    assert number + 2 in outcome_of(RUN, lines).first_lines


def test_a_changed_schedule_is_found() -> None:
    lines = LINES
    steps = [number for number, line in enumerate(lines) if line.startswith(f"{MARK}steps: ")]
    assert len(steps) > 5
    fewer = [line for number, line in enumerate(lines) if number != steps[2]]
    assert not outcome_of(RUN, fewer).explained
    other = [*lines]
    other[steps[2]] = other[steps[2]].replace("*", "*1")
    assert not outcome_of(RUN, other).explained
    nobody = [*lines]
    nobody[steps[2]] = f"{MARK}steps: 999999@0*3"
    assert any("999999@0" in why for _, why in outcome_of(RUN, nobody).broken)


def test_the_same_trace_without_its_comments_is_searched_through() -> None:
    run = load("fork").run()
    reader = TraceReader(Path("trace.txt"))
    operations = list(reader.operations(line for line in trace(run).splitlines(True) if not line.startswith(MARK)))
    assert reader.schedule is None
    assert replay(boot_of(run), operations).explained


def test_mistakes_are_named_by_their_lines() -> None:
    """What is freed twice, or freed in its middle, is not what the model holds."""
    run = load(str(next((SCENARIOS / "driver").glob("c12_*.yaml")))).run()
    lines = trace(run).splitlines()
    outcome = outcome_of(run, lines)
    wrong = [lines[line - 1] for line in outcome.first_lines]
    assert wrong
    assert all("free" in line for line in wrong)


def test_comments_tell_no_object_that_was_handed_out() -> None:
    lines = LINES
    said = [line for line in lines if line.startswith(MARK) and not line.startswith(f"{MARK}begun: ")]
    assert len(said) > 3
    assert not any(f"{address:x}" in line for line in said for address in told(lines))


def test_comments_are_read_as_they_are_written() -> None:
    one, other = Key(1312, 0), Key(1309, 1)
    schedule = Schedule(
        2, 96, [[Stretch(one, 3), Stretch(other, 4)] * 9, [Stretch(other, 1), Stretch(one, 2, cut=True)]],
        {one: Made(4, 7), other: Made(0, -1)},
        [Begun(one, "box of two", gfp=0xCC0), Begun(other, "box", address=0xFFFF888000628100)],
    )  # fmt: skip
    again = Schedule()
    for line in comments(schedule):
        assert again.read(line.removeprefix(MARK)), line
    assert again == schedule
    assert again.whole


@pytest.mark.parametrize(
    "comment",
    [
        "steps: 1312@0", "steps: 1312@0*0", "steps: 1312@0*3  1309@1*1", "steps: x@0*3", "overlaps: many",
        "slabs: 1@0=7",
        "begun: 1@0 kmem_cache_alloc gfp_flags=__GFP_MAGIC name=box", "begun: soon", "song: la la", "steps",
    ],
)  # fmt: skip
def test_a_comment_that_is_not_quite_one_is_counted_and_named(comment: str) -> None:
    reader = TraceReader(Path("trace.txt"))
    assert list(reader.operations([f"{MARK}overlaps: 0 in 0 lines\n", f"{MARK}{comment}\n"])) == []
    assert reader.unread.first == [(2, f"{MARK}{comment}")]


OFFLINE = """\
slabviz: 1
title: {en: One goes}
machine: {cpus: 2, memory: 16 MiB}
caches: {box: {size: 1024 B}}
tasks:
  leaves:
    cpu: 1
    program:
      - repeat: 11
        do: [{alloc: {cache: box, into: mine}}]
      - free: {from: mine, pick: first}
  stays:
    cpu: 0
    program:
      - sleep: 120 ticks
      - cpu_offline: 1
      - repeat: 9
        do: [{alloc: {cache: box, into: mine}}]
"""


def test_what_an_offline_cpu_had_is_handed_out_by_the_others(tmp_path: Path) -> None:
    """No line of a trace says that a CPU goes offline; a comment does."""
    path = tmp_path / "offline.yaml"
    path.write_text(OFFLINE, encoding="utf-8")
    run = load(str(path)).run()
    lines = trace(run).splitlines()
    assert any(line.startswith(f"{MARK}dead: ") for line in lines)
    assert outcome_of(run, lines).misplaced == []
    without = [line for line in lines if not line.startswith(f"{MARK}dead: ")]
    assert outcome_of(run, without).misplaced != []
