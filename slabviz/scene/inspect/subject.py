"""Which slab and which object are inspected: what was chosen, else what the caption tells of."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import Machine
from slabviz.model.slab import Slab
from slabviz.scene.levels import Selected
from slabviz.scene.sight import Sight
from slabviz.scene.state import CellState, SlabCard


@dataclass(slots=True, frozen=True)
class Subject:
    """An object of a slab that is there. ``chosen``: the viewer chose it, else the inspector did."""

    slab: int
    index: int
    chosen: bool


@dataclass(slots=True, frozen=True)
class Lost:
    """Why what was chosen cannot be shown: ``gone``, ``unborn``, ``other`` (another cache's) or ``index``."""

    why: str
    slab: int
    index: int | None = None


def subject_of(sight: Sight) -> Subject | Lost | None:
    """What to inspect; None while the cache has no slab and nothing is chosen."""
    chosen = sight.view.selected
    if chosen is None:
        slab = _default_slab(sight)
        return None if slab is None else Subject(slab.id, _default_index(sight, slab), False)
    return _of_chosen(sight, chosen)


def _of_chosen(sight: Sight, chosen: Selected) -> Subject | Lost:
    slab = sight.machine.slabs.get(chosen.slab)
    if slab is None:
        return Lost("unborn" if chosen.slab >= sight.machine.next_slab else "gone", chosen.slab)
    if slab.cache is not sight.cache:
        return Lost("other", chosen.slab)
    if chosen.index is not None and chosen.index >= slab.objects:
        return Lost("index", chosen.slab, chosen.index)
    index = _default_index(sight, slab) if chosen.index is None else chosen.index
    return Subject(slab.id, index, True)


def _default_slab(sight: Sight) -> Slab | None:
    """The slab of the call that is told of, else the first active, parked, partial, or any other one."""
    machine, cache, path = sight.machine, sight.cache, sight.state.path
    if path is not None and path.slab.isdigit():
        slab = machine.slabs.get(int(path.slab))
        if slab is not None and slab.cache is cache:
            return slab
    return next(iter(_by_place(machine, cache)), None)


def _by_place(machine: Machine, cache: KmemCache) -> list[Slab]:
    active = [c.slab for c in cache.cpu_slab if c.slab is not None]
    others = [slab for slab in machine.slabs.values() if slab.cache is cache]
    return [*active, *(slab for _, slab in cache.parked()), *cache.node.partial.values(), *others]


def _default_index(sight: Sight, slab: Slab) -> int:
    """The object that is on its way, else the first that somebody holds, else the first."""
    card = cards_of(sight).get(slab.id)
    for states in ((CellState.LEFT, CellState.RETURNING), (CellState.USED,)):
        found = next((cell.index for cell in card.cells if cell.state in states), None) if card is not None else None
        if found is not None:
            return found
    return 0


def cards_of(sight: Sight) -> dict[int, SlabCard]:
    """The cards of all slabs that the stage shows, by slab: there every slab is in exactly one place."""
    state = sight.state
    entries = [entry for lane in state.lanes for entry in (lane.active, *lane.parked)]
    entries += [*state.node.partial, *state.node.full, *state.travelling]
    return {entry.slab: entry for entry in entries if isinstance(entry, SlabCard)}
