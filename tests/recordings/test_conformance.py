"""The reader: complete recordings are read as they are, anything else is one clear RecordingError."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from slabviz.errors import RecordingError
from slabviz.recordings.conformance import load
from slabviz.recordings.record import End, Operation


def read_all(path: Path) -> list[Operation | End]:
    return list(load(path)[1])


def test_a_recording_is_read_in_order_with_its_end(data: Path) -> None:
    header, lines = load(data / "conformance" / "shrink_mid_o512_c2.jsonl.gz")
    read = list(lines)
    assert (header.pattern, header.nr_cpus, header.object_size, len(header.random_seq)) == ("shrink_mid", 2, 512, 16)
    assert [line.i for line in read[:-1] if isinstance(line, Operation)] == list(range(header.ops))
    first = read[0]
    assert isinstance(first, Operation)
    assert (first.line, first.op, first.ids, list(first.new), first.path) == (2, "alloc", (0,), [0], "new_slab")
    assert isinstance(read[-1], End)


def test_a_file_cut_off_anywhere_is_refused(data: Path, tmp_path: Path) -> None:
    whole = (data / "conformance" / "min_partial_o16384_c2.jsonl.gz").read_bytes()
    cut = tmp_path / "cut.jsonl.gz"
    for length in range(0, len(whole), 97):
        cut.write_bytes(whole[:length])
        with pytest.raises(RecordingError, match=r"cut\.jsonl\.gz"):
            read_all(cut)


def test_a_file_with_flipped_bits_never_crashes(data: Path, tmp_path: Path) -> None:
    whole = bytearray((data / "conformance" / "min_partial_o16384_c2.jsonl.gz").read_bytes())
    flipped = tmp_path / "flipped.jsonl.gz"
    for place in range(10, len(whole), 131):
        damaged = bytearray(whole)
        damaged[place] ^= 0x55
        flipped.write_bytes(damaged)
        with pytest.raises(RecordingError):
            read_all(flipped)


FOREIGN = {
    "not gzip": (b"plain text", "not a gzip file"),
    "empty gzip": (gzip.compress(b""), "empty"),
    "not JSON": (gzip.compress(b"hello\n"), ":1: not a line of JSON"),
    "not UTF-8": (gzip.compress(b'{"a":"\xff"}\n'), ":1: not a line of JSON"),
    "a list": (gzip.compress(b"[1]\n"), ":1: a JSON object is expected, this is a list"),
    "no header": (gzip.compress(b'{"i":0}\n'), ":1: not a conformance recording"),
    "newer": (gzip.compress(b'{"header":{"kernel":"6.18"}}\n'), "kernel 6.18; this program knows 6.1 and 6.12"),
    "deep": (gzip.compress(b"[" * 200_000), ":1: not a line of JSON"),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_a_foreign_file_is_refused_with_its_reason(tmp_path: Path, what: str) -> None:
    content, reason = FOREIGN[what]
    path = tmp_path / "foreign.jsonl.gz"
    path.write_bytes(content)
    with pytest.raises(RecordingError) as refused:
        read_all(path)
    assert reason in str(refused.value)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be read"):
        load(tmp_path / "none.jsonl.gz")


def set_to(*keys: Any) -> Callable[[Any], None]:
    """A change of a copy: ``set_to("operation", 3, "cpu", 9)`` sets a field of an operation's line."""
    *way, last, value = keys

    def change(copy: Any) -> None:
        target = copy
        for key in way:
            if isinstance(target, dict):
                target = target[key]
            else:
                target = target.operation(key) if isinstance(key, int) else getattr(target, key)
        target[last] = value

    return change


REFUSALS: dict[str, tuple[Callable[[Any], object], str]] = {
    "header field missing": (lambda copy: copy.header.pop("order"), "header.order: this field is missing"),
    "header field unknown": (set_to("header", "colour", 1), "header.colour: this field is not known"),
    "header field mistyped": (set_to("header", "order", "1"), "header.order: a text is not what belongs here"),
    "header negative": (set_to("header", "order", -1), "header.order: -1 is negative"),
    "no permutation": (set_to("header", "random_seq", [1, 2, 3]), "header.random_seq: not a permutation of 0 to 2"),
    "debug flags": (set_to("header", "requested_flags", 0x800), "header.requested_flags: a cache with debug flags"),
    "tunable unknown": (set_to("header", "tuned", {"order": 1}), "header.tuned: order"),
    "cpu out of range": (set_to(3, "cpu", 2), "op 3: cpu: CPU 2, but the header has 2"),
    "op unknown": (set_to(3, "op", "steal"), "op 3: op: 'steal' is not known; known are alloc"),
    "field unknown": (set_to(3, "colour", 1), "op 3: colour: this field is not known"),
    "never allocated": (set_to(0, "op", "free"), "op 0: ids: id 0 is freed, but was never allocated"),
    "allocated twice": (set_to(1, "ids", [0]), "op 1: ids: id 0 is allocated a second time"),
    "two ids": (set_to(0, "ids", [0, 1]), "op 0: ids: 2 ids; alloc takes 1"),
    "number jumps": (set_to(5, "i", 6), "op 6: i: operation 5 is expected"),
    "slab id": (set_to(0, "new", {"x": []}), "op 0: new: 'x' with a list"),
    "slab chain": (set_to(0, "new", {"0": ["a"]}), "op 0: new.0: 'a' is not a number"),
    "end not true": (set_to("end", "end", False), "end: only true can stand here"),
    "an operation missing": (lambda copy: copy.texts.pop(-2), "the header announces 1110 operations, 1109 are here"),
    "end missing": (lambda copy: copy.texts.pop(), "the end line is missing"),
    "line after the end": (lambda copy: copy.texts.append(copy.texts[-1]), "a line after the end line"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSALS)
def test_a_recording_that_breaks_the_format_is_refused_at_line_and_field(copy_of: Any, what: str) -> None:
    change, reason = REFUSALS[what]
    copy = copy_of("shrink_mid_o512_c2")
    change(copy)
    result = copy.verify()
    assert reason in str(result.error)
    assert f"{copy.place}:" in str(result.error)
