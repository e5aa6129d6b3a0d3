"""The steps of drivers as they run: locks, work items, raised interrupts, bytes, sizes, and mistakes on purpose."""

from __future__ import annotations

import pytest

from slabviz.model.events import Kind
from tests.engine.test_interpreter import failure, kinds, run, said

DEVICES = "devices: {eth0: {}, wlan0: {name: wifi}}\n"


def program(steps: str) -> str:
    return f"{DEVICES}tasks: {{a: {{program: {steps}}}}}\n"


def held(text: str) -> int:
    found = run(text)
    machine = found.machine_at(found.last_tick)
    return sum(len(slab.owners) for slab in machine.slabs.values()) + len(machine.large)


def test_a_work_item_runs_in_a_kworker_of_the_same_cpu_and_may_sleep() -> None:
    found = run(
        """works: {later: {with: [x], do: [{say: Begun}, {sleep: 5 ticks}, {kfree: x}]}}
interrupts:
  nic:
    cpu: 1
    at: [20 ticks]
    handler: [{kmalloc: {size: 64 B, gfp: GFP_ATOMIC, as: x}}, {schedule_work: {work: later, with: {x: x}}}]
"""
    )
    assert [text for _, text in said(found)] == ["Begun"]
    (_, _, cpu), *_ = kinds(found, Kind.FREE_ENTER)
    assert cpu == 1
    assert {actor.name for actor in found.cast.actors} >= {"kworker/0:0", "kworker/1:0"}


def test_a_pending_work_item_is_not_queued_twice() -> None:
    found = run(
        "works: {w: [{count: done}, {say: Done}]}\n" + "tasks: {a: {program: [{repeat: 3, do: [schedule_work: w]}]}}\n"
    )
    assert len(said(found)) == 1


def test_a_device_interrupts_when_it_has_finished_and_brings_what_it_was_given() -> None:
    found = run(
        """interrupts: {done: {with: [buffer, n], handler: [{kfree: buffer}, {assert: n == 7}, {say: Freed}]}}
tasks:
  a:
    program:
      - kmalloc: {size: 64 B, as: x}
      - {say: Started}
      - raise: {irq: done, after: 30 ticks, with: {buffer: x, n: 7}}
"""
    )
    (started, _), (freed, _) = said(found)
    assert 30 <= freed - started <= 40


def test_a_spinlock_keeps_others_out_and_interrupts_away() -> None:
    found = run(
        """tasks:
  a: {cpu: 0, program: [{spin_lock: l}, {say: A in}, {wait: 20 ticks}, {say: A out}, {spin_unlock: l}]}
  b: {cpu: 1, program: [{sleep: 6 ticks}, {spin_lock: l}, {say: B in}, {spin_unlock: l}]}
"""
    )
    assert [text for _, text in said(found)] == ["A in", "A out", "B in"]
    assert len(kinds(found, Kind.LOCK_WAIT)) == 1


def test_sizes_of_all_kinds() -> None:
    assert held(program("""[
      {kmalloc: {size: 0 B, as: none}}, {kfree: none},
      {kmalloc: {size: 20 KiB, as: big}}, {assert: ksize(big) == 32 KiB}, {use: {object: big, for: 2 ticks}},
      {krealloc: {object: big, size: 33 KiB, as: big}}, {assert: ksize(big) == 64 KiB},
      {kmalloc: {size: 5 MiB, as: much}}, {if_null: {object: much, do: [{count: failed}]}}, {kfree: much},
      {kmalloc: {size: 100 B, gfp: GFP_KERNEL | __GFP_ACCOUNT, as: accounted}}, {assert: ksize(accounted) == 128},
      {kfree: big}, {kfree: accounted}]""")) == 0  # fmt: skip


def test_bytes_are_written_and_read() -> None:
    run(program("""[
      {kmalloc: {size: 64 B, as: x}}, {write: {object: x, offset: 8 B, length: 3 B, value: 0x41}},
      {read: {object: x, offset: 7 B, length: 5 B, as: n}}, {assert: n == 0x0041414100}, {kfree: x}]"""))  # fmt: skip


