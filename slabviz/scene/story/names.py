"""What somebody, and what a call, is called in the picture."""

from __future__ import annotations

from slabviz.model.cast import Actor
from slabviz.model.events import Kind

_BROKEN_IN = frozenset({"irq", "softirq"})


def full_name(actor: Actor) -> str:
    """Name and number, as on the lane: ``make 16``. A mark that is no number is only a sign for small cells."""
    if not actor.mark.isdigit() or actor.mark in actor.name.split():
        return actor.name
    return f"{actor.name} {actor.mark}"


def short_name(actor: Actor) -> str:
    """As in a sentence: devices are known by their name alone."""
    return actor.name if actor.kind in _BROKEN_IN else full_name(actor)


def card_name(actor: Actor) -> str:
    """As on a holder's card, where the mark stands beside it."""
    return " ".join(word for word in actor.name.split() if word != actor.mark) or actor.name


def is_kmalloc(cache: str) -> bool:
    """Whether the cache is one of those behind kmalloc()."""
    return cache.startswith(("kmalloc-", "dma-kmalloc-"))


def function(kind: int, cache: str) -> str:
    """The C function behind an ENTER event, with what it is called for: ``kmem_cache_alloc(task_struct)``."""
    general, kmalloc = _FUNCTIONS.get(kind, ("", ""))
    name = kmalloc if kmalloc and is_kmalloc(cache) else general
    return f"{name}({cache})" if name else ""


_FUNCTIONS = {
    int(Kind.ALLOC_ENTER): ("kmem_cache_alloc", "kmalloc"),
    int(Kind.FREE_ENTER): ("kmem_cache_free", "kfree"),
    int(Kind.BULK_ALLOC_ENTER): ("kmem_cache_alloc_bulk", ""),
    int(Kind.BULK_FREE_ENTER): ("kmem_cache_free_bulk", ""),
    int(Kind.SHRINK_ENTER): ("kmem_cache_shrink", ""),
    int(Kind.CPUSLAB_FLUSH): ("flush_cpu_slab", ""),
    int(Kind.CPU_PARTIAL_FLUSH): ("unfreeze_partials", ""),
    int(Kind.RCU_FREE_SLAB): ("rcu_free_slab", ""),
}
"""By kind: (function, the one used for kmalloc caches)."""
