"""What comparing one file with the model came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from slabviz.recordings.difference import Difference

FIRST_DIFFERENCES = 20


@dataclass(slots=True)
class Comparison:
    """A tally under way: how much was compared, by kind, and what differed (``differences`` holds the first few).

    ``kernel`` is the era whose rules the file was held against. ``moved`` are differences that are none of the model's:
    two things that were recorded at two moments.
    """

    kernel: str = ""
    compared: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)
    different: int = 0
    moved: list[Difference] = field(default_factory=list)

    def add(self, found: Iterable[Difference]) -> bool:
        """Count differences; True when there were any."""
        before = self.different
        for difference in found:
            self.different += 1
            if len(self.differences) < FIRST_DIFFERENCES:
                self.differences.append(difference)
        return self.different > before
