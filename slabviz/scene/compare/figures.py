"""One side of a comparison in numbers, and its curves on the common clock."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from slabviz.model.machine import Machine
from slabviz.scene.compare.state import Figures
from slabviz.scene.story.series import Series


def figures(series: Series, machine: Machine, cache: int, tick: int) -> Figures:
    """The numbers of a cache at the end of a tick."""
    fast, calls = int(series.fast[tick]), int(series.calls[tick])
    return Figures(
        fast_share=100 * fast / calls if calls else None,
        calls=calls,
        taken=int(series.taken[tick]),
        waits=int(series.waits[tick]),
        slabs=int(series.slabs[tick]),
        unused=int(series.unused[tick]),
        fragmentation=float(series.fragmentation[tick]),
        held=sum(len(slab.owners) for slab in machine.slabs.values() if slab.cache.id == cache),
    )


def stretched(series: Series, ticks: int) -> Series:
    """The same curves on a clock of ``ticks`` ticks: a run that is over stays at its end."""
    more = ticks - len(series.slabs)
    if more <= 0:
        return series
    longer: dict[str, Any] = {
        field.name: np.pad(getattr(series, field.name), (0, more), mode="edge")
        for field in fields(series)
        if field.name != "window"
    }
    return replace(series, **longer)
