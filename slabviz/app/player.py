"""The player: inputs become commands, commands change playback or view, the picture follows. The clock is here."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

from slabviz.app.keymap import command_of
from slabviz.app.picture import Picture
from slabviz.app.pointer import Pointer, rows_at
from slabviz.app.screenshot import save_screenshot
from slabviz.errors import OutputError, SlabvizError
from slabviz.i18n import Catalogue, languages
from slabviz.scene import commands as c
from slabviz.scene.commands import SPEEDS, Command
from slabviz.scene.display import Target
from slabviz.scene.inspect.choose import next_of
from slabviz.scene.lessons import VIEWS
from slabviz.scene.levels import Level, Panel, Selected
from slabviz.scene.looks import Looks
from slabviz.scene.screens import levels
from slabviz.scene.theme import names as themes
from slabviz.scene.view import Tip, ViewState
from slabviz.timeline.playback import Playback
from slabviz.timeline.run import Run
from slabviz.window import CloseRequest, Input, Key, PointerDown, PointerMove, PointerUp, Resized, Wheel, Window

FRAME_SECONDS = 1 / 60
IDLE_SECONDS = 0.25
"""How long to wait for an input when nothing moves."""
MESSAGE_SECONDS = 3.0
LONGEST_STEP = 0.1
"""A frame that took longer (a window being dragged) does not make the playback jump."""
TICKS_PER_NOTCH = 1
ROWS_PER_NOTCH = 3


class Player:
    """Plays one run in one window. ``clock`` gives seconds, ``sleep`` waits; tests give their own."""

    def __init__(
        self, run: Run, window: Window, *, name: str = "slabviz", folder: Path | None = None,
        looks: Looks | None = None, view: ViewState | None = None, rival: Callable[[], Run] | None = None,
        clock: Callable[[], float] = time.perf_counter, sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self.run = run
        self.window = window
        self.playback = Playback(run)
        chosen = view or ViewState()
        self.view = replace(chosen, cache=run.about.stage_cache if chosen.cache is None else chosen.cache)
        self.pointer = Pointer()
        self.picture = Picture(run, window.size, looks)
        self._rival = rival
        self._other: Run | None = None
        """What to compare with is run only when somebody asks for it."""
        self._name, self._folder = name, folder or Path.cwd()
        self._clock, self._sleep = clock, sleep
        self._running = True
        self._full_screen = False
        self._message_until = 0.0
        self._shown: tuple[float, ViewState] | None = None
        if chosen.compare:
            self._open_compare()

    def play(self) -> None:
        """Until somebody quits. The window is closed whatever happens."""
        try:
            before = self._clock()
            while self._running:
                now = self._clock()
                self.playback.advance(min(now - before, LONGEST_STEP))
                before = now
                self._show(now)
                self._take(self.window.poll(0.0 if self.playback.playing else IDLE_SECONDS))
                if self.playback.playing:
                    self._sleep(max(0.0, FRAME_SECONDS - (self._clock() - now)))
        finally:
            self.window.close()

    def _show(self, now: float) -> None:
        """Draw, if anything is different from what is on the screen."""
        playback, pointer = self.playback, self.pointer
        tip = pointer.over.tip if pointer.over is not None and pointer.tip_due(now) else ""
        self.view = replace(
            self.view,
            speed=playback.speed,
            playing=playback.playing,
            at_end=playback.at_end,
            hover=pointer.hover,
            pressed=None if pointer.pressed is None else cast("Command", pointer.pressed.command),
            tip=Tip(pointer.x, pointer.y, tip) if tip else None,
            message=self.view.message if now < self._message_until else "",
        )
        if self._shown != (playback.position, self.view):
            self._shown = (playback.position, self.view)
            self.window.show(self.picture.draw(playback.position, self.view))

    def _take(self, inputs: list[Input]) -> None:
        for each in inputs:
            _TAKES[type(each)](self, each)

    def _key(self, key: Key) -> None:
        command = command_of(key)
        if command is not None:
            self.obey(command)

    def _moved(self, at: PointerMove) -> None:
        self.pointer.move(self.picture.scene, at.x, at.y, self._clock())
        if self.pointer.scrubbing is not None:
            self.playback.seek(self.pointer.scrubbing.tick_at(self.pointer.x))

    def _down(self, at: PointerDown) -> None:
        self.pointer.move(self.picture.scene, at.x, at.y, self._clock())
        over = self.pointer.over
        if over is not None and isinstance(over.command, c.Scrub):
            if not at.shift:  # Shift + drag will choose a range
                self.pointer.scrubbing = over.command
                self.playback.seek(over.command.tick_at(self.pointer.x))
        else:
            self.pointer.pressed = over

    def _up(self, at: PointerUp) -> None:
        self.pointer.move(self.picture.scene, at.x, at.y, self._clock())
        pressed, self.pointer.pressed, self.pointer.scrubbing = self.pointer.pressed, None, None
        if pressed is not None and self.pointer.hover == pressed.command:
            command = cast("Command", pressed.command)
            if isinstance(command, c.Pick):
                command = c.Select(command.at(self.pointer.x, self.pointer.y))
            self.obey(command)

    def _wheel(self, turn: Wheel) -> None:
        self.pointer.move(self.picture.scene, turn.x, turn.y, self._clock())
        if isinstance(self.pointer.hover, c.Scrub):
            self.playback.step_ticks(-turn.notches * TICKS_PER_NOTCH)
        else:
            self._scroll(rows_at(self.picture.scene, self.pointer.x, self.pointer.y), -turn.notches * ROWS_PER_NOTCH)

    def _scroll(self, rows: c.Rows | None, count: int) -> None:
        """Turn a list, as far as it goes."""
        if rows is not None:
            here = rows.first if self.view.scroll is None else self.view.scroll
            self.view = replace(self.view, scroll=min(max(here + count, 0), rows.last))

    def _scroll_open(self, command: c.Scroll) -> None:
        scene = self.picture.scene
        targets = scene.targets if scene is not None else []
        rows = next((each.command for each in targets if isinstance(each.command, c.Rows)), None)
        self._scroll(rows, command.rows)

    def _resized(self, size: Resized) -> None:
        self.picture.resize((size.width, size.height))
        self._shown = None

    def _closed(self, request: CloseRequest) -> None:
        self._running = False

    def obey(self, command: Command) -> None:
        """Carry a command out."""
        _OBEYS[type(command)](self, command)

    def _next_target(self, command: c.NextTarget) -> None:
        targets = self._pressable()
        commands = [target.command for target in targets]
        here = commands.index(self.view.focus) if self.view.focus in commands else (-1 if command.step > 0 else 0)
        if targets:
            self.view = replace(self.view, focus=cast("Command", commands[(here + command.step) % len(commands)]))

    def _pressable(self) -> list[Target]:
        """What Tab goes through: every target once, in the order of the page; not the timeline's strip, nor lists."""
        scene = self.picture.scene
        seen: dict[object, Target] = {}
        for target in scene.targets if scene is not None else []:
            if target.command is not None and not isinstance(target.command, c.Scrub | c.Rows):
                seen.setdefault(target.command, target)
        return list(seen.values())

    def _press(self, command: c.Press) -> None:
        """In the overview what is chosen is opened, unless the keyboard is on something else."""
        focus = self.view.focus
        if self.view.level is Level.KERNEL and focus in (None, c.ShowCache(self.view.cache or 0)):
            self.obey(c.SetLevel(Level.CACHE))
        elif focus is not None:
            self.obey(focus)

    def _change_speed(self, step: int) -> None:
        here = min(range(len(SPEEDS)), key=lambda place: abs(SPEEDS[place] - self.playback.speed))
        self.playback.speed = SPEEDS[min(max(here + step, 0), len(SPEEDS) - 1)]

    def _toggle_play(self, command: c.TogglePlay) -> None:
        """Pause, or play forward."""
        if self.playback.playing:
            self.playback.pause()
        else:
            self.playback.play(backward=False)

    def _set_speed(self, command: c.SetSpeed) -> None:
        self.playback.speed = command.speed

    def _next_cache(self, command: c.NextCache) -> None:
        cache = ((self.view.cache or 0) + command.step) % len(self.run.config.caches)
        self.view = replace(self.view, cache=cache, selected=None, scroll=None)

    def _show_cache(self, command: c.ShowCache) -> None:
        self.view = replace(self.view, cache=command.cache, selected=None, scroll=None)

    def _toggle_compare(self, command: c.ToggleCompare) -> None:
        if self.view.compare:
            self._close_compare()
        else:
            self._open_compare()

    def _open_compare(self) -> None:
        """Show both runs; say so where there is no other, or it cannot be run."""
        try:
            if self._other is None and self._rival is not None:
                self._other = self._rival()
        except SlabvizError as error:
            self._say(str(error))
        else:
            if self._other is None:
                self._say(Catalogue(self.picture.looks.language).tr("compare.nothing"))
            else:
                self.picture.compare_with(self._other)
                self.playback.other = self._other
        self.view = replace(self.view, compare=self.playback.other is not None)

    def _close_compare(self) -> None:
        self.playback.other = None
        self.playback.seek(self.playback.position)
        self.view = replace(self.view, compare=False)

    def _set_level(self, command: c.SetLevel) -> None:
        self._close_compare()
        self.view = replace(self.view, level=command.level, scroll=None, error_open=False)

    def _show_group(self, command: c.ShowGroup) -> None:
        self.view = replace(self.view, group=command.group)

    def _set_panel(self, command: c.SetPanel) -> None:
        self.view = replace(self.view, panel=command.panel, page=0)

    def _next_lesson(self, command: c.NextLesson) -> None:
        known = list(VIEWS)
        here = known.index(self.view.panel) if self.view.panel in known else -1
        self.view = replace(self.view, panel=known[(here + 1) % len(known)], level=Level.CACHE, page=0)

    def _show_report(self, command: c.ShowReport) -> None:
        self.view = replace(self.view, panel=Panel.TEXT, report=command.report, page=0)

    def _turn_page(self, command: c.TurnPage) -> None:
        self.view = replace(self.view, page=command.page)

    def _select(self, command: c.Select) -> None:
        self.view = replace(self.view, selected=command.selected, scroll=None)

    def _pick_of(self, command: c.PickOf) -> None:
        machine = self.run.machine_at(int(self.playback.position))
        found = next_of(machine, machine.caches[self.view.cache or 0], command.actor, self.view.selected)
        if found is not None:
            self._select(c.Select(found))

    def _zoom(self, step: int) -> None:
        """To the next level that there is in this direction, if there is one."""
        known = levels()
        place = known.index(self.view.level) + step
        self._close_compare()
        if 0 <= place < len(known):
            self.view = replace(self.view, level=known[place], scroll=None)

    def _dress(self, looks: Looks) -> None:
        self.picture.dress(looks)
        self._shown = None

    def _next_theme(self, command: c.NextTheme) -> None:
        looks = self.picture.looks
        self._dress(replace(looks, theme=_after(looks.theme, themes())))

    def _next_language(self, command: c.NextLanguage) -> None:
        looks = self.picture.looks
        self._dress(replace(looks, language=_after(looks.language, languages())))

    def _toggle_motion(self, command: c.ToggleMotion) -> None:
        looks = self.picture.looks
        self._dress(replace(looks, reduced_motion=not looks.reduced_motion))

    def _help(self, command: c.ShowHelp) -> None:
        self.view = replace(self.view, help_open=not self.view.help_open)

    def _close_overlay(self, command: c.Close) -> None:
        """The help, else the error screen, else the banner of an error."""
        if self.view.compare and not self.view.help_open:
            self._close_compare()
        view = replace(self.view, focus=None, group=None)
        scene = self.picture.scene
        if view.help_open:
            view = replace(view, help_open=False)
        elif view.error_open:
            view = replace(view, error_open=False)
        else:
            shown = (target.command for target in (scene.targets if scene is not None else []))
            closes = next((each for each in shown if isinstance(each, c.CloseError)), None)
            view = replace(view, error_closed=view.error_closed if closes is None else closes.number)
        self.view = view

    def _show_error(self, command: c.ShowError) -> None:
        self.view = replace(self.view, error_open=not self.view.error_open, fix_open=False)

    def _show_fix(self, command: c.ShowFix) -> None:
        self.view = replace(self.view, fix_open=not self.view.fix_open)

    def _close_error(self, command: c.CloseError) -> None:
        self.view = replace(self.view, error_closed=command.number, fix_open=False)

    def _toggle_full_screen(self, command: c.FullScreen) -> None:
        self._full_screen = not self._full_screen
        self.window.full_screen(self._full_screen)
        self.picture.resize(self.window.size)
        self._shown = None

    def _screenshot(self, command: c.Screenshot) -> None:
        view = replace(self.view, tip=None, message="", hover=None, focus=None)
        try:
            path = save_screenshot(self.picture.draw(self.playback.position, view), self._folder, self._name,
                                   int(self.playback.position))  # fmt: skip
            message = Catalogue(self.picture.looks.language).tr("app.saved", path=path.name)
        except OutputError as error:
            message = str(error)
        self._say(message)

    def _say(self, message: str) -> None:
        """Show a note for a moment."""
        self.view = replace(self.view, message=message)
        self._message_until = self._clock() + MESSAGE_SECONDS
        self._shown = None

    def _quit(self, command: c.Quit) -> None:
        self._running = False


