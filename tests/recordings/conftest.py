"""Recordings of the real kernel for the tests, and a workshop that changes copies of them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from slabviz.recordings.verify import FileResult, verify_file

DATA = Path(__file__).parent / "data"
REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference"


@dataclass
class Copy:
    """A recording as parsed lines (0: header, i + 1: operation i, last: end), to be changed and verified again."""

    texts: list[str]
    place: Path
    changed: dict[int, Any] = field(default_factory=dict)

    @property
    def operations(self) -> range:
        return range(len(self.texts) - 2)

    @property
    def header(self) -> dict[str, Any]:
        header: dict[str, Any] = self.line(0)["header"]
        return header

    @property
    def end(self) -> dict[str, Any]:
        return self.line(len(self.texts) - 1)

    def operation(self, index: int) -> dict[str, Any]:
        return self.line(index + 1)

    def line(self, number: int) -> dict[str, Any]:
        """One line, parsed; changes made to it are written by ``verify``."""
        line: dict[str, Any] = self.changed.setdefault(number, json.loads(self.texts[number]))
        return line

    def verify(self, kernel: str | None = None) -> FileResult:
        texts = [json.dumps(self.changed[n]) if n in self.changed else text for n, text in enumerate(self.texts)]
        self.place.write_bytes(gzip.compress("\n".join(texts).encode() + b"\n", compresslevel=1))
        return verify_file(self.place, kernel=kernel)


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[str], Copy]:
    """Make a fresh copy of one of the recordings in ``data``, by script name."""
    texts: dict[str, list[str]] = {}

    def make(script: str) -> Copy:
        if script not in texts:
            (path,) = DATA.rglob(f"{script}.jsonl.gz")
            with gzip.open(path, "rt", encoding="utf-8") as stream:
                texts[script] = stream.read().splitlines()
        return Copy(list(texts[script]), tmp_path / "copy.jsonl.gz")

    return make


@pytest.fixture
def data() -> Path:
    return DATA


@pytest.fixture
def reference() -> Path:
    """The whole set of recordings of 6.1 beside the checkout; the test is skipped without it."""
    return _whole_set("linux-6.1")


@pytest.fixture
def reference_6_12() -> Path:
    """The whole set of recordings of 6.12 beside the checkout; the test is skipped without it."""
    return _whole_set("linux-6.12")


def _whole_set(name: str) -> Path:
    folder = REFERENCE / name
    if not folder.is_dir():
        pytest.skip(f"the whole set of recordings is not at {folder}")
    return folder
