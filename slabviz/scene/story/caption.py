"""The caption: who asked for what, why it was not served at once, what happens now, and what comes next.

It is true of this instant: present tense for what is under way, past for what is done. What counts most is told: an
error, then the sentence of a chapter that has just begun (first, if it begins with the error), then the lit slow call,
then a fast one, else how things stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slabviz.model.events import Kind
from slabviz.scene.layout.metrics import Tier
from slabviz.scene.state import Caption
from slabviz.scene.story.chapters import being_read
from slabviz.scene.story.facts import Facts, facts, thing
from slabviz.scene.story.glossary import explained
from slabviz.scene.story.moment import Moment
from slabviz.scene.story.names import short_name
from slabviz.scene.story.numbers import grouped, slab_id
from slabviz.scene.story.outcome import Outcome
from slabviz.scene.story.phase import phase
from slabviz.scene.story.slabs import Shelf
from slabviz.scene.story.spotlight import Spot
from slabviz.scene.story.steps import Step, StepName, now
from slabviz.scene.story.work import running_call
from slabviz.timeline.run import Chapter

MOST = {Tier.COMPACT: 62, Tier.REGULAR: 90, Tier.LARGE: 90}
"""Characters of the sentence."""

_ERRORS = frozenset({Outcome.FAILED, Outcome.REFUSED, Outcome.WRITTEN_OFF})


@dataclass(slots=True, frozen=True)
class Telling:
    """What the caption may tell of: the lit call with its steps and how many like it came before in this chapter."""

    lit: Spot | None
    steps: tuple[Step, ...]
    before: int
    fast: tuple[int, Facts] | None
    """The fast event that is told of: its kind, and its facts."""


def caption(m: Moment, shelf: Shelf, telling: Telling) -> Caption:
    """The two lines under the top bar."""
    lit = telling.lit
    chapter = being_read(m.run, m.tick)
    if chapter is not None and not _fails_after(lit, chapter):
        return _of_chapter(m, chapter, telling)
    if lit is not None:
        return _of_call(m, lit, telling)
    if telling.fast is not None:
        return _of_fast(m, *telling.fast)
    return _at_rest(m, shelf)


def _fails_after(lit: Spot | None, chapter: Chapter) -> bool:
    """Whether a call fails that the chapter does not know of: one that turned slow after it had begun."""
    return lit is not None and lit.outcome is Outcome.FAILED and lit.start > chapter.tick


def _of_chapter(m: Moment, chapter: Chapter, telling: Telling) -> Caption:
    """The chapter's own words; the steps of a call that is lit meanwhile stay."""
    steps, lit = telling.steps, telling.lit
    following = "" if lit is None else _next(m, lit, steps, facts(m, lit.call))
    words = () if lit is None else explained(m, phase(m, lit, now(steps)), telling.before)
    step, text = _counter(m, steps)
    sentence = m.words(chapter.say)
    path = "error" if lit is not None and lit.outcome in _ERRORS else "overview"
    pill = m.tr(f"caption.pill.{path}")
    return Caption(m.words(chapter.title), path, pill, sentence, words, step, len(steps), text, following)


def _of_call(m: Moment, lit: Spot, telling: Telling) -> Caption:
    known = facts(m, lit.call)
    key = phase(m, lit, now(telling.steps))
    path = "error" if lit.outcome in _ERRORS else "slow"
    local = _local(m, lit, known)
    interrupted = key == "interrupted"  # its steps stand still; what moves meanwhile is the handler's
    step, text = _counter(m, telling.steps)
    return Caption(
        who=f"CPU{lit.call.cpu}",
        path=path,
        pill=m.tr(f"caption.pill.{path}"),
        sentence=_sentence(m, key, local),
        glossary=explained(m, key, telling.before),
        step=step,
        steps=len(telling.steps),
        step_text=text,
        next=m.tr("caption.next.resumes", **local) if interrupted else _next(m, lit, telling.steps, known),
    )


