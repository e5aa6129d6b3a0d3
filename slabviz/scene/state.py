"""What the stage shows at one instant, without saying where: the picture's own model.

``story`` makes it from the machine, the log and the moves under way; ``layout`` turns it into blocks; tests read it.
All values are frozen and compare by value, so a card whose value did not change is the same picture.
Strings are finished text in the language of the picture. Slab ids are shown with at least two digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

Key = tuple[object, ...]
"""Name of a place that a move may begin or end at, see ``Anchors`` in ``layout``:
("cell", slab, index) · ("slab", id) · ("chip", cpu) · ("lane", cpu) · ("active", cpu) · ("parked", cpu) ·
("partial",) · ("full",) · ("nr_slabs",) · ("holder", actor) · ("order", k) · ("pcp", cpu) · ("frames", pfn) ·
("expected", slab)."""


class CellState(Enum):
    """One object's place in a slab. Solid + hollow + dashed cells = objects (visual-spec 12)."""

    FREE = "free"
    USED = "used"
    LEFT = "left"  # its object is flying to a holder
    RETURNING = "returning"  # its object is flying back


class SlabState(Enum):
    """Where a slab is kept; the glyph in its header."""

    ACTIVE = "active"
    PARKED = "parked"
    PARTIAL = "partial"
    FULL = "full"
    EMPTY = "empty"
    MOVING = "moving"


@dataclass(slots=True, frozen=True)
class Cell:
    """``colour`` is the owner palette index 0…7 (7 = neutral), meaningful for used, left and returning cells."""

    index: int
    state: CellState
    actor: int = 0
    mark: str = ""
    colour: int = 7


@dataclass(slots=True, frozen=True)
class SlabCard:
    """A slab that stands somewhere. ``used`` counts solid cells only, ``moving`` the dashed ones (drawn ``+n``)."""

    slab: int
    state: SlabState
    cells: tuple[Cell, ...]
    used: int
    objects: int
    moving: int = 0
    frozen: bool = True
    """Whether its glyph may be a square one, which means that the slab is frozen."""


@dataclass(slots=True, frozen=True)
class Place:
    """A dashed place instead of a card: ``title`` in bold ("empty", "slab 14 is coming", "slab 03 has left"), a
    second line under it."""

    title: str
    note: str = ""
    slab: int | None = None
    """The slab that left or is expected here, if any."""
    leaving: bool = False


@dataclass(slots=True, frozen=True)
class Signpost:
    """Step ``number`` of the lit path: tried before (done), happening (now), or still to come (next)."""

    number: int
    when: str  # "done" | "now" | "next"
    place: Key
    edge: str = "upper"  # "upper": a place that was tried; "lower": a place that receives


@dataclass(slots=True, frozen=True)
class Badge:
    """What kind of context runs, and what it may do: ``kind`` is idle, process, softirq or hardirq."""

    kind: str
    text: str


@dataclass(slots=True, frozen=True)
class Lane:
    """One CPU. ``chain`` are its freelist's objects, first to be handed out first."""

    cpu: int
    badge: Badge
    agent: str
    """Who runs ("make 16"); empty when idle."""
    call: str
    """"kmem_cache_alloc(task_struct) → 52", or what else it does ("uses skb 7", "sleeps"), or empty."""
    interrupted: str
    """The work that was broken into, drawn dimmed under the badge line; empty if none."""
    chain: tuple[int, ...]
    """Indexes of the objects on the CPU's freelist, the next one first."""
    chain_place: Place | None
    """What to draw instead when the freelist is empty."""
    active: SlabCard | Place
    parked: tuple[SlabCard | Place, ...]
    """The CPU partial stack, newest first, then places that slabs have left or are expected at."""
    parked_place: Place | None
    """What to draw in the first slot instead, when the path was here and found nothing."""
    limit: int
    """cpu_partial_slabs: so many slots are drawn, the rest as ghosts."""
    hot: bool = False
    waits: str = ""
    """"waits for list_lock", "interrupts off" … or empty."""


@dataclass(slots=True, frozen=True)
class CacheStrip:
    """The cache on stage: its name, one sentence, and (label, value) pairs in order."""

    name: str
    note: str
    fields: tuple[tuple[str, str], ...]
    index: int
    count: int
    """This is cache ``index`` of ``count``; with more than one, the strip can be clicked to go on."""
    debug: bool = False
    """Whether it is debugged (``slub_debug``): then nothing is ever served by the fast path."""


