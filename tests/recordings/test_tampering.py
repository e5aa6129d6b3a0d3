"""Negative control of ``verify``: whatever is changed in a recording is found, and named by operation and field."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import pytest

from slabviz.recordings.difference import Difference
from slabviz.recordings.verify import FileResult

SCRIPTS = ("bulk_o4096_c2", "shrink_mid_o512_c2", "min_partial_o16384_c2", "parked_o4096_c2")  # the last one is of 6.12
COPIES = 3  # of each script, for each kind of change

Json = dict[str, Any]
Change = Callable[[random.Random, Json], bool]  # changes a value in place; False: nothing here to change


def one_up(*keys: Any) -> Change:
    """Add one to the number found by following ``keys``; None picks any entry."""

    def change(rng: random.Random, line: Json) -> bool:
        target: Any = line
        for key in keys[:-1]:
            target = pick(rng, target, key)
            if target is None:
                return False
        last = choose(rng, target) if keys[-1] is None else keys[-1]
        if last is None or not (last in target if isinstance(target, dict) else last < len(target)):
            return False
        target[last] = 0 if target[last] is None else target[last] + 1
        return True

    return change


def pick(rng: random.Random, target: Any, key: Any) -> Any:
    key = choose(rng, target) if key is None else key
    if isinstance(target, dict):
        return target.get(key)
    return target[key] if key is not None and key < len(target) else None


def choose(rng: random.Random, target: Any) -> Any:
    keys = sorted(target) if isinstance(target, dict) else range(len(target))
    return rng.choice(keys) if keys else None


def dropped(*keys: Any) -> Change:
    """Take the entry found by following ``keys`` away."""

    def change(rng: random.Random, line: Json) -> bool:
        target: Any = line
        for key in keys[:-1]:
            target = pick(rng, target, key)
            if not target:
                return False
        last = choose(rng, target) if keys[-1] is None else keys[-1]
        if last is None or (isinstance(target, dict) and last not in target):
            return False
        del target[last]
        return True

    return change


def turned_round(*keys: Any) -> Change:
    """Reverse the list found by following ``keys``."""

    def change(rng: random.Random, line: Json) -> bool:
        target: Any = line
        for key in keys:
            target = pick(rng, target, key)
            if not target:
                return False
        if target == target[::-1]:
            return False
        target.reverse()
        return True

    return change


def other_path(rng: random.Random, line: Json) -> bool:
    paths = [path for path in ("fast", "slow", "refill", "slow+to_cpu_partial") if path != line.get("path")]
    if "path" in line:
        line["path"] = rng.choice(paths)
    return "path" in line


def other_function(rng: random.Random, line: Json) -> bool:
    if line.get("op") == "shrink" or not line.get("ev"):
        return False
    line["ev"][rng.randrange(len(line["ev"]))] += "0"
    return True


def no_function(rng: random.Random, line: Json) -> bool:
    return line.get("op") != "shrink" and dropped("ev", None)(rng, line)


def one_function_more(rng: random.Random, line: Json) -> bool:
    if line.get("op") != "shrink":
        line.setdefault("ev", []).append("slow_free:0")
    return line.get("op") != "shrink"


def a_slab_more(rng: random.Random, line: Json) -> bool:
    line["state"]["slabs"]["9999"] = [0, 8, 0, 8]
    return True


def a_page_more(rng: random.Random, line: Json) -> bool:
    line.setdefault("gone", []).append(0)
    return True


#: what is changed -> (how, start of the field's name in the answer)
OUTCOMES: dict[str, tuple[Change, str]] = {
    "object's slab": (one_up("obj", None, 0), "obj"),
    "object's index": (one_up("obj", None, 1), "obj"),
    "object missing": (dropped("obj", None), "obj"),
    "objects swapped": (turned_round("obj"), "obj"),
    "slab gone": (a_page_more, "gone"),
    "slab not gone": (dropped("gone"), "gone"),
    "other slab gone": (one_up("gone", None), "gone"),
    "path": (other_path, "path"),
    "path missing": (dropped("path"), "path"),
    "function": (other_function, "ev"),
    "function missing": (no_function, "ev"),
    "function more": (one_function_more, "ev"),
    "new slab missing": (dropped("new"), "new"),
    "new slab's chain": (turned_round("new", None), "new"),
    "flush missing": (dropped("flush", None), "flush"),
    "cpu slab": (one_up("state", "cpu", None, "slab"), "state.cpu["),
    "cpu free": (one_up("state", "cpu", None, "free"), "state.cpu["),
    "cpu partial": (one_up("state", "cpu", None, "partial", None), "state.cpu["),
    "cpu partial order": (turned_round("state", "cpu", None, "partial"), "state.cpu["),
    "cpu slabs": (one_up("state", "cpu", None, "slabs"), "state.cpu["),
    "cpu missing": (dropped("state", "cpu", None), "state.cpu"),
    "nr_partial": (one_up("state", "node", "nr_partial"), "state.node.nr_partial"),
    "nr_slabs": (one_up("state", "node", "nr_slabs"), "state.node.nr_slabs"),
    "objects": (one_up("state", "node", "objects"), "state.node.objects"),
    "node partial": (one_up("state", "node", "partial", None), "state.node.partial"),
    "node partial order": (turned_round("state", "node", "partial"), "state.node.partial"),
    "inuse": (one_up("state", "slabs", None, 0), "state.slabs["),
    "slab's objects": (one_up("state", "slabs", None, 1), "state.slabs["),
    "frozen": (one_up("state", "slabs", None, 2), "state.slabs["),
    "slab's free": (one_up("state", "slabs", None, 3), "state.slabs["),
    "slab missing": (dropped("state", "slabs", None), "state.slabs["),
    "slab more": (a_slab_more, "state.slabs["),
    "state missing": (dropped("state"), "state"),
    "cpu's free list": (turned_round("freelists", "cpu", None), "freelists.cpu["),
    "slab's free list": (turned_round("freelists", "slab", None), "freelists.slab["),
    "object of a free list": (one_up("freelists", "slab", None, None), "freelists.slab["),
    "free list missing": (dropped("freelists", "slab", None), "freelists.slab["),
    "free lists missing": (dropped("freelists"), "freelists"),
}


def tampered(copy_of: Any, change: Change, rng: random.Random) -> Iterator[tuple[Any, int]]:
    """Copies with one change each, at random operations, with the operation's number."""
    for script in SCRIPTS:
        copy = copy_of(script)
        for index in rng.sample(copy.operations, len(copy.operations)):
            operation = copy.operation(index)
            if freelists := operation.get("state", {}).get("freelists"):
                operation["freelists"] = freelists  # so that one path of keys serves both kinds of dump
            found = change(rng, operation)
            had = operation.pop("freelists", None)
            if freelists and had is None:
                del operation["state"]["freelists"]
            if found:
                yield copy, index
                copy = copy_of(script)
            else:
                del copy.changed[index + 1]


