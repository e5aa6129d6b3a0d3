"""Reading a scenario file: the last moment at which it is bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from slabviz.errors import Diagnostic, Place, ScenarioError, SourceError

SIZE_LIMIT = 1 << 20
"""Bytes: longer files are refused before anything is parsed."""

# What YAML allows in a stream: tab, line ends, and all that can be printed.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file as text: ``name`` as it was given, ``lines`` without their ends.

    ``folder`` is where the files lie that it includes; None for a text that is no file.
    """

    name: str
    text: str
    lines: tuple[str, ...]
    folder: Path | None = None

    def line(self, number: int) -> str:
        """A line by its number (from 1); empty behind the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


def read_source(path: Path, name: str | None = None) -> SourceText:
    """Read a scenario file; ``name`` is how messages call it (default: its path as given).

    Raises SourceError: missing or unreadable. ScenarioError: longer than 1 MiB, not UTF-8, or not text.
    """
    called = name or str(path)
    try:
        if path.is_dir():
            raise SourceError(f"{called}: is a folder, not a scenario file")
        with path.open("rb") as stream:
            data = stream.read(SIZE_LIMIT + 1)
    except OSError as problem:
        raise SourceError(f"{called}: cannot be read: {problem.strerror or problem}") from problem
    return replace(decode(data, called), folder=path.parent)


def decode(data: bytes, name: str) -> SourceText:
    """Make text of the bytes of a file. Raises ScenarioError as ``read_source``."""
    if len(data) > SIZE_LIMIT:
        raise _refused(name, 1, 1, "file-too-long", "a scenario has at most 1 MiB; split it or shorten it")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line, column = _position(data[: problem.start].decode("utf-8", "replace"))
        byte = data[problem.start]
        message = f"byte 0x{byte:02x} is not UTF-8; save the file as UTF-8"
        raise _refused(name, line, column, "encoding", message) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    strange = _UNPRINTABLE.search(text)
    if strange:
        line, column = _position(text[: strange.start()])
        message = f"character U+{ord(strange[0]):04X} cannot be in a text; is this a scenario file?"
        raise _refused(name, line, column, "encoding", message)
    return SourceText(name, text, tuple(text.split("\n")))


def _position(before: str) -> tuple[int, int]:
    lines = before.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").split("\n")
    return len(lines), len(lines[-1]) + 1


def _refused(name: str, line: int, column: int, code: str, message: str) -> ScenarioError:
    return ScenarioError([Diagnostic(Place(name, line, column), message, code=code)])
