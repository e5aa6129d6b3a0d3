"""The node of one side: its lock, the sum that accounts for every slab, the partial list, who owns the objects."""

from __future__ import annotations

from slabviz.scene.compare.places import SidePlaces
from slabviz.scene.compare.state import Side
from slabviz.scene.display import Measure, Rect
from slabviz.scene.layout.desk import Desk
from slabviz.scene.layout.memo import Part
from slabviz.scene.layout.sketch import Sketch
from slabviz.scene.layout.styles import LABEL, MARK, MARK_STRONG, NAME, STRONG
from slabviz.scene.state import HolderCard, NodePanel, Place, SlabCard, SlabState
from slabviz.scene.widgets.node_list import Listed, draw_links, listed
from slabviz.scene.widgets.slab_card import draw_place, place_block, slab_block, slab_id

_TILE = 22
_MARK = 19
"""Flights end so far right of a holder's left edge (``motion.routes``)."""
_ABOVE = 10
"""So far above its tile a holder's place begins: the road above it is that much higher, and flights hide no name."""
_BUDDY = 112
_NAMES = 52
"""Room for the buddy system's name; pages come and go beside it, under the channel."""
_CLEAR = 24
"""A card that turns from the channel into a gap reaches so far beyond it."""
_KEY = 62
"""Width of the key of the fill bars."""
_BAR = (8, 16)


def side_node(desk: Desk, part: Part, at: SidePlaces, side: Side) -> None:
    """Add the node, and the row of owners under it."""
    node = side.stage.node
    partial = listed("partial", node.partial, at.cards)
    _places(part, at, partial)
    _head(desk, part, at, node)
    _label(desk, part, at, partial)
    if node.partial_place is not None and not node.partial:
        place_block(desk, part, ("partial",), _all(at.cards), node.partial_place, "line2")
    for index, (entry, rect) in enumerate(zip(partial.shown, partial.places, strict=False)):
        if isinstance(entry, SlabCard):
            slab_block(desk, part, rect, entry, slab_id(entry.slab))
        else:
            place_block(desk, part, ("partial", index), rect, entry, "slab" if entry.leaving else "slow")
    x, y, w, h = at.cards[-1]
    part.anchors["partial",] = (x + w, y, w, h)  # a request comes from the channel, and ends at the list's right side
    _beyond(part, partial.rest, partial.rest_place)
    _full(desk, part, at, node)
    _owners(desk, part, at, side)


def _all(cards: tuple[Rect, ...]) -> Rect:
    first, last = cards[0], cards[-1]
    return first[0], first[1], last[0] + last[2] - first[0], first[3]


def _places(part: Part, at: SidePlaces, partial: Listed) -> None:
    """Where routes go: the count stands in the channel, so that pages reach it without crossing anything."""
    x, y, w, h = at.rect
    part.anchors["node",] = (x, at.node - 19, w, y + h - at.node + 19)
    part.anchors["full",] = at.full
    part.anchors["nr_slabs",] = (at.channel[0], at.node - 11, at.channel[2], 22)
    part.anchors["channel", 1] = part.anchors["channel", 2] = at.channel
    part.anchors["corridor", "upper"] = part.anchors["corridor", "lower"] = at.corridor


def _beyond(part: Part, entries: tuple[SlabCard | Place, ...], rect: Rect | None) -> None:
    """Slabs that are only counted stand where their count stands."""
    for entry in entries:
        if entry.slab is not None and rect is not None:
            kind = "expected" if isinstance(entry, Place) and not entry.leaving else "slab"
            part.anchors.setdefault((kind, entry.slab), rect)


def _head(desk: Desk, part: Part, at: SidePlaces, node: NodePanel) -> None:
    """The divider, the lock, and the sum."""
    x, _, w, _ = at.rect
    total = f"{desk.tr('compare.slabs', count=node.nr_slabs)} {node.sum_long}"
    short = f"{desk.tr('compare.slabs', count=node.nr_slabs)} {node.sum_short}"

    def draw(sketch: Sketch) -> None:
        left, right = x + 12, at.channel[0] - _CLEAR
        sketch.line(((x + 8, at.node - 18), (at.channel[0], at.node - 18)), "line")
        left += sketch.text(left, at.node, desk.tr("layout.node.title"), NAME, "t1") + 10
        icon, colour = ("lock_closed", "err") if node.locked else ("lock_open", "t3")
        sketch.icon(left, at.node, icon, 16, colour)
        left += 22
        room = right - left - sketch.measure(short, LABEL) - 16  # the sum is never cut
        named = f"list_lock {node.lock}"
        words = named if sketch.measure(named, LABEL) <= room else node.lock
        left += sketch.text(left, at.node, words, LABEL, "t1" if node.locked else "t3", room=room) + 16
        fits = sketch.measure(total, LABEL) <= right - left
        sketch.text(right, at.node, total if fits else short, LABEL, "t2", "r", room=right - left)

    inputs = (node.locked, node.lock, total, short)
    desk.memo.block(part, ("node",), (x + 4, at.node - 19, w - 8, 30), inputs, draw, "s1")


