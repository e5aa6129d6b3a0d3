"""The menu of a thing: what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.commands import Close, Command, CopyAddress, FollowThing, KeepCard, Open
from slabviz.scene.display import Node, Target
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import BODY, LABEL_STRONG, MARK
from slabviz.scene.screens import levels
from slabviz.scene.state import Key
from slabviz.scene.things import selected_of
from slabviz.scene.view import Menu, ViewState
from slabviz.scene.widgets.profile_card import beside

_ROW = 28
_PAD = 12
_WIDE = 200
_ADDRESSED = frozenset({"slab", "cell", "frames"})
"""Things that have an address."""


@dataclass(slots=True, frozen=True)
class Item:
    """``word`` is a key of the catalogue, ``key`` what does the same on the keyboard."""

    word: str
    command: Command
    key: str


def has_address(about: Key) -> bool:
    """Whether a thing is somewhere in memory."""
    return about[0] in _ADDRESSED


def menu_items(view: ViewState, about: Key) -> tuple[Item, ...]:
    """What can be done with a thing as things stand."""
    items: list[Item] = []
    selected = selected_of(about)
    if has_address(about):
        items.append(Item("interact.menu.copy", CopyAddress(about), "Ctrl C"))
    kept = any(card.about == about for card in view.cards)
    items.append(Item("interact.menu.unpin" if kept else "interact.menu.pin", KeepCard(about), "K"))
    if selected is not None:
        what = "unfollow" if view.followed == selected else "follow_slab" if selected.index is None else "follow"
        items.append(Item(f"interact.menu.{what}", FollowThing(about), "Shift F"))
        if len(levels()) > 1:
            items.append(Item("interact.menu.open", Open(about), "Enter"))
    return tuple(items)


def menu_nodes(desk: Desk, view: ViewState, menu: Menu, title: str) -> tuple[list[Node], list[Target]]:
    """Draw the menu beside its pointer; a press beside it closes it."""
    items = menu_items(view, menu.about)
    sketch = Sketch(desk.measure)
    words = [desk.tr(item.word) for item in items]
    keys = max(desk.measure(item.key, MARK) for item in items)
    wide = max(max(desk.measure(word, BODY) for word in words) + keys + 24, desk.measure(title, LABEL_STRONG), _WIDE)
    size = min(wide, 420) + 2 * _PAD, _ROW * (len(items) + 1) + 8
    x, y, w, h = beside(menu.x - 12, menu.y - 16, size, desk.regions.page)
    sketch.button((0, 0, *desk.regions.page), Close())
    sketch.box((x, y, w, h), "s2", "t3", radius=6)
    sketch.text(x + _PAD, y + _ROW // 2 + 2, title, LABEL_STRONG, "cache", room=w - 2 * _PAD)
    sketch.line(((x + 1, y + _ROW + 2), (x + w - 1, y + _ROW + 2)), "line")
    for number, (item, word) in enumerate(zip(items, words, strict=True)):
        top = y + 4 + _ROW * (number + 1)
        row = (x + 4, top, w - 8, _ROW)
        if number == menu.marked or item.command == view.hover:
            sketch.box(row, "s3", "focus" if number == menu.marked else None, width=2, radius=4)
        sketch.text(x + _PAD, top + _ROW // 2, word, BODY, "t1", room=w - 3 * _PAD - keys)
        sketch.text(x + w - _PAD, top + _ROW // 2, item.key, MARK, "t2", "r")
        sketch.button(row, item.command)
    return sketch.nodes, [target for target in sketch.targets if target.command is not None]
