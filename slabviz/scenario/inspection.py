"""Everything that can be said about a scenario file without running it: its errors, or else its warnings."""

from __future__ import annotations

from pathlib import Path

from slabviz.errors import Diagnostic, ScenarioError
from slabviz.scenario.diagnostics import Reporter
from slabviz.scenario.doubts import doubt
from slabviz.scenario.loader import read_variations
from slabviz.scenario.parameters import Settings
from slabviz.scenario.source import SourceText, read_source


def inspect_file(path: Path, name: str | None = None, settings: Settings = ()) -> tuple[Diagnostic, ...]:
    """The problems of a file in its order. Raises SourceError when it cannot be read, UsageError for wrong settings."""
    try:
        return inspect(read_source(path, name), settings)
    except ScenarioError as error:
        return error.diagnostics


def inspect(source: SourceText, settings: Settings = ()) -> tuple[Diagnostic, ...]:
    """The problems of a scenario that is already text. Raises UsageError for wrong settings."""
    reporter = Reporter(source)
    try:
        variations = read_variations(reporter, source, settings)
    except ScenarioError as error:
        return error.diagnostics
    doubt(reporter, variations.values())
    return reporter.warnings()
