"""A run: what a machine was made from, everything that happened, who took part, and what the story says of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import InitVar, dataclass, field

from slabviz.model.cast import Cast
from slabviz.model.log import EventLog
from slabviz.model.machine import Machine, MachineConfig
from slabviz.timeline.checkpoints import Checkpoints
from slabviz.timeline.showing import NOTHING, Question, Show, Words, merged
from slabviz.timeline.timeline import Timeline


@dataclass(slots=True, frozen=True)
class Chapter:
    """A place in the story, from ``tick`` on; ``say`` is the caption that explains it.

    ``show`` is what it turns to, ``asked`` what the reader is asked before the caption tells it.
    """

    tick: int
    title: Words
    say: Words
    pause: bool = False
    show: Show = NOTHING
    asked: Question | None = None


@dataclass(slots=True, frozen=True)
class Verdict:
    """How an expectation came out; ``where`` is file:line:column of it, ``tick`` where it failed (or None)."""

    where: str
    text: str
    held: bool
    detail: str = ""
    tick: int | None = None


@dataclass(slots=True, frozen=True)
class About:
    """What a run is called and where it comes from."""

    title: Words
    about: Words = field(default_factory=dict)
    source: str = ""
    """File name, for the top bar."""
    id: str = ""
    seed: int = 0
    kernel: str = "6.1"
    stage_cache: int = 0
    """The cache that the stage opens with."""
    variant: str = ""
    """Which of the file's variations it is."""
    in_vain: tuple[str, ...] = ()
    """Who can never go on, where the run was cut off or the machine has stopped."""
    show: Show = NOTHING
    """What the whole story opens with."""
    settings: tuple[tuple[str, str], ...] = ()
    """Parameters of the scenario that were set from outside, by name."""
    missed: tuple[str, ...] = ()
    """What the story says and this run does not show, each with its place: a chapter that never begins …"""

    @property
    def called(self) -> str:
        """File name, variant and settings, for titles."""
        settings = " ".join(f"{name}={value}" for name, value in self.settings)
        return " · ".join(part for part in (self.source, self.variant, settings) if part)


@dataclass(slots=True)
class Run:
    """Everything that a picture, a report or a saved file needs. The log begins with an empty machine at tick 0."""

    config: MachineConfig
    log: EventLog
    cast: Cast
    about: About
    chapters: tuple[Chapter, ...] = ()
    judge: Callable[[], tuple[Verdict, ...]] = tuple
    """Holds the run to its expectations; asked once, when somebody wants to know."""
    words: tuple[str, ...] = ()
    """Words of MARK events by number (``mark`` and ``count`` steps)."""
    checkpoints: InitVar[Checkpoints | None] = None
    """Those that whoever made the run has taken on the way."""
    timeline: Timeline = field(init=False)
    _earlier: Timeline = field(init=False)
    _verdicts: tuple[Verdict, ...] | None = field(init=False, default=None)

    def __post_init__(self, checkpoints: Checkpoints | None) -> None:
        self.timeline = Timeline(self.config, self.log, checkpoints)
        self._earlier = Timeline(self.config, self.log, self.timeline.checkpoints)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """How the expectations came out."""
        if self._verdicts is None:
            self._verdicts = self.judge()
        return self._verdicts

    @property
    def last_tick(self) -> int:
        """Number of the last tick."""
        return self.log.ticks - 1

    def shown_at(self, tick: int) -> Show:
        """What the story shows at a tick: what it opens with, and all that its chapters have turned to by then."""
        return merged([self.about.show, *(each.show for each in self.chapters if each.tick <= tick)])

    def machine_at(self, tick: int) -> Machine:
        """The machine after all events of a tick. It belongs to the timeline: look, do not change, do not keep."""
        return self.timeline.machine_at(tick)

    def machine_before(self, tick: int) -> Machine:
        """The machine before the events of a tick, to compare: another one than ``machine_at`` gives."""
        return self._earlier.machine_at(tick - 1)
