"""Tells what the comparison of two runs shows at any position of their common clock."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from slabviz.model.events import Kind
from slabviz.model.machine import Machine
from slabviz.scene.compare.figures import figures, stretched
from slabviz.scene.compare.first import first_difference
from slabviz.scene.compare.settings import settings
from slabviz.scene.compare.state import SIDES, CompareState, Setting, Side, Turn
from slabviz.scene.compare.turns import NEVER, Book, Told, parted, turns
from slabviz.scene.compare.words import FAST, Instant, caption_of
from slabviz.scene.layout.metrics import Tier
from slabviz.scene.moves import Move
from slabviz.scene.state import StageState
from slabviz.scene.story.chronicle import Chronicle
from slabviz.scene.story.moment import Translate
from slabviz.scene.story.numbers import grouped
from slabviz.scene.story.population import Population
from slabviz.scene.story.series import Series, series
from slabviz.scene.story.spotlight import HOLD
from slabviz.scene.story.teller import Storyteller
from slabviz.timeline.pair import Pair
from slabviz.timeline.run import Run

MOST_IN_TITLE = 2
"""Settings that a side's title names."""

Moves = tuple[Sequence[Move], Sequence[Move]]


def cache_in(run: Run, other: Run, cache: int) -> int:
    """The cache of ``other`` that belongs to a cache of ``run``: the one of the same name, else its own choice."""
    name = run.config.caches[cache].name
    return next((id for id, each in enumerate(other.config.caches) if each.name == name), other.about.stage_cache)


def _first(run: Run, kind: Kind) -> int:
    """The tick of the first event of a kind; NEVER if there is none."""
    rows = np.flatnonzero(run.log.matrix()[:, 0] == kind)
    return bisect_right(run.log.starts, int(rows[0])) - 1 if len(rows) else NEVER


class CompareTeller:
    """Keep one for as long as the two runs are shown: both logs are read once, whole."""

    def __init__(self, pair: Pair, cache: int, tr: Translate, language: str, tier: Tier) -> None:
        self.pair = pair
        self.caches = cache, cache_in(pair.a, pair.b, cache)
        self._tr = tr
        a, b = (_Side(run, own, tr, language, tier) for run, own in zip(pair.runs, self.caches, strict=True))
        self._sides = a, b
        # A call that is wrong on purpose is not the same call, whatever it is called.
        self._parted = min(parted((a.book, b.book)), *(_first(run, Kind.MISTAKE) for run in pair.runs))
        self._panicked = _first(pair.a, Kind.PANIC) < NEVER, _first(pair.b, Kind.PANIC) < NEVER
        self._turns = turns((self._sides[0].book, self._sides[1].book))
        self.first = first_difference((pair.a.log, pair.b.log))

    def series(self) -> tuple[Series, Series]:
        """The curves of both on the common clock."""
        ticks = self.pair.last_tick + 1
        return stretched(self._sides[0].series, ticks), stretched(self._sides[1].series, ticks)

    def told_at(self, tick: int) -> Told | None:
        """The call with two ways that is told of at a tick, if there is one."""
        place = bisect_right(self._turns, tick, key=lambda told: told.start)
        told = self._turns[place - 1] if place else None
        return told if told is not None and tick < told.until else None

    def state(self, tick: int, moves: Moves) -> CompareState:
        """What is shown after all events of ``tick``, with the moves under way on each side."""
        ticks = self.pair.ticks(tick)
        machines = self.pair.a.machine_at(ticks[0]), self.pair.b.machine_at(ticks[1])
        apart = settings(self.pair.runs, machines, self.caches)
        told = self.told_at(tick)
        same_file = self.pair.a.about.source == self.pair.b.about.source
        views = tuple(
            side.view(number, machine, at, tick, under_way, apart, told, same_file=same_file)
            for number, (side, machine, at, under_way) in enumerate(
                zip(self._sides, machines, ticks, moves, strict=True)
            )
        )
        moments = tuple(
            side.teller.moment(machine, at, under_way)
            for side, machine, at, under_way in zip(self._sides, machines, ticks, moves, strict=True)
        )
        now = Instant(
            (moments[0], moments[1]), (views[0].figures, views[1].figures),
            (self.pair.a.last_tick, self.pair.b.last_tick), self._panicked, tick, self.first, told,
            tick < self._parted,
        )  # fmt: skip
        return CompareState(
            tick=tick,
            title=views[0].stage.title,
            subtitle=self._subtitle(),
            caption=caption_of(now, views),
            sides=(views[0], views[1]),
            settings=apart,
            first=self.first,
            turn=None if told is None else _turn(told),
        )

    def _subtitle(self) -> str:
        """Whose runs these are, and whether chance was the same for both."""
        mine, theirs = (run.about for run in self.pair.runs)
        if mine.source != theirs.source:
            return self._tr("compare.subtitle.files", names=f"{mine.called} | {theirs.called}")
        key = "seed" if mine.seed == theirs.seed else "seeds"
        return self._tr(f"compare.subtitle.{key}", names=mine.source)


class _Side:
    """What is read of one run."""

    def __init__(self, run: Run, cache: int, tr: Translate, language: str, tier: Tier) -> None:
        self.run = run
        self.cache = cache
        self._tr = tr
        self.book = Book(Chronicle(run.log, run.config.cpus), run.cast, cache)
        self.teller = Storyteller(
            run, cache=cache, tr=tr, language=language, detail=tier, chronicle=self.book.chronicle
        )  # fmt: skip
        self.series = series(run, cache, Population.of(run))

    def view(
        self, number: int, machine: Machine, at: int, tick: int, moves: Sequence[Move], apart: tuple[Setting, ...],
        told: Told | None, *, same_file: bool,
    ) -> Side:  # fmt: skip
        """This side at its own tick ``at``, while the clock shows ``tick``."""
        cache = machine.caches[self.cache]
        stage = self.teller.state(machine, at, moves)
        hot, path = _light(stage, number, told)
        return Side(
            letter=SIDES[number],
            title=self._title(number, apart) if same_file else self.run.about.called,
            cache=cache.name,
            shape=self._tr("compare.shape", count=grouped(cache.geometry.oo_objects)),
            note=stage.strip.note,
            figures=figures(self.series, machine, self.cache, at),
            ended=tick > self.run.last_tick,
            stage=stage,
            hot=hot,
            path=path,
        )

    def _title(self, number: int, apart: tuple[Setting, ...]) -> str:
        """What was set for this side; without a difference, what the run is called."""
        set_here = [f"{each.name} = {each.values[number]}" for each in apart[:MOST_IN_TITLE]]
        return " · ".join(set_here) or self.run.about.variant or self.run.about.source


def _light(stage: StageState, number: int, told: Told | None) -> tuple[int, str]:
    """The CPU that the caption speaks of on a side, and its path; without a turn the side's own. None if that call is
    over for long."""
    if told is not None:
        if abs(told.ticks[number] - told.start) > HOLD:
            return -1, ""
        return told.calls[number].cpu, FAST if told.ways[number] is None else "slow"
    hot = next((lane.cpu for lane in stage.lanes if lane.hot), -1)
    return hot, stage.caption.path if hot >= 0 else ""


def _turn(told: Told) -> Turn:
    return Turn((told.calls[0].cpu, told.calls[1].cpu), told.ways, told.ticks)
