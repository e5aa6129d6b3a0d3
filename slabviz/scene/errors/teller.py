"""Errors in words: the banner and the whole screen of the incident that a tick shows."""

from __future__ import annotations

from typing import Any

from slabviz.model.events import Kind
from slabviz.model.fault import Fault
from slabviz.model.gfp import gfp_name
from slabviz.model.invariants import check
from slabviz.scene.errors.calls import NOWHERE, Deed
from slabviz.scene.errors.cards import cache_name, call_card, call_text, right_of
from slabviz.scene.errors.fixes import fix_key, is_foreign
from slabviz.scene.errors.incidents import STOPS, Incident, Incidents
from slabviz.scene.errors.paint import Look
from slabviz.scene.errors.plot import Plot, plot_of
from slabviz.scene.errors.rows import behind, byte_rows, found_magic, pointers_text, ruler
from slabviz.scene.errors.said import headline, printed, without_frame
from slabviz.scene.errors.state import Banner, ByteRow, ErrorState
from slabviz.scene.layout.metrics import Tier
from slabviz.scene.state import Caption
from slabviz.scene.story.caption import MOST
from slabviz.scene.story.chronicle import Chronicle
from slabviz.scene.story.moment import Translate
from slabviz.timeline.run import Run

_CALLS = {Tier.COMPACT: 6, Tier.REGULAR: 6, Tier.LARGE: 7}
"""Calls that there is room for."""
_BLAMES = frozenset({Kind.PANIC, Kind.OOPS, Kind.STUCK, Kind.DEV_BAD_MAGIC, Kind.SLAB_REPORT})
"""Whose sentence names the cause, where that is another call."""
_FOUND = {Fault.BAD_MAGIC: "magic", Fault.LIST_POINTER: "list", Fault.SELF_POINTER: "itself", Fault.NO_SLAB: "no_slab"}
_WORDS = {
    "wrong_free": ("dev_kmalloc", "magic"), "double_free": ("freelist", "object"), "overrun": ("red_zone", "object"),
    "use_after_free": ("freelist", "object"), "wrong_cache": ("cache", "object"), "leak": ("cache", "object"),
    "sleep_in_atomic": ("gfp_kernel", "gfp_atomic"), "memory": ("oom",),
}  # fmt: skip


