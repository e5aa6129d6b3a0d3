"""Every error slabviz raises on purpose, and the exit code the command line answers it with.

::

    SlabvizError                     3   base; never raised itself
    ├── UsageError                   2   a wrong verb, option or value
    ├── SourceError                  3   a source is missing, unreadable or not understood
    │   ├── RecordingError           3   a kernel recording: truncated, foreign, newer
    │   ├── RunFileError             3   a saved run: truncated, foreign, newer
    │   ├── ScenarioError            3   a scenario file: all its diagnostics at once
    │   └── RuntimeStepError         3   a scenario's step that cannot be carried out, found while it runs
    ├── OutputError                  3   a result cannot be written, or would overwrite something
    ├── ExpectationFailed            1   a scenario ran, and something it expects does not hold
    ├── DifferenceFound              1   two things that must be equal are not
    ├── ModelError                   3   a law of the model is broken: a fault of slabviz itself
    ├── CallNeverReturns             3   a call of the allocator that nothing comes back from; never raised itself
    │   ├── TaskDied                 3   the modelled kernel killed its caller (an oops)
    │   └── TaskHangs                3   its caller spins for ever
    ├── CatalogueError (LookupError) 3   a text of the window is missing, or its placeholders do not fit
    └── ThemeError                   3   a theme or one of its colours is missing or malformed

Messages say what, where, and what to do; only ``cli`` prints them. 0 means all is well, 130 Ctrl-C.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


class SlabvizError(Exception):
    """The base of the tree: catch this to catch everything slabviz says about its input."""

    exit_code: ClassVar[int] = 3


class UsageError(SlabvizError):
    """The command or a call was made with a wrong verb, option or value."""

    exit_code = 2


class SourceError(SlabvizError):
    """A source is missing, unreadable, or of no kind that slabviz understands."""


class RecordingError(SourceError):
    """A recording of a real kernel is truncated, foreign, or of a version that is not known here."""


class RunFileError(SourceError):
    """A saved run is truncated, foreign, or written by a newer slabviz (the message gives both versions)."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem of a scenario file: where, what is wrong with the right word, and the line with a caret under it.

    ``code`` names the kind of problem (docs/diagnostics.md), ``length`` is how many characters from ``place`` on are
    meant, ``notes`` are other places that belong to it.
    """

    place: Place
    message: str
    excerpt: str = ""
    code: str = ""
    severity: str = "error"
    length: int = 1
    help: str = ""
    notes: tuple[tuple[Place, str], ...] = ()

    @property
    def head(self) -> str:
        """What is wrong, in one line, with severity and code."""
        return f"{self.severity}[{self.code}]: {self.message}" if self.code else self.message

    @property
    def details(self) -> str:
        """The line with its caret, the help and the notes, in lines of their own."""
        lines = [self.excerpt] if self.excerpt else []
        lines += [f"  help: {self.help}"] if self.help else []
        lines += [f"  note: {place}: {what}" for place, what in self.notes]
        return "\n".join(lines)

    def __str__(self) -> str:
        head = f"{self.place}: {self.head}"
        return f"{head}\n{self.details}" if self.details else head


class ScenarioError(SourceError):
    """A scenario file has problems; all of them are in ``diagnostics``, in the order of the file."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__("\n".join(str(diagnostic) for diagnostic in diagnostics))
        self.diagnostics = tuple(diagnostics)


class RuntimeStepError(SourceError):
    """A step of a running scenario cannot be carried out, such as a free of what is not allocated.

    ``place`` is the step in its file, ``tick`` the moment; an earlier step may be named in the message.
    """

    def __init__(self, message: str, place: Place | None = None, tick: int | None = None) -> None:
        when = "" if tick is None else f" (tick {tick})"
        super().__init__(f"{place}: {message}{when}" if place else f"{message}{when}")
        self.place = place
        self.tick = tick


class OutputError(SlabvizError):
    """A result cannot be written: no room, no permission, or the name is taken and nobody said to replace it."""


class ExpectationFailed(SlabvizError):
    """A scenario ran to its end, and something its ``expect`` says does not hold."""

    exit_code = 1


class DifferenceFound(SlabvizError):
    """What was recorded or expected is not what the model or the renderer gives."""

    exit_code = 1


class ModelError(SlabvizError):
    """A law of the model is broken, which is a fault of slabviz: the message names law, tick and event."""


class CallNeverReturns(SlabvizError):
    """A call of the allocator has no result: in whole calls, that is for whoever made it to deal with."""


class TaskDied(CallNeverReturns):
    """Whoever made a call died in it (an oops of the modelled kernel): ``fault`` is a ``model.fault.Fault``."""

    def __init__(self, message: str, fault: int) -> None:
        super().__init__(message)
        self.fault = fault


class TaskHangs(CallNeverReturns):
    """Whoever made a call will never come back from it."""


class CatalogueError(SlabvizError, LookupError):
    """A text of the catalogue is missing or doubled, or its placeholders do not fit the values given."""


class ThemeError(SlabvizError):
    """A theme is missing, or one of its colours is missing or malformed."""
