"""The player: inputs become commands, commands change playback or view, the picture follows. The clock is here."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

from slabviz.app import hand
from slabviz.app.beside import BESIDE, Beside, Seat
from slabviz.app.comparing import open_compare, toggle_compare
from slabviz.app.deeds import DEEDS, close, copy
from slabviz.app.dressing import DRESSING
from slabviz.app.focus import focus_order
from slabviz.app.keymap import command_of
from slabviz.app.notices import NoticePage, small_notice
from slabviz.app.opening import Load
from slabviz.app.picture import Picture
from slabviz.app.pointer import Pointer
from slabviz.app.reloading import Watch, follow_file, reload
from slabviz.app.screenshot import save_screenshot
from slabviz.app.storyline import Storyline
from slabviz.app.troubles import TROUBLES
from slabviz.app.typed import typed
from slabviz.app.views import VIEWS
from slabviz.errors import OutputError
from slabviz.scene import commands as c
from slabviz.scene.commands import SPEEDS, Command
from slabviz.scene.following import followed
from slabviz.scene.levels import Level, Selected
from slabviz.scene.looks import Looks
from slabviz.scene.notice import Notice, NoticeKind, Problem
from slabviz.scene.things import selected_of
from slabviz.scene.view import ViewState
from slabviz.timeline.playback import Playback
from slabviz.timeline.run import Run
from slabviz.window import (
    CloseRequest,
    Input,
    Key,
    MenuRequest,
    PointerDown,
    PointerMove,
    PointerUp,
    Resized,
    Wheel,
    Window,
)

FRAME_SECONDS = 1 / 60
IDLE_SECONDS = 0.25
"""How long to wait for an input when nothing moves."""
MESSAGE_SECONDS = 3.0
LONGEST_STEP = 0.1
"""A frame that took longer (a window being dragged) does not make the playback jump."""


class Player:
    """Plays one run in one window. ``clock`` gives seconds, ``sleep`` waits; tests give their own.

    ``load`` reads the source again (F5), ``rival`` runs what it can be compared with. ``guarded``: a fault of ours
    becomes a page with a report, not the end. ``seat`` is its place in the course, ``watch`` tells when the source has
    changed on the disk.
    """

    def __init__(
        self, run: Run, window: Window, *, name: str = "slabviz", folder: Path | None = None,
        looks: Looks | None = None, view: ViewState | None = None, load: Load | None = None, guarded: bool = False,
        rival: Callable[[], Run | None] | None = None, seat: Seat | None = None, watch: Watch | None = None,
        clock: Callable[[], float] = time.perf_counter, sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self.run = run
        self.window = window
        self.beside = Beside(run, seat)
        self.playback = Playback(run, stops=self.beside.quiz.stops)
        if seat is not None:
            self.playback.seek(seat.start)
        chosen = replace(view or ViewState(), course=seat is not None)
        self.view = replace(chosen, cache=run.about.stage_cache if chosen.cache is None else chosen.cache)
        self.story = Storyline(run, self.view)
        self.pointer = Pointer()
        self.picture = Picture(run, window.size, looks)
        self.notice: Notice | None = None
        """What is shown instead of the stage."""
        self.report = ""
        """Of the last failure."""
        self.page = NoticePage()
        self.name, self._folder, self.load, self.watch = name, folder or Path.cwd(), load, watch
        self.wish: Command | None = None
        """What is to be done in this window after this player, in place of closing it."""
        self._guarded = guarded
        self._clock, self._sleep = clock, sleep
        self._running = True
        self.full_screen = False
        self._message_until = self.zoomed = 0.0
        self._shown: object = None
        self.rival = rival
        self.other: Run | None = None
        """What to compare with is run only when somebody asks for it."""
        if chosen.compare:
            open_compare(self)

    def now(self) -> float:
        """Seconds of the player's clock."""
        return self._clock()

    @property
    def tick(self) -> int:
        """The tick that is shown."""
        return int(self.playback.position)

    @property
    def seen(self) -> ViewState:
        """The view with the cache and the choice of what is followed."""
        return followed(self.run, self.tick, self.view)

    def play(self) -> None:
        """Until somebody quits or wants something else. But for that the window is closed whatever happens."""
        try:
            before = self._clock()
            while self._running:
                now = self._clock()
                try:
                    self._turn(now, now - before)
                except Exception as error:
                    if not self._guarded:
                        raise
                    self._fail(error)
                before = now
        finally:
            if self.wish is None:
                self.window.close()

    def leave(self, wish: Command) -> None:
        """Stop playing; the window stays for what is wanted instead."""
        self.wish, self._running = wish, False

    def redraw(self) -> None:
        """Draw the next frame even if nothing is different."""
        self._shown = None

    def _turn(self, now: float, elapsed: float) -> None:
        """Once round: time passes, the frame is drawn, inputs are taken."""
        self.playback.advance(min(elapsed, LONGEST_STEP))
        follow_file(self, now)
        self._show(now)
        playing = self.playback.playing
        due = self.pointer.waits(now)
        self._take(self.window.poll(0.0 if playing else IDLE_SECONDS if due is None else min(due, IDLE_SECONDS)))
        if playing:
            self._sleep(max(0.0, FRAME_SECONDS - (self._clock() - now)))

    def _fail(self, error: Exception) -> None:
        """A fault of ours: never a half-drawn stage, but a page that says so."""
        self.playback.pause()
        self.report = "".join(traceback.format_exception(error))
        message = str(error).partition("\n")[0]
        self.notice = Notice(NoticeKind.FAILED, self.name, problems=(Problem(type(error).__name__, message),))

    def _show(self, now: float) -> None:
        """Draw, if anything is different from what is on the screen."""
        notice = self.notice or small_notice(self.window.size)
        if notice is not None:
            shown: object = (notice, self.window.size, self.pointer.hover, self.picture.looks)
            if self._shown != shown:
                self._shown = shown
                self.window.show(self.page.draw(notice, self.window.size, self.picture.looks, self.pointer.hover))
                self.picture.scene, self.picture.is_covered = self.page.scene, True
            return
        self._turn_story()
        self.view = self._as_pointed(now)
        over = self.beside.over(self)
        if self._shown != (self.playback.position, self.view, over):
            self._shown = (self.playback.position, self.view, over)
            self.window.show(self.picture.draw(self.playback.position, self.view, over))

    def _turn_story(self) -> None:
        """What the story shows at this tick, where it has just come to."""
        turned = self.story.turned(replace(self.view, speed=self.playback.speed), self.tick)
        self.view, self.playback.speed = turned, turned.speed

    def _as_pointed(self, now: float) -> ViewState:
        """The view with all that changes by itself: playback, pointer, messages."""
        playback, pointer, covered = self.playback, self.pointer, self.picture.is_covered
        pressed = pointer.pressed.command if pointer.pressed is not None else None
        return replace(
            self.view,
            speed=playback.speed,
            playing=playback.playing,
            at_end=playback.at_end,
            hover=pointer.hover,
            pressed=cast("Command | None", pressed if pointer.dragged is None else pointer.dragged.command),
            tip=None if covered and pointer.thing is not None else pointer.tip(now),
            message=self.view.message if now < self._message_until else "",
            reduced_motion=self.picture.looks.reduced_motion,
        )

    def note(self, key: str, **values: object) -> None:
        """Say something for a moment, by key of the catalogue."""
        self.say(self.picture.tr(key, **values))

    def say(self, text: str) -> None:
        """Say a finished text for a moment."""
        self.view = replace(self.view, message=text)
        self._message_until = self._clock() + MESSAGE_SECONDS
        self._shown = None

    def _take(self, inputs: list[Input]) -> None:
        for each in inputs:
            _TAKES[type(each)](self, each)

    def _key(self, key: Key) -> None:
        if self.notice is not None:
            self._key_on_notice(key)
        elif self.view.entry is not None or self.view.menu is not None:
            wish = typed(self.view, key, len(self.picture.composer.found(self.view).hits))
            if isinstance(wish, ViewState):
                self.view = wish
            elif wish is not None:
                self.obey(wish)
        else:
            plain = not (key.ctrl or key.shift or self.view.help_open)
            command = (self.beside.command_for(self, key.name) if plain else None) or command_of(key)
            if command is not None:
                self.obey(command)

    def _key_on_notice(self, key: Key) -> None:
        """Esc goes back to the stage; F5 tries again; a failure's report can be copied."""
        command = command_of(key)
        if isinstance(command, c.CopyAddress):
            command = c.CopyReport()
        if isinstance(command, c.Close):
            self.notice = self._shown = None
        elif isinstance(command, c.Quit | c.Reload | c.CopyReport | c.FullScreen):
            self.obey(command)

    def _resized(self, size: Resized) -> None:
        if small_notice((size.width, size.height)) is None:
            self.picture.resize((size.width, size.height))
        self._shown = None

    def _closed(self, request: CloseRequest) -> None:
        self._running = False

    def obey(self, command: Command) -> None:
        """Carry a command out; a menu is done with then."""
        _OBEYS[type(command)](self, command)
        if not isinstance(command, c.ShowMenu):
            self.view = replace(self.view, menu=None)

    def _next_target(self, command: c.NextTarget) -> None:
        commands = [each for each, _ in self._focusable()]
        here = commands.index(self.view.focus) if self.view.focus in commands else (-1 if command.step > 0 else 0)
        if commands:
            self.view = replace(self.view, focus=commands[(here + command.step) % len(commands)])

    def _focusable(self) -> tuple[tuple[Command, object], ...]:
        """What Tab goes through, in the order of the page, each once."""
        scene, picture = self.picture.scene, self.picture
        if scene is None:
            return ()
        things = () if picture.is_covered else picture.composer.things
        return focus_order(scene.targets, things, picture.stage)

    def _press(self, command: c.Press) -> None:
        """Press what has the focus; a thing is chosen first, and opened when it is chosen already."""
        focus = self.view.focus
        if isinstance(focus, c.Choose) and selected_of(focus.key) is not None:
            chosen = self.seen.selected == selected_of(focus.key)
            self.obey(c.Open(focus.key) if chosen else focus)
        elif self.view.level is Level.KERNEL and focus in (None, c.ShowCache(self.view.cache or 0)):
            self.obey(c.SetLevel(Level.CACHE))  # in the overview what is chosen is opened
        elif focus is not None:
            self.obey(focus)

    def _change_speed(self, step: int) -> None:
        here = min(range(len(SPEEDS)), key=lambda place: abs(SPEEDS[place] - self.playback.speed))
        self.playback.speed = SPEEDS[min(max(here + step, 0), len(SPEEDS) - 1)]

    def _toggle_play(self, command: c.TogglePlay) -> None:
        """Pause, or play forward."""
        self.beside.pass_on(self)
        if self.playback.playing:
            self.playback.pause()
        else:
            self.playback.play(backward=False)

    def _close(self, command: c.Close) -> None:
        """A card over the lesson first, unless something lies over it."""
        view = self.view
        covered = view.menu is not None or view.entry is not None or view.help_open or view.error_open
        if covered or not self.beside.close(self):
            close(self, command)

    def _set_speed(self, command: c.SetSpeed) -> None:
        self.playback.speed = command.speed

    def dress(self, looks: Looks) -> None:
        """Look otherwise from now on."""
        self.picture.dress(looks)
        self._shown = None

    def _help(self, command: c.ShowHelp) -> None:
        self.view = replace(self.view, help_open=not self.view.help_open, entry=None, menu=None)

    def _copy_report(self, command: c.CopyReport) -> None:
        if self.report:
            copy(self, self.report, self.report.strip().rpartition("\n")[2])

    def _toggle_full_screen(self, command: c.FullScreen) -> None:
        self.full_screen = not self.full_screen
        self.window.full_screen(self.full_screen)
        self.picture.resize(self.window.size)
        self._shown = None

    def _screenshot(self, command: c.Screenshot) -> None:
        view = replace(self.view, tip=None, message="", hover=None, focus=None, menu=None, entry=None)
        try:
            path = save_screenshot(self.picture.draw(self.playback.position, view), self._folder, self.name,
                                   int(self.playback.position))  # fmt: skip
            message = self.picture.tr("app.saved", path=path.name)
        except OutputError as error:
            message = str(error)
        self.say(message)

    def _quit(self, command: c.Quit) -> None:
        self._running = False


