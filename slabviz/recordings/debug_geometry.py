"""Tables of the geometry of caches with debugging flags, compared with ``model.sizing``.

``debug_cpusN.csv``; N is the number of CPUs, present and possible, of the machine that it comes from. Its columns::

    req_size,req_align,debug_flags,other_flags,req_ctor,object_size,size,align,inuse,offset,red_left_pad,oo_order,…

``debug_flags`` are letters of FZPU, ``other_flags`` of h (HWCACHE_ALIGN) and t (TYPESAFE_BY_RCU).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from slabviz.errors import RecordingError, UsageError
from slabviz.model.sizing import Geometry, geometry
from slabviz.model.slub_debug import letters
from slabviz.recordings.comparison import Comparison
from slabviz.recordings.debug_record import OTHER_FLAGS
from slabviz.recordings.difference import Difference
from slabviz.recordings.geometry import Row
from slabviz.recordings.jsonl import refusal

REQUEST = ("req_size", "req_align", "debug_flags", "other_flags", "req_ctor")
COMPUTED = (
    "object_size", "size", "align", "inuse", "offset", "red_left_pad", "oo_order", "oo_objects", "min_order",
    "min_objects", "min_partial", "cpu_partial", "cpu_partial_slabs", "flags", "ctor",
)  # fmt: skip
NAME = re.compile(r".*_cpus([1-9]\d{0,3})\.csv")
"""File names that say how many CPUs there were."""


def is_debug_table(path: Path) -> bool:
    """Whether a file has the columns of such a table."""
    if path.suffix != ".csv":
        return False
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            columns = next(csv.reader(islice(stream, 1)), [])
    except (OSError, UnicodeDecodeError, csv.Error):
        return False
    return set(columns) >= {*REQUEST, *COMPUTED}


def compare_debug_table(path: Path) -> Comparison:
    """Compare every computed value of every row; ``compared`` counts rows and values.

    Raises RecordingError for a table whose machine is unknown, or that has a row that cannot be read.
    """
    named = NAME.fullmatch(path.name)
    if named is None:
        raise RecordingError(f"{path}: on how many CPUs? Such a table is called NAME_cpusN.csv")
    comparison = Comparison()
    for line, row in _rows(path):
        try:
            made = _made(row, int(named[1]))
            values = [(name, _number(row, name), int(getattr(made, name))) for name in COMPUTED]
        except (ValueError, UsageError) as error:
            raise refusal(path, line, str(error)) from error
        where = f"row {line - 1} ({', '.join(f'{name} {row[name]}' for name in REQUEST)})"
        comparison.add(Difference(where, name, left, right) for name, left, right in values if left != right)
        comparison.compared["rows"] += 1
        comparison.compared["values"] += len(values)
    if not comparison.compared:
        raise RecordingError(f"{path}: the table has no rows")
    return comparison


def _made(row: Row, cpus: int) -> Geometry:
    flags = letters(row["debug_flags"] or "-")
    for letter in row["other_flags"]:
        if letter not in OTHER_FLAGS:
            raise ValueError(f"other_flags: {letter!r} is not one of {', '.join(OTHER_FLAGS)}")
        flags |= OTHER_FLAGS[letter]
    size, align, ctor = _number(row, "req_size"), _number(row, "req_align"), bool(_number(row, "req_ctor"))
    return geometry(size, align, flags, ctor, present_cpus=cpus, possible_cpus=cpus)


def _number(row: Row, column: str) -> int:
    try:
        return int(row[column], 0)
    except ValueError as error:
        raise ValueError(f"{column}: {row[column]!r} is not a whole number") from error


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            columns = next(reader, [])
            for cells in reader:
                if len(cells) != len(columns):
                    raise refusal(path, reader.line_num, f"{len(cells)} cells under {len(columns)} columns")
                yield reader.line_num, dict(zip(columns, cells, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RecordingError(f"{path}: cannot be read: {error}") from error
