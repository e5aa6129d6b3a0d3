"""Everything the inspector shows of one instant, except the bytes."""

from __future__ import annotations

from slabviz.model.memory import seen
from slabviz.scene.inspect.dump import Dump, dump
from slabviz.scene.inspect.gone import gone, now_at
from slabviz.scene.inspect.header import Header, header_of, is_broken
from slabviz.scene.inspect.one_object import slot_state
from slabviz.scene.inspect.one_slab import slab_state
from slabviz.scene.inspect.side import cache_side
from slabviz.scene.inspect.state import Inspected
from slabviz.scene.inspect.subject import Lost, Subject, cards_of, subject_of
from slabviz.scene.inspect.values import Reading
from slabviz.scene.sight import Sight
from slabviz.scene.state import Cell, CellState
from slabviz.scene.story.moment import Translate
from slabviz.scene.story.numbers import grouped, slab_id
from slabviz.scene.story.tenures import NEUTRAL


def inspected(sight: Sight, tr: Translate) -> Inspected:
    """The cache's column, and the slab and object on show or why there is none."""
    subject = subject_of(sight)
    if not isinstance(subject, Subject):
        message = (tr("inspect.none.title"), tr("inspect.none.note")) if subject is None else _lost(sight, subject, tr)
        return Inspected(cache_side(sight, tr, ()), None, None, message)
    slab = sight.machine.slabs[subject.slab]
    cells = _cells(sight, subject.slab)
    reading, header = reading_of(sight, subject, tr)
    return Inspected(
        cache_side(sight, tr, cells),
        slab_state(sight.machine, slab, cells, _cpu(sight), tr),
        slot_state(reading, header, cells[subject.index]),
    )


def dump_of(sight: Sight, tr: Translate) -> Dump | None:
    """The bytes of the object on show."""
    subject = subject_of(sight)
    return dump(*reading_of(sight, subject, tr)) if isinstance(subject, Subject) else None


def reading_of(sight: Sight, subject: Subject, tr: Translate) -> tuple[Reading, Header | None]:
    """One object, ready to be read, with the header it begins with."""
    slab = sight.machine.slabs[subject.slab]
    obj = slab.object_at(subject.index)
    owner = slab.owners.get(obj)
    header = header_of(sight.machine, slab.address + obj) if owner is not None else None
    user = header.length if header is not None else 0
    broken = header is not None and is_broken(sight.machine, slab.address + obj, header)
    return Reading(sight.machine, sight.run.cast, slab, obj, seen(slab), owner, user, tr, broken), header


def _cpu(sight: Sight) -> int:
    """The CPU that is told of, else the first."""
    return next((lane.cpu for lane in sight.state.lanes if lane.hot), 0)


def _cells(sight: Sight, slab: int) -> tuple[Cell, ...]:
    """As the stage shows them, with what is on its way; of a slab it does not show, as the machine has them."""
    card = cards_of(sight).get(slab)
    if card is not None:
        return card.cells
    found = sight.machine.slabs[slab]
    tenures = sight.chronicle.tenures[found.cache.id]
    behind = sight.run.log.span(sight.tick)[1]
    cells = []
    for index in range(found.objects):
        who = found.owners.get(found.object_at(index))
        if who is None:
            cells.append(Cell(index, CellState.FREE))
        else:
            colour = tenures.colour(who, behind) if who else NEUTRAL
            cells.append(Cell(index, CellState.USED, who, sight.run.cast[who].mark, colour))
    return tuple(cells)


def _lost(sight: Sight, lost: Lost, tr: Translate) -> tuple[str, ...]:
    name = slab_id(lost.slab)
    if lost.why == "index":
        last = sight.machine.slabs[lost.slab].objects - 1
        return tr("inspect.lost.index", slab=name, index=lost.index), tr("inspect.lost.index_note", last=last)
    if lost.why == "other":
        other = sight.machine.slabs[lost.slab].cache.name
        return tr("inspect.lost.other", slab=name, cache=other), tr("inspect.lost.other_note", cache=sight.cache.name)
    if lost.why == "unborn":
        return tr("inspect.lost.unborn", slab=name), tr("inspect.lost.unborn_note")
    return _gone(sight, lost.slab, tr)


def _gone(sight: Sight, slab: int, tr: Translate) -> tuple[str, ...]:
    """When its pages went back, and where they are now."""
    name = slab_id(slab)
    found = gone(sight.run.log, slab, sight.run.log.span(sight.tick)[1])
    if found is None or found.pfn < 0:
        return (tr("inspect.lost.gone", slab=name),)
    word, other = now_at(sight.machine, found.pfn)
    first, last = found.pfn, found.pfn + found.pages - 1
    frames = f"0x{first:x}" if first == last else f"0x{first:x} – 0x{last:x}"
    went = tr("inspect.lost.went", tick=grouped(found.tick), pages=found.pages, frames=frames)
    cache = sight.machine.slabs[other].cache.name if other >= 0 else ""
    now = tr(f"inspect.lost.now_{word}", slab=slab_id(max(other, 0)), cache=cache)
    return tr("inspect.lost.gone", slab=name), went, now
