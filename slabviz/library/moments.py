"""The moment that a report is about: a run at a tick, or a recorded state of a real machine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from slabviz.errors import UsageError
from slabviz.library.positions import check_position
from slabviz.library.sources import Progress, load

if TYPE_CHECKING:
    from slabviz.report.reports import Moment

STATES = ("state.before.json.gz", "state.before.json", "state.json.gz")
"""What a folder of recordings may call the state that it begins with."""


def moment(
    source: str, tick: int | None = None, seed: int | None = None, progress: Progress | None = None,
    settings: Sequence[tuple[str, str]] = (),
) -> Moment:  # fmt: skip
    """``source`` after ``tick`` (None: at its end): anything that ``load`` takes, a state.*.json.gz, or its folder.

    Raises SourceError where it cannot be understood, UsageError for a tick it does not have.
    """
    from slabviz.report.reports import Moment

    state = recorded_state(Path(source))
    if state is not None:
        from slabviz.recordings.machine_state import load_machine

        if tick is not None or seed is not None or settings:
            raise UsageError("--at, --seed and --set cannot be used here: a recorded state is one moment")
        return Moment(state.name, load_machine(state))
    run = load(source, settings=settings).run(seed=seed, progress=progress)
    at = run.last_tick if tick is None else int(check_position(run, tick))
    return Moment(run.about.source or source, run.machine_at(at), run.log, at)


def recorded_state(path: Path) -> Path | None:
    """The recorded state that a path is, or that a folder holds; None for everything else."""
    from slabviz.recordings.state_file import is_state

    if path.is_dir():
        return next((file for name in STATES if (file := path / name).is_file()), None)
    return path if is_state(path) and path.is_file() else None
