"""The start screen on a window that nobody sees."""

from dataclasses import replace

import pytest

from slabviz.app.start import StartPage, StartPicture
from slabviz.library.course import course, details
from slabviz.scene.commands import AskFile, OpenLesson, ShowPart
from slabviz.scene.display import Text
from slabviz.scene.looks import Looks
from slabviz.scene.start.course import Course, Standing
from slabviz.scene.start.view import StartView
from slabviz.window import FileDropped, Input, Key, PointerDown, PointerMove, PointerUp, Resized, Wheel
from slabviz.window.null import NullWindow

SIZES = [(1280, 720), (1600, 900), (1920, 1080)]


@pytest.fixture(scope="module")
def whole() -> Course:
    found = course()
    for lesson in found.lessons:
        found = found.with_details(lesson.id, details(lesson))
    return found.standing_at({"A1": Standing(True), "D1": Standing(False, 320)}, "D1")


def page(script: list[list[Input]], made: Course, size: tuple[int, int] = (1280, 720)) -> tuple[StartPage, NullWindow]:
    window = NullWindow(script, size)
    return StartPage(window, Looks(), made), window


def place(it: StartPage, command: object) -> tuple[int, int]:
    """The middle of what can be pressed, as it is before the script begins."""
    it.picture.draw(it.course, it.view)
    assert it.picture.scene is not None
    x, y, w, h = next(target.rect for target in it.picture.scene.targets if target.command == command)
    return x + w // 2, y + h // 2


def click(x: int, y: int) -> list[list[Input]]:
    return [[PointerMove(x, y)], [PointerDown(x, y)], [PointerUp(x, y)]]


def test_the_screen_stands_before_any_lesson_has_been_read() -> None:
    seen: list[int] = []
    made = course()
    it, window = page([[]] * 3, made)
    window.show = lambda frame: seen.append(sum(lesson.details is not None for lesson in it.course.lessons))  # type: ignore[method-assign]
    assert it.ask() is None
    assert seen[:3] == [0, 1, 2]  # one more with each frame


def test_enter_opens_what_the_arrows_have_chosen(whole: Course) -> None:
    fresh = replace(whole, last="")
    assert page([[Key("enter")]], fresh)[0].ask() == OpenLesson("A1")
    assert page([[Key("right")], [Key("right")], [Key("enter")]], fresh)[0].ask() == OpenLesson("A3")
    below = page([[Key("down")], [Key("enter")]], fresh)[0]
    columns = below.picture.screen.places(fresh).columns
    assert below.ask() == OpenLesson(f"A{1 + columns}")
    assert page([[Key("left")], [Key("up")], [Key("space")]], fresh)[0].ask() == OpenLesson("A1")


def test_where_one_left_off_is_chosen_and_in_sight(whole: Course) -> None:
    it, _ = page([[Key("enter")]], whole)
    _, y = place(it, OpenLesson("D1"))
    assert 100 < y < 700
    assert it.ask() == OpenLesson("D1")


def test_a_click_opens_and_a_drag_away_does_not(whole: Course) -> None:
    it, window = page([], replace(whole, last=""))
    x, y = place(it, OpenLesson("A2"))
    window._script = iter([[PointerMove(x, y)], [PointerDown(x, y)], [PointerUp(5, 5)], *click(x, y)])
    assert it.ask() == OpenLesson("A2")
    assert it.view.hover == OpenLesson("A2")


def test_a_letter_or_a_tab_turns_to_a_part(whole: Course) -> None:
    it, window = page([[Key("g")], [Key("enter")]], whole)
    assert it.ask() == OpenLesson("G1")
    it, window = page([], whole)
    window._script = iter([*click(*place(it, ShowPart("C"))), [Key("enter")]])
    assert it.ask() == OpenLesson("C1")
    assert it.view.top > 0


def test_wheel_and_keys_turn_the_list_within_its_ends(whole: Course) -> None:
    it, _ = page([[Wheel(600, 400, -1)]], replace(whole, last=""))
    it.ask()
    assert it.view.top > 0
    it, _ = page([[Wheel(600, 400, 5)], [Key("page_up")]], replace(whole, last=""))
    it.ask()
    assert it.view.top == 0
    it, _ = page([[Key("end")], [Key("page_down")]], replace(whole, last=""))
    it.ask()
    assert it.view.top == it.picture.screen.places(it.course).last_top


def test_tab_goes_through_every_card_and_button_once(whole: Course) -> None:
    it, _ = page([], whole)
    it.picture.draw(it.course, it.view)
    seen = []
    for _ in range(len(whole.lessons) + 20):
        it._key(Key("tab"))
        it.picture.draw(it.course, it.view)
        seen.append(it.view.focus)
    assert {OpenLesson(lesson.id) for lesson in whole.lessons} | {AskFile(), ShowPart("A")} <= set(seen)


def test_a_path_is_typed_with_its_capitals_or_dropped(whole: Course) -> None:
    letters: list[list[Input]] = [[Key(letter.lower(), text=letter)] for letter in "My.yamlx"]
    assert page([[Key("/")], *letters, [Key("backspace")], [Key("enter")]], whole)[0].ask() == "My.yaml"
    assert page([[FileDropped("/a/B.yaml")]], whole)[0].ask() == "/a/B.yaml"
    assert page([[Key(each)] for each in ("/", *"fork", "enter")], whole)[0].ask() == OpenLesson("D1")
    it, _ = page([[Key("/")], [Key("x")], [Key("escape")], [Key("q", ctrl=True)]], whole)
    assert it.ask() is None
    assert it.view.entry is None


def test_looks_change_and_sizes_are_taken(whole: Course) -> None:
    it, _ = page([[Key("t")], [Key("z")], [Resized(300, 100)], [Resized(1600, 900)]], whole)
    it.ask()
    assert (it.looks.theme, it.looks.language) == ("light", "zh_CN")
    assert it.picture.size == (1600, 900)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_text_is_large_enough_and_inside_its_card(size: tuple[int, int], language: str, whole: Course) -> None:
    picture = StartPicture(size, Looks(language=language))
    at = picture.screen.places(whole)
    for top in range(0, at.last_top + 1, 400):
        picture.draw(whole, StartView(top=top))
        assert picture.scene is not None
        for block in picture.scene.blocks:
            x, _, w, _ = block.rect
            for node in block.nodes:
                if isinstance(node, Text):
                    assert node.style.size >= 12
                    wide = picture.painter.measure(node.text, node.style)
                    left = node.x - {"l": 0, "m": wide // 2, "r": wide}[node.anchor]
                    assert x <= left <= left + wide <= x + w, node.text


def test_cards_never_overlap_and_all_can_be_reached(whole: Course) -> None:
    for size in SIZES:
        at = StartPicture(size, Looks()).screen.places(whole)
        rects = [*at.cards.values(), *at.headings.values()]
        assert len(at.cards) == len(whole.lessons)
        for number, (x, y, w, h) in enumerate(rects):
            assert all(x + w <= a or a + c <= x or y + h <= b or b + d <= y for a, b, c, d in rects[number + 1 :])
        for lesson, (_, y, _, h) in at.cards.items():
            top = at.top_showing(lesson, 0)
            assert top <= y
            assert y + h <= top + at.list[3]
