"""What the numbers of every frame must keep (visual-spec 12), on a random run; a frame is a function of its tick."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from slabviz.model.era import ERAS
from slabviz.model.machine import Machine
from slabviz.scene.moves import Move
from slabviz.scene.state import CellState, Place, SlabCard, SlabState, StageState
from slabviz.scene.story.tenures import NEUTRAL
from slabviz.timeline.run import Run
from tests.scene.story.worlds import Flights, random_world, teller

TICKS = 500


@pytest.fixture(scope="module", params=ERAS)
def run(request: pytest.FixtureRequest) -> Run:
    return random_world(3, TICKS, request.param)


def places(state: StageState) -> Iterator[tuple[str, SlabCard | Place]]:
    """Every card and every dashed place of a slab, with the list it is drawn in."""
    for lane in state.lanes:
        yield "active", lane.active
        yield from (("parked", entry) for entry in lane.parked)
    yield from (("partial", entry) for entry in state.node.partial)
    yield from (("full", entry) for entry in state.node.full)


def number(text: str) -> int:
    return int(text.replace("\u2009", ""))


def after(text: str) -> int:
    """The value that ``old → new`` ends with."""
    return number(text.rsplit("→", 1)[-1].strip())


def broken_laws(state: StageState, machine: Machine, cache: int, moves: Sequence[Move]) -> list[str]:
    """Names of the laws that a picture breaks."""
    checks = {
        "cells": all(map(cells_add_up, cards_of(state))),
        "one place": max(Counter(slab for slab in standing(state)).values(), default=1) == 1,
        "footer": footer(state) == drawn(state),
        "nr_slabs": sum(footer(state)) == after(state.node.nr_slabs) == alive(machine, cache),
        "held": held(state) == owned(machine, cache, moves),
        "nr_partial": after(state.node.nr_partial) == machine.caches[cache].node.nr_partial,
        "pages": pages_add_up(state),
        "chain": all(chain_is_free(state)),
        "colours": colours_are_apart(state),
    }
    return [name for name, holds in checks.items() if not holds]


def cards_of(state: StageState) -> list[SlabCard]:
    return [entry for _, entry in places(state) if isinstance(entry, SlabCard)]


def cells_add_up(card: SlabCard) -> bool:
    states = Counter(cell.state for cell in card.cells)
    dashed = states[CellState.LEFT] + states[CellState.RETURNING]
    whole = states[CellState.USED] + states[CellState.FREE] + dashed
    return card.used == states[CellState.USED] and card.moving == dashed and whole == card.objects == len(card.cells)


def standing(state: StageState) -> list[int]:
    """Slabs that are drawn, or for which a place is kept at their goal."""
    return [entry.slab for _, entry in places(state) if entry.slab is not None and not getattr(entry, "leaving", False)]


def footer(state: StageState) -> tuple[int, ...]:
    return tuple(number(term) for term in re.findall(r"[\d\u2009]+", state.node.sum_long.split(" · ")[0]))


def drawn(state: StageState) -> tuple[int, ...]:
    """Cards by list; what moves is drawn as moving, is expected somewhere, or is on its way out of the node."""
    kinds = Counter(name for name, entry in places(state) if isinstance(entry, SlabCard) and not moves(entry))
    total = after(state.node.nr_slabs)
    still = [kinds[name] for name in ("active", "parked", "partial", "full")]
    return (*still, total - sum(still))


def moves(card: SlabCard) -> bool:
    return card.state is SlabState.MOVING


def alive(machine: Machine, cache: int) -> int:
    return sum(slab.cache.id == cache and slab.id not in machine.rcu_slabs for slab in machine.slabs.values())


def held(state: StageState) -> int:
    return sum(card.held for card in state.holders.cards)


def owned(machine: Machine, cache: int, moves: Sequence[Move]) -> int:
    """Objects that somebody has and that do not fly."""
    flying = {(move.slab, move.obj) for move in moves}
    mine = (slab for slab in machine.slabs.values() if slab.cache.id == cache)
    return sum((slab.id, slab.index_of(offset)) not in flying for slab in mine for offset in slab.owners)


def pages_add_up(state: StageState) -> bool:
    buddy = state.buddy
    listed = sum(blocks << order for order, blocks in enumerate(buddy.blocks)) + sum(pages for _, pages in buddy.sets)
    return listed == buddy.free_pages == buddy.frames.count(0) + buddy.frames.count(1)


def chain_is_free(state: StageState) -> Iterator[bool]:
    for lane in state.lanes:
        if isinstance(lane.active, SlabCard):
            yield from (lane.active.cells[index].state is CellState.FREE for index in lane.chain)


def colours_are_apart(state: StageState) -> bool:
    colours = [card.colour for card in state.holders.cards if card.held + card.arriving and card.colour != NEUTRAL]
    return len(colours) == len(set(colours))


@pytest.mark.parametrize("cache", [0, 1])
def test_every_frame_of_a_random_run_adds_up(run: Run, cache: int) -> None:
    story, flights = teller(run, cache), Flights(run, cache)
    moved = 0
    for tick in range(TICKS):
        machine = run.machine_at(tick)
        under_way = flights(tick)
        state = story.state(machine, tick, under_way)
        assert broken_laws(state, machine, cache, under_way) == [], f"tick {tick}"
        moved += footer(state)[4]
    assert moved > 20  # the run is no idle one


def test_a_wrong_number_is_noticed(run: Run) -> None:
    tick = 300
    machine = run.machine_at(tick)
    flying = Flights(run)(tick)
    state = teller(run).state(machine, tick, flying)
    node, card = state.node, next(iter(cards_of(state)))
    assert broken_laws(state, machine, 0, flying) == []
    assert broken_laws(replace(state, node=replace(node, nr_slabs="99")), machine, 0, flying) != []
    assert "nr_partial" in broken_laws(replace(state, node=replace(node, nr_partial="99")), machine, 0, flying)
    assert not cells_add_up(replace(card, used=card.used + 1))
    twice = replace(node, partial=(*node.partial, card))
    assert "one place" in broken_laws(replace(state, node=twice), machine, 0, flying)
    assert "held" in broken_laws(replace(state, holders=replace(state.holders, cards=())), machine, 0, flying)
    frames = replace(state.buddy, frames=b"\x03" + state.buddy.frames[1:])
    assert "pages" in broken_laws(replace(state, buddy=replace(frames, free_pages=1)), machine, 0, flying)


def test_a_frame_is_the_same_however_one_came_to_it(run: Run) -> None:
    flights = Flights(run)
    forwards = teller(run)
    played = [forwards.state(run.machine_at(tick), tick, flights(tick)) for tick in range(TICKS)]
    backwards = teller(run)
    for tick in range(TICKS - 1, TICKS - 120, -1):
        assert backwards.state(run.machine_at(tick), tick, flights(tick)) == played[tick], f"tick {tick}"
    for tick in (17, 402, 233, 234, 90):
        assert teller(run).state(run.machine_at(tick), tick, flights(tick)) == played[tick], f"jump to {tick}"
