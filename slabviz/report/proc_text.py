"""The kernel's own text read back into rows: what ``slabinfo``, ``buddyinfo`` and ``meminfo`` print, line by line.

Reading is by words; whether the columns stand where they should is found by printing the rows again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from slabviz.errors import RecordingError
from slabviz.recordings.packed import whole_text
from slabviz.report.buddyinfo import buddyinfo_line
from slabviz.report.cache_counts import CacheCounts
from slabviz.report.meminfo import meminfo_line
from slabviz.report.slabinfo import HEAD, slabinfo_line

SLABINFO = re.compile(
    r"(\S+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+) : tunables +0 +0 +0 : slabdata +(\d+) +(\d+) +0", re.ASCII
)
BUDDYINFO = re.compile(r"Node (\d+), zone +(\S+)((?: +\d+)+) ", re.ASCII)
MEMINFO = re.compile(r"(\S+): +(\d+)( kB)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: as it stands there, as slabviz prints what it says, and its number from 1."""

    number: int
    text: str
    printed: str


def slabinfo_rows(path: Path) -> list[tuple[Line, CacheCounts]]:
    """The rows of a slabinfo file. Raises RecordingError for a line that is none."""
    lines = whole_text(path).splitlines()
    if tuple(lines[: len(HEAD)]) != HEAD:
        raise RecordingError(f"{path}:1: does not begin as version 2.1 of slabinfo does")
    found = []
    for number, text in enumerate(lines[len(HEAD) :], len(HEAD) + 1):
        name, *numbers = _match(SLABINFO, path, number, text)
        row = CacheCounts(name, *map(int, numbers))
        found.append((Line(number, text, slabinfo_line(row)), row))
    return found


def buddyinfo_rows(path: Path) -> list[tuple[Line, list[int]]]:
    """The rows of a buddyinfo file, with the free blocks by order. Raises RecordingError for a line that is none."""
    found = []
    for number, text in enumerate(whole_text(path).splitlines(), 1):
        node, zone, blocks = _match(BUDDYINFO, path, number, text)
        free = [int(count) for count in blocks.split()]
        found.append((Line(number, text, buddyinfo_line(int(node), zone, free)), free))
    return found


def meminfo_rows(path: Path) -> list[tuple[Line, str, int]]:
    """(line, name, value) of a meminfo file. Raises RecordingError for a line that is none."""
    found = []
    for number, text in enumerate(whole_text(path).splitlines(), 1):
        name, value, unit = _match(MEMINFO, path, number, text)
        found.append((Line(number, text, meminfo_line(name, int(value), unit or "")), name, int(value)))
    return found


def _match(pattern: re.Pattern[str], path: Path, number: int, text: str) -> tuple[str, ...]:
    found = pattern.fullmatch(text)
    if found is None:
        raise RecordingError(f"{path}:{number}: not a line of {path.name.partition('.')[0]}: {text[:100]!r}")
    return found.groups()
