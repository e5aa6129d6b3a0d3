"""The keys of ``show``: what the window turns to, at the beginning and with each chapter."""

from __future__ import annotations

from typing import Any

from slabviz.scenario import forms
from slabviz.scenario.diagnostics import nearest, one_of, quote
from slabviz.scenario.quantities import CPU, TEXT, declared, integer, keyword
from slabviz.scenario.schema import Key, Reading, Shape, Type, as_items, as_scalar, word
from slabviz.scenario.story import ChoiceSpec, ShowSpec
from slabviz.scenario.tree import Node
from slabviz.timeline.showing import LEVELS, PANELS, REPORTS

SLAB_WORDS = ("newest", "oldest", "active", "parked", "partial", "full", "empty")
"""How a slab is chosen that the author cannot number; of several the first of its list, of full ones the newest."""

OBJECT_WORDS = ("held", "free")
"""How an object is chosen: the first that somebody holds, the first that is free."""

SPEEDS = {
    "0.25": 0.25, "1/4": 0.25, "¼": 0.25, "0.5": 0.5, "1/2": 0.5, "½": 0.5, "1": 1.0, "2": 2.0, "4": 4.0, "8": 8.0,
    "16": 16.0, "32": 32.0, "100": 100.0,
}  # fmt: skip
"""The speeds of the window by their spelling, in multiples of 4 ticks a second."""


def _number_or_word(words: tuple[str, ...], highest: int) -> Type:
    """A number, or one of the words."""

    def read(reading: Reading, node: Node) -> int | str:
        text = as_scalar(reading, node, f"a number, or {one_of(words)}").text
        if text in words:
            return text
        if not text.isdecimal():
            help = nearest(text, words) or f"write a number, or {one_of(words)}"
            raise reading.refuse(node, "unknown-word", f"{quote(text)} is not a word for this place", help)
        number: int = integer(0, highest).read(reading, node)
        return number

    form = forms.either(forms.words(words), forms.whole(0, highest))
    return Type(f"a number, or {one_of(words)}", read, form=form)


CHOICE = Shape("select", "What the inspector shows.", ChoiceSpec, (
    Key("slab", _number_or_word(SLAB_WORDS, 1_000_000), "the slab: of the cache that is shown, or by its number"),
    Key("cpu", CPU, "with `slab: active` or `parked`: of this CPU", shown_default="the first that has one"),
    Key("object", _number_or_word(OBJECT_WORDS, 100_000), "an object of the slab, by its place from 0 on",
        field="index"),
    Key("holder", TEXT, "the object that somebody of this name holds, whatever slab it is in"),
), one_of=(("slab", "holder"),), at_most_one_of=(("object", "holder"), ("cpu", "holder")))  # fmt: skip


def _speed(reading: Reading, node: Node) -> float:
    text = as_scalar(reading, node, "a speed").text
    if text not in SPEEDS:
        help = "write 0.25, 0.5, 1, 2, 4, 8, 16, 32 or 100"
        raise reading.refuse(node, "unknown-word", f"{quote(text)} is no speed of the window", help)
    return SPEEDS[text]


SPEED_FORM = forms.words((*SPEEDS, *dict.fromkeys(SPEEDS.values())))

_KEYS = (
    Key("level", keyword(LEVELS), "how near: the whole kernel, one cache, one slab, one object, its bytes; or the "
        "error screen", shown_default="`cache`"),
    Key("cache", declared("caches"), "the cache on the stage", shown_default="the first of `caches`"),
    Key("panel", keyword(PANELS), "what stands in the right column, or takes the whole room (`text`, `structs` …)",
        shown_default="`holders`"),
    Key("report", keyword(REPORTS), "the text of `panel: text`, as a kernel would print it",
        shown_default="`slabinfo`"),
    Key("select", CHOICE.type(),
        "the slab or object that is looked at", field="choice"),
    Key("speed", Type("`0.25`, `0.5`, `1`, `2`, `4` … `100`", _speed, form=SPEED_FORM),
        "how quickly it is played; 1: 4 ticks a second",
        shown_default="as it was"),
)  # fmt: skip


def _compare(reading: Reading, node: Node) -> tuple[str, str]:
    items = as_items(reading, node, "a list of two variants")
    if len(items) != 2:
        raise reading.refuse(node, "wrong-kind", "`compare` needs two variants: `[right, wrong]`")
    first, second = (word(reading, item) for item in items)
    for name, item in zip((first, second), items, strict=True):
        if name not in reading.variants:
            known = tuple(filter(None, reading.variants))
            message = f"there is no variant {quote(name)}"
            help = nearest(name, known) or (f"there are {one_of(known)}" if known else "the file has no `variants`")
            raise reading.refuse(item, "unknown-name", message, help)
    if first == second:
        raise reading.refuse(items[1], "same", "a variant cannot be compared with itself")
    return first, second


def _shown(panel: str | None, report: str | None, **others: Any) -> ShowSpec:
    """A report is read in the text panel, unless another one is asked for."""
    return ShowSpec(panel=panel or ("text" if report else None), report=report, **others)


SHOW = Shape("show", "What the window turns to; what is not given stays as it is, and so does what the viewer has "
             "chosen by hand until a later chapter asks for something else.", _shown, _KEYS)  # fmt: skip

OPENING = Shape("show", "What the window opens with.", _shown, (
    *_KEYS,
    Key("compare", Type("a list of two variants", _compare, form=forms.items(forms.name, 2)),
        "two `variants` side by side, the first one on the left"),
))  # fmt: skip
