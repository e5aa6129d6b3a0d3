"""What runs on a CPU, in words: kind of context, who, which call, what it broke into, what it waits for."""

from __future__ import annotations

from bisect import bisect_left

from slabviz.model.cpu import Context, ContextKind
from slabviz.model.events import Kind
from slabviz.model.gfp import gfp_name
from slabviz.scene.state import Badge
from slabviz.scene.story.calls import Call
from slabviz.scene.story.moment import Moment
from slabviz.scene.story.names import full_name, function

_BADGES = {
    ContextKind.IDLE: "idle",
    ContextKind.PROCESS: "process",
    ContextKind.SOFTIRQ: "softirq",
    ContextKind.HARDIRQ: "hardirq",
}
_ASKS = (Kind.ALLOC_ENTER, Kind.BULK_ALLOC_ENTER)
MOST_EVENTS = 64
"""Events of one tick that are looked through for what a CPU does."""
_NEAR = 4
"""Contexts of one CPU that may have calls under way at once."""
_FAR = 200
"""Calls of one CPU that may have begun since one that is still under way began."""


def call_at(m: Moment, cpu: int, depth: int) -> Call | None:
    """The call that the context at ``depth`` of a CPU's stack is in or has made last; None if it has made none."""
    if (cpu, depth) not in m.calls:
        m.calls[cpu, depth] = _find(m, m.machine.cpus[cpu].stack[depth], cpu, depth)
    return m.calls[cpu, depth]


def _find(m: Moment, context: Context, cpu: int, depth: int) -> Call | None:
    if context.call is None:
        return None
    calls = m.chronicle.calls.by_cpu[cpu]
    place = bisect_left(calls, m.behind, key=lambda call: call.first)
    for call in reversed(calls[max(place - _FAR, 0) : place]):
        if call.depth == depth and call.actor == context.actor:
            return call
    return None


def running_call(m: Moment, cpu: int, depth: int) -> Call | None:
    """The call that a context is in now."""
    call = call_at(m, cpu, depth)
    return call if call is not None and call.runs_at(m.behind) else None


def badge(m: Moment, cpu: int) -> Badge:
    """The kind of context and what it may do: a free takes no GFP flags, so there it says whether it may sleep."""
    stack = m.machine.cpus[cpu].stack
    kind = _BADGES[stack[-1].kind]
    if not m.machine.cpus[cpu].online:
        return Badge(kind, m.tr("stage.badge.offline"))
    if kind == "idle":
        return Badge(kind, m.tr("stage.badge.idle"))
    call = running_call(m, cpu, len(stack) - 1)
    if call is not None and call.kind == Kind.ALLOC_ENTER:
        return Badge(kind, m.tr(f"stage.badge.{kind}_gfp", gfp=gfp_name(call.arg, m.machine.era.gfp)))
    return Badge(kind, m.tr(f"stage.badge.{kind}"))


def name_of_top(m: Moment, cpu: int) -> str:
    """Who runs on a CPU."""
    return full_name(m.actor(m.machine.cpus[cpu].top.actor))


def call_line(m: Moment, cpu: int) -> str:
    """The call that runs, or whose object is still flying; else what was done in this tick."""
    depth = len(m.machine.cpus[cpu].stack) - 1
    call = call_at(m, cpu, depth)
    if call is not None and (call.runs_at(m.behind) or _still_moves(m, call)):
        return call_text(m, call)
    return _deed(m, cpu)


def _still_moves(m: Moment, call: Call) -> bool:
    if m.run.log.tick_of(call.last) == m.tick:
        return True
    return any(call.first <= move.event <= call.last for move in m.moves if move.cpu == call.cpu)


def call_text(m: Moment, call: Call) -> str:
    """The C call and whom it is for: ``kmem_cache_alloc(task_struct) → 52``; of a free, whose the object was."""
    text = function(call.kind, m.machine.caches[call.cache].name)
    mark = m.actor(call.who).mark if call.who else ""
    if not mark or not text:
        return text
    return f"{text} → {mark}" if call.kind in _ASKS else f"{text} ← {mark}"


def _deed(m: Moment, cpu: int) -> str:
    for kind, on, slab, _, who in m.last_events(MOST_EVENTS):
        if on == cpu and kind in (Kind.USE, Kind.RCU_QUEUE):
            key = "stage.work.uses" if kind == Kind.USE else "stage.work.call_rcu"
            cache = m.chronicle.cache_of.get(slab)
            name = m.machine.caches[cache].name if cache is not None else ""
            return m.tr(key, cache=name, who=full_name(m.actor(who)))
    return ""


def second_line(m: Moment, cpu: int) -> str:
    """The work that was broken into; else a call that is over, whose maker has left, but whose object still flies."""
    stack = m.machine.cpus[cpu].stack
    if len(stack) > 1 and stack[-2].kind is not ContextKind.IDLE:
        return _interrupted(m, cpu)
    calls = m.chronicle.calls.by_cpu[cpu]
    for move in m.moves:
        if move.cpu == cpu and move.obj >= 0 and move.cache == m.cache.id:
            place = bisect_left(calls, move.event + 1, key=lambda call: call.first)
            for call in reversed(calls[max(place - _NEAR, 0) : place]):
                if call.last >= move.event and call is not call_at(m, cpu, len(stack) - 1):
                    return m.tr("stage.work.just_done", who=full_name(m.actor(call.actor)), call=call_text(m, call))
    return ""


def _interrupted(m: Moment, cpu: int) -> str:
    stack = m.machine.cpus[cpu].stack
    name = full_name(m.actor(stack[-2].actor))
    call = running_call(m, cpu, len(stack) - 2)
    if call is None:
        return m.tr("stage.work.interrupted", who=name)
    return m.tr("stage.work.interrupted_call", who=name, call=call_text(m, call))


def waits(m: Moment, cpu: int) -> str:
    """What the CPU waits for, or which interrupts wait for it."""
    machine = m.machine
    if cpu in m.cache.node.list_lock.waiters:
        return m.tr("stage.work.waits_list_lock")
    if any(cpu in zone.lock.waiters for zone in machine.zones):
        return m.tr("stage.work.waits_zone_lock")
    for name, lock in zip(machine.config.locks, machine.named_locks, strict=True):
        if cpu in lock.waiters:
            return m.tr("stage.work.waits_named_lock", lock=name)
    for cache in machine.caches:
        if cpu in cache.node.list_lock.waiters:
            return m.tr("stage.work.waits_other_lock", cache=cache.name)
    held_back = len(machine.cpus[cpu].pending)
    if held_back and machine.cpus[cpu].top.irq_depth:
        return m.tr("stage.work.irqs_off", count=held_back)
    return ""
