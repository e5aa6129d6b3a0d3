"""slub_cpu_dead: what a CPU that went offline had of each cache goes to the node (mm/slub.c of 6.1).

Another CPU does it, after the dead one has stopped, so nobody can come between and no interrupt needs to be off.
"""

from __future__ import annotations

from slabviz.model.events import Kind
from slabviz.model.kmem_cache import KmemCache
from slabviz.slub.deactivate import deactivate_slab, unfreeze_partials
from slabviz.slub.world import Path, World


def slub_cpu_dead(w: World, cpu: int, dead: int) -> Path[None]:
    """Flush ``dead`` of every cache, on ``cpu``."""
    for s in w.machine.caches:
        yield from flush_dead(w, cpu, s, dead)


def flush_dead(w: World, cpu: int, s: KmemCache, dead: int) -> Path[None]:
    """``__flush_cpu_slab`` of one cache: the cpu slab first, then the stack."""
    c = s.cpu_slab[dead]
    if c.slab is not None:
        yield (Kind.CPUSLAB_FLUSH_DEAD, cpu, c.slab.id, 0, 0)
        yield from deactivate_slab(w, cpu, s)
    if c.partial:
        yield (Kind.CPU_PARTIAL_FLUSH_DEAD, cpu, s.id, dead, 0)
        yield from unfreeze_partials(w, cpu, s)
