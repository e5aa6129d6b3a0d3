"""What the readers of recordings have in common: one line of JSON, and what operations of every kind are held to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from slabviz.errors import RecordingError
from slabviz.recordings.jsonl import JsonObject, kind_of, refusal
from slabviz.recordings.record import HEADER_TYPES, MAX_CPUS, TUNABLES, End, Header, OperationShape


class RecordLine:
    """One line being read: where it is, for messages, and what it says."""

    def __init__(self, path: Path, line: int, value: JsonObject) -> None:
        self.path, self.line, self.value = path, line, value

    def refuse(self, name: str, problem: str) -> RecordingError:
        """The error that says what is wrong with a field."""
        index = self.value.get("i")
        where = f"op {index}: " if type(index) is int else ""
        return refusal(self.path, self.line, f"{where}{name}: {problem}")

    def check_header(self, asked: JsonObject, header: Header) -> None:
        """Hold the values of a header to what is possible."""
        for name, kind in HEADER_TYPES.items():
            if kind is int and name != "seed" and asked[name] < 0:
                raise self.refuse(f"header.{name}", f"{asked[name]} is negative")
        if not 1 <= header.nr_cpus <= MAX_CPUS:
            raise self.refuse("header.nr_cpus", f"{header.nr_cpus} CPUs; 1 to {MAX_CPUS} are possible")
        if header.ctor > 1 or header.dump_every < 1:
            raise self.refuse("header", "ctor is 0 or 1, and dump_every at least 1")
        for name, number in header.tuned.items():
            if name not in TUNABLES or type(number) is not int or number < 0:
                raise self.refuse("header.tuned", f"{name} = {number}; known are {' and '.join(TUNABLES)}, from 0 up")
        sequence = list(header.random_seq)
        self.check_numbers("header.random_seq", sequence)
        if sorted(sequence) != list(range(len(sequence))):
            raise self.refuse("header.random_seq", f"not a permutation of 0 to {len(sequence) - 1}")

    def shape(
        self, header: Header, index: int, known: Mapping[str, OperationShape], types: Mapping[str, type]
    ) -> OperationShape:
        """What an operation has to have, when it is one of those that are known and has it."""
        value = self.value
        name = value.get("op")
        if not isinstance(name, str) or name not in known:
            raise self.refuse("op", f"{name!r} is not known; known are {', '.join(known)}")
        shape = known[name]
        self.check_fields(value, "", types, shape.required, shape.optional)
        if value["i"] != index:
            raise self.refuse("i", f"operation {index} is expected here")
        if not 0 <= value["cpu"] < header.nr_cpus:
            raise self.refuse("cpu", f"CPU {value['cpu']}, but the header has {header.nr_cpus} of them, from 0")
        return shape

    def end(self, header: Header, count: int) -> End:
        """The line that says that the recording is whole."""
        self.check_fields(self.value, "end: ", {"end": bool, "state": dict}, frozenset({"end", "state"}))
        if self.value["end"] is not True:
            raise self.refuse("end", "only true can stand here")
        if count != header.ops:
            raise self.refuse("end", f"the header announces {header.ops} operations, {count} are here")
        return End(self.line, self.value["state"])

    def ids(self, shape: OperationShape) -> tuple[int, ...]:
        """The objects that an operation is about."""
        ids = self.value.get("ids", [])
        self.check_numbers("ids", ids)
        if shape.max_ids != 0 and not ids:
            raise self.refuse("ids", "no id at all")
        if shape.max_ids is not None and len(ids) > shape.max_ids:
            raise self.refuse("ids", f"{len(ids)} ids; {self.value['op']} takes {shape.max_ids}")
        return tuple(ids)

    def new(self, new: JsonObject) -> dict[int, tuple[int, ...]]:
        """New slabs, each with the order of its objects."""
        slabs = {}
        for name, chain in new.items():
            if not (name.isascii() and name.isdigit() and len(name) < 10) or not isinstance(chain, list):
                raise self.refuse("new", f"{name!r} with {kind_of(chain)}; a slab id with a list is expected")
            self.check_numbers(f"new.{name}", chain)
            slabs[int(name)] = tuple(chain)
        return slabs

    def check_numbers(self, name: str, values: list[Any]) -> None:
        """Hold a list to numbers from 0 up."""
        for value in values:
            if type(value) is not int or value < 0:
                raise self.refuse(name, f"{value!r} is not a number from 0 up")

    def check_fields(
        self, value: JsonObject, prefix: str, types: Mapping[str, type], required: frozenset[str],
        optional: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        """Hold an object to the fields that it has to have and may have, and to their types."""
        for name, entry in value.items():
            if name not in required and name not in optional:
                raise self.refuse(f"{prefix}{name}", "this field is not known here")
            if type(entry) is not types[name]:
                raise self.refuse(f"{prefix}{name}", f"{kind_of(entry)} is not what belongs here")
        if missing := required - value.keys():
            raise self.refuse(f"{prefix}{min(missing)}", "this field is missing")
