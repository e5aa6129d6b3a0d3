"""The keys of ``chapters`` and ``expect``."""

from __future__ import annotations

import re
from typing import Any

from slabviz.errors import Place
from slabviz.model.events.statistics import STATISTICS
from slabviz.scenario.diagnostics import nearest, one_of
from slabviz.scenario.measures import MEASURES, OF_CPUS
from slabviz.scenario.quantities import CPU, TEXT, TEXTS, TRUTH, WORD, declared, keyword, ticks
from slabviz.scenario.schema import Key, Reading, Shape, Type, as_scalar, as_table, list_of, read_shape
from slabviz.scenario.show_shapes import SHOW
from slabviz.scenario.story import (
    ChapterSpec,
    Comparison,
    EventTest,
    ExpectAt,
    ExpectCounter,
    ExpectEver,
    ExpectOften,
    ExpectText,
    ShowSpec,
    Span,
    StateTest,
    Test,
)  # fmt: skip
from slabviz.scenario.tallies import EVENTS
from slabviz.scenario.tree import Node, Scalar
from slabviz.timeline.showing import REPORTS

_COMPARISON = re.compile(r"(<=|>=|==|!=|<|>)?\s*([0-9]{1,12})( ?%)?")


def _compare(reading: Reading, node: Node, percent: bool) -> Comparison:
    label = 'a share to compare with, as `"> 60 %"`' if percent else 'a number to compare with, as `0` or `">= 30"`'
    match = _COMPARISON.fullmatch(as_scalar(reading, node, label).text)
    if not match or bool(match[3]) != percent:
        raise reading.refuse(node, "comparison", f"{label} is needed here")
    if len(match[2]) > 1 and match[2].startswith("0"):
        raise reading.refuse(node, "yaml-trap", f"`{match[2]}` begins with 0", f"write `{int(match[2])}`")
    return Comparison(match[1] or "==", int(match[2]))


COMPARISON = Type('a number, or a comparison as `">= 30"`', lambda reading, node: _compare(reading, node, False))
SHARE = Type('a share, as `"> 60 %"`', lambda reading, node: _compare(reading, node, True))


def _tick_or_end(reading: Reading, node: Node) -> int | None:
    if isinstance(node, Scalar) and node.text == "end":
        return None
    tick: int = ticks().read(reading, node)
    return tick


def _span(reading: Reading, node: Node) -> Span:
    if isinstance(node, Scalar) and node.text == "all":
        return Span(0, None)
    span: Span = read_shape(reading, node, SPAN)
    return span


SPAN = Shape("over", "A part of the run.", Span, (
    Key("from", ticks(), "its first tick", 0, field="first", shown_default="0 ticks"),
    Key("until", ticks(), "its last tick", field="last", shown_default="the end"),
))  # fmt: skip

OVER = Key(
    "over", Type("`all`, or `{from: 100 ticks, until: 300 ticks}`", _span), "which part of the run", Span(0, None),
    shown_default="`all`",
)  # fmt: skip
CACHE = Key("cache", declared("caches"), "only this cache", shown_default="all of them together")

ON_CPU = Key("cpu", CPU, f"only on this CPU; of the measures only {one_of(OF_CPUS)}",
             shown_default="all of them together")  # fmt: skip
MARKED = Key("mark", TEXT, "a `mark` step with this text is carried out")

_MEASURE_KEYS = tuple(Key(name, COMPARISON, measure.help) for name, measure in MEASURES.items())


def _state_tests(cache: str | None, cpu: int | None, values: dict[str, Any]) -> tuple[StateTest, ...]:
    return tuple(StateTest(name, cache, values[name], cpu) for name in MEASURES if values[name] is not None)


def _at(place: Place, at: int | None, cache: str | None, cpu: int | None, **values: Comparison | None) -> ExpectAt:
    return ExpectAt(place, at, _state_tests(cache, cpu, values))


def _often(
    place: Place, over: Span, cache: str | None, cpu: int | None, stat: str | None, event: str | None,
    mark: str | None, count: Comparison | None, share: Comparison | None,
) -> ExpectOften:  # fmt: skip
    comparison = count or share
    assert comparison is not None  # `one_of` of the shape
    test = EventTest(stat or event or "mark", cache, cpu, mark)
    return ExpectOften(place, over, test, comparison, share is not None)


def _tests(
    cache: str | None, cpu: int | None, event: str | None, mark: str | None, **values: Comparison | None
) -> tuple[Test, ...]:  # fmt: skip
    happened = () if event is None else (EventTest(event, cache, cpu),)
    marked = () if mark is None else (EventTest("mark", None, cpu, mark),)
    return (*happened, *marked, *_state_tests(cache, cpu, values))


EVENT_NAME = keyword((*EVENTS, *STATISTICS))

TEST = Shape("test", "Something that can be true of a moment.", _tests, (
    Key("event", EVENT_NAME, "it happens now"), MARKED, CACHE, ON_CPU, *_MEASURE_KEYS,
))  # fmt: skip

AT = Shape("expect", "Numbers of one moment.", _at, (
    Key("at", Type("`end` or ticks", _tick_or_end), "the moment", required=True), CACHE, ON_CPU, *_MEASURE_KEYS,
), placed=True)  # fmt: skip

