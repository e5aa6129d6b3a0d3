"""Caches with debugging flags: recordings, tables and mistakes agree with the model, and every change is found."""

from __future__ import annotations

import csv
import gzip
import json
import random
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from slabviz.recordings.verify import FileResult, Total, verify, verify_file

DATA = Path(__file__).parent / "data_debug"
RECORDS = sorted((DATA / "records").glob("*.gz"))
MISTAKES = sorted((DATA / "errors").glob("*.json"))

Json = dict[str, Any]
Change = Callable[[random.Random, Json], bool]
"""Changes a line in place; False: nothing here to change."""


def total_of(*paths: Path) -> Total:
    total = Total()
    for result in verify(paths):
        total.add(result)
    return total


def test_the_shipped_recordings_agree_with_the_model() -> None:
    total = total_of(DATA / "records", DATA / "errors", DATA / "geometry")
    assert (total.equal, total.different, total.unreadable) == (len(RECORDS) + len(MISTAKES) + 1, 0, 0)
    assert total.compared["bytes"] > 50_000
    assert total.compared["lines"] == 178


def test_every_recording_of_the_real_kernel_agrees(reference: Path) -> None:
    total = total_of(reference / "debug")
    assert (total.equal, total.different, total.unreadable) == (25 + 15 + 2, 0, 0)
    assert (total.compared["bytes"], total.compared["rows"]) == (169_656, 13_824)


# Records.


def lines_of(path: Path) -> list[Json]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def verified(lines: list[Json], place: Path) -> FileResult:
    place.write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode() + b"\n", compresslevel=1))
    return verify_file(place)


def entries(line: Json) -> list[Json]:
    """What a dump shows."""
    return [entry for entry in [*line.get("slots", []), *line.get("slabs", [])] if entry]


def a_byte(rng: random.Random, line: Json) -> bool:
    for entry in entries(line):
        shown = entry["bytes"]
        known = [at for at in range(0, len(shown), 2) if shown[at] != "."]
        at = rng.choice(known)
        entry["bytes"] = f"{shown[:at]}{int(shown[at : at + 2], 16) ^ 0x10:02x}{shown[at + 2 :]}"
        return True
    return False


def a_masked_byte(rng: random.Random, line: Json) -> bool:
    for entry in entries(line):
        if ".." in entry["bytes"]:
            entry["bytes"] = entry["bytes"].replace("..", "00", 1)
            return True
    return False


def in_dump(name: str) -> Change:
    def change(rng: random.Random, line: Json) -> bool:
        for entry in entries(line):
            if entry.get(name):
                key = rng.choice(sorted(entry[name]))
                entry[name][key] = [7, 7] if name == "tracks" else 0 if entry[name][key] is None else None
                return True
        return False

    return change


def a_dump_less(rng: random.Random, line: Json) -> bool:
    return bool(line.get("slots")) and bool(line["slots"].pop())


def in_state(*keys: str) -> Change:
    def change(rng: random.Random, line: Json) -> bool:
        target = line.get("state")
        for key in keys[:-1]:
            target = target and target.get(key)
        if not target or keys[-1] not in target:
            return False
        if isinstance(target[keys[-1]], int):
            target[keys[-1]] += 1
        else:
            target[keys[-1]].append(99)
        return True

    return change


def a_slab_s_numbers(rng: random.Random, line: Json) -> bool:
    slabs = line.get("state", {}).get("slabs")
    if slabs:
        slabs[rng.choice(sorted(slabs))][rng.randrange(4)] += 1
    return bool(slabs)


def an_answer(name: str, value: Any) -> Change:
    def change(rng: random.Random, line: Json) -> bool:
        if name not in line or line[name] == value or line.get("op") == "shrink":
            return False
        line[name] = value
        return True

    return change


OUTCOMES: dict[str, tuple[Change, str]] = {
    "a byte": (a_byte, "].bytes"),
    "a masked byte": (a_masked_byte, "].bytes"),
    "a free pointer": (in_dump("free_pointer"), "].free_pointer"),
    "a track": (in_dump("tracks"), "].tracks"),
    "a dump missing": (a_dump_less, "slots"),
    "full list": (in_state("node", "full"), "state.node.full"),
    "partial list": (in_state("node", "partial"), "state.node.partial"),
    "nr_partial": (in_state("node", "nr_partial"), "state.node.nr_partial"),
    "nr_slabs": (in_state("node", "nr_slabs"), "state.node.nr_slabs"),
    "slab": (a_slab_s_numbers, "state.slabs"),
    "object": (an_answer("obj", [[0, 0]]), "obj"),
    "path": (an_answer("path", "slow+discard"), "path"),
    "functions": (an_answer("ev", ["slow_free:0"]), "ev"),
    "gone": (an_answer("gone", []), "gone"),
}


