"""The keys of ``ask``: a question in the author's words, and what the model is asked for its answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slabviz.scenario import forms
from slabviz.scenario.diagnostics import nearest, one_of
from slabviz.scenario.measures import MEASURES, OF_CPUS
from slabviz.scenario.moment_shapes import SOME_TEST, check_cpu
from slabviz.scenario.quantities import CPU, TEXTS, declared, keyword, ticks
from slabviz.scenario.schema import Key, Reading, Shape, Type, as_table, first_of, read_shape, shape_form
from slabviz.scenario.show_shapes import CHOICE
from slabviz.scenario.story import AnswerSpec, AskSpec, Test
from slabviz.scenario.tree import Node

_CACHE = Key("cache", declared("caches"), "its cache", shown_default="the one that is shown")
_SLAB = CHOICE.type()


def _of_slab(kind: str) -> Callable[..., AnswerSpec]:
    def make(cache: str | None, cpu: int = 0, **choice: Any) -> AnswerSpec:
        return AnswerSpec(kind, cache, cpu, choice[kind])

    return make


def _number(number: str, cache: str | None, cpu: int | None) -> AnswerSpec:
    return AnswerSpec("number", cache, cpu, measure=number)


def _holds(holds: tuple[Test, ...]) -> AnswerSpec:
    return AnswerSpec("holds", None, None, tests=holds)


ANSWERS: dict[str, Shape] = {
    "list": Shape("answer", "Which list a slab is on.", _of_slab("list"), (
        Key("list", _SLAB, "the slab", required=True), _CACHE,
    )),
    "state": Shape("answer", "Whether a slab is full, partial or empty.", _of_slab("state"), (
        Key("state", _SLAB, "the slab", required=True), _CACHE,
    )),
    "free_path": Shape("answer", "What it takes to free an object of a slab.", _of_slab("free_path"), (
        Key("free_path", _SLAB, "the slab", required=True), _CACHE, Key("cpu", CPU, "the CPU that frees", 0),
    )),
    "alloc_path": Shape("answer", "Where the next object of a cache comes from.",
                        lambda alloc_path, cpu: AnswerSpec("alloc_path", alloc_path, cpu), (
        Key("alloc_path", declared("caches"), "the cache", required=True), Key("cpu", CPU, "the CPU that allocates", 0),
    )),
    "number": Shape("answer", "How much something is.", _number, (
        Key("number", keyword(MEASURES), "a measure", required=True), _CACHE,
        Key("cpu", CPU, f"of this CPU alone: {one_of(OF_CPUS)}", shown_default="of all of them"),
    )),
    "holds": Shape("answer", "Yes or no: whether something is so, or has happened, when the answer is shown.", _holds, (
        Key("holds", SOME_TEST, "what", required=True),
    )),
}  # fmt: skip
"""Each kind of answer by the key that tells it."""


def _answer(reading: Reading, node: Node) -> AnswerSpec:
    table = as_table(reading, node, "answer")
    given = [entry.key.text for entry in table.entries]
    form = next((name for name in ANSWERS if name in given), None)
    if form is None:
        hint = nearest(given[0], ANSWERS) if given else ""
        raise reading.refuse(node, "expectation", f"an answer has one of {one_of(ANSWERS)}", hint)
    answer: AnswerSpec = read_shape(reading, node, ANSWERS[form], table.entries[0].key)
    if answer.kind == "holds" and not answer.tests:
        raise reading.refuse(node, "expectation", f"it says nothing: give {one_of(MEASURES)}")
    if answer.measure is not None and answer.cpu is not None and answer.measure not in OF_CPUS:
        raise reading.refuse(node, "does-not-fit", f"`{answer.measure}` is no number of one CPU; leave `cpu` out")
    check_cpu(reading, node, answer.tests)
    return answer


def _answer_form() -> forms.Form:
    return first_of({name: shape_form(shape) for name, shape in ANSWERS.items()})


ASK = Shape("ask", "A question to the reader; its answer is taken from the model.", AskSpec, (
    Key("question", TEXTS, "what is asked", required=True),
    Key("answer", Type("what the model is asked: `{alloc_path: skb}`, `{list: {slab: newest}}` …", _answer,
                       form=_answer_form),
        "the right answer; the wrong ones are found beside it", required=True),
    Key("after", ticks(0, 100_000), "the answer is as the machine is so much later", 0,
        shown_default="0 ticks: it is asked one tick ahead"),
), placed=True)  # fmt: skip
