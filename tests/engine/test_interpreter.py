"""Programs as they run: what each step does, who waits for whom, and what is said of a step that cannot be done."""

from __future__ import annotations

import pytest

from slabviz.errors import RuntimeStepError
from slabviz.model.events import Kind
from slabviz.scenario.loader import read_scenario
from slabviz.scenario.play import play
from slabviz.scenario.source import decode
from slabviz.timeline.run import Run

HEAD = """slabviz: 1
title: {en: Test}
run: {for: 100 ticks, at_most: 400 ticks}
machine: {cpus: 2, memory: 4 MiB, pages: {traffic: 0 ticks}, rcu_grace: 5 ticks}
caches:
  thing: {size: 64 B, owner: thing}
queues:
  shelf: {limit: 2}
"""


def run(text: str, *, at_least: int = 0) -> Run:
    """Play a small scenario; `at_least` checks that it did something."""
    found = play(read_scenario(decode((HEAD + text).encode(), "s.yaml")))
    assert len(found.log) >= at_least
    return found


def said(found: Run) -> list[tuple[int, str]]:
    """(tick, text) of every `say` step."""
    return [(chapter.tick, chapter.say["en"]) for chapter in found.chapters]


def kinds(found: Run, *wanted: Kind) -> list[tuple[int, Kind, int]]:
    """(tick, kind, cpu) of the events of these kinds."""
    rows = enumerate(found.log.events())
    return [(found.log.tick_of(number), Kind(row[0]), row[1]) for number, row in rows if row[0] in wanted]


def failure(text: str) -> str:
    """What is said of a run that cannot go on."""
    with pytest.raises(RuntimeStepError) as found:
        run(text)
    return str(found.value)


def test_steps_follow_each_other_and_wait_takes_its_ticks() -> None:
    found = run("tasks: {a: {program: [{say: One}, {wait: 10 ticks}, {say: Two}, {sleep: 5 ticks}, {say: Three}]}}\n")
    (one, _), (two, _), (three, _) = said(found)
    assert [text for _, text in said(found)] == ["One", "Two", "Three"]
    assert two - one == 10
    assert three - two >= 5


def test_a_sleeper_gives_its_cpu_away_and_a_busy_task_does_not() -> None:
    program = "tasks:\n  a: {{program: [{how}: 20 ticks, {{say: A}}]}}\n  b: {{program: [{{say: B}}]}}\n".replace(
        "{how}: 20 ticks", "{{{how}: 20 ticks}}"
    )
    assert [text for _, text in said(run(program.format(how="sleep")))] == ["B", "A"]
    assert [text for _, text in said(run(program.format(how="wait")))] == ["A", "B"]


def test_a_taker_sleeps_until_another_cpu_puts() -> None:
    found = run(
        """tasks:
  reader: {cpu: 0, program: [{take: {from: shelf, as: x}}, {say: Read}, {free: x}]}
  writer:
    cpu: 1
    program: [{sleep: 30 ticks}, {alloc: {cache: thing, as: x}}, {say: Put}, {put: {objects: x, into: shelf}}]
"""
    )
    assert [text for _, text in said(found)] == ["Put", "Read"]
    assert kinds(found, Kind.FREE_FROZEN)[0][2] == 0, "freed on the reader's CPU, in the writer's slab"


def test_a_full_queue_lets_the_putter_sleep_or_turn_away() -> None:
    fill = "[{repeat: 3, do: [{alloc: {cache: thing, as: x}}, {put: {objects: x, into: shelf}}]}, {say: Full}]"
    empty = "[{sleep: 50 ticks}, {say: Empty}, {repeat: 3, do: [{take: {from: shelf, as: x}}, {free: x}]}]"
    assert [text for _, text in said(run(f"tasks: {{a: {{program: {fill}}}, b: {{cpu: 1, program: {empty}}}}}\n"))] == [
        "Empty",
        "Full",
    ]
    turned = fill.replace("into: shelf}", "into: shelf, if_full: [{free: x}, {say: Away}]}")
    found = run(f"tasks: {{a: {{program: {turned}}}}}\n")
    assert [text for _, text in said(found)] == ["Away", "Full"]