_TAKES: dict[type, Callable[..., None]] = {
    Key: Player._key,
    PointerMove: Player._moved,
    PointerDown: Player._down,
    PointerUp: Player._up,
    Wheel: Player._wheel,
    Resized: Player._resized,
    CloseRequest: Player._closed,
}
_OBEYS: dict[type, Callable[..., None]] = {
    c.TogglePlay: Player._toggle_play,
    c.PlayBackward: lambda player, command: player.playback.play(backward=True),
    c.StepTick: lambda player, command: player.playback.step_ticks(command.count),
    c.StepEvent: lambda player, command: player.playback.step_events(command.count, player.view.cache or 0),
    c.StepChapter: lambda player, command: player.playback.step_chapters(command.count),
    c.Seek: lambda player, command: player.playback.seek(command.tick),
    c.Scrub: lambda player, command: None,
    c.Home: lambda player, command: player.playback.seek(0),
    c.End: lambda player, command: player.playback.seek(player.playback.last),
    c.SetSpeed: Player._set_speed,
    c.Faster: lambda player, command: player._change_speed(1),
    c.Slower: lambda player, command: player._change_speed(-1),
    c.NextCache: Player._next_cache,
    c.ShowCache: Player._show_cache,
    c.SetLevel: Player._set_level,
    c.ShowGroup: Player._show_group,
    c.SetPanel: Player._set_panel,
    c.NextLesson: Player._next_lesson,
    c.ShowReport: Player._show_report,
    c.TurnPage: Player._turn_page,
    c.Select: Player._select,
    c.Pick: lambda player, command: player.obey(c.Select(Selected(command.slab))),
    c.PickOf: Player._pick_of,
    c.Rows: lambda player, command: None,
    c.Scroll: Player._scroll_open,
    c.ZoomIn: lambda player, command: player._zoom(1),
    c.ZoomOut: lambda player, command: player._zoom(-1),
    c.ToggleCompare: Player._toggle_compare,
    c.NextTheme: Player._next_theme,
    c.NextLanguage: Player._next_language,
    c.ToggleMotion: Player._toggle_motion,
    c.ShowHelp: Player._help,
    c.Close: Player._close_overlay,
    c.ShowError: Player._show_error,
    c.ShowFix: Player._show_fix,
    c.CloseError: Player._close_error,
    c.NextTarget: Player._next_target,
    c.Press: Player._press,
    c.FullScreen: Player._toggle_full_screen,
    c.Screenshot: Player._screenshot,
    c.Quit: Player._quit,
}


def _after(chosen: str, names: tuple[str, ...]) -> str:
    return names[(names.index(chosen) + 1) % len(names)]


def play(
    run: Run, size: tuple[int, int] = (1280, 720), name: str = "slabviz", looks: Looks | None = None,
    view: ViewState | None = None, rival: Callable[[], Run] | None = None,
) -> None:  # fmt: skip
    """Open a window and play a run in it until somebody quits; ``rival`` makes the run to compare it with.

    Raises SlabvizError when no window can be opened.
    """
    from slabviz.window.screen import Screen

    spoken = (looks or Looks()).language.partition("_")[0]
    title = run.about.title.get(spoken) or run.about.title.get("en", name)
    Player(run, Screen(f"{title} · slabviz", size), name=name, looks=looks, view=view, rival=rival).play()
