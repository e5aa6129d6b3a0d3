"""The reader of recorded mistakes: one JSON file each, a short script of steps with what the kernel logged at each.

::

    {"kernel":"6.1","mistake":"use_after_free","flags":"FZPU","object_size":64,"size":160,…,"finished":true,
     "steps":[{"step":"allocate objects 0 to 3","log":[],"got":[10,3,20,9],"state":{"nr_slabs":1,…,"slab":{…}}},
              {"step":"free object 1",…}, {"step":"write 0x41 at offset 8 of object 1",…}, …]}

What was done is said in words; ``STEPS`` knows them. A step that it does not know is refused with the ones it does.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from slabviz.errors import RecordingError, UsageError
from slabviz.model.era import LINUX_6_1
from slabviz.model.flags import SlabFlags
from slabviz.model.slub_debug import letters
from slabviz.recordings.jsonl import kind_of

LARGEST_FILE = 4 << 20
NUMBERS = ("object_size", "size", "objects", "order", "inuse", "offset", "red_left_pad")
"""Fields of the file that say how the kernel laid the cache out."""
MOST = 100_000
"""Objects, and bytes of an offset, that a step may name."""

STEPS = {
    "allocate": re.compile(r"allocate objects? (?P<first>\d+)(?: to (?P<last>\d+))?"),
    "free": re.compile(
        r"free object (?P<first>\d+)(?: again)?(?: plus (?P<plus>\d+) bytes?)?(?P<other> with another cache)?"
    ),
    "write": re.compile(r"write (?P<byte>0x[0-9a-f]{1,2}) at offset (?P<plus>\d+) of object (?P<first>\d+)"),
    "write_before": re.compile(r"write (?P<byte>0x[0-9a-f]{1,2}) one byte before object (?P<first>\d+)"),
    "write_behind": re.compile(r"write (?P<byte>0x[0-9a-f]{1,2}) one byte behind object (?P<first>\d+)"),
    "spoil_pointer": re.compile(r"overwrite the free pointer of object (?P<first>\d+)"),
    "free_no_slab": re.compile(r"free a page that is no slab"),
    "destroy": re.compile(r"destroy with objects left"),
    "fill_and_destroy": re.compile(r"fill the slab \((?P<last>\d+) objects\), then destroy"),
}
"""What a step may say, by the verb it is carried out as."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the verb and its numbers, and what the kernel answered (``got``, ``log``, ``state``)."""

    text: str
    verb: str
    first: int = 0
    last: int = 0
    plus: int = 0
    byte: int = 0
    other_cache: bool = False
    log: tuple[str, ...] = ()
    got: list[Any] | None = None
    state: dict[str, Any] | None = None
    has: frozenset[str] = frozenset()
    """The fields that the recording gives for it."""


@dataclass(frozen=True, slots=True)
class Script:
    """One recorded mistake; ``geometry`` has the fields of NUMBERS."""

    mistake: str
    flags: SlabFlags
    geometry: dict[str, int]
    steps: tuple[Step, ...]
    finished: bool
    names: frozenset[int] = field(default_factory=frozenset)


def is_error_script(path: Path) -> bool:
    """Whether a file is one of these."""
    if path.suffix != ".json" or not path.is_file() or path.stat().st_size > LARGEST_FILE:
        return False
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(value, dict) and "mistake" in value and "steps" in value


def load(path: Path) -> Script:
    """Read one file. Raises RecordingError, naming the field, for what is no recorded mistake of Linux 6.1."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise RecordingError(f"{path}: not JSON ({error})") from error
    reader = _Reader(path)
    if not isinstance(value, dict):
        raise reader.refuse("file", f"an object is expected, this is {kind_of(value)}")
    return reader.script(value)


@dataclass(frozen=True, slots=True)
class _Reader:
    path: Path

    def refuse(self, name: str, problem: str) -> RecordingError:
        return RecordingError(f"{self.path}: {name}: {problem}")

    def script(self, value: dict[str, Any]) -> Script:
        if self.get(value, "kernel", str) != LINUX_6_1.name:
            raise self.refuse("kernel", f"{value['kernel']!r}; this program knows {LINUX_6_1.name} only")
        numbers = {name: self.number(value, name, 1 << 30) for name in NUMBERS}
        steps = tuple(self.step(f"steps[{index}]", step) for index, step in enumerate(self.get(value, "steps", list)))
        if not steps:
            raise self.refuse("steps", "there are none")
        return Script(
            self.get(value, "mistake", str), self.flags(self.get(value, "flags", str)), numbers, steps,
            self.get(value, "finished", bool),
        )  # fmt: skip

    def flags(self, text: str) -> SlabFlags:
        try:
            return letters(text or "-")
        except UsageError as error:
            raise self.refuse("flags", str(error)) from error

    def step(self, where: str, value: Any) -> Step:
        if not isinstance(value, dict):
            raise self.refuse(where, f"an object is expected, this is {kind_of(value)}")
        text, log = self.get(value, "step", str, where), self.get(value, "log", list, where)
        if not all(isinstance(line, str) for line in log):
            raise self.refuse(f"{where}.log", "a line that is no text")
        got, state = value.get("got"), value.get("state")
        if got is not None and not (isinstance(got, list) and all(type(index) is int for index in got)):
            raise self.refuse(f"{where}.got", "a list of numbers is expected")
        if state is not None and not isinstance(state, dict):
            raise self.refuse(f"{where}.state", f"{kind_of(state)} is not what belongs here")
        numbers = self.words(where, text)
        return Step(text=text, log=tuple(log), got=got, state=state, has=frozenset(value), **numbers)

    def words(self, where: str, text: str) -> dict[str, Any]:
        for verb, pattern in STEPS.items():
            if found := pattern.fullmatch(text):
                given = {name: value for name, value in found.groupdict().items() if value is not None}
                other = "other" in given
                numbers = {name: int(value, 0) for name, value in given.items() if name != "other"}
                if any(number > MOST for number in numbers.values()):
                    raise self.refuse(f"{where}.step", f"a number above {MOST}")
                numbers.setdefault("last", numbers.get("first", 0))
                return {"verb": verb, "other_cache": other, **numbers}
        known = "; ".join(sorted(pattern.pattern.partition(" (")[0] for pattern in STEPS.values()))
        raise self.refuse(f"{where}.step", f"{text!r} is not known; known are steps like: {known}")

    def get(self, value: dict[str, Any], name: str, kind: type, where: str = "") -> Any:
        entry = value.get(name)
        if type(entry) is not kind:
            raise self.refuse(f"{where}.{name}".lstrip("."), f"{kind_of(entry)} is not what belongs here")
        return entry

    def number(self, value: dict[str, Any], name: str, most: int) -> int:
        number: int = self.get(value, name, int)
        if not 0 <= number <= most:
            raise self.refuse(name, f"{number} is not in the allowed range 0 … {most}")
        return number
