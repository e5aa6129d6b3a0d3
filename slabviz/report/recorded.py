"""Recorded states of a real machine against the text that its kernel printed: ``state.X.json.gz`` and, beside it,
``slabinfo.X``, ``sysfs.X.csv``, ``meminfo.X``.

The state was read with all CPUs stopped, the text a moment earlier or later, so a few counts have moved. What cannot
move (names and their order, sizes, columns) has to be equal. Counts that differ are listed beside the result; when more
than MOVED of the caches have other counts, that is no moment any more, and they are differences.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from io import StringIO
from pathlib import Path

from slabviz.errors import RecordingError
from slabviz.model.invariants import check
from slabviz.model.machine import Machine
from slabviz.model.sizing import MAX_ORDER, PAGE_SIZE
from slabviz.recordings.comparison import Comparison
from slabviz.recordings.difference import ABSENT, Difference
from slabviz.recordings.machine_state import load_machine
from slabviz.recordings.packed import whole_text
from slabviz.recordings.state_file import is_state
from slabviz.recordings.verify import Kind, eraless
from slabviz.report.cache_counts import CacheCounts, cache_counts, newest_first
from slabviz.report.meminfo import meminfo_data
from slabviz.report.proc_text import Line, buddyinfo_rows, meminfo_rows, slabinfo_rows
from slabviz.report.slabinfo import slabinfo_line
from slabviz.report.sysfs import sysfs_data

MOVED = 10
"""At most every so manyth cache may have other counts than the text says."""
COUNTS = ("active_objs", "num_objs", "active_slabs", "num_slabs")
FIXED = ("objsize", "objperslab", "pagesperslab")
FIXED_FILES = ("object_size", "slab_size", "objs_per_slab", "order")
RECLAIMABLE = ("KReclaimable", "SReclaimable")


def compare_state(path: Path) -> Comparison:
    """Load a state, hold it to the laws of the model, and compare what it would print. Raises RecordingError."""
    machine, comparison = load_machine(path), Comparison()
    comparison.compared["states"] += 1
    comparison.add(Difference("machine", law, "no breach", "a breach") for law in check(machine))
    for name, compare in BESIDE.items():
        text = path.with_name(name.format(path.name.split(".")[1]))
        if text.is_file():
            compare(machine, text, comparison)
    return comparison


def _slabinfo(machine: Machine, path: Path, comparison: Comparison) -> None:
    ours = {cache.name: cache_counts(cache) for cache in newest_first(machine)}
    theirs = {row.name: (line, row) for line, row in slabinfo_rows(path)}
    comparison.add(_same_names(path, list(theirs), list(ours)))
    moved = []
    for name, (line, row) in theirs.items():
        if name in ours:
            comparison.compared["slabinfo rows"] += 1
            comparison.add(_fixed(name, row, ours[name]))
            comparison.add(_layout(name, line, row, ours[name]))
            moved.append(list(_counts(name, row, ours[name])))
    _tell_moved(comparison, "slabinfo counts equal", moved)


def _same_names(path: Path, expected: Sequence[str], got: Sequence[str]) -> Iterator[Difference]:
    if expected != got:
        odd = sorted(set(expected) ^ set(got))
        yield Difference(path.name, "caches, newest first", expected[:3], odd or got[:3])


def _fixed(name: str, expected: CacheCounts, got: CacheCounts) -> Iterator[Difference]:
    theirs, ours = asdict(expected), asdict(got)
    return (Difference(name, field, theirs[field], ours[field]) for field in FIXED if theirs[field] != ours[field])


def _counts(name: str, expected: CacheCounts, got: CacheCounts) -> Iterator[Difference]:
    theirs, ours = asdict(expected), asdict(got)
    return (Difference(name, field, theirs[field], ours[field]) for field in COUNTS if theirs[field] != ours[field])


def _layout(name: str, line: Line, row: CacheCounts, ours: CacheCounts) -> Iterator[Difference]:
    """Our line with their counts must be their line, to the last blank."""
    counts = {field: getattr(row, field) for field in COUNTS}
    printed = slabinfo_line(replace(ours, **counts))
    if printed != line.text:
        yield Difference(name, f"slabinfo line {line.number}", line.text, printed)


def _sysfs(machine: Machine, path: Path, comparison: Comparison) -> None:
    ours = {cache.name: sysfs_data(cache) for cache in machine.caches}
    rows = {row["name"]: row for row in _csv_rows(path)}
    comparison.add(_same_names(path, sorted(rows), sorted(ours)))
    moved = []
    for name in sorted(rows.keys() & ours.keys()):
        comparison.compared["sysfs rows"] += 1
        found = [
            Difference(name, f"sysfs {file}", text, ours[name].get(file, ABSENT))
            for file, text in rows[name].items()
            if file != "name" and text != ours[name].get(file)
        ]
        fixed = {f"sysfs {file}" for file in FIXED_FILES}
        comparison.add(difference for difference in found if difference.field in fixed or difference.got is ABSENT)
        moved.append([difference for difference in found if difference.field not in fixed])
    _tell_moved(comparison, "sysfs counts equal", moved)


def _csv_rows(path: Path) -> list[dict[str, str]]:
    rows = list(csv.DictReader(StringIO(whole_text(path)), strict=True))
    if not rows or "name" not in rows[0] or any(None in row or None in row.values() for row in rows):
        raise RecordingError(f"{path}: is no table of sysfs files with a column 'name' and equally long rows")
    return rows


def _tell_moved(comparison: Comparison, what: str, moved: Sequence[Sequence[Difference]]) -> None:
    """``moved`` has one entry a cache: the counts that are not the text's."""
    other = sum(map(bool, moved))
    comparison.compared[what] += len(moved) - other
    found = [difference for cache in moved for difference in cache]
    if other * MOVED > len(moved):
        comparison.add(found)
    else:
        comparison.moved += found


