"""From a position on the common clock to a frame of two runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import floor

from slabviz.scene.compare.places import ComparePlaces, compare_places
from slabviz.scene.compare.side import side_part
from slabviz.scene.compare.sided import SidedMemo
from slabviz.scene.compare.state import SIDES, CompareState
from slabviz.scene.compare.teller import CompareTeller
from slabviz.scene.compare.timeline import pair_strip, pair_timeline
from slabviz.scene.display import Block, Line, Node
from slabviz.scene.layout.anchors import Anchors
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part, gather
from slabviz.scene.layout.strip import Strip
from slabviz.scene.motion import Motion
from slabviz.scene.moves import Move, MoveKind
from slabviz.scene.panels.stats import charts_of, taken_chart
from slabviz.scene.state import StageState
from slabviz.scene.view import ViewState
from slabviz.scene.widgets.caption import caption_part
from slabviz.scene.widgets.chart import Chart, chart_part
from slabviz.scene.widgets.timeline import playhead
from slabviz.scene.widgets.top_bar import top_bar_parts
from slabviz.scene.widgets.transport import transport_part
from slabviz.timeline.pair import Pair

_OF_BUDDY = (MoveKind.SPLIT, MoveKind.MERGE)
"""Moves that have no place here: the blocks of the buddy system are not drawn."""

Moves = tuple[tuple[Move, ...], tuple[Move, ...]]


@dataclass(slots=True, frozen=True)
class _Laid:
    state: CompareState
    view: ViewState
    blocks: list[Block]
    anchors: tuple[Anchors, Anchors]


class PairComposer:
    """Makes the frames of two runs side by side, at the desk of a page. A frame depends on nothing but the call."""

    def __init__(self, pair: Pair, desk: Desk, language: str, *, still: bool) -> None:
        self.pair = pair
        self._desk = desk
        self._language = language
        self._still = still
        self._motions = Motion(pair.a), Motion(pair.b)
        self._desks = tuple(Desk(desk.regions, SidedMemo(desk.measure, side), desk.tr) for side in SIDES)
        self._tellers: dict[int, CompareTeller] = {}
        self._strips: dict[int, Strip] = {}
        self._charts: dict[int, tuple[Chart, ...]] = {}
        self._told: tuple[object, CompareState] | None = None
        self._laid: _Laid | None = None

    def frame(self, position: float, view: ViewState, cache: int) -> tuple[list[Block], list[Node]]:
        """The blocks at a position in ticks, and what moves over them."""
        position = min(max(position, 0.0), float(max(self.pair.last_tick, 0)))
        places = tuple(min(position, float(max(run.last_tick, 0))) for run in self.pair.runs)
        moves = self._moves(position, places, view.speed, cache)
        state = self._state(floor(position), moves, cache)
        laid = self._lay_out(state, view, cache)
        over: list[Node] = []
        for number, (motion, under_way, place) in enumerate(zip(self._motions, moves, places, strict=True)):
            side, own = state.sides[number], self._teller(cache).caches[number]
            if not side.ended:
                over += motion.movers(
                    under_way, place, view.speed, own, side.stage, laid.anchors[number], self._desk.measure
                )  # fmt: skip
        over.sort(key=lambda node: not isinstance(node, Line))  # routes go under what flies on others
        return laid.blocks, [*over, *playhead(self._strip(cache), position)]

    def _moves(self, position: float, places: tuple[float, ...], speed: float, cache: int) -> Moves:
        """What is under way on each side; nothing where a run is over, or nothing may fly."""
        found = []
        for number, (motion, place) in enumerate(zip(self._motions, places, strict=True)):
            own = self._teller(cache).caches[number]
            flies = not self._still and place == position
            moves = motion.under_way(place, speed, own) if flies else ()
            found.append(tuple(move for move in moves if move.kind not in _OF_BUDDY))
        return found[0], found[1]

    def _teller(self, cache: int) -> CompareTeller:
        teller = self._tellers.get(cache)
        if teller is None:
            desk = self._desk
            teller = self._tellers[cache] = CompareTeller(
                self.pair, cache, desk.tr, self._language, desk.metrics.tier
            )  # fmt: skip
        return teller

    def _state(self, tick: int, moves: Moves, cache: int) -> CompareState:
        inputs = (tick, moves, cache)
        if self._told is None or self._told[0] != inputs:
            self._told = inputs, self._teller(cache).state(tick, moves)
        return self._told[1]

    def _strip(self, cache: int) -> Strip:
        strip = self._strips.get(cache)
        if strip is None:
            spoken = self._language.split("_")[0]
            titles = [chapter.title.get(spoken) or chapter.title.get("en", "") for chapter in self.pair.a.chapters]
            strip = self._strips[cache] = pair_strip(
                self.pair, self._desk.regions.timeline, self._teller(cache).caches, titles
            )  # fmt: skip
        return strip

    def _four(self, cache: int) -> tuple[Chart, ...]:
        """Fast path, slabs, unused memory, and the lock: on the same axes for both."""
        charts = self._charts.get(cache)
        if charts is None:
            both, tr = self._teller(cache).series(), self._desk.tr
            charts = self._charts[cache] = (*charts_of(both, tr)[:3], taken_chart(both, tr))
        return charts

    def _lay_out(self, state: CompareState, view: ViewState, cache: int) -> _Laid:
        """Lay out; the same lists while state and view do not change."""
        laid = self._laid
        if laid is None or laid.state is not state or laid.view != view:
            laid = self._laid = self._lay_out_anew(state, view, cache)
        return laid

    def _lay_out_anew(self, state: CompareState, view: ViewState, cache: int) -> _Laid:
        desk, at = self._desk, compare_places(self._desk.regions)
        strip = self._strip(cache)
        sides = [
            side_part(own, place, side, number)
            for number, (own, place, side) in enumerate(zip(self._desks, at.sides, state.sides, strict=True))
        ]
        parts = [
            *top_bar_parts(desk, _headed(state, desk.tr("compare.title")), view, strip.scale.last_tick),
            caption_part(desk, state.caption),
            *sides,
            *self._chart_parts(at, state.tick, cache),
            *pair_timeline(desk, strip, state.tick),
            transport_part(desk, view),
        ]
        desk.memo.sweep()
        for own in self._desks:
            own.memo.sweep()
        blocks, _ = gather(parts)
        return _Laid(state, view, blocks, (gather(sides[:1])[1], gather(sides[1:])[1]))

    def _chart_parts(self, at: ComparePlaces, tick: int, cache: int) -> list[Part]:
        charts = zip(at.charts, self._four(cache), strict=True)
        return [chart_part(self._desk, rect, chart, tick) for rect, chart in charts]


def _headed(state: CompareState, title: str) -> StageState:
    """What the top bar shows: the clock's tick, and whose runs these are."""
    return replace(state.sides[0].stage, title=title, subtitle=state.subtitle, tick=state.tick)
