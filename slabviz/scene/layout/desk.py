"""The desk that widgets work at: regions, words, and the memo of what was drawn before."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.display import Measure
from slabviz.scene.layout.memo import Memo
from slabviz.scene.layout.metrics import Metrics, Tier
from slabviz.scene.layout.regions import Regions
from slabviz.scene.layout.sketch import Translate


@dataclass(slots=True, frozen=True)
class Desk:
    """What every widget needs besides the state it shows."""

    regions: Regions
    memo: Memo
    tr: Translate

    @property
    def metrics(self) -> Metrics:
        """The sizes of the page's tier."""
        return self.regions.metrics

    @property
    def measure(self) -> Measure:
        """How wide a text is."""
        return self.memo.measure

    @property
    def compact(self) -> bool:
        """Whether words that carry no state are dropped."""
        return self.metrics.tier is Tier.COMPACT
