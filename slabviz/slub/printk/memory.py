"""What the kernel prints when memory is short: page allocation failures, SLUB's refusal, the OOM killer, and what may
sleep where nobody can (mm/page_alloc.c, mm/slub.c, mm/oom_kill.c, kernel/sched/core.c of 6.1).
"""

from __future__ import annotations

from collections.abc import Iterator

from slabviz.model.cpu import ContextKind
from slabviz.model.events import Event, Kind
from slabviz.model.gfp import Gfp, gfp_flags_text
from slabviz.model.machine import Machine
from slabviz.slub.printk.table import Kmsg, prints

KIB_A_PAGE = 4


@prints(Kind.PAGE_ALLOC_FAILED)
def page_allocation_failure(m: Machine, event: Event, kmsg: Kmsg) -> Iterator[str]:
    """``warn_alloc``: unless the caller has asked for silence."""
    _, _, order, gfp, actor = event
    if not gfp & Gfp.NOWARN:
        name = kmsg.names.symbol(actor).partition("+")[0]
        yield f"{name}: page allocation failure: order:{order}, mode:{gfp:#x}({gfp_flags_text(gfp)}), nodemask=(null)"


@prints(Kind.ALLOC_FAILED)
def slab_out_of_memory(m: Machine, event: Event, kmsg: Kmsg) -> Iterator[str]:
    """``slab_out_of_memory``."""
    cache, call = m.caches[event[2]], m.cpus[event[1]].top.call
    gfp = call[2] if call is not None and call[0] == Kind.ALLOC_ENTER else 0
    if gfp & Gfp.NOWARN:
        return
    shape, node = cache.geometry, cache.node
    free = sum(slab.objects - slab.inuse for slab in node.partial.values())
    yield f"SLUB: Unable to allocate memory on node -1, gfp={gfp:#x}({gfp_flags_text(gfp)})"
    yield (
        f"  cache: {cache.name}, object size: {shape.object_size}, buffer size: {shape.size}, "
        f"default order: {shape.oo_order}, min order: {shape.min_order}"
    )
    yield f"  node 0: slabs: {node.nr_slabs}, objs: {node.total_objects}, free: {free}"


@prints(Kind.OOM_INVOKED)
def oom_invoked(m: Machine, event: Event, kmsg: Kmsg) -> Iterator[str]:
    """``dump_header`` of mm/oom_kill.c, its first line."""
    _, _, order, gfp, actor = event
    asks = kmsg.names.symbol(actor).partition("+")[0]
    yield f"{asks} invoked oom-killer: gfp_mask={gfp:#x}({gfp_flags_text(gfp)}), order={order}, oom_score_adj=0"


@prints(Kind.OOM_KILL)
def oom_kill(m: Machine, event: Event, kmsg: Kmsg) -> Iterator[str]:
    """``__oom_kill_process``; the pid is the victim's number in the cast."""
    _, _, _, pages, victim = event
    name = kmsg.names.symbol(victim).partition("+")[0]
    yield f"Out of memory: Killed process {victim} ({name}) anon-rss:{pages * KIB_A_PAGE}kB"


@prints(Kind.OOM_PANIC)
def oom_panic(m: Machine, event: Event, kmsg: Kmsg) -> Iterator[str]:
    """``out_of_memory`` without anybody to kill."""
    yield "Out of memory and no killable processes..."
    yield "Kernel panic - not syncing: System is deadlocked on memory"


@prints(Kind.MIGHT_SLEEP_BUG)
def might_sleep_bug(m: Machine, event: Event, kmsg: Kmsg) -> Iterator[str]:
    """``__might_resched``, from ``might_alloc``."""
    _, cpu, _, _, actor = event
    top = m.cpus[cpu].top
    atomic = int(top.kind in (ContextKind.SOFTIRQ, ContextKind.HARDIRQ))
    off = int(top.irq_depth > 0 or top.kind is ContextKind.HARDIRQ)
    name = kmsg.names.symbol(actor).partition("+")[0]
    yield "BUG: sleeping function called from invalid context at include/linux/sched/mm.h:274"
    yield f"in_atomic(): {atomic}, irqs_disabled(): {off}, non_block: 0, pid: {actor}, name: {name}"
    yield f"preempt_count: {atomic:x}, expected: 0"
    kmsg.taints.add("W")
