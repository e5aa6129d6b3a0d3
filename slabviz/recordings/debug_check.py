"""A debug cache's recording, replayed on the model and compared: places, states, full list, and every byte shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from slabviz.model.era import era_named
from slabviz.recordings.comparison import Comparison
from slabviz.recordings.conformance_check import (
    FREELISTS_EVERY,
    chain_differences,
    header_differences,
    requested_geometry,
)
from slabviz.recordings.debug_record import DebugHeader, DebugOperation, load
from slabviz.recordings.debug_replay import DebugReplayer
from slabviz.recordings.difference import ABSENT, Difference, differences
from slabviz.recordings.jsonl import JsonObject
from slabviz.recordings.record import End, Operation
from slabviz.recordings.replay import Outcome

DUMPS = {"dump": "slots", "dump_slab": "slabs"}


def compare_debug_recording(path: Path, kernel: str | None = None) -> Comparison:
    """Replay one file; ``compared`` counts ops, states, freelists and bytes.

    Comparison ends with the first operation that differs. ``kernel`` forces the rules of an era. Raises RecordingError
    for an unusable file.
    """
    header, lines = load(path)
    era = era_named(kernel or header.header.kernel)
    comparison = Comparison(era.name)
    shape = requested_geometry(header.header, path, era)
    comparison.compared["headers"] += 1
    found = list(header_differences(header.header, shape, era))
    found += differences("header", "header.red_left_pad", header.red_left_pad, shape.red_left_pad)
    if comparison.add(found):
        return comparison
    replayer = DebugReplayer(header, era)
    for line in lines:
        if comparison.add(_line_differences(line, header, replayer, comparison)):
            return comparison
    return comparison


def _line_differences(
    line: DebugOperation | End, header: DebugHeader, replayer: DebugReplayer, comparison: Comparison
) -> Iterator[Difference]:
    if isinstance(line, End):
        yield from _state_differences("end", line.state, replayer, comparison, with_freelists=True)
        return
    operation = line.operation
    comparison.compared["ops"] += 1
    if operation.op == "write":
        replayer.write(line)
    elif line.dumped is not None:
        shown = replayer.dump(operation)
        comparison.compared["bytes"] += sum(len(entry["bytes"]) // 2 for entry in shown if entry)
        yield from _dump_differences(line, shown)
    else:
        yield from _step_differences(operation, header, replayer, comparison)


def _dump_differences(line: DebugOperation, shown: list[JsonObject | None]) -> Iterator[Difference]:
    name = DUMPS[line.operation.op]
    recorded = line.dumped or []
    if len(recorded) != len(shown):
        yield Difference(line.operation.i, name, len(recorded), len(shown))
        return
    for index, (left, right) in enumerate(zip(recorded, shown, strict=True)):
        yield from differences(line.operation.i, f"{name}[{index}]", left, right)


def _step_differences(
    operation: Operation, header: DebugHeader, replayer: DebugReplayer, comparison: Comparison
) -> Iterator[Difference]:
    wrong_chains = list(chain_differences(operation, header.header))
    if wrong_chains:
        yield from wrong_chains
        return
    yield from _outcome_differences(operation, replayer.step(operation))
    due = (operation.i + 1) % header.header.dump_every == 0
    if operation.state is not None:
        with_freelists = due and (operation.i + 1) % FREELISTS_EVERY == 0
        yield from _state_differences(operation.i, operation.state, replayer, comparison, with_freelists)
    elif due:
        yield Difference(operation.i, "state", ABSENT, f"a state after every {header.header.dump_every} operations")


def _outcome_differences(operation: Operation, outcome: Outcome) -> Iterator[Difference]:
    i = operation.i
    yield from differences(i, "obj", operation.obj, outcome.obj)
    yield from differences(i, "gone", operation.gone, outcome.gone)
    yield from differences(i, "path", operation.path, outcome.path)
    yield from differences(i, "new", list(operation.new), outcome.new)
    yield from differences(i, "ev", operation.ev, outcome.ev)


def _state_differences(
    op: int | str, recorded: JsonObject, replayer: DebugReplayer, comparison: Comparison, with_freelists: bool
) -> Iterator[Difference]:
    comparison.compared["states"] += 1
    has_freelists = "freelists" in recorded
    state = {key: value for key, value in recorded.items() if key != "freelists"}
    yield from differences(op, "state", state, replayer.state(whole=has_freelists))
    if has_freelists or with_freelists:
        comparison.compared["freelists"] += 1
        yield from differences(op, "freelists", recorded.get("freelists", ABSENT), replayer.freelists())
