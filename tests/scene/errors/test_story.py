"""What is told of errors is what happened: calls, bytes, cause, the kernel's words."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from slabviz.i18n import Catalogue
from slabviz.model.events import Kind
from slabviz.model.log import EventLog
from slabviz.model.memory import read_bytes
from slabviz.scene.errors.calls import DeedReader
from slabviz.scene.errors.paint import Look
from slabviz.scene.errors.state import ErrorState
from slabviz.timeline.kernel_log import dmesg
from tests.scenario.test_wrong_frees import OUTCOMES, run
from tests.scene.errors.told import made, shipped, teller, told


def mistake_tick(name: str) -> int:
    log = shipped(name).log
    return next(tick for tick in range(log.ticks) for event in log.of_tick(tick) if event[0] == Kind.MISTAKE)


def looks(state: ErrorState, row: int) -> list[tuple[int, int, Look]]:
    return [(label.piece.start, label.piece.end, label.piece.look) for label in state.rows[row].labels]


def test_the_calls_that_led_to_a_panic_are_told_in_order_with_cause_and_failure() -> None:
    found = shipped("c10_corruption")
    state = told(found, found.last_tick)
    assert [card.call for card in state.calls] == [
        "dev_kmalloc(100) → p", "dev_kmalloc(100) → q", "kfree(p)", "kmalloc(192) → p again", "memset(p, 0x41, 192)",
        "dev_kfree(q)",
    ]  # fmt: skip
    assert [card.call for card in state.calls if card.cause] == ["kfree(p)"]
    assert [card.call for card in state.calls if card.failure] == ["dev_kfree(q)"]
    assert [card.tick for card in state.calls] == sorted(card.tick for card in state.calls)
    assert state.banner.cause_tick == mistake_tick("c10_corruption")
    assert state.banner.title in [line for _, _, line in dmesg(found)]
    assert state.banner.title == "Kernel panic - not syncing: Fatal exception"
    assert state.banner.fix_title == "dev_kfree(p)"
    assert state.banner.stopped


def test_the_bytes_of_every_row_are_those_of_the_machine() -> None:
    found = shipped("c10_corruption")
    state = told(found, found.last_tick)
    assert looks(state, 2)[:3] == [(0, 64, Look.LEAKED), (64, 192, Look.FREE), (192, 256, Look.HEADER)]
    assert looks(state, 5)[:3] == [(0, 64, Look.LEAKED), (64, 192, Look.DATA), (192, 256, Look.DAMAGE)]
    for row, tick in ((1, state.calls[2].tick - 1), (5, found.last_tick)):
        machine = found.machine_at(tick)
        slab = next(iter(machine.slabs.values()))
        magic = int.from_bytes(read_bytes(machine, slab.address + 192, 4), "little")
        (label,) = (label for label in state.rows[row].labels if label.piece.start == 192)
        assert label.texts[0] == f"magic 0x{magic:08x}"


def test_pieces_fill_the_window_without_gaps() -> None:
    for name in ("c10_corruption", "c09_leak", "c12_wrong_free"):
        found = shipped(name)
        tell = teller(found)
        for tick in range(0, found.last_tick + 1, 19):
            state = tell.at(tick)
            for row in state.rows if state is not None else ():
                pieces = [label.piece for label in row.labels]
                assert state is not None
                assert state.ruler is not None
                assert (pieces[0].start, pieces[-1].end) == (state.ruler.start, state.ruler.end)
                assert all(one.end == other.start for one, other in pairwise(pieces))


def test_nothing_is_told_before_anything_goes_wrong_and_a_right_run_has_no_errors() -> None:
    first = mistake_tick("c10_corruption")
    tell = teller(shipped("c10_corruption"))
    assert tell.at(first - 1) is None
    assert tell.at(first) is not None
    assert tell.incidents.first_tick == first
    right = teller(shipped("c02_free"))
    assert right.incidents.first_tick is None
    assert right.at(shipped("c02_free").last_tick) is None


def test_the_banner_stays_until_the_next_chapter() -> None:
    found, first = shipped("c10_corruption"), mistake_tick("c10_corruption")
    tell = teller(found)
    following = next(chapter.tick for chapter in found.chapters if chapter.tick > first)
    assert tell.fresh(following - 1) is not None
    assert tell.fresh(following) is None
    assert tell.at(following) is not None


def test_a_call_under_way_is_not_called_unnoticed() -> None:
    first = mistake_tick("c10_corruption")
    assert told(shipped("c10_corruption"), first).banner.title == "A wrong call is under way"
    assert told(shipped("c10_corruption"), first + 2).banner.title == "The kernel reports nothing"


def test_each_mistake_of_the_lesson_has_its_report_and_its_fix() -> None:
    found = shipped("c12_wrong_free")
    tell = teller(found)
    seen = {}
    for tick in range(found.last_tick + 1):
        state = tell.at(tick)
        if state is not None:
            seen[state.banner.number] = (state.banner.title.partition("): ")[2] or state.banner.title,
                                         state.banner.fix_title)  # fmt: skip
    titles = [title for title, _ in seen.values()]
    assert titles == [
        "cache_from_obj: Wrong slab cache. dentry but object is from filp",
        next(line for _, _, line in dmesg(found) if line.startswith("WARNING") and "devres" in line),
        "Object already free", "The kernel reports nothing", "Right Redzone overwritten",
        "kernel BUG at mm/slub.c:419!",
    ]  # fmt: skip
    fixes = [fix for _, fix in seen.values()]
    assert fixes[:3] == ["kmem_cache_free(filp, p)", "devm_kfree(eth0, p)", "p = NULL"]


def test_damage_is_shown_as_debugging_found_it_though_it_has_restored_it() -> None:
    found = shipped("c12_wrong_free")
    reported = max(tick for tick in range(found.log.ticks)
                   for event in found.log.of_tick(tick) if event[0] == Kind.SLAB_REPORT)  # fmt: skip
    state = told(found, reported)
    assert state.rows[-1].below is not None
    assert state.rows[-1].below.text == "8 B damaged, read as 0x41"
    (hurt,) = (label.piece for label in state.rows[-1].labels if label.piece.look is Look.DAMAGE)
    assert hurt.length == 8


def test_an_error_without_bytes_has_the_kernels_lines() -> None:
    found = shipped("oom")
    state = told(found, found.last_tick)
    assert state.rows == ()
    assert state.ruler is None
    assert set(state.printed) <= {line for _, _, line in dmesg(found)}
    assert state.banner.cause_tick is None
    assert not any(card.cause for card in state.calls)


def test_a_write_after_the_free_is_damage_all_of_it() -> None:
    found = made("""tasks: {a: {program: [
      {kmalloc: {size: 64 B, as: x}}, {kfree: x},
      {write: {object: x, offset: 8 B, length: 16 B, value: 0x55, mistake: use_after_free}}]}}
