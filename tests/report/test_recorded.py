"""Recorded states of a real machine as machines of the model, and the text that its kernel printed beside them."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from slabviz.errors import RecordingError
from slabviz.model.invariants import check
from slabviz.model.kmalloc_classes import KMALLOC_NAMES
from slabviz.model.machine import CacheConfig, Machine, MachineConfig
from slabviz.recordings.machine_state import load_machine
from slabviz.recordings.verify import KINDS, FileResult, verify, verify_file
from slabviz.report.meminfo import meminfo_data
from slabviz.report.recorded import RECORDED_KINDS
from slabviz.report.slabinfo import slabinfo

DATA = Path(__file__).parent / "data" / "fork"
TRACES = Path(__file__).parents[2].parent / "shared" / "reference" / "linux-6.1" / "traces"
ALL_KINDS = (*RECORDED_KINDS, *KINDS)
FLOORS = {"fork": 211, "inode": 217, "driver": 218, "skb": 218}

State = dict[str, Any]


def results(folder: Path) -> dict[str, FileResult]:
    return {result.path.name: result for result in verify([folder], ALL_KINDS)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the recorded folder, to be changed."""
    return Path(shutil.copytree(DATA, tmp_path / "fork"))


def change(folder: Path, changed: Callable[[State], object]) -> FileResult:
    """Change the state, and verify it."""
    path = folder / "state.before.json.gz"
    state = json.loads(gzip.decompress(path.read_bytes()))
    changed(state)
    path.write_bytes(gzip.compress(json.dumps(state).encode(), 1))
    return verify_file(path, ALL_KINDS)


def test_the_shipped_folder_agrees_and_every_count_that_moved_is_listed() -> None:
    found = results(DATA)
    assert {name for name, result in found.items() if result.equal} == set(found) - {"sysfs.before.csv"}
    state = found["state.before.json.gz"]
    assert state.compared["slabinfo rows"] == state.compared["sysfs rows"] == 220
    assert state.compared["slabinfo counts equal"] == 211
    moved = {str(difference.op) for difference in state.moved if not difference.field.startswith("sysfs")}
    assert len(moved - {"meminfo"}) == 220 - 211


@pytest.mark.parametrize("name", FLOORS)
def test_every_recorded_folder_agrees(name: str) -> None:
    if not TRACES.is_dir():
        pytest.skip(f"the whole set of recordings is not at {TRACES}")
    found = results(TRACES / name)
    assert [result.path.name for result in found.values() if result.different or result.error] == []
    state = found["state.before.json.gz"]
    assert state.compared["slabinfo counts equal"] >= FLOORS[name]


def test_the_machine_is_lawful_and_full_slabs_are_there_though_no_list_names_them() -> None:
    machine = load_machine(DATA / "state.before.json.gz")
    assert check(machine) == []
    dentry = next(cache for cache in machine.caches if cache.name == "dentry")
    slabs = [slab for slab in machine.slabs.values() if slab.cache is dentry]
    assert len(slabs) == dentry.node.nr_slabs == 691
    c = next(cache for cache in machine.caches if cache.name == "ext4_groupinfo_1k").cpu_slab[0]
    assert c.slab is not None
    assert c.slab.address == 0xFFFF888101908000
    assert [c.slab.index_of(at) for at in c.free_objects()][:4] == [11, 22, 13, 7]
    values = meminfo_data(machine)
    assert values["Slab"] == values["SReclaimable"] + values["SUnreclaim"]


def test_the_report_has_the_lines_of_the_kernel() -> None:
    theirs = (DATA / "slabinfo.before").read_text("utf-8").splitlines()
    ours = slabinfo(load_machine(DATA / "state.before.json.gz"))
    assert sum(left == right for left, right in zip(theirs, ours, strict=True)) == 2 + 211


def test_kmalloc_caches_are_older_than_all_others_whatever_order_a_scenario_names_them_in() -> None:
    recorded = [line.split()[0] for line in (DATA / "slabinfo.before").read_text("utf-8").splitlines()[2:]]
    others = [name for name in reversed(recorded) if name not in KMALLOC_NAMES]
    caches = tuple(CacheConfig(name, 64) for name in (*others, *sorted(KMALLOC_NAMES)))
    assert len(caches) == len(recorded) == 220
    lines = slabinfo(Machine.boot(MachineConfig(1, 1024, caches)))[2:]
    assert [line.split()[0] for line in lines] == recorded


