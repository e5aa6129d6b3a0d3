"""Truth of what runs: badges, GFP flags, interrupted work."""

from __future__ import annotations

from collections.abc import Iterator

from slabviz.model.cpu import ContextKind
from slabviz.model.events import Kind
from slabviz.testing.truth.lanes import ROWS
from slabviz.testing.truth.rule import Lie, rule
from slabviz.testing.truth.shot import Shot

_FREES = frozenset({Kind.FREE_ENTER, Kind.BULK_FREE_ENTER})
_INTERRUPTS = (ContextKind.SOFTIRQ, ContextKind.HARDIRQ)
_ONE_ROW = 5
"""From so many CPUs on lanes have no second line."""


@rule
def badge_of_a_context(shot: Shot) -> Iterator[Lie]:
    """A process has a ring, an interrupt a bolt, an idle CPU neither."""
    if len(shot.machine.cpus) >= ROWS:
        return
    for cpu, block in shot.kind("lane"):
        kind = shot.machine.cpus[cpu].top.kind
        icons = {icon.name for icon in shot.icons("lane", cpu)} & {"bolt", "process"}
        true = {"bolt"} if kind in _INTERRUPTS else {"process"} if kind is ContextKind.PROCESS else set()
        if not icons <= true:
            yield f"CPU{cpu}", block.rect, f"its badge has a {', '.join(icons)}, and what runs is {kind.name}"
        if kind is not ContextKind.IDLE and shot.words.texts["stage.badge.idle"] in shot.texts("lane", cpu):
            yield f"CPU{cpu}", block.rect, f"it is said to be idle, and what runs is {kind.name}"


@rule
def a_free_takes_no_gfp_flags(shot: Shot) -> Iterator[Lie]:
    """The badge of a free says whether it may sleep, not GFP flags."""
    for cpu, block in shot.kind("lane"):
        call = shot.machine.cpus[cpu].top.call
        if call is not None and call[0] in _FREES and any("GFP_" in text for text in shot.texts("lane", cpu)):
            yield f"CPU{cpu}", block.rect, "it frees, and its badge names GFP flags"


@rule
def interrupted_work_stays(shot: Shot) -> Iterator[Lie]:
    """Work that was broken into is named in its lane, or in the tooltip where there is no room."""
    if len(shot.machine.cpus) >= _ONE_ROW:
        return
    keys = ("stage.work.interrupted", "stage.work.interrupted_call")
    for cpu, block in shot.kind("lane"):
        stack = shot.machine.cpus[cpu].stack
        broken = len(stack) > 1 and stack[-2].kind is not ContextKind.IDLE
        words = [*(target.tip for target in block.targets), *(node.text for node in shot.text_nodes("lane", cpu))]
        named = any(shot.said(key, word) for key in keys for word in words)
        if broken != named:
            said = (
                "something is said to be interrupted, and nothing is" if named else "what was interrupted is not named"
            )
            yield f"CPU{cpu}", block.rect, said
