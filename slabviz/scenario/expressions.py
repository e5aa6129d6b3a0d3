"""Values that are found while a program runs: numbers, names, distributions and small expressions.

``12 ticks``, ``len``, ``len > 512 B and length(pages) < 8``, ``{uniform: [64 B, 1500 B]}``, ``{poisson: 12 ticks}``,
``{choice: [64 B, 1500 B]}``. Precedence from loose to tight: or, and, not, comparisons, + -, * / %, unary -.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from slabviz.engine.values import Address, Binary, Choice, Const, Ksize, Length, Name, Poisson, Unary, Uniform, Value
from slabviz.scenario import forms
from slabviz.scenario.diagnostics import Refused, nearest, one_of, quote
from slabviz.scenario.names import ALWAYS_KNOWN, PARAMETERS
from slabviz.scenario.quantities import SIZE_UNITS, TICK_UNITS, quantity
from slabviz.scenario.schema import Reading, Type, as_items, as_scalar, described, read_all
from slabviz.scenario.tree import Node, Scalar, Table

UNITS: dict[str, dict[str, int]] = {"ticks": TICK_UNITS, "bytes": SIZE_UNITS, "": {}}
"""The units a constant may have, by the kind of value."""

LEVELS = (("or",), ("and",), ("<", "<=", ">", ">=", "==", "!="), ("+", "-"), ("*", "/", "%"))
"""Operators from loose to tight; `not` stands between `and` and the comparisons."""

OF_OBJECTS: dict[str, type[Ksize] | type[Address]] = {"ksize": Ksize, "address": Address}
"""What can be asked of an object, by name."""

LONGEST_EXPRESSION = 200
DEEPEST = 20

_TOKEN = re.compile(
    r"\s*(?:(?P<number>0x[0-9A-Fa-f]{1,16}(?![\w.])|[0-9]{1,15}(?:\s*(?:B|KiB|MiB|GiB|ticks?))?(?![\w.]))|(?P<word>[^\W\d][\w.-]*)"
    r"|(?P<sign><=|>=|==|!=|[<>+\-*/%()]))"
)
_NUMBERS = re.compile(r"(?:0x[0-9A-Fa-f]{1,16}|[0-9]{1,15})(?: [A-Za-z]+)?|true|false")
"""What a parameter must be to be computed with."""


@dataclass(slots=True)
class _Token:
    text: str
    kind: str
    offset: int


class _Parser:
    """Recursive descent over the tokens of one expression, at most ``DEEPEST`` brackets deep."""

    def __init__(self, reading: Reading, node: Scalar) -> None:
        self.reading, self.node = reading, node
        self.tokens: list[_Token] = []
        self.at = 0
        self.depth = 0

    def parse(self) -> Value:
        self._split()
        value = self._level(0)
        if self.at < len(self.tokens):
            raise self._wrong(f"`{self.tokens[self.at].text}` is not expected here")
        return value

    def _split(self) -> None:
        text = self.node.text.rstrip()
        if len(text) > LONGEST_EXPRESSION:
            raise self._wrong(f"an expression has at most {LONGEST_EXPRESSION} characters")
        offset = 0
        while offset < len(text):
            match = _TOKEN.match(text, offset)
            if not match:
                raise self._wrong(f"{quote(text[offset:].strip())} cannot be read", offset)
            kind = match.lastgroup or ""
            self.tokens.append(_Token(match[kind], kind, match.start(kind)))
            offset = match.end()

    def _wrong(self, message: str, offset: int | None = None) -> Refused:
        """Report a problem, with the caret on the token where the text stands in the file as it is."""
        if offset is None:
            offset = self.tokens[self.at].offset if self.at < len(self.tokens) else 0
        spot = self.node.spot
        if self.node.plain and spot.length >= len(self.node.text):
            spot = spot._replace(column=spot.column + offset, length=max(1, spot.length - offset))
        help = "numbers, names, + - * / %, < <= > >= == !=, and, or, not, length(list), ksize(object), address(object)"
        return self.reading.reporter.report(spot, "expression", message, help=help)

    def _peek(self) -> str:
        return self.tokens[self.at].text if self.at < len(self.tokens) else ""

    def _take(self, text: str) -> bool:
        if self._peek() != text:
            return False
        self.at += 1
        return True

    def _level(self, level: int) -> Value:
        if level == len(LEVELS):
            return self._atom()
        if level == 2 and self._take("not"):
            return Unary("not", self._nested(lambda: self._level(2)))
        left = self._level(level + 1)
        while self._peek() in LEVELS[level]:
            sign = self._peek()
            self.at += 1
            left = Binary(sign, left, self._level(level + 1))
        return left

    def _nested(self, inner: Callable[[], Value]) -> Value:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._wrong(f"brackets are nested more than {DEEPEST} deep")
        value = inner()
        self.depth -= 1
        return value

    def _atom(self) -> Value:
        if self._take("-"):
            return Unary("-", self._nested(self._atom))
        if self._take("("):
            value = self._nested(lambda: self._level(0))
            self._close()
            return value
        if self.at == len(self.tokens):
            raise self._wrong("the expression ends too early")
        token = self.tokens[self.at]
        if token.kind == "sign" or token.text in ("and", "or", "not"):
            raise self._wrong(f"`{token.text}` is not expected here")
        self.at += 1
        return self._number(token) if token.kind == "number" else self._name(token)

    def _close(self) -> None:
        if not self._take(")"):
            raise self._wrong("`)` is missing")

    def _number(self, token: _Token) -> Value:
        if token.text.startswith("0x"):
            return Const(int(token.text, 16))
        unit = token.text.lstrip("0123456789")
        number = token.text.removesuffix(unit)
        if len(number) > 1 and number.startswith("0"):
            self.at -= 1
            raise self._wrong(f"`{number}` begins with 0: write `{int(number)}`")
        return Const(int(number) * (SIZE_UNITS | TICK_UNITS | {"": 1})[unit.strip()])

    def _name(self, token: _Token) -> Value:
        if token.text in ("true", "false"):
            return Const(int(token.text == "true"))
        if token.text in self.reading.parameters:
            return self._parameter(token.text)
        if token.text == "length" and self._take("("):
            return self._length()
        if token.text in OF_OBJECTS and self._take("("):
            return self._of_object(OF_OBJECTS[token.text])
        if token.text not in ALWAYS_KNOWN:
            self.reading.scope.use("number", token.text, self.node.spot)
        return Name(token.text)

    def _parameter(self, name: str) -> Value:
        """A number, size or time of the file's parameters."""
        scalar = self.reading.parameters[name]
        self.reading.declared.used.add((PARAMETERS, name))
        if not _NUMBERS.fullmatch(scalar.text):
            raise self._wrong(f"parameter `{name}` is {quote(scalar.text)}: no number, size or time")
        return _Parser(replace(self.reading, parameters={}), replace(scalar, spot=self.node.spot)).parse()

    def _of_object(self, made: type[Ksize] | type[Address]) -> Value:
        name = self._peek()
        self.at += 1
        self._close()
        self.reading.scope.use("object", name, self.node.spot)
        return made(name)

    def _length(self) -> Value:
        name = self._peek()
        self.at += 1
        self._close()
        if name in self.reading.declared.names["queues"]:
            self.reading.declared.used.add(("queues", name))
        else:
            self.reading.scope.use("list", name, self.node.spot)
        return Length(name)


