"""The calls of a story in words: what was called, what for, who did it."""

from __future__ import annotations

from collections.abc import Callable

from slabviz.model.events import Kind
from slabviz.model.flags import SlabFlags
from slabviz.model.gfp import gfp_name
from slabviz.scene.errors.calls import NOWHERE, WRITE, Deed
from slabviz.scene.errors.fixes import right_call
from slabviz.scene.errors.plot import Plot
from slabviz.scene.errors.state import CallCard
from slabviz.scene.state import Badge
from slabviz.scene.story.moment import Translate

Colour = Callable[[int, Deed], int]
"""The colour of an owner at a call."""


def cache_name(plot: Plot, cache: int) -> str:
    """The name of a cache, or of the one whose bytes are shown."""
    machine = plot.run.machine_at(plot.incident.tick)
    if cache == NOWHERE:
        slab = machine.slabs.get(plot.slab)
        return slab.cache.name if slab is not None else ""
    return machine.caches[cache].name


def call_text(plot: Plot, deed: Deed) -> str:
    """The call as C: ``dev_kmalloc(128)``, ``kfree(p)``, ``memset(p, 0x41, 192)``."""
    pointer = plot.pointer(deed)
    if deed.name == WRITE:
        return f"memset({pointer}, {deed.value:#04x}, {deed.size})"
    if deed.name == "kmem_cache_alloc":
        return f"kmem_cache_alloc({cache_name(plot, deed.cache)})"
    if deed.name == "alloc_pages":
        return "alloc_pages()"
    if deed.name == "kmem_cache_destroy":
        return f"kmem_cache_destroy({cache_name(plot, deed.cache)})"
    if deed.is_alloc:
        return f"{deed.name}({deed.size})"
    if deed.name == "kmem_cache_free":
        return f"kmem_cache_free({_given_cache(plot, deed)}, {pointer})"
    return f"{deed.name}(dev, {pointer})" if deed.name == "devm_kfree" else f"{deed.name}({pointer})"


def right_of(plot: Plot) -> str:
    """What should have been called instead of the cause; empty where no other call would be right."""
    cause = plot.incident.cause
    owner = owner_of(plot, cause)
    name = plot.name(owner) if owner else "dev"
    return right_call(cause, plot.source(cause), plot.pointer(cause), cache_name(plot, NOWHERE), name)


def _given_cache(plot: Plot, deed: Deed) -> str:
    """The cache that the caller named: another one than the object's, where the kernel says so."""
    for number in deed.troubles:
        kind, _, _, _, who = next(plot.run.log.events(number))
        if kind == Kind.WRONG_CACHE:
            return cache_name(plot, who)
    return cache_name(plot, deed.cache)


def call_card(plot: Plot, deed: Deed, tr: Translate, colour: Colour) -> CallCard:
    """One card."""
    owner = owner_of(plot, deed)
    holder = plot.actor(owner)
    cause, failure = deed is plot.incident.cause and bool(deed.mistake), deed is plot.incident.deed
    call = call_text(plot, deed)
    if deed.is_alloc and plot.is_done(deed) and deed.slab == plot.slab:
        call += f" → {plot.pointer(deed)}{_again(plot, deed, tr)}"
    return CallCard(
        tick=plot.tick(deed),
        badge=_badge(plot, deed, tr),
        call=call,
        note=_note(plot, deed, tr),
        name=plot.name(deed.actor),
        mark=holder.mark if owner else "",
        colour=colour(owner, deed),
        cause=cause,
        failure=failure,
        aside=_aside(plot, deed, tr) if cause else "",
    )


def owner_of(plot: Plot, deed: Deed) -> int:
    """Whose the memory is; a wrong free does not know, but whoever gave it does."""
    if deed.owner or deed.name == WRITE:
        return deed.owner or deed.actor
    source = plot.source(deed) if deed.slab != NOWHERE else None
    return source.owner if source is not None else 0


