"""Reads ftrace text of ``kmem`` events, plain or gzip-compressed, into operations.

The patterns of ``events`` say what can be read. But for time and address, all of a line comes again and again in other
lines: what stands before the time, and what stands around the address. Each is matched once and looked up from then on,
so most lines are only cut. What no pattern fits is counted and kept with its line number, never passed over in silence.
Addresses must be plain: hashed ones lie in no slab.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from slabviz.errors import RecordingError
from slabviz.recordings.ftrace.events import LINES, match_line
from slabviz.recordings.ftrace.schedule import MARK, Schedule
from slabviz.recordings.packed import text_lines

KEPT = 20
"""Unreadable lines that are kept with their text; all are counted."""
LOWEST_POINTER = 1 << 32
"""Hashed pointers have 32 bits; those of the kernel have all 64."""
ZERO_SIZE_PTR = 16
HASHED = re.compile(r"(?:ptr|page)=(?:\(____ptrval____\)|0{8}(?!0{8}\b|0{6}10\b)[0-9a-f]{8}\b)")


class TraceOp(NamedTuple):
    """One event. ``line`` counts from 1, ``time`` is in microseconds; what an event does not say is None or empty.

    ``address`` is the object's, for mm_page_… the pfn (0: no page). ``cache`` is known of kmem_cache_free alone;
    ``gfp`` stays text (``model.gfp.gfp_of_text``). ``order`` is that of pages.
    """

    line: int
    time: int
    address: int
    cpu: int
    task: str
    pid: int
    flags: str
    event: str
    call_site: str = ""
    cache: str = ""
    bytes_req: int = 0
    bytes_alloc: int = 0
    gfp: str = ""
    accounted: bool = False
    order: int = 0

    @property
    def allocates(self) -> bool:
        """Whether an object was allocated (or was to be: its address is 0 then)."""
        return self.event in ALLOCS

    @property
    def frees(self) -> bool:
        """Whether an object is freed."""
        return self.event in FREES

    @property
    def in_interrupt(self) -> bool:
        """Whether a hard or soft interrupt did it, not the task that is named."""
        return self.flags[2] != "."


ALLOCS = frozenset({"kmem_cache_alloc", "kmalloc"})
FREES = frozenset({"kmem_cache_free", "kfree"})

MOST_KNOWN = 1 << 16
"""Parts of lines that are remembered, of each sort; more of them are no trace's habit."""
UNTIL_TIME = 37
"""Columns before the time of a line whose task has up to 16 and whose pid has up to 7 columns …"""
AFTER_TIME = 49
"""… and up to the end of its time, below 100,000 seconds."""
PAGE_DIGITS = 16
HEAD_FIELDS, REST_FIELDS = slice(3, 7), slice(7, None)
"""Of a TraceOp: what stands before the time, and what stands around the address."""


@dataclass(slots=True)
class Unread:
    """Lines that could not be read: how many, and the first of them as (number from 1, text)."""

    count: int = 0
    first: list[tuple[int, str]] = field(default_factory=list)

    def add(self, number: int, text: str) -> None:
        """Count one more."""
        self.count += 1
        if len(self.first) < KEPT:
            self.first.append((number, text.rstrip("\n")[:200]))

    def __str__(self) -> str:
        shown = "".join(f"\n  line {number}: {text!r}" for number, text in self.first)
        more = f"\n  and {self.count - len(self.first)} more" if self.count > len(self.first) else ""
        return f"{self.count} line(s) could not be read{':' if self.count else ''}{shown}{more}"


Head = tuple[int, str, int, str]
"""(cpu, task, pid, flags)."""