def _uniform(reading: Reading, node: Node, unit: str) -> Value:
    ends = read_all(reading, as_items(reading, node, "a list of two ends"), value(unit))
    if len(ends) != 2:
        raise reading.refuse(node, "wrong-kind", "`uniform` needs two ends: `{uniform: [2 ticks, 8 ticks]}`")
    return Uniform(ends[0], ends[1])


def _poisson(reading: Reading, node: Node, unit: str) -> Value:
    mean: Value = value(unit).read(reading, node)
    return Poisson(mean)


def _choice(reading: Reading, node: Node, unit: str) -> Value:
    values = read_all(reading, as_items(reading, node, "a list of values"), value(unit))
    if not values:
        raise reading.refuse(node, "empty", "`choice` needs at least one value")
    return Choice(values)


DISTRIBUTIONS = {"uniform": _uniform, "poisson": _poisson, "choice": _choice}
"""The distributions by name, each with the reader of what stands behind the name."""


def value(unit: str) -> Type:
    """A value whose constants have the unit of the kind ``unit`` (see UNITS), or may have any, with ``any``."""

    def read(reading: Reading, node: Node) -> Value:
        if isinstance(node, Table):
            return _distribution(reading, node, unit)
        if not isinstance(node, Scalar):
            raise reading.refuse(node, "wrong-kind", f"a value is needed here, not {described(node)}")
        return _scalar(reading, node, unit)

    examples = {"ticks": "`12 ticks`", "bytes": "`512 B`", "": "`8`", "any": "`512 B`, `12 ticks` or `8`"}
    form = forms.always({"$ref": f"#/$defs/value-{unit or 'number'}"})
    return Type(f"a value, as {examples[unit]}, an expression or a distribution", read, tables=True, form=form)


def _scalar(reading: Reading, node: Scalar, unit: str) -> Value:
    if node.plain and node.text in reading.parameters and not _NUMBERS.fullmatch(reading.parameters[node.text].text):
        return _Parser(reading, node).parse()
    node = as_scalar(reading, node, "a value")
    text = node.text
    constant = re.fullmatch(r"[0-9]{1,15}\s*[A-Za-z%]*", text)
    if unit != "any" and UNITS[unit] and constant and not text.startswith("0x"):
        label, example = {"ticks": ("a time in ticks", "ticks"), "bytes": ("a size", "B")}[unit]
        return Const(quantity(reading, node, UNITS[unit], label, example))
    if unit == "" and constant and not text.isdigit() and not re.fullmatch(r"0x[0-9A-Fa-f]+", text):
        raise reading.refuse(node, "wrong-unit", f"a plain number is needed here, not {quote(text)}")
    return _Parser(reading, node).parse()


def _distribution(reading: Reading, node: Table, unit: str) -> Value:
    if len(node.entries) != 1:
        raise reading.refuse(node, "wrong-kind", f"a distribution has one key: {one_of(DISTRIBUTIONS)}")
    entry = node.entries[0]
    name = entry.key.text
    if name not in DISTRIBUTIONS:
        message = f"there is no distribution {quote(name)}; there are {one_of(DISTRIBUTIONS)}"
        raise reading.refuse(entry.key, "unknown-key", message, nearest(name, DISTRIBUTIONS))
    return DISTRIBUTIONS[name](reading, entry.value, unit)


def _condition(reading: Reading, node: Node) -> Value:
    return _Parser(reading, as_scalar(reading, node, "a condition")).parse()


CONDITION = Type(
    "a condition, as `running` or `len > 512 B`", _condition,
    form=forms.always({"type": ["string", "boolean", "integer"]}),
)  # fmt: skip
