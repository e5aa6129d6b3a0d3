"""From a position in a run to a frame: look up, tell, lay out, and add what moves.

The layers are kept apart: blocks are a function of (tick, moves under way, view) and are laid out again only when that
changes; movers and the playhead are made for every frame.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import floor
from typing import TYPE_CHECKING

from slabviz.i18n import Catalogue
from slabviz.model.era import era_named
from slabviz.scene.commands import DragPanel, Pick, Seek
from slabviz.scene.display import Block, Line, Measure, Node, Rect, Scene, Target
from slabviz.scene.errors.signs import trouble
from slabviz.scene.find import Found
from slabviz.scene.following import followed
from slabviz.scene.layout.anchors import Anchors
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Memo
from slabviz.scene.layout.regions import Regions, regions
from slabviz.scene.layout.strip import Strip, strip_of
from slabviz.scene.lessons import VIEWS, lesson_parts
from slabviz.scene.levels import Level, Panel
from slabviz.scene.motion import Motion
from slabviz.scene.moves import Move
from slabviz.scene.overlays import Overlays
from slabviz.scene.panels import PANELS, panels
from slabviz.scene.quiet import Quiet
from slabviz.scene.screens import ALONE, CAPTIONS, SCREENS
from slabviz.scene.sight import Sight
from slabviz.scene.state import Caption, Key, StageState
from slabviz.scene.story import Chronicle, Storyteller
from slabviz.scene.story.chapters import after_chapter
from slabviz.scene.story.untold import untold_state
from slabviz.scene.theme import Theme
from slabviz.scene.things import Thing, card_of, holder_of, selected_of, thing_at, things
from slabviz.scene.view import ViewState
from slabviz.scene.widgets.help import help_nodes, help_targets
from slabviz.scene.widgets.marks import edge_mark, loop_marks, thing_marks
from slabviz.scene.widgets.overlay import overlay_nodes
from slabviz.scene.widgets.stage import lay_out, signs
from slabviz.scene.widgets.timeline import playhead
from slabviz.timeline.pair import Pair
from slabviz.timeline.run import Run

if TYPE_CHECKING:
    from slabviz.scene.compare.composer import PairComposer
    from slabviz.scene.errors.frames import ErrorFrames


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
    caption: Caption
    """As it is shown: some levels have their own."""


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
        self._desks: dict[tuple[bool, int | None], Desk] = {(False, None): self._desk}
        """The page while a panel takes the right column or not, by the width of that column."""
        self._motion = Motion(run)
        self._chronicle = Chronicle(run.log, run.config.cpus)
        self._errors = self._open_errors() if trouble(run.log) else None
        """What there is to be seen of errors; None: nothing goes wrong in this run."""
        self._tellers: dict[int, Storyteller] = {}
        self._strips: dict[int, Strip] = {}
        self._told: tuple[object, StageState] | None = None
        self._laid: _Laid | None = None
        self._beside = None if other is None else self._side_by_side(Pair(run, other))
        """The two runs side by side, where there is another one."""
        self._overlays = Overlays()
        self._quiet = Quiet(run, self._tr)
        self._caption: Caption | None = None

    def _side_by_side(self, pair: Pair) -> PairComposer:
        from slabviz.scene.compare.composer import PairComposer  # only here: the first frame need not wait for it

        return PairComposer(pair, self._desk, self._language, still=self._still)

    def _open_errors(self) -> ErrorFrames:
        from slabviz.scene.errors.frames import ErrorFrames  # only here: most runs have none

        return ErrorFrames(self.run, self._desk, self._chronicle)

    @property
    def regions(self) -> Regions:
        """The page's regions while the holders take the right column."""
        return self._desk.regions

    @property
    def caption(self) -> Caption:
        """What the caption of the last frame says. Raises ValueError before the first frame."""
        if self._caption is None:
            raise ValueError("no frame has been made yet")
        return self._caption

    @property
    def things(self) -> tuple[Thing, ...]:
        """What of the last frame's stage can have the focus, in order."""
        return () if self._laid is None or not _on_stage(self._laid.view) else things(self._laid.anchors)

    def thing_at(self, x: int, y: int) -> Key | None:
        """The innermost thing of the last frame's stage under a point, in unscaled px."""
        laid = self._laid
        if laid is None or not _on_stage(laid.view):
            return None
        key = thing_at(laid.anchors, x, y)
        selected = selected_of(key)
        if selected is not None and selected.index is not None:
            card = card_of(laid.state, selected.slab)
            if card is None or selected.index >= len(card.cells):  # the last row of the grid has room for more
                return "slab", selected.slab
        return key

    def place_of(self, key: Key) -> Rect | None:
        """Where a thing stands in the last frame."""
        return None if self._laid is None else self._laid.anchors.get(key)

    def found(self, view: ViewState) -> Found:
        """What the entry of the last frame's view finds at its tick."""
        laid = self._laid
        if laid is None or view.entry is None:
            return Found((), 0)
        return self._overlays.found(view.entry, laid.state, lambda: self._sight(laid.state, laid.view))

    def scene(self, position: float, view: ViewState | None = None) -> Scene:
        """Return the frame at a position in ticks, seen as ``view`` says; a headless picture has no view."""
        view = view or ViewState(speed=self.speed, controls=False)
        if view.compare and self._beside is not None:
            self._laid = None
            self._caption = Caption("", "", "", "", (), 0, 0, "", "")  # two runs have no one caption to write down
            at_stage = self.run.about.stage_cache if view.cache is None else view.cache
            blocks, over = self._beside.frame(position, view, at_stage)
            return self._both(Scene(self.page, self.scale, blocks, over, [], []), view)
        position = min(max(position, 0.0), float(max(self.run.last_tick, 0)))
        view = followed(self.run, floor(position), view)
        cache = self.run.about.stage_cache if view.cache is None else view.cache
        following = None
        if view.level in ALONE:
            moves: tuple[Move, ...] = ()
            state = self._untold(floor(position))
        else:
            moves = () if self._still else self._motion.under_way(position, view.speed, cache)
            state, following = self._quiet.tell(self._state(floor(position), moves, cache), view, cache)
        strip = self._strip(cache)
        laid = self._lay_out(state, view, strip, following)
        self._caption = laid.caption
        stops = [] if self._errors is None else self._errors.edge(strip)
        over = [*stops, *loop_marks(strip, view.loop), *playhead(strip, position)]
        if _on_stage(view):
            flying = self._motion.movers(moves, position, view.speed, cache, state, laid.anchors, self._desk.measure)
            roads = [node for node in flying if isinstance(node, Line)]  # a route goes under the signpost beside it
            over = [*roads, *laid.posts, *(node for node in flying if not isinstance(node, Line)), *over]
        return self._cover(Scene(self.page, self.scale, laid.blocks, over, [], laid.targets), laid)

    def _both(self, scene: Scene, view: ViewState) -> Scene:
        """Of two runs nothing is chosen to be inspected: their slabs have the same numbers. Tooltips stay."""
        if view.help_open:
            return self._with_help(scene)
        scene.overlay = overlay_nodes(self._desk, view)
        scene.targets = [_only_told(target) for block in scene.blocks for target in block.targets]
        return scene

    def _with_help(self, scene: Scene) -> Scene:
        """The help is over all and takes every press."""
        era = era_named(self.run.config.kernel)
        scene.overlay = help_nodes(self._desk, self._theme.scrim_alpha, era.parked_are_frozen)
        scene.targets = help_targets(self._desk)
        return scene

    def _cover(self, scene: Scene, laid: _Laid) -> Scene:
        """Lay over it the banner of an error, and what the viewer has asked for."""
        view, state, desk = laid.view, laid.state, self._desk
        if view.help_open:
            return self._with_help(scene)
        last = max(self.run.last_tick, 0)
        scene.overlay, targets = self._overlays.lay(desk, view, state, lambda: self._sight(state, view), last)
        scene.targets = [*scene.targets, *targets]
        if self._errors is not None and _on_stage(view):
            banner, more = self._errors.banner(desk, view, state.tick)
            scene.overlay, scene.targets = [*banner, *scene.overlay], [*scene.targets, *more]
        return scene

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

    def _lay_out(self, state: StageState, view: ViewState, strip: Strip, following: int | None) -> _Laid:
        """Lay out; the same lists while state and view do not change."""
        laid, wanted = self._laid, view
        if laid is None or laid.state is not state or laid.strip is not strip or laid.view != view:
            desk = self._desk_for(view)
            middle, panel, shown = None, None, state
            if view.error_open:
                self._errors = self._errors or self._open_errors()
                shown, view, middle = self._errors.screen(self._desk, state, view)
                shown = self._after_chapter(shown)
            elif view.level is not Level.CACHE:
                sight = self._sight(state, view)
                middle = SCREENS[view.level](desk, sight)
                if view.level in CAPTIONS:
                    shown = self._after_chapter(replace(state, caption=CAPTIONS[view.level](desk, sight)))
            elif view.panel in VIEWS:
                middle = lesson_parts(desk, self._sight(state, view))
            elif view.panel is not Panel.HOLDERS:
                panel = PANELS[view.panel](desk, desk.regions.panel, self._sight(state, view))
            blocks, anchors = lay_out(desk, shown, view, strip, middle, panel or ())
            targets = [target for block in blocks for target in block.targets]
            posts: list[Node] = []
            if middle is None:
                marks = thing_marks(view, anchors, holder_of(state, view.selected))
                posts = [*signs(desk, state, anchors, blocks), *marks]
                targets += self._edge(desk, view, posts)
            if following is not None:
                targets.append(_next_link(desk, following))
            laid = self._laid = _Laid(state, wanted, strip, blocks, anchors, targets, posts, shown.caption)
        return laid

    def _after_chapter(self, state: StageState) -> StageState:
        told = after_chapter(state.caption, self.run, state.tick, self._language, self._tr)
        return state if told is state.caption else replace(state, caption=told)

    def _desk_for(self, view: ViewState) -> Desk:
        railed = view.panel is not Panel.HOLDERS
        key = (railed, view.panel_width if view.level is Level.CACHE else None)
        if key not in self._desks:
            tabs = len(panels()) > 1
            at = regions(*self.page, rail=railed, tabs=tabs, panel_width=key[1])
            self._desks = {(False, None): self._desk, key: Desk(at, self._desk.memo, self._tr)}
        return self._desks[key]

    def _edge(self, desk: Desk, view: ViewState, posts: list[Node]) -> list[Target]:
        """The edge of the right column, which can be dragged; marked while it is pointed at."""
        if not view.controls:
            return []
        x, y, w, h = desk.regions.panel
        command = DragPanel(x + w)
        if command in (view.hover, view.pressed, view.focus):
            posts.append(edge_mark(desk.regions.panel))
        return [Target((x - 8, y, 8, h), command, self._tr("interact.panel_edge"))]

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


def _on_stage(view: ViewState) -> bool:
    """Whether the page shows the stage, with its lanes, node and flights."""
    return view.level is Level.CACHE and view.panel not in VIEWS and not view.error_open


def _only_told(target: Target) -> Target:
    """Of two runs nothing is chosen to be inspected: their slabs have the same numbers. Tooltips stay."""
    return Target(target.rect, None, target.tip) if isinstance(target.command, Pick) else target


def _next_link(desk: Desk, tick: int) -> Target:
    """The right half of the caption's second line, where the next event stands, leads to it."""
    x, y, w, h = desk.regions.caption
    return Target((x + w // 2, y + h * 78 // 100 - 12, w // 2, 24), Seek(tick))
