"""Memory: who has each page frame, the free blocks, and the last things the page allocator did."""

from __future__ import annotations

from slabviz.model.events import Kind
from slabviz.model.machine import Machine
from slabviz.model.sizing import PAGE_SIZE
from slabviz.model.zone import FRAME_FREE, FRAME_HAND, FRAME_PCP, frame_of_cache
from slabviz.scene.state import Buddy, BuddyLine
from slabviz.scene.story.calls import Call
from slabviz.scene.story.moment import Moment
from slabviz.scene.story.numbers import grouped, size
from slabviz.scene.story.outcome import Outcome
from slabviz.scene.story.spotlight import Spot
from slabviz.scene.story.steps import Step, StepName, now

LINES = 4
_FREE, _SET, _MINE, _OTHERS, _HAND = range(5)
"""Classes of page frames in the picture (``state.Buddy.frames``)."""

_LINES: dict[int, tuple[str, str]] = {
    Kind.BUDDY_TAKE: ("take", "take"),
    Kind.BUDDY_SPLIT: ("split", "split"),
    Kind.BUDDY_MERGE: ("merge", "merge"),
    Kind.BUDDY_PUT_HEAD: ("take", "put"),
    Kind.BUDDY_PUT_TAIL: ("take", "put"),
    Kind.PCP_ALLOC: ("take", "set_gives"),
    Kind.PCP_FREE: ("take", "set_keeps"),
    Kind.PAGE_ALLOC_FAILED: ("take", "failed"),
}
"""Icon and key of the log's line for an event."""
_TOUCHES_LISTS = frozenset(
    {Kind.BUDDY_TAKE, Kind.BUDDY_SPLIT, Kind.BUDDY_MERGE, Kind.BUDDY_PUT_HEAD, Kind.BUDDY_PUT_TAIL}
)


def frame_classes(cache: int) -> bytes:
    """The table from the zone's frame bytes to the classes of the picture."""
    table = bytearray([_OTHERS]) * 256
    table[FRAME_FREE], table[FRAME_PCP], table[FRAME_HAND] = _FREE, _SET, _HAND
    table[frame_of_cache(cache)] = _MINE
    return bytes(table)


def buddy(m: Moment, table: bytes, lit: Spot | None, steps: tuple[Step, ...]) -> Buddy:
    """Everything that the buddy row shows; lit are the columns that the current step of the lit call touches."""
    zones = m.machine.zones
    step = next((step for step in steps if step.name is StepName.BUDDY), None)
    current = _last_deed(m, lit.call) if lit is not None and _deals_with_pages(m, lit, step, now(steps)) else None
    orders, arrow, moment = _touched(current)
    marked, note = _marked(m, lit)
    pages = sum(zone.managed for zone in zones)
    free = sum(zone.nr_free + zone.pcp_pages() for zone in zones)
    return Buddy(
        title=size(pages * PAGE_SIZE),
        frames=b"".join(zone.frames for zone in zones).translate(table),
        free_pages=free,
        pages=pages,
        summary=m.tr("stage.buddy.summary", free=grouped(free), pages=grouped(pages)),
        blocks=tuple(map(sum, zip(*(zone.free_counts() for zone in zones), strict=True))),
        lit=orders,
        arrow=arrow,
        moment=m.tr(f"stage.buddy.{moment}"),
        log=_log(m, current),
        sets=tuple((f"CPU{cpu}", sum(zone.pcp[cpu].count for zone in zones)) for cpu in range(len(m.machine.cpus))),
        marked=marked,
        marked_note=note,
        step=None if step is None or step.when == "next" else step.number,
    )


_GIVES_BACK = frozenset({Outcome.DISCARD, Outcome.DRAIN, Outcome.SHRINK, Outcome.FLUSH, Outcome.RCU_SLAB})


def _deals_with_pages(m: Moment, lit: Spot, step: Step | None, current: Step | None) -> bool:
    """Whether the lit call is taking pages, or still runs and has slabs to give back."""
    return (step is not None and step is current) or (lit.outcome in _GIVES_BACK and lit.call.runs_at(m.behind))


Deed = tuple[int, int, int, int]
"""(event number, kind, order, pfn)."""


def _last_deed(m: Moment, call: Call) -> Deed | None:
    """The last thing that a call did in the page allocator."""
    for mark in reversed(call.marks):
        if mark[0] < m.behind and mark[1] in _LINES:
            return mark
    return None


def _touched(deed: Deed | None) -> tuple[tuple[int, ...], tuple[int, int] | None, str]:
    """Orders that a deed touches, the arrow between them, and which moment the columns show."""
    if deed is None or deed[1] not in _TOUCHES_LISTS:
        return (), None, "now"
    kind, order = deed[1], deed[2]
    if kind == Kind.BUDDY_SPLIT:
        return (order + 1, order), (order + 1, order), "after_split"
    if kind == Kind.BUDDY_MERGE:
        return (order, order + 1), (order, order + 1), "after_merge"
    return (order,), None, "after_take" if kind == Kind.BUDDY_TAKE else "after_put"


def _marked(m: Moment, lit: Spot | None) -> tuple[tuple[int, int] | None, str]:
    """The pages that the lit call has in hand, or has just made a slab of or given back."""
    block = None if lit is None else _block(m.machine, m, lit.call)
    if block is None:
        return None, ""
    pfn, order = block
    key = "stage.buddy.page" if order == 0 else "stage.buddy.pages"
    return (pfn, 1 << order), m.tr(key, count=1 << order)


def _block(machine: Machine, m: Moment, call: Call) -> tuple[int, int] | None:
    stack = machine.cpus[call.cpu].stack
    if call.depth < len(stack) and stack[call.depth].hand.block is not None and call.runs_at(m.behind):
        return stack[call.depth].hand.block
    for number, kind, slab, _ in reversed(call.marks):
        if number < m.behind and kind == Kind.SLAB_PAGES and slab in machine.slabs:
            made = machine.slabs[slab]
            return made.pfn, made.order
    return None


def _log(m: Moment, current: Deed | None) -> tuple[BuddyLine, ...]:
    lines = []
    for number in m.chronicle.last_pages(m.behind, LINES):
        kind, cpu, order, _, _ = next(m.run.log.events(number, number + 1))
        icon, key = _LINES[kind]
        text = m.tr(f"stage.buddy.{key}", cpu=cpu, order=order, above=order + 1)
        is_now = current is not None and current[0] == number
        lines.append(BuddyLine(icon, m.run.log.tick_of(number), text, is_now))
    return tuple(lines)
