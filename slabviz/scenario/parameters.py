"""``parameters``: values with a name of their own, which ``--set name=value`` changes from outside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

from slabviz.errors import UsageError
from slabviz.scenario.diagnostics import Reporter, nearest, quote
from slabviz.scenario.names import PARAMETERS
from slabviz.scenario.tree import Node, Scalar, Table, trap

Settings: TypeAlias = tuple[tuple[str, str], ...]
"""Names and values of ``--set``, in their order."""

KINDS = (
    ("a number", r"-?[0-9]{1,15}|0x[0-9A-Fa-f]{1,16}"),
    ("a size", r"[0-9]{1,15} (?:B|KiB|MiB|GiB)"),
    ("a time", r"[0-9]{1,15} ticks?"),
    ("a share", r"[0-9]{1,15} ?%"),
    ("`true` or `false`", r"true|false"),
    ("a word", r"(?s:.*)"),
)
"""What a value can be, by how it is written; --set keeps the kind."""


def kind_of(text: str) -> str:
    """What a value is called in messages."""
    return next(name for name, pattern in KINDS if re.fullmatch(pattern, text))


def read_parameters(reporter: Reporter, root: Node, settings: Settings) -> dict[str, Scalar]:
    """The values of a file by name, those of ``settings`` in their place; problems are reported, and left out.

    Raises UsageError for a setting that the file does not have, or of another kind than the file's own value.
    """
    found = dict(_declared(reporter, root))
    for name, text in settings:
        if name not in found:
            raise UsageError(f"--set {name}={text}: there is no parameter {name!r}; {_instead(name, found)}")
        wanted, given = kind_of(found[name].text), kind_of(text)
        if wanted != given:
            message = f"{name} is {wanted}, as {found[name].text}, not {given}"
            raise UsageError(f"--set {name}={text}: {message}")
        found[name] = replace(found[name], text=text, plain=True)
    return found


def _instead(name: str, known: Mapping[str, Scalar]) -> str:
    if not known:
        return "the scenario has none"
    return nearest(name, known).replace("`", "") or f"there are {', '.join(known)}"


def _declared(reporter: Reporter, root: Node) -> Iterable[tuple[str, Scalar]]:
    entries = root.entries if isinstance(root, Table) else ()
    section = next((entry for entry in entries if entry.key.text == PARAMETERS), None)
    if section is None or not isinstance(section.value, Table):
        return  # nothing, or a mistake that is reported when the section is read
    for entry in section.value.entries:
        value = entry.value
        if isinstance(value, Scalar) and value.text and not trap(value):
            yield entry.key.text, value
        else:
            message = f"parameter {quote(entry.key.text)} needs one value, as `4`, `64 B` or `12 ticks`"
            code = "yaml-trap" if _help(value) else "wrong-kind"
            reporter.report(value.spot, code, message, help=_help(value))


def _help(value: Node) -> str:
    meaning = trap(value) if isinstance(value, Scalar) else ""
    return f"YAML reads it as {meaning}: put it in quotes if you mean the word" if meaning else ""
