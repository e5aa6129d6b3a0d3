"""What is typed in is found, and what is not there is answered with what looks like it."""

from __future__ import annotations

import pytest

from slabviz.scene.find import MOST, find
from slabviz.scene.levels import Selected
from slabviz.scene.story.names import full_name
from slabviz.timeline.run import Run

TICK = 300


def test_a_cache_by_a_part_of_its_name_the_nearest_first(run: Run) -> None:
    machine = run.machine_at(TICK)
    for cache in machine.caches:
        hit = find(run, machine, 0, f" {cache.name.upper()} ").hits[0]
        assert (hit.kind, hit.name, hit.cache) == ("cache", cache.name, cache.id)


def test_an_address_leads_to_the_object_that_it_lies_in(run: Run) -> None:
    machine = run.machine_at(TICK)
    for slab in machine.slabs.values():
        index = slab.objects - 1
        address = slab.address + slab.object_at(index) + 5
        for text in (f"0x{address:016x}", f"{address:X}", f"0x…{address & 0xFFFFFFFF:08x}"):
            hit = find(run, machine, 0, text).hits[0]
            assert (hit.kind, hit.selected, hit.cache) == ("object", Selected(slab.id, index), slab.cache.id), text


def test_an_address_of_no_slab_leads_to_its_page_and_one_of_nothing_nowhere(run: Run) -> None:
    machine = run.machine_at(TICK)
    pfn = next(pfn for pfn in range(machine.config.pages) if pfn not in machine.slab_of_page)
    assert find(run, machine, 0, f"0x{machine.page_address(pfn):x}").hits[0].pfn == pfn
    assert find(run, machine, 0, "0xffffffffffffffff").hits == ()


def test_holders_are_found_with_what_they_hold_and_the_exact_number_comes_first(run: Run) -> None:
    machine = run.machine_at(TICK)
    held = {(who, slab.cache.id) for slab in machine.slabs.values() for who in slab.owners.values()}
    for who, cache in held:
        name = full_name(run.cast[who])
        hits = [hit for hit in find(run, machine, cache, name).hits if hit.actor == who]
        counts = {hit.cache: hit.held for hit in hits}
        assert counts[cache] == sum(
            owner == who for slab in machine.slabs.values() if slab.cache.id == cache for owner in slab.owners.values()
        )
        first = next(hit for hit in find(run, machine, cache, run.cast[who].mark).hits if hit.kind == "holder")
        assert run.cast[first.actor or 0].mark == run.cast[who].mark


def test_who_holds_nothing_now_is_found_all_the_same(run: Run) -> None:
    machine = run.machine_at(TICK)
    holding = {who for slab in machine.slabs.values() for who in slab.owners.values()}
    who = next(who for who in range(1, len(run.cast)) if who not in holding)
    hit = next(hit for hit in find(run, machine, 0, full_name(run.cast[who])).hits if hit.actor == who)
    assert (hit.cache, hit.selected, hit.held) == (None, None, 0)


def test_nothing_found_names_the_nearest_words(run: Run) -> None:
    machine = run.machine_at(TICK)
    name = machine.caches[0].name
    found = find(run, machine, 0, name[:-1] + "q")
    assert found.hits == ()
    assert name in found.near
    assert find(run, machine, 0, "☃☃☃☃").near == ()


@pytest.mark.parametrize("text", ["", "   ", "0x", "slab", "slab 99999999", "(((", "\\", "%s{cpu}"])
def test_odd_queries_are_answered(run: Run, text: str) -> None:
    found = find(run, run.machine_at(TICK), 0, text)
    assert len(found.hits) <= MOST
    assert found.count >= len(found.hits)
