"""The comparison's caption: the call that makes the two sides differ, else where they stand apart now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from slabviz.model.events import Kind
from slabviz.scene.compare.state import SIDES, Figures, First, Side
from slabviz.scene.compare.turns import Told, Way
from slabviz.scene.state import Caption
from slabviz.scene.story.calls import Call
from slabviz.scene.story.caption import MOST
from slabviz.scene.story.facts import facts
from slabviz.scene.story.glossary import explained
from slabviz.scene.story.moment import Moment
from slabviz.scene.story.numbers import grouped, slab_id
from slabviz.scene.story.outcome import Outcome

DIFFER, SAME = "compare", "same"
"""Paths of the caption: with the pill ``A ≠ B``, and with ``A = B``."""
FAST = "fast"

_ASKS = {
    int(Kind.ALLOC_ENTER): "alloc",
    int(Kind.FREE_ENTER): "free",
    int(Kind.BULK_ALLOC_ENTER): "bulk",
    int(Kind.BULK_FREE_ENTER): "bulk",
}
_WORDS = {
    Outcome.NEW: "alloc.install.new", Outcome.NODE: "alloc.install.node", Outcome.PARKED: "alloc.install.parked",
    Outcome.REFILL: "alloc.install.refill", Outcome.FAILED: "failed", Outcome.DRAIN: "free.drain_done",
    Outcome.PARK: "free.park_done", Outcome.KEPT: "free.kept", Outcome.DISCARD: "free.discard_done",
    Outcome.PARTIAL: "free.partial", Outcome.FROZEN: "free.frozen_parked", Outcome.DEBUG_NODE: "debug.take",
    Outcome.DEBUG_NEW: "debug.take", Outcome.DEBUG_FREE: "debug.free",
}  # fmt: skip
"""The words that explain a way, by their key in the glossary."""

_PUSHES = (Kind.UNFREEZE_PARTIAL, Kind.UNFREEZE_EMPTY)
MOST_NAMED = 2
"""Slabs that a sentence names one by one."""

Note = tuple[str, str]
"""A word and what there is to say of it, as the caption's second line has them."""


@dataclass(slots=True, frozen=True, eq=False)
class Instant:
    """What the caption may speak of: both sides' moments, figures, when the runs are over, and whether by a panic."""

    moments: tuple[Moment, Moment]
    figures: tuple[Figures, Figures]
    ends: tuple[int, int]
    panicked: tuple[bool, bool]
    tick: int
    first: First | None
    told: Told | None
    same_work: bool
    """Whether both sides have made the same calls so far, so that only their times differ."""


def caption_of(now: Instant, sides: Sequence[Side]) -> Caption:
    """A chapter that has just begun speaks first, as on the stage."""
    chapter = sides[0].stage.caption
    if chapter.path == "overview":
        return replace(chapter, step=0, steps=0, step_text="", glossary=_asides(now), next="")
    if now.told is not None:
        return _of_call(now, now.told, sides)
    same_yet = now.first is None or now.tick < now.first.tick
    return _of_both(now, chapter) if same_yet else _overview(now)


def _of_both(now: Instant, caption: Caption) -> Caption:
    """As long as both do the same, the story of one is that of the other."""
    pill = now.moments[0].tr("compare.pill.same")
    glossary = ((pill, _alike(now)), *caption.glossary)[:2]
    return replace(caption, path=SAME, pill=pill, glossary=glossary)


def _of_call(now: Instant, told: Told, sides: Sequence[Side]) -> Caption:
    """The steps and what comes next are the leading side's, if its stage tells of the same call."""
    m, call, lead = now.moments[told.lead], told.calls[told.lead], told.ways[told.lead]
    theirs = sides[told.lead].stage.caption
    same = theirs.steps > 0 and theirs.who == f"CPU{call.cpu}"
    words = explained(m, "rest" if lead is None else _WORDS.get(lead, "rest"), 0)
    return Caption(
        who=f"CPU{call.cpu}",
        path=DIFFER,
        pill=m.tr("compare.pill.differ"),
        sentence=_sentence(now, told),
        glossary=(*_when(now, told), *_asides(now), *words)[:2],
        step=theirs.step if same else 0,
        steps=theirs.steps if same else 0,
        step_text=theirs.step_text if same else "",
        next=m.tr("compare.next", side=SIDES[told.lead], what=theirs.next) if same and theirs.next else "",
    )


