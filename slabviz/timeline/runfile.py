"""Saved runs (``.slabviz``): a run as data, to be played without running it again.

Layout, all numbers little-endian: ``MAGIC``, then format version, length and CRC-32 of the header, length and CRC-32
of the payload; the header is JSON (UTF-8), the payload a zlib stream of int32: first event of each tick, then the five
columns of the log one after another. Nothing in it is executed, and what the lengths promise is checked before it is
believed.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from slabviz.errors import RunFileError, SlabvizError, UsageError
from slabviz.model.cast import Actor, Cast
from slabviz.model.events import Kind
from slabviz.model.events.kinds import WHO_IS_NO_ACTOR
from slabviz.model.flags import SlabFlags
from slabviz.model.log import WIDTH, EventLog
from slabviz.model.machine import CacheConfig, MachineConfig
from slabviz.model.zone import PageSets
from slabviz.model.zones import MemoryConfig
from slabviz.timeline.run import About, Chapter, Run, Verdict
from slabviz.timeline.showing import Choice, Question, Show
from slabviz.timeline.timeline import Timeline

MAGIC = b"SLABVIZ\n"
FORMAT = 3
"""Version of the layout and of the kinds of events; any other is refused."""
PREFIX = struct.Struct("<IIIQI")
INT = np.dtype("<i4")
NO_ACTORS = [kind for kind in Kind if Kind.BUDDY_TAKE <= kind <= Kind.PAGE_ALLOC_FAILED or kind in WHO_IS_NO_ACTOR]
"""Kinds of events (pages, bytes) whose ``who`` is nobody of the cast."""
BROKEN = (KeyError, IndexError, TypeError, ValueError, AttributeError, AssertionError, OverflowError, SlabvizError)
"""What wrong contents can raise while they are made into a run."""


def write(run: Run, path: Path) -> None:
    """Write a run to a file. Raises OSError; the caller writes beside the final name and renames.

    Raises UsageError for a run whose machine was not made from its log: the file would not hold it.
    """
    if type(run.timeline) is not Timeline:
        raise UsageError("a recorded state is one moment, not a run: it cannot be saved as one")
    header = json.dumps(_header(run), ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    starts = np.array(run.log.starts, dtype=INT)
    payload = zlib.compress(starts.tobytes() + run.log.matrix().astype(INT).T.tobytes(), 6)
    prefix = PREFIX.pack(FORMAT, len(header), zlib.crc32(header), len(payload), zlib.crc32(payload))
    path.write_bytes(MAGIC + prefix + header + payload)


def load(path: Path) -> Run:
    """Read a saved run and apply it once, which proves it and sets the checkpoints.

    Raises RunFileError for a file that is foreign, truncated, damaged, written by a newer version, or that tells of
    things that cannot have happened.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RunFileError(f"{path}: cannot be read: {error.strerror or error}") from error
    header, payload = _parts(path, data)
    try:
        run = _run(json.loads(header), payload)
    except BROKEN as error:
        raise RunFileError(f"{path}: is damaged: its header does not describe a run ({_reason(error)})") from error
    _prove(path, run)
    return run


def _parts(path: Path, data: bytes) -> tuple[bytes, bytes]:
    """Header and payload, after every length and checksum has been looked at."""
    if not data.startswith(MAGIC):
        raise RunFileError(f"{path}: is no saved run of slabviz")
    start = len(MAGIC) + PREFIX.size
    if len(data) < start:
        raise RunFileError(f"{path}: is cut off after {len(data)} bytes; save the run again")
    version, header_length, header_sum, payload_length, payload_sum = PREFIX.unpack_from(data, len(MAGIC))
    if version != FORMAT:
        mend = "use a newer slabviz" if version > FORMAT else "run its scenario again and save it anew"
        raise RunFileError(f"{path}: has format {version}; this slabviz reads format {FORMAT}: {mend}")
    expected = start + header_length + payload_length
    if len(data) != expected:
        raise RunFileError(f"{path}: has {len(data)} bytes instead of {expected}: cut off, or something is behind it")
    header, payload = data[start : start + header_length], data[start + header_length :]
    if zlib.crc32(header) != header_sum or zlib.crc32(payload) != payload_sum:
        raise RunFileError(f"{path}: is damaged: a checksum is wrong; save the run again")
    return header, payload


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _header(run: Run) -> dict[str, Any]:
    return {
        "events": len(run.log), "ticks": run.log.ticks, "config": asdict(run.config), "about": asdict(run.about),
        "cast": [[actor.kind, actor.mark, actor.name] for actor in run.cast.actors],
        "chapters": [asdict(chapter) for chapter in run.chapters],
        "verdicts": [asdict(verdict) for verdict in run.verdicts],
        "words": list(run.words),
    }  # fmt: skip


