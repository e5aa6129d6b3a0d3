"""What a screen or a panel may look at to draw itself."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.model.kmem_cache import KmemCache
from slabviz.model.machine import Machine
from slabviz.scene.state import StageState
from slabviz.scene.story.chronicle import Chronicle
from slabviz.scene.view import ViewState
from slabviz.timeline.run import Run


@dataclass(slots=True, frozen=True, eq=False)
class Sight:
    """One instant of a run as one viewer sees it."""

    run: Run
    tick: int
    number: int
    """The id of the cache that was chosen."""
    state: StageState
    """What the stage would show: caption, steps, cards with the owners' colours. For the levels in ``ALONE`` it is
    not told: there it has nothing but title, subtitle and tick."""
    chronicle: Chronicle
    """The log's calls and who held what, read as far as the tick."""
    view: ViewState
    language: str

    @property
    def machine(self) -> Machine:
        """The machine of this tick. It is the timeline's: look, do not change, do not keep."""
        return self.run.machine_at(self.tick)

    @property
    def cache(self) -> KmemCache:
        """The cache that was chosen."""
        return self.machine.caches[self.number]
