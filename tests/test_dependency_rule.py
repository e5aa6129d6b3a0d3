"""The dependency rule, read from the imports: who may import whom, and what is kept out of where (docs/design.md)."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "slabviz"

LEVELS = (
    "cli",
    "app",
    "window export testing",
    "library",
    "render",
    "scene",
    "scenario",
    "report",
    "recordings",
    "engine timeline",
    "devmem",
    "slub",
    "model",
    "i18n",
    "resources",
    "errors",
)
"""A package imports only from lines below its own, and from itself."""

LEVEL = {room: level for level, rooms in enumerate(LEVELS) for room in rooms.split()}

EVERYWHERE = frozenset(LEVEL)
THIRD_PARTY = {
    "numpy": EVERYWHERE,
    "pygame": frozenset({"render", "window", "export"}),
    "yaml": frozenset({"resources", "scenario", "cli.bench.checking"}),  # the benchmark has it for its limit
    "PIL": frozenset({"export", "testing"}),
    "av": frozenset({"export"}),
    "click": frozenset({"cli"}),
    "rich": frozenset({"cli"}),
    "platformdirs": frozenset({"app"}),
    "pytest": frozenset({"testing"}),
}
"""Who may name which package from outside the standard library; any other is refused."""

GUARDED = {
    "time": frozenset({"app", "cli.bench", "testing.fuzz"}),  # the player's clock; a benchmark and the fuzzer measure
    "datetime": frozenset({"app"}),
    "random": frozenset({"engine"}),
    "secrets": frozenset(),
    "uuid": frozenset(),
}
"""Modules of the standard library that would break "same input, same pixels", and who may use them all the same."""

SPEECH = frozenset({"print", "exit", "quit", "SystemExit", "sys.exit", "os._exit"})
"""Printing and leaving: only the command line does either."""


@dataclass(frozen=True)
class Source:
    """A module: its dotted name below ``slabviz`` (``"model.slab"``) and its text."""

    name: str
    text: str

    @property
    def room(self) -> str:
        return self.name.partition(".")[0]

    def within(self, places: frozenset[str]) -> bool:
        """Say whether the module is one of ``places`` or lies inside one."""
        return any(f"{self.name}.".startswith(f"{place}.") for place in places)


def sources() -> Iterator[Source]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        # The package itself and `python -m` stand outside: one names its public parts, the other calls cli.
        if name and name != "__main__":
            yield Source(name, path.read_text(encoding="utf-8"))


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield the dotted name of everything imported, also inside functions and for type checking only."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def spoken(tree: ast.AST) -> Iterator[str]:
    """Yield every name and dotted name that is read, such as ``print``, ``sys.exit``, ``np.random``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"


def faults(source: Source) -> list[str]:
    tree = ast.parse(source.text)
    found = [fault for name in imported(tree) if (fault := import_fault(source, name))]
    names = set(spoken(tree))
    if source.room != "cli":
        found += [f"{name} is for cli only" for name in sorted(SPEECH & names)]
    if source.room != "engine" and names & {"np.random", "numpy.random"}:
        found.append("numpy.random is for engine only")
    return [f"slabviz.{source.name}: {fault}" for fault in found]


def import_fault(source: Source, name: str) -> str | None:
    top, *rest = name.split(".")
    if top == "slabviz":
        return inner_fault(source, rest[0] if rest else "library")  # where the package's own names come from
    if top in GUARDED:
        return None if source.within(GUARDED[top]) else f"{top} is not for {source.room}"
    if top in sys.stdlib_module_names:
        return None
    return None if source.within(THIRD_PARTY.get(top, frozenset())) else f"{top} is not for {source.room}"


def inner_fault(source: Source, room: str) -> str | None:
    if room in {source.room, "__version__"}:
        return None
    if room not in LEVEL:
        return f"{room} is no room of the plan"
    return None if LEVEL[room] > LEVEL[source.room] else f"{room} is not below {source.room}"


def test_every_module_has_its_line_in_the_plan() -> None:
    assert {source.room for source in sources()} <= set(LEVEL)


@pytest.mark.parametrize("source", list(sources()), ids=lambda source: source.name)
def test_modules_keep_the_rule(source: Source) -> None:
    assert faults(source) == []


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("model.slab", "from slabviz.slub.alloc import slab_alloc", "slub is not below model"),
        ("engine.tick", "import slabviz.timeline.log", "timeline is not below engine"),
        ("scene.compose", "def draw():\n    import pygame", "pygame is not for scene"),
        ("cli.play", "import pygame.display", "pygame is not for cli"),
        ("slub.alloc", "from yaml import load", "yaml is not for slub"),
        ("export.png", "import requests", "requests is not for export"),
        ("timeline.log", "from time import perf_counter", "time is not for timeline"),
        ("cli.benchmark", "import time", "time is not for cli"),
        ("scene.captions", "import random", "random is not for scene"),
        ("model.slab", "import numpy as np\nnp.random.default_rng()", "numpy.random is for engine only"),
        ("report.summary", "print('done')", "print is for cli only"),
        ("app.loop", "import sys\nsys.exit(1)", "sys.exit is for cli only"),
        ("app.loop", "from slabviz.helpers import x", "helpers is no room of the plan"),
    ],
)
def test_a_broken_rule_is_seen(name: str, text: str, fault: str) -> None:
    assert faults(Source(name, text)) == [f"slabviz.{name}: {fault}"]


def test_what_is_allowed_is_not_refused() -> None:
    assert faults(Source("render.painter", "import pygame\nfrom slabviz.scene.display import Box")) == []
    assert faults(Source("cli.bench", "import time\nprint(time.perf_counter())")) == []
    assert faults(Source("engine.streams", "import random\nfrom slabviz.model import machine")) == []
