"""The language as a JSON Schema (draft 2020-12) for editors, from the very tables that read the files.

It knows keys, kinds, ranges, units and words; names, references and values that depend on each other are left to
``slabviz check`` (``codes.LOADER_ONLY``). In a file with ``parameters`` or an ``include`` any value may be a name, so
such files are held to a second, more generous copy of everything.
"""

from __future__ import annotations

from typing import Any

from slabviz.scenario.expressions import UNITS
from slabviz.scenario.forms import NAME_PATTERN, PARAMETER_MARK, Form, value
from slabviz.scenario.include import INCLUDE
from slabviz.scenario.moment_shapes import test_forms
from slabviz.scenario.names import PARAMETERS
from slabviz.scenario.schema import shape_form
from slabviz.scenario.sections import MACHINE, SCENARIO
from slabviz.scenario.steps import BESIDE, STEPS
from slabviz.scenario.variations import MATRIX, MOST, OUTSIDE_THE_MACHINE, VARIANTS

DRAFT = "https://json-schema.org/draft/2020-12/schema"
OPEN = "-open"
"""Behind the names of the definitions that let a parameter stand for a value."""


def json_schema() -> Form:
    """The whole schema."""
    definitions = _definitions()
    opened = {f"{name}{OPEN}": _opened(form) for name, form in definitions.items()}
    opened[f"scenario{OPEN}"]["properties"][MATRIX]["additionalProperties"] = {"type": "array", "minItems": 1}
    return {
        "$schema": DRAFT,
        "title": "slabviz scenario",
        "description": "A scenario of slabviz, version 1 of the language; see docs/scenario.md.",
        "if": {"anyOf": [{"required": [PARAMETERS]}, {"required": [INCLUDE]}]},
        "then": {"$ref": f"#/$defs/scenario{OPEN}"},
        "else": {"$ref": "#/$defs/scenario"},
        "$defs": definitions | opened,
    }


def _definitions() -> dict[str, Form]:
    values = {f"value-{kind or 'number'}": value(kind, units)() for kind, units in (*UNITS.items(), ("any", {}))}
    return {"scenario": _scenario(), "step": _step(), **test_forms(), **values}


def _scenario() -> Form:
    form = shape_form(SCENARIO)
    properties = form["properties"]
    properties[VARIANTS] |= _variants(properties)
    properties[MATRIX] |= _matrix(properties)
    form["not"] = {"required": [VARIANTS, MATRIX]}
    return form


def _variants(properties: Form) -> Form:
    """Each variant has the sections that differ; what is in them is completed by the file's own."""
    known = {name: {"description": form["description"]} for name, form in properties.items()}
    inner = {name: form for name, form in known.items() if name not in (VARIANTS, MATRIX, "slabviz", "id")}
    variant = {"type": "object", "properties": inner, "additionalProperties": False}
    return {"type": "object", "additionalProperties": variant, "minProperties": 1, "maxProperties": MOST}


def _matrix(properties: Form) -> Form:
    machine = shape_form(MACHINE)["properties"]
    keys = {**machine, **{name: properties[name] for name in OUTSIDE_THE_MACHINE}}
    columns = {
        name: {"type": "array", "minItems": 1, "items": form, "description": form["description"]}
        for name, form in keys.items()
    }  # fmt: skip
    return {"type": "object", "properties": columns, "additionalProperties": False, "minProperties": 1}


def _step() -> Form:
    """One word with what belongs to it; the keys of ``BESIDE`` stand beside theirs."""
    forms = {name: shape_form(shape) for name, shape in STEPS.items()}
    alone = [name for name, shape in STEPS.items() if shape.short == "now"]
    helped = {name: {"description": STEPS[name].help, **form} for name, form in forms.items()}
    words: Form = {name: form for name, form in helped.items() if name not in BESIDE}
    beside: Form = {name: {"description": STEPS[name].help} for name in STEPS if name in BESIDE}
    others: Form = {key.name: {} for name in BESIDE for key in STEPS[name].keys if key.name not in STEPS}
    known = {**beside, **{name: {} for name in words}, **others}
    chain: Form = {"properties": words, "additionalProperties": False, "maxProperties": 1}
    for name in BESIDE:
        chain = {"if": {"required": [name]}, "then": forms[name], "else": chain}
    return {"anyOf": [{"type": "object", "minProperties": 1, "properties": known, **chain}, {"enum": alone}]}


def _opened(node: Any) -> Any:
    """The same with parameters allowed, and references to its own kind."""
    if isinstance(node, list):
        return [_opened(each) for each in node]
    if not isinstance(node, dict):
        return node
    inner = {key: f"{each}{OPEN}" if key == "$ref" else _opened(each) for key, each in node.items()}
    if inner.get("$comment") != PARAMETER_MARK:
        return inner
    kept = {key: inner.pop(key) for key in ("description",) if key in inner}
    return {**kept, "anyOf": [inner, {"type": "string", "pattern": NAME_PATTERN}]}
