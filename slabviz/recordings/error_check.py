"""Recorded mistakes against the model: objects handed out, state, and every line that the kernel logged.

Not compared are code addresses and symbols, pids, ages, and values of pointers that lead nowhere: they are those of one
run of one build. Addresses of slabs and objects are compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from slabviz.errors import UsageError
from slabviz.model.sizing import geometry
from slabviz.recordings.comparison import Comparison
from slabviz.recordings.difference import ABSENT, Difference, differences
from slabviz.recordings.error_replay import ErrorReplayer, Outcome
from slabviz.recordings.error_script import NUMBERS, Script, Step, load
from slabviz.recordings.jsonl import refusal

MASKS = (
    (re.compile(r"^(Allocated|Freed) in .* age=\d+ cpu=(\d+) pid=\d+$"), r"\1 in CODE age=N cpu=\2 pid=N"),
    (
        re.compile(r"^WARNING: CPU: (\d+) PID: \d+ at (\S+?):\d+ (\w+)\+0x[0-9a-f]+/0x[0-9a-f]+$"),
        r"WARNING: CPU: \1 PID: N at \2 \3",
    ),
    (re.compile(r"^(RIP: \d+:)([\w.]+)\+0x[0-9a-f]+/0x[0-9a-f]+$"), r"\1\2"),
    (re.compile(r"(when called from ).*$"), r"\1CODE"),
    (re.compile(r"(probably for non-canonical address )0x[0-9a-f]+"), r"\1WILD"),
    (re.compile(r"fp=0x(?!ff11|0{16})[0-9a-f]{16}"), "fp=WILD"),
    (re.compile(r"^(kernel BUG at mm/slub\.c):\d+!$"), r"\1"),
)
"""What is not compared, and what stands for it."""
GEOMETRY = {"objects": "oo_objects", "order": "oo_order"}
"""Fields that ``Geometry`` calls otherwise."""


def compare_errors(path: Path) -> Comparison:
    """Make one recorded mistake again; ``compared`` counts steps, states, lines and objects handed out.

    Comparison ends with the first step that differs. Raises RecordingError for an unusable file.
    """
    script = load(path)
    comparison = Comparison()
    if comparison.add(_geometry_differences(script, path)):
        return comparison
    replayer = ErrorReplayer(script)
    for number, step in enumerate(script.steps):
        if not replayer.known(step):
            raise refusal(path, 1, f"steps[{number}]: object {step.first} has not been allocated")
        outcome = replayer.step(step)
        _count(comparison, step, outcome)
        last = number == len(script.steps) - 1
        if comparison.add(_step_differences(number, step, outcome, script.finished or not last)):
            return comparison
    return comparison


def _geometry_differences(script: Script, path: Path) -> Iterator[Difference]:
    try:
        made = geometry(script.geometry["object_size"], 0, script.flags, present_cpus=1, possible_cpus=1)
    except UsageError as error:
        raise refusal(path, 1, str(error)) from error
    for name in NUMBERS:
        yield from differences("header", name, script.geometry[name], int(getattr(made, GEOMETRY.get(name, name))))


def _count(comparison: Comparison, step: Step, outcome: Outcome) -> None:
    comparison.compared["steps"] += 1
    comparison.compared["states"] += step.state is not None
    comparison.compared["lines"] += len(outcome.log)
    comparison.compared["objects"] += len(outcome.got or ())


def _step_differences(number: int, step: Step, outcome: Outcome, survives: bool) -> Iterator[Difference]:
    fate = "dies" if outcome.died else "hangs" if outcome.hangs else "survives"
    yield from differences(number, "task", "survives" if survives else "dies", fate)
    yield from _log_differences(number, [masked(line) for line in step.log], [masked(line) for line in outcome.log])
    got: Any = ABSENT if outcome.got is None or outcome.died else outcome.got
    yield from differences(number, "got", step.got if "got" in step.has else ABSENT, got)
    if step.state is not None:
        yield from differences(number, "state", step.state, outcome.state)
    elif "state" in step.has:
        yield Difference(number, "state", None, outcome.state)
    elif survives and not step.verb.startswith("destroy"):
        yield Difference(number, "state", ABSENT, outcome.state)


def _log_differences(number: int, recorded: list[str], made: list[str]) -> Iterator[Difference]:
    for index in range(max(len(recorded), len(made))):
        left: Any = recorded[index] if index < len(recorded) else ABSENT
        right: Any = made[index] if index < len(made) else ABSENT
        yield from differences(number, f"log[{index}]", left, right)


def masked(line: str) -> str:
    """A line with what only one run of one build knows taken out."""
    for pattern, stand_in in MASKS:
        line = pattern.sub(stand_in, line)
    return line
