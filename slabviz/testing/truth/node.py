"""Truth of the node: its counters and the sum that accounts for every slab, the lists, the lock, the full slabs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from slabviz.model.flags import SlabFlags
from slabviz.model.lock import DEAD, NOBODY
from slabviz.scene.display import Line
from slabviz.testing.truth.places import kept, stands_in
from slabviz.testing.truth.rule import Lie, differ, rule
from slabviz.testing.truth.shot import Shot

TERMS = ("active", "parked", "partial", "full", "moving")


def _value(texts: list[str], label: str, step: int) -> int | None:
    """Return the number beside a label, which ``old → new`` ends with; None if it is not there."""
    if label not in texts:
        return None
    found = re.findall(r"\d+", texts[texts.index(label) + step])
    return int(found[-1]) if found else None


@rule
def counters_of_the_node(shot: Shot) -> Iterator[Lie]:
    """nr_slabs counts a new slab before it is installed; total_objects = the objects of all of them."""
    if ("node",) not in shot.blocks:
        return
    texts, rect, node = shot.texts("node"), shot.where("node"), shot.cache.node
    alive = len(shot.slabs)
    total = node.total_objects + (alive - node.nr_slabs) * shot.cache.geometry.oo_objects
    for label, step, true in (
        ("nr_slabs", 1, alive),
        ("nr_partial", -1, node.nr_partial),
        ("total_objects", -1, total),
    ):
        said = _value(texts, label, step)
        if said is not None:
            yield from differ(label, rect, said, true)
        elif label != "total_objects":  # which compact pages have no room for
            yield label, rect, "the node does not say it"


@rule
def sum_of_the_slabs(shot: Shot) -> Iterator[Lie]:
    """nr_slabs = active + parked + partial + full + moving, zeros kept; a slab in flight is in no list."""
    if ("node",) not in shot.blocks:
        return
    rect, terms = shot.where("node"), _terms(shot)
    if terms is None:
        yield "sum", rect, "the footer does not account for the slabs"
        return
    true = Counter("moving" if id in shot.slabs_in_flight else _term(kept(shot, id)) for id in shot.slabs)
    for name, said in terms.items():
        yield from differ(name, rect, said, true[name])
    yield from differ("sum", rect, sum(terms.values()), len(shot.slabs))


def _term(place: str) -> str:
    return {"empty": "partial", "hand": "moving"}.get(place, place)


def _terms(shot: Shot) -> dict[str, int] | None:
    """The five terms of the equation, long or short."""
    for text in shot.texts("node"):
        for key in ("stage.node.sum_long", "stage.node.sum_short"):
            found = shot.said(key, text.split(" · ")[0])
            if found is not None and all(found[name].isdecimal() for name in TERMS):
                return {name: int(found[name]) for name in TERMS}
    return None


def _foot_of_partial(shot: Shot) -> int:
    """Where the heading of the full slabs stands: the list is above it."""
    return next((icon.y for icon in shot.icons("node") if icon.name == "disc"), 0)


@rule
def lists_add_up(shot: Shot) -> Iterator[Lie]:
    """The cards of a list and the "+N slabs" behind them are as many as the footer's term."""
    terms, border = _terms(shot), _foot_of_partial(shot)
    if terms is None:
        return
    node = shot.where("node")
    drawn = {"partial": 0, "full": 0}
    for slab, block in shot.kind("slab"):
        at_rest = slab in shot.slabs and slab not in shot.slabs_in_flight and kept(shot, slab) != "hand"
        if at_rest and stands_in(block.rect, node):
            drawn["partial" if block.rect[1] < border else "full"] += 1
    for text in shot.text_nodes("node"):
        rest = shot.said("layout.node.more", text.text)
        if rest is not None:
            drawn["partial" if text.y < border else "full"] += int(rest["count"])
    for name, count in drawn.items():
        if count != terms[name]:
            yield name, node, f"{count} slabs are drawn or counted there, the footer says {terms[name]}"


@rule
def the_lock(shot: Shot) -> Iterator[Lie]:
    """The padlock is closed only while list_lock is held; the words say by whom."""
    locks = [icon.name for icon in shot.icons("node") if icon.name.startswith("lock_")]
    if not locks:
        return
    lock, rect = shot.cache.node.list_lock, shot.where("node")
    yield from differ("padlock", rect, locks, ["lock_open" if lock.holder == NOBODY else "lock_closed"])
    if lock.holder not in (NOBODY, DEAD):
        texts = shot.texts("node")
        said = texts[texts.index("list_lock") + 1]
        if not re.search(rf"CPU ?{lock.holder}(?!\d)", said):
            yield "list_lock", rect, f"CPU{lock.holder} holds it, and the words are {said!r}"


@rule
def full_slabs_are_on_no_list(shot: Shot) -> Iterator[Lie]:
    """Only with SLAB_STORE_USER are full slabs on a list, and linked."""
    block = shot.blocks.get(("node",))
    if block is None:
        return
    border, listed = _foot_of_partial(shot), bool(shot.cache.flags & SlabFlags.STORE_USER)
    links = [node for node in block.nodes if isinstance(node, Line) and node.arrow and node.points[0][1] > border]
    if links and not listed:
        yield "full", block.rect, "full slabs are linked, and no list of them exists"
    for key, true in (("stage.node.full_listed", True), ("stage.node.full_note", False)):
        if listed is not true and any(_same(text, shot.words.texts[key]) for text in shot.texts("node")):
            yield "full", block.rect, f"the heading says that full slabs are {'' if true else 'not '}on a list"


def _same(text: str, whole: str) -> bool:
    """Tell whether a text is the whole one, or begins it and was shortened."""
    return text == whole or (text.endswith("…") and len(text) > 4 and whole.startswith(text[:-1].rstrip()))


@rule
def old_and_new(shot: Shot) -> Iterator[Lie]:
    """A field says ``old → new`` only while a move that changes it is under way."""
    if any(move.cache == shot.cache_id for move in shot.moves):
        return
    settled = len(shot.slabs) == shot.cache.node.nr_slabs  # else a new slab has yet to be counted
    for text in shot.texts("node"):
        if settled and re.fullmatch(r"\d+ → \d+", text):
            yield text, shot.where("node"), "the field is said to change, and nothing is under way"