def _when(now: Instant, told: Told) -> tuple[Note, ...]:
    """When it happened on each side, if that is not the same tick."""
    tr, (a, b) = now.moments[0].tr, told.ticks
    return () if a == b else ((tr("layout.tick"), tr("compare.both", a=grouped(a), b=grouped(b))),)


def _asides(now: Instant) -> tuple[Note, ...]:
    """What else has to be known: a run that is over, and why the two do not hold the same objects."""
    tr = now.moments[0].tr
    for letter, end, panicked in zip(SIDES, now.ends, now.panicked, strict=True):
        if now.tick > end:
            return ((letter, tr("compare.panicked" if panicked else "compare.over", tick=grouped(end))),)
    a, b = (side.held for side in now.figures)
    if a == b:
        return ()
    why = "later" if now.same_work else "other"
    return ((tr("compare.held_label"), tr(f"compare.held.{why}", a=grouped(a), b=grouped(b))),)


def _sentence(now: Instant, told: Told) -> str:
    """Who wants what, and what that means on each side; the short words where the long ones have no room."""
    m = now.moments[told.lead]
    most = MOST[m.tier]
    text = ""
    for length in ("long", "short"):
        asks = _asks(m, told.calls[told.lead], length)
        deeds = [_deed(*side, length) for side in zip(now.moments, told.calls, told.ways, strict=True)]
        text = m.tr("compare.turn", asks=asks, a=deeds[0], b=deeds[1])
        if len(text) <= most:
            return text
    return text[: most - 1].rstrip() + "…"


def _asks(m: Moment, call: Call, length: str) -> str:
    return m.tr(f"compare.asks.{_ASKS.get(call.kind, 'other')}.{length}", **facts(m, call))


def _deed(m: Moment, call: Call, way: Way, length: str) -> str:
    quick = f"{FAST}_{_ASKS.get(call.kind, 'other')}"
    key = quick if way is None else way.value
    return m.tr(f"compare.deed.{key}.{length}", **facts(m, call), pushed=_pushed(m, call))


def _pushed(m: Moment, call: Call) -> str:
    """The parked slabs that a free sends to the node, by id; many are counted."""
    slabs = [mark[2] for mark in call.marks if mark[1] in _PUSHES]
    if len(slabs) > MOST_NAMED:
        return m.tr("compare.slabs", count=grouped(len(slabs)))
    return ", ".join(map(slab_id, slabs))


def _overview(now: Instant) -> Caption:
    m = now.moments[0]
    apart = now.figures[0] != now.figures[1]
    pill = m.tr("compare.pill.differ" if apart else "compare.pill.same")
    text = _apart(now) if apart else _alike(now)
    words = (*_asides(now), *explained(m, "rest", 0))[:2]
    return Caption("", DIFFER if apart else SAME, pill, text, words, 0, 0, "", "")


def _alike(now: Instant) -> str:
    tr, first = now.moments[0].tr, now.first
    if first is None:
        return tr("compare.alike.always")
    key = "until" if now.tick < first.tick else "again"
    return tr(f"compare.alike.{key}", tick=grouped(first.tick))


_CLAUSES: tuple[tuple[str, Callable[[Figures], object]], ...] = (
    ("taken", lambda side: grouped(side.taken)),
    ("slabs", lambda side: grouped(side.slabs)),
    ("fast", lambda side: percent(side.fast_share)),
    ("waits", lambda side: grouped(side.waits)),
    ("held", lambda side: grouped(side.held)),
    ("unused", lambda side: grouped(side.unused >> 10)),
)
"""What is compared in words, the most telling first."""


def _apart(now: Instant) -> str:
    """As many of the differences as the line holds."""
    m = now.moments[0]
    text = ""
    for name, value in _CLAUSES:
        a, b = (value(side) for side in now.figures)
        clause = m.tr(f"compare.now.{name}", a=a, b=b)
        longer = m.tr("compare.now.joined", first=text, second=clause) if text else clause
        if a != b and len(longer) <= MOST[m.tier]:
            text = longer
    return text or m.tr("compare.now.little")


def percent(share: float | None) -> str:
    """A share as whole percent; a dash where there is none."""
    return "–" if share is None else f"{int(share + 0.5)} %"
