"""The order of the keyboard: top bar, lanes, node, holders, buddy row, timeline, transport."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, cast

from slabviz.scene.commands import Choose, Command, DragCard, Rest, Rows, Scrub
from slabviz.scene.display import Rect, Target
from slabviz.scene.things import Thing

Place: TypeAlias = tuple[Command, Rect]

_CARDS = frozenset({"slab", "holder"})
"""Things that are chosen by their card: what can be pressed there is reached by choosing it."""
_BEFORE_TABS = frozenset({"lane", "slab", "chain", "strip", "node"})


def focus_order(
    targets: Sequence[Target], things: Sequence[Thing], stage: tuple[int, int]
) -> tuple[Place, ...]:
    """Every command that can be reached by Tab with its place, once each; ``stage`` is its upper and lower edge."""
    top, bottom = stage
    cards = {rect for key, rect in things if key[0] in _CARDS}
    pressed = [each for each in targets if not isinstance(each.command, Scrub | DragCard | Rows | Rest | None)]
    buttons = {each.rect for each in pressed if each.rect not in cards}
    chosen = [(Choose(key), rect) for key, rect in things if rect not in buttons]
    first = [each for each in chosen if each[0].key[0] in _BEFORE_TABS]
    above: list[Place] = []
    inside: list[Place] = []
    below: list[Place] = []
    for each in pressed:
        if each.rect not in cards:
            row = above if each.rect[1] < top else inside if each.rect[1] < bottom else below
            row.append((cast("Command", each.command), each.rect))
    rest = [each for each in chosen if each not in first]
    order: dict[Command, Rect] = {}
    for command, rect in (*_rows(above), *first, *_rows(inside), *rest, *_rows(below)):
        order.setdefault(command, rect)
    return tuple(order.items())


def _rows(places: list[Place]) -> list[Place]:
    """From the left in each row of the page."""
    return sorted(places, key=lambda place: (place[1][1] // 24, place[1][0]))