def test_oldest_and_last_are_picked_from_a_queue() -> None:
    for pick, order in (("oldest", ["one", "two"]), ("last", ["two", "one"])):
        found = run(
            f"""tasks:
  a:
    program:
      - alloc: {{cache: thing, name: one, as: x}}
      - put: {{objects: x, into: shelf}}
      - alloc: {{cache: thing, name: two, as: x}}
      - put: {{objects: x, into: shelf}}
      - repeat: 2
        do: [{{take: {{from: shelf, pick: {pick}, as: x}}}}, {{free: x}}]
"""
        )
        freed = [row[4] for row in found.log.events() if row[0] == Kind.FREE_FASTPATH]
        assert [found.cast[who].name for who in freed] == order


def test_irq_off_keeps_an_interrupt_waiting() -> None:
    text = """tasks: {a: {program: [irq_off, {wait: 40 ticks}, irq_on]}}
interrupts: {nic: {cpu: 0, at: [10 ticks], handler: [{say: Handled}]}}
"""
    [(tick, _)] = said(run(text))
    assert tick > 40
    assert said(run(text.replace("irq_off, ", "").replace(", irq_on", "")))[0][0] < 20


def test_a_handler_raises_a_softirq_that_runs_after_it() -> None:
    found = run(
        """interrupts: {nic: {cpu: 1, at: [10 ticks], handler: [{raise_softirq: bh}, {wait: 3 ticks}, {say: Handler}]}}
softirqs: {bh: [{say: Softirq}]}
"""
    )
    assert [text for _, text in said(found)] == ["Handler", "Softirq"]
    assert [kind for _, kind, cpu in kinds(found, Kind.IRQ_EXIT, Kind.SOFTIRQ_ENTER)] == [
        Kind.IRQ_EXIT,
        Kind.SOFTIRQ_ENTER,
    ]


def test_interrupts_come_while_running_holds_and_not_after() -> None:
    found = run("interrupts: {nic: {cpu: 0, every: 9 ticks, handler: [{wait: 1 ticks}]}}\n")
    ticks = [tick for tick, _, _ in kinds(found, Kind.IRQ_RAISE)]
    assert ticks == list(range(9, 101, 9))


def test_rcu_free_waits_for_the_grace_period_and_a_softirq() -> None:
    found = run("tasks: {a: {program: [{alloc: {cache: thing, as: x}}, {rcu_free: x}]}}\n")
    events = kinds(found, Kind.RCU_QUEUE, Kind.SOFTIRQ_ENTER, Kind.FREE_FASTPATH, Kind.SOFTIRQ_EXIT)
    assert [kind for _, kind, _ in events] == [
        Kind.RCU_QUEUE,
        Kind.SOFTIRQ_ENTER,
        Kind.FREE_FASTPATH,
        Kind.SOFTIRQ_EXIT,
    ]
    assert events[1][0] - events[0][0] >= 5


def test_a_called_program_has_its_own_names_and_returns() -> None:
    found = run(
        """programs:
  eat:
    with: [food, times]
    do: [{repeat: times, do: [{say: Bite}]}, {free: food}, return, {say: Never}]
tasks:
  a:
    program:
      - alloc: {cache: thing, as: x}
      - call: {program: eat, with: {food: x, times: 1 + 1}}
      - say: Done
"""
    )
    assert [text for _, text in said(found)] == ["Bite", "Bite", "Done"]


def test_a_started_program_is_a_task_of_its_own() -> None:
    found = run(
        """programs: {child: {with: [x], do: [{use: {object: x, for: 5 ticks}}, {free: x}]}}
tasks:
  a:
    program:
      - alloc: {cache: thing, name: kid, as: x}
      - start: {program: child, cpu: 1, owner: x, with: {x: x}}
"""
    )
    assert [found.cast[row[4]].name for row in found.log.events() if row[0] == Kind.TASK_START][-1] == "kid"
    assert kinds(found, Kind.USE)[0][2] == 1


def test_a_loop_that_takes_no_time_does_not_stop_the_clock() -> None:
    found = run("tasks: {a: {program: [{repeat: {while: running}, do: [{count: turns}]}]}}\n")
    assert found.last_tick < 110


def test_owners_are_numbered_and_named_in_turn() -> None:
    found = run(
        """tasks:
  a: {program: [{repeat: 3, do: [{alloc: {cache: thing, name: [red, blue], into: box}}]}, {bulk_free: box}]}
"""
    )
    owners = [actor for actor in found.cast.actors if actor.kind == "thing"]
    assert [(actor.mark, actor.name) for actor in owners] == [("1", "red"), ("2", "blue"), ("3", "red")]
    assert sum(len(slab.owners) for slab in found.machine_at(found.last_tick).slabs.values()) == 0


