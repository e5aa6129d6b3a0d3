"""What a report says at a tick of a run, for expectations: the text, and whether a line is in it."""

from __future__ import annotations

from slabviz.report.dmesg import dmesg
from slabviz.report.reports import REPORTS, Moment
from slabviz.scenario.story_shapes import DMESG
from slabviz.timeline.run import Run


def report_lines(run: Run, report: str, cache: str | None, tick: int) -> list[str]:
    """The lines of a report after a tick. Raises UsageError where a run does not have that cache."""
    if report == DMESG:
        return [line for _, _, line in dmesg(run, tick)]
    return REPORTS[report].lines(Moment(run.about.source, run.machine_at(tick), run.log, tick), cache)


def has_line(lines: list[str], pattern: str) -> bool:
    """Whether a line begins with these words; ``*`` is any word."""
    wanted = pattern.split()
    return any(_fits(line.split(), wanted) for line in lines)


def _fits(words: list[str], wanted: list[str]) -> bool:
    return len(words) >= len(wanted) and all(mine in ("*", word) for word, mine in zip(words, wanted, strict=False))
