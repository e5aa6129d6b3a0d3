"""From a position in a run to a frame: look up, tell, lay out, and add what moves.

The layers are kept apart: blocks are a function of (tick, moves under way, view) and are laid out again only when that
changes; movers and the playhead are made for every frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import floor

from slabviz.i18n import Catalogue
from slabviz.model.era import era_named
from slabviz.scene.commands import Pick
from slabviz.scene.compare.composer import PairComposer
from slabviz.scene.display import Block, Line, Measure, Node, Scene, Target
from slabviz.scene.errors.state import ErrorState
from slabviz.scene.errors.teller import ErrorTeller
from slabviz.scene.layout.anchors import Anchors
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Memo, Part
from slabviz.scene.layout.regions import regions
from slabviz.scene.layout.strip import Strip, strip_of
from slabviz.scene.lessons import VIEWS, lesson_parts
from slabviz.scene.levels import Level, Panel
from slabviz.scene.motion import Motion
from slabviz.scene.moves import Move
from slabviz.scene.panels import PANELS, panels
from slabviz.scene.screens import ALONE, CAPTIONS, SCREENS
from slabviz.scene.screens.error.screen import error_screen
from slabviz.scene.sight import Sight
from slabviz.scene.state import StageState
from slabviz.scene.story import Chronicle, Storyteller
from slabviz.scene.story.untold import untold_state
from slabviz.scene.theme import Theme
from slabviz.scene.view import ViewState
from slabviz.scene.widgets.error_banner import ErrorBanner, stop_edge
from slabviz.scene.widgets.help import help_nodes, help_targets
from slabviz.scene.widgets.overlay import overlay_nodes
from slabviz.scene.widgets.rings import ring_nodes
from slabviz.scene.widgets.stage import lay_out, signs
from slabviz.scene.widgets.timeline import playhead
from slabviz.timeline.pair import Pair
from slabviz.timeline.run import Run


@dataclass(slots=True, frozen=True)
class _Laid:
    """A layout and what it was made of."""

    state: StageState
    view: ViewState
    strip: Strip
    blocks: list[Block]
    anchors: Anchors
    targets: list[Target]
    posts: list[Node]


class Composer:
    """Makes the frames of one run at one size, scale and language. A frame depends on nothing but these and the call.

    ``size`` is the picture in pixels; the page has ``size / scale`` units. Paint with the same scale, and ask the
    painter for ``measure``. Use ``layout.metrics.picture_scale`` to choose a scale that the page fits.
    """

    def __init__(
        self,
        run: Run,
        size: tuple[int, int] = (1600, 900),
        *,
        theme: Theme,
        measure: Measure,
        scale: float = 1.0,
        language: str = "en",
        speed: float = 1.0,
        reduced_motion: bool = False,
        other: Run | None = None,
    ) -> None:
        self.run = run
        self.scale = scale
        self.page = (-int(-size[0] // scale), -int(-size[1] // scale))
        self.speed = speed
        """Of frames without a view: exported films."""
        self._still = reduced_motion
        self._theme = theme
        self._language = language
        self._tr = Catalogue(language).tr
        memo, tabs = Memo(measure), len(panels()) > 1
        self._desk = Desk(regions(*self.page, tabs=tabs), memo, self._tr)
        self._railed = Desk(regions(*self.page, rail=True, tabs=tabs), memo, self._tr)
        """The same page while a panel takes the right column."""
        self._motion = Motion(run)
        self._chronicle = Chronicle(run.log, run.config.cpus)
        self._errors = ErrorTeller(run, self._tr, self._chronicle, self._desk.metrics.tier)
        self._error_banner = ErrorBanner()
        self._tellers: dict[int, Storyteller] = {}
        self._strips: dict[int, Strip] = {}
        self._told: tuple[object, StageState] | None = None
        self._laid: _Laid | None = None
        self._beside = None if other is None else PairComposer(
            Pair(run, other), self._desk, language, still=reduced_motion
        )  # fmt: skip
        """The two runs side by side, where there is another one."""

    def scene(self, position: float, view: ViewState | None = None) -> Scene:
        """Return the frame at a position in ticks, seen as ``view`` says; a headless picture has no view."""
        view = view or ViewState(speed=self.speed, controls=False)
        cache = self.run.about.stage_cache if view.cache is None else view.cache
        if view.compare and self._beside is not None:
            return self._dressed(*self._beside.frame(position, view, cache), view)
        position = min(max(position, 0.0), float(max(self.run.last_tick, 0)))
        if view.level in ALONE:
            moves: tuple[Move, ...] = ()
            state = self._untold(floor(position))
        else:
            moves = () if self._still else self._motion.under_way(position, view.speed, cache)
            state = self._state(floor(position), moves, cache)
        strip = self._strip(cache)
        laid = self._lay_out(state, view, strip)
        over = [*([stop_edge(strip)] if self._errors.incidents.stops else []), *playhead(strip, position)]
        on_stage = view.level is Level.CACHE and view.panel not in VIEWS and not view.error_open
        if on_stage:
            flying = self._motion.movers(moves, position, view.speed, cache, state, laid.anchors, self._desk.measure)
            roads = [node for node in flying if isinstance(node, Line)]  # a route goes under the signpost beside it
            over = [*roads, *laid.posts, *(node for node in flying if not isinstance(node, Line)), *over]
        targets, banner = laid.targets, list[Node]()
        error = self._errors.fresh(state.tick) if on_stage else None
        if error is not None and error.banner.number != view.error_closed:
            banner, more = self._error_banner.over(self._desk, error.banner, view)
            targets = [*targets, *more]
        return self._dressed(laid.blocks, over, view, targets, banner)

    def _dressed(
        self, blocks: list[Block], over: list[Node], view: ViewState, targets: list[Target] | None = None,
        banner: Sequence[Node] = (),
    ) -> Scene:  # fmt: skip
        """Add what lies over all: the banner of an error, help, tooltip, messages."""
        overlay = [*banner, *overlay_nodes(self._desk, view)]
        if view.help_open:
            era = era_named(self.run.config.kernel)
            overlay = [*help_nodes(self._desk, self._theme.scrim_alpha, era.parked_are_frozen), *overlay]
            targets = help_targets(self._desk)
        elif targets is None:
            targets = [_only_told(target) for block in blocks for target in block.targets]
        return Scene(self.page, self.scale, blocks, over, overlay, targets)

    def _state(self, tick: int, moves: tuple[Move, ...], cache: int) -> StageState:
        """Return what is to be seen; told once while neither the tick nor the moves under way change."""
        inputs = (tick, moves, cache)
        if self._told is None or self._told[0] != inputs:
            state = self._teller(cache).state(self.run.machine_at(tick), tick, moves)
            self._told = inputs, state
        return self._told[1]

    def _untold(self, tick: int) -> StageState:
        """A state that tells nothing, for levels that do not show the stage: busy runs are too much for every frame."""
        inputs = (tick, None)
        if self._told is None or self._told[0] != inputs:
            self._told = inputs, untold_state(self.run, tick, self._language, self._tr)
        return self._told[1]

    def _teller(self, cache: int) -> Storyteller:
        teller = self._tellers.get(cache)
        if teller is None:
            teller = self._tellers[cache] = Storyteller(
                self.run, cache=cache, tr=self._tr, language=self._language, detail=self._desk.metrics.tier,
                chronicle=self._chronicle,
            )  # fmt: skip
        return teller

    def _lay_out(self, state: StageState, view: ViewState, strip: Strip) -> _Laid:
        """Lay out; the same lists while state and view do not change."""
        laid, wanted = self._laid, view
        if laid is None or laid.state is not state or laid.strip is not strip or laid.view != view:
            desk = self._desk if view.panel is Panel.HOLDERS else self._railed
            middle, panel, shown = None, None, state
            if view.error_open:
                shown, view, middle = self._error_screen(state, view)
            elif view.level is not Level.CACHE:
                sight = self._sight(state, view)
                middle = SCREENS[view.level](desk, sight)
                if view.level in CAPTIONS:
                    shown = replace(state, caption=CAPTIONS[view.level](desk, sight))
            elif view.panel in VIEWS:
                middle = lesson_parts(desk, self._sight(state, view))
            elif view.panel is not Panel.HOLDERS:
                panel = PANELS[view.panel](desk, desk.regions.panel, self._sight(state, view))
            blocks, anchors = lay_out(desk, shown, view, strip, middle, panel or ())
            targets = [target for block in blocks for target in block.targets]
            posts = []
            if middle is None:
                posts = [*signs(desk, state, anchors, blocks), *ring_nodes(view, anchors, targets)]
            laid = self._laid = _Laid(state, wanted, strip, blocks, anchors, targets, posts)
        return laid

    def _error_screen(self, state: StageState, view: ViewState) -> tuple[StageState, ViewState, list[Part]]:
        """What the bars around the error screen show, and the screen: it belongs to the level of bytes."""
        error: ErrorState | None = self._errors.at(state.tick)
        near = Level.BYTES if Level.BYTES in SCREENS else view.level
        view = replace(view, level=near, at_end=state.tick >= self.run.last_tick)
        parts = error_screen(self._desk, view, error, self._errors.incidents.first_tick)
        return state if error is None else replace(state, caption=error.caption), view, parts

    def _sight(self, state: StageState, view: ViewState) -> Sight:
        cache = self.run.about.stage_cache if view.cache is None else view.cache
        if view.level not in ALONE:
            self._chronicle.read(self.run.log.span(state.tick)[1])
        return Sight(self.run, state.tick, cache, state, self._chronicle, view, self._language)

    def _strip(self, cache: int) -> Strip:
        strip = self._strips.get(cache)
        if strip is None:
            spoken = self._language.split("_")[0]
            titles = [chapter.title.get(spoken) or chapter.title.get("en", "") for chapter in self.run.chapters]
            strip = self._strips[cache] = strip_of(self.run, self._desk.regions.timeline, cache, titles)
        return strip


def _only_told(target: Target) -> Target:
    """Of two runs nothing is chosen to be inspected: their slabs have the same numbers. Tooltips stay."""
    return Target(target.rect, None, target.tip) if isinstance(target.command, Pick) else target
