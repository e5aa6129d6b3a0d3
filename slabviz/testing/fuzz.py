"""Throws mutated scenarios at the loader: whatever a file holds, the answer is in words, soon, and in little memory.

``python scripts/fuzz_scenarios.py --count 20000 --seed 1`` mutates the shipped scenarios; mutant N of a seed is always
the same.
"""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from slabviz.engine.streams import Streams
from slabviz.errors import Diagnostic, ModelError, RuntimeStepError, ScenarioError, SlabvizError
from slabviz.resources import lesson_files
from slabviz.scenario.build import build
from slabviz.scenario.inspection import inspect
from slabviz.scenario.loader import read_scenarios
from slabviz.scenario.play import play
from slabviz.scenario.source import decode
from slabviz.testing.mutants import mutant

SECONDS = 2
"""The longest that reading and building one file may take."""

RUN_EVERY = 5
"""So many of the mutants that load are run."""

TICKS = 60


@dataclass(slots=True)
class Findings:
    """What a run of the fuzzer has seen."""

    tried: int = 0
    loaded: int = 0
    ran: int = 0
    slowest: float = 0.0
    codes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class TooSlow(Exception):
    """A mutant has used up its time."""


def originals() -> list[str]:
    """The scenarios that are mutated."""
    return [path.read_text(encoding="utf-8") for path in lesson_files()]


def fuzz(first: int, count: int, seed: int, limit: float = SECONDS) -> Findings:
    """Try mutants ``first`` … ``first + count - 1`` of a seed."""
    found = Findings()
    texts = originals()
    for number in range(first, first + count):
        data = mutant(texts, Streams(seed).stream(f"mutant:{number}"))
        found.tried += 1
        before = time.process_time()
        try:
            with _at_most(limit):
                loaded = _look(data, found)
            found.slowest = max(found.slowest, time.process_time() - before)
            if loaded and found.loaded % RUN_EVERY == 0:
                with _at_most(limit * 10):
                    _run(data, found)
        except (Exception, TooSlow) as fault:
            found.faults.append(f"mutant {number} of seed {seed}: {type(fault).__name__}: {fault}")
    return found


def _look(data: bytes, found: Findings) -> bool:
    """Inspect one file, and build its machine if it may be; True where it could."""
    try:
        problems: tuple[Diagnostic, ...] = inspect(decode(data, "mutant.yaml"))
    except ScenarioError as error:
        problems = error.diagnostics
    found.codes.update({problem.code for problem in problems})
    if any(problem.severity == "error" for problem in problems):
        return False
    found.loaded += 1
    for scenario in list(read_scenarios(decode(data, "mutant.yaml")).values())[:2]:
        try:
            build(scenario, scenario.seed)
        except ModelError:
            raise
        except SlabvizError:
            return False  # said in words: for instance, that memory does not suffice
    return True


def _run(data: bytes, found: Findings) -> None:
    scenario = next(iter(read_scenarios(decode(data, "mutant.yaml")).values()))
    found.ran += 1
    try:
        play(scenario, ticks=min(TICKS, scenario.workload.duration))
    except (RuntimeStepError, ScenarioError):
        return


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise TooSlow when what is inside takes longer, where the system has timers for that.

    CPU time counts: on a busy machine the wall clock says nothing about a mutant.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return

    def end(number: int, frame: FrameType | None) -> None:
        raise TooSlow(f"more than {seconds} s")

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
