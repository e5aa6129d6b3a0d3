"""Bytes that are not what debugging has put there: what the kernel's checks would report, told before they run."""

from __future__ import annotations

from slabviz.model.reason import checks_of, fault
from slabviz.model.slab import Slab
from slabviz.scene.inspect.slot import Span

Damage = tuple[tuple[int, int], ...]
"""First and last wrong byte of each finding, counted from the object."""


_MAGIC = (0, 3)
"""Where a header's magic number lies."""


def damage(slab: Slab, obj: int, broken: bool) -> Damage:
    """Everything wrong with the bytes of one slot, as far as it is known what belongs there.

    ``broken``: the magic number of the header in the object is wrong.
    """
    if slab.memory is None:
        return ()
    found = (fault(slab, obj, reason) for reason in checks_of(slab, obj in slab.owners))
    known = tuple((first - obj, last - obj) for first, last in filter(None, found))
    return (*known, _MAGIC) if broken else known


def is_hit(span: Span, found: Damage) -> bool:
    """Whether a part of the slot is damaged."""
    return any(first < span.end and last >= span.start for first, last in found)
