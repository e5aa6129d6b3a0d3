"""One slab: its fields, how its pages are cut, the order of its free objects, and the layout that textbooks draw."""

from __future__ import annotations

from collections.abc import Iterator

from slabviz.model.machine import Machine
from slabviz.model.slab import Slab
from slabviz.scene.inspect.fields import slab_fields, slab_name
from slabviz.scene.inspect.numbers import full
from slabviz.scene.inspect.place import SlabPlace, free_chain, place_of
from slabviz.scene.inspect.state import SlabState
from slabviz.scene.inspect.structs import structs
from slabviz.scene.state import Cell
from slabviz.scene.story.moment import Translate
from slabviz.scene.story.numbers import grouped

PAGE_HEADER = 64
"""Bytes of the header that textbooks put in front of a page's objects; in SLUB ``struct slab`` lies elsewhere."""


def slab_state(m: Machine, slab: Slab, cells: tuple[Cell, ...], cpu: int, tr: Translate) -> SlabState:
    """``cpu`` is the one whose part of the cache is shown where no CPU owns the slab."""
    place = place_of(m, slab)
    size = slab.cache.size
    waste = slab.bytes - slab.objects * size
    return SlabState(
        slab=slab.id,
        title=slab_name(slab.id, tr),
        subtitle=_subtitle(m, slab, tr),
        fields=slab_fields(slab, place, cells, tr),
        cells=cells,
        objects=slab.objects,
        size=size,
        waste=waste,
        layout=_layout(slab, waste, tr),
        addresses=f"{full(slab.address)} – {full(slab.address + slab.bytes - 1)}",
        chains=tuple(_chains(slab, place, tr)),
        textbook=_textbook(slab, tr),
        structs=structs(slab, place, cpu, tr),
    )


def _subtitle(m: Machine, slab: Slab, tr: Translate) -> str:
    """Page frames inside the machine's memory: ``page frame 0xa3c (2 620 of 4 096)``."""
    number = grouped(slab.pfn - m.config.first_pfn)
    return tr(
        "inspect.slab.subtitle", pfn=f"0x{slab.pfn:x}", number=number, pages=grouped(m.config.pages), order=slab.order,
        bytes=grouped(slab.bytes),
    )  # fmt: skip


def _layout(slab: Slab, waste: int, tr: Translate) -> str:
    size, used = slab.cache.size, slab.objects * slab.cache.size
    poisoned = waste and slab.memory is not None and set(slab.memory[used:]) == {0x5A}
    key = "inspect.slab.layout" if waste else "inspect.slab.layout_full"
    text = tr(key, objects=slab.objects, size=grouped(size), used=grouped(used), waste=grouped(waste))
    return f"{text} (5a)" if poisoned else text


def _chains(slab: Slab, place: SlabPlace, tr: Translate) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The chains as memory has them; of a circle or a broken chain only what can be walked."""
    of_cpu, of_slab = free_chain(slab, place)
    if place.kind == "active":
        yield tr("inspect.chain.cpu", cpu=place.cpu), of_cpu
    yield tr("inspect.chain.slab"), of_slab


def _textbook(slab: Slab, tr: Translate) -> tuple[str, int, int]:
    size = slab.cache.size
    objects = (slab.bytes - PAGE_HEADER) // size
    left = slab.bytes - PAGE_HEADER - objects * size
    more = slab.objects - objects
    key = "inspect.textbook.note" if more else "inspect.textbook.same"
    text = tr(
        key, header=PAGE_HEADER, objects=grouped(objects), size=grouped(size), last=objects - 1, more=more,
    )  # fmt: skip
    return text if objects else tr("inspect.textbook.none"), objects, left