@pytest.mark.parametrize("what", OUTCOMES)
def test_a_changed_outcome_is_found_where_it_is(what: str, tmp_path: Path) -> None:
    change, field = OUTCOMES[what]
    rng = random.Random(what)
    changed = 0
    for path in RECORDS:
        lines = lines_of(path)
        for number in rng.sample(range(1, len(lines) - 1), len(lines) - 2):
            if change(rng, lines[number]):
                changed += 1
                result = verified(lines, tmp_path / path.name)
                assert result.different, (path.name, number)
                found = result.differences[0]
                assert (found.op, field in found.field) == (number - 1, True), found
                break
    assert changed


def test_changed_inputs_never_crash(tmp_path: Path) -> None:
    rng = random.Random("inputs")
    wrong: list[Any] = [None, -1, 1, 7, 300, [], {}, [0], {"0": [0]}, "alloc", "dump", "write", "FZPU", "x"]
    lines = lines_of(DATA / "records" / "slot_bytes_o100_c2_hFZPU.jsonl.gz")
    for _ in range(60):
        copy = deepcopy(lines)
        line = copy[rng.randrange(len(copy))]
        line = line.get("header", line)
        line[rng.choice(sorted(line))] = rng.choice(wrong)
        result = verified(copy, tmp_path / "copy.jsonl.gz")
        assert result.error is not None or result.different or result.equal


# Tables.


@pytest.mark.parametrize("column", ["size", "offset", "red_left_pad", "oo_objects", "flags", "inuse", "cpu_partial"])
def test_a_changed_value_of_a_table_is_found(column: str, tmp_path: Path) -> None:
    with (DATA / "geometry" / "debug_cpus4.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    place = rows[0].index(column)
    rows[9][place] = str(int(rows[9][place], 0) + 1)
    copy = tmp_path / "debug_cpus4.csv"
    with copy.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    result = verify_file(copy)
    assert [found.field for found in result.differences] == [column]
    assert str(result.differences[0].op).startswith("row 9 ")


def test_a_table_must_say_how_many_cpus_there_were(tmp_path: Path) -> None:
    copy = tmp_path / "debug.csv"
    copy.write_bytes((DATA / "geometry" / "debug_cpus4.csv").read_bytes())
    assert "on how many CPUs?" in str(verify_file(copy).error)


# Mistakes.


def made_again(value: Json, place: Path) -> FileResult:
    place.write_text(json.dumps(value), encoding="utf-8")
    return verify_file(place)


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_a_changed_line_of_the_log_is_found(path: Path, tmp_path: Path) -> None:
    rng = random.Random(path.stem)
    value = json.loads(path.read_text(encoding="utf-8"))
    number = rng.choice([number for number, step in enumerate(value["steps"]) if step["log"]])
    for change in ("changed", "missing", "more"):
        copy = deepcopy(value)
        log = copy["steps"][number]["log"]
        at = rng.randrange(len(log))
        if change == "changed":
            log[at] += "!"
        elif change == "missing":
            del log[at]
        else:
            log.append("one more line")
        result = made_again(copy, tmp_path / "copy.json")
        assert result.different, (change, number, at)
        assert result.differences[0].op == number
        assert result.differences[0].field.startswith("log[")


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_a_changed_state_or_fate_is_found(path: Path, tmp_path: Path) -> None:
    value = json.loads(path.read_text(encoding="utf-8"))
    for number, step in enumerate(value["steps"]):
        for name in ("nr_slabs", "nr_partial", "cpu_slab")[number % 3 : number % 3 + 1]:
            if "state" in step:
                copy = deepcopy(value)
                copy["steps"][number]["state"][name] += 1
                result = made_again(copy, tmp_path / "copy.json")
                assert str(result.differences[0]).startswith(f"op {number}: state.{name}")
    value["finished"] = not value["finished"]
    result = made_again(value, tmp_path / "copy.json")
    assert (result.differences[0].op, result.differences[0].field) == (len(value["steps"]) - 1, "task")


def test_changed_mistakes_never_crash(tmp_path: Path) -> None:
    rng = random.Random("mistakes")
    wrong: list[Any] = [
        None, -1, 1, [], {}, "x", True, 99_999, "free object 1", "free object 0 again", "destroy with objects left",
        "allocate objects 0 to 900", "free object 1 plus 8 bytes", "write 0x41 at offset 30 of object 0",
    ]  # fmt: skip
    for path in MISTAKES:
        value = json.loads(path.read_text(encoding="utf-8"))
        for _ in range(8):
            copy = deepcopy(value)
            step = rng.choice(copy["steps"])
            target = rng.choice([copy, step, step.get("state") or step])
            target[rng.choice(sorted(target))] = rng.choice(wrong)
            result = made_again(copy, tmp_path / "copy.json")
            assert result.error is not None or result.different or result.equal or result.skipped


def test_a_step_in_unknown_words_is_refused(tmp_path: Path) -> None:
    value = json.loads(MISTAKES[0].read_text(encoding="utf-8"))
    value["steps"][0]["step"] = "steal objects"
    assert "steps[0].step: 'steal objects' is not known" in str(made_again(value, tmp_path / "copy.json").error)
