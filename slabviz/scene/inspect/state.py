"""The inspector's own picture: finished texts and plain numbers, without saying where they stand."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.inspect.slot import Region
from slabviz.scene.state import Cell, SlabCard


@dataclass(slots=True, frozen=True)
class Field:
    """A field of a kernel structure; ``note`` says what the value means."""

    name: str
    value: str
    note: str = ""


@dataclass(slots=True, frozen=True)
class Struct:
    """A kernel structure with its live fields. ``title`` is its C name, ``note`` which one it is."""

    title: str
    note: str
    fields: tuple[Field, ...]


@dataclass(slots=True, frozen=True)
class SlabList:
    """The cards of one list of the cache; ``kind`` is active, parked, partial, full or moving."""

    kind: str
    note: str
    cards: tuple[SlabCard, ...]


@dataclass(slots=True, frozen=True)
class Owner:
    """Somebody whose mark is on an object of the slab."""

    mark: str
    name: str
    colour: int


@dataclass(slots=True, frozen=True)
class CacheSide:
    """The left column: the cache, its slabs, and who owns their objects."""

    cache: Struct
    flags: str
    lists: tuple[SlabList, ...]
    outside: str
    """What kmalloc gave without a cache: it is in no slab."""
    owners: tuple[Owner, ...]


@dataclass(slots=True, frozen=True)
class Part:
    """A part of the slot on the ribbon; offsets count from the object's start. ``hot`` parts are damaged."""

    region: Region
    name: str
    note: str
    start: int
    length: int
    hot: bool = False


@dataclass(slots=True, frozen=True)
class SlotState:
    """One object: its slot, who has it, and how its address comes about."""

    index: int
    title: str
    note: str
    parts: tuple[Part, ...]
    sum: tuple[tuple[str, str], ...]
    """The address arithmetic, ``slab … + 5 × 224 + 8 = object …``: (text, colour role) in order."""
    base: int
    """Address of the object."""
    user: int
    """Address that its owner works with: behind the header, if there is one."""


@dataclass(slots=True, frozen=True)
class ObjectLine:
    """One object in the list of the slab's objects."""

    cell: Cell
    address: str
    owner: str
    state: str
    next: str


@dataclass(slots=True, frozen=True)
class SlabState:
    """One slab: its fields, its pages cut into slots, and its structures."""

    slab: int
    title: str
    subtitle: str
    fields: tuple[Field, ...]
    cells: tuple[Cell, ...]
    objects: int
    size: int
    waste: int
    layout: str
    """``18 × 224 = 4 032 B, 64 B left over (5a)``."""
    addresses: str
    chains: tuple[tuple[str, tuple[int, ...]], ...]
    """(whose freelist, indexes in order, the first to be handed out first)."""
    textbook: tuple[str, int, int]
    """The textbook's layout: sentence, objects that fit behind a header, bytes left over."""
    structs: tuple[Struct, ...]


@dataclass(slots=True, frozen=True)
class Inspected:
    """Everything but the bytes. Without a slab ``message`` says why in lines, the first of them in bold."""

    side: CacheSide
    slab: SlabState | None
    slot: SlotState | None
    message: tuple[str, ...] = ()
