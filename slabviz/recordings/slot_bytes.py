"""The bytes of a slab as a recording shows them: hex, with ``..`` for what is random or an address.

Those are both tracks, and a free pointer field that decodes to an object of the slab or to the end of the list; such a
field is told as ``free_pointer``: slot index -> next index, None for the end.
"""

from __future__ import annotations

from slabviz.model.flags import SlabFlags
from slabviz.model.memory import get_freepointer, look, place_of_pointer, seen
from slabviz.model.poison import TRACK_ALLOC, TRACK_CPU, TRACK_FREE, track_at
from slabviz.model.sizing import POINTER_SIZE, TRACK_SIZE
from slabviz.model.slab import NULL, Slab
from slabviz.recordings.jsonl import JsonObject

MASKED = ".."


def slot(slab: Slab, index: int) -> JsonObject:
    """One slot of a slab, its left red zone first (the field ``slots``)."""
    start = index * slab.cache.size
    shown = _shown(slab, start, start + slab.cache.size, [index])
    return {"slab": slab.id, "index": index, **shown}


def whole_slab(slab: Slab) -> JsonObject:
    """All bytes of a slab, the rest behind the last object included (the field ``slabs``)."""
    return {"slab": slab.id, **_shown(slab, 0, slab.bytes, list(range(slab.objects)))}


def _shown(slab: Slab, start: int, end: int, indexes: list[int]) -> JsonObject:
    slab = _looked_at(slab)
    memory = seen(slab)
    cells = [f"{byte:02x}" for byte in memory[start:end]]
    pointers: dict[str, int | None] = {}
    tracks: dict[str, list[int | None]] = {}
    for index in indexes:
        obj = slab.object_at(index)
        after = get_freepointer(slab, obj)
        if after == NULL or slab.is_object(after):
            pointers[str(index)] = None if after == NULL else slab.index_of(after)
            _mask(cells, place_of_pointer(slab, obj) - start, POINTER_SIZE)
        if slab.cache.flags & SlabFlags.STORE_USER:
            tracks[str(index)] = [_track_cpu(slab, obj, TRACK_ALLOC), _track_cpu(slab, obj, TRACK_FREE)]
            _mask(cells, obj + track_at(slab.cache, TRACK_ALLOC) - start, 2 * TRACK_SIZE)
    shown: JsonObject = {"bytes": "".join(cells), "free_pointer": pointers}
    return {**shown, "tracks": tracks} if tracks else shown


def _looked_at(slab: Slab) -> Slab:
    """The slab with its bytes; one that nobody has looked at stays so."""
    if slab.memory is not None:
        return slab
    copy = Slab(
        slab.id, slab.cache, slab.address, slab.pfn, slab.order, slab.objects, links=dict(slab.links),
        owners=dict(slab.owners),
    )  # fmt: skip
    look(copy)
    return copy


def _mask(cells: list[str], start: int, length: int) -> None:
    cells[start : start + length] = [MASKED] * length


def _track_cpu(slab: Slab, obj: int, which: int) -> int | None:
    """The CPU in a track; None when it was never set."""
    at = obj + track_at(slab.cache, which)
    record = seen(slab)[at : at + TRACK_SIZE]
    return int.from_bytes(record[TRACK_CPU : TRACK_CPU + 4], "little") if any(record[:8]) else None
