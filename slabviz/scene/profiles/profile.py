"""What a card says: a name, the state in words, a few fields."""

from __future__ import annotations

from dataclasses import dataclass

from slabviz.scene.layout.sketch import Translate
from slabviz.scene.story.numbers import grouped

Fields = tuple[tuple[str, str], ...]


@dataclass(slots=True, frozen=True)
class Profile:
    """``fields`` are three to five pairs of label and value, in order; kernel names are never translated."""

    name: str
    state: str
    fields: Fields


def objects(tr: Translate, count: int) -> str:
    """How many objects, in words."""
    return tr("interact.one_object") if count == 1 else tr("interact.objects", count=grouped(count))


def short(address: int) -> str:
    """An address as it is written outside the inspector: its last three bytes."""
    return f"0x…{address & 0xFFFFFF:06x}"
