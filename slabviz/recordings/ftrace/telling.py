"""The steps of calls at which their lines stand in a trace."""

from __future__ import annotations

from slabviz.model.events import Kind

TAKEN = frozenset({Kind.ALLOC_FASTPATH, Kind.LOAD_FREELIST, Kind.DEBUG_ALLOC, Kind.DEBUG_ALLOC_NEW})
"""Events that hand one object out, each."""
GIVEN = frozenset(
    {Kind.FREE_FASTPATH, Kind.FREE_FROZEN, Kind.FREE_TO_PARTIAL, Kind.CPU_PARTIAL_FREE, Kind.DEBUG_FREE_FULL}
)
"""Events that take one object back, in single frees."""
MEMBERS = GIVEN | {Kind.BULK_PUSH, Kind.BULK_FREE}
"""The same in bulk ones too."""
TELLING = TAKEN | GIVEN | {Kind.ALLOC_FAILED}
