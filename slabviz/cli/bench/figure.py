"""A figure: what was measured, against which bar, and how to say it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from time import perf_counter, process_time
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value and its bar: ``value`` shall be at least ``bar``, or at most where ``at_most`` is set.

    ``measured`` has what it was computed from, by name with unit.
    """

    name: str
    value: float
    bar: float
    unit: str = ""
    at_most: bool = False
    measured: Mapping[str, float] = field(default_factory=dict)

    @property
    def reached(self) -> bool:
        """True where the bar is kept."""
        return self.value <= self.bar if self.at_most else self.value >= self.bar

    def as_json(self) -> dict[str, Any]:
        """All of it, and whether the bar is reached."""
        return {**asdict(self), "measured": dict(self.measured), "reached": self.reached}

    def cells(self) -> tuple[str, str, str, str]:
        """Name, value, bar and what it came from, for a table."""
        sign = "<=" if self.at_most else ">="
        source = ", ".join(f"{name} {value:.4g}" for name, value in self.measured.items())
        return self.name, f"{self.value:.3g} {self.unit}".strip(), f"{sign} {self.bar:g}", source


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU time of ``work`` in seconds."""
    before = process_time()
    work()
    return process_time() - before


def wall_seconds(work: Callable[[], object]) -> float:
    """Wall time of ``work`` in seconds, for what runs in several threads or processes."""
    before = perf_counter()
    work()
    return perf_counter() - before


def side_by_side(here: Callable[[], float], limit: Callable[[], float], rounds: int = 5) -> tuple[float, float]:
    """Two measurements (seconds), made in turn so that other load hits both alike: the pair with the median ratio."""
    pairs = [(_clean(here), _clean(limit)) for _ in range(rounds)]
    return sorted(pairs, key=lambda pair: pair[0] / pair[1])[rounds // 2]


def _clean(measure: Callable[[], float]) -> float:
    gc.collect()  # what was measured before is not cleared up in this one's time
    return measure()