def test_kmalloc_takes_the_smallest_cache_that_fits_and_only_those_exist() -> None:
    found = run(
        "tasks: {a: {program: [{kmalloc: {size: 100 B, as: x}}, {kfree: x}, {kmalloc: {size: 97 B, as: x}}]}}\n"
    )
    assert [cache.name for cache in found.config.caches] == ["thing", "kmalloc-128"]


def test_bulk_steps_take_and_give_back_several() -> None:
    found = run(
        """tasks:
  a:
    program:
      - bulk_alloc: {cache: thing, count: 5, into: box}
      - bulk_free: {from: box, count: 2}
      - free: {from: box, pick: last}
"""
    )
    assert sum(len(slab.owners) for slab in found.machine_at(found.last_tick).slabs.values()) == 2


def test_a_second_free_names_the_first() -> None:
    text = """tasks:
  rm:
    program:
      - alloc: {cache: thing, as: inode}
      - free: inode
      - free: inode
"""
    message = failure(text)
    assert message.startswith('s.yaml:14:9: free: object "inode" is not allocated (freed at tick ')
    assert "by rm, s.yaml:13:9)" in message


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ("[{alloc: {cache: thing, as: x}}, {kfree: x}]", 'kfree: object "x" comes from a cache; use `free`'),
        ("[{kmalloc: {size: 8 B, as: x}}, {free: x}]", 'free: object "x" comes from kmalloc; use `kfree`'),
        ("[{let: {n: 1 B - 2}}, {kmalloc: {size: n, as: x}}]", "kmalloc: -1 B is not in the allowed range 0 B …"),
        ("[irq_off, {sleep: 3 ticks}]", "sleep: nobody can sleep here, interrupts are off"),
        ("[irq_off]", "irq_off: the program ends with interrupts off"),
        ("[irq_on]", "irq_on: interrupts are on already"),
        ("[{assert: {condition: 1 > 2, message: no way}}]", "assert: no way"),
        ("[{if: running, then: [], else: [{alloc: {cache: thing, as: x}}]}, {free: x}]", "has not been allocated yet"),
        ("[{if: running, then: [], else: [{let: {n: 1}}]}, {repeat: n, do: []}]", "`n` has no value yet"),
        ("[{alloc: {cache: thing, into: box}}, {free: {from: box}}, {free: {from: box}}]", 'free: list "box" is empty'),
    ],
)
def test_what_cannot_be_done_is_said(steps: str, words: str) -> None:
    message = failure(f"tasks: {{a: {{program: {steps}}}}}\n")
    assert message.startswith("s.yaml:9:")
    assert words in message


def test_null_is_told_from_an_object() -> None:
    hungry = """tasks:
  a:
    program:
      - repeat: 60
        do:
          - alloc: {cache: huge, gfp: GFP_ATOMIC, as: x}
          - if_null: {object: x, do: [{count: none}, {say: Empty}, exit]}
expect: [{sometime: {event: alloc_failed}}, {counter: none, value: 1}]
"""
    found = play(
        read_scenario(decode((HEAD.replace("thing: {size: 64 B", "huge: {size: 1 MiB") + hungry).encode(), "s.yaml"))
    )
    assert [text for _, text in said(found)] == ["Empty"]
    assert [verdict.held for verdict in found.verdicts] == [True, True]


def test_sleeping_daemons_do_not_keep_a_cpu_from_going_offline() -> None:
    text = """\
slabviz: 1
title: {en: x}
machine: {cpus: 2, memory: 16 MiB, pages: {traffic: 5 ticks}}
works: {tidy: [{wait: 1 tick}]}
tasks:
  admin: {cpu: 0, program: [{sleep: 30 ticks}, {cpu_offline: 1}, {sleep: 60 ticks}]}
"""
    found = play(read_scenario(decode(text.encode(), "s.yaml")))
    gone = next(tick for tick in range(found.log.ticks) for event in found.log.of_tick(tick)
                if event[0] == Kind.CPU_OFFLINE)  # fmt: skip
    assert 30 <= gone < 60
    later = [event[1] for tick in range(gone + 1, found.log.ticks) for event in found.log.of_tick(tick)]
    assert set(later) == {0}  # the page traffic has moved
