"""One file, several scenarios: ``variants`` with overrides of their own, or a ``matrix`` of machine settings.

Both work on the tree before anything is read, so every variation is a whole file of its own to the rest of the loader,
and each value keeps the spot where it was written. Tables are merged key by key, a list replaces the file's list, and
only ``expect`` grows: what a variation promises comes on top of what all promise.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from slabviz.scenario.diagnostics import Reporter, nearest, one_of, quote
from slabviz.scenario.names import PARAMETERS
from slabviz.scenario.tree import Entry, Items, Node, Scalar, Table

VARIANTS, MATRIX, EXPECT, CELL = "variants", "matrix", "expect", "cell"
OUTSIDE_THE_MACHINE = ("kernel", "seed")
"""Keys of a matrix that stand at the top of the file; parameters are meant where they have the name, all others are
keys of ``machine``."""
MOST = 64
"""Variations of one file."""

Cell = tuple[Entry, ...]
"""One choice for each key of the matrix."""


def variations(reporter: Reporter, root: Node) -> dict[str, Node]:
    """The file once for each variant or cell, by name; a file without them as it is, under an empty name.

    Raises Refused, after reporting, when the names of the variations cannot be told.
    """
    variants, matrix = _section(root, VARIANTS), _section(root, MATRIX)
    if not isinstance(root, Table) or variants is None is matrix:
        return {"": root}
    if variants is not None and matrix is not None:
        raise reporter.report(matrix.key.spot, "both-keys", "a file has `variants` or a `matrix`, not both")
    plain = Table(root.spot, tuple(entry for entry in root.entries if entry.key.text not in (VARIANTS, MATRIX)))
    if variants is not None:
        return {name: merged(plain, override) for name, override in _variants(reporter, variants)}
    assert matrix is not None
    cells = _cells(reporter, matrix)
    return {told(cell): _in_cell(reporter, plain, cell, cells) for cell in cells}


def told(cell: Cell) -> str:
    """A cell's name: ``hardened=true slub_debug=F``."""
    return " ".join(f"{entry.key.text}={_text(entry.value)}" for entry in cell)


def merged(base: Node, override: Node) -> Node:
    """``override`` on top of ``base``: tables key by key, anything else replaced, ``expect`` lengthened."""
    if not (isinstance(base, Table) and isinstance(override, Table)):
        return override
    theirs = {entry.key.text: entry for entry in override.entries}
    mine = {entry.key.text for entry in base.entries}
    kept = [_together(entry, theirs[entry.key.text]) if entry.key.text in theirs else entry for entry in base.entries]
    return Table(base.spot, (*kept, *(entry for entry in override.entries if entry.key.text not in mine)))


def _together(base: Entry, override: Entry) -> Entry:
    both = base.value, override.value
    if base.key.text == EXPECT and isinstance(both[0], Items) and isinstance(both[1], Items):
        return Entry(base.key, Items(both[0].spot, (*both[0].items, *both[1].items)))
    return Entry(override.key, merged(*both))


def _section(root: Node, name: str) -> Entry | None:
    entries = root.entries if isinstance(root, Table) else ()
    return next((entry for entry in entries if entry.key.text == name), None)


def _variants(reporter: Reporter, variants: Entry) -> Iterator[tuple[str, Table]]:
    table = variants.value
    if not isinstance(table, Table) or not 0 < len(table.entries) <= MOST:
        message = f"`variants` is a table of 1 to {MOST} names, each with what differs"
        raise reporter.report(table.spot, "wrong-kind", message)
    for entry in table.entries:
        if not isinstance(entry.value, Table):
            message = f"variant {quote(entry.key.text)} is a table of sections, as `machine: {{hardened: false}}`"
            raise reporter.report(entry.value.spot, "wrong-kind", message)
        for inner in entry.value.entries:
            if inner.key.text in (VARIANTS, MATRIX, "slabviz", "id"):
                message = f"a variant cannot have `{inner.key.text}` of its own"
                raise reporter.report(inner.key.spot, "unknown-key", message)
        yield entry.key.text, entry.value


