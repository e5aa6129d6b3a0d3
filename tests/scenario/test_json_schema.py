"""The JSON Schema and the loader: they accept the same files, as far as a schema can tell."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from slabviz.resources import lesson_files
from slabviz.scenario.codes import CODES, LOADER_ONLY, Known
from slabviz.scenario.diagnostics import Refused, Reporter
from slabviz.scenario.forms import between
from slabviz.scenario.inspection import inspect_file
from slabviz.scenario.json_schema import OPEN, json_schema
from slabviz.scenario.source import read_source
from slabviz.scenario.tree import Items, Node, Scalar, Table, parse

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))
CORE = (
    (r"~|null|Null|NULL|", lambda text: None), (r"true|True|TRUE", lambda text: True),
    (r"false|False|FALSE", lambda text: False), (r"[-+]?[0-9]+", int), (r"0o[0-7]+", lambda text: int(text[2:], 8)),
    (r"0x[0-9a-fA-F]+", lambda text: int(text, 16)),
    (r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", float),
)  # fmt: skip
"""How YAML 1.2, which editors follow, reads a plain word."""


@cache
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json_schema())


def as_editors_read(node: Node | None) -> Any:
    match node:
        case None:
            return None
        case Table(entries=entries):
            return {entry.key.text: as_editors_read(entry.value) for entry in entries}
        case Items(items=items):
            return [as_editors_read(item) for item in items]
        case Scalar(text=text, plain=True):
            return next((make(text) for pattern, make in CORE if re.fullmatch(pattern, text)), text)
        case Scalar(text=text):
            return text


@cache
def codes_of(path: Path) -> frozenset[str]:
    """The codes of a file; nothing when the problems are in a file that it includes."""
    problems = inspect_file(path)
    inside = {problem.place.file for problem in problems} == {str(path)}
    return frozenset(problem.code for problem in problems) if inside else frozenset()


@cache
def accepted(path: Path) -> bool | None:
    """Whether the schema has nothing against a file; None if it is no YAML that the language knows."""
    source = read_source(path)
    reporter = Reporter(source)
    try:
        tree = parse(source, reporter)
    except Refused:
        return None
    return None if reporter.found or tree is None else bool(validator().is_valid(as_editors_read(tree)))


def test_the_schema_is_one() -> None:
    schema = json_schema()
    half = {name: form for name, form in schema["$defs"].items() if not name.endswith(OPEN)}  # the other is a copy
    jsonschema.Draft202012Validator.check_schema({**schema, "$defs": half})
    assert json.loads(json.dumps(json_schema())) == json_schema()
    assert json_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("path", lesson_files(), ids=lambda path: path.stem)
def test_shipped_scenarios_are_accepted(path: Path) -> None:
    source = read_source(path)
    data = as_editors_read(parse(source, Reporter(source)))
    assert [f"{list(error.absolute_path)}: {error.message}" for error in validator().iter_errors(data)] == []


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_broken_scenarios_are_refused_by_the_schema_too(path: Path) -> None:
    codes = codes_of(path)
    for_schema = {code for code in codes if CODES[code].known is Known.SCHEMA}
    verdict = accepted(path)
    if for_schema and verdict is not None:
        assert verdict is False, f"the schema does not see {for_schema}"
    elif all(CODES[code].severity == "warning" for code in codes):
        assert verdict is True, "warnings are about what the schema accepts"


def test_each_code_of_the_loader_alone_is_needed() -> None:
    """There is a file that the schema accepts and that has this code and no other."""
    needed = set[str]()
    for path in BROKEN:
        if accepted(path):
            needed |= codes_of(path) & set(LOADER_ONLY)
    assert needed | {"many", "include"} == set(LOADER_ONLY)


def test_every_key_says_what_it_is_for() -> None:
    def walk(node: Any, path: str) -> None:
        if isinstance(node, dict):
            for name, form in node.get("properties", {}).items() if isinstance(node.get("properties"), dict) else ():
                if form:  # an empty one only says that another branch knows the key
                    assert form.get("description"), f"{path} {name}"
            for key, each in node.items():
                walk(each, f"{path}/{key}")
        elif isinstance(node, list):
            for number, each in enumerate(node):
                walk(each, f"{path}/{number}")

    walk(json_schema(), "")


@pytest.mark.parametrize(("low", "high"), [(0, 0), (1, 64), (0, 999), (7, 4096), (95, 105), (100, 12345)])
def test_a_pattern_of_a_range_has_exactly_its_numbers(low: int, high: int) -> None:
    pattern = re.compile(between(low, high))
    found = [number for number in range(high + 1200) if pattern.fullmatch(str(number))]
    assert found == list(range(low, high + 1))
    assert not pattern.fullmatch("007")


def test_a_wrong_file_of_the_schema_is_seen(tmp_path: Path) -> None:
    for name, size in (("bad.yaml", "64"), ("good.yaml", "64 B")):
        text = f"slabviz: 1\ntitle: {{en: x}}\ncaches: {{c: {{size: {size}}}}}\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert accepted(tmp_path / "bad.yaml") is False
    assert accepted(tmp_path / "good.yaml") is True
