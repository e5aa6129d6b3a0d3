"""``verify`` over files and folders: what is compared, skipped, refused, and how it is counted."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path
from typing import Any

import pytest

from slabviz.recordings.verify import Total, verify


def total_of(*paths: Path) -> Total:
    total = Total()
    for result in verify(paths):
        total.add(result)
    return total


def test_the_shipped_recordings_and_tables_agree_with_the_model(data: Path) -> None:
    total = total_of(data)
    assert (total.equal, total.different, total.unreadable) == (5, 0, 0)
    assert total.compared["ops"] == total.compared["states"] - 3 == 160 + 1110 + 85
    assert total.compared["rows"] == 48


def test_every_recording_of_the_real_kernel_agrees(reference: Path) -> None:
    total = total_of(reference / "conformance", reference / "geometry")
    assert (total.equal, total.different, total.unreadable) == (58, 0, 0)
    assert (total.compared["ops"], total.compared["states"], total.compared["rows"]) == (77921, 60691, 7480)


def test_files_of_other_kinds_are_skipped_with_a_reason_in_a_folder(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data, tmp_path / "all")
    (tmp_path / "all" / "notes.txt").write_text("nothing", "utf-8")
    (tmp_path / "all" / "prices.csv").write_text("apple,pear\n1,2\n", "utf-8")
    for name, header in (("newer", '{"kernel":"6.12"}'),):
        (tmp_path / "all" / f"{name}.jsonl.gz").write_bytes(gzip.compress(f'{{"header":{header}}}\n'.encode()))
    skipped = {result.path.name: (result.kind, result.skipped) for result in verify([tmp_path]) if result.skipped}
    assert {name: kind for name, (kind, _) in skipped.items()} == {
        "README.md": "other", "notes.txt": "other", "prices.csv": "other", "machine_cpus4.json": "machine",
        "newer.jsonl.gz": "newer record",
    }  # fmt: skip
    assert all(reason for _, reason in skipped.values())


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
