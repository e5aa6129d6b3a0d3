"""What lessons prove their claims with: addresses, locks that were taken and waited for, sets of the CPU's cache."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from slabviz.library import load
from slabviz.model.colouring import SETS, colouring
from slabviz.model.events import Kind
from slabviz.report.lock_waits import lock_waits
from slabviz.scenario.loader import read_scenario
from slabviz.scenario.play import play
from slabviz.scenario.source import SourceText
from slabviz.scenario.tallies import Tally
from slabviz.timeline.run import Run

STORY = """slabviz: 1
title: t
machine: {cpus: 1, memory: 4 MiB, freelist_random: false}
caches: {session: {size: 192 B}}
devices: {eth0: {}}
tasks:
  one:
    program:
      - alloc: {cache: session, as: a}
      - alloc: {cache: session, as: b}
      - count: {counter: apart, by: address(b) - address(a)}
      - free: a
      - count: {counter: still, by: address(a) > 0}
      - alloc: {cache: session, as: c}
      - count: {counter: same, by: address(c) == address(a)}
      - dev_kmalloc: {size: 100 B, device: eth0, as: d}
      - kmalloc: {size: 5 MiB, as: none}
      - count: {counter: nothing, by: address(none) == 0}
      - count: {counter: header, by: address(d) % 4096}
expect:
  - {counter: apart, value: 192}
  - {counter: still, value: 1}
  - {counter: same, value: 1}
  - {counter: nothing, value: 1}
  - {counter: header, value: 64}
"""


def told(text: str) -> Run:
    return play(read_scenario(SourceText("t.yaml", text, tuple(text.splitlines()))))


@cache
def bill(variant: str) -> Run:
    return load("f01_percpu", variant).run()


def test_an_address_is_what_the_holder_was_given_also_after_the_free() -> None:
    run = told(STORY)
    assert [verdict for verdict in run.verdicts if not verdict.held] == []
    assert len(run.verdicts) == 5


def test_an_address_of_nothing_yet_is_an_error_of_the_author() -> None:
    early = STORY.replace("      - free: a\n", "").replace("      - alloc: {cache: session, as: a}\n", "", 1)
    early = early.replace("as: c}\n", "as: c}\n      - alloc: {cache: session, as: a}\n")
    with pytest.raises(Exception, match='address: object "a" has not been allocated yet'):
        told(early)


@pytest.mark.parametrize("variant", ["default", "cpu_partial_0", "debug"])
def test_ticks_spent_waiting_are_those_of_the_summary(variant: str) -> None:
    run, tally = bill(variant), Tally(bill(variant).log)
    found = tally.occurrences("lock_wait_tick").within(0, run.last_tick, 0)
    waits = lock_waits(run.log).get(0)
    assert len(found) == (waits.ticks if waits else 0)
    assert (np.diff(found) >= 0).all()
    rows = run.log.matrix()
    taken = tally.occurrences("lock").within(0, run.last_tick, 0)
    assert len(taken) == int(((rows[:, 0] == Kind.LOCK) & (rows[:, 2] == 0)).sum())
    assert len(tally.occurrences("lock").ticks) == len(taken), "the zone's lock is no list_lock"
    assert len(tally.occurrences("lock_wait").within(0, run.last_tick, 0)) == (waits.waits if waits else 0)


def test_waiting_costs_more_the_less_a_cpu_keeps_for_itself() -> None:
    ticks = [
        len(Tally(bill(variant).log).occurrences("lock_wait_tick").within(0, bill(variant).last_tick, 0))
        for variant in ("default", "cpu_partial_0", "debug")
    ]
    assert ticks == sorted(set(ticks))


def test_colours_are_one_line_apart_as_far_as_the_waste_goes() -> None:
    run = load("f03_colouring").run()
    machine = run.machine_at(run.last_tick)
    found = colouring(machine, machine.caches[0], 0)
    assert found.colours == found.waste // 64 == 16
    assert {slab.set for slab in found.slabs} == {0}
    assert [slab.coloured_set for slab in found.slabs] == [(number + 1) % SETS for number in range(12)]
