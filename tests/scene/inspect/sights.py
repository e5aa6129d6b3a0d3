"""Instants of real runs as the inspector sees them."""

from __future__ import annotations

from slabviz.i18n import Catalogue
from slabviz.scene.layout.metrics import Tier
from slabviz.scene.levels import Level, Selected
from slabviz.scene.sight import Sight
from slabviz.scene.story import Chronicle, Storyteller
from slabviz.scene.view import ViewState
from slabviz.timeline.run import Run

ENGLISH = Catalogue("en").tr


def sight(run: Run, tick: int, selected: Selected | None = None, level: Level = Level.SLAB) -> Sight:
    """The run's opening cache at a tick, nothing flying."""
    cache = run.about.stage_cache
    chronicle = Chronicle(run.log, run.config.cpus)
    teller = Storyteller(
        run, cache=cache, tr=ENGLISH, language="en", detail=Tier.REGULAR, chronicle=chronicle
    )  # fmt: skip
    state = teller.state(run.machine_at(tick), tick, ())
    view = ViewState(cache=cache, level=level, selected=selected)
    return Sight(run, tick, cache, state, chronicle, view, "en")
