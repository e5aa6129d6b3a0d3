"""Every outcome of C12: what a wrong free does with and without hardening and checks, in a process and an interrupt."""

from __future__ import annotations

import pytest

from slabviz.model.events import Kind
from slabviz.scenario.loader import read_scenario
from slabviz.scenario.play import play
from slabviz.scenario.source import decode
from slabviz.timeline.run import Run

HEAD = """slabviz: 1
title: {{en: Wrong}}
run: {{for: 100 ticks, at_most: 200 ticks}}
machine:
  cpus: 1
  memory: 4 MiB
  pages: {{kernel: 0 %, user: 0 %, file: 0 %, traffic: 0 ticks}}
  freelist_random: false
  hardened: {hardened}
  slub_debug: "{debug}"
caches:
  one: {{size: 64 B, owner: thing}}
  two: {{size: 128 B, owner: thing}}
devices: {{eth0: {{}}, wlan0: {{}}}}
"""

INTERIOR = """
- dev_kmalloc: {size: 100 B, device: eth0, as: x}
- kfree: {object: x, mistake: wrong_free}
"""
OTHER_CACHE = """
- alloc: {cache: one, gfp: GFP_ATOMIC, as: x}
- free: {object: x, cache: two, mistake: wrong_cache}
"""
TWICE = """
- alloc: {cache: one, gfp: GFP_ATOMIC, as: x}
- free: x
- free: {object: x, mistake: double_free}
"""
TWICE_WITH_ANOTHER_BETWEEN = """
- alloc: {cache: one, gfp: GFP_ATOMIC, as: x}
- alloc: {cache: one, gfp: GFP_ATOMIC, as: y}
- free: x
- free: y
- free: {object: x, mistake: double_free}
"""
FOREIGN = """
- devm_kmalloc: {size: 64 B, device: eth0, gfp: GFP_ATOMIC, as: x}
- devm_kfree: {object: x, device: wlan0, mistake: wrong_free}
"""

NOTHING = frozenset[Kind]()
REPORT = frozenset({Kind.SLAB_REPORT, Kind.FIX_NOT_FREED})
BUG = frozenset({Kind.OOPS})
TOLD = (
    Kind.SLAB_REPORT, Kind.FIX_NOT_FREED, Kind.WRONG_CACHE, Kind.OOPS, Kind.PANIC, Kind.STUCK, Kind.DEVM_NOT_FOUND,
    Kind.DEV_BAD_MAGIC, Kind.NOT_A_SLAB, Kind.KFREE_NO_SLAB,
)  # fmt: skip

OUTCOMES = [
    # steps, hardened, slub_debug, what is told, objects still held
    (INTERIOR, True, "", NOTHING, 1),
    (INTERIOR, False, "", NOTHING, 1),
    (INTERIOR, True, "F", REPORT, 1),
    (INTERIOR, False, "F", REPORT, 1),
    (OTHER_CACHE, True, "", frozenset({Kind.WRONG_CACHE}), 0),
    (OTHER_CACHE, False, "", NOTHING, 0),
    (OTHER_CACHE, True, "F", frozenset({Kind.WRONG_CACHE}), 0),
    (OTHER_CACHE, False, "F", frozenset({Kind.WRONG_CACHE}), 0),
    (TWICE, True, "", BUG, 0),
    (TWICE, False, "", NOTHING, 0),
    (TWICE, True, "F", REPORT, 0),
    (TWICE, False, "F", REPORT, 0),
    (TWICE_WITH_ANOTHER_BETWEEN, True, "", NOTHING, 0),
    (TWICE_WITH_ANOTHER_BETWEEN, False, "", NOTHING, 0),
    (TWICE_WITH_ANOTHER_BETWEEN, True, "F", REPORT, 0),
    (TWICE_WITH_ANOTHER_BETWEEN, False, "F", REPORT, 0),
    (FOREIGN, True, "", frozenset({Kind.DEVM_NOT_FOUND}), 1),
    (FOREIGN, False, "", frozenset({Kind.DEVM_NOT_FOUND}), 1),
    (FOREIGN, True, "F", frozenset({Kind.DEVM_NOT_FOUND}), 1),
    (FOREIGN, False, "F", frozenset({Kind.DEVM_NOT_FOUND}), 1),
]


def indented(steps: str, by: int) -> str:
    return "\n".join(" " * by + line for line in steps.strip().splitlines())


def run(steps: str, hardened: bool, debug: str, context: str) -> Run:
    text = HEAD.format(hardened=str(hardened).lower(), debug=debug)
    if context == "process":
        text += f"tasks:\n  driver:\n    program:\n{indented(steps, 6)}\n"
    else:
        text += f"interrupts:\n  eth1:\n    at: [9 ticks]\n    handler:\n{indented(steps, 6)}\n"
    return play(read_scenario(decode(text.encode(), "s.yaml")))


@pytest.mark.parametrize("context", ["process", "interrupt"])
@pytest.mark.parametrize(("steps", "hardened", "debug", "told", "held"), OUTCOMES)
def test_a_wrong_free(
    steps: str, hardened: bool, debug: str, told: frozenset[Kind], held: int, context: str
) -> None:  # fmt: skip
    found = run(steps, hardened, debug, context)
    kinds = {Kind(event[0]) for event in found.log.events()}
    died = {Kind.PANIC} if context == "interrupt" else {Kind.OOPS}
    assert kinds & {*TOLD} == ({*told} - BUG) | (died if told & BUG else set())
    assert Kind.MISTAKE in kinds
    machine = found.machine_at(found.last_tick)
    assert sum(len(slab.owners) for slab in machine.slabs.values()) == held


def test_a_second_free_makes_a_circle_where_nothing_looks() -> None:
    """The same object is handed out twice: first, and again when the circle comes round."""
    steps = TWICE_WITH_ANOTHER_BETWEEN + "\n".join(
        f"- alloc: {{cache: one, gfp: GFP_ATOMIC, as: {name}}}" for name in "abcd"
    )
    for init in ("true", "false"):
        text = HEAD.format(hardened="true", debug="").replace("hardened:", f"init_on_alloc: {init}\n  hardened:")
        found = play(read_scenario(decode(
            f"{text}tasks:\n  driver:\n    program:\n{indented(steps, 6)}\n".encode(), "s.yaml"
        )))  # fmt: skip
        given = [event[3] for event in found.log.events() if event[0] in (Kind.ALLOC_FASTPATH, Kind.LOAD_FREELIST)]
        assert given[:5] == [0, 64, 0, 64, 0], "x, y, and x again"
        died = any(event[0] == Kind.OOPS for event in found.log.events())
        assert (len(given), died) == ((6, False) if init == "false" else (5, True)), "zeroing wiped x's free pointer"