def _label(desk: Desk, part: Part, at: SidePlaces, partial: Listed) -> None:
    """The list's name beside its head, the links, and how many slabs have no room."""
    x, y, _, h = at.label
    area = (x, y - 2, at.channel[0] - x, h + 4)

    def draw(sketch: Sketch) -> None:
        middle = y + h // 2
        sketch.icon(x + 4, middle - min(18, h // 2 - 6), "half_disc", 12, "part")
        sketch.text(x + 4, middle, desk.tr("compare.partial"), STRONG, "t1", room=at.label[2] - 4)
        wide = sketch.text(x + 4, middle + 18, desk.tr("compare.head"), LABEL, "t3", room=at.label[2] - 20)
        sketch.line(((x + 8 + wide, middle + 18), (x + at.label[2] + 4, middle + 18)), "part", width=1.5, arrow=True)
        draw_links(sketch, partial)
        if partial.rest_place is not None:
            count = sum(isinstance(entry, SlabCard) for entry in partial.rest)
            draw_place(sketch, partial.rest_place, Place(desk.tr("compare.more", count=count)), "slab")

    desk.memo.block(part, ("partial",), area, partial.rest_inputs, draw, "s1")


def _full(desk: Desk, part: Part, at: SidePlaces, node: NodePanel) -> None:
    """Full slabs are on no list: they are counted at the end of the row, and flights to them end there."""
    count = sum(isinstance(entry, SlabCard) and entry.state is SlabState.FULL for entry in node.full)
    for entry in node.full:
        expected = isinstance(entry, Place) and not entry.leaving
        part.anchors["expected" if expected else "slab", entry.slab] = at.full
    x, y, w, h = at.full

    def draw(sketch: Sketch) -> None:
        sketch.box(at.full, None, "line2", radius=6, dash=(4, 4))
        middle = y + h // 2
        wide = sketch.measure(str(count), MARK_STRONG) + 18
        sketch.icon(x + (w - wide) // 2, middle - 9, "disc", 12, "full")
        sketch.text(x + (w + wide) // 2, middle - 9, str(count), MARK_STRONG, "t1", "r", room=w - 18)
        sketch.text(x + w // 2, middle + 10, desk.tr("compare.full"), LABEL, "t2", "m", room=w - 4)
        sketch.tip(at.full, f"{desk.tr('layout.node.full')}\n{node.full_note}")

    desk.memo.block(part, ("full",), at.full, (count, node.full_note), draw, "s1")


def _owners(desk: Desk, part: Part, at: SidePlaces, side: Side) -> None:
    """Mark, name and number of everybody who holds objects: the key of the colours, and where objects fly to."""
    x, y, w, h = at.owners
    holders = side.stage.holders
    right = x + w - _BUDDY - _KEY
    part.anchors["holders",] = (x, y - h - 2, right - x, h)  # the road above the names
    more = right - 44
    part.anchors["gap", "holders"] = (x - 1, y - 2 * h, 2 * (more - 7 - x), 0)  # its middle is beside the last place
    buddy = (x + w - _BUDDY, y + 1, _BUDDY - 4, h - 2)
    channel = at.channel[0] + at.channel[2] // 2
    part.anchors["buddy",] = part.anchors["log",] = (channel, y + 1, 1, h - 2)
    spots = _spots(desk, at, holders.cards, right)
    for card, left in spots:
        middle = left + _width(card, desk.measure) // 2
        part.anchors["holder", card.actor] = (middle - _MARK, y - _ABOVE, _TILE + _MARK, h + 2 * _ABOVE)
    rest = holders.cards[len(spots) :]
    if rest:
        part.anchors["more",] = (more, y, 40, h)

    def draw(sketch: Sketch) -> None:
        middle = y + h // 2
        sketch.text(x + 4, middle, desk.tr("compare.owners"), LABEL, "t3", room=52)
        for card, left in spots:
            _owner(sketch, left, middle, card)
        if rest:
            sketch.text(right - 8, middle, desk.tr("compare.more", count=len(rest)), MARK, "t2", "r")
        _key(sketch, desk, right + 8, middle)
        sketch.box(buddy, None, "free", radius=4)
        sketch.text(buddy[0] + 6, middle, desk.tr("compare.buddy"), LABEL, "t2", room=_NAMES)

    inputs = (holders.cards[: len(spots)], len(rest))
    desk.memo.block(part, ("owners",), (x, y - 2, w, h + 4), inputs, draw, "s1")


def _key(sketch: Sketch, desk: Desk, left: int, middle: int) -> None:
    """What the bars in narrow cards mean."""
    wide, tall = _BAR
    sketch.box((left, middle - tall // 2, wide, tall), "freeF", "free", radius=2)
    sketch.box((left, middle, wide, tall // 2), "slab", radius=2)
    sketch.text(left + wide + 6, middle, desk.tr("compare.used"), LABEL, "t3", room=_KEY - wide - 14)


def _spots(desk: Desk, at: SidePlaces, cards: tuple[HolderCard, ...], right: int) -> list[tuple[HolderCard, int]]:
    """Where each owner's tile begins, as long as there is room."""
    left = at.owners[0] + 60
    found: list[tuple[HolderCard, int]] = []
    for number, card in enumerate(cards):
        need = _width(card, desk.measure) + 6 + desk.measure(_words(card), LABEL) + 18
        if left + need > right - (48 if number < len(cards) - 1 else 0):
            break
        found.append((card, left))
        left += need
    return found


def _width(card: HolderCard, measure: Measure) -> int:
    return max(_TILE, measure(card.mark, MARK_STRONG) + 4)


def _words(card: HolderCard) -> str:
    return f"{card.name} {card.held}"


def _owner(sketch: Sketch, left: int, middle: int, card: HolderCard) -> None:
    wide = _width(card, sketch.measure)
    tile = (left, middle - _TILE // 2, wide, _TILE)
    if card.held:
        sketch.box(tile, f"owner{card.colour}", f"edge{card.colour}", radius=4)
    else:
        sketch.box(tile, None, f"edge{card.colour}", radius=4, dash=(3, 2))
    sketch.text(left + wide // 2, middle, card.mark, MARK_STRONG, "ink" if card.held else "t1", "m")
    sketch.text(left + wide + 6, middle, _words(card), LABEL, "t2")
