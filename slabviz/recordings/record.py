"""What a conformance recording consists of: header, operations, end line, and which fields each of them has.

The format is described beside the recordings and in ``conformance``, which reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from slabviz.model.era import LINUX_6_1, Era, era_named
from slabviz.model.flags import SlabFlags
from slabviz.recordings.jsonl import JsonObject

MAX_CPUS = 8192  #: CONFIG_NR_CPUS of the recorded kernel
TUNABLES = ("min_partial", "cpu_partial")
DEACTIVATE = "deactivate"  #: in ``flush``; the other step has its function's name, which differs (``Era.put_partials``)


@dataclass(frozen=True, slots=True)
class Header:
    """The first line: what was asked for, then, from ``slab_size`` on, what the kernel made of it (bytes, objects)."""

    script: str
    pattern: str
    seed: int
    ops: int
    nr_cpus: int
    object_size: int
    requested_flags: int
    requested_align: int
    ctor: int
    tuned: Mapping[str, int]
    dump_every: int
    random_seq: tuple[int, ...]
    slab_size: int
    align: int
    objs_per_slab: int
    order: int
    min_order: int
    min_objects: int
    min_partial: int
    cpu_partial: int
    cpu_partial_slabs: int
    inuse: int
    freepointer_offset: int
    flags: int
    kernel: str = LINUX_6_1.name
    """Recordings of 6.1 do not name it."""

    @property
    def era(self) -> Era:
        """The kernel that was recorded; the reader has made sure that it is known."""
        return era_named(self.kernel)

    @property
    def asked_flags(self) -> SlabFlags:
        """``requested_flags``, read as the recorded kernel numbers them."""
        return self.era.flags.read(self.requested_flags)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation and all that was recorded about it; ``line`` is its line in the file.

    ``new`` maps slab ids to the slab's first free list; the other outcomes are as in the file.
    """

    line: int
    i: int
    op: str
    cpu: int
    ids: tuple[int, ...] = ()
    obj: list[Any] = field(default_factory=list)
    new: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    gone: list[Any] = field(default_factory=list)
    ev: list[Any] = field(default_factory=list)
    path: str | None = None
    flush: tuple[tuple[str, int], ...] = ()
    fallback: Mapping[int, int] = field(default_factory=dict)
    """Slab id -> order, for new slabs of the smallest order."""
    before: list[Any] = field(default_factory=list)
    after: list[Any] = field(default_factory=list)
    """Of ``fragment`` and ``release``: free memory by zone."""
    state: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class End:
    """The last line: the state after everything, with all free lists."""

    line: int
    state: JsonObject


@dataclass(frozen=True, slots=True)
class OperationShape:
    """Which fields an operation of one name must and may have, and how many ids it may name."""

    required: frozenset[str]
    optional: frozenset[str]
    max_ids: int | None


def _shape(required: str, optional: str, max_ids: int | None) -> OperationShape:
    return OperationShape(frozenset(required.split()), frozenset(optional.split()), max_ids)


#: kmem_cache_alloc, kmem_cache_free, kmem_cache_alloc_bulk, kmem_cache_free_bulk, kmem_cache_shrink
OPERATIONS: Mapping[str, OperationShape] = {
    "alloc": _shape("i op cpu ids obj path", "new gone ev state fallback", 1),
    "free": _shape("i op cpu ids obj path", "new gone ev state", 1),
    "bulk_alloc": _shape("i op cpu ids obj", "new gone ev state fallback", None),
    "bulk_free": _shape("i op cpu ids obj", "new gone ev state", None),
    "shrink": _shape("i op cpu ev flush", "new gone state", 0),
    "fragment": _shape("i op cpu before after", "state", 0),
    "release": _shape("i op cpu before after", "state", 0),
}
FALLBACK = "fallback"
"""The pattern of recordings made while memory was fragmented."""
WITHOUT_STATE = frozenset({"fragment", "release"})
"""Operations on memory, which do not touch the cache: no state is dumped after them."""
ALLOCATING = frozenset({"alloc", "bulk_alloc"})

#: JSON type of each field of an operation line.
FIELD_TYPES: Mapping[str, type] = {
    "i": int, "op": str, "cpu": int, "ids": list, "obj": list, "new": dict, "gone": list, "ev": list, "path": str,
    "flush": list, "state": dict, "fallback": dict, "before": list, "after": list,
}  # fmt: skip

#: JSON type of each field of a zone in ``before`` and ``after``; ``free_blocks`` by order, from 0.
ZONE_TYPES: Mapping[str, type] = {"zone": str, "free_pages": int, "min": int, "low": int, "high": int,
                                  "free_blocks": list}  # fmt: skip

HEADER_TYPES: Mapping[str, type] = {
    entry.name: {"str": str, "int": int, "Mapping[str, int]": dict, "tuple[int, ...]": list}[str(entry.type)]
    for entry in fields(Header)
    if entry.name != "kernel"
}