""")
    state = told(found, found.last_tick)
    damage = [(start, end) for start, end, look in looks(state, -1) if look is Look.DAMAGE]
    assert damage == [(8, 24)]
    assert state.calls[-1].call == "memset(p + 8, 0x55, 16)"


def test_a_warning_before_the_call_belongs_to_the_call() -> None:
    found = made("""interrupts: {nic: {cpu: 0, at: [50 ticks], handler: [
      {kmalloc: {size: 64 B, as: s, mistake: sleep_in_atomic}}]}}
""")
    state = told(found, found.last_tick)
    assert state.banner.title.startswith("BUG: sleeping function called from invalid context")
    assert [card.call.partition(" ")[0] for card in state.calls] == ["kmalloc(64)"]
    assert state.calls[0].badge.text.endswith("GFP_KERNEL")
    assert state.banner.fix_title == "kmalloc(…, GFP_ATOMIC)"


def test_objects_left_at_destroy_are_told_with_what_to_do() -> None:
    found = made("""tasks: {a: {program: [
      {alloc: {cache: one, as: x}}, {destroy: {cache: one, mistake: leak}}]}}
""")
    state = told(found, found.last_tick)
    assert [card.call for card in state.calls] == ["kmem_cache_alloc(one) → p", "kmem_cache_destroy(one)"]
    assert "Objects remaining in one" in state.banner.title
    assert state.banner.fix == Catalogue("en").tr("error.fixes.leak")


def test_a_recording_does_not_say_what_was_a_mistake_and_a_double_free_is_known_all_the_same() -> None:
    found = made("""tasks: {a: {program: [
      {alloc: {cache: one, as: x}}, {free: x}, {free: {object: x, mistake: double_free}}]}}
""")
    log = found.log.matrix()
    log[log[:, 0] == Kind.MISTAKE, 0] = Kind.MARK
    recorded = replace(found, log=EventLog.of(log, np.asarray(found.log.starts)))
    assert recorded.log.ticks == found.log.ticks
    assert [deed.mistake for deed in DeedReader(recorded.log, 2).deeds] == ["", "", "double_free"]


@pytest.mark.parametrize("context", ["process", "interrupt"])
@pytest.mark.parametrize(("steps", "hardened", "debug", "said", "held"), OUTCOMES)
def test_every_outcome_of_a_wrong_free_can_be_told(
    steps: str, hardened: bool, debug: str, said: frozenset[Kind], held: int, context: str
) -> None:  # fmt: skip
    found = run(steps, hardened, debug, context)
    tell = teller(found, "en" if context == "process" else "zh_CN")
    for tick in range(0, found.last_tick + 1, 3):
        state = tell.at(tick)
        assert state is None or len(state.rows) in (0, len(state.calls))
    state = tell.at(found.last_tick)
    assert state is not None
    assert [card.failure for card in state.calls][-1]
    assert bool(state.printed) == bool(said)
    assert {card.badge.kind for card in state.calls} == {"process" if context == "process" else "hardirq"}