_TAKES: dict[type, Callable[..., None]] = {
    Key: Player._key,
    PointerMove: hand.moved,
    PointerDown: hand.down,
    PointerUp: hand.up,
    MenuRequest: hand.menu,
    Wheel: hand.wheel,
    Resized: Player._resized,
    CloseRequest: Player._closed,
}
_OBEYS: dict[type, Callable[..., None]] = {
    c.TogglePlay: Player._toggle_play,
    c.PlayBackward: lambda player, command: player.playback.play(backward=True),
    c.StepTick: lambda player, command: player.playback.step_ticks(command.count),
    c.StepEvent: lambda player, command: player.playback.step_events(command.count, player.seen.cache or 0),
    c.StepChapter: lambda player, command: player.playback.step_chapters(command.count),
    c.Seek: lambda player, command: player.playback.seek(command.tick),
    **DEEDS,
    **VIEWS,
    **TROUBLES,
    **BESIDE,
    c.Close: Player._close,
    c.ToggleCompare: toggle_compare,
    c.Scrub: lambda player, command: None,
    c.DragCard: lambda player, command: None,
    c.Reload: reload,
    c.CopyReport: Player._copy_report,
    c.Home: lambda player, command: player.playback.seek(0),
    c.End: lambda player, command: player.playback.seek(player.playback.last),
    c.SetSpeed: Player._set_speed,
    c.Faster: lambda player, command: player._change_speed(1),
    c.Slower: lambda player, command: player._change_speed(-1),
    c.Pick: lambda player, command: player.obey(c.Select(Selected(command.slab))),
    c.Rows: lambda player, command: None,
    **DRESSING,
    c.ShowHelp: Player._help,
    c.NextTarget: Player._next_target,
    c.Press: Player._press,
    c.FullScreen: Player._toggle_full_screen,
    c.Screenshot: Player._screenshot,
    c.Quit: Player._quit,
}