def _local(m: Moment, lit: Spot, known: Facts) -> Facts:
    """Adds what is only true of this instant: the lock's holder, the interrupt, the CPU's slab."""
    call = lit.call
    slab = m.cache.cpu_slab[call.cpu].slab
    return {
        **known,
        "holder": m.cache.node.list_lock.holder,
        "irq": short_name(m.actor(m.machine.cpus[call.cpu].top.actor)),
        "active": slab_id(slab.id) if slab is not None else "",
        "free": len(m.cache.cpu_slab[call.cpu].free_objects()),
    }


def _sentence(m: Moment, key: str, values: Facts) -> str:
    """The long wording where it fits, else the short one; what even so does not fit ends in "…"."""
    most = MOST[m.tier]
    text = m.tr(f"caption.{key}.long", **values)
    if len(text) > most:
        text = m.tr(f"caption.{key}.short", **values)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _counter(m: Moment, steps: Sequence[Step]) -> tuple[int, str]:
    """(step, its text): the one that happens now, or the last when all are done."""
    if not steps:
        return 0, ""
    step = now(steps) or steps[-1]
    what = m.tr(f"caption.step.{step.name.value}")
    return step.number, m.tr("caption.counter", step=step.number, steps=len(steps), what=what)


def _way_of(m: Moment, lit: Spot) -> Outcome:
    """The way of a free; in a debugged cache all take list_lock, so that alone does not tell of an empty slab."""
    slab = m.machine.slabs.get(lit.call.slab)
    stays = lit.outcome is Outcome.KEPT and m.cache.debug and slab is not None and slab.inuse > 1
    return Outcome.PARTIAL if stays else lit.outcome


def _next(m: Moment, lit: Spot, steps: Sequence[Step], known: Facts) -> str:
    """What comes after the current step, told from what will really happen."""
    step = now(steps)
    if step is None or step is steps[-1]:
        key = "null" if lit.outcome is Outcome.FAILED else "goes_on"
        return m.tr(f"caption.next.{key}", **known) if steps else ""
    following = steps[step.number]
    if following.name is StepName.SLAB:
        key = f"slab.{_way_of(m, lit).value}"
    elif following.name is StepName.INSTALL:
        key = "reload" if lit.outcome is Outcome.REFILL else "install"
    else:
        key = following.name.value
    return m.tr(f"caption.next.{key}", **known)


def _of_fast(m: Moment, kind: int, known: Facts) -> Caption:
    key = "fast.alloc" if kind == Kind.ALLOC_FASTPATH else "fast.free"
    tense = "now" if known["flying"] else "past"
    return Caption(
        who=f"CPU{known['cpu']}",
        path="fast",
        pill=m.tr("caption.pill.fast"),
        sentence=_sentence(m, f"{key}.{tense}", known),
        glossary=explained(m, key, 0),
        step=0,
        steps=0,
        step_text="",
        next="",
    )


def _at_rest(m: Moment, shelf: Shelf) -> Caption:
    """How things stand while nothing happens in this cache; a call that has just begun is named."""
    for cpu in m.machine.cpus:
        call = running_call(m, cpu.id, len(cpu.stack) - 1)
        if call is not None and call.cache == m.cache.id and call.kind in (Kind.ALLOC_ENTER, Kind.FREE_ENTER):
            key = "begins.alloc" if call.kind == Kind.ALLOC_ENTER else "begins.free"
            return Caption(f"CPU{cpu.id}", "", "", _sentence(m, key, facts(m, call)), (), 0, 0, "", "")
    held = sum(shelf.tally.held.values())
    slabs = m.cache.node.nr_slabs
    values: Facts = {"cache": m.cache.name, "thing": thing(m), "held": grouped(held), "slabs": grouped(slabs)}
    values["objects"] = grouped(m.cache.node.total_objects)
    key = "rest.held" if slabs else "rest.nothing"
    return Caption("", "", "", _sentence(m, key, values), explained(m, "rest", 0), 0, 0, "", "")
