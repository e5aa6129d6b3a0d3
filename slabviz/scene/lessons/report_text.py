"""A report at a tick as text, and which of its fields have changed since the tick before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from slabviz.report.reports import REPORTS, Moment
from slabviz.scene.sight import Sight

COLUMNS: dict[str, tuple[str, ...]] = {
    "slabinfo": (
        "name", "active_objs", "num_objs", "objsize", "objperslab", "pagesperslab", ":", "tunables", "limit",
        "batchcount", "sharedfactor", ":", "slabdata", "active_slabs", "num_slabs", "sharedavail",
    ),
    "slabtop": ("OBJS", "ACTIVE", "USE", "OBJ SIZE", "SLABS", "OBJ/SLAB", "CACHE SIZE", "NAME"),
}  # fmt: skip
"""What the words of a row are, in the reports that are tables."""
DMESG = "dmesg"
TEXTS = (*REPORTS, DMESG)
"""All that the text view can show: the reports, and what the kernel has printed."""
_ROW_NAME = {"slabinfo": 0, "slabtop": -1}
_WORD = re.compile(r"[^\s:=()]+")
_NUMBER = re.compile(r"\d[\d.]*[%K]?")
_ORDER = 4
"""The words before the counts in a line of buddyinfo: Node, 0, zone, its name."""

Word: TypeAlias = tuple[int, int, str]
"""Begin, end, text."""


@dataclass(slots=True, frozen=True)
class Change:
    """A field that is another one than a tick before: where it stands (line, columns), what it is called."""

    line: int
    start: int
    end: int
    name: str
    before: str
    after: str


@dataclass(slots=True, frozen=True)
class ReportText:
    """The lines of a report after a tick. ``command`` is what one would type to see it on a real machine."""

    command: str
    lines: tuple[str, ...]
    changes: tuple[Change, ...]
    on_stage: int | None = None
    """The line about the cache on stage, in reports of all caches."""


def report_text(sight: Sight, report: str) -> ReportText:
    """The report as it is at this tick."""
    known, run, tick = REPORTS[report], sight.run, sight.tick
    cache = sight.cache.name if known.takes_cache else None
    lines = known.lines(Moment(run.about.called, sight.machine, run.log, tick), cache)
    before = lines
    first, behind = run.log.span(tick)
    if first != behind:
        before = known.lines(Moment(run.about.called, run.machine_before(tick), run.log, tick - 1), cache)
    found = tuple(changes(report, before, lines))
    name = sight.cache.name
    return ReportText(_command(report, name), tuple(lines), found, _line_of(report, lines, name))


def _line_of(report: str, lines: Sequence[str], cache: str) -> int | None:
    place = _ROW_NAME.get(report)
    if place is None:
        return None
    return next((number for number, line in enumerate(lines) if line.strip() and line.split()[place] == cache), None)


def _command(report: str, cache: str) -> str:
    if report == "slabtop":
        return "slabtop -o"
    if report == "stats":
        return f"slabviz report … stats {cache}"
    if report == "sysfs":
        return f"cd /sys/kernel/slab/{cache} && grep . *"
    return f"cat /proc/{report}"


def changes(report: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    """The fields of ``after`` that ``before`` does not have; rows are found by their words, wherever they stand."""
    old = dict(_keyed(before))
    for number, (key, line) in enumerate(_keyed(after)):
        was = old.get(key)
        if was is None or was == line:
            continue
        words = list(_words(line))
        for place, ((start, end, text), (_, _, earlier)) in enumerate(zip(words, _words(was), strict=True)):
            if text != earlier:
                yield Change(number, start, end, _name(report, words, place), earlier, text)


def _keyed(lines: Sequence[str]) -> Iterator[tuple[tuple[str, int], str]]:
    """Lines with what tells them from each other: their words without the numbers, and the how many-th of these."""
    seen: Counter[str] = Counter()
    for line in lines:
        words = " ".join("#" if _NUMBER.fullmatch(text) else text for _, _, text in _words(line))
        yield (words, seen[words]), line
        seen[words] += 1


def _words(line: str) -> Iterator[Word]:
    return ((found.start(), found.end(), found[0]) for found in _WORD.finditer(line))


def _name(report: str, words: Sequence[Word], place: int) -> str:
    """What a field is called: row and column of a table, else the words before it."""
    columns = [column for column in COLUMNS.get(report, ()) if column != ":"]
    if len(words) == len(columns):
        return f"{columns[place]} · {words[_ROW_NAME[report]][2]}"
    if report == "buddyinfo" and place >= _ORDER:
        return f"{words[_ORDER - 1][2]} order {place - _ORDER}"
    named = [text for _, _, text in words[:place] if not _NUMBER.fullmatch(text)]
    if report == "stats" and len(named) > 1:  # the statistic, and the CPU
        return f"{named[0]} {named[-1]}"
    return " ".join(word for word in named if word not in ("/", "%", "used"))
