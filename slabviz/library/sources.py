"""What can be run and drawn: a shipped scenario, a scenario file, a real kernel's recording, a saved run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from slabviz.errors import SourceError, UsageError
from slabviz.library.shelf import find, missing, shipped
from slabviz.timeline.run import Run

if TYPE_CHECKING:
    from slabviz.scenario.scenario import Scenario

Progress = Callable[[int, int], None]
"""Told now and then how many ticks or operations of how many are done."""

HEAD = 64
"""Bytes looked at to tell kinds of files apart."""


class Source(Protocol):
    """Something that can be run."""

    @property
    def name(self) -> str:
        """What files made of it are called: its own file's name without suffix."""

    def run(self, ticks: int | None = None, seed: int | None = None, progress: Progress | None = None) -> Run:
        """Run it to its end, or for ``ticks`` ticks.

        Raises SourceError where it cannot be understood or carried out, UsageError for a value that it does not take.
        """

    def variants(self) -> tuple[Source, ...]:
        """What it holds that can be run one by one: its variations, or only itself."""


@dataclass(frozen=True, slots=True)
class ScenarioSource:
    """A scenario file: run by the engine, with its own seed if none is given. ``called`` is its name in messages,
    ``variant`` which of its variations is meant (empty: the first), ``settings`` are values for its parameters."""

    path: Path
    name: str
    called: str = ""
    variant: str = ""
    settings: tuple[tuple[str, str], ...] = ()

    def run(self, ticks: int | None = None, seed: int | None = None, progress: Progress | None = None) -> Run:
        """See ``Source.run``."""
        from slabviz.scenario.play import play

        return play(self.scenario(), seed=seed, ticks=ticks, progress=progress)

    def scenario(self) -> Scenario:
        """The file as it is now, checked. Raises ScenarioError, SourceError; UsageError for a variant it has not."""
        from slabviz.scenario.loader import load_scenario

        return load_scenario(self.path, self.called or None, self.variant, self.settings)

    def variants(self) -> tuple[Source, ...]:
        """One source for each variation of the file, itself where there are none or one was chosen."""
        from slabviz.scenario.loader import load_scenarios

        if self.variant:
            return (self,)
        names = load_scenarios(self.path, self.called or None, self.settings)
        return tuple(replace(self, variant=name) for name in names)


@dataclass(frozen=True, slots=True)
class RecordingSource:
    """A real kernel's recorded operations: they happened once, in one way."""

    path: Path
    name: str

    def run(self, ticks: int | None = None, seed: int | None = None, progress: Progress | None = None) -> Run:
        """See ``Source.run``; takes no seed."""
        from slabviz.recordings.play import play

        _refuse(seed, "--seed", "a recording has no chance in it")
        return play(self.path, ticks=ticks, progress=progress)

    def variants(self) -> tuple[Source, ...]:
        """See ``Source.variants``."""
        return (self,)


@dataclass(frozen=True, slots=True)
class SavedRun:
    """A run that was saved; it is read, not run again."""

    path: Path
    name: str

    def run(self, ticks: int | None = None, seed: int | None = None, progress: Progress | None = None) -> Run:
        """See ``Source.run``; takes neither ticks nor seed."""
        from slabviz.timeline.runfile import load

        _refuse(seed, "--seed", "a saved run is over")
        _refuse(ticks, "--ticks", "a saved run is over")
        return load(self.path)

    def variants(self) -> tuple[Source, ...]:
        """See ``Source.variants``."""
        return (self,)


@dataclass(frozen=True, slots=True)
class StateSource:
    """All caches of a real kernel at one moment: a run of one tick."""

    path: Path
    name: str

    def run(self, ticks: int | None = None, seed: int | None = None, progress: Progress | None = None) -> Run:
        """See ``Source.run``; takes no seed."""
        from slabviz.recordings.still import still_of

        _refuse(seed, "--seed", "a recorded state has no chance in it")
        return still_of(self.path)

    def variants(self) -> tuple[Source, ...]:
        """See ``Source.variants``."""
        return (self,)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of source file: how it is known by its first bytes or its name, and what it becomes."""

    begins: tuple[bytes, ...]
    suffixes: tuple[str, ...]
    make: Callable[[Path, str], Source]


KINDS = (
    Kind((b"SLABVIZ",), (".slabviz",), SavedRun),
    Kind((b"\x1f\x8b", b'{"header"'), (".jsonl.gz", ".jsonl"), RecordingSource),
    Kind((b"slabviz:",), (".yaml", ".yml"), ScenarioSource),
)


def load(source: str | Path, variant: str = "", settings: Sequence[tuple[str, str]] = ()) -> Source:
    """Find ``source``: a shipped scenario's name or id (``fork``, ``D1``), a scenario file, a recording or a saved run.

    ``variant`` chooses one of a scenario's variations, ``settings`` are (name, value) of its parameters. A file of that
    name comes before a shipped scenario. Raises SourceError where there is none or it is of no known kind, UsageError
    for a variant or setting of what has none; what is wrong inside it is said by ``run``.
    """
    found = _found(source)
    if not variant and not settings:
        return found
    if not isinstance(found, ScenarioSource):
        raise UsageError(f"{'--variant' if variant else '--set'} cannot be used here: {source} is no scenario")
    return replace(found, variant=variant, settings=tuple(settings))


def lesson_of(source: Source) -> str:
    """The id of the shipped scenario that a source is, or its name where it has none; empty for anything else."""
    if not isinstance(source, ScenarioSource):
        return ""
    path = source.path.resolve()
    return next((each.id or each.name for each in shipped() if each.path.resolve() == path), "")


def watched(source: Source) -> tuple[Path, ...]:
    """The files that a scenario is read from, as they are now; nothing for what happened once and does not change."""
    from slabviz.scenario.head import files_of

    return files_of(source.path) if isinstance(source, ScenarioSource) else ()


def _found(source: str | Path) -> Source:
    path = Path(source)
    if not path.is_file():
        if shipped := find(str(source)):
            return ScenarioSource(shipped, shipped.stem, shipped.name)  # the same words on every machine
        raise SourceError(f"{path}: is a folder; give a file in it") if path.is_dir() else missing(str(source))
    name = Path(path.name.removesuffix(".gz")).stem
    return StateSource(path, name) if _is_state(path) else _kind(path).make(path, name)


def _is_state(path: Path) -> bool:
    """A recorded state is packed like a recording, and known by its name."""
    return path.name.startswith("state.") and path.name.endswith((".json", ".json.gz"))


def _kind(path: Path) -> Kind:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror or error}") from error
    for kind in KINDS:
        if head.startswith(kind.begins) or path.name.lower().endswith(kind.suffixes):
            return kind
    raise SourceError(
        f"{path}: is no source that slabviz knows; give a scenario (.yaml), a recording (.jsonl.gz), a recorded "
        "state (state.*.json.gz) or a saved run (.slabviz)"
    )


def _refuse(value: int | None, option: str, reason: str) -> None:
    if value is not None:
        raise UsageError(f"{option} cannot be used here: {reason}")
