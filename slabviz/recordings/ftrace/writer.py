"""A run as ftrace text: its log is applied to a machine once more, and each call and each block of pages gives a line.

As in the kernel, an allocation is told after it, a free before it, and bulk calls are not told. Where a call takes
several steps its line stands at the step that counts, the one that hands the object out or takes it: so lines of
several CPUs are in the order in which things happened. The boot (tick 0) is left out: tracing is switched on after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from slabviz.engine.call_site import call_site
from slabviz.model.cast import Actor
from slabviz.model.cpu import Context, ContextKind
from slabviz.model.events import APPLY, Event, Kind
from slabviz.model.events.kinds import ASKS
from slabviz.model.flags import SlabFlags
from slabviz.model.gfp import GFP_KERNEL, Gfp, gfp_flags_text, gfp_migratetype
from slabviz.model.kmem_cache import KmemCache
from slabviz.model.lock import Lock
from slabviz.model.migrate import PAGEBLOCK_ORDER, PCP_TYPES
from slabviz.model.sizing import PAGE_SIZE
from slabviz.model.zone import PCP_ORDERS
from slabviz.recordings.ftrace import text
from slabviz.recordings.ftrace.contexts import Call, Calls
from slabviz.recordings.ftrace.events import HEAD
from slabviz.recordings.ftrace.overlaps import Overlaps
from slabviz.recordings.ftrace.schedule import comments
from slabviz.recordings.ftrace.telling import GIVEN, MEMBERS, TAKEN
from slabviz.recordings.ftrace.text import IDLE, Who
from slabviz.slub.alloc import slab_gfps
from slabviz.timeline.run import Run
from slabviz.timeline.timeline import Timeline

TICK = 1
"""Microseconds that a tick is said to take."""
RCU_SITE = "rcu_do_batch+0x19a/0x540"
"""Who frees what was queued for RCU."""
FIRST_FREE_PID = 1000
"""Pids of tasks that the story gives none."""

TOLD_BEFORE = ASKS | {
    Kind.CALL_SITE, Kind.MISTAKE, Kind.DEV_KMALLOC_ENTER, Kind.DEV_KFREE_ENTER, Kind.DEVM_KMALLOC_ENTER,
    Kind.DEVM_KFREE_ENTER,
}  # fmt: skip
"""Events that stand before the ENTER event of the same step: what they tell is about that call."""


def trace(run: Run, last_tick: int | None = None) -> str:
    """The whole text, with its head, up to ``last_tick`` (None: the end); ``schedule`` tells of what ends it."""
    writer = _Writer(run)
    lines = [
        line
        for tick in range(1, (run.last_tick if last_tick is None else last_tick) + 1)
        for event in run.log.of_tick(tick)
        for line in writer.event(tick, event)
    ]
    writer.overlaps.finish()
    text = [*lines, *comments(writer.overlaps.schedule(len(lines)))]
    return HEAD.format(lines=len(lines), cpus=run.config.cpus) + "".join(f"{line}\n" for line in text)


class _Writer:
    """Follows a run event by event; ``event`` gives the lines of one and applies it."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.machine = Timeline(run.config, run.log).machine_at(0)
        self.overlaps = Overlaps(self.machine, TICK)
        self.calls = Calls(self.machine)
        self.site = ""
        self.asked: int | None = None
        self.fallbacks: dict[int, tuple[int, int, int, int]] = {}
        """By CPU: (order asked for, pfn, type, order) of a block of another type that is about to be taken."""
        self._tick = 0

    def event(self, tick: int, event: Event) -> list[str]:
        self._tick = tick
        kind, cpu, slab, arg, who = event
        write = _BEFORE.get(kind)
        lines = write(self, event) if write else []
        self.overlaps.before(tick, event)
        APPLY[kind](self.machine, cpu, slab, arg, who)
        self.overlaps.after(event)
        if kind not in TOLD_BEFORE:
            self.site, self.asked = "", None
        after = _AFTER.get(kind)
        return lines + after(self, event) if after else lines

    # Who runs.

    def _context(self, cpu: int) -> Context:
        return self.machine.cpus[cpu].top

    def _who(self, cpu: int) -> Who:
        """Who runs now. What broke in is told by the flags; the task's name stays (``tracing_generic_entry``)."""
        task = self.machine.cpus[cpu].stack[0].actor
        actor = self.run.cast[task]
        if not task:
            return Who(IDLE, 0, self._flags(cpu))
        return Who("_".join(actor.name.split()) or actor.kind, _pid(actor, task), self._flags(cpu))

    def _flags(self, cpu: int) -> str:
        kinds = {context.kind for context in self.machine.cpus[cpu].stack}
        hard, soft = ContextKind.HARDIRQ in kinds, ContextKind.SOFTIRQ in kinds
        off = hard or self._context(cpu).irq_depth > 0
        locks = sum(lock.holder == cpu for lock in self._locks())
        depth = f"{locks:x}" if locks else "."
        return f"{'d' if off else '.'}.{'H' if hard and soft else 'h' if hard else 's' if soft else '.'}{depth}."

    def _locks(self) -> Iterator[Lock]:
        yield from (zone.lock for zone in self.machine.zones)
        yield from (cache.node.list_lock for cache in self.machine.caches)

    def _line(self, cpu: int, event: str, fields: str, who: Who | None = None) -> str:
        return text.line(who or self._who(cpu), cpu, self._tick * TICK, event, fields)

    # Calls.

    def call_site(self, event: Event) -> list[str]:
        self.site = self.run.words[event[3]]
        return []

    def kmalloc_enter(self, event: Event) -> list[str]:
        self.asked = event[3]
        return []

    def _begin(self, event: Event) -> Call:
        """A call begins; what was told just before it (in the same step) is about it."""
        kind, cpu = event[0], event[1]
        call = self.calls.begin(cpu, kind)
        call.who, call.fell_back = self._who(cpu), False
        call.site = self.site or self._default_site(cpu)
        call.asked, self.asked, self.site = self.asked, None, ""
        return call

    def _default_site(self, cpu: int) -> str:
        context = self._context(cpu)
        actor = self.run.cast[context.actor]
        return RCU_SITE if (actor.kind, actor.mark) == ("softirq", "rcu") else call_site(actor.name or actor.kind, 1)

    def alloc_enter(self, event: Event) -> list[str]:
        lines = self.refused(event)
        call = self._begin(event)
        call.cache, call.gfp = self.machine.caches[event[2]], event[3]
        return lines

    def bulk_enter(self, event: Event) -> list[str]:
        call = self._begin(event)
        call.cache, call.gfp = self.machine.caches[event[2]], GFP_KERNEL
        call.bulk = event[3] if event[0] == Kind.BULK_FREE_ENTER else 0
        return []

    def free_enter(self, event: Event) -> list[str]:
        _, cpu, slab, offset, _ = event
        call = self.calls.of(cpu)
        if call.bulk and not self.site:  # a group of a bulk free
            return []
        lines = self.refused(event)
        self._begin(event)
        call.bulk, call.freeing = 0, (slab, offset)
        return lines

    def refused(self, event: Event) -> list[str]:
        """A free of this context that took nothing back, as debugging refuses it: its line is due all the same."""
        cpu = event[1]
        call = self.calls.of(cpu)
        return [] if call.freeing is None else self._freed(cpu, call, *call.freeing)

    def left(self, event: Event) -> list[str]:
        """What ran on this CPU comes to its end."""
        lines = self.refused(event)
        self.calls.over(event[1])
        return lines

    def taken(self, event: Event) -> list[str]:
        _, cpu, slab, offset, _ = event
        return self._allocated(cpu, self.machine.address(self.machine.slabs[slab], offset))

    def failed(self, event: Event) -> list[str]:
        return self._allocated(event[1], 0)

    def _allocated(self, cpu: int, address: int) -> list[str]:
        call = self.calls.of(cpu)
        if call.kind != Kind.ALLOC_ENTER or call.cache is None:
            return []  # a bulk call: no tracepoint
        cache = call.cache
        kmalloc = bool(cache.flags & SlabFlags.KMALLOC)
        size = cache.geometry.object_size
        accounted = bool(call.gfp & Gfp.ACCOUNT) or (not kmalloc and bool(cache.flags & SlabFlags.ACCOUNT))
        fields = text.allocated(
            call.site, address, call.asked if kmalloc and call.asked is not None else size, cache.size,
            gfp_flags_text(call.gfp), accounted=accounted,
        )  # fmt: skip
        call.waits = False
        return [self._line(cpu, "kmalloc" if kmalloc else "kmem_cache_alloc", fields, call.who)]

    def given(self, event: Event) -> list[str]:
        kind, cpu, slab, offset, _ = event
        call = self.calls.of(cpu)
        if call.bulk:
            call.bulk -= 1
            return []
        return self._freed(cpu, call, slab, offset) if kind in GIVEN else []

    def _freed(self, cpu: int, call: Call, slab: int, offset: int) -> list[str]:
        self.calls.freed(cpu)
        s = self.machine.slabs.get(slab)
        if s is None:
            return []
        kfree = bool(s.cache.flags & SlabFlags.KMALLOC)
        fields = text.freed(call.site, self.machine.address(s, offset), "" if kfree else s.cache.name)
        return [self._line(cpu, "kfree" if kfree else "kmem_cache_free", fields, call.who)]

    # Kmalloc of whole pages, and of nothing.

    def large_enter(self, event: Event) -> list[str]:
        _, _, gfp, size, _ = event
        self.asked = size
        call = self._begin(event)
        call.cache, call.gfp = None, gfp
        return []

    def large(self, event: Event) -> list[str]:
        _, cpu, order, pfn, _ = event
        return self._large(cpu, order, self.machine.page_address(pfn))

    def large_failed(self, event: Event) -> list[str]:
        return self._large(event[1], event[2], 0)

    def _large(self, cpu: int, order: int, address: int) -> list[str]:
        call = self.calls.of(cpu)
        call.waits = False
        fields = text.allocated(
            call.site, address, call.asked or 0, PAGE_SIZE << order, gfp_flags_text(call.gfp),
            accounted=bool(call.gfp & Gfp.ACCOUNT),
        )  # fmt: skip
        return [self._line(cpu, "kmalloc", fields, call.who)]

    def free_large(self, event: Event) -> list[str]:
        _, cpu, _, pfn, _ = event
        return self._kfree(cpu, self.machine.page_address(pfn))

    def free_nothing(self, event: Event) -> list[str]:
        return self._kfree(event[1], event[3])

    def _kfree(self, cpu: int, address: int) -> list[str]:
        site, self.site = self.site or self._default_site(cpu), ""
        return [self._line(cpu, "kfree", text.freed(site, address))]

    # Pages.

    def slab_pages(self, event: Event) -> list[str]:
        _, cpu, _, cache, _ = event
        block = self.machine.cpus[cpu].hand.block
        assert block is not None
        pfn, order = block
        call = self.calls.of(cpu)
        gfp = self._slab_gfp(self.machine.caches[cache], call)
        return self._page_alloc(cpu, pfn, order, gfp, call.who)

    def page_alloc(self, event: Event) -> list[str]:
        _, cpu, order, pfn, _ = event
        call = self.calls.of(cpu)
        large = call.kind == Kind.KMALLOC_LARGE_ENTER
        return self._page_alloc(cpu, pfn, order, call.gfp | Gfp.COMP if large else GFP_KERNEL, None)

    def page_failed(self, event: Event) -> list[str]:
        _, cpu, order, _, _ = event
        call = self.calls.of(cpu)
        gfp, who = GFP_KERNEL, None
        if call.cache is not None and call.kind in (Kind.ALLOC_ENTER, Kind.BULK_ALLOC_ENTER):
            gfp, who, call.fell_back = self._slab_gfp(call.cache, call), call.who, True
        fields = text.pages(None, order, f"migratetype={gfp_migratetype(gfp)} gfp_flags={gfp_flags_text(gfp)}")
        return [self._line(cpu, "mm_page_alloc", fields, who)]

    def _page_alloc(self, cpu: int, pfn: int, order: int, gfp: int, who: Who | None) -> list[str]:
        lines = []
        if order >= PCP_ORDERS:  # straight from the buddy system
            fields = text.pages(pfn, order, f"migratetype={gfp_migratetype(gfp)} percpu_refill=0")
            lines.append(self._line(cpu, "mm_page_alloc_zone_locked", fields))
        fields = text.pages(pfn, order, f"migratetype={gfp_migratetype(gfp)} gfp_flags={gfp_flags_text(gfp)}")
        return [*lines, self._line(cpu, "mm_page_alloc", fields, who)]

    def _slab_gfp(self, cache: KmemCache, call: Call) -> int:
        gentle, flags = slab_gfps(cache, call.gfp)
        return flags if call.fell_back else gentle

    def fall_back(self, event: Event) -> list[str]:
        """Told once the block has been made ours, and the type that asked for it is known: at the next BUDDY_TAKE."""
        _, cpu, order, pfn, kind = event
        free = self.machine.zone_of(pfn).free
        high = next(high for high, blocks in enumerate(free) if pfn in blocks)
        self.fallbacks[cpu] = (order, pfn, kind, high)
        return []

    def buddy_take(self, event: Event) -> list[str]:
        _, cpu, _, _, migrate = event
        if cpu not in self.fallbacks:
            return []
        order, pfn, kind, high = self.fallbacks.pop(cpu)
        ours = migrate == self.machine.zone_of(pfn).migrate_type(pfn)
        fields = (
            f"{text.page(pfn)} alloc_order={order} fallback_order={high} pageblock_order={PAGEBLOCK_ORDER} "
            f"alloc_migratetype={migrate} fallback_migratetype={kind} fragmenting={int(high < PAGEBLOCK_ORDER)} "
            f"change_ownership={int(ours)}"
        )
        return [self._line(cpu, "mm_page_alloc_extfrag", fields)]

    def pcp_refill(self, event: Event) -> list[str]:
        _, cpu, order, pfn, migrate = event
        fields = text.pages(pfn, order, f"migratetype={migrate} percpu_refill=1")
        return [self._line(cpu, "mm_page_alloc_zone_locked", fields)]

    def pcp_drain(self, event: Event) -> list[str]:
        _, cpu, order, pfn, _ = event
        whose = event[4] if event[0] == Kind.PCP_TAKE else cpu
        lists = self.machine.zone_of(pfn).pcp[whose].lists[order * PCP_TYPES : (order + 1) * PCP_TYPES]
        migrate = next(kind for kind, pfns in enumerate(lists) if pfn in pfns)
        return [self._line(cpu, "mm_page_pcpu_drain", text.pages(pfn, order, f"migratetype={migrate}"))]

    def slab_freed(self, event: Event) -> list[str]:
        _, cpu, slab, _, _ = event
        s = self.machine.slabs[slab]
        return [self._line(cpu, "mm_page_free", text.pages(s.pfn, s.order))]

    def page_free(self, event: Event) -> list[str]:
        _, cpu, order, pfn, _ = event
        return [self._line(cpu, "mm_page_free", text.pages(pfn, order))]