def _cells(reporter: Reporter, matrix: Entry) -> list[Cell]:
    table = matrix.value
    if not isinstance(table, Table) or not table.entries:
        message = "`matrix` is a table of machine keys, each with a list of values, as `hardened: [true, false]`"
        raise reporter.report(table.spot, "wrong-kind", message)
    columns = []
    for entry in table.entries:
        values = entry.value.items if isinstance(entry.value, Items) else ()
        if not values or not all(isinstance(value, Scalar) for value in values):
            message = f"`{entry.key.text}` needs a list of values, as `[true, false]`"
            raise reporter.report(entry.value.spot, "wrong-kind", message)
        columns.append([Entry(entry.key, value) for value in values])
    cells = list(product(*columns))
    if len(cells) > MOST:
        message = f"this matrix has {len(cells)} cells; at most {MOST} are run"
        raise reporter.report(matrix.key.spot, "does-not-fit", message)
    return cells


def _in_cell(reporter: Reporter, plain: Table, cell: Cell, cells: list[Cell]) -> Node:
    """The file on the machine of one cell, with the expectations that are meant for it."""
    parameters = _section(plain, PARAMETERS)
    values = parameters.value if parameters is not None else plain
    top = tuple(entry for entry in cell if entry.key.text in OUTSIDE_THE_MACHINE)
    named = tuple(entry for entry in cell if parameters is not None and _section(values, entry.key.text) is not None)
    inner = tuple(entry for entry in cell if entry not in (*top, *named))
    machine = Entry(Scalar(plain.spot, "machine", True), Table(plain.spot, inner))
    chosen = () if parameters is None else (Entry(parameters.key, Table(values.spot, named)),)
    expected = Table(plain.spot, tuple(_expecting(reporter, entry, cell, cells) for entry in plain.entries))
    return merged(expected, Table(plain.spot, (*top, *chosen, machine)))


def _expecting(reporter: Reporter, entry: Entry, cell: Cell, cells: list[Cell]) -> Entry:
    if entry.key.text != EXPECT or not isinstance(entry.value, Items):
        return entry
    chosen = [_for_cell(reporter, item, cell, cells) for item in entry.value.items]
    return Entry(entry.key, Items(entry.value.spot, tuple(item for item in chosen if item is not None)))


def _for_cell(reporter: Reporter, item: Node, cell: Cell, cells: list[Cell]) -> Node | None:
    """An expectation without its ``cell``, or None when that names another one."""
    named = _section(item, CELL)
    if named is None or not isinstance(item, Table):
        return item
    known = {entry.key.text: _text(entry.value) for entry in cell}
    _check_cell(reporter, named, cells)
    wanted = named.value.entries if isinstance(named.value, Table) else ()
    if any(known.get(entry.key.text) != _text(entry.value) for entry in wanted):
        return None
    return Table(item.spot, tuple(entry for entry in item.entries if entry is not named))


def _check_cell(reporter: Reporter, named: Entry, cells: list[Cell]) -> None:
    """Report a cell that the matrix does not have: its expectation would never be held to anything."""
    if not isinstance(named.value, Table):
        raise reporter.report(named.value.spot, "wrong-kind", "`cell` is a table, as `{hardened: true}`")
    for entry in named.value.entries:
        values = {_text(other.value) for cell in cells for other in cell if other.key.text == entry.key.text}
        keys = [other.key.text for other in cells[0]]
        if not values:
            hint = nearest(entry.key.text, keys) or f"it has {one_of(keys)}"
            message = f"the matrix has no {quote(entry.key.text)}"
            raise reporter.report(entry.key.spot, "unknown-name", message, help=hint)
        if _text(entry.value) not in values:
            message = f"{quote(_text(entry.value))} is none of the matrix's values of `{entry.key.text}`"
            hint = f"they are {one_of(sorted(values))}"
            raise reporter.report(entry.value.spot, "unknown-name", message, help=hint)


def _text(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""
