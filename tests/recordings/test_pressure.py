"""Recordings made while memory was short: replayed or held to the rules, and every tampering is found."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from slabviz.recordings.verify import FileResult, verify, verify_file

FRAGMENTED = "fallback_o2048_c2.jsonl.gz"
RESERVES = "size4096_boost15000_run1.json"


def test_every_recording_of_memory_pressure_agrees(reference: Path) -> None:
    results = list(verify([reference / "pressure" / "reserves"]))
    assert [result.kind for result in results] == ["reserves"] * 8
    assert all(result.equal for result in results)
    assert sum(result.compared["grants"] for result in results) == 3551


@pytest.fixture
def lines(data: Path) -> list[dict[str, Any]]:
    with gzip.open(data / "pressure" / FRAGMENTED, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def verify_lines(lines: list[dict[str, Any]], folder: Path) -> FileResult:
    path = folder / "copy.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode() + b"\n", compresslevel=1))
    return verify_file(path)


def first(lines: list[dict[str, Any]], field: str) -> int:
    """The first operation that has a field."""
    return next(int(line["i"]) for line in lines[1:-1] if field in line)


def of_kind(lines: list[dict[str, Any]], op: str) -> dict[str, Any]:
    return next(line for line in lines[1:-1] if line["op"] == op)


def no_fallback(lines: list[dict[str, Any]]) -> None:
    del lines[1 + first(lines, "fallback")]["fallback"]


def other_order(lines: list[dict[str, Any]]) -> None:
    fallback = lines[1 + first(lines, "fallback")]["fallback"]
    fallback[next(iter(fallback))] = 1


def no_refusal(lines: list[dict[str, Any]]) -> None:
    lines[1 + first(lines, "fallback")]["ev"].remove("page_alloc_failed:order3")


def other_refusal(lines: list[dict[str, Any]]) -> None:
    events = lines[1 + first(lines, "fallback")]["ev"]
    events[events.index("page_alloc_failed:order3")] = "page_alloc_failed:order2"


def other_chain(lines: list[dict[str, Any]]) -> None:
    chain = next(iter(lines[1 + first(lines, "fallback")]["new"].values()))
    chain.append(7)


def small_slab_as_large(lines: list[dict[str, Any]]) -> None:
    line = lines[1 + first(lines, "fallback")]
    line["state"]["slabs"][next(iter(line["fallback"]))][1] = 16


def blocks_left(lines: list[dict[str, Any]]) -> None:
    zone = of_kind(lines, "fragment")["after"][1]
    zone["free_blocks"][0] -= 2
    zone["free_blocks"][1] += 1


def too_many_free(lines: list[dict[str, Any]]) -> None:
    zone = of_kind(lines, "fragment")["after"][1]
    zone["free_blocks"][0] += 40000
    zone["free_pages"] += 40000


def never_given_back(lines: list[dict[str, Any]]) -> None:
    zone = of_kind(lines, "release")["after"][1]
    zone["free_blocks"][10] -= 60
    zone["free_pages"] -= 60 * 1024


def other_mark(lines: list[dict[str, Any]]) -> None:
    of_kind(lines, "release")["before"][0]["low"] += 1


TAMPERINGS: dict[str, tuple[Callable[[list[dict[str, Any]]], None], str]] = {
    "no fallback": (no_fallback, "new["),
    "other order": (other_order, "fallback"),
    "no refusal": (no_refusal, "ev"),
    "other refusal": (other_refusal, "ev"),
    "other chain": (other_chain, "new["),
    "small slab as large": (small_slab_as_large, "state.slabs["),
    "blocks left": (blocks_left, "after.DMA32.free_blocks"),
    "too many free": (too_many_free, "after.DMA32.free_pages"),
    "never given back": (never_given_back, "after.DMA32.free_pages"),
    "other mark": (other_mark, "before.DMA.low"),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_a_changed_fallback_is_found(lines: list[dict[str, Any]], tmp_path: Path, what: str) -> None:
    change, field = TAMPERINGS[what]
    change(lines)
    result = verify_lines(lines, tmp_path)
    assert any(found.field.startswith(field) for found in result.differences), (result.differences, result.error)


def test_without_fragmentation_nothing_falls_back(lines: list[dict[str, Any]], tmp_path: Path) -> None:
    """The operation is an input: a recording that leaves it out differs at its first small slab."""
    small = first(lines, "fallback")
    lines[1:-1] = [line for line in lines[1:-1] if line["op"] not in ("fragment", "release")]
    for number, line in enumerate(lines[1:-1]):
        line["i"] = number
    lines[0]["header"]["ops"] = len(lines) - 2
    result = verify_lines(lines, tmp_path)
    assert result.differences[0].op == small - 1
    assert "fallback" in {found.field for found in result.differences}


# Reserves.

Path_ = tuple[Any, ...]
SNAPSHOT: Path_ = ("steps", 2, "zones")

NUMBERS: dict[str, tuple[Path_, int, str]] = {
    "min": ((*SNAPSHOT, "DMA32", "min"), 1, "DMA32.min"),
    "low": ((*SNAPSHOT, "DMA32", "low"), 1, "DMA32.low"),
    "high": ((*SNAPSHOT, "DMA", "high"), -1, "DMA.high"),
    "lowmem_reserve": ((*SNAPSHOT, "DMA", "lowmem_reserve"), 1, "DMA.lowmem_reserve"),
    "boost": ((*SNAPSHOT, "DMA32", "boost"), 1, "DMA32.boost"),
    "highatomic": (("steps", 4, "zones", "DMA32", "highatomic"), 512, "DMA32.highatomic"),
    "free blocks": ((*SNAPSHOT, "DMA", "free_blocks", 0), 1, "DMA.free_exact"),
    "floor": (("steps", 1, "floor", "DMA32"), 1, "floor.DMA32"),
    "refused above the floor": ((*SNAPSHOT, "DMA", "free"), 1, "refused.DMA"),
    "granted below the floor": (("steps", 3, "slabs", 20, 2, 1), -120, "slabs[20]"),
    "objects": (("steps", 1, "objects"), 1, "objects"),
    "order": (("cache", "oo_order"), -1, "cache.oo_order"),
    "min_free_kbytes": (("min_free_kbytes",), 8, "DMA.min"),
}


@pytest.fixture
def reserves(data: Path) -> Any:
    return json.loads((data / "pressure" / RESERVES).read_text("utf-8"))


def verify_value(value: Any, folder: Path) -> FileResult:
    path = folder / "copy.json"
    path.write_text(json.dumps(value), "utf-8")
    return verify_file(path)


@pytest.mark.parametrize("what", NUMBERS)
def test_a_changed_reserve_is_found(reserves: Any, tmp_path: Path, what: str) -> None:
    assert verify_value(reserves, tmp_path).equal
    (*way, last), by, field = NUMBERS[what]
    target = reserves
    for key in way:
        target = target[key]
    target[last] += by
    result = verify_value(reserves, tmp_path)
    assert field in {found.field for found in result.differences}, result.differences


def test_any_value_replaced_by_any_other_never_crashes(reserves: Any, tmp_path: Path) -> None:
    rng = random.Random("anything")
    text = json.dumps(reserves)
    for _ in range(60):
        value = json.loads(text)
        target = value
        key = rng.choice(list(target))
        while isinstance(target[key], dict | list) and target[key] and rng.random() < 0.85:
            target = target[key]
            key = rng.choice(list(target) if isinstance(target, dict) else range(len(target)))
        target[key] = rng.choice([None, True, -1, 0, 1, 10**30, 0.5, "", "x", [], {}, [[]], [3, "DMA", [1, 2], 1]])
        verify_value(value, tmp_path)
