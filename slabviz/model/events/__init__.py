"""What can happen: one room per family of events. Importing this package completes the table of apply functions."""

from slabviz.model.events import cache, contents, context, debug, freelist, kmalloc, lock, pages, partial, slab
from slabviz.model.events.kinds import KINDS, LAST_OF_SLABS, PATH_ENTERS, Event, Kind
from slabviz.model.events.table import APPLY, Apply

__all__ = [
    "APPLY", "KINDS", "LAST_OF_SLABS", "PATH_ENTERS", "Apply", "Event", "Kind",
    "cache", "contents", "context", "debug", "freelist", "kmalloc", "lock", "pages", "partial", "slab",
]  # fmt: skip
