"""How long moves last and what is shown of them at a speed (the two tables of the visual specification, section 7).

All lengths are ticks: a picture is a function of the position, whatever the clock does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

TICK_MS = 250
"""A tick at 1×, in milliseconds."""

_FLIGHT, _SLAB, _LEG, _STOP, _LEVEL, _CUT = 520, 800, 490, 120, 400, 280
_STAGGER, _SPREAD, _EXTRA, _DRAIN = 40, 120, 160, 120
_SHORTEST = 160
"""No move is quicker than this at 2× and 4×."""
_FLASH, _HALF_LIFE = 120, 400


class Show(Enum):
    """What is shown of motion."""

    FLIGHTS = "flights"
    FLASHES = "flashes"
    HEAT = "heat"


@dataclass(slots=True, frozen=True)
class Pace:
    """Lengths in ticks; ``trail`` in px, 0: none."""

    speed: float
    show: Show
    flight: float
    """An object between its slab and its holder."""
    slab: float
    """A slab between two lists."""
    leg: float
    """Pages from the buddy system to the node's count, or from there on."""
    stop: float
    """At the node's count, where it changes."""
    level: float
    """A split or merge by one order."""
    cut: float
    """The cells of a new slab appear."""
    stagger: float
    spread: float
    """Starts in one tick are ``stagger`` apart, but all within ``spread``."""
    extra: float
    """Between the slabs that one visit to the node takes."""
    drain: float
    """A freed object's colour fades."""
    flash: float
    half_life: float
    """In which a brightness halves."""
    trail: int

    @property
    def longest(self) -> float:
        """No single move lasts longer, waits apart."""
        return max(self.flight, self.slab, self.leg + self.stop, self.level)


@lru_cache(maxsize=32)
def pace_of(speed: float) -> Pace:
    """Return the pace of a speed (1 = 4 ticks a second)."""
    if speed < 8:
        return _flights(speed)
    if speed < 16:
        return _quick(speed)
    return _without_flights(speed, Show.FLASHES if speed < 100 else Show.HEAT)


def _flights(speed: float) -> Pace:
    slower = speed <= 1
    factor = 1 / TICK_MS if slower else speed**0.4 / TICK_MS  # ms at 1× -> ticks: ms / speed^0.6 / (250 / speed)
    shortest = 0.0 if slower else _SHORTEST * speed / TICK_MS

    def long(ms: int) -> float:
        return max(ms * factor, shortest)

    return Pace(
        speed, Show.FLIGHTS, long(_FLIGHT), long(_SLAB), long(_LEG), _STOP * factor, long(_LEVEL), _CUT * factor,
        _STAGGER * factor, _SPREAD / TICK_MS, _EXTRA * factor, _DRAIN * factor, 0.0, 0.0, 120 if slower else 60,
    )  # fmt: skip


def _quick(speed: float) -> Pace:
    """8×: flights 120 ms, slabs 160 ms, nothing behind them."""
    tick = TICK_MS / speed
    return Pace(
        speed, Show.FLIGHTS, 120 / tick, 160 / tick, 80 / tick, 0.0, 120 / tick, 0.0, 0.1, 0.4, 0.5, 0.0, 0.0, 0.0, 0
    )


def _without_flights(speed: float, show: Show) -> Pace:
    tick = TICK_MS / speed
    return Pace(speed, show, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, _FLASH / tick, _HALF_LIFE / tick, 0)
