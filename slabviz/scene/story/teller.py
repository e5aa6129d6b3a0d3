"""The storyteller of one run and one cache: keeps what has been read of the log, and tells any tick of it."""

from __future__ import annotations

from collections.abc import Sequence

from slabviz.model.machine import Machine
from slabviz.scene.layout.metrics import Tier
from slabviz.scene.moves import Move
from slabviz.scene.state import PathState, SlabState, StageState
from slabviz.scene.story.buddy import buddy, frame_classes
from slabviz.scene.story.caption import Telling, caption
from slabviz.scene.story.chapters import chapter_at
from slabviz.scene.story.chronicle import Chronicle
from slabviz.scene.story.facts import Facts, facts
from slabviz.scene.story.fast_notes import FastNotes
from slabviz.scene.story.holders import HoldersPanel
from slabviz.scene.story.lanes import lane
from slabviz.scene.story.moment import Moment, Translate
from slabviz.scene.story.node import node_panel
from slabviz.scene.story.numbers import size
from slabviz.scene.story.pageways import LINGER
from slabviz.scene.story.path import path_state
from slabviz.scene.story.signposts import signposts
from slabviz.scene.story.slabs import Shelf
from slabviz.scene.story.spotlight import Spot, Spotlight
from slabviz.scene.story.steps import steps
from slabviz.scene.story.strip import cache_strip
from slabviz.scene.story.whereabouts import whereabouts
from slabviz.timeline.run import Run

PAGE_SHIFT = 12


class Storyteller:
    """Tells what the stage shows. Keep one for as long as the run is on the stage: it reads the log only once.

    What it tells is a function of (tick, moves), whatever was told before.
    """

    def __init__(
        self, run: Run, *, cache: int, tr: Translate, language: str, detail: Tier, chronicle: Chronicle | None = None
    ) -> None:
        self.run = run
        self.cache = cache
        self.chronicle = chronicle if chronicle is not None else Chronicle(run.log, run.config.cpus)
        self._tr = tr
        self._language = language
        self._tier = detail
        self._shelf = Shelf()
        self._panel = HoldersPanel()
        self._spotlight = Spotlight(self.chronicle, cache)
        self._notes = FastNotes(self.chronicle, cache)
        self._frames = frame_classes(cache)

    def state(self, machine: Machine, tick: int, moves: Sequence[Move]) -> StageState:
        """What the stage shows after all events of ``tick``; ``machine`` is the one of that tick."""
        m = self.moment(machine, tick, moves)
        shelf = self._shelf
        shelf.update(m)
        where = whereabouts(m)
        lit = self._spotlight.at(tick)
        all_steps = steps(m, lit)
        fast = self._fast(m) if lit is None else None
        telling = Telling(lit, all_steps, self._before(m, lit), fast)
        return StageState(
            title=m.words(self.run.about.title),
            subtitle=subtitle(self.run, self._tr),
            tick=tick,
            caption=caption(m, shelf, telling),
            lanes=tuple(lane(m, shelf, where, cpu, lit) for cpu in range(len(machine.cpus))),
            strip=cache_strip(m),
            node=node_panel(m, shelf, where),
            holders=self._panel.holders(m, shelf, lit),
            buddy=buddy(m, self._frames, lit, all_steps),
            signposts=signposts(m, lit, all_steps),
            parked_head=m.tr("stage.parked_head", count=m.cache.cpu_partial_slabs),
            travelling=tuple(shelf.card(machine.slabs[slab], SlabState.MOVING) for slab in where.travelling),
            path=path_state(m, lit, all_steps, fast) or self._last_path(m),
        )

    def moment(self, machine: Machine, tick: int, moves: Sequence[Move]) -> Moment:
        """What all parts of the story look at, at a tick."""
        behind = self.run.log.span(tick)[1] if tick >= 0 else 0
        self.chronicle.read(behind)
        cache = machine.caches[self.cache]
        tenures = self.chronicle.tenures[self.cache]
        return Moment(
            self.run, machine, tick, behind, cache, moves, self.chronicle, tenures, self._tr, self._language, self._tier
        )

    def _before(self, m: Moment, lit: Spot | None) -> int:
        """How many stories like the lit one have been told in this chapter already."""
        chapter = chapter_at(m.run, m.tick)
        return 0 if lit is None else self._spotlight.before(lit, chapter.tick if chapter is not None else 0)

    def _last_path(self, m: Moment) -> PathState | None:
        """The way of the last call that was told of, if that is not long ago: a reader still looks at it."""
        for tick in range(m.tick - 1, max(m.tick - LINGER, 0), -1):
            spot = self._spotlight.at(tick)
            fast = self._fast(m, tick) if spot is None else None
            if spot is not None or fast is not None:
                return path_state(m, spot, steps(m, spot), fast)
        return None

    def _fast(self, m: Moment, tick: int | None = None) -> tuple[int, Facts] | None:
        """The fast call that is told of now, or was at a ``tick`` before, and what there is to say of it."""
        number = self._notes.at(m.tick if tick is None else tick)
        if number is None or number >= m.behind:
            return None
        kind, cpu, slab, offset, _ = next(self.run.log.events(number, number + 1))
        call = self._notes.call_of(number, cpu)
        if call is None:
            return None
        known = facts(m, call)
        known["slab"] = f"{slab:02d}"
        known["object"] = (offset - m.cache.red_left_pad) // m.cache.size
        known["flying"] = any(move.event == number for move in m.moves)
        return kind, known


def subtitle(run: Run, tr: Translate) -> str:
    """What stands beside a run's title: its file, and the machine."""
    config = run.config
    memory = size(config.pages << PAGE_SHIFT)
    key = "subtitle_one" if config.cpus == 1 else "subtitle"
    parts = (run.about.called, tr(f"stage.{key}", cpus=config.cpus, memory=memory, kernel=config.kernel))
    return " · ".join(part for part in parts if part)


def stage_state(
    run: Run, machine: Machine, tick: int, moves: Sequence[Move], *, cache: int, tr: Translate, language: str,
    detail: Tier,
) -> StageState:  # fmt: skip
    """One picture on its own. Whoever shows more keeps a ``Storyteller``: this one reads the log from its start."""
    teller = Storyteller(run, cache=cache, tr=tr, language=language, detail=detail)
    return teller.state(machine, tick, moves)
