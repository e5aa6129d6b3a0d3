"""How a section is described: a table of keys, each with its type, default and one sentence of help.

The same tables read the file, word the messages and make the reference of ``docs/scenario.md``. A ``Type`` reads one
node; a ``Shape`` is the type of a table with fixed keys and makes a dataclass of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

from slabviz.scenario import forms
from slabviz.scenario.diagnostics import Refused, Reporter, nearest, one_of, quote
from slabviz.scenario.forms import Form, Former
from slabviz.scenario.names import PARAMETERS, Declared, Scope
from slabviz.scenario.tree import Entry, Items, Node, Scalar, Table, trap


@dataclass(slots=True)
class Reading:
    """What a type may look at while it reads: the reporter, the declared names, and the names of this program."""

    reporter: Reporter
    declared: Declared = field(default_factory=Declared)
    scope: Scope = field(default_factory=Scope)
    cpus: int = 4
    """Present CPUs of the machine, once that section has been read."""
    variants: tuple[str, ...] = ()
    """The names of the file's variants."""
    parameters: Mapping[str, Scalar] = field(default_factory=dict)
    """The file's parameters by name, with the values that they have in this run."""

    def meant(self, node: Node) -> Node:
        """What stands for a value: of a parameter its value, at the spot where its name is written."""
        if isinstance(node, Scalar) and node.plain and node.text in self.parameters:
            self.declared.used.add((PARAMETERS, node.text))
            return replace(self.parameters[node.text], spot=node.spot)
        return node

    def refuse(self, node: Node, code: str, message: str, help: str = "") -> Refused:
        """Report a problem at a node; the result is to be raised."""
        if isinstance(node, Scalar) and node.plain and node.text in self.parameters:
            declared = self.parameters[node.text].spot
            message = f"parameter `{node.text}` does not fit here: {message}"
            note = declared, "declared here"
            return self.reporter.report(node.spot, "parameter-value", message, help=help, note=note)
        return self.reporter.report(node.spot, code, message, help=help)


@dataclass(frozen=True, slots=True)
class Type:
    """A kind of value: how it is called and written, and how it is read (raises Refused after reporting)."""

    label: str
    """For docs and messages, as in "`label` is needed here"."""
    read: Callable[[Reading, Node], Any]
    tables: bool = False
    """Whether such a value may be written as a table, so that a short form cannot be told by its kind alone."""
    form: Former = forms.anything
    """What a JSON Schema can say of it."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table. ``required`` keys have no default; ``field`` is its name in the dataclass, if another."""

    name: str
    type: Type
    help: str
    default: Any = None
    required: bool = False
    field: str = ""
    shown_default: str = ""
    """The default as the docs write it, where ``default`` alone does not say it."""

    @property
    def attribute(self) -> str:
        """The field of the dataclass."""
        return self.field or self.name


@dataclass(frozen=True, slots=True)
class Shape:
    """A table with fixed keys. ``make`` gets all attributes by name, and ``place`` when ``placed``.

    ``one_of`` lists groups of keys of which exactly one must be given, ``at_most_one_of`` the same or none,
    ``some_of`` keys of which at least one must; ``short`` is the key that may stand alone.
    ``short`` is the key that may stand alone.
    """

    name: str
    help: str
    make: Callable[..., Any]
    keys: tuple[Key, ...]
    placed: bool = False
    one_of: tuple[tuple[str, ...], ...] = ()
    some_of: tuple[str, ...] = ()
    at_most_one_of: tuple[tuple[str, ...], ...] = ()
    short: str = ""

    def type(self) -> Type:
        """The shape as the type of a value."""
        def read(reading: Reading, node: Node) -> Any:
            return read_shape(reading, node, self)

        return Type(f"a table `{self.name}`", read, form=lambda: shape_form(self))


def shape_form(shape: Shape) -> Form:
    """A shape as a JSON Schema, with its help at every key."""
    table: Form = {
        "type": "object", "description": shape.help, "additionalProperties": False,
        "properties": {key.name: {"description": _described(key), **key.type.form()} for key in shape.keys},
    }  # fmt: skip
    required = [key.name for key in shape.keys if key.required]
    groups: list[Form] = [{"oneOf": [{"required": [name]} for name in group]} for group in shape.one_of]
    groups += [{"anyOf": [{"required": [name]} for name in shape.some_of]}] if shape.some_of else []
    groups += [{"not": {"required": list(pair)}} for group in shape.at_most_one_of for pair in combinations(group, 2)]
    table |= {"required": required} if required else {}
    table |= {"allOf": groups} if groups else {}
    if not required and not shape.one_of and not shape.some_of:
        table["type"] = ["object", "null"]
    if not shape.short:
        return table
    short = next(key.type.form() for key in shape.keys if key.name == shape.short)
    return {"description": shape.help, "anyOf": [short, table]}


