"""Plain values: whole numbers with a range, ticks, sizes, shares, truths and texts, each with its one spelling."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from slabviz.engine.program import Texts
from slabviz.scenario import forms
from slabviz.scenario.diagnostics import nearest, one_of, quote
from slabviz.scenario.schema import Reading, Type, as_scalar, as_table, as_word, word
from slabviz.scenario.tree import Node, Scalar, trap

SIZE_UNITS = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
"""Bytes in each unit; decimal units (kB, MB) do not exist here."""

TICK_UNITS = {"tick": 1, "ticks": 1}

LONGEST = 1_000_000_000
"""Ticks or plain counts: nothing longer is written by hand."""

TEXT_LENGTH = 400
"""Characters of a text: what a caption of two lines can show."""

LANGUAGES = ("en", "zh")

_QUANTITY = re.compile(r"([0-9]{1,15})(\s*)([A-Za-z%]*)")
_ODD_NUMBER = re.compile(r"[-+]?(?:0x[0-9A-Fa-f]+|0o[0-7]+|0b[01]+|[0-9][0-9_]*(?:\.0*)?(?:[eE][-+]?[0-9]+)?)")
_WRONG_UNITS = {"k": "KiB", "kb": "KiB", "kib": "KiB", "m": "MiB", "mb": "MiB", "mib": "MiB", "g": "GiB", "gb": "GiB"}
_WRONG_UNITS |= {"b": "B", "byte": "B", "bytes": "B", "t": "ticks", "ms": "ticks", "s": "ticks"}


def quantity(reading: Reading, node: Node, units: dict[str, int], label: str, example: str) -> int:
    """A number with one of the units, in the smallest of them; ``12 ticks``, ``64 MiB``. Raises Refused.

    ``example`` is the unit that messages propose where none is near.
    """
    scalar = as_scalar(reading, node, label)
    match = _QUANTITY.fullmatch(scalar.text)
    if not match:
        raise reading.refuse(
            node, "not-a-number", f"{label} is needed here, not {quote(scalar.text)}", f"as `12 {example}`"
        )
    number, _, unit = match.groups()
    _check_number(reading, scalar, number)
    if unit not in units:
        right = _WRONG_UNITS.get(unit.lower(), example)
        shown = right if right in units else example
        problem = f"unit `{unit}` does not fit here" if unit else "the unit is missing"
        raise reading.refuse(node, "wrong-unit", f"{label} is needed here; {problem}", f"write `{int(number)} {shown}`")
    if not match[2] and unit != "%":
        raise reading.refuse(node, "wrong-unit", f"a space belongs before `{unit}`", f"write `{int(number)} {unit}`")
    return int(number) * units[unit]


def _check_number(reading: Reading, node: Scalar, number: str) -> None:
    if len(number) > 1 and number.startswith("0"):
        help = f"write `{int(number)}` without the zero"
        raise reading.refuse(
            node, "yaml-trap", f"a number that begins with 0 is base 8 in YAML: {quote(node.text)}", help
        )


def _check_spelling(reading: Reading, node: Scalar) -> None:
    """Refuse what some YAML takes for a whole number, though it does not look like one."""
    if _ODD_NUMBER.fullmatch(node.text):
        message = f"a whole number is needed here, not {quote(node.text)}: YAML versions differ in what that is"
        raise reading.refuse(node, "yaml-trap", message, "write it with the digits 0 to 9 alone, as `1000`")


def in_range(
    reading: Reading, node: Node, number: int, low: int, high: int, shown: Callable[[int], str] = str
) -> int:  # fmt: skip
    """The number if it lies in low … high; ``shown`` words a number for the message. Raises Refused."""
    if low <= number <= high:
        return number
    message = f"{shown(number)} is not in the allowed range {shown(low)} … {shown(high)}"
    raise reading.refuse(node, "out-of-range", message)


def bytes_shown(number: int) -> str:
    """A size with the largest unit that says it exactly."""
    unit = next(unit for unit, factor in reversed(SIZE_UNITS.items()) if number % factor == 0)
    return f"{number // SIZE_UNITS[unit]} {unit}" if number else "0 B"


def integer(low: int = 0, high: int = LONGEST) -> Type:
    """A whole number without a unit."""

    def read(reading: Reading, node: Node) -> int:
        scalar = as_scalar(reading, node, "a whole number")
        match = re.fullmatch(r"-?[0-9]{1,15}", scalar.text)
        if not match:
            _check_spelling(reading, scalar)
            meaning = trap(scalar)
            why = f" (YAML reads it as {meaning})" if meaning else ""
            raise reading.refuse(node, "not-a-number", f"a whole number is needed here, not {quote(scalar.text)}{why}")
        _check_number(reading, scalar, scalar.text.removeprefix("-"))
        return in_range(reading, node, int(scalar.text), low, high)

    label = f"a whole number from {low} to {high}" if high < LONGEST else "a whole number"
    return Type(label, read, form=forms.whole(low, high))


def hexadecimal(low: int, high: int, multiple: int = 1) -> Type:
    """An address or page frame number: ``0x100``; plain decimal is understood too."""

    def read(reading: Reading, node: Node) -> int:
        scalar = as_scalar(reading, node, "a number such as `0x100`")
        if not re.fullmatch(r"0x[0-9A-Fa-f]{1,16}|[0-9]{1,15}", scalar.text):
            raise reading.refuse(
                node, "not-a-number", f"a number such as `0x100` is needed here, not {quote(scalar.text)}"
            )
        _check_number(reading, scalar, scalar.text if scalar.text.isdigit() else "")
        number = in_range(reading, node, int(scalar.text, 0), low, high, hex)
        if number % multiple:
            raise reading.refuse(node, "does-not-fit", f"{number:#x} is not a multiple of {multiple:#x}")
        return number

    return Type(f"a number from `{low:#x}` to `{high:#x}`", read, form=forms.hexadecimal(low, high))


def ticks(low: int = 0, high: int = LONGEST) -> Type:
    """A time: `12 ticks`."""

    def read(reading: Reading, node: Node) -> int:
        number = quantity(reading, node, TICK_UNITS, "a time in ticks", "ticks")
        return in_range(reading, node, number, low, high, "{} ticks".format)

    return Type("ticks, as `12 ticks`", read, form=forms.quantity(TICK_UNITS, low, high))


def size(low: int, high: int) -> Type:
    """A size of memory: `64 MiB`, `232 B`."""
    example = "MiB" if low >= SIZE_UNITS["MiB"] else "B"

    def read(reading: Reading, node: Node) -> int:
        number = quantity(reading, node, SIZE_UNITS, "a size with B, KiB, MiB or GiB", example)
        return in_range(reading, node, number, low, high, bytes_shown)

    return Type("a size, as `232 B` or `16 MiB`", read, form=forms.quantity(SIZE_UNITS, low, high))


def _percent(reading: Reading, node: Node) -> int:
    return in_range(reading, node, quantity(reading, node, {"%": 1}, "a share in percent", "%"), 0, 100, "{} %".format)


PERCENT = Type("a share, as `25 %`", _percent, form=forms.quantity({"%": 1}, 0, 100))


def _truth(reading: Reading, node: Node) -> bool:
    scalar = as_scalar(reading, node, "`true` or `false`")
    if scalar.plain and scalar.text in ("true", "false"):
        return scalar.text == "true"
    if scalar.plain and scalar.text.lower() in ("true", "false"):
        message = f"`true` or `false` is needed here, in small letters and without quotes, not {quote(scalar.text)}"
        raise reading.refuse(node, "yaml-trap", message, f"write `{scalar.text.lower()}`")
    meaning = trap(scalar) if trap(scalar) in ("true", "false") else ""
    help = f"write `{meaning}`" if meaning else ""
    raise reading.refuse(node, "not-a-truth", f"`true` or `false` is needed here, not {quote(scalar.text)}", help)


TRUTH = Type("`true` or `false`", _truth, form=forms.scalar({"type": "boolean"}))


def _text(reading: Reading, node: Node) -> str:
    text = as_word(reading, node, "a text").text
    if len(text) > TEXT_LENGTH:
        raise reading.refuse(node, "too-long", f"a text has at most {TEXT_LENGTH} characters, this one {len(text)}")
    return text


TEXT = Type("a text", _text, form=forms.text(TEXT_LENGTH))


def _texts(reading: Reading, node: Node) -> Texts:
    if isinstance(node, Scalar):
        return (("en", _text(reading, node)),)
    table = as_table(reading, node, "text")
    for entry in table.entries:
        if entry.key.text not in LANGUAGES:
            message = f"there is no language {quote(entry.key.text)}; texts are in {one_of(LANGUAGES)}"
            raise reading.refuse(entry.key, "unknown-key", message)
    texts = tuple((entry.key.text, _text(reading, entry.value)) for entry in table.entries)
    if "en" not in dict(texts):
        raise reading.refuse(
            node, "missing-key", "a text needs `en`: English is shown where another language is missing"
        )
    return texts


TEXTS = Type(
    "a text, or one text for each language: `{en: Quiet, zh: 平静}`", _texts, form=forms.texts(TEXT_LENGTH, LANGUAGES)
)

WORD = Type("a name", word, form=forms.name)


def keyword(words: Iterable[str]) -> Type:
    """One of a few words."""
    known = tuple(words)

    def read(reading: Reading, node: Node) -> str:
        text = as_scalar(reading, node, one_of(known)).text
        if text not in known:
            help = nearest(text, known) or f"write {one_of(known)}"
            raise reading.refuse(node, "unknown-word", f"{quote(text)} is not a word for this place", help)
        return text

    return Type(one_of(known), read, form=forms.words(known))


def declared(section: str) -> Type:
    """A name that a section declares."""

    def read(reading: Reading, node: Node) -> str:
        name = word(reading, reading.meant(node))
        reading.declared.check(reading.reporter, section, name, node.spot)
        return name

    return Type(f"a name of `{section}`", read, form=forms.name)


def bound(kind: str) -> Type:
    """A name that this program binds: an object, a list or a number."""

    def read(reading: Reading, node: Node) -> str:
        name = word(reading, node)
        reading.scope.use(kind, name, node.spot)
        return name

    return Type({"object": "the name of an object", "list": "the name of a list"}[kind], read, form=forms.name)


def own_word(reading: Reading, node: Node) -> str:
    """A name that the program gives: it must not hide a parameter of the file. Raises Refused."""
    name = word(reading, node)
    if name in reading.parameters:
        declared = reading.parameters[name].spot
        message = f"{quote(name)} is a parameter of the scenario; this needs another name"
        raise reading.reporter.report(node.spot, "name-taken", message, note=(declared, "declared here"))
    return name


OWN_WORD = Type("a name", own_word, form=forms.name)


def binds(kind: str) -> Type:
    """A name that this step gives."""

    def read(reading: Reading, node: Node) -> str:
        name = own_word(reading, node)
        queue = reading.declared.names["queues"].get(name) if kind == "list" else None
        if queue is not None:
            message = f"{quote(name)} is a queue; a list of this program needs another name"
            reading.reporter.report(node.spot, "name-taken", message, note=(queue, "declared here"))
        reading.scope.bind(kind, name, node.spot)
        return name

    label = {"object": "a new name for the object", "list": "the name of a list", "number": "a name"}[kind]
    return Type(label, read, form=forms.name)


def cpu_number(reading: Reading, node: Node) -> int:
    """The number of a present CPU."""
    cpu: int = integer(0, 63).read(reading, node)
    if cpu >= reading.cpus:
        help = f"this machine has CPU 0 to {reading.cpus - 1}; `cpus` of `machine` says how many"
        raise reading.refuse(node, "no-such-cpu", f"there is no CPU {cpu}", help)
    return cpu


CPU = Type("the number of a CPU", cpu_number, form=forms.whole(0, 63))
