"""Which kernel runs, and which one a recording is held against: said by every command that reports."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import slabviz as package
from slabviz.errors import RunFileError
from slabviz.model.events import Kind
from slabviz.model.image import image_of
from slabviz.model.invariants import check
from slabviz.resources import scenario_folder
from slabviz.timeline import runfile
from slabviz.timeline.timeline import Timeline

DATA = Path(__file__).parents[1] / "recordings" / "data"
Command = Callable[..., Any]

STORY = """\
slabviz: 1
title: {{en: Small}}
kernel: {kernel}
machine: {{cpus: 2, memory: 16 MiB}}
caches:
  box: {{size: 64 B, flags: [HWCACHE_ALIGN]}}
tasks:
  maker:
    program:
      - alloc: {{cache: box, as: one, gfp: GFP_ATOMIC}}
      - kmalloc: {{size: 180 B, as: two}}
      - free: one
      - kfree: two
"""


@pytest.fixture
def story(tmp_path: Path) -> Callable[[str], Path]:
    def make(kernel: str) -> Path:
        path = tmp_path / "story.yaml"
        path.write_text(STORY.format(kernel=kernel), encoding="utf-8")
        return path

    return make


@pytest.mark.parametrize(("written", "kernel"), [('"6.1"', "6.1"), ('"6.12"', "6.12"), ("6.12", "6.12")])
def test_a_run_and_its_summary_name_the_kernel(
    slabviz: Command, story: Callable[[str], Path], written: str, kernel: str
) -> None:
    said = slabviz("run", story(written))
    assert said.code == 0
    assert f"story.yaml: Linux {kernel}, 2 CPUs" in said.out
    assert json.loads(slabviz("run", "--json", story(written)).out)["kernel"] == kernel


def test_the_kernel_decides_flags_of_kmalloc_and_the_bits_of_gfp_atomic(story: Callable[[str], Path]) -> None:
    seen = []
    for kernel in ("6.1", "6.12"):
        run = package.load(str(story(kernel))).run()
        asked = {event[3] for event in run.log.events() if event[0] == Kind.ALLOC_ENTER}
        (kmalloc,) = (cache for cache in run.machine_at(0).caches if cache.name == "kmalloc-192")
        seen.append((0xA20 in asked, 0x820 in asked, kmalloc.geometry.align, kmalloc.flags.name))
    assert seen == [(True, False, 8, "KMALLOC"), (False, True, 64, "KMALLOC|NO_MERGE")]


def test_another_kernel_is_refused_with_those_that_are_known(slabviz: Command, story: Callable[[str], Path]) -> None:
    said = slabviz("check", story('"5.4"'))
    assert said.code == 1
    assert 'write `kernel: "6.1"` or `kernel: "6.12"`' in said.out + said.err


def test_a_shipped_scenario_runs_on_the_later_kernel(tmp_path: Path) -> None:
    """The log folds into a machine that keeps the laws, and the saved run is of the same era."""
    source = scenario_folder() / "workloads" / "fork.yaml"
    text = source.read_text(encoding="utf-8")
    later = tmp_path / "later.yaml"
    later.write_text(text.replace('kernel: "6.1"', 'kernel: "6.12"'), encoding="utf-8")
    run = package.load(str(later)).run(ticks=1000)
    kinds = {event[0] for event in run.log.events()}
    assert {Kind.FREEZE_SLAB, Kind.CPU_PARTIAL_ALLOC, Kind.CPU_PARTIAL_DRAIN} <= kinds
    timeline = Timeline(run.config, run.log)
    assert all(check(timeline.machine_at(tick)) == [] for tick in range(0, run.last_tick, 50))
    runfile.write(run, saved := tmp_path / "later.slabviz")
    again = runfile.load(saved)
    assert (again.config.kernel, again.about.kernel) == ("6.12", "6.12")
    assert image_of(again.machine_at(400)) == image_of(timeline.machine_at(400))


def test_a_saved_run_of_a_kernel_that_is_not_known_is_refused(story: Callable[[str], Path], tmp_path: Path) -> None:
    run = package.load(str(story("6.1"))).run()
    object.__setattr__(run.config, "kernel", "7.0")
    runfile.write(run, saved := tmp_path / "newer.slabviz")
    with pytest.raises(RunFileError, match=r"kernel 7\.0 is not modelled; known are 6\.1 and 6\.12"):
        runfile.load(saved)


def test_verify_names_the_kernel_and_can_be_told_another(slabviz: Command) -> None:
    record = DATA / "linux-6.12" / "conformance" / "parked_o4096_c2.jsonl.gz"
    said = slabviz("verify", record)
    assert (said.code, "equal to Linux 6.12 (1 headers, 652 ops" in said.out) == (0, True)
    assert slabviz("verify", "--kernel", "6.12", record).code == 0
    said = slabviz("verify", "--kernel", "6.1", record)
    assert (said.code, "difference(s) from Linux 6.1" in said.out) == (1, True)
    assert ": state.slabs[" in said.out
    row = json.loads(slabviz("verify", "--json", "--kernel", "6.1", record).out.splitlines()[0])
    assert (row["kernel"], row["equal"], row["kind"]) == ("6.1", False, "conformance")
    said = slabviz("verify", "--kernel", "6.18", record)
    assert (said.code, "kernel 6.18 is not modelled; known are 6.1 and 6.12" in said.err) == (2, True)
