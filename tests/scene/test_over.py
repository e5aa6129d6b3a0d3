"""The cards over a lesson: every word inside its card, large enough, in both languages and on every page."""

import pytest

from slabviz.i18n import Catalogue
from slabviz.render.fonts import Fonts, TextMeasure
from slabviz.scene.commands import Answer, Close, Rest, ShowCourse, TogglePlay, TurnLesson
from slabviz.scene.display import Rect, Target, Text
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Memo
from slabviz.scene.layout.regions import regions
from slabviz.scene.notice import Problem
from slabviz.scene.over.cards import over_nodes
from slabviz.scene.over.state import Asking, Faults, Over, Recap
from slabviz.scene.view import ViewState

LONG = "Who gets the object that the interrupt has just given back while the task was asleep on another CPU? " * 2
LINE = "   7 |   a: {program: [" + "{alloc: {cache: thing}}, " * 6 + "{alloc: {cache: thnig}}]}"
CARET = "     |".ljust(LINE.index("thnig")) + "^^^^^"
CASES = [
    Over(recap=Recap("C10", "Wrong free: corruption, and much more to say of it", "C11 Right and wrong", 5, 3)),
    Over(recap=Recap("oom", "Out of memory")),
    Over(asking=Asking(LONG, tuple(f"{LONG[:70]} {number}" for number in range(5)))),
    Over(asking=Asking("谁会得到中断刚刚归还的那个对象？" * 6, ("在节点的 partial 链表上",) * 4, right=2, answered=1)),
    Over(asking=Asking("Short?", ("yes", "no"), controls=False)),
    Over(faults=Faults("x", (Problem("x.yaml:7:99", LONG, f"{LINE}\n{CARET}\n  help: x"),) * 9)),
    Over(faults=Faults("x", (Problem("", LONG * 4, f"{LINE}\n{CARET}\n  help: x"),) * 9)),
]


def laid(over: Over, size: tuple[int, int], language: str) -> tuple[list[Text], list[Target], TextMeasure]:
    measure = TextMeasure(Fonts(), 1.0)
    desk = Desk(regions(*size, tabs=True), Memo(measure), Catalogue(language).tr)
    nodes, targets = over_nodes(desk, over, ViewState())
    return [node for node in nodes if isinstance(node, Text)], targets, measure


def card(targets: list[Target]) -> Rect:
    return next(target.rect for target in targets if target.command == Rest())


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("over", CASES)
def test_every_word_stands_inside_its_card(over: Over, size: tuple[int, int], language: str) -> None:
    texts, targets, measure = laid(over, size, language)
    x, y, w, h = card(targets)
    assert 0 <= x <= x + w <= size[0]
    assert y >= 0
    assert y + h <= regions(*size).timeline[1]
    spans = []
    for text in texts:
        assert text.style.size >= 12
        wide = measure(text.text, text.style)
        left = text.x - {"l": 0, "m": wide // 2, "r": wide}[text.anchor]
        assert x <= left <= left + wide <= x + w, text.text
        assert y <= text.y - 6 <= text.y + 6 <= y + h, text.text
        spans.append((left, text.y, left + wide))
    for number, (left, middle, right) in enumerate(spans):
        others = spans[number + 1 :]
        assert all(abs(middle - y) >= 12 or right <= first or last <= left for first, y, last in others)


def test_each_card_offers_what_it_says() -> None:
    offered = [{target.command for target in laid(over, (1280, 720), "en")[1]} for over in CASES]
    assert {TurnLesson(1), ShowCourse(), Close()} <= offered[0]
    assert TurnLesson(1) not in offered[1]
    assert {*map(Answer, range(5)), TogglePlay()} <= offered[2]
    assert Answer(0) not in offered[3]  # one answer is enough
    assert offered[4] == {Rest()}


def test_the_caret_of_a_far_mistake_stands_under_its_word() -> None:
    texts = [text.text for text in laid(CASES[5], (1280, 720), "en")[0]]
    line = next(text for text in texts if "thnig" in text)
    caret = next(text for text in texts if text.endswith("^^^^^"))
    assert line[caret.index("^") : caret.index("^") + 5] == "thnig"