def _pid(actor: Actor, number: int) -> int:
    return int(actor.mark) if actor.mark.isdigit() else FIRST_FREE_PID + number


Write = Callable[[_Writer, Event], list[str]]

_BEFORE: dict[int, Write] = {
    Kind.CALL_SITE: _Writer.call_site,
    Kind.KMALLOC_ENTER: _Writer.kmalloc_enter,
    Kind.ALLOC_ENTER: _Writer.alloc_enter,
    Kind.BULK_ALLOC_ENTER: _Writer.bulk_enter,
    Kind.BULK_FREE_ENTER: _Writer.bulk_enter,
    Kind.FREE_ENTER: _Writer.free_enter,
    Kind.KMALLOC_LARGE_ENTER: _Writer.large_enter,
    Kind.KFREE_LARGE: _Writer.free_large,
    Kind.KFREE_NOTHING: _Writer.free_nothing,
    Kind.SLAB_PAGES: _Writer.slab_pages,
    Kind.PAGE_ALLOC: _Writer.page_alloc,
    Kind.PAGE_ALLOC_FAILED: _Writer.page_failed,
    Kind.EXTFRAG: _Writer.fall_back,
    Kind.BUDDY_TAKE: _Writer.buddy_take,
    Kind.PCP_REFILL: _Writer.pcp_refill,
    Kind.PCP_DRAIN: _Writer.pcp_drain,
    Kind.PCP_TAKE: _Writer.pcp_drain,
    Kind.DISCARD_SLAB: _Writer.slab_freed,
    Kind.RCU_FREE_SLAB: _Writer.slab_freed,
    Kind.PAGE_FREE: _Writer.page_free,
    **dict.fromkeys((Kind.TASK_EXIT, Kind.IRQ_EXIT, Kind.SOFTIRQ_EXIT, Kind.OOPS, Kind.PANIC), _Writer.left),
    Kind.PAGE_RECLAIM: _Writer.page_free,
    **dict.fromkeys(MEMBERS, _Writer.given),
}
"""What is written before an event is applied."""

_AFTER: dict[int, Write] = {
    **dict.fromkeys(TAKEN, _Writer.taken),
    Kind.ALLOC_FAILED: _Writer.failed,
    Kind.KMALLOC_LARGE: _Writer.large,
    Kind.KMALLOC_LARGE_FAILED: _Writer.large_failed,
}
"""What is written after it."""
