"""Where the files that ship with slabviz are: the only place that knows a checkout from an installed wheel.

In a wheel they lie inside the package (``slabviz/_data/assets``, ``slabviz/_data/scenarios``), in a checkout (also
an editable install) beside it (``assets/``, ``scenarios/``).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from slabviz.errors import SourceError

LIBRARY = "library"
"""The folder of ``scenarios/`` with the programs that scenarios include."""

_PACKAGE = Path(__file__).parent
# libyaml is five times faster where PyYAML was built with it. The base loaders keep every scalar a string, so that a
# key or text like `no`, `on` or `010` means what it says.
_LOADER: type[yaml.BaseLoader] | type[yaml.CBaseLoader] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def _root() -> Path:
    shipped = _PACKAGE / "_data"
    return shipped if shipped.is_dir() else _PACKAGE.parent


def asset(*parts: str) -> Path:
    """Return the path of a file or folder of ``assets/``, as ``asset("themes", "dark.yaml")``; it may not exist."""
    return _root().joinpath("assets", *parts)


def scenario_folder() -> Path:
    """Return the folder of the shipped scenarios."""
    return _root() / "scenarios"


def lesson_files() -> list[Path]:
    """Return the shipped scenarios; what lies in the folder ``library`` is there to be included, not to be played."""
    folder = scenario_folder()
    return sorted(path for path in folder.rglob("*.yaml") if path.parent != folder / LIBRARY)


def table(path: Path) -> dict[str, str]:
    """Read a YAML file of nested mappings as one flat table: dotted key to text, in the order of the file.

    ``{caption: {new_slab: a}}`` and ``{caption.new_slab: a}`` both give ``{"caption.new_slab": "a"}``. An empty file
    gives an empty table.

    Raises SourceError: the file is missing or not UTF-8 YAML, holds a list, or gives a key twice.
    """
    try:
        with path.open(encoding="utf-8") as stream:
            root = yaml.compose(stream, Loader=_LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        raise SourceError(f"{path}: cannot be read: {problem}") from problem
    found: dict[str, str] = {}
    for key, text, mark in _leaves(root, "") if root else ():
        if key in found:
            raise SourceError(f"{path}:{mark.line + 1}:{mark.column + 1}: the key {key!r} is given twice")
        found[key] = text
    return found


def _leaves(node: yaml.Node, key: str) -> Iterator[tuple[str, str, yaml.Mark]]:
    mark = node.start_mark
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from _leaves(value, f"{key}.{name.value}" if key else name.value)
    elif isinstance(node, yaml.ScalarNode) and key:
        yield key, node.value, mark
    else:
        raise SourceError(f"{mark.name}:{mark.line + 1}:{mark.column + 1}: a table holds names and texts, no lists")
