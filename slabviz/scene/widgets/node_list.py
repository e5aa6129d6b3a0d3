"""A list of slabs on the node: cards that have room, the links between them, and the card that counts the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from slabviz.scene.display import Colour, Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.overflow import split
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.state import Place, SlabCard, SlabState
from slabviz.scene.widgets.slab_card import draw_place, names, place_block, slab_block, slab_id

Entry = SlabCard | Place


@dataclass(slots=True, frozen=True)
class Listed:
    """``shown`` stand at ``places``; ``rest`` is counted at the last place, ``None`` if all are shown."""

    name: str
    shown: tuple[Entry, ...]
    places: tuple[Rect, ...]
    rest: tuple[Entry, ...]
    gap: bool = False
    """Whether the last card shown is not the next one of the list."""

    @property
    def rest_place(self) -> Rect | None:
        """Where the rest is counted."""
        return self.places[-1] if self.rest else None

    @property
    def rest_inputs(self) -> object:
        """What links and count depend on."""
        return tuple(isinstance(entry, SlabCard) for entry in self.shown), self.rest, self.gap


def listed(
    name: str, entries: Sequence[Entry], places: tuple[Rect, ...], reserved: int = 0, wanted: int | None = None
) -> Listed:
    """Choose what is drawn; of what has no room, moving things may take the last ``reserved`` places.

    The slab that is ``wanted`` (chosen, or followed) comes into sight in the last place, behind a gap in the links.
    """
    room = len(entries) if len(entries) <= len(places) else len(places) - 1
    shown, rest = split(entries, room, reserved, _is_moving, lambda entry: entry.slab or 0)
    place = next((place for place, entry in enumerate(rest) if entry.slab == wanted), None)
    if wanted is None or place is None or not shown:
        return Listed(name, tuple(shown), places, tuple(rest))
    shown[-1], rest[place] = rest[place], shown[-1]
    return Listed(name, tuple(shown), places, tuple(rest), gap=True)


def _is_moving(entry: Entry) -> bool:
    return isinstance(entry, Place) or entry.moving > 0 or entry.state is SlabState.MOVING


def list_blocks(desk: Desk, part: Part, each: Listed) -> None:
    """Add the cards that have room; those behind the count stand there."""
    titles = iter(names(each.shown, desk.metrics.card[0], desk))
    for index, (entry, rect) in enumerate(zip(each.shown, each.places, strict=False)):
        if isinstance(entry, SlabCard):
            slab_block(desk, part, rect, entry, next(titles))
        else:
            place_block(desk, part, (each.name, index), rect, entry, "slab" if entry.leaving else "slow")
    for entry in each.rest:
        if entry.slab is not None and each.rest_place is not None:
            kind = "expected" if isinstance(entry, Place) and not entry.leaving else "slab"
            part.anchors.setdefault((kind, entry.slab), each.rest_place)


def draw_links(sketch: Sketch, each: Listed, colour: Colour = "part") -> None:
    """Draw arrows from card to card; a row's last card goes on at the next row's first."""
    last = len(each.shown) - 2 if each.gap else -1
    pairs = zip(pairwise(each.places), pairwise(each.shown), strict=False)
    for number, ((left, right), (card, after)) in enumerate(pairs):
        if number == last:
            continue
        if isinstance(card, SlabCard) and isinstance(after, SlabCard) and left[1] == right[1]:
            middle = left[1] + left[3] // 2
            sketch.line(((left[0] + left[2], middle), (right[0] - 1, middle)), colour, width=1.5, arrow=True)


def draw_rest(sketch: Sketch, desk: Desk, each: Listed) -> None:
    """Count the slabs without room. Those that have left, are coming or wait to leave are on no list: not counted."""
    if each.rest_place is None:
        return
    count = sum(isinstance(entry, SlabCard) and entry.state is not SlabState.MOVING for entry in each.rest)
    first, place = each.rest[0], Place(desk.tr("layout.node.more", count=count))
    if not count:
        place = first if isinstance(first, Place) else Place(desk.tr("layout.slab", slab=slab_id(first.slab)))
    draw_place(sketch, each.rest_place, place, "slab")