def first_of(named: Mapping[str, Form]) -> Form:
    """A table of one of several forms, told by the first of the names that it has."""
    chain: Form = {"not": {}}
    for name, form in reversed(list(named.items())):
        chain = {"if": {"required": [name]}, "then": form, "else": chain}
    known = [name for form in named.values() for name in form["properties"]]
    return {"type": "object", "anyOf": [{"required": [name]} for name in named],
            "properties": {name: {} for name in known}, **chain}  # fmt: skip


def _described(key: Key) -> str:
    """The help of a key and its default, which editors show beside it."""
    default = key.shown_default or (str(key.default).lower() if isinstance(key.default, (bool, int)) else "")
    return f"{key.help} (default: {default})" if default and not key.required else key.help


def read_shape(reading: Reading, node: Node, shape: Shape, at: Node | None = None) -> Any:
    """Read one table; ``at`` is where problems of the whole table are shown (default: where it begins).

    Raises Refused when any of its values could not be read.
    """
    where = at or node
    if shape.short and _is_short(shape, node):
        node = Table(node.spot, (Entry(Scalar(node.spot, shape.short, True), node),))
    values = read_keys(reading, as_table(reading, node, shape.name), shape, where)
    if shape.placed:
        values["place"] = reading.reporter.place(where.spot)
    return shape.make(**values)


def _is_short(shape: Shape, node: Node) -> bool:
    """Whether a value stands for the shape's `short` key alone."""
    if not isinstance(node, Table):
        return True
    names = {key.name for key in shape.keys}
    takes_tables = next(key.type.tables for key in shape.keys if key.name == shape.short)
    return takes_tables and not any(entry.key.text in names for entry in node.entries)


def read_keys(reading: Reading, table: Table, shape: Shape, where: Node) -> dict[str, Any]:
    """The attributes of a shape's dataclass. Reports all its problems, then raises Refused if there was one."""
    keys = {key.name: key for key in shape.keys}
    given = {entry.key.text: entry for entry in table.entries}
    healthy = _check_keys(reading, shape, given, where)
    values = {key.attribute: key.default for key in shape.keys}
    for entry in table.entries:
        key = keys.get(entry.key.text)
        if key:
            try:
                values[key.attribute] = key.type.read(reading, entry.value)
            except Refused:
                healthy = False
    if not healthy:
        raise Refused(shape.name)
    return values


def _check_keys(reading: Reading, shape: Shape, given: dict[str, Entry], where: Node) -> bool:
    known = [key.name for key in shape.keys]
    problems = [
        _unknown_key(reading, shape, entry.key, known) for entry in given.values() if entry.key.text not in known
    ]
    problems += [
        reading.refuse(where, "missing-key", f"`{shape.name}` needs `{key.name}`: {key.help}")
        for key in shape.keys
        if key.required and key.name not in given
    ]
    problems += [
        _group(reading, shape, group, given, where) for group in shape.one_of if len(given.keys() & {*group}) != 1
    ]
    if shape.some_of and not given.keys() & {*shape.some_of}:
        message = f"`{shape.name}` needs at least one of {one_of(shape.some_of)}"
        problems.append(reading.refuse(where, "missing-key", message))
    problems += [
        _group(reading, shape, group, given, where)
        for group in shape.at_most_one_of
        if len(given.keys() & {*group}) > 1
    ]
    return not problems


def _unknown_key(reading: Reading, shape: Shape, key: Scalar, known: list[str]) -> Refused:
    hint = nearest(key.text, known) or f"it has {one_of(known)}"
    return reading.refuse(key, "unknown-key", f"unknown key {quote(key.text)} in `{shape.name}`", hint)


def _group(reading: Reading, shape: Shape, group: tuple[str, ...], given: dict[str, Entry], where: Node) -> Refused:
    extra = [given[name].key for name in group if name in given]
    if not extra:
        return reading.refuse(where, "missing-key", f"`{shape.name}` needs one of {one_of(group)}")
    words = f"`{shape.name}` takes one of {one_of(group)}, not `{extra[0].text}` and `{extra[1].text}`"
    return reading.refuse(extra[1], "both-keys", words)


