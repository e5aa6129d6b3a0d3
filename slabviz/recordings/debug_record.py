"""The reader of recordings of caches with debugging flags: as conformance recordings, and the bytes of their slots.

``NAME.jsonl.gz``; what is more than in ``conformance`` (shortened)::

    {"header":{…,"debug_flags":"FZPU","other_flags":"h","red_left_pad":8,…}}
    {"i":5,"op":"write","cpu":0,"ids":[0,1],"byte":119}
    {"i":6,"op":"dump","cpu":0,"ids":[0],"slots":[{"slab":0,"index":19,"bytes":"cccc…6b…","free_pointer":{"19":3},…}]}
    {"i":9,"op":"dump_slab","cpu":0,"ids":[0],"slabs":[{"slab":0,"bytes":"bbbb…","free_pointer":{…},"tracks":{…}}]}

What was asked is checked here; what the kernel answered only has to have the right JSON kind: all of it is compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from slabviz.errors import RecordingError, UsageError
from slabviz.model.era import ERAS, KNOWN
from slabviz.model.flags import SlabFlags
from slabviz.model.slub_debug import letters
from slabviz.recordings.jsonl import JsonObject, json_lines, refusal
from slabviz.recordings.record import (
    ALLOCATING,
    HEADER_TYPES,
    End,
    Header,
    Operation,
    OperationShape,
)
from slabviz.recordings.record_line import RecordLine

OTHER_FLAGS = {
    "h": SlabFlags.HWCACHE_ALIGN,
    "a": SlabFlags.RECLAIM_ACCOUNT,
    "t": SlabFlags.TYPESAFE_BY_RCU,
}


@dataclass(frozen=True, slots=True)
class DebugHeader:
    """A conformance header, and which debugging: letters of FZPU, other letters, bytes before each object."""

    header: Header
    debug_flags: str
    other_flags: str
    red_left_pad: int


@dataclass(frozen=True, slots=True)
class DebugOperation:
    """An operation; ``byte`` is what ``write`` fills objects with, ``dumped`` what a dump showed (else None)."""

    operation: Operation
    byte: int = 0
    dumped: list[Any] | None = None


def _shape(required: str, optional: str, max_ids: int | None) -> OperationShape:
    return OperationShape(frozenset(required.split()), frozenset(optional.split()), max_ids)


OPERATIONS: Mapping[str, OperationShape] = {
    "alloc": _shape("i op cpu ids obj path", "new gone ev state", 1),
    "free": _shape("i op cpu ids obj path", "new gone ev state", 1),
    "bulk_alloc": _shape("i op cpu ids obj", "new gone ev state", None),
    "bulk_free": _shape("i op cpu ids obj", "new gone ev state", None),
    "shrink": _shape("i op cpu ev", "gone state", 0),
    "write": _shape("i op cpu ids byte", "", None),
    "dump": _shape("i op cpu ids slots", "", None),
    "dump_slab": _shape("i op cpu ids slabs", "", 1),
}
TYPES: Mapping[str, type] = {
    "i": int, "op": str, "cpu": int, "ids": list, "obj": list, "new": dict, "gone": list, "ev": list, "path": str,
    "state": dict, "byte": int, "slots": list, "slabs": list,
}  # fmt: skip
MORE_IN_HEADER: Mapping[str, type] = {"debug_flags": str, "other_flags": str, "red_left_pad": int}


def load(path: Path) -> tuple[DebugHeader, Iterator[DebugOperation | End]]:
    """The header of a recording, and its operations and end line, read as they are asked for.

    Raises RecordingError, here or during the iteration, for what is no complete recording of a debug cache.
    """
    lines = json_lines(path)
    number, first = next(lines, (0, {}))
    if not number:
        raise RecordingError(f"{path}: the file is empty")
    header = _Line(path, number, first).header()
    return header, _operations(path, header.header, lines)


def _operations(
    path: Path, header: Header, lines: Iterator[tuple[int, JsonObject]]
) -> Iterator[DebugOperation | End]:  # fmt: skip
    live: set[int] = set()
    ever: set[int] = set()
    number, count = 1, 0
    for number, value in lines:
        line = _Line(path, number, value)
        if "end" in value:
            yield line.end(header, count)
            for extra, _ in lines:
                raise refusal(path, extra, "a line after the end line")
            return
        operation = line.operation(header, count)
        line.follow_ids(operation.operation, live, ever)
        count += 1
        yield operation
    raise refusal(path, number, f"the end line is missing: {count} of {header.ops} operations are here")


class _Line(RecordLine):
    """One line of a recording of a debugged cache."""

    def header(self) -> DebugHeader:
        value = self.value.get("header")
        if not isinstance(value, dict) or len(self.value) != 1:
            raise self.refuse("header", "the first line is not a header")
        if value.get("kernel") not in ERAS:
            raise self.refuse("header.kernel", f"{value.get('kernel')!r}; this program knows {KNOWN}")
        types = {**HEADER_TYPES, **MORE_IN_HEADER, "kernel": str}
        self.check_fields(value, "header.", types, frozenset(types))
        plain = {entry.name: value[entry.name] for entry in fields(Header)}
        header = Header(**{**plain, "random_seq": tuple(value["random_seq"])})
        self.check_header(value, header)
        self._check_flags(header, value)
        return DebugHeader(header, value["debug_flags"], value["other_flags"], value["red_left_pad"])

    def _check_flags(self, header: Header, value: JsonObject) -> None:
        try:
            flags = letters(value["debug_flags"] or "-")
        except UsageError as error:
            raise self.refuse("header.debug_flags", str(error)) from error
        for letter in value["other_flags"]:
            if letter not in OTHER_FLAGS:
                raise self.refuse("header.other_flags", f"{letter!r}; known are {', '.join(OTHER_FLAGS)}")
            flags |= OTHER_FLAGS[letter]
        if flags != header.requested_flags:
            raise self.refuse("header.requested_flags", f"{header.requested_flags:#x} is not what the letters say")

    def operation(self, header: Header, index: int) -> DebugOperation:
        value, shape = self.value, self.shape(header, index, OPERATIONS, TYPES)
        if not 0 <= value.get("byte", 0) <= 255:
            raise self.refuse("byte", f"{value['byte']} is no byte: 0 to 255")
        known = {key: value[key] for key in value if key in {entry.name for entry in fields(Operation)}}
        arguments = {**known, "ids": self.ids(shape)}
        if "new" in value:
            arguments["new"] = self.new(value["new"])
        dumped = value.get("slots", value.get("slabs"))
        return DebugOperation(Operation(line=self.line, **arguments), value.get("byte", 0), dumped)

    def follow_ids(self, operation: Operation, live: set[int], ever: set[int]) -> None:
        """Each id is allocated once, freed at most once, written while it is live, dumped after it was allocated."""
        for name in operation.ids:
            if operation.op in ALLOCATING:
                if name in ever:
                    raise self.refuse("ids", f"id {name} is allocated a second time")
                ever.add(name)
                live.add(name)
            elif name not in (ever if operation.op in ("dump", "dump_slab") else live):
                raise self.refuse("ids", f"id {name} is not allocated here")
            elif operation.op in ("free", "bulk_free"):
                live.remove(name)
