"""Real kernels' recordings and tables against the model: every file under some paths, one result for each.

Folders are gone through in the order of their names. What a file is, is found by the rows of ``KINDS``, top to bottom.
A file of no kind that this program can compare is skipped in a folder, with the reason, and refused when it was named.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from slabviz.errors import RecordingError
from slabviz.model.era import ERAS, KNOWN, LINUX_6_1, era_named
from slabviz.recordings.comparison import Comparison
from slabviz.recordings.conformance_check import compare_recording
from slabviz.recordings.debug_check import compare_debug_recording
from slabviz.recordings.debug_geometry import compare_debug_table, is_debug_table
from slabviz.recordings.difference import Difference
from slabviz.recordings.error_check import compare_errors
from slabviz.recordings.error_script import is_error_script
from slabviz.recordings.ftrace.check import SUMMARY, compare_trace, is_trace
from slabviz.recordings.geometry import compare_table, other_kernel, table_kind
from slabviz.recordings.jsonl import JsonObject, json_lines
from slabviz.recordings.record import FALLBACK
from slabviz.recordings.reserves import compare_reserves
from slabviz.recordings.reserves_file import is_reserves

RECORDING_SUFFIX = ".jsonl.gz"


@dataclass(frozen=True, slots=True)
class FileResult:
    """What came of one file.

    ``kind`` is a name in KINDS; ``compared`` counts the headers, ops, states, freelists, rows or values compared.
    ``different`` counts all differences, ``differences`` has the first of them. ``skipped`` is the reason why nothing
    was compared, ``error`` what made the file unreadable; in a good result both are empty and ``different`` is 0.
    ``moved`` are values that differ because they were recorded at another moment: they are listed and count nowhere.
    """

    path: Path
    kind: str
    compared: Mapping[str, int] = field(default_factory=dict)
    different: int = 0
    differences: tuple[Difference, ...] = ()
    skipped: str = ""
    error: RecordingError | None = None
    kernel: str = ""
    """Whose rules it was held against."""
    moved: tuple[Difference, ...] = ()

    @property
    def equal(self) -> bool:
        """Whether the file was compared, to its end, and everything agreed."""
        return not (self.skipped or self.error or self.different)


@dataclass(slots=True)
class Total:
    """The sum of many results: numbers of files by how they ended, and of what was compared in them."""

    equal: int = 0
    different: int = 0
    unreadable: int = 0
    skipped: int = 0
    compared: dict[str, int] = field(default_factory=dict)

    def add(self, result: FileResult) -> None:
        """Count one more result."""
        if result.error is not None:
            self.unreadable += 1
        elif result.skipped:
            self.skipped += 1
        elif result.different:
            self.different += 1
        else:
            self.equal += 1
        for what, number in result.compared.items():
            self.compared[what] = self.compared.get(what, 0) + number


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: how it is known, and how it is compared or why it is not."""

    name: str
    matches: Callable[[Path], bool]
    compare: Callable[[Path, str | None], Comparison] | None = None
    reason: str = ""


def eraless(compare: Callable[[Path], Comparison]) -> Callable[[Path, str | None], Comparison]:
    """A comparison that no era's rules take part in, so that none can be forced on it."""
    return lambda path, kernel: compare(path)


def _is_record(path: Path) -> bool:
    return path.name.endswith(RECORDING_SUFFIX)


def _header(path: Path) -> JsonObject:
    """The header of a recording, or an empty one where the reader will find something to say."""
    try:
        first = next(json_lines(path), (0, {}))[1]
    except RecordingError:
        return {}
    header = first.get("header")
    return header if isinstance(header, dict) else {}


def _is_known(kernel: object) -> bool:
    return isinstance(kernel, str) and kernel in ERAS


def _is_table(path: Path) -> bool:
    if path.suffix != ".csv":
        return False
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            columns = next(csv.reader(islice(stream, 1)), [])
    except (OSError, UnicodeDecodeError, csv.Error):
        return False
    return table_kind(columns) is not None


KINDS = (
    Kind(
        "newer record",
        lambda path: _is_record(path) and not _is_known(_header(path).get("kernel", LINUX_6_1.name)),
        reason=f"recorded on another kernel than {KNOWN}, which this program knows",
    ),
    Kind(
        "debug record",
        lambda path: _is_record(path) and "debug_flags" in _header(path),
        compare_debug_recording,
    ),
    Kind(
        "pressure record",
        lambda path: _is_record(path) and _header(path).get("pattern") == FALLBACK,
        compare_recording,
    ),
    Kind("conformance", _is_record, compare_recording),
    Kind(
        "newer table",
        lambda path: _is_table(path) and bool(other_kernel(path)),
        reason=f"from another kernel than {KNOWN}, which this program knows",
    ),
    Kind("geometry", _is_table, compare_table),
    Kind("trace", is_trace, eraless(compare_trace)),
    Kind("summary", lambda path: path.name == SUMMARY, reason="read together with its trace"),
    Kind("debug geometry", is_debug_table, eraless(compare_debug_table)),
    Kind("mistake", is_error_script, eraless(compare_errors)),
    Kind("reserves", is_reserves, eraless(compare_reserves)),
    Kind("machine", lambda path: path.match("machine_*.json"), reason="read together with its tables"),
    Kind("other", lambda path: True, reason="neither a recording nor a table of cache geometry"),
)


def verify(paths: Iterable[Path], kinds: Sequence[Kind] = KINDS, kernel: str | None = None) -> Iterator[FileResult]:
    """Compare every file named and every file in the folders named; one result each, as soon as it is known.

    ``kinds`` are those that are known, the first that matches holds; whoever knows more puts them in front of KINDS.
    ``kernel`` forces the rules of one era on all of them; UsageError when it is not known. Never raises for what is in
    a file: a missing, damaged or foreign one is a result with an ``error``.
    """
    if kernel is not None:
        era_named(kernel)
    for path in paths:
        if path.is_dir():
            yield from _folder(path, kinds, kernel)
        else:
            yield _named(path, kinds, kernel)


def _folder(folder: Path, kinds: Sequence[Kind], kernel: str | None) -> Iterator[FileResult]:
    refused: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=refused.append):
        folders.sort()
        for name in sorted(names):
            yield verify_file(Path(place, name), kinds, kernel)
    for error in refused:
        message = f"{error.filename}: cannot be looked into: {error.strerror}"
        yield FileResult(Path(str(error.filename)), "folder", error=RecordingError(message))


def _named(path: Path, kinds: Sequence[Kind], kernel: str | None) -> FileResult:
    if not path.exists():
        return FileResult(path, "missing", error=RecordingError(f"{path}: there is no such file or folder"))
    result = verify_file(path, kinds, kernel)
    if result.skipped:
        return FileResult(path, result.kind, error=RecordingError(f"{path}: {result.skipped}"))
    return result


def verify_file(path: Path, kinds: Sequence[Kind] = KINDS, kernel: str | None = None) -> FileResult:
    """Compare one file, with its own kernel's rules or those of ``kernel``, or say why it is skipped."""
    kind = next(kind for kind in kinds if kind.matches(path))
    if kind.compare is None:
        return FileResult(path, kind.name, skipped=kind.reason)
    try:
        comparison = kind.compare(path, kernel)
    except RecordingError as error:
        return FileResult(path, kind.name, error=error)
    return FileResult(
        path, kind.name, comparison.compared, comparison.different, tuple(comparison.differences),
        kernel=comparison.kernel,
        moved=tuple(comparison.moved),
    )  # fmt: skip
