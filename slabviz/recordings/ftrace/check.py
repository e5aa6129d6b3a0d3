"""A recorded trace held to what slabviz knows of such text, and to the counts that were taken when it was recorded."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from slabviz.errors import RecordingError
from slabviz.model.gfp import gfp_flags_text, gfp_of_text
from slabviz.recordings.comparison import Comparison
from slabviz.recordings.difference import Difference, differences
from slabviz.recordings.ftrace.events import HEAD, match_line
from slabviz.recordings.ftrace.reader import TraceOp, TraceReader
from slabviz.recordings.packed import text_lines, whole_text

SUMMARY = "summary.json"


def is_trace(path: Path) -> bool:
    """Whether a file is called as a recorded trace is."""
    return path.name.startswith("trace.") and path.name.endswith((".txt", ".txt.gz"))


def compare_trace(path: Path) -> Comparison:
    """Read every line, by its pattern too; compare the head, the names of GFP flags, and ``summary.json`` beside it.

    Raises RecordingError for what is no trace.
    """
    comparison, reader = Comparison(), TraceReader(path)
    operations = list(reader)
    comparison.compared["events"] += len(operations)
    comparison.add(Difference(f"line {number}", "text", "an event", text) for number, text in reader.unread.first)
    comparison.different += reader.unread.count - len(reader.unread.first)
    comparison.add(_lines(path, comparison))
    comparison.add(_gfp(operations))
    summary = path.with_name(SUMMARY)
    if summary.is_file():
        comparison.add(_counts(summary, operations))
        comparison.compared["counts"] += 1
    return comparison


def _lines(path: Path, comparison: Comparison) -> Iterator[Difference]:
    """Every line has to match the one pattern of its event; the head has the titles that ours has."""
    titles = HEAD.splitlines()[4:]
    for number, line in enumerate(text_lines(path), 1):
        text = line.rstrip("\n")
        if text.startswith("#"):
            if 4 < number <= 4 + len(titles) and text != titles[number - 5]:
                yield Difference(f"line {number}", "head", text, titles[number - 5])
        elif match_line(text):
            comparison.compared["lines matched"] += 1
        else:
            yield Difference(f"line {number}", "text", text, "no pattern matches")


def _gfp(operations: Iterable[TraceOp]) -> Iterator[Difference]:
    """Names turned into bits and back are the same names in the same order."""
    for text in sorted({op.gfp for op in operations if op.gfp}):
        try:
            again = gfp_flags_text(gfp_of_text(text))
        except ValueError as error:
            again = f"unknown: {error}"
        if again != text:
            yield Difference("gfp_flags", text, text, again)


def _counts(path: Path, operations: list[TraceOp]) -> Iterator[Difference]:
    try:
        told: dict[str, Any] = json.loads(whole_text(path))
    except ValueError as error:
        raise RecordingError(f"{path}: not JSON ({error})") from error
    ours: dict[str, Any] = {
        "events": len(operations),
        "by_event": dict(Counter(op.event for op in operations)),
        "by_cpu": dict(Counter(str(op.cpu) for op in operations)),
        "by_task": dict(Counter(op.task for op in operations)),
        "kmem_cache_free_by_cache": dict(Counter(op.cache for op in operations if op.event == "kmem_cache_free")),
    }
    for name, value in ours.items():
        if name in told:
            yield from differences(SUMMARY, name, told[name], value)
