"""A state of the stage in which nothing is told: for levels that only need title and tick of it."""

from __future__ import annotations

from slabviz.scene.layout.sketch import Translate
from slabviz.scene.state import Buddy, CacheStrip, Caption, Holders, NodePanel, StageState
from slabviz.scene.story.moment import spoken
from slabviz.scene.story.teller import subtitle
from slabviz.timeline.run import Run


def untold_state(run: Run, tick: int, language: str, tr: Translate) -> StageState:
    """Title, subtitle and tick; everything else is empty."""
    return StageState(
        title=spoken(run.about.title, language),
        subtitle=subtitle(run, tr),
        tick=tick,
        caption=Caption("", "", "", "", (), 0, 0, "", ""),
        lanes=(),
        strip=CacheStrip("", "", (), 0, 1),
        node=NodePanel("", "", False, "", (), None, (), "", "", False, "", ""),
        holders=Holders("", ()),
        buddy=Buddy("", b"", 0, 0, "", (), (), None, "", (), ()),
        signposts=(),
        parked_head="",
    )
