"""The rules of truth: a doctored picture or machine breaks each of them, and a true frame none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import pytest

from slabviz.library import Studio, load
from slabviz.model.cpu import Context, ContextKind
from slabviz.model.events import Kind
from slabviz.model.flags import SlabFlags
from slabviz.model.lock import NOBODY
from slabviz.scene.display import Block, Box, Icon, Node, Pixels, Text
from slabviz.scene.motion import Motion
from slabviz.scene.moves import MoveKind
from slabviz.testing.survey import random_run
from slabviz.testing.truth import RULES, Shot, TruthChecker, lies
from slabviz.testing.truth.shot import plain
from slabviz.timeline.run import Run

SIZE = (1600, 900)
Doctor = Callable[[Block, Node], Node | None]


@lru_cache(maxsize=3)
def run_of(name: str) -> Run:
    return random_run(int(name)) if name.isdecimal() else load(name).run()


def shot_of(name: str, position: float) -> Shot:
    run = run_of(name)
    studio = Studio(run, SIZE)
    return TruthChecker(run).shot(studio.composer.scene(position), position)


@lru_cache(maxsize=1)
def busy() -> Shot:
    """The first true frame of fork in which an object and a slab fly, and a freelist is drawn."""
    run = run_of("fork")
    studio, checker = Studio(run, SIZE), TruthChecker(run)
    motion, cache = Motion(run), run.about.stage_cache
    for tick in range(900, run.last_tick):
        kinds = {move.kind for move in motion.under_way(tick + 0.5, 1.0, cache)}
        if not kinds >= {MoveKind.ALLOC, MoveKind.SLAB}:
            continue
        scene = studio.composer.scene(tick + 0.5)
        shot = checker.shot(scene, tick + 0.5)
        moving = [move for move in shot.slabs_in_flight.values() if move.start <= shot.position < move.start + 2]
        if moving and shot.objects_in_flight and any(shot.kind("chain")) and any(shot.kind("holder")):
            return shot
    raise AssertionError("nothing of the kind in fork")


def doctored(shot: Shot, key: object, change: Doctor) -> Shot:
    """The same frame, with the nodes of the blocks of one kind changed; what becomes None is left out."""
    blocks = []
    for block in shot.scene.blocks:
        name = block.key[0] if isinstance(block.key, tuple) else block.key
        if name == key:
            nodes = [change(block, node) for node in block.nodes]
            kept = tuple(node for node in nodes if node is not None)
            blocks.append(Block(block.key, block.rect, block.ground, kept))
        else:
            blocks.append(block)
    return _with(shot, replace(shot.scene, blocks=blocks))


def _with(shot: Shot, scene: object, **more: object) -> Shot:
    given = {"scene": scene, "run": shot.run, "machine": shot.machine, "position": shot.position,
             "cache_id": shot.cache_id, "moves": shot.moves, "language": shot.language}  # fmt: skip
    return Shot(**(given | more))  # type: ignore[arg-type]  # the fields of a Shot, by name


def more(pattern: str) -> Doctor:
    """Every number in the texts that match becomes one larger."""

    def change(block: Block, node: Node) -> Node:
        if isinstance(node, Text) and re.fullmatch(pattern, node.text):
            return replace(node, text=re.sub(r"\d+", lambda found: str(int(found[0]) + 1), plain(node.text)))
        return node

    return change


def icon(old: str, new: str) -> Doctor:
    return lambda block, node: replace(node, name=new) if isinstance(node, Icon) and node.name == old else node


def hollow(block: Block, node: Node) -> Node:
    """A solid box becomes a free place."""
    solid = isinstance(node, Box) and (node.fill or "").startswith("owner")
    return replace(node, fill="freeF", stroke="free") if solid and isinstance(node, Box) else node


def moved(shot: Shot, kind: str, by: int) -> Shot:
    """The cards of a kind stand further right."""
    blocks = [
        replace(block, rect=(block.rect[0] + by, *block.rect[1:]))
        if isinstance(block.key, tuple) and block.key[0] == kind else block
        for block in shot.scene.blocks
    ]  # fmt: skip
    return _with(shot, replace(shot.scene, blocks=blocks))


def without(shot: Shot, kind: str) -> Shot:
    blocks = [block for block in shot.scene.blocks if not isinstance(block.key, tuple) or block.key[0] != kind]
    return _with(shot, replace(shot.scene, blocks=blocks))


def twice(shot: Shot) -> Shot:
    card = next(block for _, block in shot.kind("slab"))
    return _with(shot, replace(shot.scene, blocks=[*shot.scene.blocks, card]))


def wiped(block: Block, node: Node) -> Node:
    """One row of the map is empty."""
    return replace(node, rows=bytes(len(node.rows))) if isinstance(node, Pixels) else node


def unmarked(block: Block, node: Node) -> Node | None:
    return replace(node, text="99") if isinstance(node, Text) and node.colour == "ink" else node


LIES: dict[str, Callable[[Shot], Shot]] = {
    "objects_of_a_card": lambda shot: doctored(shot, "slab", hollow),
    "marks_of_a_card": lambda shot: doctored(shot, "slab", unmarked),
    "one_place_for_a_slab": twice,
    "glyph_of_a_card": lambda shot: doctored(shot, "slab", icon("disc", "half_disc")),
    "column_of_a_card": lambda shot: moved(shot, "slab", -900),
    "counters_of_the_node": lambda shot: doctored(shot, "node", more(r"\d+")),
    "sum_of_the_slabs": lambda shot: doctored(shot, "node", more(r"= .*")),
    "lists_add_up": lambda shot: without(shot, "slab"),
    "the_lock": lambda shot: doctored(shot, "node", icon("lock_open", "lock_closed")),
    "freelist_of_a_cpu": lambda shot: doctored(shot, "chain", more(r"\d+")),
    "slabs_of_a_cpu": lambda shot: without(shot, "slab"),
    "counted_slots": lambda shot: without(shot, "slab"),
    "line_over_the_holders": lambda shot: doctored(shot, "holders", more(r".*held.*")),
    "card_of_a_holder": lambda shot: doctored(shot, "holder", hollow),
    "every_owner_is_there": lambda shot: without(without(shot, "holder"), "more"),
    "columns_of_free_blocks": lambda shot: doctored(shot, "buddy", more(r"\d+")),
    "free_pages_add_up": lambda shot: doctored(shot, "log", more(r".*pages free")),
    "map_of_page_frames": lambda shot: doctored(shot, "memory", wiped),
    "log_of_the_buddy_system": lambda shot: _with(shot, shot.scene, position=0.0),
    "tick_and_cache": lambda shot: doctored(shot, "tick", more(r"\d+")),
    "limit_of_parked_slabs": lambda shot: doctored(shot, "lane heads", more(r".*limit.*")),
    "what_flies_is_named": lambda shot: _with(shot, replace(shot.scene, movers=[])),
    "badge_of_a_context": lambda shot: doctored(shot, "lane", lambda block, node: _bolted(block, node, shot)),
    "old_and_new": lambda shot: _with(
        doctored(shot, "node", lambda block, node: _changing(node)), _changed(shot).scene, moves=()
    ),
}  # fmt: skip


def _bolted(block: Block, node: Node, shot: Shot) -> Node:
    """Every lane says that an interrupt runs."""
    return Icon(node.x, node.y, "bolt", 12, "err") if isinstance(node, Box | Text) and node is block.nodes[-1] else node


def _changing(node: Node) -> Node:
    return replace(node, text=f"{node.text} → 9") if isinstance(node, Text) and node.text.isdecimal() else node


def _changed(shot: Shot) -> Shot:
    return doctored(shot, "node", lambda block, node: _changing(node))


def test_a_true_frame_has_no_lies() -> None:
    assert lies(busy()) == []


@pytest.mark.parametrize("rule", LIES)
def test_a_lie_is_found_by_its_rule(rule: str) -> None:
    assert list(RULES[rule](busy())) == []
    assert list(RULES[rule](LIES[rule](busy()))) != []


IN_OTHER_TESTS = {
    "full_slabs_are_on_no_list", "a_debugged_cache_keeps_nothing_on_a_cpu", "rows_of_many_cpus",
    "a_free_takes_no_gfp_flags", "interrupted_work_stays",
}  # fmt: skip


def test_every_rule_has_its_lie() -> None:
    assert set(RULES) == set(LIES) | IN_OTHER_TESTS


def test_a_row_that_counts_wrong_is_found() -> None:
    shot = shot_of("17", 900.5)
    assert len(shot.machine.cpus) == 64
    assert lies(shot) == []
    assert list(RULES["rows_of_many_cpus"](doctored(shot, "lane", more(r"\d+"))))


def test_a_badge_of_a_free_with_gfp_flags_is_found() -> None:
    shot = doctored(
        busy(), "lane", lambda block, node: replace(node, text="GFP_KERNEL") if isinstance(node, Text) else node
    )
    top = shot.machine.cpus[0].top
    call, top.call = top.call, (Kind.FREE_ENTER, 0, 0, 0)
    found = list(RULES["a_free_takes_no_gfp_flags"](shot))
    top.call = call
    assert found


def test_interrupted_work_that_is_not_named_is_found() -> None:
    shot = busy()
    cpu = next(cpu for cpu in shot.machine.cpus if [each.kind for each in cpu.stack] == [ContextKind.PROCESS])
    cpu.stack.append(Context(ContextKind.HARDIRQ, 1))
    found = list(RULES["interrupted_work_stays"](shot))
    cpu.stack.pop()
    assert found


def test_a_lie_of_the_lock_s_holder_is_found() -> None:
    shot = busy()
    lock = shot.cache.node.list_lock
    before = lock.holder
    lock.holder = 3 if before != 3 else NOBODY
    found = list(RULES["the_lock"](shot))
    lock.holder = before
    assert found


def test_full_slabs_that_are_linked_without_a_list_are_found() -> None:
    shot = shot_of("slub_debug", 250.5)
    assert lies(shot) == []
    flags = shot.cache.flags
    object.__setattr__(shot.cache, "flags", flags ^ SlabFlags.STORE_USER)
    found = list(RULES["full_slabs_are_on_no_list"](shot))
    object.__setattr__(shot.cache, "flags", flags)
    assert found


def test_a_debugged_cache_with_a_slab_on_a_cpu_is_found() -> None:
    shot = busy()
    was, shot.cache.debug = shot.cache.debug, True
    found = list(RULES["a_debugged_cache_keeps_nothing_on_a_cpu"](shot))
    shot.cache.debug = was
    assert found
