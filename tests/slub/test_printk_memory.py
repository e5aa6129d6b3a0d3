"""What the kernel prints when memory is short."""

from __future__ import annotations

from pathlib import Path

from slabviz.report.dmesg import dmesg
from slabviz.resources import scenario_folder
from slabviz.scenario.loader import load_scenario
from slabviz.scenario.play import play


def printed(name: str) -> list[str]:
    path: Path = scenario_folder() / "more" / f"{name}.yaml"
    return [line for _, _, line in dmesg(play(load_scenario(path)))]


def test_a_refused_atomic_request_is_reported_by_the_page_allocator_and_by_slub() -> None:
    lines = printed("reclaim")
    assert "eth0: page allocation failure: order:0, mode:0xa20(GFP_ATOMIC), nodemask=(null)" in lines
    first = lines.index("SLUB: Unable to allocate memory on node -1, gfp=0xa20(GFP_ATOMIC)")
    assert lines[first + 1] == (
        "  cache: rx_buffer, object size: 256, buffer size: 256, default order: 0, min order: 0"
    )
    assert lines[first + 2].startswith("  node 0: slabs: ")


def test_a_first_try_that_asks_for_silence_prints_nothing() -> None:
    assert printed("fallback") == []


def test_the_oom_killer_names_who_asked_and_who_dies() -> None:
    lines = printed("oom")
    assert lines[-2] == "browser invoked oom-killer: gfp_mask=0x100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0"
    assert "(browser) anon-rss:" in lines[-1]