def names(result: FileResult, op: int | str, field: str) -> bool:
    """Whether the answer is about this operation and field: a difference, or a line that is refused."""
    if result.error is not None:
        return f"op {op}: {field}" in str(result.error)
    return any(found.op == op and found.field.startswith(field) for found in result.differences)


@pytest.mark.parametrize("what", OUTCOMES)
def test_a_changed_outcome_is_refused_by_operation_and_field(copy_of: Any, what: str) -> None:
    change, field = OUTCOMES[what]
    rng = random.Random(f"tamper {what}")
    copies = 0
    for copy, index in islice(tampered(copy_of, change, rng), COPIES * len(SCRIPTS)):
        result = copy.verify()
        assert not result.equal, f"{what} at {index} was not noticed"
        assert names(result, index, field), (what, index, result.differences, result.error)
        copies += 1
    assert copies >= COPIES


@pytest.mark.parametrize(
    "name",
    "slab_size align objs_per_slab order min_order min_objects min_partial cpu_partial cpu_partial_slabs inuse "
    "freepointer_offset flags".split(),
)
@pytest.mark.parametrize("script", ["bulk_o4096_c2", "parked_o4096_c2"])
def test_a_changed_geometry_in_the_header_is_refused(copy_of: Any, script: str, name: str) -> None:
    copy = copy_of(script)
    right = copy.header[name]
    copy.header[name] += 1
    assert copy.verify().differences == (Difference("header", f"header.{name}", right + 1, right),)


@pytest.mark.parametrize("keys", [("cpu", 0, "free"), ("node", "nr_slabs"), ("freelists", "slab", None, None)])
def test_a_changed_end_is_refused(copy_of: Any, keys: tuple[Any, ...]) -> None:
    copy = copy_of("shrink_mid_o512_c2")
    assert one_up("state", *keys)(random.Random(3), copy.end)
    result = copy.verify()
    assert result.different == 1
    assert result.differences[0].op == "end"


