"""What runs on a CPU: a stack of contexts, and what each of them holds in its hands.

A path may be interrupted between any two steps, so what it has taken out of one place and not yet put into the next is
kept per context, in the machine: nothing is ever nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from slabviz.model.slab import NULL, Slab
from slabviz.model.zone import Block


class ContextKind(IntEnum):
    """What a CPU may be doing; a later one breaks into an earlier one."""

    IDLE = 0
    PROCESS = 1
    SOFTIRQ = 2
    HARDIRQ = 3


@dataclass(slots=True, eq=False)
class Hand:
    """What a path has taken and not yet put down: *in flight*."""

    slab: Slab | None = None
    """A slab on its way: new, or taken from a list, or just frozen by a free."""
    chain: int = NULL
    """Head of a chain of objects, detached from a slab's freelist …"""
    of: Slab | None = None
    """… and the slab they lie in; without a chain the slab in hand itself, if it is no new one that has yet to be
    counted."""
    old: Slab | None = None
    """A slab that was taken from the CPU to be deactivated …"""
    old_chain: int = NULL
    """… and the rest of that CPU's freelist."""
    stack: list[Slab] = field(default_factory=list)
    """A CPU partial stack on its way to the node, its head last."""
    discards: list[Slab] = field(default_factory=list)
    """Empty slabs that will be given back, the first first."""
    block: Block | None = None
    """Pages between the buddy system, the page sets and a slab."""

    def is_empty(self) -> bool:
        """Whether nothing is in flight."""
        return not self.slabs() and self.of is None and self.block is None

    def slabs(self) -> list[Slab]:
        """All slabs in flight."""
        single = [slab for slab in (self.slab, self.old) if slab is not None]
        return [*single, *self.stack, *self.discards]


Call = tuple[int, int, int, int]
"""The allocator call a context is in: (kind of the ``…_ENTER`` event, slab or cache id, arg, who), as in the event."""


@dataclass(slots=True, eq=False)
class Context:
    """One thing that runs: a task, a softirq or an interrupt handler. ``actor`` is its id in the cast."""

    kind: ContextKind
    actor: int
    irq_depth: int = 0
    """How many nested sections have interrupts off."""
    call: Call | None = None
    hand: Hand = field(default_factory=Hand)


@dataclass(slots=True, eq=False)
class Cpu:
    """One CPU; ``stack[0]`` is the task (or the idle loop), what broke into it lies on top."""

    id: int
    stack: list[Context]
    hand: Hand
    """The hand of the context on top (kept here because every step looks at it)."""
    pending: list[int] = field(default_factory=list)
    """Interrupts that arrived and have not run yet, in order of arrival (actor ids)."""
    online: bool = True

    @classmethod
    def idle(cls, id: int) -> Cpu:
        """A CPU with nothing to do."""
        context = Context(ContextKind.IDLE, 0)
        return cls(id, [context], context.hand)

    @property
    def top(self) -> Context:
        """What runs now."""
        return self.stack[-1]

    @property
    def interrupts_enabled(self) -> bool:
        """Whether an interrupt could break in now."""
        top = self.stack[-1]
        return top.irq_depth == 0 and top.kind is not ContextKind.HARDIRQ