CHANGES: dict[str, tuple[Callable[[State], object], str]] = {
    "size": (lambda state: state["dentry"].update(slab_size=200, objs_per_slab=20), "objsize"),
    "name": (lambda state: state.update(dentri=state.pop("dentry")), "newest first"),
    "order of names": (lambda state: state.update(jbd2_1k=state.pop("jbd2_1k")), "newest first"),
    "cache gone": (lambda state: state.pop("dentry"), "newest first"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_cannot_move_is_a_difference(folder: Path, what: str) -> None:
    changed, field = CHANGES[what]
    result = change(folder, changed)
    assert not result.equal
    assert result.error or any(field in difference.field for difference in result.differences)


def test_a_count_of_one_cache_may_have_moved_but_not_of_many(folder: Path) -> None:
    def one_more(state: State, names: list[str]) -> None:
        for name in names:
            state[name]["nr_slabs"] += 1
            state[name]["total_objects"] += state[name]["objs_per_slab"]

    result = change(folder, lambda state: one_more(state, ["jbd2_1k"]))
    assert result.equal
    assert any((difference.op, difference.field) == ("jbd2_1k", "num_slabs") for difference in result.moved)
    result = change(folder, lambda state: one_more(state, list(state)[:40]))
    assert result.different > 40


CONTRADICTIONS: dict[str, tuple[Callable[[State], object], str]] = {
    "objects": (lambda state: state["dentry"].update(total_objects=14500), "objects a slab cannot make"),
    "too few slabs": (lambda state: state["jbd2_inode"].update(nr_slabs=0, total_objects=1), "cannot make"),
    "freed twice": (lambda state: state["ext4_groupinfo_1k"]["cpus"]["0"]["free"].append(11), "free twice"),
    "no such object": (lambda state: state["ext4_groupinfo_1k"]["cpus"]["0"]["free"].append(99), "not one of its"),
    "hashed": (lambda state: state["ext4_groupinfo_1k"]["cpus"]["0"].update(slab="0000000012345000"), "hashed"),
    "flags": (lambda state: state["dentry"].update(flags="many"), "no number in hex"),
    "field gone": (lambda state: state["dentry"].pop("order"), "dentry: order"),
    "nr_partial": (lambda state: state["dentry"].update(nr_partial=1), "nr_partial is 1"),
    "negative": (lambda state: state["dentry"].update(nr_slabs=-1), "is not from 0"),
}


@pytest.mark.parametrize("what", CONTRADICTIONS)
def test_a_state_that_contradicts_itself_is_refused(folder: Path, what: str) -> None:
    changed, message = CONTRADICTIONS[what]
    assert message in str(change(folder, changed).error)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("slabinfo.before", "ext4_inode_cache      54     54", "ext4_inode_cache     54     54", "line 6: text"),
        ("slabinfo.before", "ext4_inode_cache      54     54", "ext4_inode_cache      54     99", "objects"),
        ("slabinfo.before", "  1192   27    8 ", "  1192   27    4 ", "objperslab"),
        ("meminfo.before", "Slab:              22816 kB", "Slab:              22817 kB", "Slab"),
        ("meminfo.before", "Slab:              22816 kB", "Slab:             22816 kB", "text"),
        ("buddyinfo.before", "    732 ", "    732", "buddyinfo.before:2"),
        ("buddyinfo.before", "DMA32      3", "DMA32       3", "text"),
    ],
)
def test_a_changed_line_of_the_kernel_is_found(folder: Path, name: str, old: str, new: str, said: str) -> None:
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    result = verify_file(path, ALL_KINDS)
    assert said in str(result.error or "; ".join(map(str, result.differences)))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x1f\x8b\x08\x00garbage and more of it than a header has", "damaged|cut off"),
        (b"\xff\xfe\x00binary", "is not text"),
        (b"[1, 2]", "an object of caches"),
        (b'{"a": {}, "a": {}}', "twice"),
        (b"{", "not JSON"),
    ],
)
def test_what_is_no_state_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "state.before.json.gz"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=said):
        load_machine(path)


def test_a_cut_off_state_is_refused(folder: Path) -> None:
    path = folder / "state.before.json.gz"
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(RecordingError, match="cut off"):
        load_machine(path)
