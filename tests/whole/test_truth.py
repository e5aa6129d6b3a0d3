"""The law of numbers: what a frame writes is what the machine holds, in 200 random frames of the shipped scenarios.

The numbers are read from the display list, as a reader reads them; what flies is left out as visual-spec 12 says.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from math import floor

import pytest

from slabviz.library import Studio, load, shipped
from slabviz.model.machine import Machine
from slabviz.model.slab import Slab
from slabviz.scene.display import Scene, Text
from slabviz.scene.motion import Motion
from slabviz.scene.moves import Move, MoveKind
from slabviz.timeline.run import Run

FRAMES = 50
"""Of each scenario."""
SIZES = ((1280, 720), (1600, 900), (1920, 1080))

Written = dict[tuple[object, ...], tuple[str, ...]]


def written(scene: Scene) -> Written:
    """The texts of each block, without the gaps between groups of digits."""
    return {
        tuple(block.key): tuple(node.text.replace("\u2009", "") for node in block.nodes if isinstance(node, Text))
        for block in scene.blocks
        if isinstance(block.key, tuple)
    }


def false_numbers(texts: Written, machine: Machine, cache: int, moves: Sequence[Move]) -> list[str]:
    """What is written and not so."""
    mine = [slab for slab in machine.slabs.values() if slab.cache.id == cache]
    held, flying = holdings(mine, moves)
    alive = [slab for slab in mine if slab.id not in machine.rcu_slabs]
    claims: list[tuple[str, object, object]] = [
        (f"slab {slab.id}", card(texts["slab", slab.id]), (held[slab.id], slab.objects, flying[slab.id]))
        for slab in mine
        if ("slab", slab.id) in texts and card(texts["slab", slab.id]) is not None
    ]
    claims += [
        ("nr_slabs", after(texts["node",], "nr_slabs"), len(alive)),
        ("terms", sum(terms(texts["node",])), len(alive)),
        ("nr_partial", before(texts["node",], "nr_partial"), machine.caches[cache].node.nr_partial),
        ("held", counted(texts["holders",], "held"), sum(held.values())),
        ("in flight", counted(texts["holders",], "arriving", "on the way back"), sum(flying.values())),
        ("blocks", list(map(int, texts["buddy",][-22::2])), machine.zone.free_counts()),
        ("sets", sets(texts["log",]), [pcp.count for pcp in machine.zone.pcp]),
        ("free pages", int(free_pages(texts["log",])), machine.zone.nr_free + machine.zone.pcp_pages()),
    ]
    return [f"{what}: {said} for {true}" for what, said, true in claims if said != true]


def holdings(slabs: Sequence[Slab], moves: Sequence[Move]) -> tuple[Counter[int], Counter[int]]:
    """Objects by slab: those that somebody holds, and those in flight in either direction."""
    objects = {(move.slab, move.obj) for move in moves if move.kind in (MoveKind.ALLOC, MoveKind.FREE)}
    held: Counter[int] = Counter()
    flying: Counter[int] = Counter()
    for slab in slabs:
        flying[slab.id] = sum(number == slab.id for number, _ in objects)
        held[slab.id] = sum((slab.id, slab.index_of(offset)) not in objects for offset in slab.owners)
    return held, flying


def card(texts: Sequence[str]) -> tuple[int, int, int] | None:
    """used, objects and +n in the head of a card; None on a narrow one, which has no room for them."""
    head = next((match for match in map(re.compile(r"(\d+)/(\d+)").fullmatch, texts) if match), None)
    extra = next((int(text) for text in texts if re.fullmatch(r"\+\d+", text)), 0)
    return (int(head[1]), int(head[2]), extra) if head else None


def after(texts: Sequence[str], label: str) -> int:
    """The value right of its label, which ``old → new`` ends with."""
    return int(texts[texts.index(label) + 1].rsplit(" ", 1)[-1])


def before(texts: Sequence[str], label: str) -> int:
    """The value of a label that is written from the right: it comes first."""
    return int(texts[texts.index(label) - 1].rsplit(" ", 1)[-1])


def terms(texts: Sequence[str]) -> list[int]:
    """The terms of the equation: active, parked, partial, full, moving."""
    equation = next(text for text in texts if text.startswith("= "))
    return [int(term) for term in re.findall(r"\d+", equation.split(" · ")[0])]


def counted(texts: Sequence[str], *words: str) -> int:
    """How many the line over the holders counts as one of these."""
    pairs = (term.split(" ", 1) for text in texts if " held" in text for term in text.split(" · "))
    return sum(int(count) for count, word in pairs if word in words)


def sets(texts: Sequence[str]) -> list[int]:
    """Pages in the page set of each CPU."""
    row = texts[texts.index("per-CPU page sets") + 1]
    return [int(part.rsplit(" ", 1)[-1]) for part in row.split(" · ")]


def free_pages(texts: Sequence[str]) -> str:
    return next(text.split(" ")[0] for text in texts if text.endswith("pages free"))


@lru_cache(maxsize=1)
def run_of(name: str) -> Run:
    return load(name).run()


@pytest.mark.parametrize("name", [scenario.name for scenario in shipped()])
def test_every_number_of_a_frame_is_the_machines(name: str) -> None:
    run, chance, wrong, flown = run_of(name), random.Random(name), [], 0
    cache, motion = run.about.stage_cache, Motion(run)
    studios = [Studio(run, size) for size in SIZES]
    positions = sorted(chance.uniform(0, run.last_tick) for _ in range(FRAMES))
    for number, position in enumerate(positions):
        scene = studios[number % len(SIZES)].composer.scene(position)
        moves = motion.under_way(position, 1.0, cache)
        flown += len(moves)
        found = false_numbers(written(scene), run.machine_at(floor(position)), cache, moves)
        wrong += [f"{position:.2f}: {what}" for what in found]
    assert wrong == []
    assert flown > FRAMES // 2


def test_a_number_that_is_wrong_is_noticed() -> None:
    run = run_of("fork")
    cache, tick = run.about.stage_cache, 1075
    scene, moves = Studio(run, SIZES[1]).composer.scene(tick), Motion(run).under_way(tick, 1.0, cache)
    machine = run.machine_at(tick)
    assert false_numbers(written(scene), machine, cache, moves) == []
    noticed = set()
    for index, block in enumerate(scene.blocks):
        for place, node in enumerate(block.nodes):
            if isinstance(node, Text) and re.search(r"\d", node.text):
                changed = replace(node, text=re.sub(r"\d+", lambda found: str(int(found[0]) + 1), node.text))
                nodes = (*block.nodes[:place], changed, *block.nodes[place + 1 :])
                blocks = [*scene.blocks[:index], replace(block, nodes=nodes), *scene.blocks[index + 1 :]]
                found = false_numbers(written(replace(scene, blocks=blocks)), machine, cache, moves)
                noticed |= {what.split(":")[0].split(" ")[0] for what in found}
    assert noticed >= {"slab", "nr_slabs", "terms", "nr_partial", "held", "in", "blocks", "sets", "free"}
