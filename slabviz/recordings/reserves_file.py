"""The reader of reserves recordings (``pressure/reserves``): one JSON object, refused politely where it is not as
described beside the recordings.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from slabviz.errors import RecordingError
from slabviz.model.era import ERAS, KNOWN
from slabviz.model.gfp import NAMED_GFP
from slabviz.model.sizing import MAX_ORDER
from slabviz.model.watermarks import RESERVE_RATIO, Watermarks
from slabviz.recordings.jsonl import kind_of
from slabviz.recordings.record import MAX_CPUS

MAX_BYTES = 16 << 20
FIRST_BYTES = 4096
"""In so many bytes a file of this kind says that it is one."""
ZONE_KEYS = (
    "managed", "free", "free_exact", "min", "low", "high", "boost", "lowmem_reserve", "highatomic", "pcp",
)  # fmt: skip
CACHE_KEYS = ("object_size", "size", "oo_order", "oo_objects", "min_order", "min_objects")


@dataclass(frozen=True, slots=True)
class ZoneState:
    """One zone at one moment, in pages."""

    managed: int
    free: int
    free_exact: int
    marks: Watermarks
    boost: int
    lowmem_reserve: int
    highatomic: int
    free_blocks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All zones at one moment."""

    name: str
    zones: Mapping[str, ZoneState]


Slabs = tuple[int, str, tuple[int, ...], int]
"""(order, zone, free pages of each zone just before, how many slabs in a row)."""


@dataclass(frozen=True, slots=True)
class Phase:
    """Allocations with one set of flags; ``failed``: the last one gave NULL."""

    gfp: str
    objects: int
    failed: bool
    floor: Mapping[str, int]
    slabs: tuple[Slabs, ...]


@dataclass(frozen=True, slots=True)
class Reserves:
    """A whole recording; ``zones`` are the names of the zones, lowest first."""

    cpus: int
    boost_factor: int
    min_free_kbytes: int
    cache: Mapping[str, int]
    zones: tuple[str, ...]
    steps: tuple[Snapshot | Phase, ...]


def is_reserves(path: Path) -> bool:
    """Whether a file looks like one of this kind."""
    if path.suffix != ".json":
        return False
    try:
        with path.open("rb") as stream:
            return b'"zone_order_of_free_pages"' in stream.read(FIRST_BYTES)
    except OSError:
        return False