class TraceReader:
    """Iterate to get the operations of a trace in its order; ``unread`` tells afterwards what could not be read.

    ``schedule`` is what the comments of a trace of ours say; None when there are none, as in a real kernel's trace.

    Raises RecordingError for a file that cannot be read, is no ftrace text at all, or has hashed addresses.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.unread = Unread()
        self.schedule: Schedule | None = None
        self._any = False
        self._heads: dict[str, Head] = {}
        """What stands before the time."""
        self._rests: dict[str, tuple[Any, ...]] = {}
        """What stands around the address, joined -> the fields of TraceOp from ``event`` on."""

    def __iter__(self) -> Iterator[TraceOp]:
        yield from self.operations(text_lines(self.path))
        if not self._any:
            raise RecordingError(f"{self.path}: is no ftrace text with kmem events: {self.unread}")

    def operations(self, lines: Iterable[str]) -> Iterator[TraceOp]:
        """The same from lines, wherever they come from. The loop is long for speed: it cuts and looks up in place."""
        heads, rests, new = self._heads, self._rests, tuple.__new__  # TraceOp's own constructor takes twice as long
        for number, line in enumerate(lines, 1):
            try:
                at = line.find(" ptr=", AFTER_TIME)
                if at > 0:
                    address, rest = int(line[at + 5 : at + 21], 16), rests[line[AFTER_TIME:at] + line[at + 21 :]]
                    if address < LOWEST_POINTER and address:
                        raise ValueError(address)  # hashed perhaps
                else:
                    at = line.index(" pfn=0x", AFTER_TIME)
                    digits, _, tail = line[at + 7 :].partition(" ")
                    address, rest = int(digits, 16), rests[line[AFTER_TIME : at - PAGE_DIGITS] + tail]
                time = int(line[UNTIL_TIME : AFTER_TIME - 7] + line[AFTER_TIME - 6 : AFTER_TIME])
                yield new(TraceOp, (number, time, address) + heads[line[:UNTIL_TIME]] + rest)
            except (KeyError, ValueError):
                op = self._by_pattern(number, line)
                if op is not None:
                    yield op

    def _by_pattern(self, number: int, line: str) -> TraceOp | None:
        """The careful way; it remembers the parts."""
        text = line.rstrip("\n")
        found = match_line(text)
        if found is None:
            if HASHED.search(text):
                raise self._hashed(number, text)
            if text.startswith(MARK):
                self._comment(number, text)
            elif text.strip() and not text.lstrip().startswith("#"):
                self.unread.add(number, line)
            return None
        op = _from_match(number, found)
        if op.event in _OBJECTS and op.address < LOWEST_POINTER and op.address not in (0, ZERO_SIZE_PTR):
            raise self._hashed(number, text)
        self._any = True
        self._remember(line, found, op)
        return op

    def _comment(self, number: int, text: str) -> None:
        self.schedule = self.schedule or Schedule()
        if not self.schedule.read(text.removeprefix(MARK)):
            self.unread.add(number, text)

    def _remember(self, line: str, found: re.Match[str], op: TraceOp) -> None:
        """Nothing of a line without an address, or whose task, pid or time takes more columns than usual: such lines
        are read with care each time."""
        if not {"ptr", "pfn"} & found.re.groupindex.keys():
            return
        if found.end("flags") != UNTIL_TIME - 1 or found.end("micros") != AFTER_TIME:
            return
        first, last = found.span("ptr" if "ptr" in found.re.groupindex else "pfn")
        around = line[AFTER_TIME : first - 5] + line[last:]
        if "pfn" in found.re.groupindex:
            around = line[AFTER_TIME : first - 7 - PAGE_DIGITS] + line[last + 1 :]
        _put(self._heads, line[:UNTIL_TIME], op[HEAD_FIELDS])
        _put(self._rests, around, op[REST_FIELDS])

    def _hashed(self, number: int, line: str) -> RecordingError:
        return RecordingError(
            f"{self.path}:{number}: addresses are hashed; record with the boot parameter no_hash_pointers: "
            f"{line.strip()[:160]!r}"
        )


_OBJECTS = ALLOCS | FREES


def _put(known: dict[str, Any], part: str, value: object) -> None:
    if len(known) >= MOST_KNOWN:
        known.clear()
    known[part] = value


def _from_match(number: int, found: re.Match[str]) -> TraceOp:
    fields = found.groupdict()

    def text(name: str, default: str = "") -> str:
        return fields.get(name) or default

    address = int(text("pfn"), 16) if "pfn" in fields else int(text("ptr", "0"), 16)
    time = int(text("seconds")) * 1_000_000 + int(text("micros"))
    return TraceOp(
        number, time, address, int(text("cpu")), text("comm").lstrip(), int(text("pid")), text("flags"),
        EVENT_OF[found.re], text("call_site"), text("name"), int(text("bytes_req", "0")), int(text("bytes_alloc", "0")),
        text("gfp_flags"), text("accounted") == "true", int(text("order", "0")),
    )  # fmt: skip


EVENT_OF = {pattern: event for event, pattern in LINES.items()}
