"""Lists longer than their room: which things are drawn, and which are only counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


def split(
    things: Sequence[Thing], room: int, reserved: int, moves: Callable[[Thing], bool], number: Callable[[Thing], int]
) -> tuple[list[Thing], list[Thing]]:
    """Return what is drawn in ``room`` places, in order, and the rest.

    A flight needs an end that is seen: of the rest, things that leave or arrive take one of the last ``reserved``
    places while they do, chosen by their ``number``, so that a place does not change under way.
    """
    shown, rest = list(things[:room]), list(things[room:])
    first = max(room - reserved, 0)
    free = [place for place in range(first, len(shown)) if not moves(shown[place])]
    for thing in [thing for thing in rest if moves(thing)]:
        if not free:
            break
        place = free.pop(number(thing) % len(free))
        rest[rest.index(thing)], shown[place] = shown[place], thing
    return shown, rest
