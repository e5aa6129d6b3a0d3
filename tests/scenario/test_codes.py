"""The table of codes: every code of the source is in it, and every code of it occurs in the broken scenarios."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from slabviz.errors import ScenarioError
from slabviz.scenario.codes import CODES, LOADER_ONLY
from slabviz.scenario.diagnostics import MOST
from slabviz.scenario.inspection import inspect, inspect_file
from slabviz.scenario.source import SIZE_LIMIT, decode

ROOT = Path(__file__).resolve().parents[2]
BROKEN = Path(__file__).parent / "broken"
MADE_HERE = {"file-too-long", "encoding", "depth", "many"}
"""Codes of files that are better made than kept."""

POSITION = {"report": 1, "refuse": 1, "warn": 1, "_refused": 3, "Doubt": 1}
"""Which argument of a call is the code."""


def codes_of_the_source() -> Iterator[str]:
    for path in sorted((ROOT / "slabviz/scenario").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                at = POSITION.get(name)
                if at is not None and len(node.args) > at and isinstance(node.args[at], ast.Constant):
                    yield ast.literal_eval(node.args[at])
                yield from (ast.literal_eval(each.value) for each in node.keywords
                            if each.arg == "code" and isinstance(each.value, ast.Constant))  # fmt: skip


def codes_of_the_corpus() -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in BROKEN.glob("*.txt"))
    return {code for text in texts for code in re.findall(r"^\S+: (?:error|warning)\[([a-z-]+)\]", text, re.MULTILINE)}


def test_every_code_of_the_source_is_explained() -> None:
    found = set(codes_of_the_source())
    assert len(found) > 40
    assert found == set(CODES)


def test_every_code_occurs_in_the_corpus() -> None:
    assert codes_of_the_corpus() | MADE_HERE == set(CODES)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b" " * (SIZE_LIMIT + 1), "file-too-long"),
        ("slabviz: 1\n".encode("utf-16"), "encoding"),
        ("title: {en: café}\n".encode("latin-1"), "encoding"),
        (b"\x7fELF\x00\x01", "encoding"),
        (b"[" * 50, "depth"),
        (b"- " * 500_000, "depth"),
        (b"".join(b"k%d: {}\n" % number for number in range(MOST + 5)), "many"),
    ],
)  # fmt: skip
def test_codes_of_files_that_are_made(data: bytes, code: str) -> None:
    try:
        found = inspect(decode(data, "s.yaml"))
    except ScenarioError as error:
        found = error.diagnostics
    assert found[-1].code == code
    assert found[-1].severity == "error"


def test_severities_are_those_of_the_table() -> None:
    for path in BROKEN.glob("*.yaml"):
        for problem in inspect_file(path):
            assert problem.severity == CODES[problem.code].severity


def test_few_codes_are_the_loaders_alone() -> None:
    assert len(LOADER_ONLY) <= 21


def test_the_page_is_up_to_date() -> None:
    place = importlib.util.spec_from_file_location("build", ROOT / "scripts/build_diagnostics_doc.py")
    assert place is not None
    assert place.loader is not None
    script = importlib.util.module_from_spec(place)
    place.loader.exec_module(script)
    page = (ROOT / "docs/diagnostics.md").read_text(encoding="utf-8")
    assert script.page() == page, "run scripts/build_diagnostics_doc.py"
    assert all(f"### `{code}`" in page for code in CODES)
