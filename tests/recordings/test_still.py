"""A recorded state as a run of one moment: it can be drawn, and nothing pretends that anything happened."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from slabviz.errors import UsageError
from slabviz.library import frame, load
from slabviz.scene.levels import Level
from slabviz.scene.view import ViewState
from slabviz.timeline import runfile

STATE = {
    "object_size": 512, "slab_size": 512, "objs_per_slab": 8, "order": 0, "freepointer_offset": 256, "min_partial": 5,
    "cpu_partial": 52, "cpu_partial_slabs": 13, "nr_partial": 1, "nr_slabs": 3, "total_objects": 24, "flags": "0",
    "cpus": {"0": {"slab": None, "partial": []}},
    "node_partial": [{"slab": "ffff888000100000", "inuse": 6, "objects": 8, "free": [3, 1]}],
}  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "state.now.json.gz"
    found.write_bytes(gzip.compress(json.dumps({"dentry": STATE}).encode("utf-8")))
    return found


def test_a_recorded_state_is_a_run_of_one_tick(path: Path) -> None:
    run = load(path).run()
    assert (run.last_tick, len(run.log)) == (0, 0)
    assert run.machine_at(0).caches[0].node.total_objects == 24
    with pytest.raises(IndexError):
        run.machine_at(1)


def test_it_can_be_seen_from_afar_and_on_the_stage(path: Path) -> None:
    run = load(path).run()
    pictures = [frame(run, 0, view=ViewState(level=level)) for level in (Level.KERNEL, Level.CACHE)]
    assert (pictures[0] != pictures[1]).any()


def test_it_cannot_be_saved_as_a_run(path: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="one moment"):
        runfile.write(load(path).run(), tmp_path / "x.slabviz")
    with pytest.raises(UsageError, match="--seed"):
        load(path).run(seed=3)
