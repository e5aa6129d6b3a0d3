"""The reference of the language, written from the very tables that read the files."""

from __future__ import annotations

from collections.abc import Iterable

from slabviz.model.events.statistics import STATISTICS
from slabviz.scenario.measures import MEASURES
from slabviz.scenario.moment_shapes import TEST
from slabviz.scenario.quiz_shapes import ANSWERS, ASK
from slabviz.scenario.schema import Key, Shape
from slabviz.scenario.sections import NAMED_SHAPES, SCENARIO
from slabviz.scenario.steps import BESIDE, STEPS
from slabviz.scenario.story_shapes import CHAPTER, EXPECTATIONS
from slabviz.scenario.tallies import EVENTS

TABLE_HEAD = ("| key | value | default | meaning |", "|---|---|---|---|")


def reference() -> str:
    """The reference as Markdown: every section, step, expectation, event and measure."""
    parts = [
        "## The file", *_table(SCENARIO),
        *(line for shape in NAMED_SHAPES for line in _titled(shape.name, shape)),
        "", "## Steps",
        *(line for shape in STEPS.values() for line in _step(shape)),
        "", "## Chapters", "", CHAPTER.help, "", *_table(CHAPTER),
        "", "## Questions", "", ASK.help, "", *_table(ASK),
        *(line for name, shape in ANSWERS.items() for line in _titled(f"answer: {name}", shape)),
        "", "## Expectations",
        *(line for name, shape in EXPECTATIONS.items() for line in _titled(name, shape)),
        "", "### A test", "", TEST.help + " All that is given must be true.", "", *_table(TEST),
        "", "## Measures", "", *(f"- `{name}`: {measure.help}" for name, measure in MEASURES.items()),
        "", "## Events", "", _words(EVENTS),
        "", "Statistics of the kernel, by its own names:", "", _words(STATISTICS),
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def _words(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _titled(name: str, shape: Shape) -> list[str]:
    return ["", f"### `{name}`", "", shape.help, "", *_table(shape)]


def _step(shape: Shape) -> list[str]:
    short = f" Short: `{shape.name}: {shape.short.upper()}`." if shape.short and shape.short != "now" else ""
    beside = " Its keys stand beside the word." if shape.name in BESIDE and len(shape.keys) > 1 else ""
    lines = ["", f"### `{shape.name}`", "", f"{shape.help}{short}{beside}"]
    return lines if shape.short == "now" else [*lines, "", *_table(shape)]


def _table(shape: Shape) -> list[str]:
    rows = [
        f"| `{key.name}` | {_cell(key.type.label)} | {_cell(_default(key))} | {_cell(key.help)} |" for key in shape.keys
    ]
    groups = [f"\nExactly one of {_words(group)} is given." for group in shape.one_of]
    if shape.some_of:
        groups.append(f"\nAt least one of {_words(shape.some_of)} is given.")
    groups += [f"\nAt most one of {_words(group)} is given." for group in shape.at_most_one_of]
    return [*TABLE_HEAD, *rows, *groups]


def _default(key: Key) -> str:
    if key.required:
        return "(needed)"
    if key.shown_default:
        return key.shown_default
    if isinstance(key.default, bool):
        return f"`{str(key.default).lower()}`"
    plain = isinstance(key.default, (int, str)) and key.default != ""
    return f"`{key.default}`" if plain else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
