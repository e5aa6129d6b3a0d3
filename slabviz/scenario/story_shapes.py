"""The keys of ``chapters`` and ``expect``."""

from __future__ import annotations

from typing import Any

from slabviz.errors import Place
from slabviz.model.events.statistics import STATISTICS
from slabviz.scenario import forms
from slabviz.scenario.diagnostics import nearest, one_of
from slabviz.scenario.measures import MEASURES
from slabviz.scenario.moment_shapes import (
    CACHE,
    COMPARISON,
    MARKED,
    MEASURE_KEYS,
    ON_CPU,
    ONE_TEST_FORM,
    SHARE,
    SOME_TEST,
    TEST,
    check_cpu,
    state_tests,
)  # fmt: skip
from slabviz.scenario.quantities import TEXT, TEXTS, TRUTH, WORD, declared, keyword, ticks
from slabviz.scenario.quiz_shapes import ASK
from slabviz.scenario.schema import Key, Reading, Shape, Type, as_table, first_of, list_of, read_shape, shape_form
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
    Test,
)  # fmt: skip
from slabviz.scenario.tallies import EVENTS
from slabviz.scenario.tree import Node, Scalar
from slabviz.scenario.variations import CELL
from slabviz.timeline.showing import REPORTS


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

SPAN_TYPE = Type(
    "`all`, or `{from: 100 ticks, until: 300 ticks}`", _span, form=forms.either(forms.words(("all",)), SPAN.type().form)
)
OVER = Key(
    "over", SPAN_TYPE, "which part of the run", Span(0, None),
    shown_default="`all`",
)  # fmt: skip
def _at(place: Place, at: int | None, cache: str | None, cpu: int | None, **values: Comparison | None) -> ExpectAt:
    return ExpectAt(place, at, state_tests(cache, cpu, values))


def _often(
    place: Place, over: Span, cache: str | None, cpu: int | None, stat: str | None, event: str | None,
    mark: str | None, count: Comparison | None, share: Comparison | None,
) -> ExpectOften:  # fmt: skip
    comparison = count or share
    assert comparison is not None  # `one_of` of the shape
    test = EventTest(stat or event or "mark", cache, cpu, mark)
    return ExpectOften(place, over, test, comparison, share is not None)


MOMENT = Type("`end` or ticks", _tick_or_end, form=forms.either(forms.words(("end",)), ticks().form))

AT = Shape("expect", "Numbers of one moment.", _at, (
    Key("at", MOMENT, "the moment", required=True), CACHE, ON_CPU, *MEASURE_KEYS,
), placed=True)  # fmt: skip

DMESG = "dmesg"
"""What the kernel has printed, as a report of a moment."""

REPORTED = Shape("expect", "What a report says at one moment, as a kernel would print it.", ExpectText, (
    Key("at", MOMENT, "the moment", required=True, field="tick"),
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
    return Shape("expect", help[mode], make, (Key(mode, SOME_TEST, "what", required=True), OVER), placed=True)


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
        check_cpu(reading, node, expectation.tests)
    return expectation


def _expectation_form() -> forms.Form:
    found = {name: shape_form(shape) for name, shape in EXPECTATIONS.items()}
    found["at"]["anyOf"] = [{"required": [measure]} for measure in MEASURES]
    for form in found.values():
        form["properties"][CELL] = {"type": "object", "description": "only for these cells of the matrix"}
    return first_of(found)


EXPECT = Type("an expectation", _expectation, form=_expectation_form)


def _when(reading: Reading, node: Node) -> Test:
    tests: tuple[Test, ...] = read_shape(reading, node, TEST)
    if len(tests) != 1:
        raise reading.refuse(node, "expectation", "`when` needs one thing: an `event`, a `mark`, or one number")
    check_cpu(reading, node, tests)
    return tests[0]


def _chapter_tick(reading: Reading, node: Node) -> int:
    if isinstance(node, Scalar) and node.text == "0":
        return 0
    tick: int = ticks().read(reading, node)
    return tick


CHAPTER = Shape("chapter", "A part of the story.", ChapterSpec, (
    Key("at", Type("ticks, or `0`", _chapter_tick, form=forms.either(forms.words((0, "0")), ticks().form)),
        "the tick it begins at", field="tick"),
    Key("when", Type("a test, as `{event: ALLOC_SLAB}`", _when, form=ONE_TEST_FORM),
        "it begins when this is true for the first time"),
    Key("title", TEXTS, "its name on the timeline", required=True),
    Key("say", TEXTS, "its caption: what happens, and why", required=True),
    Key("pause", TRUTH, "stop here until the reader goes on", False),
    Key("show", SHOW.type(), "what the window turns to", ShowSpec()),
    Key("ask", ASK.type(), "what the reader is asked before it is told"),
), placed=True, one_of=(("at", "when"),))  # fmt: skip
