"""The left column: the cache's own fields, its slabs by list, and who owns the objects of the slab on show."""

from __future__ import annotations

from collections.abc import Sequence

from slabviz.model.flags import SlabFlags
from slabviz.model.kmem_cache import KmemCache
from slabviz.scene.inspect.numbers import byte_count
from slabviz.scene.inspect.state import CacheSide, Field, Owner, SlabList, Struct
from slabviz.scene.sight import Sight
from slabviz.scene.state import Cell, CellState, Place, SlabCard
from slabviz.scene.story.moment import Translate
from slabviz.scene.story.names import card_name
from slabviz.scene.story.numbers import grouped, size

PAGE_SHIFT = 12


def cache_side(sight: Sight, tr: Translate, cells: Sequence[Cell]) -> CacheSide:
    """``cells`` are those of the slab on show."""
    return CacheSide(
        cache_struct(sight.cache, tr), flag_names(sight.cache), slab_lists(sight, tr), _outside(sight, tr),
        _owners(sight, cells),
    )  # fmt: skip


def cache_struct(cache: KmemCache, tr: Translate) -> Struct:
    """``struct kmem_cache``; sizes in bytes, the limit of parked slabs beside the objects it is set in."""
    shape = cache.geometry
    parked = tr("inspect.side.slabs", objects=cache.cpu_partial, slabs=cache.cpu_partial_slabs)
    fields = (
        ("object_size", byte_count(shape.object_size)), ("size", byte_count(cache.size)),
        ("inuse", byte_count(shape.inuse)), ("offset", byte_count(shape.offset)),
        ("align", byte_count(shape.align)), ("red_left_pad", byte_count(cache.red_left_pad)),
        ("order", f"{shape.oo_order} = {size(1 << PAGE_SHIFT + shape.oo_order)}"),
        ("objs/slab", grouped(shape.oo_objects)),
        ("min_partial", tr("inspect.side.min_partial", slabs=cache.min_partial)), ("cpu_partial", parked),
    )  # fmt: skip
    return Struct(cache.name, "kmem_cache", tuple(Field(name, value) for name, value in fields))


def flag_names(cache: KmemCache) -> str:
    """``SLAB_RED_ZONE | SLAB_POISON``; those that the kernel keeps for itself begin with two underscores."""
    internal = {SlabFlags.CMPXCHG_DOUBLE: "__CMPXCHG_DOUBLE", SlabFlags.OBJECT_POISON: "__OBJECT_POISON"}
    flags = [flag for flag in SlabFlags if cache.geometry.flags & flag]
    return " | ".join(internal.get(flag, f"SLAB_{flag.name}") for flag in flags)


def slab_lists(sight: Sight, tr: Translate) -> tuple[SlabList, ...]:
    """Every slab of the cache in the place where it is kept; lists without one say why."""
    state, cache = sight.state, sight.cache
    node = state.node
    keeps = "tracked" if cache.flags & SlabFlags.STORE_USER else "untracked"
    lists = (
        ("active", _cards([lane.active for lane in state.lanes]), ""),
        ("parked", _cards([entry for lane in state.lanes for entry in lane.parked]), ""),
        ("partial", _cards(node.partial), f"nr_partial {cache.node.nr_partial}"),
        ("full", _cards(node.full), tr(f"inspect.side.{keeps}")),
        ("moving", state.travelling, ""),
    )
    debug = tr("inspect.side.not_used")
    return tuple(
        SlabList(kind, debug if cache.debug and kind in ("active", "parked") else note, cards)
        for kind, cards, note in lists
        if cards or kind in ("active", "partial", "full")
    )


def _cards(entries: Sequence[SlabCard | Place]) -> tuple[SlabCard, ...]:
    return tuple(entry for entry in entries if isinstance(entry, SlabCard))


def _outside(sight: Sight, tr: Translate) -> str:
    """Blocks that kmalloc took straight from the page allocator lie in no slab."""
    pages = sight.machine.large_pages
    return tr("inspect.side.large", pages=pages) if pages else ""


def _owners(sight: Sight, cells: Sequence[Cell]) -> tuple[Owner, ...]:
    """Each owner once, in the order of the objects."""
    cast = sight.run.cast
    found: dict[int, Owner] = {}
    for cell in cells:
        if cell.state is not CellState.FREE and cell.actor and cell.actor not in found:
            found[cell.actor] = Owner(cell.mark, card_name(cast[cell.actor]), cell.colour)
    return tuple(found.values())
