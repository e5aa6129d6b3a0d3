"""The reader of conformance recordings: one script of allocator operations on a real kernel, with its outcomes.

``NAME.jsonl.gz``, JSON Lines: a header, one line per operation, an end line. Real lines, shortened::

    {"header":{"script":"mixed_o64_c4","nr_cpus":4,"object_size":64,"tuned":{},"dump_every":1,"random_seq":[5,3,…],…}}
    {"i":0,"op":"alloc","cpu":1,"ids":[0],"obj":[[0,6]],"new":{"0":[6,5,…]},"ev":["slow_alloc",…],"path":"new_slab",
     "state":{"cpu":[{"slab":0,"free":7,"partial":[],"slabs":0},…],"node":{…},"slabs":{"0":[8,8,1,0]}}}
    {"i":9,"op":"shrink","cpu":0,"ev":[…],"flush":[["deactivate",1],["unfreeze_partials",1]],"state":{…}}
    {"end":true,"state":{…,"freelists":{"cpu":{"0":[3,1]},"slab":{"2":[7]}}}}

What the recorder was *asked* (header, op, cpu, ids, flush) is checked here down to each value, so that a replay of it
cannot go astray; what the kernel *answered* (obj, gone, ev, path, state) only has to have the right JSON kind, since
``verify`` compares every value of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from slabviz.errors import RecordingError
from slabviz.model.era import ERAS, KNOWN, LINUX_6_1
from slabviz.model.flags import DEBUG_FLAGS
from slabviz.recordings.jsonl import JsonObject, json_lines, kind_of, refusal
from slabviz.recordings.record import (
    ALLOCATING,
    DEACTIVATE,
    FIELD_TYPES,
    HEADER_TYPES,
    OPERATIONS,
    ZONE_TYPES,
    End,
    Header,
    Operation,
)
from slabviz.recordings.record_line import RecordLine


def load(path: Path) -> tuple[Header, Iterator[Operation | End]]:
    """The header of a recording, and its operations and end line, read as they are asked for.

    Raises RecordingError, here or during the iteration, for whatever is not a complete conformance recording of
    a kernel that is known. Each id is allocated once and freed at most once, each CPU exists, ``random_seq`` is a
    permutation.
    """
    lines = json_lines(path)
    number, first = next(lines, (0, {}))
    if not number:
        raise RecordingError(f"{path}: the file is empty")
    header = _Reader(path, number, first).header()
    return header, _operations(path, header, lines)


def _operations(path: Path, header: Header, lines: Iterator[tuple[int, JsonObject]]) -> Iterator[Operation | End]:
    ids = _Ids()
    number, count = 1, 0
    for number, value in lines:
        reader = _Reader(path, number, value)
        if "end" in value:
            yield reader.end(header, count)
            for extra, _ in lines:
                raise refusal(path, extra, "a line after the end line")
            return
        operation = reader.operation(header, count)
        ids.follow(operation, reader)
        count += 1
        yield operation
    raise refusal(path, number, f"the end line is missing: {count} of {header.ops} operations are here")


class _Ids:
    """Which object ids are in use: what lets a replay trust every id it is given."""

    def __init__(self) -> None:
        self._live: set[int] = set()
        self._ever: set[int] = set()

    def follow(self, operation: Operation, reader: _Reader) -> None:
        for name in operation.ids:
            if operation.op in ALLOCATING:
                if name in self._ever:
                    raise reader.refuse("ids", f"id {name} is allocated a second time")
                self._ever.add(name)
                self._live.add(name)
            elif name in self._live:
                self._live.remove(name)
            else:
                what = "freed a second time" if name in self._ever else "freed, but was never allocated"
                raise reader.refuse("ids", f"id {name} is {what}")


class _Reader(RecordLine):
    """One line of a conformance recording."""

    def header(self) -> Header:
        value = self.value.get("header")
        if not isinstance(value, dict) or len(self.value) != 1:
            raise refusal(self.path, self.line, "not a conformance recording: the first line is not a header")
        kernel = value.get("kernel", LINUX_6_1.name)
        if not isinstance(kernel, str) or kernel not in ERAS:
            raise refusal(self.path, self.line, f"recorded on kernel {kernel}; this program knows {KNOWN}")
        asked = {name: entry for name, entry in value.items() if name != "kernel"}
        self.check_fields(asked, "header.", HEADER_TYPES, frozenset(HEADER_TYPES))
        header = Header(**{**asked, "random_seq": tuple(asked["random_seq"])}, kernel=kernel)
        self.check_header(asked, header)
        self._check_flags(header)
        return header

    def _check_flags(self, header: Header) -> None:
        if header.asked_flags & DEBUG_FLAGS:
            raise self.refuse("header.requested_flags", "a cache with debug flags, which has no CPU slabs to replay")

    def operation(self, header: Header, index: int) -> Operation:
        value, shape = self.value, self.shape(header, index, OPERATIONS, FIELD_TYPES)
        arguments = {**value, "ids": self.ids(shape)}
        if "new" in value:
            arguments["new"] = self.new(value["new"])
        if "fallback" in value:
            arguments["fallback"] = self._fallback(value["fallback"])
        for name in {"before", "after"} & value.keys():
            self._check_memory(name, value[name])
        if "flush" in value:
            arguments["flush"] = self._flush(value["flush"], header)
        return Operation(line=self.line, **arguments)

    def _fallback(self, slabs: JsonObject) -> dict[int, int]:
        for name, order in slabs.items():
            if not (name.isascii() and name.isdigit() and len(name) < 10) or type(order) is not int or order < 0:
                raise self.refuse("fallback", f"{name!r}: {order!r}; a slab id with an order is expected")
        return {int(name): order for name, order in slabs.items()}

    def _check_memory(self, name: str, zones: list[Any]) -> None:
        for zone in zones:
            if not isinstance(zone, dict) or zone.keys() != ZONE_TYPES.keys():
                raise self.refuse(name, f"a zone has {', '.join(ZONE_TYPES)}")
            for key, kind in ZONE_TYPES.items():
                if type(zone[key]) is not kind:
                    raise self.refuse(f"{name}.{key}", f"{kind_of(zone[key])} is not what belongs here")
            self.check_numbers(f"{name}.free_blocks", zone["free_blocks"])

    def _flush(self, steps: list[Any], header: Header) -> tuple[tuple[str, int], ...]:
        names = DEACTIVATE, header.era.put_partials
        for step in steps:
            known = isinstance(step, list) and len(step) == 2 and step[0] in names and type(step[1]) is int
            if not known or not 0 <= step[1] < header.nr_cpus:
                raise self.refuse("flush", f"{step!r}; one of {', '.join(names)} with a CPU is expected")
        return tuple((step[0], step[1]) for step in steps)
