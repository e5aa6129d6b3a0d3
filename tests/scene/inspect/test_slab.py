"""What the inspector says of slabs is what the machine is."""

from __future__ import annotations

import re

import pytest

from slabviz.model.events import Kind
from slabviz.model.slab import NULL
from slabviz.scene.inspect.choose import next_of
from slabviz.scene.inspect.gone import gone, now_at
from slabviz.scene.inspect.inspected import inspected
from slabviz.scene.inspect.lines import object_lines
from slabviz.scene.inspect.place import free_chain, place_of
from slabviz.scene.inspect.subject import Lost, Subject, cards_of, subject_of
from slabviz.scene.levels import Selected
from slabviz.timeline.run import Run
from tests.scene.inspect.sights import ENGLISH, sight

TICKS = (60, 333, 420, 700, 1500, 2200)


@pytest.mark.parametrize("tick", TICKS)
def test_inuse_and_what_is_really_held_stand_beside_each_other(fork: Run, tick: int) -> None:
    machine = fork.machine_at(tick)
    for slab in [slab for slab in machine.slabs.values() if slab.cache is machine.caches[0]][:12]:
        seen = inspected(sight(fork, tick, Selected(slab.id)), ENGLISH).slab
        assert seen is not None
        inuse = next(field for field in seen.fields if field.name == "slab→inuse")
        assert int(inuse.value.split()[0]) == slab.inuse
        numbers = [int(number) for number in re.findall(r"\d+", inuse.note.partition(" on CPU")[0])]
        assert numbers[0] == len(slab.owners)
        assert sum(numbers) == slab.inuse


@pytest.mark.parametrize("tick", TICKS)
def test_every_slab_of_the_cache_is_in_one_list_of_the_column(fork: Run, tick: int) -> None:
    at = sight(fork, tick)
    cards = [card.slab for each in inspected(at, ENGLISH).side.lists for card in each.cards]
    assert len(cards) == len(set(cards))
    mine = {slab.id for slab in at.machine.slabs.values() if slab.cache is at.cache}
    waiting = mine & at.machine.rcu_slabs.keys()
    held = {slab.id for slab in at.machine.in_flight()}
    assert mine - waiting - held <= set(cards)


def test_the_chains_hold_all_that_is_free(fork: Run) -> None:
    machine = fork.machine_at(420)
    for slab in machine.slabs.values():
        cpu, own = free_chain(slab, place_of(machine, slab))
        free = {index for index in range(slab.objects) if slab.object_at(index) not in slab.owners}
        assert set(cpu) | set(own) == free


def test_lines_name_the_next_free_object(fork: Run) -> None:
    at = sight(fork, 2200)
    slab = next(slab for slab in at.cache.node.partial.values() if slab.freelist != NULL)
    cells = cards_of(at)[slab.id].cells
    lines = object_lines(at, slab.id, cells, 0, slab.objects, ENGLISH)
    chain = [slab.index_of(obj) for obj in slab.walk(slab.freelist)]
    assert [lines[index].next for index in chain] == [f"object {index}" for index in chain[1:]] + ["NULL"]


def test_a_slab_that_is_gone_says_when_and_where_its_pages_went(fork: Run) -> None:
    matrix = fork.log.matrix()
    ends = [number for number in range(len(matrix)) if matrix[number, 0] == Kind.DISCARD_SLAB]
    for number in ends[:: len(ends) // 5]:
        tick, slab = fork.log.tick_of(number), int(matrix[number, 2])
        before = fork.machine_at(tick - 1).slabs[slab]
        pfn, pages = before.pfn, before.bytes >> 12
        found = gone(fork.log, slab, len(matrix))
        assert found is not None
        assert (found.tick, found.pfn, found.pages) == (tick, pfn, pages)
        assert gone(fork.log, slab, number) is None
        machine = fork.machine_at(fork.last_tick)
        word, other = now_at(machine, pfn)
        assert (word == "slab") == (pfn in machine.slab_of_page)
        assert other == (machine.slab_of_page[pfn].id if word == "slab" else -1)
        assert subject_of(sight(fork, fork.last_tick, Selected(slab))) == Lost("gone", slab)


def test_what_cannot_be_shown_says_why(fork: Run) -> None:
    assert subject_of(sight(fork, 420, Selected(9999))) == Lost("unborn", 9999)
    active = fork.machine_at(420).caches[0].cpu_slab[0].slab
    assert active is not None
    slab = active.id
    assert subject_of(sight(fork, 420, Selected(slab, 99))) == Lost("index", slab, 99)
    for selected in (Selected(9999), Selected(slab, 99)):
        seen = inspected(sight(fork, 420, selected), ENGLISH)
        assert seen.slab is None
        assert all(seen.message)


def test_nothing_chosen_is_what_the_caption_tells_of(fork: Run) -> None:
    at = sight(fork, 420)
    assert at.state.path is not None
    found = subject_of(at)
    assert isinstance(found, Subject)
    assert found.slab == int(at.state.path.slab)


def test_the_objects_of_a_holder_come_one_after_another(fork: Run) -> None:
    machine = fork.machine_at(420)
    cache = machine.caches[0]
    held = [slab.owners[obj] for slab in machine.slabs.values() if slab.cache is cache for obj in slab.owners]
    actor = max(set(held), key=held.count)
    chosen, seen = None, []
    for _ in range(held.count(actor)):
        chosen = next_of(machine, cache, actor, chosen)
        assert chosen is not None
        assert chosen.index is not None
        slab = machine.slabs[chosen.slab]
        assert slab.owners[slab.object_at(chosen.index)] == actor
        seen.append(chosen)
    assert len(set(seen)) == len(seen)
    assert next_of(machine, cache, actor, chosen) == seen[0]
    assert next_of(machine, cache, 10**6, None) is None
