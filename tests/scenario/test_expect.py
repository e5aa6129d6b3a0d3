"""Every form of an expectation: it holds where it should, fails where it should, and says what caused it."""

from __future__ import annotations

import pytest

from slabviz.errors import ScenarioError
from slabviz.scenario.loader import read_scenario
from slabviz.scenario.play import play
from slabviz.scenario.source import decode
from slabviz.timeline.run import Run, Verdict

STORY = """slabviz: 1
title: {en: Promises}
run: {for: 60 ticks, at_most: 300 ticks}
machine: {cpus: 2, pages: {traffic: 0 ticks}}
caches: {thing: {size: 256 B}}
devices: {eth0: {}}
tasks:
  a:
    program:
      - repeat: 3
        do: [{alloc: {cache: thing, as: x}}, {count: taken}, {alloc: {cache: thing, into: more}}]
      - mark: half
      - dev_kmalloc: {size: 100 B, device: eth0, as: block}
      - sleep: 20 ticks
      - kmalloc: {size: 0 B, as: nothing}
      - kfree: nothing
      - dev_kfree: block
      - repeat: 3
        do: [{free: {from: more}}]
expect:
  - EXPECTATION
"""


def told(expectation: str) -> Verdict:
    (verdict,) = run(expectation).verdicts
    return verdict


def run(expectation: str) -> Run:
    return play(read_scenario(decode(STORY.replace("EXPECTATION", expectation).encode(), "s.yaml")))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("{at: end, cache: thing, objects: 3}", "{at: end, cache: thing, objects: 2}"),
        ("{at: end, cache: thing, cpu: 0, active: 1}", "{at: end, cache: thing, cpu: 1, active: 1}"),
        ("{at: end, cache: thing, cpu: 0, cpu_free: 13}", "{at: end, cache: thing, cpu_free: 12}"),
        ("{sometime: {device_blocks: 1, bad_headers: 0}}", "{sometime: {bad_headers: 1}}"),
        ("{at: end, cache: thing, total_objects: 16, pages: 1}", "{at: end, cache: thing, pages: 2}"),
        ("{at: end, report: slabinfo, contains: thing}", "{at: end, report: slabinfo, contains: [thing, oops]}"),
        ("{at: end, report: slabinfo, line: thing * * 256}", "{at: end, report: slabinfo, line: thing * 256}"),
        ("{at: end, report: stats, cache: thing, contains: FASTPATH}", "{at: end, report: dmesg, contains: BUG}"),
        ("{at: 0 ticks, report: slabtop, lacks: kmalloc-9k}", "{at: end, report: sysfs, cache: thing, lacks: objects}"),
        ("{over: all, mark: half, count: 1}", "{over: all, mark: half, count: 2}"),
        ("{over: all, event: kfree_nothing, count: 1}", "{over: all, event: kfree_large, count: 1}"),
        ("{over: all, stat: ALLOC_FASTPATH, cpu: 0, count: '>= 5'}", "{over: all, stat: ALLOC_SLAB, cpu: 1, count: 1}"),
        ("{never: {mark: half, objects: 0}}", "{never: {mark: half}}"),
        ("{counter: taken, value: 3}", "{counter: taken, value: 4}"),
    ],
)  # fmt: skip
def test_a_promise_is_kept_or_broken(right: str, wrong: str) -> None:
    assert told(right).held, told(right)
    broken = told(wrong)
    assert not broken.held
    assert broken.detail


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ("{over: all, stat: ALLOC_FASTPATH, cache: thing, count: <= 3}", "11"),
        ("{always: {cache: thing, objects: < 6}}", "11"),
        ("{at: end, cache: thing, objects: 2}", "19:15"),
    ],
)
def test_a_broken_promise_names_the_step_that_broke_it(wrong: str, place: str) -> None:
    verdict = told(wrong)
    assert f"; caused by s.yaml:{place} at tick " in verdict.detail
    assert verdict.tick is not None


def test_a_chapter_can_wait_for_a_mark() -> None:
    text = STORY.replace("expect:\n  - EXPECTATION\n", "chapters:\n  - {when: {mark: half}, title: Half, say: Half.}\n")
    found = play(read_scenario(decode(text.encode(), "s.yaml")))
    assert [chapter.title["en"] for chapter in found.chapters] == ["Half"]
    assert found.chapters[0].tick > 5


@pytest.mark.parametrize(
    ("expectation", "problem"),
    [
        ("{over: all, mark: halff, count: 1}", "error[unknown-name]: no step makes the mark `halff`"),
        ("{counter: takn, value: 1}", "error[unknown-name]: no step counts `takn`"),
        ("{at: end, cpu: 0, objects: 1}", "error[does-not-fit]: `objects` is no number of one CPU"),
        ("{at: end, report: slabinfos, contains: x}", "error[unknown-word]: `slabinfos`"),
        ("{at: end, report: slabinfo}", "error[missing-key]: `expect` needs at least one of"),
        ("{over: all, mark: half, share: '> 3 %'}", "error[both-keys]"),
    ],
)
def test_a_promise_that_means_nothing_is_refused(expectation: str, problem: str) -> None:
    with pytest.raises(ScenarioError) as found:
        run(expectation)
    assert problem in str(found.value)