def _again(plot: Plot, deed: Deed, tr: Translate) -> str:
    at = plot.pointer_offset(deed)
    earlier = any(other.first < deed.first and other.slab == deed.slab and other.name != WRITE
                  and plot.pointer_offset(other) == at for other in plot.deeds)  # fmt: skip
    return f" {tr('error.again_mark')}" if earlier else ""


def _badge(plot: Plot, deed: Deed, tr: Translate) -> Badge:
    if deed.gfp != NOWHERE:
        names = plot.run.machine_at(plot.incident.tick).era.gfp
        return Badge(deed.context, tr(f"stage.badge.{deed.context}_gfp", gfp=gfp_name(deed.gfp, names)))
    return Badge(deed.context, tr(f"stage.badge.{deed.context}"))


def _note(plot: Plot, deed: Deed, tr: Translate) -> str:
    """One sentence: what is wrong with a cause, what happens in a failure, what an ordinary call is for."""
    if deed is plot.incident.cause and deed.mistake:
        right = right_of(plot)
        if right and deed.mistake in ("wrong_free", "wrong_cache"):
            return tr("error.note.should", right=right)
        if deed is not plot.incident.deed or plot.incident.kind is Kind.MISTAKE:
            return tr("error.note.wrong", what=tr(f"error.wrong.{deed.mistake}"))
    if deed is plot.incident.deed:
        return _failing(plot, deed, tr)
    return _ordinary(plot, deed, tr)


_FAILING = {
    Kind.OOPS: "died", Kind.PANIC: "died", Kind.STUCK: "died", Kind.SLAB_REPORT: "reported",
    Kind.DEVM_NOT_FOUND: "not_found", Kind.OBJECTS_REMAINING: "destroy", Kind.CACHE_REMAINS: "destroy",
    Kind.MIGHT_SLEEP_BUG: "sleep",
}  # fmt: skip


def _failing(plot: Plot, deed: Deed, tr: Translate) -> str:
    if Kind.DEV_BAD_MAGIC in plot.kinds():
        return tr("error.note.magic", place=f"{plot.pointer(deed)} − 64")
    if plot.incident.kind in (Kind.OOM_KILL, Kind.OOM_PANIC):
        victim = next(plot.run.log.events(plot.incident.events[-1]))[4]
        return tr("error.note.oom", who=plot.name(victim))
    if plot.incident.kind is Kind.SLAB_REPORT and deed.name.endswith("free") and not plot.is_done(deed):
        return tr("error.note.refused")
    return tr(f"error.note.{_FAILING.get(plot.incident.kind, 'warning')}")


def _ordinary(plot: Plot, deed: Deed, tr: Translate) -> str:
    if deed.name == WRITE:
        who = plot.name(deed.actor)
        return tr("error.note.write", who=who, size=deed.size, value=f"{deed.value:#04x}")
    if not deed.is_alloc:
        return tr("error.note.free")
    if deed.done == NOWHERE:
        return tr("error.note.null")
    owner = plot.name(deed.owner)
    if deed.header:
        return tr("error.note.header", header=deed.header, size=deed.size, owner=owner)
    return tr("error.note.alloc", size=deed.size, owner=owner) if deed.size else tr(
        "error.note.alloc_cache", owner=owner
    )


def _aside(plot: Plot, deed: Deed, tr: Translate) -> str:
    """What debugging would have done, in a cache that is not debugged."""
    slab = plot.run.machine_at(plot.incident.tick).slabs.get(deed.slab)
    if slab is None or slab.cache.debug:
        return ""
    if deed.mistake == "double_free" or (deed.mistake == "wrong_free" and not slab.is_object(deed.offset)):
        return tr("error.would.refuse")
    if deed.mistake == "overrun" and not slab.cache.geometry.flags & SlabFlags.RED_ZONE:
        return tr("error.would.redzone")
    return tr("error.would.poison") if deed.mistake == "use_after_free" else ""
