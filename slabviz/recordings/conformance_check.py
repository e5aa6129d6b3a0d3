"""A conformance recording, replayed on the model and compared value by value.

The recording gives what nobody can predict (``random_seq``, where each new slab's chain starts, the order of the
flushes of a shrink); everything else in it is an answer, and every answer is compared. Comparison ends with the first
operation that differs: from there on model and recording are two different machines, and all that follows would differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from slabviz.errors import UsageError
from slabviz.model.era import Era, era_named
from slabviz.model.sizing import Geometry, geometry
from slabviz.recordings.comparison import Comparison
from slabviz.recordings.conformance import load
from slabviz.recordings.difference import ABSENT, Difference, differences
from slabviz.recordings.free_memory import Memory
from slabviz.recordings.jsonl import JsonObject, refusal
from slabviz.recordings.record import FALLBACK, WITHOUT_STATE, End, Header, Operation
from slabviz.recordings.replay import PAGES, Outcome, Replayer, pages_to_fragment

#: Header field -> what ``Geometry`` calls it.
HEADER_GEOMETRY = {
    "slab_size": "size", "align": "align", "objs_per_slab": "oo_objects", "order": "oo_order",
    "min_order": "min_order", "min_objects": "min_objects", "min_partial": "min_partial",
    "cpu_partial": "cpu_partial", "cpu_partial_slabs": "cpu_partial_slabs", "inuse": "inuse",
    "freepointer_offset": "offset", "flags": "flags",
}  # fmt: skip

FREELISTS_EVERY = 100  #: operations between two states that have all free lists in them


def compare_recording(path: Path, kernel: str | None = None) -> Comparison:
    """Replay one file; ``compared`` counts ops, states and freelists. Raises RecordingError for an unusable file.

    ``kernel`` forces the rules of an era; by default they are those of the kernel that was recorded.
    """
    header, lines = load(path)
    era = era_named(kernel or header.kernel)
    comparison = Comparison(era.name)
    shape = requested_geometry(header, path, era)
    comparison.compared["headers"] += 1
    found = list(header_differences(header, shape, era))
    # How flags are numbered changes nothing in what follows; another geometry would change all of it.
    if comparison.add(found) and any(difference.field != "header.flags" for difference in found):
        return comparison
    replayer = Replayer(header, era, pages_to_fragment(header) if header.pattern == FALLBACK else PAGES)
    memory = Memory(header.nr_cpus)
    for line in lines:
        if comparison.add(_line_differences(line, header, replayer, memory, comparison)):
            return comparison
    return comparison


def requested_geometry(header: Header, path: Path, era: Era) -> Geometry:
    """What slabviz makes of the header's request: object_size, requested_*, ctor, nr_cpus and tuned.

    Raises RecordingError when no cache can be like that.
    """
    try:
        made = geometry(
            header.object_size,
            header.requested_align,
            header.asked_flags,
            bool(header.ctor),
            present_cpus=header.nr_cpus,
            possible_cpus=header.nr_cpus,
            era=era,
        )
        return made.tuned(**header.tuned)
    except UsageError as error:
        raise refusal(path, 1, f"header: {error}") from error


def header_differences(header: Header, shape: Geometry, era: Era) -> Iterator[Difference]:
    """Where the header's computed fields are not those of ``shape``; also how long its permutation has to be."""
    for name, computed in HEADER_GEOMETRY.items():
        made = era.flags.write(shape.flags) if computed == "flags" else getattr(shape, computed)
        yield from differences("header", f"header.{name}", getattr(header, name), made)
    # A slab of one object has no order to shuffle, so the kernel makes no permutation for it.
    entries = shape.oo_objects if shape.oo_objects > 1 else 0
    yield from differences("header", "header.random_seq (length)", len(header.random_seq), entries)


def _line_differences(
    line: Operation | End, header: Header, replayer: Replayer, memory: Memory, comparison: Comparison
) -> Iterator[Difference]:
    if isinstance(line, End):
        yield from _state_differences("end", line.state, replayer, comparison, with_freelists=True)
        return
    wrong_chains = list(chain_differences(line, header))
    if wrong_chains:
        yield from wrong_chains
        return
    comparison.compared["ops"] += 1
    yield from _outcome_differences(line, replayer.step(line))
    if line.op in WITHOUT_STATE:
        comparison.compared["memories"] += 2
        yield from memory.differences(line, replayer.free_blocks())
        if line.state is None:
            return
    due = (line.i + 1) % header.dump_every == 0
    if line.state is not None:
        with_freelists = due and (line.i + 1) % FREELISTS_EVERY == 0
        yield from _state_differences(line.i, line.state, replayer, comparison, with_freelists)
    elif due:
        yield Difference(line.i, "state", ABSENT, f"a state after every {header.dump_every} operations")


def chain_differences(operation: Operation, header: Header) -> Iterator[Difference]:
    """The field ``new``: each slab's first chain must be a rotation of the cache's permutation, in a small slab without
    the indexes that are too large for it."""
    sequence = header.random_seq or (0,)
    for slab, chain in operation.new.items():
        start = sequence.index(chain[0]) if chain and chain[0] in sequence else 0
        objects = header.min_objects if slab in operation.fallback else header.objs_per_slab
        rotation = tuple(index for index in sequence[start:] + sequence[:start] if index < objects)
        if chain != rotation:
            yield Difference(operation.i, f"new[{slab}]", list(chain), list(rotation))


def _outcome_differences(operation: Operation, outcome: Outcome) -> Iterator[Difference]:
    i = operation.i
    if operation.obj != outcome.obj:
        yield Difference(i, "obj", operation.obj, outcome.obj)
    if operation.gone != outcome.gone:
        yield Difference(i, "gone", operation.gone, outcome.gone)
    if operation.path != outcome.path:
        yield Difference(i, "path", operation.path, outcome.path)
    if list(operation.new) != outcome.new:
        yield Difference(i, "new", list(operation.new), outcome.new)
    if operation.fallback != outcome.fallback:
        yield Difference(i, "fallback", operation.fallback, outcome.fallback)
    if operation.op == "shrink":
        # Its flushes run on several CPUs at once, so only their order per CPU is certain; ``ev`` is not compared.
        if operation.flush != outcome.flush:
            yield Difference(i, "flush", operation.flush, outcome.flush)
    elif operation.ev != outcome.ev:
        yield Difference(i, "ev", operation.ev, outcome.ev)


def _state_differences(
    op: int | str, recorded: JsonObject, replayer: Replayer, comparison: Comparison, with_freelists: bool
) -> Iterator[Difference]:
    comparison.compared["states"] += 1
    has_freelists = "freelists" in recorded
    state: Mapping[str, Any] = recorded
    if has_freelists:
        state = {key: value for key, value in recorded.items() if key != "freelists"}
    made = replayer.state(whole=has_freelists)
    if state != made:
        yield from differences(op, "state", state, made)
    if has_freelists or with_freelists:
        comparison.compared["freelists"] += 1
        yield from differences(op, "freelists", recorded.get("freelists", ABSENT), replayer.freelists())
