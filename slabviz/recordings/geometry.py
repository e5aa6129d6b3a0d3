"""The kernel's tables of cache geometry, compared with ``model.sizing``.

Two kinds of table, both CSV with the columns of ``COMPUTED`` and more; the first line of each::

    req_size,req_align,req_flags,req_ctor,object_size,size,align,inuse,offset,oo_order,…   (synthetic: made to order)
    name,object_size,size,align,inuse,offset,oo_order,…,flags,…,ctor,…,sysfs_align,…       (system: found after boot)

Beside ``KIND_TAG.csv`` lies ``machine_TAG.json`` with the numbers of CPUs. Every computed column follows from what was
asked for and from nothing else. A system row does not tell the alignment its creator asked for; the finished one stands
in for it, as asking for that gives the same cache. kmalloc caches have a rule of their own and need no such help. Nor
does a row tell that the creator chose the free pointer's place; one that lies inside the object of a TYPESAFE_BY_RCU
cache must have been chosen.

Flags are numbered as ``flags`` in the machine's description says, else as its kernel does.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from slabviz.errors import RecordingError, UsageError
from slabviz.model import kmalloc_classes, sizing
from slabviz.model.era import ERAS, KNOWN, Era, FlagNumbers, era_named, version_of
from slabviz.model.flags import INTERNAL_FLAGS, SlabFlags
from slabviz.recordings.comparison import Comparison
from slabviz.recordings.difference import Difference
from slabviz.recordings.jsonl import JsonObject, kind_of, refusal

#: Columns that the kernel computed, by the names of ``Geometry``.
COMPUTED = (
    "object_size", "size", "align", "inuse", "offset", "oo_order", "oo_objects", "min_order", "min_objects",
    "min_partial", "cpu_partial", "cpu_partial_slabs", "allocflags", "flags", "ctor", "red_left_pad",
)  # fmt: skip

#: Columns of a system table that sysfs gave, and what they say again.
SYSFS = {
    "sysfs_object_size": "object_size", "sysfs_slab_size": "size", "sysfs_align": "align",
    "sysfs_objs_per_slab": "oo_objects", "sysfs_order": "oo_order", "sysfs_min_partial": "min_partial",
    "sysfs_cpu_partial": "cpu_partial",
}  # fmt: skip

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Request:
    """What one cache was asked to be; sizes in bytes."""

    object_size: int
    align: int
    flags: SlabFlags
    ctor: bool
    chosen_offset: int | None = None


@dataclass(frozen=True, slots=True)
class RecordedMachine:
    """The machine a table comes from: its kernel, numbers of flags and of CPUs, and slub_* boot parameters."""

    era: Era
    flags: FlagNumbers
    present_cpus: int
    possible_cpus: int
    parameters: sizing.SlubParameters


@dataclass(frozen=True, slots=True)
class TableKind:
    """One kind of table: the columns it is known by, what a row asks for, and the row's name for messages.

    ``given`` are columns of COMPUTED that this kind only asks with; ``repeated`` maps further columns to computed ones.
    """

    columns: frozenset[str]
    request: Callable[[Row, RecordedMachine], Request]
    name: Callable[[Row], str]
    given: frozenset[str] = frozenset()
    repeated: Mapping[str, str] = field(default_factory=dict)


def _number(row: Row, column: str) -> int:
    try:
        return int(row[column], 0)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{column}: {row[column]!r} is not a whole number") from error


def _synthetic_request(row: Row, machine: RecordedMachine) -> Request:
    flags = machine.flags.read(_number(row, "req_flags"))
    return Request(_number(row, "req_size"), _number(row, "req_align"), flags, bool(_number(row, "req_ctor")))


def _system_request(row: Row, machine: RecordedMachine) -> Request:
    object_size, flags = _number(row, "object_size"), machine.flags.read(_number(row, "flags")) & ~INTERNAL_FLAGS
    kmalloc = flags & SlabFlags.KMALLOC
    align = kmalloc_classes.kmalloc_align(object_size, machine.era) if kmalloc else _number(row, "align")
    return Request(object_size, align, flags, bool(_number(row, "ctor")), _chosen_offset(row, flags, machine.era))


def _chosen_offset(row: Row, flags: SlabFlags, era: Era) -> int | None:
    offset = _number(row, "offset")
    inside = flags & SlabFlags.TYPESAFE_BY_RCU and offset < _number(row, "object_size") and not _number(row, "ctor")
    return offset if inside and era.chosen_free_pointer and offset % sizing.POINTER_SIZE == 0 else None


def _synthetic_name(row: Row) -> str:
    return f"{row['req_size']} bytes, align {row['req_align']}, flags {row['req_flags']}, ctor {row['req_ctor']}"


TABLES = {
    "synthetic": TableKind(
        frozenset({"req_size", "req_align", "req_flags", "req_ctor", *COMPUTED}),
        _synthetic_request,
        _synthetic_name,
    ),
    "system": TableKind(
        frozenset({"name", *COMPUTED}),
        _system_request,
        lambda row: row["name"],
        given=frozenset({"object_size", "ctor"}),
        repeated=SYSFS,
    ),
}


def table_kind(columns: list[str]) -> str | None:
    """The key in TABLES of a table with these columns, or None when it is no table of cache geometry."""
    return next((name for name, kind in TABLES.items() if kind.columns <= set(columns)), None)


def machine_path(table: Path) -> Path:
    """Where the machine of ``KIND_TAG.csv`` is described: ``machine_TAG.json`` beside it."""
    return table.with_name(f"machine_{table.stem.partition('_')[2]}.json")


def other_kernel(table: Path) -> str:
    """The kernel a table comes from when it is one that is not known; empty when it is, or cannot be told."""
    try:
        kernel = _field(machine_path(table), _load_machine(table), "kernel", str)
    except RecordingError:
        return ""
    return "" if version_of(kernel) in ERAS else str(kernel)


def read_machine(table: Path) -> RecordedMachine:
    """The machine a table comes from. Raises RecordingError without a usable description."""
    path, machine = machine_path(table), _load_machine(table)
    kernel = _field(path, machine, "kernel", str)
    if version_of(kernel) not in ERAS:
        raise RecordingError(f"{path}: tables of kernel {kernel!r}; this program knows {KNOWN}")
    era = era_named(version_of(kernel))
    present, possible, min_order, max_order, min_objects = (
        _field(path, machine, name, int)
        for name in ("present", "possible", "slub_min_order", "slub_max_order", "slub_min_objects")
    )
    if not 1 <= present <= possible or not 0 <= min_order <= max_order < sizing.MAX_ORDER or min_objects < 0:
        raise RecordingError(f"{path}: impossible: {present} of {possible} CPUs, orders {min_order} to {max_order}")
    parameters = sizing.SlubParameters(min_order, max_order, min_objects)
    return RecordedMachine(era, _flag_numbers(path, machine) or era.flags, present, possible, parameters)


def _flag_numbers(path: Path, machine: JsonObject) -> FlagNumbers | None:
    """The machine's own list of flags, if it has one; a flag that the model does not know stays a bit without name."""
    if "flags" not in machine:
        return None
    bits = {}
    for name, number in _field(path, machine, "flags", dict).items():
        try:
            if name in SlabFlags.__members__:
                bits[SlabFlags[name]] = int(number, 0)
        except (TypeError, ValueError) as error:
            raise RecordingError(f"{path}: flags.{name}: {number!r} is not a number") from error
    return FlagNumbers(bits)