def read_reserves(path: Path) -> Reserves:
    """Read a whole file. Raises RecordingError for whatever is not a complete reserves recording of Linux 6.1."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise RecordingError(f"{path}: a file of more than {MAX_BYTES >> 20} MiB is no reserves recording")
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise RecordingError(f"{path}: not JSON as the recorder writes it ({error})") from error
    return _Reader(path).whole(value)


class _Reader:
    """Takes values out of the file, and says where one is not what belongs there."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def _refuse(self, where: str, problem: str) -> RecordingError:
        return RecordingError(f"{self._path}: {where}: {problem}")

    def _get(self, value: Any, key: str, kind: type, where: str) -> Any:
        name = f"{where}.{key}" if where else key
        if not isinstance(value, dict) or key not in value:
            raise self._refuse(name, "this field is missing")
        if type(value[key]) is not kind:
            raise self._refuse(name, f"{kind_of(value[key])} is not what belongs here")
        if kind is int and value[key] < 0:
            raise self._refuse(name, f"{value[key]} is negative")
        return value[key]

    def _numbers(self, value: Any, where: str) -> tuple[int, ...]:
        if not isinstance(value, list) or any(type(entry) is not int or entry < 0 for entry in value):
            raise self._refuse(where, "a list of numbers from 0 up is expected")
        return tuple(value)

    def whole(self, value: Any) -> Reserves:
        kernel = self._get(value, "kernel", str, "")
        if kernel not in ERAS:
            raise self._refuse("kernel", f"recorded on kernel {kernel}; this program knows {KNOWN}")
        cpus = self._get(value, "cpus", int, "")
        if not 1 <= cpus <= MAX_CPUS:
            raise self._refuse("cpus", f"{cpus} CPUs; 1 to {MAX_CPUS} are possible")
        zones = tuple(self._get(value, "zone_order_of_free_pages", list, ""))
        if not zones or any(not isinstance(name, str) or name not in RESERVE_RATIO for name in zones):
            raise self._refuse("zone_order_of_free_pages", f"one or more of {', '.join(RESERVE_RATIO)} are expected")
        cache = self._get(value, "cache", dict, "")
        return Reserves(
            cpus,
            self._get(value, "watermark_boost_factor", int, ""),
            self._get(value, "min_free_kbytes", int, ""),
            {key: self._get(cache, key, int, "cache") for key in CACHE_KEYS},
            zones,
            self._steps(self._get(value, "steps", list, ""), zones),
        )

    def _steps(self, steps: list[Any], zones: tuple[str, ...]) -> tuple[Snapshot | Phase, ...]:
        read: list[Snapshot | Phase] = []
        for number, step in enumerate(steps):
            where = f"steps[{number}]"
            if isinstance(step, dict) and "snapshot" in step:
                read.append(self._snapshot(step, zones, where))
            else:
                read.append(self._phase(step, zones, where))
        kinds = [isinstance(step, Snapshot) for step in read]
        framed = bool(kinds) and kinds[0] and kinds[-1]
        if not framed or any(not left and not right for left, right in pairwise(kinds)):
            raise self._refuse("steps", "each phase stands between two snapshots")
        return tuple(read)

    def _snapshot(self, step: Any, zones: tuple[str, ...], where: str) -> Snapshot:
        name = self._get(step, "snapshot", str, where)
        found = self._get(step, "zones", dict, where)
        return Snapshot(name, {zone: self._zone(found, zone, f"{where}.zones") for zone in zones})

    def _zone(self, zones: Any, name: str, where: str) -> ZoneState:
        zone = self._get(zones, name, dict, where)
        managed, free, exact, low_min, low, high, boost, reserve, highatomic, _ = (
            self._get(zone, key, int, f"{where}.{name}") for key in ZONE_KEYS
        )
        if not managed:
            raise self._refuse(f"{where}.{name}.managed", "a zone without pages")
        blocks = self._numbers(zone.get("free_blocks"), f"{where}.{name}.free_blocks")
        marks = Watermarks(low_min, low, high)
        return ZoneState(managed, free, exact, marks, boost, reserve, highatomic, blocks)

    def _phase(self, step: Any, zones: tuple[str, ...], where: str) -> Phase:
        gfp = self._get(step, "gfp", str, where)
        if gfp not in NAMED_GFP:
            raise self._refuse(f"{where}.gfp", f"{gfp!r} is not known; known are {', '.join(NAMED_GFP)}")
        floor = step.get("floor", {})
        if not isinstance(floor, dict) or any(type(pages) is not int for pages in floor.values()):
            raise self._refuse(f"{where}.floor", "pages by zone are expected")
        slabs = self._get(step, "slabs", list, where)
        return Phase(
            gfp,
            self._get(step, "objects", int, where),
            self._get(step, "failed", bool, where),
            floor,
            tuple(self._slabs(entry, zones, f"{where}.slabs[{number}]") for number, entry in enumerate(slabs)),
        )

    def _slabs(self, entry: Any, zones: tuple[str, ...], where: str) -> Slabs:
        if not isinstance(entry, list) or len(entry) != 4:
            raise self._refuse(where, "order, zone, free pages and a number are expected")
        order, zone, free, count = entry
        numbers = type(order) is int and type(count) is int and 0 <= order < MAX_ORDER and count > 0
        if not numbers or zone not in zones or len(self._numbers(free, where)) != len(zones):
            raise self._refuse(where, f"{entry!r} is not an order, one of {', '.join(zones)}, free pages and a number")
        return order, zone, tuple(free), count
