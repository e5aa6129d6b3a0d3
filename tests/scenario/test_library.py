"""The library of ready-made programs: each file carries a story of ten lines, and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from slabviz.resources import LIBRARY, lesson_files, scenario_folder
from slabviz.scenario.loader import load_scenario
from slabviz.scenario.play import play

HEAD = """slabviz: 1
title: {{en: Library}}
include: [library/{name}.yaml]
run: {{for: 120 ticks, at_most: 2000 ticks}}
machine: {{cpus: 2}}
"""
ENDED = "  - {at: end, objects: 0}\n"
STORIES = {
    "fork": """
tasks: {sh: {program: [{repeat: 5, do: [{call: fork}, {sleep: 10 ticks}]}]}}
expect:
  - {over: all, stat: ALLOC_SLAB, cache: task_struct, count: ">= 2"}
  - {over: all, event: rcu_queue, count: 10}
""",
    "exec": """
tasks: {sh: {program: [{call: exec}]}}
expect:
  - {sometime: {cache: filp, objects: 1}}
  - {over: all, event: kmalloc, count: 1}
""",
    "inode": """
tasks:
  tar: {program: [{repeat: 6, do: [{call: create}, {call: lookup}]}, {repeat: 6, do: [{call: unlink}]}]}
expect:
  - {sometime: {cache: inode_cache, objects: 6}}
  - {over: all, event: rcu_queue, cache: dentry, count: 12}
""",
    "file": """
tasks: {cat: {program: [{call: open}, {call: read}, {call: write}, {call: close}]}}
expect:
  - {sometime: {cache: filp, objects: 1}}
  - {over: all, event: kfree, count: 3}
""",
    "net": """
tasks:
  app: {cpu: 1, program: [{repeat: forever, do: [{call: deliver}]}]}
  ping: {cpu: 0, program: [{repeat: 4, do: [{call: transmit}, {sleep: 8 ticks}]}]}
softirqs: {net_rx: [{call: receive}]}
interrupts: {nic: {every: 12 ticks, handler: [{raise_softirq: net_rx}]}}
expect:
  - {counter: sent, value: 4}
  - {counter: delivered, value: ">= 4"}
  - {over: all, event: remote_free, cache: skbuff_head_cache, count: ">= 4"}
""",
    "ioctl": """
tasks: {a: {cpu: 0, program: [{repeat: 3, do: [{call: ioctl}]}]}, b: {cpu: 1, program: [{call: ioctl}]}}
expect:
  - {counter: done, value: 4}
""",
    "bio": """
tasks: {dd: {program: [{repeat: 5, do: [{call: submit_bio}, {sleep: 5 ticks}]}]}}
expect:
  - {counter: completed, value: 5}
  - {sometime: {cache: kmalloc-256, objects: ">= 3"}}
""",
    "module": """
tasks: {insmod: {program: [{call: load}, {repeat: 9, do: [{call: item}]}, {sleep: 20 ticks}, {call: unload}]}}
expect:
  - {sometime: {device_blocks: 1}}
  - {sometime: {cache: module_item, objects: 9}}
  - {over: all, event: cache_destroyed, count: 1}
""",
}


def test_every_file_has_its_story() -> None:
    files = sorted((scenario_folder() / LIBRARY).glob("*.yaml"))
    assert [path.stem for path in files] == sorted(STORIES)
    assert not set(files) & set(lesson_files())


@pytest.mark.parametrize("name", STORIES)
def test_a_story_of_a_few_lines_runs(name: str, tmp_path: Path) -> None:
    path = tmp_path / "story.yaml"
    path.write_text(HEAD.format(name=name) + STORIES[name].lstrip() + ENDED, encoding="utf-8")
    run = play(load_scenario(path, "story.yaml"))
    assert [verdict for verdict in run.verdicts if not verdict.held] == []
    assert len(run.verdicts) >= 2
