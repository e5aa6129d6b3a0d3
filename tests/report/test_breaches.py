"""A wrong free that breaks a law is named once: law, tick, and who did what when."""

from __future__ import annotations

from slabviz.engine.engine import Engine
from slabviz.engine.waits import Work
from slabviz.model.gfp import GFP_KERNEL
from slabviz.model.machine import CacheConfig, MachineConfig
from slabviz.report.breaches import breaches
from slabviz.report.dmesg import dmesg
from slabviz.slub.alloc import kmem_cache_alloc
from slabviz.slub.cache_from_obj import kmem_cache_free
from slabviz.timeline.run import About, Run


def run_of(*, wrong: bool, hardened: bool = True) -> Run:
    engine = Engine(MachineConfig(1, 2048, (CacheConfig("cache", 64, random=1),), hardened=hardened))
    cache = engine.machine.caches[0]
    actor = engine.cast.enter("pid", "7", "rogue")

    def work() -> Work[None]:
        held = []
        for _ in range(3):
            held.append((yield from kmem_cache_alloc(engine.world, 0, cache, GFP_KERNEL, actor)))
        for address in (held[0], held[1], *([held[0]] if wrong else [])):
            yield from kmem_cache_free(engine.world, 0, cache, address)
        for _ in range(4):
            yield from kmem_cache_alloc(engine.world, 0, cache, GFP_KERNEL, actor)

    engine.start(0, actor, work())
    while not engine.quiet:
        engine.tick()
    return Run(engine.config, engine.log, engine.cast, About({"en": "test", "zh": "test"}))


def test_a_law_is_named_with_its_tick_and_its_cause_once() -> None:
    run = run_of(wrong=True)
    found = breaches(run)
    assert "every_object_is_in_one_place" in {breach.law for breach in found}
    assert len({breach.law for breach in found}) == len(found)
    assert "the double free of cache (slab 0 @offset=0) at tick" in found[0].cause
    assert found[0].cause.endswith("by rogue")


def test_nothing_is_named_where_nobody_did_wrong() -> None:
    run = run_of(wrong=False)
    assert (breaches(run), dmesg(run)) == ([], [])


def test_what_the_kernel_would_print_is_told_with_tick_and_cpu() -> None:
    run = run_of(wrong=True)
    lines = dmesg(run)
    assert [cpu for _, cpu, _ in lines] == [0, 0]
    assert lines[0][2].startswith("general protection fault, probably for non-canonical address 0x")
    assert lines[1][2].startswith("RIP: 0010:kmem_cache_alloc+")
    assert dmesg(run, lines[0][0] - 1) == []
