"""Truth of the holders: held, arriving and on the way back add up to the cards and to the slabs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from slabviz.scene.display import Box
from slabviz.scene.moves import MoveKind
from slabviz.testing.truth.rule import Lie, differ, rule
from slabviz.testing.truth.shot import Shot

_WORDS = ("held", "arriving", "returning")


def _true(shot: Shot) -> dict[str, Counter[int]]:
    """Who holds, awaits and gives back how many objects."""
    found: dict[str, Counter[int]] = {word: Counter() for word in _WORDS}
    flying = shot.objects_in_flight
    for slab in shot.machine.slabs.values():
        if slab.cache is shot.cache:
            for index, who in shot.holders_of(slab).items():
                if (slab.id, index) not in flying:
                    found["held"][who] += 1
    for (slab_id, _), move in flying.items():
        if slab_id in shot.machine.slabs:
            found["arriving" if move.kind is MoveKind.ALLOC else "returning"][move.actor] += 1
    return found


@rule
def line_over_the_holders(shot: Shot) -> Iterator[Lie]:
    """Held + arriving + on the way back stand over the holders; held are all solid cells, none that flies."""
    if ("holders",) not in shot.blocks:
        return
    rect, true = shot.where("holders"), _true(shot)
    texts = shot.texts("holders")
    line = next((text for text in texts if shot.said("stage.holders.held", text.split(" · ")[0])), "")
    if not line:
        yield "holders", rect, "nothing says how many objects are held"
        return
    said = dict.fromkeys(_WORDS, 0)
    for term in line.split(" · "):
        for word in _WORDS:
            found = shot.said(f"stage.holders.{word}", term)
            if found is not None and found["count"].isdecimal():
                said[word] = int(found["count"])
    for word in _WORDS:
        yield from differ(word, rect, said[word], sum(true[word].values()))


@rule
def card_of_a_holder(shot: Shot) -> Iterator[Lie]:
    """A card's ×N are the objects somebody holds; its mark is dashed if there are none."""
    true = _true(shot)["held"]
    for who, block in shot.kind("holder"):
        times = [int(text[1:]) for text in shot.texts("holder", who) if re.fullmatch(r"×\d+", text)]
        if ("rail",) not in shot.blocks:
            yield from differ(f"holder {who}", block.rect, times, [true[who]] if true[who] > 1 else [])
        solid = any(isinstance(node, Box) and (node.fill or "").startswith("owner") for node in block.nodes)
        if solid != bool(true[who]):
            yield f"holder {who}", block.rect, f"its mark is {'solid' if solid else 'dashed'}, and it holds {true[who]}"


@rule
def every_owner_is_there(shot: Shot) -> Iterator[Lie]:
    """Every owner of an object has a card, or is counted in that of the rest; nobody else has one."""
    if ("holders",) not in shot.blocks and ("rail",) not in shot.blocks:
        return
    owners = {who for count in _true(shot).values() for who in count}
    shown = {who for who, _ in shot.kind("holder")}
    rest = [int(number) for text in shot.texts("more") for number in re.findall(r"\d+", text)[:1]]
    if len(owners - shown) > sum(rest):
        place = shot.where("holders" if ("holders",) in shot.blocks else "rail")
        yield "holders", place, f"{len(owners - shown)} owners have no card, and the last card counts {sum(rest)}"
    for who in shown - owners if ("rail",) not in shot.blocks else ():
        texts = shot.texts("holder", who)
        if not any(_is(shot, word, text) for word in ("waiting", "rcu") for text in texts):
            yield f"holder {who}", shot.where("holder", who), "it has no object and does not wait for one"


def _is(shot: Shot, word: str, text: str) -> bool:
    whole = shot.words.texts[f"stage.holder.{word}"]
    return text == whole or (text.endswith("…") and whole.startswith(text[:-1].rstrip()))
