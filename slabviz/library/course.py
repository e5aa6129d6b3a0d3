"""The shipped scenarios as a course: first only their heads, then one by one what their whole files say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from slabviz.errors import SlabvizError
from slabviz.library.shelf import heads
from slabviz.resources import lesson_files
from slabviz.scene.start.course import Course, Details, Lesson, MiniCache

if TYPE_CHECKING:
    from slabviz.scenario.scenario import Scenario

MOST = 3
"""Caches of a lesson that its picture shows."""


def course() -> Course:
    """Every shipped scenario, without details. Raises SourceError."""
    return Course(tuple(Lesson(head.id or path.stem, path.stem, head.title, head.about) for path, head in heads()))


def lesson_path(lesson: Lesson) -> Path:
    """Where a shipped lesson lies."""
    return next(path for path in lesson_files() if path.stem == lesson.name)


def details(lesson: Lesson) -> Details:
    """Read a lesson's whole file; of one that has mistakes nothing is known."""
    from slabviz.scenario.loader import load_scenario

    try:
        return details_of(load_scenario(lesson_path(lesson)))
    except SlabvizError:
        return Details()


def details_of(scenario: Scenario) -> Details:
    """What of a checked scenario its card tells. Raises SlabvizError for a cache that cannot be laid out."""
    work = scenario.workload
    return Details(_caches(scenario), len(work.tasks) + len(work.interrupts), work.duration, len(scenario.chapters))


def _caches(scenario: Scenario) -> tuple[MiniCache, ...]:
    """The caches of its own, and only without any those of kmalloc; the one on stage first."""
    from slabviz.model.era import era_named
    from slabviz.model.kmalloc_caches import kmalloc_config
    from slabviz.model.machine import cache_geometry
    from slabviz.scenario.check import bodies, steps
    from slabviz.scenario.kmalloc_sizes import kmalloc_classes

    era, machine = era_named(scenario.kernel), scenario.machine
    configs = [spec.config(name) for name, spec in scenario.caches.items()]
    all_steps = [step for body in bodies(scenario) for step in steps(body)]
    configs += [kmalloc_config(row, index, era) for row, index in kmalloc_classes(all_steps)]
    shown = scenario.show.cache
    configs.sort(key=lambda config: (config.name != shown, config.name not in scenario.caches))
    possible = machine.possible_cpus or machine.cpus
    found = []
    for config in configs[:MOST]:
        shape = cache_geometry(config, machine.cpus, possible, machine.slub_debug, era, machine.slub_max_order)
        found.append(MiniCache(config.name, shape.size, shape.oo_objects, 1 << shape.oo_order))
    return tuple(found)
