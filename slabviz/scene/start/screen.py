"""The start screen as a scene."""

from __future__ import annotations

from dataclasses import replace

from slabviz.scene.commands import AskFile, Command, NextLanguage, NextTheme, OpenLesson, Rows, ShowPart
from slabviz.scene.display import Block, Rect, Scene, Target
from slabviz.scene.layout.memo import Memo, Part
from slabviz.scene.layout.sketch import Sketch, Translate
from slabviz.scene.layout.styles import BODY, DIALOG, LABEL, LABEL_STRONG, MARK_STRONG, PANEL, STRONG
from slabviz.scene.start.card import draw_card
from slabviz.scene.start.course import MORE, Course, Lesson, said
from slabviz.scene.start.over import over_nodes
from slabviz.scene.start.places import Places, places
from slabviz.scene.start.view import StartView
from slabviz.scene.widgets.button import RING, Pointing, draw_button

_HIGH = 36


class StartScreen:
    """Makes the scenes of one page, language and scale; the same cards are the same blocks."""

    def __init__(self, page: tuple[int, int], scale: float, memo: Memo, tr: Translate, language: str) -> None:
        self.page, self.scale = page, scale
        self._memo, self._tr, self._language = memo, tr, language

    def places(self, course: Course) -> Places:
        """Where everything stands."""
        return self._memo.value("places", (self.page, _shape(course)), lambda: places(self.page, course))

    def scene(self, course: Course, view: StartView) -> Scene:
        """The whole page, in unscaled px."""
        at, part = self.places(course), Part()
        top = min(view.top, at.last_top)
        for group, lessons in course.groups:
            self._heading(part, at, top, group, lessons)
            for lesson in lessons:
                self._card(part, at, top, lesson, view)
        self._memo.block(part, "scroll", _scroll_rect(at), (top, at.height),
                         lambda sketch: _scroll(sketch, at, top))  # fmt: skip
        buttons = self._buttons(course)
        shown = _pointing(view, frozenset(command for command, _ in buttons))
        self._memo.block(part, "bar", at.bar, (course, shown),
                         lambda sketch: self._bar(sketch, at.bar, course, buttons, shown), "s1")  # fmt: skip
        shown = _pointing(view, frozenset(ShowPart(group) for group, _ in course.groups))
        now = _part_at(at, top)
        self._memo.block(part, "tabs", at.tabs, (course, shown, now),
                         lambda sketch: self._tabs(sketch, at.tabs, course, shown, now), "s1")  # fmt: skip
        self._memo.block(part, "foot", at.foot, None, lambda sketch: self._foot(sketch, at.foot), "s1")
        overlay, covering = over_nodes(self._memo.measure, self._tr, self.page, view)
        targets = covering or _targets(part.blocks, at, top)
        return Scene(self.page, self.scale, part.blocks, [], overlay, targets)

    def _heading(self, part: Part, at: Places, top: int, group: str, lessons: tuple[Lesson, ...]) -> None:
        rect = _scrolled(at, at.headings[group], top)
        if not _meets(rect, at.list):
            return
        done = sum(lesson.standing.done for lesson in lessons)

        def draw(sketch: Sketch) -> None:
            x, y, w, h = rect
            middle = y + h // 2 + 2
            name = self._tr(f"course.part.{group}")
            left = x + sketch.text(x, middle, name if group == MORE else f"{group} · {name}", PANEL, "t1") + 12
            text = self._tr("course.count", done=done, count=len(lessons))
            left += sketch.text(left, middle, text, LABEL, "t2") + 12
            sketch.line(((left, middle), (x + w, middle)), "line")

        self._memo.block(part, ("heading", group), rect, (group, done, len(lessons)), draw)

    def _card(self, part: Part, at: Places, top: int, lesson: Lesson, view: StartView) -> None:
        rect = _scrolled(at, at.cards[lesson.id], top)
        if not _meets(rect, at.list):
            return
        shown = _pointing(view, frozenset([OpenLesson(lesson.id)]))
        area = (rect[0] - RING, rect[1] - RING, rect[2] + 2 * RING, rect[3] + 2 * RING)
        self._memo.block(part, ("card", lesson.id), area, (lesson, shown),
                         lambda sketch: draw_card(sketch, rect, lesson, self._language, self._tr, shown))  # fmt: skip

    def _buttons(self, course: Course) -> tuple[tuple[Command, str], ...]:
        """Command and text, from the right."""
        last = course.find(course.last) if course.last else None
        found: list[tuple[Command, str]] = [
            (NextLanguage(), self._tr("interact.language_sign")), (NextTheme(), ""),
            (AskFile(), self._tr("course.open_file")),
        ]  # fmt: skip
        if last is not None:
            title = said(last.title, self._language)
            found.append((OpenLesson(last.id), self._tr("course.go_on", lesson=last.label, title=title)))
        return tuple(found)

    def _bar(self, sketch: Sketch, rect: Rect, course: Course, buttons: tuple[tuple[Command, str], ...],
             at: Pointing) -> None:  # fmt: skip
        x, y, w, h = rect
        sketch.box(rect, "s1")
        middle, right = y + h // 2, x + w - 16
        for command, text in buttons:
            room = 460 if isinstance(command, OpenLesson) else 300
            wide = min(sketch.measure(text, STRONG) + 32, room) if len(text) > 1 else _HIGH
            place = (right - wide, middle - _HIGH // 2, wide, _HIGH)
            main = isinstance(command, OpenLesson)
            shown = replace(at, focus=None) if main else at  # its lesson's card has the focus, and shows it
            draw_button(sketch, place, command, shown, fill="cache" if main else "s2", stroke="line2")
            colour = "onaccent" if main else "t1"
            if text:
                sketch.text(place[0] + wide // 2, middle, text, STRONG, colour, "m", room=wide - 16)
            else:
                sketch.icon(place[0] + 10, middle, "moon", 16, colour)
            right -= wide + 12
        done = sum(lesson.standing.done for lesson in course.lessons)
        left = x + 16
        sketch.text(left, middle - 12, self._tr("course.title"), DIALOG, "t1", room=right - left)
        about = self._tr("course.about", done=done, count=len(course.lessons))
        sketch.text(left, middle + 14, about, BODY, "t2", room=right - left)
        sketch.targets[:] = [target for target in sketch.targets if target.command is not None]

    def _tabs(self, sketch: Sketch, rect: Rect, course: Course, at: Pointing, now: str) -> None:
        """One for each part of the course; a press turns the list to it."""
        x, y, w, h = rect
        sketch.box(rect, "s1")
        groups = course.groups
        wide = (w - 32) // max(len(groups), 1)
        for number, (group, lessons) in enumerate(groups):
            left = x + 16 + number * wide
            command, chosen = ShowPart(group), group == now
            place = (left, y + 2, wide - 8, h - 8)
            draw_button(sketch, place, command, at, fill="s3" if chosen else "s2", stroke="cache" if chosen else "line")
            done = sum(lesson.standing.done for lesson in lessons)
            share = f"{done}/{len(lessons)}"
            right = sketch.text(left + wide - 18, y + h // 2 - 2, share, LABEL, "t3", "r") + 8
            start = left + 10
            if group != MORE:
                start += sketch.text(start, y + h // 2 - 2, group, MARK_STRONG, "cache") + 8
            style = LABEL_STRONG if chosen else LABEL
            room = left + wide - 18 - right - start
            sketch.text(start, y + h // 2 - 2, self._tr(f"course.part.{group}"), style, "t1", room=room)
        sketch.line(((x, y + h - 1), (x + w, y + h - 1)), "line")
        sketch.targets[:] = [target for target in sketch.targets if target.command is not None]

    def _foot(self, sketch: Sketch, rect: Rect) -> None:
        x, y, w, h = rect
        sketch.box(rect, "s1")
        sketch.line(((x, y), (x + w, y)), "line")
        sketch.text(x + 16, y + h // 2, self._tr("course.keys"), LABEL, "t2", room=w - 32)
        sketch.targets.clear()


def _shape(course: Course) -> tuple[tuple[str, int], ...]:
    return tuple((lesson.id, len(course.lessons)) for lesson in course.lessons)


def _pointing(view: StartView, commands: frozenset[Command]) -> Pointing:
    hover, pressed, focus = (it if it in commands else None for it in (view.hover, view.pressed, view.focus))
    return Pointing(hover, pressed, focus)


def _scrolled(at: Places, rect: Rect, top: int) -> Rect:
    return rect[0], rect[1] + at.list[1] - top, rect[2], rect[3]


def _meets(rect: Rect, area: Rect) -> bool:
    return rect[1] < area[1] + area[3] and rect[1] + rect[3] > area[1]


def _part_at(at: Places, top: int) -> str:
    """The part that the upper edge of the list is in; scrolled to the end, the last one that begins on the page."""
    begun = [group for group in at.headings if at.top_of_part(group) <= top]
    return begun[-1] if begun else next(iter(at.headings), "")


def _scroll_rect(at: Places) -> Rect:
    x, y, w, h = at.list
    return x + w - 11, y, 8, h


def _scroll(sketch: Sketch, at: Places, top: int) -> None:
    x, y, w, h = _scroll_rect(at)
    if at.last_top:
        tall = max(h * h // at.height, 32)
        sketch.box((x, y + 4 + (h - 8 - tall) * top // at.last_top, w - 1, tall), "line2", radius=3)


def _targets(blocks: list[Block], at: Places, top: int) -> list[Target]:
    """What can be pressed; of cards only what is seen of them. The list itself takes the wheel."""
    _, y, _, h = at.list
    found = [Target(at.list, Rows(top, at.last_top))]
    for block in blocks:
        for target in block.targets:
            left, above, wide, tall = target.rect
            if isinstance(target.command, OpenLesson) and block.key != "bar":
                low = min(above + tall, y + h)
                above = max(above, y)
                tall = low - above
            if tall > 0:
                found.append(Target((left, above, wide, tall), target.command, target.tip))
    return found