def test_a_state_of_floats_or_truth_values_does_not_pass_for_numbers(copy_of: Any) -> None:
    for wrong in (1.0, True):
        copy = copy_of("bulk_o4096_c2")
        copy.operation(0)["state"]["node"]["nr_slabs"] = wrong
        assert ":2: " in str(copy.verify().error)


# What was asked of the kernel. Anything may come of a change here but a crash or a hang.


def other_op(rng: random.Random, line: Json) -> bool:
    line["op"] = rng.choice(["alloc", "free", "bulk_alloc", "bulk_free", "shrink", "fragment", "", 7, [], None])
    return True


def other_cpu(rng: random.Random, line: Json) -> bool:
    line["cpu"] = rng.choice([1 - line["cpu"], 2, -1, 10**30, "0", None])
    return True


def other_ids(rng: random.Random, line: Json) -> bool:
    if not line.get("ids"):
        return False
    wrong: list[Any] = [line["ids"][0] + 1, 0, 10**30, -1, "x", None, [0]]
    line["ids"][rng.randrange(len(line["ids"]))] = rng.choice(wrong)
    return True


def other_start(rng: random.Random, line: Json) -> bool:
    for name, chain in line.get("new", {}).items():
        line["new"][name] = chain[1:] + chain[:1]
    return "new" in line


INPUTS = {
    "op": other_op, "cpu": other_cpu, "ids": other_ids, "id of another": one_up("ids", None),
    "id less": dropped("ids", None), "start of a chain": other_start, "order of flushes": turned_round("flush"),
    "number": one_up("i"),
}  # fmt: skip


@pytest.mark.parametrize("what", INPUTS)
def test_a_changed_input_is_a_difference_or_a_clear_refusal(copy_of: Any, what: str) -> None:
    rng = random.Random(f"input {what}")
    results = [copy.verify() for copy, _ in islice(tampered(copy_of, INPUTS[what], rng), 2 * COPIES * len(SCRIPTS))]
    assert results
    assert any(not result.equal for result in results)
    assert all("\n" not in str(result.error) for result in results)


HEADER_INPUTS: dict[str, list[Any]] = {
    "random_seq": [[], [0], [0, 1], list(range(8)), list(range(16)), [3] * 16, ["a"], None, 5],
    "nr_cpus": [0, 1, 3, 64, 8192, 8193, 10**30, -1, None],
    "object_size": [0, 1, 511, 513, 4 << 20, (4 << 20) + 1, 10**30],
    "requested_align": [3, 64, 4096, 10**30],
    "requested_flags": [0x100, 0x2000, 0x80000, 1, 1 << 80],
    "ctor": [1, 2], "tuned": [{"min_partial": 0}, {"cpu_partial": 10**30}, {"x": 1}, {"min_partial": -1}, []],
    "dump_every": [0, 2, 10**30], "ops": [0, 10**30], "kernel": ["6.12", "6.18", 6, None, ["6.1"]],
}  # fmt: skip


@pytest.mark.parametrize("name", HEADER_INPUTS)
def test_a_changed_request_in_the_header_is_refused(copy_of: Any, name: str) -> None:
    for wrong in HEADER_INPUTS[name]:
        copy = copy_of("shrink_mid_o512_c2")
        copy.header[name] = wrong
        result = copy.verify()
        # Fewer dumps than a header asks for are refused; more than it asks for are welcome.
        assert not result.equal or (name, wrong) in (("dump_every", 2), ("dump_every", 10**30)), (name, wrong)


def test_a_permutation_with_two_entries_swapped_is_found_at_the_first_slab(copy_of: Any) -> None:
    copy = copy_of("shrink_mid_o512_c2")
    sequence = copy.header["random_seq"]
    sequence[2], sequence[5] = sequence[5], sequence[2]
    assert [(found.op, found.field) for found in copy.verify().differences] == [(0, "new[0]")]


def test_any_value_replaced_by_any_other_never_crashes(copy_of: Any) -> None:
    rng = random.Random("anything")
    for _ in range(60):
        copy = copy_of("bulk_o4096_c2")
        number = rng.choice([0, *range(len(copy.texts)), len(copy.texts) - 1])
        target: Any = copy.line(number)
        key = choose(rng, target)
        while isinstance(target[key], dict | list) and target[key] and rng.random() < 0.8:
            target = target[key]
            key = choose(rng, target)
        target[key] = rng.choice([None, True, -1, 0, 1, 10**30, 0.5, "", "x", [], {}, [[]], {"0": [0]}, [0, 0, 0, 0]])
        copy.verify()