@dataclass(slots=True, frozen=True)
class NodePanel:
    """The node's part of the cache on stage."""

    total_objects: str
    """"65", or "65 → 70" while it changes."""
    nr_partial: str
    locked: bool
    lock: str
    """"not held", "held by CPU1", "held by CPU1 · CPU3 waits"."""
    partial: tuple[SlabCard | Place, ...]
    """Head first."""
    partial_place: Place | None
    full: tuple[SlabCard | Place, ...]
    """Slabs without a free object, by id, with places that slabs have left or are expected at."""
    full_note: str
    nr_slabs: str
    """"13", or "13 → 14"."""
    nr_slabs_changes: bool
    sum_long: str
    """"= 3 active + 5 parked + 0 partial + 5 full + 1 moving"."""
    sum_short: str
    full_listed: bool = False
    """Whether full slabs are on a list, newest first (``slub_debug=U``), and not just full."""


@dataclass(slots=True, frozen=True)
class HolderCard:
    """Somebody who holds objects of the cache. ``note`` is arriving, waiting, on the way back … in words, or empty."""

    actor: int
    mark: str
    name: str
    colour: int
    held: int
    arriving: int = 0
    returning: int = 0
    waiting: bool = False
    note: str = ""
    slot: int = 0
    """Its place in the panel, kept as long as it holds something: cards never move because others come or go."""


@dataclass(slots=True, frozen=True)
class Holders:
    """``summary``: "45 held · 1 arriving · 2 on the way back · 1 waiting"."""

    summary: str
    cards: tuple[HolderCard, ...]


@dataclass(slots=True, frozen=True)
class BuddyLine:
    """One line of the buddy log: ``icon`` is split, merge or take."""

    icon: str
    tick: int
    text: str
    now: bool


@dataclass(slots=True, frozen=True)
class Buddy:
    """Memory. ``frames`` has one byte per page frame: 0 free, 1 in a page set, 2 this cache, 3 others, 4 in hand."""

    title: str
    """"16 MiB": the size of the memory."""
    frames: bytes
    free_pages: int
    pages: int
    summary: str
    """"2 433 of 4 096 pages free"."""
    blocks: tuple[int, ...]
    """Free blocks per order 0 … 10."""
    lit: tuple[int, ...]
    """Orders that the current step touches."""
    arrow: tuple[int, int] | None
    """(from order, to order) of the current split or merge."""
    moment: str
    """Which moment the columns show: "free blocks, after this split"."""
    log: tuple[BuddyLine, ...]
    sets: tuple[tuple[str, int], ...]
    """("CPU0", pages) of each per-CPU page set."""
    marked: tuple[int, int] | None = None
    """(pfn, pages) of the block that the current step deals with."""
    marked_note: str = ""
    step: int | None = None


@dataclass(slots=True, frozen=True)
class Caption:
    """The two lines under the top bar. ``path`` is fast, slow, error, overview or empty (then no pill)."""

    who: str
    path: str
    pill: str
    sentence: str
    glossary: tuple[tuple[str, str], ...]
    step: int
    steps: int
    """0: no step counter."""
    step_text: str
    """"step 6 of 7 · install slab"."""
    next: str


@dataclass(slots=True, frozen=True)
class PathStep:
    """A step of the call that is told of; the same numbers as on the signposts. ``when`` is done, now or next."""

    name: str
    number: int
    when: str


@dataclass(slots=True, frozen=True)
class PathState:
    """The way of one call through the allocator, for the flowchart and the sequence of the code path panel."""

    free: bool
    call: str
    """``kmem_cache_alloc(task_struct)``."""
    who: str
    outcome: str
    """``fast``, or a value of ``story.outcome.Outcome``."""
    steps: tuple[PathStep, ...]
    cache: str
    kmalloc: bool
    """Whether the cache was chosen by the size asked for."""
    slab: str
    """The slab it is about, with two digits."""


@dataclass(slots=True, frozen=True)
class StageState:
    """Everything on the Cache level at one instant."""

    title: str
    subtitle: str
    tick: int
    caption: Caption
    lanes: tuple[Lane, ...]
    strip: CacheStrip
    node: NodePanel
    holders: Holders
    buddy: Buddy
    signposts: tuple[Signpost, ...]
    parked_head: str
    """Column head over the CPU partial lists: "CPU partial · limit 3 slabs"."""
    travelling: tuple[SlabCard, ...] = ()
    """The slabs between two places: what their small cards show while they move."""
    path: PathState | None = None
    """The call that the caption tells of, if it is the allocation or free of one object."""