def as_table(reading: Reading, node: Node, name: str) -> Table:
    """The node if it is a table; an empty value counts as an empty table. Raises Refused."""
    if isinstance(node, Table):
        return node
    if isinstance(node, Scalar) and node.plain and not node.text:
        return Table(node.spot, ())
    raise reading.refuse(node, "wrong-kind", f"`{name}` is a table of keys and values, not {described(node)}")


def as_items(reading: Reading, node: Node, name: str) -> tuple[Node, ...]:
    """The items of a list. Raises Refused."""
    if isinstance(node, Items):
        return node.items
    raise reading.refuse(node, "wrong-kind", f"{name} is needed here, not {described(node)}")


def as_scalar(reading: Reading, node: Node, name: str) -> Scalar:
    """A word or number that is not empty, or the value of a parameter. Raises Refused."""
    return _as_written(reading, reading.meant(node), name)


def _as_written(reading: Reading, node: Node, name: str) -> Scalar:
    if not isinstance(node, Scalar):
        raise reading.refuse(node, "wrong-kind", f"{name} is needed here, not {described(node)}")
    if node.plain and not node.text:
        raise reading.refuse(node, "empty", f"{name} is needed here; there is no value")
    return node


def as_word(reading: Reading, node: Node, name: str) -> Scalar:
    """A scalar meant as a word: what YAML 1.1 would turn into something else must be quoted. Raises Refused."""
    scalar = _as_written(reading, node, name)
    meaning = trap(scalar)
    if meaning:
        help = f'write "{scalar.text}" in quotes if you mean the word'
        raise reading.refuse(node, "yaml-trap", f"YAML reads a bare {quote(scalar.text)} as {meaning}", help)
    return scalar


def described(node: Node) -> str:
    """A node in a message."""
    match node:
        case Items():
            return "a list"
        case Table():
            return "a table"
        case Scalar(text=""):
            return "nothing"
        case _:
            return quote(node.text)


def list_of(type: Type, least: int = 0) -> Type:
    """A list; a single value may stand for a list of one. Gives a tuple."""

    def read(reading: Reading, node: Node) -> tuple[Any, ...]:
        nodes = node.items if isinstance(node, Items) else (node,)
        if len(nodes) < least:
            raise reading.refuse(node, "empty", f"at least {least} of {type.label} is needed here")
        return read_all(reading, nodes, type)

    return Type(f"a list; each item is {type.label}", read, form=forms.several(type.form, least))


def read_all(reading: Reading, nodes: Iterable[Node], type: Type) -> tuple[Any, ...]:
    """Read each node, reporting the problems of all. Raises Refused when there was one."""
    values, healthy = [], True
    for node in nodes:
        try:
            values.append(type.read(reading, node))
        except Refused:
            healthy = False
    if not healthy:
        raise Refused(type.label)
    return tuple(values)


def named(type: Type, name: str) -> Type:
    """A table whose keys are the author's own words. Gives a dict in the order of the file."""

    def read(reading: Reading, node: Node) -> dict[str, Any]:
        table = as_table(reading, node, name)
        healthy = True
        values = {}
        for entry in table.entries:
            try:
                values[word(reading, entry.key)] = type.read(reading, entry.value)
            except Refused:
                healthy = False
        if not healthy:
            raise Refused(name)
        return values

    return Type(f"names, each with {type.label}", read, form=forms.names_with(type.form))


_PLAIN_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)


def word(reading: Reading, node: Node) -> str:
    """A name of the author's own: letters, digits, `_`, `-`, `.`, beginning with a letter or `_`. Raises Refused."""
    scalar = as_word(reading, node, "a name")
    text = scalar.text
    if len(text) > NAME_LENGTH:
        raise reading.refuse(node, "bad-name", f"a name has at most {NAME_LENGTH} characters, this one {len(text)}")
    if _PLAIN_NAME.fullmatch(text):
        return text
    if not (text[:1].isalpha() or text[:1] == "_") or not all(c.isalnum() or c in "_-." for c in text):
        help = "letters, digits, `_`, `-` and `.`, a letter or `_` first"
        raise reading.refuse(node, "bad-name", f"{quote(text)} cannot be a name", help)
    return text


NAME_LENGTH = 31
"""Characters of a name: what a card on the stage can show."""
