"""Recorded states of a whole machine, ``state.*.json.gz``: all caches of a real kernel at one moment, checked.

One object, cache name -> fields, the newest cache first. Addresses are text in hex; free lists are object indexes, the
first to be handed out first. Full slabs are on no list: only ``nr_slabs`` and ``total_objects`` count them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slabviz.errors import RecordingError
from slabviz.model.flags import SlabFlags
from slabviz.recordings.jsonl import JsonObject, kind_of
from slabviz.recordings.packed import whole_text

NUMBERS = (
    "object_size", "slab_size", "objs_per_slab", "order", "freepointer_offset", "min_partial", "cpu_partial",
    "cpu_partial_slabs", "nr_partial", "nr_slabs", "total_objects",
)  # fmt: skip
MOST = 1 << 40  #: no recorded number is larger
MAX_CPUS = 8192


@dataclass(frozen=True, slots=True)
class RecordedSlab:
    """A slab on some list, or a CPU's: ``free`` is its own free list, ``taken`` the CPU's part of it."""

    address: int
    inuse: int
    objects: int
    free: tuple[int, ...]
    taken: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordedCpu:
    """What one CPU has of a cache; the stack's head is first."""

    slab: RecordedSlab | None
    partial: tuple[RecordedSlab, ...]


@dataclass(frozen=True, slots=True)
class RecordedCache:
    """One cache. ``numbers`` are the fields named in NUMBERS."""

    name: str
    numbers: Mapping[str, int]
    flags: SlabFlags
    cpus: Mapping[int, RecordedCpu]
    node_partial: tuple[RecordedSlab, ...]

    def __getitem__(self, name: str) -> int:
        return self.numbers[name]

    def listed(self) -> list[RecordedSlab]:
        """All slabs that the recording names: CPU slabs, parked ones, the node's."""
        found = list(self.node_partial)
        for cpu in self.cpus.values():
            found += [*([cpu.slab] if cpu.slab else []), *cpu.partial]
        return found


def is_state(path: Path) -> bool:
    """Whether a file is called as a recorded state is."""
    return path.name.startswith("state.") and path.name.endswith((".json", ".json.gz"))


def read_state(path: Path) -> list[RecordedCache]:
    """The caches of a recorded state, in its order. Raises RecordingError, naming cache and field."""
    try:
        found = json.loads(whole_text(path), object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise RecordingError(f"{path}: not JSON as the recorder writes it ({error})") from error
    if not isinstance(found, dict) or not found:
        raise RecordingError(f"{path}: an object of caches is expected, this is {kind_of(found)}")
    return [_Reader(path, name).cache(fields) for name, fields in found.items()]


def _object(pairs: list[tuple[str, Any]]) -> JsonObject:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key occurs twice in one object")
    return found


class _Reader:
    """Reads one cache; messages name it."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name

    def refuse(self, message: str) -> RecordingError:
        return RecordingError(f"{self.path}: {self.name}: {message}")

    def cache(self, fields: Any) -> RecordedCache:
        numbers = {name: self._number(fields, name) for name in NUMBERS}
        if not (numbers["slab_size"] and numbers["objs_per_slab"] and numbers["order"] <= 10):
            raise self.refuse("slab_size and objs_per_slab must not be 0, order must not be above 10")
        cpus = {self._cpu_number(key): self._cpu(entry) for key, entry in self._get(fields, "cpus", dict).items()}
        partial = self._slabs(fields, "node_partial")
        if len(partial) != numbers["nr_partial"]:
            raise self.refuse(f"nr_partial is {numbers['nr_partial']}, but node_partial has {len(partial)} slabs")
        return RecordedCache(self.name, numbers, self._flags(fields), cpus, partial)

    def _get(self, fields: Any, name: str, kind: type) -> Any:
        value = fields.get(name) if isinstance(fields, dict) else None
        if type(value) is not kind:
            raise self.refuse(f"{name}: {kind.__name__} is expected, this is {kind_of(value)}")
        return value

    def _number(self, fields: Any, name: str) -> int:
        value: int = self._get(fields, name, int)
        if not 0 <= value <= MOST:
            raise self.refuse(f"{name}: {value} is not from 0 to {MOST}")
        return value

    def _flags(self, fields: Any) -> SlabFlags:
        text = self._get(fields, "flags", str)
        try:
            return SlabFlags(int(text, 16))
        except ValueError:
            raise self.refuse(f"flags: {text!r} is no number in hex") from None

    def _cpu_number(self, key: str) -> int:
        if not key.isdigit() or int(key) >= MAX_CPUS:
            raise self.refuse(f"cpus: {key!r} is no CPU")
        return int(key)

    def _cpu(self, entry: Any) -> RecordedCpu:
        slab = None
        if isinstance(entry, dict) and entry.get("slab") is not None:
            slab = self._slab(entry, "remote_free", self._indexes(entry, "free"))
        return RecordedCpu(slab, self._slabs(entry, "partial"))

    def _slabs(self, fields: Any, name: str) -> tuple[RecordedSlab, ...]:
        return tuple(self._slab(entry, "free") for entry in self._get(fields, name, list))

    def _slab(self, entry: Any, free: str, taken: tuple[int, ...] = ()) -> RecordedSlab:
        address = self._address(self._get(entry, "slab", str))
        slab = RecordedSlab(
            address, self._number(entry, "inuse"), self._number(entry, "objects"), self._indexes(entry, free), taken
        )
        self._check(slab)
        return slab

    def _address(self, text: str) -> int:
        try:
            address = int(text, 16)
        except ValueError:
            address = -1
        if address < 0 or address % 4096 or address >> 64:
            raise self.refuse(f"slab: {text!r} is no address of a page in hex")
        return address

    def _indexes(self, entry: Any, name: str) -> tuple[int, ...]:
        found = self._get(entry, name, list)
        if not all(type(index) is int for index in found):
            raise self.refuse(f"{name}: a list of object indexes is expected")
        return tuple(found)

    def _check(self, slab: RecordedSlab) -> None:
        """What is always so: each object is once on one list at most, and the slab's own list counts as free."""
        free = (*slab.free, *slab.taken)
        if len(set(free)) != len(free) or not all(0 <= index < slab.objects for index in free):
            raise self.refuse(f"slab {slab.address:x}: an object is free twice, or not one of its {slab.objects}")
        if slab.inuse != slab.objects - len(slab.free):
            raise self.refuse(
                f"slab {slab.address:x}: inuse is {slab.inuse}, but {len(slab.free)} of {slab.objects} objects are free"
            )
