"""The keys of a test: something that can be true of a moment, for chapters, expectations and questions."""

from __future__ import annotations

import re
from typing import Any

from slabviz.model.events.statistics import STATISTICS
from slabviz.scenario import forms
from slabviz.scenario.diagnostics import one_of
from slabviz.scenario.measures import MEASURES, OF_CPUS
from slabviz.scenario.quantities import CPU, TEXT, declared, keyword
from slabviz.scenario.schema import Key, Reading, Shape, Type, as_scalar, shape_form
from slabviz.scenario.story import Comparison, EventTest, StateTest, Test
from slabviz.scenario.tallies import EVENTS
from slabviz.scenario.tree import Node

_COMPARISON = re.compile(r"(<=|>=|==|!=|<|>)?\s*([0-9]{1,12})( ?%)?")


def _compare(reading: Reading, node: Node, percent: bool) -> Comparison:
    label = 'a share to compare with, as `"> 60 %"`' if percent else 'a number to compare with, as `0` or `">= 30"`'
    match = _COMPARISON.fullmatch(as_scalar(reading, node, label).text)
    if not match or bool(match[3]) != percent:
        raise reading.refuse(node, "comparison", f"{label} is needed here")
    if len(match[2]) > 1 and match[2].startswith("0"):
        raise reading.refuse(node, "yaml-trap", f"`{match[2]}` begins with 0", f"write `{int(match[2])}`")
    return Comparison(match[1] or "==", int(match[2]))


_COMPARED = "^(?:(?:<=|>=|==|!=|<|>) *)?(?:0|[1-9][0-9]{0,11})"
COMPARISON = Type(
    'a number, or a comparison as `">= 30"`', lambda reading, node: _compare(reading, node, False),
    form=forms.scalar({"type": ["integer", "string"], "minimum": 0, "maximum": 10**12 - 1, "pattern": f"{_COMPARED}$"}),
)  # fmt: skip
SHARE = Type(
    'a share, as `"> 60 %"`', lambda reading, node: _compare(reading, node, True),
    form=forms.scalar({"type": "string", "pattern": f"{_COMPARED} ?%$"}),
)  # fmt: skip


CACHE = Key("cache", declared("caches"), "only this cache", shown_default="all of them together")

ON_CPU = Key("cpu", CPU, f"only on this CPU; of the measures only {one_of(OF_CPUS)}",
             shown_default="all of them together")  # fmt: skip
MARKED = Key("mark", TEXT, "a `mark` step with this text is carried out")

MEASURE_KEYS = tuple(Key(name, COMPARISON, measure.help) for name, measure in MEASURES.items())


def state_tests(cache: str | None, cpu: int | None, values: dict[str, Any]) -> tuple[StateTest, ...]:
    """The measures that are given among a shape's values, as tests."""
    return tuple(StateTest(name, cache, values[name], cpu) for name in MEASURES if values[name] is not None)


def _tests(
    cache: str | None, cpu: int | None, event: str | None, mark: str | None, **values: Comparison | None
) -> tuple[Test, ...]:  # fmt: skip
    happened = () if event is None else (EventTest(event, cache, cpu),)
    marked = () if mark is None else (EventTest("mark", None, cpu, mark),)
    return (*happened, *marked, *state_tests(cache, cpu, values))


EVENT_NAME = keyword((*EVENTS, *STATISTICS))

TEST = Shape("test", "Something that can be true of a moment.", _tests, (
    Key("event", EVENT_NAME, "it happens now"), MARKED, CACHE, ON_CPU, *MEASURE_KEYS,
))  # fmt: skip

def test_forms() -> dict[str, forms.Form]:
    """The definitions of a table with exactly one test, and with at least one."""
    named = [{"required": [name]} for name in ("event", "mark", *MEASURES)]
    table = {**shape_form(TEST), "type": "object"}
    return {"one-test": {**table, "oneOf": named}, "some-test": {**table, "anyOf": named}}


ONE_TEST_FORM = forms.always({"$ref": "#/$defs/one-test"})
SOME_TEST = Type(TEST.type().label, TEST.type().read, form=forms.always({"$ref": "#/$defs/some-test"}))


def check_cpu(reading: Reading, node: Node, tests: tuple[Test, ...]) -> None:
    """Refuse to ask one CPU for what no CPU has a part of."""
    for test in tests:
        if isinstance(test, StateTest) and test.cpu is not None and test.measure not in OF_CPUS:
            message = f"`{test.measure}` is no number of one CPU; leave `cpu` out"
            raise reading.refuse(node, "does-not-fit", message, f"numbers of one CPU are {one_of(OF_CPUS)}")