DMESG = "dmesg"
"""What the kernel has printed, as a report of a moment."""

REPORTED = Shape("expect", "What a report says at one moment, as a kernel would print it.", ExpectText, (
    Key("at", Type("`end` or ticks", _tick_or_end), "the moment", required=True, field="tick"),
    Key("report", keyword((*REPORTS, DMESG)), "the report; `dmesg` is all that was printed so far", required=True),
    Key("cache", declared("caches"), "the cache that `sysfs` and `stats` are about"),
    Key("contains", list_of(TEXT, 1), "these texts are in it", ()),
    Key("lacks", list_of(TEXT, 1), "these texts are not in it", ()),
    Key("line", list_of(TEXT, 1), "it has a line that begins with these words, `*` for any word: "
        "`kmalloc-64 * * 64`", (), field="lines"),
), placed=True, some_of=("contains", "lacks", "line"))  # fmt: skip

_EXCLUSIVE = (("mark", "share"),)
OFTEN = Shape("expect", "How often something happened.", _often, (
    Key("over", OVER.type, OVER.help, required=True), CACHE, ON_CPU,
    Key("stat", keyword(STATISTICS), "a statistic of the kernel"), Key("event", keyword(EVENTS), "an event"), MARKED,
    Key("count", COMPARISON, "how often"), Key("share", SHARE, "percent of all allocations, or of all frees"),
), placed=True, one_of=(("stat", "event", "mark"), ("count", "share")), at_most_one_of=_EXCLUSIVE)  # fmt: skip

COUNTER = Shape("expect", "A counter at the end.", ExpectCounter, (
    Key("counter", WORD, "a counter of a `count` step", required=True),
    Key("value", COMPARISON, "what it has counted", required=True, field="comparison"),
), placed=True)  # fmt: skip


def _ever(mode: str) -> Shape:
    def make(place: Place, over: Span, **test: tuple[Test, ...]) -> ExpectEver:
        return ExpectEver(place, mode, over, test[mode])

    help = {"always": "It holds at every tick.", "never": "It holds at no tick.", "sometime": "It holds at some tick."}
    return Shape("expect", help[mode], make, (Key(mode, TEST.type(), "what", required=True), OVER), placed=True)


EXPECTATIONS = {"report": REPORTED, "at": AT,
                "always": _ever("always"), "never": _ever("never"), "sometime": _ever("sometime"),
                "counter": COUNTER, "over": OFTEN}  # fmt: skip
"""Each form of an expectation by the key that tells it, which another one may have too: the first one counts."""


def _expectation(reading: Reading, node: Node) -> Any:
    table = as_table(reading, node, "expect")
    given = [entry.key.text for entry in table.entries]
    form = next((name for name in EXPECTATIONS if name in given), None)
    if form is None:
        hint = nearest(given[0], EXPECTATIONS) if given else ""
        raise reading.refuse(node, "expectation", f"an expectation has one of {one_of(EXPECTATIONS)}", hint)
    expectation = read_shape(reading, node, EXPECTATIONS[form], table.entries[0].key)
    if isinstance(expectation, (ExpectAt, ExpectEver)):
        if not expectation.tests:
            raise reading.refuse(node, "expectation", f"it says nothing: give {one_of(MEASURES)}")
        _check_cpu(reading, node, expectation.tests)
    return expectation


def _check_cpu(reading: Reading, node: Node, tests: tuple[Test, ...]) -> None:
    """Refuse to ask one CPU for what no CPU has a part of."""
    for test in tests:
        if isinstance(test, StateTest) and test.cpu is not None and test.measure not in OF_CPUS:
            message = f"`{test.measure}` is no number of one CPU; leave `cpu` out"
            raise reading.refuse(node, "expectation", message, f"numbers of one CPU are {one_of(OF_CPUS)}")


EXPECT = Type("an expectation", _expectation)


def _when(reading: Reading, node: Node) -> Test:
    tests: tuple[Test, ...] = read_shape(reading, node, TEST)
    if len(tests) != 1:
        raise reading.refuse(node, "expectation", "`when` needs one thing: an `event`, a `mark`, or one number")
    _check_cpu(reading, node, tests)
    return tests[0]


def _chapter_tick(reading: Reading, node: Node) -> int:
    if isinstance(node, Scalar) and node.text == "0":
        return 0
    tick: int = ticks().read(reading, node)
    return tick


CHAPTER = Shape("chapter", "A part of the story.", ChapterSpec, (
    Key("at", Type("ticks, or `0`", _chapter_tick), "the tick it begins at", field="tick"),
    Key("when", Type("a test, as `{event: ALLOC_SLAB}`", _when), "it begins when this is true for the first time"),
    Key("title", TEXTS, "its name on the timeline", required=True),
    Key("say", TEXTS, "its caption: what happens, and why", required=True),
    Key("pause", TRUTH, "stop here until the reader goes on", False),
    Key("show", SHOW.type(), "what the window turns to", ShowSpec()),
), placed=True, one_of=(("at", "when"),))  # fmt: skip