def test_detach_frees_what_is_managed_and_only_that() -> None:
    text = program("""[
      {devm_kmalloc: {size: 64 B, device: wlan0, as: x}}, {devm_kmalloc: {size: 9 KiB, device: wlan0, as: y}},
      {devm_kmalloc: {size: 8 B, device: eth0, as: z}}, {devm_kfree: {object: x, device: wlan0}}, {detach: wlan0}]""")
    assert held(text) == 1
    found = run(text)
    assert ("device", "wif", "wifi") in {(actor.kind, actor.mark, actor.name) for actor in found.cast.actors}


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ("[{spin_lock: l}, {spin_lock: l}]", "is held by this job itself since s.yaml"),
        ("[{spin_lock: l}]", "the program ends with `l` held; `spin_unlock: l` is missing"),
        ("[{if: running, then: [], else: [{spin_lock: l}]}, {spin_unlock: l}]", "this job does not hold `l`"),
        ("[{kmalloc: {size: 8 B, as: x}}, {kfree: {object: x, mistake: double_free}}]", "does not happen here"),
        ("[{kmalloc: {size: 8 B, as: x}}, {kfree: x}, {kfree: x}]", "(on purpose: `mistake: double_free`)"),
        (
            "[{kmalloc: {size: 8 B, as: x}}, {kfree: x}, {kfree: {object: x, mistake: wrong_free}}]",
            "that is `mistake: double_free`, not wrong_free",
        ),
        (
            "[{kmalloc: {size: 8 B, as: x, mistake: leak}}, {kfree: x}]",
            "leak does not happen here: it was freed, s.yaml",
        ),
        ("[{kmalloc: {size: 8 B, as: x}}, {write: {object: x, length: 9 B}}]", "0 B … 9 B is not in object"),
        (
            "[{kmalloc: {size: 8 B, as: x}}, {write: {object: x, length: 8 B, mistake: overrun}}]",
            "`mistake: overrun` does not happen here",
        ),
        ("[{kmalloc: {size: 8 B, as: x}}, {kfree: x}, {read: {object: x, length: 1 B}}]", "is not allocated (freed at"),
        (
            "[{kmalloc: {size: 8 B, as: x}}, {write: {object: x, value: 256}}]",
            "256 is not in the allowed range 0 … 255",
        ),
        (
            "[{kmalloc: {size: 8 B, as: x}}, {write: {object: x, offset: 8 MiB, length: 1 B, mistake: overrun}}]",
            "lies outside of memory: 0xffff888000000000 to 0xffff8880003fffff are allowed",
        ),
        (
            "[{dev_kmalloc: {size: 8 B, device: eth0, as: x}}, {kfree: x}]",
            'object "x" comes from dev_kmalloc; use `dev_kfree` (on purpose: `mistake: wrong_free`)',
        ),
        (
            "[{devm_kmalloc: {size: 8 B, device: eth0, as: x}}, {devm_kfree: {object: x, device: wlan0}}]",
            'object "x" is not of device `wlan0`',
        ),
        (
            "[{alloc: {cache: thing, as: x}}, {free: {object: x, cache: kmalloc-128}}]",
            "is from thing, not from kmalloc-128",
        ),
    ],
)
def test_what_goes_wrong_is_said(steps: str, words: str) -> None:
    message = failure(program(steps))
    assert words in message
    assert message.startswith("s.yaml:")


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        ("[{kmalloc: {size: 8 B, as: x, mistake: leak}}]", 1),
        ("[{kmalloc: {size: 8 B, as: x}}, {write: {object: x, length: 9 B, mistake: overrun}}, {kfree: x}]", 0),
        ("[{kmalloc: {size: 8 B, as: x}}, {kfree: x}, {write: {object: x, mistake: use_after_free}}]", 0),
        (
            "[{dev_kmalloc: {size: 8 B, device: eth0, as: x, mistake: leak}},"
            " {kfree: {object: x, mistake: wrong_free}}]",
            1,
        ),
    ],
)
def test_what_goes_wrong_on_purpose_goes_on(steps: str, left: int) -> None:
    assert held(program(steps)) == left
