"""Truth of the slabs' cards: what lies in each, which of its objects fly, where it stands, what its glyph says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from slabviz.scene.display import Block, Box, Icon, Node, Text
from slabviz.scene.moves import MoveKind
from slabviz.testing.truth.places import in_hand, kept, stands_in
from slabviz.testing.truth.rule import Lie, differ, rule
from slabviz.testing.truth.shot import Shot, plain

_HEAD = re.compile(r"(\d+)/(\d+)")
_GLYPHS = {
    "active": {"active"}, "parked": {"parked", "parked_round"}, "partial": {"half_disc"}, "empty": {"ring"},
    "full": {"disc"},
}  # fmt: skip
_MOVING = {"parked", "parked_round"}
_ALL_GLYPHS = frozenset().union(*_GLYPHS.values())


def cell_state(node: Node) -> str:
    """Return what a box says of an object: u solid, f hollow, l left, r returning; nothing if it is no cell."""
    if not isinstance(node, Box) or node.alpha != 255:
        return ""
    stroke, fill = node.stroke or "", node.fill or ""
    if fill.startswith("owner"):
        return "u"
    if fill == "freeF" and stroke == "free":
        return "f"
    if fill or node.dash != (3, 2):
        return ""
    return "l" if stroke.startswith("edge") else "r" if stroke == "free" else ""


def drawn_cells(block: Block) -> str:
    """Return the objects of a card, in order."""
    return "".join(cell_state(node) for node in block.nodes)


def true_cells(shot: Shot, slab_id: int) -> str:
    """Return the same, of the machine and the moves."""
    slab, found = shot.machine.slabs[slab_id], ""
    held = shot.holders_of(slab)
    for index in range(slab.objects):
        move = shot.objects_in_flight.get((slab_id, index))
        if move is not None:
            found += "l" if move.kind is MoveKind.ALLOC else "r"
        else:
            found += "u" if index in held else "f"
    return found


@rule
def objects_of_a_card(shot: Shot) -> Iterator[Lie]:
    """Solid + hollow + dashed cells = objects, each as the machine says; the head counts the solid ones alone."""
    for slab, block in shot.kind("slab"):
        name = f"slab {slab:02d}"
        if slab not in shot.machine.slabs:
            yield name, block.rect, "the machine has no such slab"
            continue
        true, drawn = true_cells(shot, slab), drawn_cells(block)
        if len(drawn) > 1:  # a bar, a level or a mosaic shows how full it is, not which object is where
            yield from differ(name, block.rect, drawn, true)
        texts = [plain(node.text) for node in block.nodes if isinstance(node, Text)]
        head = next((match for text in texts if (match := _HEAD.fullmatch(text))), None)
        if head is not None:
            count = Counter(true)
            flying = next((int(text) for text in texts if re.fullmatch(r"\+\d+", text)), 0)
            said = int(head[1]), int(head[2]), flying
            yield from differ(name, block.rect, said, (count["u"], len(true), count["l"] + count["r"]))


@rule
def marks_of_a_card(shot: Shot) -> Iterator[Lie]:
    """A solid cell bears its owner's mark, every other one its own index."""
    for id, block in shot.kind("slab"):
        slab = shot.machine.slabs.get(id)
        cells = [node for node in block.nodes if isinstance(node, Box) and cell_state(node)]
        if slab is None or len(cells) != slab.objects or slab.objects == 1:
            continue
        owners = shot.holders_of(slab)
        texts = {(node.x, node.y): node.text for node in block.nodes if isinstance(node, Text)}
        for index, cell in enumerate(cells):
            mark = texts.get((cell.x + cell.w // 2, cell.y + cell.h // 2))
            if mark is not None:
                solid = cell_state(cell) == "u" and index in owners
                true = shot.run.cast[owners[index]].mark if solid else str(index)
                yield from differ(f"slab {id:02d} object {index}", block.rect, mark, true)


@rule
def one_place_for_a_slab(shot: Shot) -> Iterator[Lie]:
    """No slab is drawn twice, none stands while it flies, and none of another cache is there."""
    for key, times in Counter(block.key for block in shot.scene.blocks).items():
        if times > 1:
            yield str(key), shot.blocks[key].rect, f"it is drawn {times} times"
    for slab, block in shot.kind("slab"):
        move = shot.slabs_in_flight.get(slab)
        # One that follows the first of a visit to the node keeps its place until it sets out.
        if move is not None and move.start < shot.tick + 1:
            yield f"slab {slab:02d}", block.rect, "it stands here, and it is flying"
        if slab not in shot.slabs and slab in shot.machine.slabs and slab not in in_hand(shot):
            yield f"slab {slab:02d}", block.rect, "it is another cache's, or waits for RCU"


@rule
def glyph_of_a_card(shot: Shot) -> Iterator[Lie]:
    """A square in a square is a CPU's slab, a half square parked, a half disc partial, a disc full, a ring empty."""
    for slab, block in shot.kind("slab"):
        glyph = next((node.name for node in block.nodes if isinstance(node, Icon) and node.name in _ALL_GLYPHS), None)
        if glyph is None or slab not in shot.slabs:
            continue  # a narrow card has no room for it
        place = kept(shot, slab)
        true = _MOVING if slab in shot.slabs_in_flight or place == "hand" else _GLYPHS[place]
        if glyph not in true:
            yield f"slab {slab:02d}", block.rect, f"its glyph is {glyph}, and it is {place}"


@rule
def column_of_a_card(shot: Shot) -> Iterator[Lie]:
    """What a CPU keeps stands in its lane; what the node keeps in the node, on its partial list or among full ones."""
    if ("node",) not in shot.blocks:
        return
    full = next((icon.y for icon in shot.icons("node") if icon.name == "disc"), 0)
    truth = {"active": "lane", "parked": "lane", "partial": "list", "empty": "list", "full": "full"}
    for slab, block in shot.kind("slab"):
        place = kept(shot, slab) if slab in shot.slabs and slab not in shot.slabs_in_flight else "hand"
        on_node = stands_in(block.rect, shot.where("node"))
        drawn = ("list" if block.rect[1] < full else "full") if on_node else "lane"
        if place != "hand" and drawn != truth[place]:
            yield f"slab {slab:02d}", block.rect, f"it stands in the {drawn}, and it is {place}"