def _run(header: Mapping[str, Any], payload: bytes) -> Run:
    ticks, events = int(header["ticks"]), int(header["events"])
    wanted = INT.itemsize * (ticks + events * WIDTH)
    raw = zlib.decompressobj().decompress(payload, wanted + 1)
    if len(raw) != wanted or ticks < 1:
        raise ValueError(f"{len(raw)} bytes of events where {wanted} were promised")
    numbers = np.frombuffer(raw, dtype=INT).astype(np.int32)
    starts = numbers[:ticks]
    if starts[0] != 0 or (np.diff(starts) < 0).any() or starts[-1] > events:
        raise ValueError("ticks do not follow each other")
    verdicts = tuple(Verdict(**verdict) for verdict in header["verdicts"])
    return Run(
        _config(header["config"]),
        EventLog.of(numbers[ticks:].reshape(WIDTH, events).T, starts),
        Cast([Actor(kind, mark, name) for kind, mark, name in header["cast"]]),
        _about(header["about"]),
        tuple(_chapter(chapter) for chapter in header["chapters"]),
        lambda: verdicts,
        tuple(header["words"]),
    )


def _about(values: Mapping[str, Any]) -> About:
    settings = tuple((str(name), str(value)) for name, value in values["settings"])
    return About(**{
        **values, "in_vain": tuple(values["in_vain"]), "show": _show(values["show"]), "settings": settings,
        "missed": tuple(values["missed"]),
    })  # fmt: skip


def _show(values: Mapping[str, Any]) -> Show:
    pair = values["compare"]
    return Show(**{**values, "compare": None if pair is None else (str(pair[0]), str(pair[1]))})


def _chapter(values: Mapping[str, Any]) -> Chapter:
    asked = None if values["asked"] is None else _question(values["asked"])
    return Chapter(**{**values, "show": _show(values["show"]), "asked": asked})


def _question(values: Mapping[str, Any]) -> Question:
    question = Question(**{**values, "choices": tuple(Choice(**choice) for choice in values["choices"])})
    if not 0 <= question.right < len(question.choices):
        raise ValueError(f"answer {question.right} of {len(question.choices)} is no answer")
    return question


def _config(values: Mapping[str, Any]) -> MachineConfig:
    caches = tuple(
        CacheConfig(
            **{
                **cache,
                "flags": SlabFlags(cache["flags"]),
                "random_seq": tuple(cache["random_seq"]),
                "aliases": tuple((name, size) for name, size in cache["aliases"]),
            }
        )
        for cache in values["caches"]
    )
    names = {section: tuple(values[section]) for section in ("locks", "devices")}
    return MachineConfig(**{**values, **names, "caches": caches, "memory": _memory(values["memory"])})


def _memory(values: Mapping[str, Any]) -> MemoryConfig:
    zones = tuple((name, pages) for name, pages in values["zones"])
    return MemoryConfig(**{**values, "zones": zones, "sets": PageSets(**values["sets"])})


def _prove(path: Path, run: Run) -> None:
    """Apply the whole log: a saved run that plays to its end plays to every tick."""
    matrix = run.log.matrix()
    actors = matrix[~np.isin(matrix[:, 0], NO_ACTORS), 4]
    if actors.size and not 0 <= actors.min() <= actors.max() < len(run.cast):
        raise RunFileError(f"{path}: is damaged: an event names somebody who is not in the cast")
    try:
        run.machine_at(run.last_tick)
    except BROKEN as error:
        raise RunFileError(f"{path}: tells of something that cannot have happened ({_reason(error)})") from error
