"""Saved runs: what is written is read again, and nothing else is believed."""

import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from slabviz.errors import RunFileError
from slabviz.model.cast import Cast
from slabviz.model.image import image_of
from slabviz.model.log import EventLog
from slabviz.model.machine import CacheConfig, Machine, MachineConfig
from slabviz.slub.atomic import Atomic
from slabviz.slub.world import World
from slabviz.timeline import runfile
from slabviz.timeline.run import About, Chapter, Run, Verdict

CONFIG = MachineConfig(2, 1024, (CacheConfig("task_struct", 1536, 64, random_seq=tuple(reversed(range(21)))),))


@pytest.fixture
def run() -> Run:
    """Sixty allocations of two CPUs, a tick each, half of them freed by the other CPU."""
    machine, log, cast = Machine.boot(CONFIG), EventLog(), Cast()
    atomic = Atomic(World(machine, lambda cache: 4, detail=True), log)
    child = cast.enter("pid", "52", "make")
    cache = machine.caches[0]
    addresses = []
    for number in range(60):
        log.begin_tick()
        addresses.append(atomic.alloc(cache, number % 2, child))
    for number, address in enumerate(addresses[::2]):
        log.begin_tick()
        place = machine.virt_to_slab(address)
        assert place is not None
        atomic.free((number + 1) % 2, *place)
    chapters = (Chapter(0, {"en": "Grow", "zh": "增长"}, {"en": "…", "zh": "…"}, pause=True),)
    verdicts = (Verdict("fork.yaml:9:5", "objects: 30", True, tick=3),)
    about = About({"en": "Fork", "zh": "派生"}, source="fork.yaml")
    return Run(CONFIG, log, cast, about, chapters, lambda: verdicts, ("x",))


def test_a_saved_run_is_the_run(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "fork.slabviz"
    runfile.write(run, path)
    again = runfile.load(path)
    assert (again.config, again.about, again.cast) == (run.config, run.about, run.cast)
    assert (again.chapters, again.verdicts) == (run.chapters, run.verdicts)
    assert again.words == run.words
    assert np.array_equal(again.log.matrix(), run.log.matrix())
    for tick in (0, 17, 89, 40):
        assert image_of(again.machine_at(tick)) == image_of(run.machine_at(tick))


def test_the_same_run_gives_the_same_bytes(run: Run, tmp_path: Path) -> None:
    runfile.write(run, tmp_path / "a")
    runfile.write(run, tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda data: b"GIF89a" + data, "is no saved run"),
        (lambda data: data[:5], "is no saved run"),
        (lambda data: data[:20], "cut off after 20 bytes"),
        (lambda data: data[:-1], "cut off"),
        (lambda data: data + b"!", "something is behind it"),
        (lambda data: data[:200] + bytes([data[200] ^ 1]) + data[201:], "checksum"),
        (lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:], "checksum"),
        (lambda data: data[:8] + struct.pack("<I", 7) + data[12:], "has format 7; this slabviz reads format 3"),
    ],
)
def test_a_damaged_file_is_refused_with_its_name(
    run: Run, tmp_path: Path, change: Callable[[bytes], bytes], says: str
) -> None:
    path = tmp_path / "run.slabviz"
    runfile.write(run, path)
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(RunFileError, match=says) as refusal:
        runfile.load(path)
    assert str(path) in str(refusal.value)


def forge(run: Run, path: Path, header: dict[str, object] | None = None, events: np.ndarray | None = None) -> None:
    """A file whose lengths and checksums are right and whose contents are not."""
    runfile.write(run, path)
    data = path.read_bytes()
    _, length, _, _, _ = runfile.PREFIX.unpack_from(data, len(runfile.MAGIC))
    start = len(runfile.MAGIC) + runfile.PREFIX.size
    values = json.loads(data[start : start + length]) | (header or {})
    matrix = run.log.matrix() if events is None else events
    starts = np.array(run.log.starts, dtype=np.int32)
    text = json.dumps(values).encode()
    payload = zlib.compress(starts.tobytes() + matrix.T.astype(np.int32).tobytes())
    prefix = runfile.PREFIX.pack(runfile.FORMAT, len(text), zlib.crc32(text), len(payload), zlib.crc32(payload))
    path.write_bytes(runfile.MAGIC + prefix + text + payload)


@pytest.mark.parametrize(
    "header",
    [{"events": 10**9}, {"ticks": 0}, {"ticks": "many"}, {"config": {}}, {"cast": [1]}, {"about": {"nonsense": 1}}],
)
def test_a_header_that_describes_no_run_is_refused(run: Run, tmp_path: Path, header: dict[str, object]) -> None:
    forge(run, tmp_path / "x", header)
    with pytest.raises(RunFileError, match="does not describe a run"):
        runfile.load(tmp_path / "x")


def test_events_that_cannot_have_happened_are_refused(run: Run, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    refused = 0
    for _ in range(60):
        events = run.log.matrix().copy()
        events[rng.integers(len(events)), rng.integers(5)] += rng.integers(1, 90)
        forge(run, tmp_path / "x", events=events)
        try:
            runfile.load(tmp_path / "x")
        except RunFileError:
            refused += 1
    assert refused > 20  # the others tell another story that could have happened, and play


def test_an_untouched_forgery_is_accepted(run: Run, tmp_path: Path) -> None:
    forge(run, tmp_path / "x")
    assert runfile.load(tmp_path / "x").last_tick == run.last_tick
