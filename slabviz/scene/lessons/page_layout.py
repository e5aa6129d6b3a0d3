"""What lies where in a slab of the cache, and in the page that textbooks draw (syllabus A4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from slabviz.model.flags import SlabFlags
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import Machine
from slabviz.model.sizing import PAGE_SIZE
from slabviz.model.slab import Slab
from slabviz.scene.sight import Sight
from slabviz.scene.state import Cell, CellState, SlabCard, StageState

HEADER = 64
"""Bytes that a textbook's page keeps for itself at its beginning: the size of a struct page."""
POINTER = 8
_NEUTRAL = 7


@dataclass(slots=True, frozen=True)
class PageLayout:
    """Sizes in bytes. ``cells`` are the objects of the slab that is shown; without one there are none."""

    cache: str
    size: int
    object_size: int
    offset: int
    """Where in a free object the free pointer lies."""
    red_left_pad: int
    tracked: bool
    """Whether each object has room for who allocated and freed it (STORE_USER)."""
    bytes: int
    objects: int
    slab: int | None
    cells: tuple[Cell, ...]
    cpu: int | None
    """The CPU that takes from the slab."""
    cpu_chain: tuple[int, ...]
    """Indexes of the objects on that CPU's freelist, the next one first."""
    chain: tuple[int, ...]
    """The same of the slab's own freelist."""
    address: int

    @property
    def waste(self) -> int:
        """What is left over behind the last object."""
        return self.bytes - self.objects * self.size

    @property
    def textbook_objects(self) -> int:
        """How many objects fit behind a header."""
        return (self.bytes - HEADER) // self.size

    @property
    def textbook_waste(self) -> int:
        """What is left over in the textbook's page."""
        return self.bytes - HEADER - self.textbook_objects * self.size


def page_layout(sight: Sight) -> PageLayout:
    """The layout of the cache on stage, with the objects of the slab that is chosen, or of an active one."""
    cache, shape = sight.cache, sight.cache.geometry
    slab = _slab(sight)
    cpu = next((cpu for cpu, part in enumerate(cache.cpu_slab) if slab is not None and part.slab is slab), None)
    order, objects = (shape.oo_order, shape.oo_objects) if slab is None else (slab.order, slab.objects)
    own = () if cpu is None else tuple(_indexes(cache.cpu_slab[cpu].free_objects(), slab))
    return PageLayout(
        cache.name, cache.size, shape.object_size, shape.offset, cache.red_left_pad,
        bool(cache.flags & SlabFlags.STORE_USER), PAGE_SIZE << order, objects,
        None if slab is None else slab.id, () if slab is None else _cells(slab, sight.state), cpu, own,
        () if slab is None else tuple(_indexes(list(slab.walk(slab.freelist)), slab)),
        0 if slab is None else slab.address,
    )  # fmt: skip


def _indexes(offsets: list[int], slab: Slab | None) -> Iterator[int]:
    if slab is not None:
        yield from (slab.index_of(offset) for offset in offsets if slab.is_object(offset))


def _slab(sight: Sight) -> Slab | None:
    chosen = sight.view.selected
    slab = None if chosen is None else sight.machine.slabs.get(chosen.slab)
    if slab is not None and slab.cache is sight.cache:
        return slab
    hot = {lane.cpu for lane in sight.state.lanes if lane.hot}
    return _first(sight.machine, sight.cache, hot)


def _first(machine: Machine, cache: KmemCache, hot: set[int]) -> Slab | None:
    """The active slab of the lit path's CPU, else of the first that has one, else the first slab there is."""
    active = [(cpu not in hot, cpu, part.slab) for cpu, part in enumerate(cache.cpu_slab) if part.slab is not None]
    if active:
        return min(active, key=lambda each: each[:2])[2]
    return next((slab for slab in machine.slabs.values() if slab.cache is cache), None)


def _cells(slab: Slab, state: StageState) -> tuple[Cell, ...]:
    """As on the stage where the slab stands there, else by who holds what, without colours."""
    for card in _cards(state):
        if card.slab == slab.id and len(card.cells) == slab.objects:
            return card.cells
    return tuple(
        Cell(index, CellState.USED if slab.object_at(index) in slab.owners else CellState.FREE, colour=_NEUTRAL)
        for index in range(slab.objects)
    )


def _cards(state: StageState) -> Iterator[SlabCard]:
    lanes = [place for lane in state.lanes for place in (lane.active, *lane.parked)]
    yield from (card for card in (*lanes, *state.node.partial, *state.node.full) if isinstance(card, SlabCard))