class ErrorTeller:
    """Tells of the errors of one run in one language. What it tells is a function of the tick alone."""

    def __init__(self, run: Run, tr: Translate, chronicle: Chronicle, tier: Tier) -> None:
        self.incidents = Incidents(run)
        self._run, self._tr, self._chronicle, self._tier = run, tr, chronicle, tier
        self._told: dict[tuple[int, int], ErrorState] = {}

    def fresh(self, tick: int) -> ErrorState | None:
        """What a viewer is told of without asking: an error that has happened in this chapter."""
        incident = self.incidents.fresh(tick)
        return None if incident is None else self._state(incident, tick)

    def at(self, tick: int) -> ErrorState | None:
        """The latest error up to a tick; None: there has been none."""
        incident = self.incidents.at(tick)
        return None if incident is None else self._state(incident, tick)

    def _state(self, incident: Incident, tick: int) -> ErrorState:
        """Told again only while the incident's own call still goes on."""
        log = self._run.log
        behind = log.span(max(min(tick, log.tick_of(incident.deed.last)), incident.tick))[1]
        key = (incident.number, behind)
        if key not in self._told:
            self._told[key] = self._tell(incident, behind)
        return self._told[key]

    def _tell(self, incident: Incident, behind: int) -> ErrorState:
        run, tr = self._run, self._tr
        self._chronicle.read(behind)
        plot = plot_of(self.incidents, incident, behind, _CALLS[self._tier])
        rows = byte_rows(plot, tr, lambda who, deed: self._colour(plot, who, deed))
        lines = printed(run, incident)
        return ErrorState(
            banner=self._banner(plot, rows, lines),
            caption=self._caption(plot, rows),
            pointers=pointers_text(plot, tr),
            calls=tuple(call_card(plot, deed, tr, lambda who, of: self._colour(plot, who, of)) for deed in plot.deeds),
            ruler=ruler(plot, tr),
            rows=rows,
            printed=without_frame(lines),
            left_out=plot.left_out,
        )

    def _colour(self, plot: Plot, who: int, deed: Deed) -> int:
        """The colour that the stage would give him at that moment."""
        cache = deed.cache if deed.cache != NOWHERE else self._chronicle.cache_of.get(plot.slab, 0)
        return self._chronicle.tenures[cache].colour(who, min(deed.last, plot.behind - 1) + 1)

    def _banner(self, plot: Plot, rows: tuple[ByteRow, ...], lines: tuple[str, ...]) -> Banner:
        tr, incident, cause = self._tr, plot.incident, plot.incident.cause
        title, rest = headline(lines)
        source = plot.source(cause) if cause.slab != NOWHERE else None
        key = fix_key(cause, source)
        right = right_of(plot)
        return Banner(
            number=incident.number,
            title=title or tr("error.silent" if plot.is_over(incident.deed) else "error.under_way"),
            lines=(*rest, *self._laws(plot)),
            sentence=self._sentence(plot, rows),
            cause_tick=plot.tick(cause) if cause.mistake else None,
            fix_title=right or tr("error.fix"),
            fix=tr(f"error.fixes.{key}"),
            stopped=incident.kind in STOPS,
        )

    def _laws(self, plot: Plot) -> tuple[str, ...]:
        """The laws of the allocator that do not hold any more: the kernel may not know, the model does."""
        machine = plot.run.machine_at(plot.run.log.tick_of(plot.behind - 1))
        names = dict.fromkeys(sentence.partition(": ")[0] for sentence in check(machine))
        return tuple(self._tr("error.law", law=name) for name in names)

    def _sentence(self, plot: Plot, rows: tuple[ByteRow, ...]) -> str:
        """Where the cause is, and what becomes of the run."""
        tr, incident, cause = self._tr, plot.incident, plot.incident.cause
        if not plot.is_over(incident.deed) and incident.kind is Kind.MISTAKE:
            return tr("error.note.wrong", what=tr(f"error.wrong.{self._mistake(plot)}"))
        if incident.kind is Kind.MISTAKE:
            return tr("error.sentence.quiet", effect=self._effect(plot, rows))
        if cause is incident.deed:
            first = tr("error.sentence.here") if cause.mistake else ""
        else:
            tick = plot.tick(cause)
            first = tr("error.sentence.later", ticks=incident.tick - tick, cause=call_text(plot, cause), tick=tick)
        after = "stopped" if incident.kind in STOPS else "died" if incident.kind is Kind.OOPS else "goes_on"
        who = plot.name(incident.deed.actor)
        becomes = tr(f"error.sentence.{after}", who=who)
        return tr("error.sentence.both", first=first, after=becomes) if first else becomes

    def _effect(self, plot: Plot, rows: tuple[ByteRow, ...]) -> str:
        return self._tr(f"error.effect.{self._mistake(plot)}", bytes=self._too_high(plot) or _hurt(plot, rows))

    def _mistake(self, plot: Plot) -> str:
        mistake = plot.incident.cause.mistake
        if mistake == "wrong_free" and is_foreign(plot.incident.cause, plot.source(plot.incident.cause)):
            return "foreign"
        return "wrong_free_same" if mistake == "wrong_free" and not self._too_high(plot) else mistake

    def _too_high(self, plot: Plot) -> int:
        """How far behind the start of an object a free begins."""
        deed = plot.incident.cause
        slab = plot.run.machine_at(plot.tick(deed)).slabs.get(deed.slab)
        if slab is None or deed.mistake != "wrong_free" or deed.offset == NOWHERE:
            return 0
        return max(deed.offset - slab.object_at(slab.index_of(deed.offset)), 0)

    def _caption(self, plot: Plot, rows: tuple[ByteRow, ...]) -> Caption:
        tr, incident = self._tr, plot.incident
        steps = len(plot.deeds)
        what = tr(f"error.where.{incident.kind.name.lower()}")
        after = "stopped" if incident.kind in STOPS else "died" if incident.kind is Kind.OOPS else "goes_on"
        key = fix_key(incident.cause, None).partition(".")[0]
        words = _WORDS.get(key, ())
        if key == "wrong_free":
            source = plot.source(incident.cause)
            words = ("devm", "object") if source is not None and source.name == "devm_kmalloc" else words
        return Caption(
            who=f"CPU{incident.deed.cpu}",
            path="error",
            pill=tr("error.pill"),
            sentence=self._say(plot, rows),
            glossary=tuple((tr(f"error.word.{word}.word"), tr(f"error.word.{word}.means")) for word in words),
            step=steps,
            steps=steps,
            step_text=tr("error.step", step=steps, steps=steps, what=what),
            next=tr(f"error.next.{after}"),
        )

    def _say(self, plot: Plot, rows: tuple[ByteRow, ...]) -> str:
        """Who fails now, then the cause; calls without their arguments where these would be too long."""
        cause, deed = plot.incident.cause, plot.incident.deed
        text = self._words(plot, rows, call_text(plot, deed), call_text(plot, cause))
        short = self._words(plot, rows, f"{deed.name}()", f"{cause.name}()".replace("write()", "memset()"))
        return text if len(text) <= MOST[self._tier] else short

    def _words(self, plot: Plot, rows: tuple[ByteRow, ...], call: str, blamed: str) -> str:
        tr, incident, cause = self._tr, plot.incident, plot.incident.cause
        values: dict[str, Any] = {
            "who": plot.name(incident.deed.actor), "call": call, "cause": blamed, "tick": plot.tick(cause),
            "cpu": incident.deed.cpu, "cache": cache_name(plot, incident.deed.cache), "found": self._found(plot),
        }  # fmt: skip
        if incident.deed.gfp != NOWHERE:
            values["gfp"] = gfp_name(incident.deed.gfp, plot.run.machine_at(incident.tick).era.gfp)
        if incident.kind is not Kind.MISTAKE:
            own = cause is incident.deed and incident.kind in _BLAMES
            return tr(f"error.say.{'own.' if own else ''}{incident.kind.name.lower()}", **values)
        source = plot.source(cause)
        values["source"] = source.name if source is not None else cache_name(plot, NOWHERE)
        values["bytes"] = self._too_high(plot) or _hurt(plot, rows)
        return tr(f"error.say.mistake.{self._mistake(plot)}", **values)

    def _found(self, plot: Plot) -> str:
        """What the failing call has found."""
        last = next(self._run.log.events(plot.incident.events[-1]))
        if plot.incident.kind is Kind.DEV_BAD_MAGIC:
            return self._tr("error.found.magic", value=found_magic(plot))
        if last[0] not in (Kind.OOPS, Kind.PANIC):
            return ""
        key = _FOUND.get(Fault(last[4]), "pointer")
        return self._tr(f"error.found.{key}", value=found_magic(plot) if key == "magic" else "")


def _hurt(plot: Plot, rows: tuple[ByteRow, ...]) -> int:
    """Bytes that are damaged: of a write past the end all behind it, also those that are not shown."""
    cause = plot.incident.cause
    if cause.mistake == "overrun" and cause.slab == plot.slab != NOWHERE:
        return max(behind(plot, cause), 0)
    return sum(label.piece.length for label in rows[-1].labels if label.piece.look is Look.DAMAGE) if rows else 0
