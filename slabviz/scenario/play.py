"""Run a scenario to its end: the engine ticks until all is quiet, then the story is told and judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from slabviz.engine.handles import check_leaks
from slabviz.engine.job import Stage
from slabviz.scenario.build import build
from slabviz.scenario.chapters import tell
from slabviz.scenario.expect import judge
from slabviz.scenario.scenario import ALL_EXIT, QUIET, Scenario
from slabviz.scenario.shows import shown
from slabviz.timeline.checkpoints import Checkpoints
from slabviz.timeline.run import About, Run

Progress = Callable[[int, int], None]
"""Told now and then how many ticks of how many are done."""

REPORT_EVERY = 2000
"""Ticks between two reports of progress."""

WIND_DOWN = 10
"""With `--ticks`, the end may come so many times later than the scenario's own time for it."""


def play(
    scenario: Scenario, *, seed: int | None = None, ticks: int | None = None, progress: Progress | None = None
) -> Run:
    """Run a scenario. ``ticks`` replaces its `for`, ``seed`` its seed.

    Expectations are judged for the scenario's own length only; with ``ticks`` the run has none.
    Raises RuntimeStepError for a step that cannot be carried out, ScenarioError for a machine that cannot be built.
    """
    chosen = scenario if ticks is None else _stretched(scenario, ticks)
    used = scenario.seed if seed is None else seed
    stage = build(chosen, used)
    checkpoints = _tick(stage, chosen.run.until, progress)
    check_leaks(stage)
    run = Run(
        stage.engine.config,
        stage.engine.log,
        stage.engine.cast,
        _about(scenario, used, stage),
        words=tuple(stage.words),
        checkpoints=checkpoints,
    )
    run.about = replace(run.about, show=shown(run, scenario.show, 0, run.about.show))
    tell(scenario, run, stage.said, stage.asked)
    if ticks is not None:
        run.about = replace(run.about, missed=())  # of a story that is cut short or drawn out much may never come
    else:
        run.judge = partial(judge, scenario, run, stage.counters, stage.places)
    return run


def _stretched(scenario: Scenario, ticks: int) -> Scenario:
    work = scenario.workload
    rest = max(work.at_most - work.duration, 1)
    workload = replace(work, duration=ticks, at_most=ticks + WIND_DOWN * rest)
    return replace(scenario, workload=workload, run=replace(scenario.run, until=""))


def _tick(stage: Stage, until: str, progress: Progress | None) -> Checkpoints:
    """Let the engine run; the first checkpoint is its machine at tick 0, as most events of the boot lie before that."""
    engine, last, checkpoints = stage.engine, stage.workload.at_most, Checkpoints()
    engine.tick()
    checkpoints.consider(engine.machine, engine.log, 0, engine.log.span(0)[1])
    while engine.now < last and not _over(stage, until):
        engine.tick()
        if progress is not None and engine.now % REPORT_EVERY == 0:
            progress(engine.now, stage.workload.duration)
    return checkpoints


def _over(stage: Stage, until: str = "") -> bool:
    """Whether nothing will happen any more: all is quiet, the machine has stopped, or what is left is stuck.

    Before the time of the scenario is over only where it says so (``until``).
    """
    engine = stage.engine
    if engine.panicked:
        return True
    if until == ALL_EXIT and stage.alive == 0 and engine.now and stage.ended_at is None:
        stage.ended_at = engine.now
        engine.schedule.stop()
    if engine.now <= stage.workload.duration and stage.ended_at is None and (until != QUIET or not engine.now):
        return False
    return engine.over_but_for_the_stuck or (stage.moving == 0 and engine.quiet)


def _about(scenario: Scenario, seed: int, stage: Stage) -> About:
    file = scenario.file.replace("\\", "/").rpartition("/")[2]
    shown = stage.caches[scenario.show.cache].id if scenario.show.cache in stage.caches else 0
    in_vain = tuple(stage.engine.in_vain()) if stage.moving else ()
    return About(
        dict(scenario.title), dict(scenario.about), file, scenario.id, seed, scenario.kernel, shown, scenario.variant,
        in_vain, settings=scenario.settings,
    )  # fmt: skip
