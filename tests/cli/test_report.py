"""``slabviz report`` and ``slabviz trace``, by what they print and their exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from slabviz.recordings.ftrace.reader import TraceReader

RECORDED = Path(__file__).parents[1] / "report" / "data" / "fork"
Command = Callable[..., Any]

SMALL = """\
slabviz: 1
title: {en: Small, zh: 小}
machine: {cpus: 1, memory: 16 MiB}
caches:
  box: {size: 64 B, owner: pid}
tasks:
  maker:
    cpu: 0
    program:
      - alloc: {cache: box, as: one}
      - free: one
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_a_report_is_the_kernels_text_alone_and_stderr_says_what_it_is_about(slabviz: Command, small: Path) -> None:
    said = slabviz("report", small, "slabinfo")
    assert said.code == 0
    assert said.out.splitlines()[2] == (
        "box                   64     64     64   64    1 : tunables    0    0    0 : slabdata      1      1      0"
    )
    assert said.err.startswith("small.yaml: Linux 6.1, after tick ")
    before = slabviz("report", small, "slabinfo", "--at", "0").out
    assert before.splitlines()[2].startswith("box                    0      0     64")


@pytest.mark.parametrize("what", ["slabinfo", "slabtop", "meminfo", "buddyinfo", "zoneinfo", "stats"])
def test_every_report_comes_as_text_and_as_json(slabviz: Command, small: Path, what: str) -> None:
    assert len(slabviz("report", small, what).out.splitlines()) >= 1
    told = json.loads(slabviz("report", small, what, "--json").out)
    assert (told["source"], told["kernel"], told["report"]) == ("small.yaml", "6.1", what)
    assert told["data"]


def test_a_cache_is_asked_for_by_name(slabviz: Command, small: Path) -> None:
    assert "object_size:64" in slabviz("report", small, "sysfs", "box").out.splitlines()
    assert slabviz("report", small, "stats", "box").out.startswith("box\n  ALLOC_FASTPATH ")
    said = slabviz("report", small, "sysfs", "boxx")
    assert (said.code, said.out) == (2, "")
    assert said.err == "slabviz: small.yaml: there is no cache 'boxx'; did you mean box?\n"


@pytest.mark.parametrize(
    "arguments",
    [("sysfs",), ("slabinfo", "box"), ("slabs",), ("slabinfo", "--at", "999999"), ("slabinfo", "--at", "-1")],
)
def test_a_wrong_request_is_2(slabviz: Command, small: Path, arguments: tuple[str, ...]) -> None:
    said = slabviz("report", small, *arguments)
    assert (said.code, said.out) == (2, "")
    assert said.err


def test_a_recorded_state_is_a_source_for_reports(slabviz: Command) -> None:
    for source in (RECORDED, RECORDED / "state.before.json.gz"):
        lines = slabviz("report", source, "slabinfo").out.splitlines()
        assert len(lines) == 222
        assert lines[2].startswith("ext4_groupinfo_1k     23     23    176   23    1 ")
    assert slabviz("report", RECORDED, "stats").code == 2
    assert slabviz("report", RECORDED, "slabinfo", "--at", "3").code == 2
    assert "OBJS ACTIVE" in slabviz("report", RECORDED, "slabtop").out


def test_what_is_no_source_is_3(slabviz: Command, tmp_path: Path) -> None:
    (tmp_path / "state.before.json.gz").write_bytes(b"{}")
    assert slabviz("report", tmp_path, "slabinfo").code == 3
    assert slabviz("report", tmp_path / "no", "slabinfo").code == 3


def test_verify_loads_a_recorded_folder_and_lists_what_moved(slabviz: Command) -> None:
    said = slabviz("verify", RECORDED)
    assert said.code == 0
    assert "211 slabinfo counts equal" in said.out
    assert "    filp: num_objs: expected 64, got 192" in said.out.splitlines()
    rows = [json.loads(line) for line in slabviz("verify", RECORDED, "--json").out.splitlines()]
    assert any("filp: num_objs: expected 64, got 192" in row.get("moved", ()) for row in rows)


def test_a_trace_goes_to_stdout_or_a_file_and_never_over_another(slabviz: Command, small: Path, tmp_path: Path) -> None:
    text = slabviz("trace", small).out
    assert text.startswith("# tracer: nop\n#\n# entries-in-buffer/entries-written: ")
    file = tmp_path / "trace.txt"
    assert slabviz("trace", small, "-o", file).code == 0
    assert file.read_text("utf-8") == text
    assert [op.event for op in TraceReader(file) if op.frees or op.allocates] == ["kmem_cache_alloc", "kmem_cache_free"]
    assert slabviz("trace", small, "-o", file).code != 0
    assert slabviz("trace", small, "-o", file, "--overwrite").code == 0