def _meminfo(machine: Machine, path: Path, comparison: Comparison) -> None:
    ours = meminfo_data(machine)
    theirs = {name: value for _, name, value in meminfo_rows(path)}
    if ours["Slab"] != ours["SReclaimable"] + ours["SUnreclaim"]:
        comparison.add([Difference("meminfo", "Slab", ours["SReclaimable"] + ours["SUnreclaim"], ours["Slab"])])
    for name in RECLAIMABLE:
        comparison.compared["meminfo lines"] += 1
        if name in theirs and theirs[name] != ours[name]:
            comparison.moved.append(Difference("meminfo", name, theirs[name], ours[name]))


BESIDE: dict[str, Callable[[Machine, Path, Comparison], None]] = {
    "slabinfo.{}": _slabinfo,
    "sysfs.{}.csv": _sysfs,
    "meminfo.{}": _meminfo,
}
"""The text beside a state; {} is the state's own word (before, after)."""


def compare_slabinfo(path: Path) -> Comparison:
    """Read a slabinfo file and print it again: the same bytes; and each row must be one that SLUB can give."""
    comparison = Comparison()
    for line, row in slabinfo_rows(path):
        comparison.compared["lines"] += 1
        comparison.add(_printed_again(line))
        comparison.add(_impossible(line, row))
    return comparison


def _impossible(line: Line, row: CacheCounts) -> Iterator[Difference]:
    where = f"line {line.number}"
    fit = row.pagesperslab * PAGE_SIZE // row.objsize if row.objsize else 0
    if row.objperslab != fit or row.pagesperslab not in {1 << order for order in range(MAX_ORDER)}:
        yield Difference(where, f"{row.name}: objperslab", row.objperslab, fit)
    most = row.num_slabs * row.objperslab
    if not row.active_objs <= row.num_objs <= most or row.active_slabs != row.num_slabs:
        yield Difference(where, f"{row.name}: objects", f"{row.active_objs} of {row.num_objs}", f"at most {most}")


def compare_buddyinfo(path: Path) -> Comparison:
    """Read a buddyinfo file and print it again: the same bytes, and as many orders as the kernel has."""
    comparison = Comparison()
    for line, free in buddyinfo_rows(path):
        comparison.compared["lines"] += 1
        comparison.add(_printed_again(line))
        if len(free) != MAX_ORDER:
            comparison.add([Difference(f"line {line.number}", "orders", len(free), MAX_ORDER)])
    return comparison


def compare_meminfo(path: Path) -> Comparison:
    """Read a meminfo file and print it again: the same bytes, and Slab must be the sum of its parts."""
    comparison, values = Comparison(), {}
    for line, name, value in meminfo_rows(path):
        comparison.compared["lines"] += 1
        comparison.add(_printed_again(line))
        values[name] = value
    missing = [name for name in ("Slab", "SReclaimable", "SUnreclaim", "KReclaimable") if name not in values]
    if missing:
        raise RecordingError(f"{path}: has no line {missing[0]}")
    parts = values["SReclaimable"] + values["SUnreclaim"]
    if values["Slab"] != parts:
        comparison.add([Difference("meminfo", "Slab", values["Slab"], parts)])
    if values["KReclaimable"] < values["SReclaimable"]:
        comparison.add([Difference("meminfo", "KReclaimable", values["KReclaimable"], values["SReclaimable"])])
    return comparison


def _printed_again(line: Line) -> Iterator[Difference]:
    if line.text != line.printed:
        yield Difference(f"line {line.number}", "text", line.text, line.printed)


def _called(word: str) -> Callable[[Path], bool]:
    return lambda path: path.name.startswith(f"{word}.")


RECORDED_KINDS = (
    Kind("machine state", is_state, eraless(compare_state)),
    Kind("slabinfo", _called("slabinfo"), eraless(compare_slabinfo)),
    Kind("buddyinfo", _called("buddyinfo"), eraless(compare_buddyinfo)),
    Kind("meminfo", _called("meminfo"), eraless(compare_meminfo)),
    Kind("sysfs", lambda path: path.match("sysfs.*.csv"), reason="read together with the machine state beside it"),
)
"""For ``recordings.verify``: what a kernel printed, and the states it printed it in."""
