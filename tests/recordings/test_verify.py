"""``verify`` over files and folders: what is compared, skipped, refused, and how it is counted."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path
from typing import Any

import pytest

from slabviz.errors import UsageError
from slabviz.recordings.verify import Total, verify


def total_of(*paths: Path) -> Total:
    total = Total()
    for result in verify(paths):
        total.add(result)
    return total


def test_the_shipped_recordings_and_tables_agree_with_the_model(data: Path) -> None:
    total = total_of(data)
    assert (total.equal, total.different, total.unreadable) == (11, 0, 0)
    assert total.compared["ops"] == 160 + 1110 + 85 + 652 + 738 + 960
    assert total.compared["states"] == total.compared["ops"] + 6 - 4  # an end each; none after fragment and release
    assert total.compared["rows"] == 48 + 24 + 21


def test_every_recording_of_the_real_kernel_agrees(reference: Path) -> None:
    total = total_of(reference / "conformance", reference / "geometry")
    assert (total.equal, total.different, total.unreadable) == (58, 0, 0)
    assert (total.compared["ops"], total.compared["states"], total.compared["rows"]) == (77921, 60691, 7480)


def test_every_recording_of_the_later_kernel_agrees(reference_6_12: Path) -> None:
    total = total_of(reference_6_12)
    assert (total.equal, total.different, total.unreadable) == (30, 0, 0)
    assert (total.compared["ops"], total.compared["states"], total.compared["rows"]) == (40786, 32172, 5940)


def test_files_of_other_kinds_are_skipped_with_a_reason_in_a_folder(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data, tmp_path / "all")
    (tmp_path / "all" / "notes.txt").write_text("nothing", "utf-8")
    (tmp_path / "all" / "prices.csv").write_text("apple,pear\n1,2\n", "utf-8")
    machine = tmp_path / "all" / "linux-6.12" / "geometry" / "machine_cpus4.json"
    machine.write_text(machine.read_text("utf-8").replace("6.12.117+deb12-amd64 ", "6.18.2 "), "utf-8")
    (tmp_path / "all" / "newer.jsonl.gz").write_bytes(gzip.compress(b'{"header":{"kernel":"6.18"}}\n'))
    skipped = {result.path.name: (result.kind, result.skipped) for result in verify([tmp_path]) if result.skipped}
    assert {name: kind for name, (kind, _) in skipped.items()} == {
        "README.md": "other", "notes.txt": "other", "prices.csv": "other", "machine_cpus4.json": "machine",
        "newer.jsonl.gz": "newer record",
        "synthetic_cpus4.csv": "newer table", "system_cpus4.csv": "newer table",
    }  # fmt: skip
    assert all(reason for _, reason in skipped.values())
    assert all("6.1 and 6.12" in reason for kind, reason in skipped.values() if kind.startswith("newer"))


@pytest.mark.parametrize("name", ["README.md", "missing.jsonl.gz", "geometry/machine_cpus4.json"])
def test_a_named_file_that_cannot_be_compared_is_refused(data: Path, name: str) -> None:
    (result,) = verify([data / name])
    assert str(data / name) in str(result.error)
    assert not result.equal


def test_a_damaged_file_does_not_keep_the_others_from_being_compared(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data / "conformance", tmp_path / "all")
    damaged = tmp_path / "all" / "bulk_o4096_c2.jsonl.gz"
    damaged.write_bytes(damaged.read_bytes()[:-500])
    total = total_of(tmp_path)
    assert (total.equal, total.unreadable) == (2, 1)


def test_a_difference_says_operation_field_expected_and_got(copy_of: Any) -> None:
    copy = copy_of("shrink_mid_o512_c2")
    copy.operation(40)["path"] = "refill"
    result = copy.verify()
    assert [str(found) for found in result.differences] == ["op 40: path: expected 'refill', got 'fast'"]
    assert result.compared["ops"] == 41


# The other era's rules are another kernel's: the negative control of the eras.


@pytest.mark.parametrize(
    ("script", "kernel", "field"),
    [
        ("bulk_o4096_c2", "6.12", "state.slabs["),
        ("shrink_mid_o512_c2", "6.12", "state.slabs["),
        ("min_partial_o16384_c2", "6.12", "state.slabs["),
        ("parked_o4096_c2", "6.1", "state.slabs["),
        ("min_partial_o256_c2", "6.1", "state.slabs["),
    ],
)
def test_the_rules_of_the_other_era_are_refuted_by_operation_and_field(
    copy_of: Any, script: str, kernel: str, field: str
) -> None:
    copy = copy_of(script)
    assert copy.verify().equal
    assert copy.verify(copy.header.get("kernel", "6.1")).equal
    result = copy.verify(kernel)
    assert (result.equal, result.error, result.kernel) == (False, None, kernel)
    numbering, *first = result.differences
    assert numbering.field == "header.flags"
    assert type(first[0].op) is int
    assert first[0].field.startswith(field), first


def test_with_the_rules_of_the_other_era_no_recording_and_no_table_is_equal(
    reference: Path, reference_6_12: Path
) -> None:
    total = Total()
    for kernel, folders in (
        ("6.12", (reference / "conformance", reference / "geometry")),
        ("6.1", (reference_6_12,)),
    ):
        for result in verify(folders, kernel=kernel):
            total.add(result)
            if result.kind == "conformance":
                assert any(type(found.op) is int for found in result.differences), result.path
    assert (total.equal, total.different, total.unreadable) == (0, 58 + 30, 0)


@pytest.mark.parametrize("kernel", ["6.18", "", "6.1.0"])
def test_an_era_that_is_not_known_cannot_be_forced(data: Path, kernel: str) -> None:
    with pytest.raises(UsageError, match="known are 6.1 and 6.12"):
        list(verify([data], kernel=kernel))
