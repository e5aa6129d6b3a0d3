"""The kernel's tables of geometry: recomputed from what was asked for, and every changed value is found."""

from __future__ import annotations

import csv
import random
import shutil
from pathlib import Path

import pytest

from slabviz.errors import RecordingError
from slabviz.recordings.geometry import COMPUTED, compare_table

COLUMNS = [column for column in COMPUTED if column not in ("object_size", "ctor", "flags")]


def changed(source: Path, folder: Path, column: str, row: int, to: str | None = None) -> Path:
    """A copy of a table with one cell replaced, by default by one more than it was."""
    folder.mkdir(exist_ok=True)
    shutil.copy(source.with_name("machine_cpus4.json"), folder)
    with source.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    place = rows[0].index(column)
    rows[row][place] = str(int(rows[row][place], 0) + 1) if to is None else to
    copy = folder / source.name
    with copy.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return copy


@pytest.mark.parametrize("name", ["synthetic", "system"])
def test_the_kernels_tables_are_computed_right(data: Path, name: str) -> None:
    comparison = compare_table(data / "geometry" / f"{name}_cpus4.csv")
    assert comparison.different == 0
    assert comparison.compared["rows"] >= 18
    assert comparison.compared["values"] >= 14 * comparison.compared["rows"]


@pytest.mark.parametrize("column", COLUMNS)
def test_a_changed_value_is_found(data: Path, tmp_path: Path, column: str) -> None:
    for name in ("synthetic", "system"):
        source = data / "geometry" / f"{name}_cpus4.csv"
        row = random.Random(column).randrange(1, 18)
        # A system row's alignment is what was asked for as well, so only what follows from it can show the change.
        to = "4096" if (name, column) == ("system", "align") else None
        comparison = compare_table(changed(source, tmp_path, column, row, to))
        assert comparison.different, (name, column, row)
        found = comparison.differences[0]
        assert str(found.op).startswith(f"row {row} ")
        assert to or (found.field, found.expected) == (column, found.got + 1)


@pytest.mark.parametrize(
    ("column", "to", "reason"),
    [
        ("req_size", "0", "object size 0 is impossible: 1 to"),
        ("req_align", "24", "alignment 24 is impossible"),
        ("size", "big", "size: 'big' is not a whole number"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_line(
    data: Path, tmp_path: Path, column: str, to: str, reason: str
) -> None:
    copy = changed(data / "geometry" / "synthetic_cpus4.csv", tmp_path, column, 4, to)
    with pytest.raises(RecordingError, match=rf"synthetic_cpus4\.csv:5: .*{reason}"):
        compare_table(copy)


def test_the_machine_decides_how_many_objects_are_wanted(data: Path, tmp_path: Path) -> None:
    copy = changed(data / "geometry" / "system_cpus4.csv", tmp_path, "size", 1, "1")
    machine = tmp_path / "machine_cpus4.json"
    text = machine.read_text(encoding="utf-8")
    machine.write_text(text.replace('"present": 4', '"present": 1').replace('"possible": 4', '"possible": 1'), "utf-8")
    assert {found.field for found in compare_table(copy).differences} >= {"size", "oo_order", "oo_objects"}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("6.1.0", "6.18.1", "this program knows 6.1 and 6.12"),
        ('"present": 4', '"present": 0', "impossible: 0 of 4 CPUs"),
        ('"present": 4', '"present": "4"', "present: a text is not what belongs here"),
        ("{", "", "not JSON"),
    ],
)
def test_an_unusable_machine_is_refused(data: Path, tmp_path: Path, old: str, new: str, reason: str) -> None:
    copy = changed(data / "geometry" / "system_cpus4.csv", tmp_path, "size", 1)
    machine = tmp_path / "machine_cpus4.json"
    machine.write_text(machine.read_text(encoding="utf-8").replace(old, new), "utf-8")
    with pytest.raises(RecordingError, match=reason):
        compare_table(copy)


def test_without_its_machine_or_rows_a_table_is_refused(data: Path, tmp_path: Path) -> None:
    copy = changed(data / "geometry" / "system_cpus4.csv", tmp_path, "size", 1)
    header = copy.read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "machine_cpus4.json").unlink()
    with pytest.raises(RecordingError, match=r"on how many CPUs\? machine_cpus4\.json cannot be read"):
        compare_table(copy)
    copy.write_text(header + "\n", encoding="utf-8")
    with pytest.raises(RecordingError, match="the table has no rows"):
        compare_table(copy)
    copy.write_text(header + "\n1,2\n", encoding="utf-8")
    with pytest.raises(RecordingError, match=r":2: 2 cells under \d+ columns"):
        compare_table(copy)
