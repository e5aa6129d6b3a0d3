"""What is drawn of the moves under way: each thing in one place, and once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor

from slabviz.scene.motion.routes import COUNTED
from slabviz.scene.moves import Move, MoveKind

_OBJECTS = (MoveKind.ALLOC, MoveKind.FREE)
_SLABS = (MoveKind.SLAB, MoveKind.PAGES, MoveKind.GIVE_BACK)
_BLOCKS = (MoveKind.SPLIT, MoveKind.MERGE)


@dataclass(slots=True, frozen=True)
class Flights:
    """What is drawn of the moves under way: each thing once. ``aboard`` are objects still in a slab that moves."""

    slabs: tuple[Move, ...]
    objects: tuple[Move, ...]
    aboard: tuple[Move, ...]
    blocks: tuple[Move, ...]

    def before(self, move: Move) -> int:
        """How many slabs that will be given back came to the node's count before this one and are still there."""
        return sum(_waits_to_end(other) and other.event < move.event for other in self.slabs) * _waits_to_end(move)


def flights_of(moves: Sequence[Move], position: float) -> Flights:
    """Sort out the moves under way. A slab that starts in a later tick still stands as a card where it was."""
    slabs = tuple(move for move in _first_of_each(moves, _SLABS) if move.start < floor(position) + 1)
    flying = {move.slab for move in slabs}
    objects = _first_of_each(moves, _OBJECTS)
    aboard = tuple(move for move in objects if move.slab in flying and _is_aboard(move, position))
    others = tuple(move for move in objects if move not in aboard)
    return Flights(slabs, others, aboard, tuple(move for move in moves if move.kind in _BLOCKS))


def _first_of_each(moves: Iterable[Move], kinds: tuple[MoveKind, ...]) -> list[Move]:
    """The first move of each thing: what follows from it waits."""
    first: dict[tuple[int, int], Move] = {}
    for move in moves:
        if move.kind in kinds:
            first.setdefault((move.slab, move.obj), move)
    return list(first.values())


def _waits_to_end(move: Move) -> bool:
    return move.kind is MoveKind.SLAB and move.target == COUNTED


def _is_aboard(move: Move, position: float) -> bool:
    """Tell whether an object that will leave a slab is still in it."""
    return move.kind is MoveKind.ALLOC and position < move.start