def _load_machine(table: Path) -> Any:
    path = machine_path(table)
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RecordingError(f"{table}: on how many CPUs? {path.name} cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise RecordingError(f"{path}: not JSON ({error})") from error


def _field(path: Path, machine: Any, name: str, kind: type) -> Any:
    value = machine.get(name) if isinstance(machine, dict) else None
    if type(value) is not kind:
        raise RecordingError(f"{path}: {name}: {kind_of(value)} is not what belongs here")
    return value


def compute(request: Request, machine: RecordedMachine) -> sizing.Geometry:
    """The geometry slabviz gives a cache that was asked for like this."""
    return sizing.geometry(
        request.object_size,
        request.align,
        request.flags,
        request.ctor,
        era=machine.era,
        chosen_offset=request.chosen_offset,
        present_cpus=machine.present_cpus,
        possible_cpus=machine.possible_cpus,
        parameters=machine.parameters,
    )


def compare_table(path: Path, kernel: str | None = None) -> Comparison:
    """Compare every computed value of every row; ``compared`` counts rows and values.

    ``kernel`` forces the rules of an era; by default they are those of the machine's kernel. Raises RecordingError for
    what is no table of a known kernel, or has a row that cannot be read.
    """
    comparison = Comparison()
    machine: RecordedMachine | None = None
    for line, kind, row in _rows(path):
        if machine is None:
            machine = read_machine(path)
            written = era_named(kernel).flags if kernel else machine.flags
            machine = replace(machine, era=era_named(kernel)) if kernel else machine
            comparison.kernel = machine.era.name
        try:
            computed = compute(kind.request(row, machine), machine)
            values = list(_pairs(kind, row, computed, written))
        except (ValueError, UsageError) as error:
            raise refusal(path, line, str(error)) from error
        where = f"row {line - 1} ({kind.name(row)})"
        comparison.add(Difference(where, name, left, right) for name, left, right in values if left != right)
        comparison.compared["rows"] += 1
        comparison.compared["values"] += len(values)
    if not comparison.compared:
        raise RecordingError(f"{path}: the table has no rows")
    return comparison


def _pairs(kind: TableKind, row: Row, computed: sizing.Geometry, flags: FlagNumbers) -> Iterator[tuple[str, int, int]]:
    """(column, recorded, computed) of everything in a row that the kernel computed."""
    for column in COMPUTED:
        if column == "flags":
            yield column, _number(row, column), flags.write(computed.flags)
        elif column not in kind.given:
            yield column, _number(row, column), int(getattr(computed, column))
    for column, name in kind.repeated.items():
        if row.get(column):  # sysfs leaves files out that a kernel or cache does not have
            yield column, _number(row, column), int(getattr(computed, name))


def _rows(path: Path) -> Iterator[tuple[int, TableKind, Row]]:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            columns = next(reader, [])
            name = table_kind(columns)
            if name is None:
                raise RecordingError(f"{path}: not a table of cache geometry; its columns: {', '.join(columns[:6])} …")
            for cells in reader:
                if len(cells) != len(columns):
                    raise refusal(path, reader.line_num, f"{len(cells)} cells under {len(columns)} columns")
                yield reader.line_num, TABLES[name], dict(zip(columns, cells, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RecordingError(f"{path}: cannot be read: {error}") from error
